"""Judging an archive: its files against the manifests, its books by the verifier of all stores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final, Protocol

from attrs import frozen

from edujournal.archiving.bags import MANIFEST, TAG_MANIFEST, manifest
from edujournal.archiving.judging_results import ResultsJudge
from edujournal.archiving.package import CHECKER, FORMAT, checker_digest
from edujournal.archiving.register import PeopleReport, judge_people
from edujournal.errors import BadInput, StoreDamaged, StoreTooNew
from edujournal.ledger.assurance import Assurance, Assured, Evidence, Lack
from edujournal.ledger.bytes import decode
from edujournal.ledger.chain import Damage
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.index import index_from
from edujournal.ledger.notes import COSIGNATURE, Verifier
from edujournal.ledger.records import ZERO_HASH, Head, Index, Record
from edujournal.ledger.seals import seal_of
from edujournal.ledger.stamps import StampReader
from edujournal.ledger.verify import BookReport, Report
from edujournal.model.ids import seals_book, year_of_book

_LINE: Final = re.compile(rb"([0-9a-f]{64}) (.*)", re.DOTALL)
_TEXTS: Final = re.compile(rb"([1-9][0-9]{0,15}) (.*)", re.DOTALL)

#: Folder of stamps, and the form of their names.
STAMPS: Final = "data/stamps/"
_STAMP: Final = re.compile(STAMPS + r"[0-9]+-([1-9][0-9]{0,17})\.tsr")

#: Stands where a body cannot be tabulated; verification says why.
_NOTHING: Final = Index("", "", None, "", "", None, 0, 0, None, 0)

#: What must lie beside the payload.
_TAGS: Final = ("bag-info.txt", "bagit.txt", CHECKER)


class PublicKey(Verifier, Protocol):
    """A public key of an archive: it says whose it is.

    *Version added: 0.1.*
    """

    @property
    def kind(self) -> int:
        """1 for the key of a log, 4 for that of a witness."""


@frozen
class Judged:
    """What was found of an archive.

    *Version added: 0.1.*

    Attributes:
        school: Id of the school.
        year: Academic year.
        origin: Origin of the seal log.
        files: Damages of the files: missing, unknown, changed; the name stands as ``book``.
        assured: What the books and the seal log say.
        disposed: Names of books of which only the hash is left, by a disposal.
        checker: Whether the checker in the archive is the one of this library.
        results: How many results are kept apart from their journals.
        unproven: Of these, those that no seal covers.
        people: What was found of the register of people.
    """

    school: str
    year: str
    origin: str
    files: tuple[Damage, ...]
    assured: Assured
    disposed: tuple[str, ...]
    checker: bool
    results: int = 0
    unproven: int = 0
    people: PeopleReport = PeopleReport(0, frozenset(), (), ())  # noqa: RUF009 - immutable

    @property
    def damages(self) -> tuple[Damage, ...]:
        """Every damage: of files, of books, of the seal log."""
        return (*self.files, *self.assured.damages)

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Evidence that was not there."""
        return tuple(self.assured.lacks)

    @property
    def assurance(self) -> str | None:
        """What was proven, ``L0`` to ``L3``; None where it is damaged."""
        return None if self.files else self.assured.assurance


def judge(
    files: Mapping[str, bytes],
    read_key: Callable[[str], PublicKey],
    keys: Sequence[str] | None = None,
    anchors: Iterable[tuple[int, str]] = (),
    authorities: Iterable[StampReader] = (),
) -> Judged:
    """Judge an archive as ``verify.py`` in it does, by the verifier of all stores.

    Args:
        files: Bytes of each file, by its name in the folder.
        read_key: Makes a public key of a text.
        keys: Public keys that are known from elsewhere; None for those in the archive.
        anchors: Checkpoints from print: size, root in hex.
        authorities: Who is trusted to read stamps of time; without any only what was stamped is judged.

    Raises:
        BadInput: It is no archive, of a later form, or a key is none.
        StoreTooNew: A record was written by a later version.

    Source: clause 2.15. *Version added: 0.1.*
    """
    found = list(_bag_damages(files))
    store = ArchivedStore(files)
    texts = store.keys if keys is None else keys
    read = [read_key(text) for text in texts]
    evidence = Evidence(
        store.origin,
        tuple(files[name] for name in sorted(files) if name.startswith("data/checkpoints/")),
        tuple(one for one in read if one.kind != COSIGNATURE),
        tuple(one for one in read if one.kind == COSIGNATURE),
        tuple(Checkpoint(store.origin, size, bytes.fromhex(root)) for size, root in anchors),
        tuple((_size_of(name), files[name]) for name in sorted(files) if name.startswith(STAMPS)),
        tuple(authorities),
    )
    run = Assurance(store, store.school, {store.year: evidence})
    reports = tuple(store.judged(one) for one in run.books())
    results = store.results()
    found += results.damages(files, store.gone)
    people = judge_people(files)
    found += people.damages
    return Judged(
        store.school, store.year, store.origin, tuple(found),
        Assured(Report(store.school, reports), run.years()), store.disposed,
        files.get(CHECKER) is not None
        and sha256(files[CHECKER]).hexdigest() == checker_digest(),
        results.rows, results.unproven, people,
    )  # fmt: skip


