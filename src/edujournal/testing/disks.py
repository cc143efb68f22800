"""Disks that are not there: one in memory that can lose its power, and one that fails at will."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from edujournal.adapters.stores.files.disk import Disk, DiskFile


class MemoryDisk:
    """A disk in memory. What was not synced is gone when the power fails.

    *Version added: 0.1.*

    Attributes:
        files: Path → what a reader sees.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytearray] = {}
        self._synced: dict[str, bytes] = {}
        self._named: set[str] = set()
        self._held: set[str] = set()

    def lose_power(self) -> None:
        """Forget every byte and every name that was not synced, and every lock."""
        self.files = {path: bytearray(self._synced.get(path, b"")) for path in self._named}
        self._held.clear()

    def open(self, path: str, *, edit: bool = False) -> DiskFile:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.open`."""
        if path not in self.files:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        return _MemoryFile(self, path, writable=edit)

    def create(self, path: str, *, new: bool = False) -> DiskFile:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.create`."""
        if new and path in self.files:
            raise FileExistsError(errno.EEXIST, "exists", path)
        self.files[path] = bytearray()
        return _MemoryFile(self, path, writable=True)

    def names(self, folder: str) -> Sequence[str]:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.names`."""
        lead = f"{folder}/" if folder else ""
        inside = (path.removeprefix(lead) for path in self.files if path.startswith(lead))
        return sorted({path.partition("/")[0] for path in inside})

    def make_folder(self, path: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.make_folder`."""

    def replace(self, old: str, new: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.replace`."""
        self.files[new] = self.files.pop(old)
        self._synced[new] = self._synced.pop(old, b"")
        self._named.discard(old)
        self.sync_folder(new.rpartition("/")[0])

    def sync_folder(self, path: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.sync_folder`."""
        self._named |= {name for name in self.files if name.rpartition("/")[0] == path}

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

    def sync(self, path: str) -> None:
        """Put the bytes of a file out of danger."""
        self._synced[path] = bytes(self.files[path])


class _MemoryFile:
    def __init__(self, disk: MemoryDisk, path: str, *, writable: bool) -> None:
        self._disk = disk
        self._path = path
        self._data = disk.files[path]
        self._writable = writable

    def size(self) -> int:
        return len(self._data)

    def read(self, offset: int, count: int) -> bytes:
        return bytes(self._data[offset : offset + count])

    def write(self, offset: int, data: bytes) -> None:
        self._check()
        self._data[offset : offset + len(data)] = data

    def cut(self, size: int) -> None:
        self._check()
        del self._data[size:]

    def sync(self) -> None:
        self._disk.sync(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to give back."""

    def _check(self) -> None:
        if not self._writable:
            raise OSError(errno.EBADF, "opened for reading", self._path)


class FailingDisk:
    """A disk whose *n*-th operation fails, and every one after it too if it *stays* broken.

    *Version added: 0.1.*

    Args:
        disk: The disk behind it.
        fails: Number of the operation that fails, from 1.
        code: What the system says: ``errno.EIO``, ``ENOSPC``, ``EROFS`` …
        short: A failing write puts half of its bytes first.
        stays: Everything after fails as well.
    """

    def __init__(
        self,
        disk: Disk,
        fails: int,
        *,
        code: int = errno.EIO,
        short: bool = False,
        stays: bool = False,
    ) -> None:
        self._disk = disk
        self._left = fails
        self._code = code
        self._short = short
        self._stays = stays

    @property
    def failed(self) -> bool:
        """Whether the operation that fails has been reached."""
        return self._left <= 0

    def count(self) -> bool:
        """Count one operation; tell whether it fails."""
        self._left -= 1
        return self._left == 0 or (self._stays and self._left < 0)

    def step(self) -> None:
        """Count one operation; fail if it is the one."""
        if self.count():
            raise self.error()

    def error(self) -> OSError:
        """What the system says."""
        return OSError(self._code, errno.errorcode[self._code])

    def open(self, path: str, *, edit: bool = False) -> DiskFile:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.open`."""
        self.step()
        return _FailingFile(self, self._disk.open(path, edit=edit), short=self._short)

    def create(self, path: str, *, new: bool = False) -> DiskFile:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.create`."""
        self.step()
        return _FailingFile(self, self._disk.create(path, new=new), short=self._short)

    def names(self, folder: str) -> Sequence[str]:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.names`."""
        self.step()
        return self._disk.names(folder)

    def make_folder(self, path: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.make_folder`."""
        self.step()
        self._disk.make_folder(path)

    def replace(self, old: str, new: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.replace`."""
        self.step()
        self._disk.replace(old, new)

    def sync_folder(self, path: str) -> None:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.sync_folder`."""
        self.step()
        self._disk.sync_folder(path)

    @contextmanager
    def locked(self, folder: str, timeout: float, anchor: str) -> Iterator[None]:
        """See :meth:`edujournal.adapters.stores.files.disk.Disk.locked`."""
        self.step()
        with self._disk.locked(folder, timeout, anchor):
            yield


class _FailingFile:
    def __init__(self, disk: FailingDisk, file: DiskFile, *, short: bool) -> None:
        self._disk = disk
        self._file = file
        self._short = short

    def size(self) -> int:
        self._disk.step()
        return self._file.size()

    def read(self, offset: int, count: int) -> bytes:
        self._disk.step()
        return self._file.read(offset, count)

    def write(self, offset: int, data: bytes) -> None:
        if self._disk.count():
            if self._short:
                self._file.write(offset, data[: len(data) // 2])
            raise self._disk.error()
        self._file.write(offset, data)

    def cut(self, size: int) -> None:
        self._disk.step()
        self._file.cut(size)

    def sync(self) -> None:
        self._disk.step()
        self._file.sync()

    def __enter__(self) -> Self:
        self._file.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.__exit__(kind, error, trace)
