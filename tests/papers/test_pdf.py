"""PDF: every letter there and embedded, the same bytes everywhere, PDF/A by its structure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from attrs import evolve

from edujournal.adapters.documents.pdf import write_pdf
from edujournal.papers.paper import Chapter, Notes, Paper, Table
from tests.papers.conftest import stamp_of
from tests.papers.pdf_a import pdf_a_faults

pytestmark = pytest.mark.search

HOSTILE = 'Ёж] #panic("x") $1$ `*_@<b>&amp;\\ \u202eabc\u0000\ud800 \N{PILE OF POO}中'


def words_of(text: str) -> str:
    """The letters of a text without what breaks lines."""
    return re.sub(r"[\s\u200b]+", "", text)


def pdf_text(data: bytes) -> str:
    """The text of a PDF as poppler reads it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("skip: poppler's pdftotext not found")
    found = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return found.stdout.decode()


def boxes_of(data: bytes) -> list[tuple[str, tuple[float, ...], tuple[float, float]]]:
    """Every word of a PDF with its box and the size of its page, in points."""
    if shutil.which("pdftotext") is None:
        pytest.skip("skip: poppler's pdftotext not found")
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    )
    found, size = [], (0.0, 0.0)
    pattern = r'<page width="([\d.]+)" height="([\d.]+)"|<word ([^>]+)>([^<]*)<'
    for width, height, box, word in re.findall(pattern, done.stdout.decode()):
        if width:
            size = float(width), float(height)
        else:
            found.append((word, tuple(map(float, re.findall(r"[\d.]+", box))), size))
    return found


def texts_of(paper: Paper) -> list[str]:
    """Every text that a paper says, apart from turned heads, which poppler reads piece by piece."""
    found = [paper.heading, paper.title, *(value for _, value in paper.facts)]
    for part in paper.parts:
        if isinstance(part, Chapter):
            found += [part.title, *(value for _, value in part.facts)]
        elif isinstance(part, Notes):
            found += part.lines
        else:
            found += [one.head for one in part.columns if not one.turned]
            found += [text for row in part.rows for text in row]
    return [one for one in found if one]


@pytest.fixture(scope="module")
def written(kept):
    """Papers of ten and of 35 pupils in both languages: the paper and its PDF."""
    found = {}
    for pupils in (10, 35):
        for language in ("ru", "en"):
            for kind in ("page", "sheet"):
                paper = getattr(kept(pupils), kind)(language)
                found[kind, pupils, language] = paper, write_pdf(paper, stamp_of(paper))
    return found


CASES = [
    (kind, n, tongue) for kind in ("page", "sheet") for n in (10, 35) for tongue in ("ru", "en")
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_text_of_the_paper_is_in_the_pdf(written, case):
    """What the paper says can be read out of the file, whatever the length of names."""
    paper, data = written[case]
    text = words_of(pdf_text(data))

    assert [] == [one for one in set(texts_of(paper)) if words_of(one) not in text]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_file_is_built_as_pdf_a_3a_asks(written, case):
    """Marked PDF/A-3a and tagged, with an output intent; every font embedded, nothing that runs."""
    paper, data = written[case]
    with pikepdf.open(BytesIO(data)) as pdf:
        kinds = [
            str(one.get("/Type")) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
        ]

        assert paper.language == str(pdf.Root.Lang)[:2]
        assert "/FontDescriptor" in kinds
    assert [] == pdf_a_faults(data)


def objects(pdf, kind):
    """The dictionaries of a type in a PDF."""
    return (
        one
        for one in pdf.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == kind
    )


def without_font_files(pdf):
    """Take the embedded files of all fonts."""
    for one in objects(pdf, "/FontDescriptor"):
        for name in ("/FontFile", "/FontFile2", "/FontFile3"):
            if name in one:
                del one[name]


def without_letters(pdf):
    """Take what says which letters the glyphs are."""
    for one in objects(pdf, "/Font"):
        if "/ToUnicode" in one:
            del one["/ToUnicode"]


SPOILED = {
    "font: not embedded": without_font_files,
    "font: its letters cannot be read": without_letters,
    "root: not tagged": lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"),
    "root: no language": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "root: no output intent with its profile": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "root: /OpenAction": lambda pdf: pdf.Root.__setitem__(
        "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name("/GoTo"))
    ),
    "action: /JavaScript": lambda pdf: pdf.Root.__setitem__(
        "/Extra", pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="1"))
    ),
    "attachment content.json: not said what it is to the file": lambda pdf: pdf.Root.__delitem__(
        "/AF"
    ),
    "page 1: its content is in no structure": lambda pdf: pdf.pages[0].obj.__delitem__(
        "/StructParents"
    ),
    "state: transparency": lambda pdf: pdf.Root.__setitem__(
        "/Extra", pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name("/ExtGState"), ca=0.5))
    ),
    "stream: its content is in another file": lambda pdf: pdf.Root.__setitem__(
        "/Extra", pdf.make_stream(b"", F=pikepdf.String("x"))
    ),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_what_is_not_pdf_a_is_named(written, fault):
    """The reading of the structure finds each fault that is put into a good file."""
    _, data = written["sheet", 10, "ru"]
    spoiled = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        SPOILED[fault](pdf)
        pdf.save(spoiled)

    assert [fault] == pdf_a_faults(spoiled.getvalue())