def _hold_forms(about: Any, rows: list[Any]) -> None:
    """Raise a TypeError where what names the books is of another kind than it must be."""
    named = [about[name] for name in ("school", "year", "origin")]
    named += [row[name] for row in rows for name in ("book", "file", "hash")]
    named += [row["texts"] for row in rows if row["texts"] is not None]
    if not all(type(one) is str for one in named):
        raise TypeError("a name that is no text")
    if not all(type(row["n"]) is int for row in rows):
        raise TypeError("a number that is none")
    if not all(year_of_book(row["book"]) == about["year"] for row in rows):
        raise TypeError("a book of another year")


def _size_of(name: str) -> int:
    """The number of seals that a stamp is about, by the name of its file; 0 where it says none."""
    found = _STAMP.fullmatch(name)
    return int(found[1]) if found else 0


class ArchivedStore:
    """The books of an archive, to be read as those of a store are.

    *Version added: 0.1.*

    Args:
        files: Bytes of each file, by its name in the folder.

    Raises:
        BadInput: It is no archive, or of a later form.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        try:
            about: Any = decode(files["data/archive.json"])
            rows: list[Any] = [decode(one) for one in files["data/books.jsonl"].split(b"\n")[:-1]]
            _hold_forms(about, rows)
            self._rows = {row["book"]: row for row in rows}
            self._heads = {name: Head(row["n"], row["hash"]) for name, row in self._rows.items()}
            self._places = {name: (row["file"], row["texts"]) for name, row in self._rows.items()}
            self.school: str = about["school"]
            self.year: str = about["year"]
            self.origin: str = about["origin"]
            self.keys: tuple[str, ...] = tuple(files["data/keys.txt"].decode().split("\n")[:-1])
            gone = files["data/disposed.txt"].decode() if "data/disposed.txt" in files else ""
        except (BadInput, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                "not an archive", where="data/archive.json", found=repr(error)
            ) from error
        if about.get("format") != FORMAT:
            raise BadInput(
                "an archive of another form", where="data/archive.json", expected=str(FORMAT),
                found=repr(about.get("format")), mend="Upgrade edujournal.",
            )  # fmt: skip
        self.gone = {line[66:] for line in gone.split("\n")[:-1]} - set(files)
        self.disposed = tuple(
            sorted(book for book, (file, _) in self._places.items() if file in self.gone)
        )

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        return sorted(self._heads.items()) if school == self.school else []

    def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        return self._heads.get(book, Head()) if school == self.school else Head()

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """See :meth:`edujournal.ports.Store.read`.

        Raises:
            StoreDamaged: A line is malformed, or there are texts of no record.
        """
        if school != self.school or book not in self._places:
            return
        file, beside = self._places[book]
        texts: dict[int, bytes] = {}
        broken = None
        try:
            texts.update(self._texts(book, beside))
        except StoreDamaged as error:
            # What the bodies say counts all the same: an erasure told here is one of other books.
            broken = error
        for number, hash_, body in _entries(book, self._file(file)):
            private = texts.pop(number, None)
            if number > after:
                index = _tabulated(school, book, number, body)
                yield Record(book, number, hash_, body, private, index)
        if broken is not None:
            raise broken
        if texts:
            raise StoreDamaged("texts of no record", where=f"{book}:{min(texts)}")

    def _texts(self, book: str, file: str | None) -> Iterator[tuple[int, bytes]]:
        last = 0
        for _, line in _lines(book, b"" if file is None else self._file(file)):
            found = _TEXTS.fullmatch(line)
            if found is None or int(found[1]) <= last:
                raise StoreDamaged("a malformed line of texts", where=f"{book}:{last}")
            last = int(found[1])
            yield last, found[2]

    def _file(self, name: str) -> bytes:
        return self._files.get(name, b"")

    def judged(self, report: BookReport) -> BookReport:
        """What is left of a report where a book, or its texts, were disposed of."""
        book = report.book
        file, beside = self._places.get(book, ("", None))
        if file in self.gone:
            damages = tuple(self._disposed_damages(book))
            return BookReport(book, 0, self._heads[book], 0, damages, len(damages))
        if beside not in self.gone:
            return report
        kept = tuple(one for one in report.damages if one.what not in ("lost", "texts"))
        count = report.damaged - len(report.damages) + len(kept)
        return BookReport(book, report.records, report.head, report.erased, kept, count)

    def results(self) -> ResultsJudge:
        """What the seal log and the journals say of the results that are to be kept."""
        notes = [name for name in self._files if name.startswith("data/checkpoints/")]
        note = self._files[max(notes)].decode(errors="replace") if notes else None
        logs = {book: file for book, (file, _) in self._places.items()}
        judge = ResultsJudge(self.school, self.year, note, _tabulated, logs)
        judge.take_log(self.read(self.school, seals_book(self.year)))
        for book, (file, _) in self._places.items():
            if book.startswith("journal/"):
                gone = file in self.gone
                judge.take_journal(book, None if gone else _entries(book, self._file(file)))
        return judge

    def _disposed_damages(self, book: str) -> Iterator[Damage]:
        """Hold the end of a book that is gone to its last seal."""
        head, last = self._heads[book], Head(0, ZERO_HASH)
        # Where the log cannot be read on, its own report says so.
        with suppress(StoreDamaged):
            for record in self.read(self.school, seals_book(self.year)):
                if record.index.about == f"book:{book}":
                    try:
                        seal = seal_of(record.body, self.school, self.year, record.number)
                    except BadInput:
                        continue
                    last = Head(seal.number, seal.hash)
        if last.number > head.number or (last.number == head.number and last.hash != head.hash):
            yield Damage(
                book, head.number, "receipt", f"{last.number} {last.hash}",
                f"{head.number} {head.hash}",
            )  # fmt: skip


def _lines(book: str, content: bytes) -> Iterator[tuple[int, bytes]]:
    *whole, rest = content.split(b"\n")
    yield from enumerate(whole, 1)
    if rest:
        raise StoreDamaged("the end is missing", where=f"{book}:{len(whole)}")


def _entries(book: str, content: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Number, hash and body of each entry of a book."""
    for number, line in _lines(book, content):
        found = _LINE.fullmatch(line)
        if found is None:
            raise StoreDamaged("a malformed line", where=f"{book}:{number}")
        yield number, found[1].decode(), found[2]


