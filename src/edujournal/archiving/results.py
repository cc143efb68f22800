"""The results of a year with a proof for each: what outlives the journals in which they were recorded.

For each class an archive has a file with every entry of its journals about a period or about a subject as
a whole, and with whatever changes these: results, the markers that stand for them, corrections and
annulments. Each carries the way from its hash to a seal of its journal, and each seal the way to the
checkpoint, so that nothing but the file and a public key is needed to believe it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from attrs import frozen

from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.proofs import Proof
from edujournal.ledger.records import ZERO_HASH, Index, Record
from edujournal.ledger.seals import Seal, seal_of
from edujournal.ledger.tree import Paths, leaf_hash
from edujournal.model.ids import JournalId, class_book, seals_book

#: Folder of these files in an archive.
RESULTS: Final = "data/results/"

#: What the entries are about that are kept so.
_ABOUT: Final = ("period:", "subject:")

#: The number of leaves in the text of a checkpoint.
_SIZE: Final = re.compile(r"[^\n]*\n([1-9][0-9]{0,18})\n", re.ASCII)


@frozen
class KeptResult:
    """An entry of a class's file of results.

    *Version added: 0.1.*

    Attributes:
        line: Where it stands in the file, from 1.
        book: Book of the journal in which it was recorded.
        number: Its number there.
        previous: Hash of the entry before it there.
        body: Its body.
        path: Inclusion proof of its hash in the seal before it in the file; None for one that came
            after the last seal.
    """

    line: int
    book: str
    number: int
    previous: str
    body: bytes
    path: tuple[bytes, ...] | None


@frozen
class KeptSeal:
    """A seal in a class's file of results: that of the journal whose entries follow.

    *Version added: 0.1.*

    Attributes:
        line: Where it stands in the file, from 1.
        number: Its number in the seal log.
        body: Its body.
        path: Inclusion proof of it under the checkpoint of the file.
    """

    line: int
    number: int
    body: bytes
    path: tuple[bytes, ...]


def is_kept(index: Index, kept: Container[int | None]) -> bool:
    """Tell whether an entry of a journal is kept with the results.

    Args:
        index: What is tabulated of it.
        kept: Numbers of the entries before it in the journal that are.

    *Version added: 0.1.*
    """
    return index.about.startswith(_ABOUT) or index.target in kept


def results_file(log: str) -> str:
    """Name of the file of results of a class: it bears the number of a journal of that class.

    So a list of what was disposed of tells whose results are gone, for as long as there is a row for each
    book.

    Args:
        log: Name of the file with the log of the first of its journals that has any.

    *Version added: 0.1.*
    """
    return log.replace("books", "results")


def size_of_note(note: str | None) -> int | None:
    """The number of leaves that a checkpoint tells of; None where it tells of none.

    *Version added: 0.1.*
    """
    found = None if note is None else _SIZE.match(note)
    return None if found is None else int(found[1])


class ResultBooks:
    """Makes the files of results while the books of a year are packed: the seal log comes first.

    *Version added: 0.1.*

    Args:
        school: Id of the school.
        year: Academic year.
        note: The last checkpoint of the year that goes into the archive; None without any.
    """

    def __init__(self, school: str, year: str, note: bytes | None) -> None:
        self._school, self._year = school, year
        self._note = None if note is None else note.decode(errors="replace")
        self._size = size_of_note(self._note)
        self._leaves: list[bytes] = []
        self._seals: dict[str, tuple[Seal, int, bytes]] = {}
        self._log: Paths | None = None
        self._class: str | None = None
        self._file = ""
        self._lines: list[bytes] = []
        self._next_book("")

    def _next_book(self, book: str) -> None:
        self._book = book
        self._last = ZERO_HASH
        self._hashes: list[bytes] = []
        self._kept: dict[int, tuple[str, bytes]] = {}

    def take(self, record: Record) -> None:
        """Follow the next record of the book that is packed."""
        if record.book == seals_book(self._year):
            self._take_seal(record)
        elif record.book.startswith("journal/"):
            if record.book != self._book:
                self._next_book(record.book)
            if is_kept(record.index, self._kept.keys()):
                self._kept[record.number] = (self._last, record.body)
            self._hashes.append(leaf_hash(bytes.fromhex(record.hash)))
            self._last = record.hash

    def _take_seal(self, record: Record) -> None:
        self._leaves.append(leaf_hash(record.body))
        if self._size is not None and record.number > self._size:
            return
        try:
            seal = seal_of(record.body, self._school, self._year, record.number)
        except BadInput:
            return  # the judges of the archive say so
        self._seals[seal.book] = (seal, record.number - 1, record.body)

    def after(self, book: str, log: str) -> None:
        """What was taken is all that *book* says, of which *log* is the name of the file."""
        if self._kept and self._book == book:
            of = class_book(JournalId.parse(book).group, self._year)
            if not self._lines:
                head = {
                    "book": of,
                    "checkpoint": self._note,
                    "school": self._school,
                    "year": self._year,
                }
                self._lines.append(encode(head))
                self._class, self._file = of, results_file(log)
            self._lines.extend(self._of_journal())
        self._next_book("")

    def _of_journal(self) -> Iterator[bytes]:
        sealed = 0
        if self._book in self._seals:
            if self._log is None:
                self._log = Paths(self._leaves[: self._size])
            seal, place, body = self._seals[self._book]
            sealed = seal.number
            yield _line(body, self._log.of(place))
        tree = Paths(self._hashes[:sealed])
        for number, (previous, body) in self._kept.items():
            path = tree.of(number - 1) if number <= sealed <= len(self._hashes) else None
            yield _line(body, path, previous=previous)

    def finished(self, book: str | None) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of the file that is complete before *book* is packed; None for after all."""
        group = book.split("/")[1] if book is not None and book.startswith("journal/") else None
        if self._lines and (group is None or class_book(group, self._year) != self._class):
            yield self._file, b"".join(one + b"\n" for one in self._lines)
            self._lines = []


