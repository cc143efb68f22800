"""A disk that can lose its power at any moment, and then holds whatever a real one might hold."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from types import TracebackType
from typing import Final, Self

from edujournal.adapters.stores.files.disk import DiskFile

#: What a disk writes as a whole.
SECTOR: Final = 512

#: How likely each single change survives, drawn anew for every loss of power.
_LUCK: Final = (0.0, 0.1, 0.5, 0.5, 0.9, 1.0)


class SimDisk:
    """A disk in memory that knows which bytes and which names were synced, and which were not.

    It is a :class:`~edujournal.adapters.stores.files.disk.Disk`. :meth:`without_power` draws one of the
    many contents that a disk may have after the power failed at this moment: each write that was not
    synced is lost, whole, torn at any byte, kept in some of its sectors only, or turned into zeros or
    junk, whatever came after it; each name that was not synced is there or not.

    *Version added: 0.1.*

    Args:
        each: Called with this disk after each single step, before the caller goes on: the moment to let
            the power fail.
        refuses: Asked before each sync of a file; where it says yes the sync fails with ``EIO``, and
            of the bytes that were to be synced some part is on the disk, and the rest never gets there,
            as on systems that take it for written after the error; sizes and names are kept in mind.
    """

    def __init__(
        self,
        each: Callable[[SimDisk], None] | None = None,
        refuses: Callable[[], bool] | None = None,
    ) -> None:
        self._each = each
        self._refuses = refuses
        self._names: dict[str, _Node] = {"": _Node()}
        self._safe_names = dict(self._names)
        self._moves: list[_Move] = []
        self._held: set[str] = set()
        #: Paths of files that are not synced as a whole, in the order in which they were changed.
        self._dirty: dict[str, None] = {}
        self._kept: dict[str, _Node] | None = None
        self._listing: dict[str, list[str]] | None = None
        #: Every step so far: "write school-1/7a/log.jsonl".
        self.steps: list[str] = []

    # -- the verbs of a disk ---------------------------------------------------------------------

    def open(self, path: str, *, edit: bool = False) -> DiskFile:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.open`."""
        node = self._names.get(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        return _SimFile(self, path, self._own(path, node) if edit else node, writable=edit)

    def create(self, path: str, *, new: bool = False) -> DiskFile:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.create`."""
        node = self._names.get(path)
        if node is not None and new:
            raise FileExistsError(errno.EEXIST, "exists", path)
        if node is None:
            node = _Node()
            self._move(path, node)
            self._step("create", path)
        elif node.data:
            node = self._own(path, node)
            self._change(path, node, 0, None)
            self._step("empty", path)
        return _SimFile(self, path, node, writable=True)

    def names(self, folder: str) -> Sequence[str]:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.names`."""
        if self._listing is None:
            self._listing = {}
            for path in sorted(self._names):
                if path:
                    parent, _, name = path.rpartition("/")
                    self._listing.setdefault(parent, []).append(name)
        return list(self._listing.get(folder, ()))

    def make_folder(self, path: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.make_folder`."""
        parts = path.split("/") if path else []
        for count in range(1, len(parts) + 1):
            place = "/".join(parts[:count])
            if place not in self._names:
                self._move(place, _Node())
                self._step("make", place)
                self.sync_folder(_parent(place))

    def replace(self, old: str, new: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.replace`."""
        self.rename(old, new)
        self.sync_folder(_parent(new))

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in one step that is not synced."""
        node = self._own(old, self._names[old])
        self._kept = self._listing = None
        self._dirty.pop(new, None)
        if old in self._dirty:
            del self._dirty[old]
            self._dirty[new] = None
        self._moves.append(_Move(new, node, old))
        del self._names[old]
        self._names[new] = node
        self._step("rename", new)

    def sync_folder(self, path: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.sync_folder`."""
        waiting = []
        for move in self._moves:
            if _parent(move.path) == path:
                move.do(self._safe_names)
            else:
                waiting.append(move)
        self._moves = waiting
        self._kept = None
        self._step("sync", path)

    @contextmanager
    def locked(self, folder: str, timeout: float, anchor: str) -> Iterator[None]:  # noqa: ARG002
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.locked`."""
        if folder in self._held:
            raise TimeoutError(folder, timeout)
        self._held.add(folder)
        try:
            yield
        finally:
            self._held.discard(folder)

    # -- the power fails -------------------------------------------------------------------------

    @property
    def unsynced(self) -> bool:
        """Whether a loss of power at this moment could take anything away."""
        return bool(self._moves or self._dirty)

    def without_power(self, chance: Random) -> SimDisk:
        """Draw a disk as it may be found when the power is back; this one goes on as if nothing was.

        Args:
            chance: Draws; the same state of it gives the same disk.
        """
        luck = chance.choice(_LUCK)
        found = SimDisk()
        if self._moves:
            self._draw_names(found._names, chance, luck)
        else:
            if self._kept is None:
                self._kept = {path: node.image() for path, node in self._names.items()}
            found._names |= self._kept
            found._listing = self._listing
            for path in self._dirty:
                found._names[path] = self._names[path].without_power(chance, luck)
        found._safe_names = dict(found._names)
        return found

    def _draw_names(self, found: dict[str, _Node], chance: Random, luck: float) -> None:
        names = dict(self._safe_names)
        for move in self._moves:
            if chance.random() < luck:
                move.do(names)
        drawn: dict[int, _Node] = {}
        # A folder before what lies in it: what lies in a folder that is not there is not there.
        for path, node in sorted(names.items()):
            if not path or _parent(path) in found:
                if id(node) not in drawn:
                    drawn[id(node)] = node.without_power(chance, luck)
                found[path] = drawn[id(node)]

    def write_back(self) -> None:
        """Let the system write the content of every file in its own time, as it does after a while."""
        for path in self._dirty:
            self._names[path].sync()
        self._dirty.clear()
        self._kept = None

    # -- what a test looks at --------------------------------------------------------------------

    def content(self, path: str) -> bytes:
        """The bytes of a file as a reader sees them; none where there is no such file."""
        node = self._names.get(path)
        return bytes(node.data) if node is not None else b""

    def image(self) -> tuple[tuple[str, bytes], ...]:
        """Every path with its bytes, ordered: equal for disks that nobody can tell apart."""
        return tuple((path, bytes(self._names[path].data)) for path in sorted(self._names))

    # -- steps -----------------------------------------------------------------------------------

    def _move(self, path: str, node: _Node) -> None:
        self._moves.append(_Move(path, node, None))
        self._names[path] = node
        self._kept = self._listing = None

    def _own(self, path: str, node: _Node) -> _Node:
        """Take a copy of what is shared with other disks, before it is changed."""
        if not node.shared:
            return node
        own = self._names[path] = self._safe_names[path] = _Node(node.frozen())
        self._kept = None
        return own

    def _step(self, verb: str, path: str) -> None:
        self.steps.append(f"{verb} {path}")
        if self._each is not None:
            self._each(self)

    def _sync(self, path: str, node: _Node) -> None:
        if self._refuses is not None and self._refuses():
            chance = Random(len(self.steps))  # noqa: S311 - seeded, so that it can be lived again
            node.forget(chance, chance.choice(_LUCK))
            self._kept = None
            if not node.pending:
                self._dirty.pop(path, None)
            raise OSError(errno.EIO, "input/output error")
        node.sync()
        self._clean(path)
        self._step("sync", path)

    def _clean(self, path: str) -> None:
        self._dirty.pop(path, None)
        self._kept = None

    def _change(self, path: str, node: _Node, offset: int, data: bytes | None) -> None:
        node.change(offset, data)
        self._dirty[path] = None


class _Move:
    """A change of names that waits for its folder to be synced."""

    __slots__ = ("node", "old", "path")

    def __init__(self, path: str, node: _Node, old: str | None) -> None:
        self.path = path
        self.node = node
        self.old = old

    def do(self, names: dict[str, _Node]) -> None:
        """Let it have happened, of which the name before it need not have been there yet."""
        if self.old is not None and names.get(self.old) is self.node:
            del names[self.old]
        names[self.path] = self.node


class _Node:
    """A file: what a reader sees, what is safe, and the changes between the two.

    Both are bytes until they change, so that many disks can share what none of them has changed.
    """

    __slots__ = ("data", "kept", "pending", "safe", "shared")

    def __init__(self, content: bytes = b"") -> None:
        self.data: bytes | bytearray = content
        self.safe: bytes | bytearray = content
        #: Offset and bytes of a write; a size and None for a cut.
        self.pending: list[tuple[int, bytes | None]] = []
        #: Whether several disks hold it, none of which may change it.
        self.shared = False
        self.kept: _Node | None = None

    def change(self, offset: int, data: bytes | None) -> None:
        if isinstance(self.data, bytes):
            self.data = bytearray(self.data)
        _apply(self.data, offset, data)
        self.pending.append((offset, data))

    def sync(self) -> None:
        if self.pending:
            safe = bytearray(self.safe)
            for offset, data in self.pending:
                _apply(safe, offset, data)
            self.safe = safe
            self.pending.clear()
            self.kept = None

    def frozen(self) -> bytes:
        if not isinstance(self.safe, bytes):
            self.safe = bytes(self.safe)
        return self.safe

    def forget(self, chance: Random, luck: float) -> None:
        """Let writes be lost in whole or in part for good; what was cut is still to be cut."""
        cuts = [change for change in self.pending if change[1] is None]
        self.pending = [change for change in self.pending if change[1] is not None]
        self.safe = self.without_power(chance, luck).safe
        self.pending, self.kept = cuts, None

    def image(self) -> _Node:
        """What is safe, for other disks to hold."""
        if self.kept is None:
            self.kept = self if self.shared else _Node(self.frozen())
            self.kept.shared = True
        return self.kept

    def without_power(self, chance: Random, luck: float) -> _Node:
        if not self.pending:
            return self.image()
        content = bytearray(self.safe)
        for offset, data in self.pending:
            if chance.random() < luck:
                _apply(content, offset, data)
            elif data:
                _tear(content, offset, data, chance)
        return _Node(bytes(content))


class _SimFile:
    def __init__(self, disk: SimDisk, path: str, node: _Node, *, writable: bool) -> None:
        self._disk = disk
        self._path = path
        self._node = node
        self._writable = writable

    def size(self) -> int:
        return len(self._node.data)

    def read(self, offset: int, count: int) -> bytes:
        return bytes(self._node.data[offset : offset + count])

    def write(self, offset: int, data: bytes) -> None:
        self._change("write", offset, bytes(data))

    def cut(self, size: int) -> None:
        self._change("cut", size, None)

    def sync(self) -> None:
        self._disk._sync(self._path, self._node)  # noqa: SLF001 - one thing in two classes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to give back."""

    def _change(self, verb: str, offset: int, data: bytes | None) -> None:
        if not self._writable:
            raise OSError(errno.EBADF, "opened for reading")
        self._disk._change(self._path, self._node, offset, data)  # noqa: SLF001 - as below
        self._disk._step(verb, self._path)  # noqa: SLF001 - as above


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _tear(content: bytearray, offset: int, data: bytes, chance: Random) -> None:
    """Let a write have happened in part, or as something else."""
    way = chance.randrange(6)
    size = len(data)
    if way == 0:
        return
    if way == 1:
        _apply(content, offset, data[: chance.randrange(size)])
    elif way == 2:
        # The end of it arrived, and its beginning did not.
        at = chance.randrange(size)
        _apply(content, offset + at, data[at:])
    elif way == 3:
        for at in range(-(offset % SECTOR), size, SECTOR):
            if chance.random() < 0.5:
                begin = max(0, at)
                _apply(content, offset + begin, data[begin : at + SECTOR])
    elif way == 4:
        _apply(content, offset, bytes(chance.randrange(size) + 1))
    else:
        _apply(content, offset, chance.randbytes(chance.randrange(size) + 1))
