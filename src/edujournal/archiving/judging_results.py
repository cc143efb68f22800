"""Judging the files of results: each entry by its proof, and by its journal while there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from attrs import define, field

from edujournal.archiving.results import (
    RESULTS,
    KeptResult,
    KeptSeal,
    head_of,
    is_kept,
    kept_of,
    results_file,
    size_of_note,
)
from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.chain import Damage, entry_hash
from edujournal.ledger.records import Index, Record
from edujournal.ledger.seals import Seal, seal_of
from edujournal.ledger.tree import Peaks, includes, leaf_hash
from edujournal.model.ids import JournalId, class_book

#: Of a line of a journal, what must stand in it if it is kept with the results.
_MARKS: Final = (b'"about":"period:', b'"about":"subject:', b'"target":')

Tabulate = Callable[[str, str, int, bytes], Index]


@define
class ResultsJudge:
    """Judges the files of results; what the books say comes first.

    *Version added: 0.1.*

    Args:
        school: Id of the school.
        year: Academic year.
        note: The last checkpoint in the archive; None without any.
        tabulate: Gives the index of a body at its place; one without a kind for a body that is none.
        logs: Names of the files with the logs of books, by the names of the books.

    Attributes:
        rows: Entries that the files keep.
        unproven: Of these, those that no seal covers.
    """

    school: str
    year: str
    note: str | None
    tabulate: Tabulate
    logs: Mapping[str, str]
    rows: int = 0
    unproven: int = 0
    _size: int = 0
    _root: bytes = b""
    _seals: dict[str, tuple[Seal, int]] = field(factory=dict)
    _known: dict[str, dict[int, str]] = field(factory=dict)
    _disposed: set[str] = field(factory=set)

    def take_log(self, records: Iterator[Record]) -> None:
        """Follow the seal log up to the checkpoint, as far as it can be read."""
        size, peaks, last = size_of_note(self.note), Peaks(), dict[str, int]()
        with suppress(StoreDamaged):
            for record in records:
                if peaks.size == size:
                    break
                peaks = peaks.add([leaf_hash(record.body)])
                with suppress(BadInput):
                    seal = seal_of(record.body, self.school, self.year, record.number)
                    if record.index.kind and seal.number > last.get(seal.book, 0):
                        last[seal.book] = seal.number
                        self._seals[seal.book] = (seal, record.number - 1)
        self._size, self._root = peaks.size, peaks.root
        if self.note is not None and size != peaks.size:
            self._size = -1  # a checkpoint of more than there is, or none: nothing is under it

    def take_journal(self, book: str, lines: Iterator[tuple[int, str, bytes]] | None) -> None:
        """Note which entries of a journal have to be kept.

        Args:
            book: Its name.
            lines: Number, hash and body of each entry; None where it was disposed of.
        """
        if lines is None:
            self._disposed.add(book)
            return
        kept = self._known[book] = {}
        with suppress(StoreDamaged):
            for number, hash_, body in lines:
                if any(mark in body for mark in _MARKS):
                    index = self.tabulate(self.school, book, number, body)
                    if index.kind and is_kept(index, kept.keys()):
                        kept[number] = hash_

    def damages(self, files: Mapping[str, bytes], gone: set[str]) -> Iterator[Damage]:
        """Hold every line of every file to the log, and to the journals that are there.

        Args:
            files: The files of the archive.
            gone: Names of files that were disposed of.
        """
        classes = {results_file(log): self._class_of(book) for book, log in self.logs.items()}
        for name in sorted(one for one in files if one.startswith(RESULTS)):
            yield from self._of_file(name, files[name], classes.get(name))
        without = {classes.get(name) for name in gone}
        for book, kept in sorted(self._known.items()):
            if self._class_of(book) not in without:
                for number in kept:
                    yield Damage(book, number, "unkept", "a proof of this result", "nothing")

    def _class_of(self, book: str) -> str:
        """The class book with which the results of a book are kept, whatever stands in its name."""
        return "/".join(["class", *book.split("/")[1:2], self.year])

    def _of_file(self, name: str, content: bytes, class_: str | None) -> Iterator[Damage]:
        *lines, rest = content.split(b"\n")
        of, seal, last = "", None, ("", 0)
        for place, line in enumerate(lines, 1):
            try:
                if place == 1:
                    head = head_of(line)
                    of = str(head["book"])
                    self._hold_head(head, class_)
                    continue
                one = kept_of(line, place)
                if isinstance(one, KeptSeal):
                    seal, at = self._sealing(one)
                    self._hold(one, at)
                    continue
                self._row(one, of, seal, last)
                last = one.book, one.number
            except (BadInput, ValueError) as error:
                yield Damage(name, place, "proof", "a result that is proven", str(error)[:200])
        if rest:
            yield Damage(name, len(lines) + 1, "proof", "a line feed at the end", "none")

    def _hold_head(self, head: dict[str, Any], class_: str | None) -> None:
        expected = {
            "book": class_,
            "checkpoint": self.note,
            "school": self.school,
            "year": self.year,
        }
        for field_, value in expected.items():
            if head[field_] != value:
                raise BadInput("the head of other results", where=field_, found=str(head[field_]))

    def _sealing(self, one: KeptSeal) -> tuple[Seal, int]:
        """The last seal of the journal that a seal of a file is of, and its place in the log."""
        seal = seal_of(one.body, self.school, self.year, one.number)
        if seal.book not in self._seals:
            raise BadInput("a seal of a journal that has none", found=seal.book)
        return self._seals[seal.book]

    def _hold(self, one: KeptSeal, place: int) -> None:
        if not includes(leaf_hash(one.body), place, self._size, one.path, self._root):
            raise BadInput("not the last seal of its journal", found=str(one.number))

    def _row(self, one: KeptResult, of: str, seal: Seal | None, last: tuple[str, int]) -> None:
        index = self.tabulate(self.school, one.book, one.number, one.body)
        if not index.kind:
            raise BadInput("not an entry of this place", found=one.book)
        hash_ = entry_hash(one.previous, one.body)
        own = self._known.get(one.book, {}).pop(one.number, None)
        if own != hash_ and one.book not in self._disposed:
            raise BadInput("an entry that its journal does not have", found=hash_)
        if of != class_book(JournalId.parse(one.book).group, self.year):
            raise BadInput("an entry of another class", found=one.book)
        if (one.book, one.number) <= last:
            raise BadInput("an entry out of order", found=f"{one.book}:{one.number}")
        expected = self._seals.get(one.book)
        if expected is None or one.number > expected[0].number:
            if one.path is not None:
                raise BadInput("a proof of an entry that no seal covers")
            self.unproven += 1
        elif (
            seal is None or seal.book != one.book or one.path is None
            or not includes(leaf_hash(bytes.fromhex(hash_)), one.number - 1, seal.number, one.path, seal.root)
        ):  # fmt: skip
            raise BadInput("an entry whose proof does not lead to its seal", found=hash_)
        self.rows += 1