def test_a_locked_file_is_not_pdf_a(written):
    """In 25 years nobody has the password."""
    _, data = written["sheet", 10, "ru"]
    locked = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))

    assert "trailer: encrypted" in pdf_a_faults(locked.getvalue())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_attached_content_is_what_the_printed_digest_is_of(written, case):
    """Whoever has the file can check the digest that is printed on it with any tool."""
    paper, data = written[case]
    with pikepdf.open(BytesIO(data)) as pdf:
        content = pdf.attachments["content.json"].get_file().read_bytes()

    assert bytes(paper) == content
    assert sha256(content).hexdigest() in words_of(pdf_text(data))


def test_the_heads_of_a_table_are_repeated_and_pages_numbered(written):
    """A class of 35 fills several pages, and each says what its columns are and which page it is."""
    _, data = written["page", 35, "ru"]
    pages = pdf_text(data).split("\f")[:-1]
    lessons = [page for page in pages if "Формулы сокращённого" in page]

    assert len(pages) == 3
    assert [True] * 3 == [f"страница {n} из 3" in page for n, page in enumerate(pages, 1)]
    assert len(lessons) == 2
    assert all("Домашнее задание" in page for page in lessons)
    assert all("Ученик" in page for page in pages[:2])


def test_no_word_stands_outside_its_page(written):
    """Every word of a page lies within the margins, however many columns the table has."""
    for kind in ("page", "sheet"):
        _, data = written[kind, 35, "ru"]
        found = boxes_of(data)
        assert len(found) > 1000
        assert [] == [
            word
            for word, (left, top, right, bottom), (width, height) in found
            if left < 28 or right > width - 28 or top < 20 or bottom > height - 20
        ]


def test_a_summary_sheet_of_35_pupils_is_one_page_with_its_signatures(written):
    """Twelve subjects, four quarters and the year: names, stamp and signatories on one A3 sheet."""
    _, data = written["sheet", 35, "ru"]
    with pikepdf.open(BytesIO(data)) as pdf:
        boxes = [tuple(round(float(x)) for x in page.mediabox) for page in pdf.pages]

    assert [(0, 0, 1191, 842)] == boxes


def test_a_summary_sheet_on_a_smaller_paper_goes_on_below(kept):
    """On A4 the subjects are taken apart, names are repeated, and nothing is lost."""
    paper = kept(35).sheet("ru", size="A4")
    text = pdf_text(write_pdf(paper))

    assert text.count("Юдина Ева Вячеславович") > 1
    assert [] == [one for one in set(texts_of(paper)) if words_of(one) not in words_of(text)]


def test_a_hostile_name_is_a_text_like_any_other(kept):
    """No markup is read from a name; letters that are none, and that no font has, are shown as such."""
    paper = kept(10, HOSTILE).page("en")
    data = write_pdf(paper, stamp_of(paper))
    text = words_of(pdf_text(data))

    assert (
        words_of('Ёж] #panic("x") $1$ `*_@<b>&amp;\\ \ufffdabc\ufffd\ufffd ⟨U+1F4A9⟩⟨U+4E2D⟩')
        in text
    )
    assert "⟨U+4E2D⟩" in text
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "中".encode() in pdf.attachments["content.json"].get_file().read_bytes()


def test_a_word_of_any_length_stays_in_its_cell(kept):
    """A task that is one word of 300 letters is broken, and all of it can be read."""
    school = kept(10)
    paper = school.page("ru")
    long = "Ъ" * 300
    table = paper.parts[-1]
    assert isinstance(table, Table)
    row = (*table.rows[0][:3], long)
    data = write_pdf(evolve(paper, parts=(evolve(table, rows=(row,)),)))

    assert long in words_of(pdf_text(data))


PROGRAM = """
import sys
from hashlib import sha256
from edujournal.adapters.documents.html import write_html
from edujournal.adapters.documents.pdf import write_pdf
from tests.papers.conftest import Kept, stamp_of
kept = Kept(10)
for paper in (kept.page("ru"), kept.sheet("en")):
    stamp = stamp_of(paper)
    print(sha256(write_pdf(paper, stamp)).hexdigest(), sha256(write_html(paper, stamp).encode()).hexdigest())
"""


def test_the_same_state_gives_the_same_bytes_in_any_zone_and_language_of_the_machine():
    """Zone, locale, home and seed of the machine decide nothing."""
    found = set()
    for zone, lang, seed in (
        ("Pacific/Kiritimati", "C", "1"),
        ("America/Adak", "ru_RU.UTF-8", "2"),
    ):
        env = {**os.environ, "TZ": zone, "LANG": lang, "LC_ALL": lang, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
        )
        found.add(done.stdout)

    assert len(found) == 1
    assert 4 == len(found.pop().split())


def test_the_code_of_a_stamp_reads_from_paper(kept, tmp_path):
    """At a hundred dots to the inch, less than a fax, a reader gets digest, log, size and root."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("skip: poppler's pdftoppm not found")
    paper = kept(10).sheet("ru")
    stamp = stamp_of(paper)
    drawn = ["pdftoppm", "-r", "100", "-gray", "-singlefile", "-", str(tmp_path / "page")]
    subprocess.run(drawn, input=write_pdf(paper, stamp), check=True)
    data = (tmp_path / "page.pgm").read_bytes()
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    assert head is not None
    picture = memoryview(data[head.end() :]).cast("B", (int(head[2]), int(head[1])))

    codes = [one.text for one in zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormat.QRCode)]

    assert [stamp.code] == codes
    assert [paper.digest, stamp.origin, "1234", stamp.root] == codes[0].splitlines()[1:5]
