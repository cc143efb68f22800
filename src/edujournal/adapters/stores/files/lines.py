"""The lines of ``log.jsonl`` and ``private.jsonl``: one spelling each, and nothing else is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Protocol

from edujournal.adapters.stores.files.disk import Run
from edujournal.errors import StoreDamaged
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.records import Head, Record

#: Bytes read at a time.
CHUNK: Final = 1 << 16

#: Bytes read at a time when a single line is looked for.
_STEP: Final = 1 << 12

#: What stands before the body in a line of the log: 64 hex digits and a blank.
_LEAD: Final = 65
_HASH: Final = re.compile(rb"[0-9a-f]{64} ")
_PRIVATE: Final = re.compile(rb"([1-9][0-9]{0,15}) (\{.*\}|-+)", re.DOTALL)
_NUMBERED: Final = re.compile(rb"([1-9][0-9]{0,15}) ", re.DOTALL)


class Read(Protocol):
    """A run of bytes, for reading."""

    def read(self, offset: int, count: int) -> bytes:
        """*count* bytes from *offset*; fewer only where they end."""


def log_line(record: Record) -> bytes:
    """A line of ``log.jsonl``: hash, blank, body, line feed."""
    return b"%b %b\n" % (record.hash.encode(), record.body)


def private_line(number: int, private: bytes) -> bytes:
    """A line of ``private.jsonl``: number of the record, blank, private bytes, line feed."""
    return b"%d %b\n" % (number, private)


def lines(file: Read, offset: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, line without its line feed) of every whole line in [*offset*, *end*)."""
    rest = b""
    start = offset
    size = CHUNK
    while offset < end:
        chunk = file.read(offset, min(size, end - offset))
        if not chunk:
            return
        offset += len(chunk)
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        for line in parts:
            yield start, line
            start += len(line) + 1
        # A line longer than what is read at a time must not be joined again and again.
        size = max(CHUNK, len(rest))


def follow(
    found: Iterator[tuple[int, bytes]], head: Head, where: str
) -> Iterator[tuple[int, Head, bytes]]:
    """Read lines of the log that follow *head*.

    Yields:
        Offset behind the line, head after it, body.

    Raises:
        StoreDamaged: A line is malformed, or its hash does not follow.
    """
    number, previous = head.number, head.hash
    for offset, line in found:
        number += 1
        if not _HASH.match(line):
            raise StoreDamaged(
                "a malformed line",
                where=f"{where}, byte {offset}, record {number}",
                expected="64 hex digits, a blank and a body",
                found=ascii(line[:40].decode(errors="backslashreplace")),
            )
        stored, body = line[: _LEAD - 1].decode(), line[_LEAD:]
        right = entry_hash(previous, body)
        if stored != right:
            raise StoreDamaged(
                "a record whose hash does not follow: it, or the hash before it, was changed",
                where=f"{where}, byte {offset}, record {number}",
                expected=right,
                found=stored,
            )
        previous = stored
        yield offset + len(line) + 1, Head(number, stored), body


def last_lines(file: Run, end: int, count: int) -> int | None:
    """Offset of the *count*-th line from *end*; None when there are fewer lines."""
    # The line feed that ends the line before the wanted one is the (count + 1)-th from the end.
    left = count + 1
    upper = end
    while upper > 0:
        lower = max(0, upper - CHUNK)
        chunk = file.read(lower, upper - lower)
        here = chunk.count(b"\n")
        if here >= left:
            position = len(chunk)
            for _ in range(left):
                position = chunk.rfind(b"\n", 0, position)
            return lower + position + 1
        left -= here
        upper = lower
    return 0 if left == 1 else None


def start_of(file: Run, end: int, number: int, after: int, where: str) -> tuple[int, Head]:
    """Find where the records after number *after* begin, and the head before them.

    Searches backwards from the end, so that a short tail of a long book costs little.

    Args:
        file: The log.
        end: Where it ends.
        number: Number of its last record, at least *after*.
        after: Number of the record before the wanted ones.
        where: Name of the file, for messages.
    """
    if after == 0:
        return 0, Head()
    offset = last_lines(file, end, number - after + 1)
    line = b"" if offset is None else file.read(offset, _LEAD)
    if offset is None or not _HASH.fullmatch(line):
        raise StoreDamaged("a line is missing or malformed", where=f"{where}, record {after}")
    length = _to_line_feed(file, offset, end)
    return offset + length, Head(after, line[:-1].decode())


def _to_line_feed(file: Read, offset: int, end: int) -> int:
    position = offset
    while position < end:
        chunk = file.read(position, min(_STEP, end - position))
        found = chunk.find(b"\n")
        if found >= 0:
            return position + found + 1 - offset
        if not chunk:
            break
        position += len(chunk)
    return end - offset


class PrivateFile(Read, Protocol):
    """The file of private parts, for reading: what is being erased reads as erased."""

    def look_again(self) -> None:
        """Ask anew what is being erased."""


def privates(
    file: PrivateFile, offset: int, end: int, after: int, where: str
) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, private bytes or None when erased) of the lines from *offset* on.

    An erased line keeps its length: all after the blank is ``-``.

    Raises:
        StoreDamaged: A line is malformed or out of order.
    """
    last, size = after, offset
    for start, line in lines(file, offset, end):
        found = _PRIVATE.fullmatch(line)
        if found is None:
            # Somebody may be erasing it at this moment; what is read anew is whole, or erased.
            file.look_again()
            found = _PRIVATE.fullmatch(file.read(start, len(line)))
        number = int(found[1]) if found else 0
        if found is None or number <= last:
            raise StoreDamaged(
                "a malformed line, or one out of order",
                where=f"{where}, byte {start}, after record {last}",
                expected="a number, a blank and private bytes",
            )
        last, size = number, start + len(line) + 1
        yield number, (found[2] if found[2][:1] == b"{" else None)
    if size != end:
        raise StoreDamaged("the end is missing", where=f"{where}, byte {size}, after record {last}")


def numbered(line: bytes) -> tuple[int, int]:
    """Number of a line of ``private.jsonl``, and where after it the private part begins; (0, 0) for none."""
    found = _NUMBERED.match(line)
    return (int(found[1]), found.end()) if found else (0, 0)


def private_start(file: Read, end: int, after: int, where: str) -> int:
    """Offset in ``private.jsonl`` of the first line of a record after number *after*."""
    # From the first record on every line is wanted, whatever number it shows.
    low, high = 0, end if after else 0
    while low < high:
        middle = (low + high) // 2
        begin = middle if middle == 0 else middle - 1 + _to_line_feed(file, middle - 1, end)
        if begin >= high or _number_at(file, begin, where) > after:
            high = middle
        else:
            low = begin + _to_line_feed(file, begin, end)
    return low


def _number_at(file: Read, offset: int, where: str) -> int:
    digits, blank, _ = file.read(offset, 18).partition(b" ")
    if not blank or not digits.isdigit():
        raise StoreDamaged("a malformed line", where=f"{where}, byte {offset}")
    return int(digits)
