"""Checkpoints as files of a folder: one file for each, in one folder for each log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from urllib.parse import quote

from filelock import FileLock, Timeout

from edujournal.errors import BadInput, StoreBusy, StoreError, StoreUnwritable
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.notes import parse_note
from edujournal.plain_files import LARGEST_PAPER, read_plain
from edujournal.synced_files import sync_folder

#: How long the folder's lock is waited for, in seconds.
_PATIENCE: Final = 30


class FolderCheckpoints:
    """Keeps checkpoints as files: ``<log>/<size>-<digest>.note``, to be copied, mailed or printed.

    Stamps lie beside them: ``<log>/<size>-<digest>.tsr``. A file is never changed. It is synced
    before it counts, and so is its name.

    *Version added: 0.1.*

    Args:
        folder: Where; it is made when the first checkpoint is kept.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def keep(self, origin: str, note: bytes) -> None:
        """See :meth:`edujournal.ports.CheckpointStore.keep`.

        Raises:
            BadInput: It is no checkpoint of that log.
            StoreUnwritable: It could not be kept.
        """
        known = Checkpoint.parse(parse_note(note).text)
        if known.origin != origin:
            raise BadInput("a checkpoint of another log", expected=origin, found=known.origin)
        self._put(origin, known.size, ".note", note)

    def keep_stamp(self, origin: str, size: int, token: bytes) -> None:
        """See :meth:`edujournal.ports.StampStore.keep_stamp`.

        Raises:
            StoreUnwritable: It could not be kept.
        """
        self._put(origin, size, ".tsr", token)

    def _put(self, origin: str, size: int, suffix: str, content: bytes) -> None:
        place = self._place(origin)
        name = place / f"{size:012d}-{sha256(content).hexdigest()[:16]}{suffix}"
        try:
            place.mkdir(parents=True, exist_ok=True)
            if name.exists() and _read(name) == content:
                return
            # A name of its own for each writer, of all threads and processes.
            with NamedTemporaryFile(dir=place, suffix=".new", delete=False) as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(stream.name).replace(name)
            sync_folder(place)
            sync_folder(self.folder)
        except OSError as error:
            raise StoreUnwritable("it was not kept", where=str(name), found=str(error)) from error

    def notes(self, origin: str) -> Iterator[bytes]:
        """See :meth:`edujournal.ports.CheckpointStore.notes`.

        Raises:
            StoreError: One of them cannot be read; the message names it.
        """
        # Of one size the one with more signatures comes last: it proves more.
        yield from sorted((content for _, content in self._all(origin, ".note")), key=_weight)

    def stamps(self, origin: str) -> Iterator[tuple[int, bytes]]:
        """See :meth:`edujournal.ports.StampStore.stamps`.

        Raises:
            StoreError: One of them cannot be read; the message names it.
        """
        for name, content in self._all(origin, ".tsr"):
            size = name.partition("-")[0]
            # A file of another name is handed out all the same: whoever verifies says what it is.
            yield (int(size) if size.isascii() and size.isdigit() else 0), content

    def _all(self, origin: str, suffix: str) -> list[tuple[str, bytes]]:
        place = self._place(origin)
        if not place.is_dir():
            return []
        return [(name.name, _read(name)) for name in sorted(place.glob(f"*{suffix}"))]

    @contextmanager
    def locked(self, origin: str) -> Iterator[None]:
        """See :meth:`edujournal.ports.WitnessMemory.locked`.

        Raises:
            StoreUnwritable: The folder cannot be written.
            StoreBusy: Somebody else has held it for half a minute.
        """
        place = self._place(origin)
        lock = FileLock(place.with_name(f"{place.name}.lock"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=_PATIENCE)
        except Timeout as error:
            raise StoreBusy(
                "somebody else is writing checkpoints of this log", where=str(place)
            ) from error
        except OSError as error:
            raise StoreUnwritable(
                "the folder of checkpoints cannot be locked", where=str(place), found=str(error)
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _place(self, origin: str) -> Path:
        return self.folder / quote(origin, safe="")


def _read(name: Path) -> bytes:
    return read_plain(name, LARGEST_PAPER, StoreError)


def _weight(data: bytes) -> tuple[int, int]:
    try:
        note = parse_note(data)
        return Checkpoint.parse(note.text).size, len(note.signatures)
    except BadInput:
        # It is handed out all the same: whoever verifies says what is wrong with it.
        return 0, 0
