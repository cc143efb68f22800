"""The disk as the file store sees it: a few verbs, so that a simulated disk can stand in for it."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from edujournal.errors import BadInput, StoreDamaged
from edujournal.synced_files import sync_folder

#: How often a lock that somebody else holds is tried again, in seconds.
POLL: Final = 0.001

_NO_LOCKS: Final = frozenset({errno.EBADF, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


class Run(Protocol):
    """A run of bytes: a file, or several that follow each other. Used by one thread."""

    def size(self) -> int:
        """How many bytes there are."""

    def read(self, offset: int, count: int) -> bytes:
        """*count* bytes from *offset*; fewer only where they end."""

    def write(self, offset: int, data: bytes) -> None:
        """Put *data* at *offset*, all of it or an error."""

    def cut(self, size: int) -> None:
        """Drop what lies beyond *size*."""

    def sync(self) -> None:
        """Return when what was written would survive the loss of power."""


class DiskFile(Run, Protocol):
    """An open file; never used again after an error."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""


class Disk(Protocol):
    """A folder. Paths are relative to it, with ``/``; every error is an :class:`OSError`."""

    def open(self, path: str, *, edit: bool = False) -> DiskFile:
        """Open a file that exists."""

    def create(self, path: str, *, new: bool = False) -> DiskFile:
        """Open a file for writing, emptied if it exists.

        Raises:
            FileExistsError: It exists, and *new* says that it must not.
        """

    def names(self, folder: str) -> Sequence[str]:
        """Names in *folder*, ordered; none when it does not exist."""

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it, unless they are there; durable."""

    def replace(self, old: str, new: str) -> None:
        """Give a synced file the name *new*, replacing what had it; durable."""

    def sync_folder(self, path: str) -> None:
        """Return when the names in a folder would survive the loss of power."""

    def locked(self, folder: str, timeout: float, anchor: str) -> AbstractContextManager[None]:
        """Be the only one, of all processes, inside such a block for *folder*.

        Args:
            folder: What is locked.
            timeout: Seconds to wait.
            anchor: A file in it that nobody deletes as long as the store is used, if it exists yet:
                where a lock file has to serve, it is locked as well.

        Raises:
            TimeoutError: Somebody else was in it for *timeout* seconds.
        """


class RealDisk:
    """A folder of this computer. Symbolic links inside it are refused.

    *Version added: 0.1.*
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        place = Path(root).absolute()
        if place.exists() and not place.is_dir():
            raise BadInput("not a folder", where=str(place), mend="Name the folder of the store.")
        self.root = str(place)

    def open(self, path: str, *, edit: bool = False) -> DiskFile:
        """See :meth:`Disk.open`."""
        return _RealFile(self._place(path), os.O_RDWR if edit else os.O_RDONLY)

    def create(self, path: str, *, new: bool = False) -> DiskFile:
        """See :meth:`Disk.create`."""
        flags = os.O_RDWR | os.O_CREAT | (os.O_EXCL if new else os.O_TRUNC)
        return _RealFile(self._place(path), flags)

    def names(self, folder: str) -> Sequence[str]:
        """See :meth:`Disk.names`."""
        try:
            with os.scandir(self._place(folder)) as found:
                return sorted(entry.name for entry in found)
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def make_folder(self, path: str) -> None:
        """See :meth:`Disk.make_folder`."""
        missing = []
        place = Path(self._place(path))
        while not place.is_dir():
            missing.append(place)
            place = place.parent
        for place in reversed(missing):
            with suppress(FileExistsError):
                place.mkdir()
            sync_folder(place.parent)

    def replace(self, old: str, new: str) -> None:
        """See :meth:`Disk.replace`."""
        place = Path(self._place(new))
        Path(self._place(old)).replace(place)
        sync_folder(place.parent)

    def sync_folder(self, path: str) -> None:
        """See :meth:`Disk.sync_folder`."""
        sync_folder(self._place(path))

    @contextmanager
    def locked(self, folder: str, timeout: float, anchor: str) -> Iterator[None]:
        """See :meth:`Disk.locked`.

        The folder itself is locked where the system can: unlike a lock file, which lets a second
        holder in when somebody deletes it, a folder that holds a store stays where it is.
        """
        with ExitStack() as held:
            if not _lock_folder(held, self._place(folder), timeout):
                path = self._place(f"{folder}/lock.lock" if folder else "lock.lock")
                _lock_file(held, path, timeout)
                _lock_anchor(held, self._place(anchor), timeout)
            yield

    def _place(self, path: str) -> str:
        """Find *path* on this computer; every step of the way has to be a plain folder or file."""
        place = self.root
        for part in path.split("/") if path else ():
            place = f"{place}{os.sep}{part}"
            try:
                found = os.lstat(place)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if stat.S_ISLNK(found.st_mode) or _is_junction(found):
                raise StoreDamaged(
                    "a symbolic link stands in the store",
                    where=place,
                    expected="a plain file or folder",
                    mend="Put the file itself there, or keep the store in another folder.",
                )
        return place


def _is_junction(found: os.stat_result) -> bool:
    """Windows has further ways to lead elsewhere; all of them bear a tag."""
    return sys.platform == "win32" and found.st_reparse_tag != 0


class _RealFile:
    def __init__(self, place: str, flags: int) -> None:
        plain = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        self._handle = os.open(place, flags | plain | getattr(os, "O_CLOEXEC", 0), 0o666)

    def size(self) -> int:
        return os.fstat(self._handle).st_size

    def read(self, offset: int, count: int) -> bytes:
        os.lseek(self._handle, offset, os.SEEK_SET)
        data = os.read(self._handle, count)
        while len(data) < count:
            more = os.read(self._handle, count - len(data))
            if not more:
                break
            data += more
        return data

    def write(self, offset: int, data: bytes) -> None:
        os.lseek(self._handle, offset, os.SEEK_SET)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def cut(self, size: int) -> None:
        os.ftruncate(self._handle, size)

    def sync(self) -> None:
        _sync(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)


def _best_sync() -> Callable[[int], None]:
    if sys.platform == "darwin":
        import fcntl

        def through_the_drive(handle: int) -> None:
            # fsync alone leaves the data in the drive's own cache there.
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)

        return through_the_drive
    return getattr(os, "fdatasync", os.fsync)


_sync: Final = _best_sync()


def _lock_folder(held: ExitStack, folder: str, timeout: float) -> bool:
    """Lock *folder* until *held* ends; give False where the system locks no folders."""
    if sys.platform == "win32":
        return False
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    return _lock_handle(held, handle, folder, timeout)


def _lock_file(held: ExitStack, path: str, timeout: float) -> None:
    from filelock import FileLock, Timeout

    try:
        held.enter_context(FileLock(path).acquire(timeout=timeout, poll_interval=POLL))
    except Timeout as error:
        raise TimeoutError(path) from error


def _lock_anchor(held: ExitStack, path: str, timeout: float) -> None:
    """Lock a file that stays, beside a lock file that may be deleted; where the system can."""
    if sys.platform == "win32":
        # There nobody can delete a file that is open, and a lock would keep readers out.
        return
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    _lock_handle(held, handle, path, timeout)


def _lock_handle(held: ExitStack, handle: int, path: str, timeout: float) -> bool:
    import fcntl
    from time import monotonic, sleep

    held.callback(os.close, handle)
    until = monotonic() + timeout
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if monotonic() >= until:
                raise TimeoutError(path) from error
            sleep(POLL)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            raise
        else:
            return True
