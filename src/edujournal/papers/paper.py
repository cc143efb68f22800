"""A paper as data: title, tables, notes, signatories, and what it is certified by.

A paper is composed once and written in as many forms as there are writers. It has one canonical byte
string, and the digest of that is what a printed sheet is known by: the same state of the same books
gives the same bytes, whoever prints it and when.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.ledger.bytes import encode

#: Version of the shape that the canonical bytes have.
SCHEMA: Final = "edujournal/paper/v1"

#: What a letter becomes that is none: a control, half of a pair, a mark that turns the text around.
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

#: Marks of direction that could make a line read as something it is not.
_TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

#: Sizes of paper.
SIZES: Final = ("A4", "A3")

#: How wide a column may be: as its number, a name, a mark; or a share of what is left.
WIDTHS: Final = ("number", "name", "cell", "text")


def printable(text: str) -> str:
    """Give *text* as it may be printed: in normal form C, with no letter that is none.

    A tab becomes a blank, a line end stays, any other control becomes a replacement character, and so
    do halves of pairs and marks that turn the direction of what follows.

    *Version added: 0.1.*
    """
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    if plain.isascii() and plain.isprintable():
        return plain
    return unicodedata.normalize("NFC", "".join(map(_letter, plain)))


def _letter(letter: str) -> str:
    if letter == "\n" or not (unicodedata.category(letter) in ("Cc", "Cs") or letter in _TURNING):
        return letter
    return REPLACEMENT


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(printable(one) for one in values)


def _rows(values: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(_texts(row) for row in values)


def _pairs(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((printable(label), printable(value)) for label, value in values)


@frozen(kw_only=True)
class PaperColumn:
    """A column of a table.

    *Version added: 0.1.*

    Attributes:
        head: What stands above it.
        over: What stands above that, shared by neighbours that say the same; empty for nothing.
        width: ``number``, ``name``, ``cell`` or ``text``; see :data:`WIDTHS`.
        turned: Whether its head is written upwards, so that a long one needs no room.
    """

    head: str = field(converter=printable)
    over: str = field(default="", converter=printable)
    width: str = "cell"
    turned: bool = False


@frozen(kw_only=True)
class Table:
    """A table, whose heads are repeated on every page.

    *Version added: 0.1.*

    Attributes:
        columns: Its columns.
        rows: A text for each column, in each row.
        title: What it is; empty for nothing.
        lead: How many of the first columns are repeated where a table is too wide for one page and
            goes on below.
        whole: Whether columns under one upper head stay together where there is room for them.
        roomy: Whether rows are high enough to write in by hand.
    """

    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)
    title: str = field(default="", converter=printable)
    lead: int = 0
    whole: bool = False
    roomy: bool = False

    def __attrs_post_init__(self) -> None:
        """Hold rows to their columns."""
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise BadInput(
                    "a row that does not fit its table",
                    where=f"rows[{number}]",
                    expected=f"{len(self.columns)} texts",
                    found=str(len(row)),
                )


@frozen(kw_only=True)
class Notes:
    """Lines of text below a title.

    *Version added: 0.1.*

    Attributes:
        lines: The lines.
        title: What they are about; empty for nothing.
        small: Whether they are beside the matter, such as a legend.
    """

    lines: tuple[str, ...] = field(converter=_texts)
    title: str = field(default="", converter=printable)
    small: bool = False


@frozen(kw_only=True)
class Chapter:
    """A part of a longer paper, which begins on a page of its own.

    *Version added: 0.1.*
    """

    title: str = field(converter=printable)
    facts: tuple[tuple[str, str], ...] = field(default=(), converter=_pairs)


Part = Table | Notes | Chapter


@frozen
class Signatory:
    """Who signs by hand: in what office, and who that is; *name* is empty where nobody is known.

    *Version added: 0.1.*
    """

    office: str = field(converter=printable)
    name: str = field(default="", converter=printable)


@frozen(order=True)
class Basis:
    """A book that a paper was made from, and how far it went then.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        number: Number of its last entry that was read.
        hash: Hash of that entry's record.
    """

    book: str
    number: int
    hash: str


def _ordered(values: Iterable[Basis]) -> tuple[Basis, ...]:
    return tuple(sorted(values))


@frozen(kw_only=True)
class Paper:
    """A paper, before anybody has written it in a form.

    *Version added: 0.1.*

    Attributes:
        kind: What it is, such as ``page`` or ``sheet``.
        of: What it is of, such as ``7A/alg/2026``.
        school: Id of the school.
        year: Academic year.
        language: Language in which it is written.
        at: Instant of the last entry that it was made from, UTC microseconds; 0 without any.
        heading: Name of the school, as it stands above the title.
        title: The title.
        facts: Labels and what they say, such as the subject and its teacher.
        parts: Tables, notes, chapters.
        signatories: Who signs it by hand.
        accountable: Who answers for it, by office and by name (clauses 1.2 and 1.3).
        basis: The books that it was made from.
        pupil: Pupil whom it is about; None for a paper about several.
        shows: Book → numbers of the entries that stand in it, corrections among them; no part of
            the content.
        size: ``A4`` or ``A3``.
        landscape: Whether it lies on its long side.
    """

    kind: str
    of: str
    school: str
    year: str
    language: str
    at: int
    heading: str = field(converter=printable)
    title: str = field(converter=printable)
    facts: tuple[tuple[str, str], ...] = field(default=(), converter=_pairs)
    parts: tuple[Part, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    accountable: Signatory | None = None
    basis: tuple[Basis, ...] = field(default=(), converter=_ordered)
    pupil: str | None = None
    shows: Mapping[str, frozenset[int]] = field(factory=dict, hash=False)
    size: str = field(default="A4")
    landscape: bool = False

    def __attrs_post_init__(self) -> None:
        """Hold the size to those that there are."""
        if self.size not in SIZES:
            raise BadInput(
                "no size of paper", where="size", expected=" or ".join(SIZES), found=repr(self.size)
            )

    def content(self) -> dict[str, Any]:
        """What it says, in the shape whose canonical bytes are its content."""
        return {
            "accountable": None if self.accountable is None else _signatory(self.accountable),
            "at": self.at,
            "basis": [{"book": b.book, "hash": b.hash, "n": b.number} for b in self.basis],
            "facts": [list(pair) for pair in self.facts],
            "heading": self.heading,
            "kind": self.kind,
            "language": self.language,
            "of": self.of,
            "parts": [_part(part) for part in self.parts],
            "schema": SCHEMA,
            "school": self.school,
            "signatories": [_signatory(one) for one in self.signatories],
            "title": self.title,
            "year": self.year,
        }

    def __bytes__(self) -> bytes:
        """The canonical bytes of its content."""
        return encode(self.content())

    @property
    def digest(self) -> str:
        """SHA-256 of its content, in hexadecimal."""
        return sha256(bytes(self)).hexdigest()


@frozen(kw_only=True)
class Stamp:
    """What certifies a paper: its digest, and the place of its books in the log of seals.

    Kept on paper, it is a witness: whoever holds it can tell whether the log was changed since.

    *Version added: 0.1.*

    Attributes:
        digest: Digest of the paper's content.
        origin: Name of the log.
        size: How many seals the log had.
        root: Root of the log, in hexadecimal.
        checker: SHA-256 of the program that checks an archive of the year, or None.
    """

    digest: str
    origin: str
    size: int
    root: str
    checker: str | None = None

    @property
    def code(self) -> str:
        """What the 2D code says: five lines, or six with the checker's digest."""
        lines = [SCHEMA, self.digest, self.origin, str(self.size), self.root]
        return "\n".join(lines if self.checker is None else [*lines, self.checker]) + "\n"


def _signatory(one: Signatory) -> dict[str, str]:
    return {"name": one.name, "office": one.office}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Chapter):
        return {
            "facts": [list(pair) for pair in part.facts], "is": "chapter", "title": part.title,
        }  # fmt: skip
    if isinstance(part, Notes):
        return {
            "is": "notes", "lines": list(part.lines), "small": part.small, "title": part.title,
        }  # fmt: skip
    return {
        "columns": [
            {"head": one.head, "over": one.over, "turned": one.turned, "width": one.width}
            for one in part.columns
        ],
        "is": "table",
        "lead": part.lead,
        "roomy": part.roomy,
        "rows": [list(row) for row in part.rows],
        "title": part.title,
        "whole": part.whole,
    }
