"""Disposal: an archive without the books whose time has come, of which the hashes are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final

from edujournal.archiving.bags import manifest, rebagged
from edujournal.archiving.reading import ArchivedStore
from edujournal.archiving.results import RESULTS, head_of
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode
from edujournal.ledger.past import fencing_book
from edujournal.model.calendar import Calendar
from edujournal.model.ids import seals_book
from edujournal.rules.clauses import Regulation
from edujournal.rules.retention import kept_until, part_of

#: Names the files that are gone.
DISPOSED: Final = "data/disposed.txt"


def is_due(book: str, regulations: tuple[Regulation, ...], calendar: Calendar, day: date) -> bool:
    """Tell whether nothing keeps a book any longer, and something has kept it until now.

    A book goes as a whole: where one retention of one regulation still keeps a part of it, it stays.

    Args:
        book: Name of the book.
        regulations: Those that hold.
        calendar: The calendar of its year.
        day: The day that is asked about.

    Source: clause 2.15. *Version added: 0.1.*
    """
    until = [
        kept_until(one, calendar)
        for regulation in regulations
        for one in regulation.retention
        if one.of == part_of(book) and one.years > 0
    ]
    return bool(until) and max(until) <= day


def dispose(files: Mapping[str, bytes], due: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Make the files of an archive without the books that are due; what is left verifies as before.

    Of a book that goes, its log, its texts and its copies go; name, end and hashes of the files are
    kept. The results of a class stay until its class book is due. The seal log never goes: it is what
    the other books are believed by. The school book goes with the last of those whose erasures it
    tells of.

    Args:
        files: The files of the archive; whether it is whole is to be asked before.
        due: Tells of a book whether it is to go.

    Yields:
        Name and bytes of each file of the new archive; the manifests come last.

    Raises:
        BadInput: It is no archive, or nothing in it is due.

    Source: clause 2.15. *Version added: 0.1.*
    """
    store = ArchivedStore(files)
    rows: list[Any] = [decode(line) for line in files["data/books.jsonl"].split(b"\n")[:-1]]
    books = {one["book"] for one in rows} - {seals_book(store.year), *store.disposed}
    going = {book for book in books if due(book)}
    left = books - going
    going -= {fencing_book(book) for book in left}
    results = {name for name in files if name.startswith(RESULTS) and due(_class_of(files[name]))}
    gone = {
        name
        for one in rows
        if one["book"] in going
        for name in _files_of(one["file"], one["texts"])
        if name in files
    } | results
    if not gone:
        raise BadInput("nothing in the archive is due for disposal", where=store.origin)
    before = files[DISPOSED].decode().split("\n")[:-1] if DISPOSED in files else []
    named = {line[66:]: line[:64] for line in before}
    named |= {name: sha256(files[name]).hexdigest() for name in gone}
    yield from rebagged(files, {**dict.fromkeys(gone), DISPOSED: manifest(named)})


def _class_of(results: bytes) -> str:
    """The class book that a file of results goes with."""
    return str(head_of(results.partition(b"\n")[0])["book"])


def _files_of(log: str, texts: str | None) -> Iterator[str]:
    yield log
    if texts is not None:
        yield texts
    copy = log.replace("data/books/", "data/copies/")
    yield copy
    yield copy.removesuffix("jsonl") + "csv"
