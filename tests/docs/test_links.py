"""The pages of the documentation hang together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
INDEX = ROOT / "docs" / "index.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def tokens(page: Path) -> list[Token]:
    """The parsed page."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def links(page: Path) -> Iterator[str]:
    """Where the links and images of *page* point, as written."""
    for block in tokens(page):
        for token in block.children or ():
            target = token.attrGet("href") or token.attrGet("src")
            if target is not None:
                yield str(target)


def anchors(page: Path) -> set[str]:
    """The anchors that a reader of Markdown gives to the headings of *page*."""
    parsed = tokens(page)
    headings = [
        heading.content for opening, heading in pairwise(parsed) if opening.type == "heading_open"
    ]
    return {
        re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading)).strip().lower().replace(" ", "-")
        for heading in headings
    }


def inside(page: Path) -> Iterator[tuple[str, Path, str]]:
    """The links of *page* into the project: as written, the file, the anchor."""
    for link in links(page):
        parts = urlsplit(link)
        if not parts.scheme:
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            yield link, target, parts.fragment


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """A link within the project names a file that is there, and a heading that stands in it."""
    lost = [
        link
        for link, target, fragment in inside(page)
        if not target.exists()
        or (fragment and target.suffix == ".md" and fragment not in anchors(target))
    ]

    assert lost == []


def test_every_page_is_reached_from_the_index():
    """Nobody has to guess the name of a page."""
    reached: set[Path] = set()
    waiting = [INDEX]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting.extend(target for _, target, _ in inside(page))
    unreached = {page for page in PAGES if page.is_relative_to(INDEX.parent)} - reached

    assert set() == unreached