def _line(body: bytes, path: Sequence[bytes] | None, **more: str) -> bytes:
    proof = None if path is None else [one.hex() for one in path]
    return encode({"body": decode(body), "path": proof, **more})


def head_of(line: bytes) -> dict[str, Any]:
    """Read the first line of a file of results: the class book, the checkpoint, the school, the year.

    Raises:
        BadInput: It is none.

    *Version added: 0.1.*
    """
    said = decode(line)
    if type(said) is not dict or said.keys() != {"book", "checkpoint", "school", "year"}:
        raise BadInput("not the head of results", expected="book, checkpoint, school, year")
    if not all(type(one) is str or one is None for one in said.values()) or said["book"] is None:
        raise BadInput("not the head of results", expected="text")
    return said


def kept_of(line: bytes, place: int) -> KeptResult | KeptSeal:
    """Read a further line of a file of results.

    Args:
        line: Its bytes, without the line feed.
        place: Where it stands in the file, from 1.

    Raises:
        BadInput: It is neither a seal nor an entry.

    *Version added: 0.1.*
    """
    said = decode(line)
    try:
        body, path = said["body"], said["path"]
        proof = None if path is None else tuple(map(_hash, _list(path)))
        if said.keys() == {"body", "path"} and proof is not None:
            return KeptSeal(place, _number(body["n"]), encode(body), proof)
        if said.keys() == {"body", "path", "previous"} and type(body["book"]) is str:
            previous = _hash(said["previous"]).hex()
            return KeptResult(
                place, body["book"], _number(body["n"]), previous, encode(body), proof
            )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("not a line of results", where=f"line {place}", found=repr(error)) from error
    raise BadInput("not a line of results", where=f"line {place}", expected="body, path, previous")


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise ValueError("not a list")
    return value


def _hash(text: Any) -> bytes:
    if type(text) is not str or not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError("not a hash")
    return bytes.fromhex(text)


def _number(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("not a number of an entry")
    return value


def results_of(files: Mapping[str, bytes], groups: Container[str]) -> list[str]:
    """SHA-256 of the files of results in an archive that are of some groups.

    Args:
        files: The files of the archive.
        groups: Ids of the groups.

    Raises:
        BadInput: A file of results has another form.

    *Version added: 0.1.*
    """
    found = []
    for name in sorted(one for one in files if one.startswith(RESULTS)):
        content = files[name]
        if head_of(content.partition(b"\n")[0])["book"].split("/")[1] in groups:
            found.append(sha256(content).hexdigest())
    return found


def proofs_of(content: bytes) -> Iterator[Proof]:
    """Read the proofs out of a file of results, to be checked by a public key and nothing else.

    An entry that came after the last seal or of which there is no checkpoint has none, and is left out.

    Args:
        content: Bytes of the file.

    Yields:
        A proof for each entry, to be judged by :func:`edujournal.ledger.proofs.check_proof`.

    Raises:
        BadInput: It is no such file.

    Source: clause 2.15. *Version added: 0.1.*
    """
    first, *lines = content.removesuffix(b"\n").split(b"\n")
    head, seal = head_of(first), None
    for place, line in enumerate(lines, 2):
        one = kept_of(line, place)
        if isinstance(one, KeptSeal):
            seal = one
        elif one.path is not None and head["checkpoint"] is not None:
            if seal is None:
                raise BadInput("a proof without a seal before it", where=f"line {place}")
            yield Proof(
                school=str(head["school"]), book=one.book, number=one.number,
                previous=one.previous, body=one.body, entry_path=one.path, seal=seal.body,
                place=seal.number - 1, seal_path=seal.path,
                checkpoint=head["checkpoint"].encode(),
            )  # fmt: skip