def _tabulated(school: str, book: str, number: int, body: bytes) -> Index:
    """The index of a body of this very place; nothing of another, so that it can mean nothing here."""
    try:
        value = decode(body)
        index = index_from(value)
    except StoreTooNew:
        raise
    except BadInput:
        return _NOTHING
    texts = value.get("texts")
    known = texts is None or (
        type(texts) is dict and all(type(one) is str for one in texts.values())
    )
    place = (value.get("school"), value.get("book"), value.get("n"))
    right = place == (school, book, number) and type(place[2]) is int
    return index if known and right else _NOTHING


def _bag_damages(files: Mapping[str, bytes]) -> Iterator[Damage]:
    """Hold every file to the manifests, both ways, and the manifests to their only spelling."""
    hashes = {name: sha256(files[name]).hexdigest() for name in sorted(files)}
    payload = {name: hash_ for name, hash_ in hashes.items() if name.startswith("data/")}
    tags = {n: h for n, h in hashes.items() if n not in payload and n != TAG_MANIFEST}
    for name, own in ((MANIFEST, payload), (TAG_MANIFEST, tags)):
        content = files[name] if name in hashes else b""
        right = manifest(own)
        if name not in hashes:
            yield Damage(name, 0, "missing", "a manifest", "nothing")
        if content == right:
            continue
        lines = content.decode(errors="replace").split("\n")
        listed = {line[66:]: line[:64] for line in lines if line}
        named = False
        for one in sorted(listed.keys() | own.keys()):
            expected, found = listed.get(one, "nothing"), own.get(one, "nothing")
            if expected != found:
                what = {"nothing": "unknown"}.get(expected, "changed")
                named = True
                yield Damage(one, 0, "missing" if one not in own else what, expected, found)
        if not named:
            yield Damage(name, 0, "manifest", "the manifest of these files", "another spelling")
    for name in _TAGS:
        if name not in hashes:
            yield Damage(name, 0, "missing", "a file", "nothing")
