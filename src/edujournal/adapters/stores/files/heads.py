"""The ``head`` file of a book: who it is, and in two slots where its acknowledged records end."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from attrs import frozen

from edujournal.adapters.stores.files.disk import Disk
from edujournal.errors import StoreDamaged
from edujournal.ledger.bytes import encode
from edujournal.ledger.records import ZERO_HASH, Head

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

#: Bytes of each of the three blocks: what a disk writes as a whole.
BLOCK: Final = 4096

#: Bytes of a ``head`` file.
SIZE: Final = 3 * BLOCK

FORMAT: Final = "edujournal/book/v1"

_DOMAIN: Final = b"edujournal/slot/v1\n"
_SLOT: Final = re.compile(
    rb"([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{64}) [0-9a-f]{64} *\n"
)


@frozen
class Slot:
    """What one slot says.

    Attributes:
        sequence: Counts the writes of slots; its lowest bit tells which slot.
        number: Number of the last acknowledged record.
        hash: Its hash.
        end: Size of ``log.jsonl`` up to and with it.
        private_end: Size of ``private.jsonl`` up to and with it.
    """

    sequence: int = 0
    number: int = 0
    hash: str = ZERO_HASH
    end: int = 0
    private_end: int = 0

    @property
    def head(self) -> Head:
        """The head of the book."""
        return Head(self.number, self.hash)

    @property
    def offset(self) -> int:
        """Where in the ``head`` file this slot stands."""
        return BLOCK * (1 + self.sequence % 2)


@lru_cache(1024)
def title(school: str, book: str) -> bytes:
    """The first block: format, school and book, as canonical JSON on one padded line."""
    return _padded(encode({"book": book, "format": FORMAT, "school": school}))


def block_of(slot: Slot, name: bytes) -> bytes:
    """Write a slot; its checksum covers the first block too, so that no slot fits another book."""
    line = (
        f"{slot.sequence:016x} {slot.number:016x} {slot.end:016x} {slot.private_end:016x} {slot.hash}"
    ).encode()
    check = _begun(name).copy()
    check.update(line)
    return _padded(b"%b %b" % (line, check.hexdigest().encode()))


@lru_cache(1024)
def _begun(name: bytes) -> HASH:
    return sha256(_DOMAIN + name)


def slot_in(data: bytes, position: int, name: bytes) -> Slot | None:
    """Read the slot at *position* (0 or 1); None unless it is exactly what :func:`block_of` writes."""
    block = data[BLOCK * (1 + position) : BLOCK * (2 + position)]
    found = _SLOT.fullmatch(block)
    if found is None:
        return None
    sequence, number, end, private_end = (int(found[n], 16) for n in range(1, 5))
    slot = Slot(sequence, number, found[5].decode(), end, private_end)
    if sequence % 2 != position or block_of(slot, name) != block:
        return None
    return slot


def spoil(disk: Disk, path: str, slot: Slot) -> None:
    """Make a slot unreadable, after a write of it failed: nobody can tell what of it is on the disk.

    What the system shows may never get there, and another process would build on it. This is not
    synced: it is for those who read what the system shows; a disk without power shows what it holds.
    """
    # On a disk that takes nothing any more there is nobody to be misled.
    with suppress(OSError), disk.open(path, edit=True) as file:
        file.write(slot.offset, _padded(b""))


def fresh(name: bytes) -> bytes:
    """The ``head`` file of a new book."""
    return name + block_of(Slot(0), name) + block_of(Slot(1), name)


def slots_in(data: bytes, name: bytes, where: str) -> tuple[Slot | None, Slot | None]:
    """Read both slots of a ``head`` file.

    Raises:
        StoreDamaged: The file has another size or another book's first block, no slot can be read,
            or the two never stood side by side.
    """
    if len(data) != SIZE:
        raise StoreDamaged(
            "a head file of the wrong size",
            where=where,
            expected=f"{SIZE} bytes",
            found=f"{len(data)} bytes",
        )
    if data[:BLOCK] != name:
        raise StoreDamaged(
            "a head file of another book",
            where=where,
            expected=_line(name),
            found=_line(data[:BLOCK]),
        )
    first, second = slot_in(data, 0, name), slot_in(data, 1, name)
    if first is None and second is None:
        raise StoreDamaged("neither slot of the head can be read", where=where)
    if first and second and abs(first.sequence - second.sequence) != 1:
        raise StoreDamaged(
            "two slots of the head that do not belong together",
            where=where,
            found=f"sequences {first.sequence} and {second.sequence}",
        )
    return first, second


def _padded(line: bytes) -> bytes:
    return line.ljust(BLOCK - 1) + b"\n"


def _line(block: bytes) -> str:
    return ascii(block.rstrip()[:200].decode(errors="backslashreplace"))
