"""HTML: one file that stands alone, in which a name is never more than a name."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from edujournal.adapters.documents.html import write_html
from tests.papers.conftest import stamp_of

NAMES = (
    "<script>alert(1)</script>",
    "</td><img src=x onerror=alert(1)>",
    "\"' onmouseover=alert(1) x='",
    "<!-- --><style>*{display:none}</style>",
    "&lt;b&gt; & &amp;",
)


class Read(HTMLParser):
    """What a browser makes of a page: the elements, their attributes, the texts of cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """An element begins."""
        self.elements.append(tag)
        self.attributes += attrs
        if tag == "td":
            self.cells.append("")
            self._inside = True

    def handle_endtag(self, tag):
        """An element ends."""
        self._inside = self._inside and tag != "td"

    def handle_data(self, data):
        """A text stands there."""
        if self._inside:
            self.cells[-1] += data


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_stays_a_text(kept, name):
    """The name can be read as it is, and no element or attribute comes of it."""
    paper = kept(10, name).page("ru")
    page = write_html(paper, stamp_of(paper))
    plain = kept(10).page("ru")
    found, expected = Read(page), Read(write_html(plain, stamp_of(plain)))

    assert name in found.cells
    # The code of a stamp differs from paper to paper; the elements do not.
    assert sorted(expected.elements) == sorted(found.elements)
    assert not [one for one, _ in found.attributes if one.startswith("on")]


def test_the_file_stands_alone(kept):
    """It loads nothing, runs nothing, and says so to the browser."""
    paper = kept(10).sheet("en")
    page = write_html(paper, stamp_of(paper))
    read = Read(page)

    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(read.elements)
    assert [] == re.findall(r"url\(|@import|src=|href=", page)
    assert "default-src 'none'" in page
    assert '<html lang="en">' in page


def test_every_cell_of_the_paper_is_in_the_file(kept):
    """Cells come in the order of rows, heads in a head that browsers repeat on paper."""
    paper = kept(35).page("ru")
    page = write_html(paper)
    cells = [
        text for part in paper.parts if hasattr(part, "rows") for row in part.rows for text in row
    ]

    assert cells == Read(page).cells[: len(cells)]
    assert "table-header-group" in page
    assert paper.digest not in page


def test_a_stamp_is_told_in_words_and_as_a_code(kept):
    """Digest, log, size and root can be read by people, and the code is a drawing in the file."""
    paper = kept(10).page("en")
    stamp = stamp_of(paper)
    page = write_html(paper, stamp)

    for text in (stamp.digest, stamp.origin, str(stamp.size), stamp.root, stamp.checker):
        assert f"<code>{text}</code>" in page
    assert "svg" in Read(page).elements
