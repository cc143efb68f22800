"""The outbox as a file for each school: a line for each act, synced before it counts."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final
from urllib.parse import quote

from attrs import asdict
from filelock import FileLock, Timeout

from edujournal.adapters.outboxes.memory import Rows, check_follows
from edujournal.errors import StoreBusy, StoreDamaged, StoreError, StoreUnwritable
from edujournal.model.notices import (
    Notice,
    NoticeStatus,
    OutboxHead,
    notice_from_plain,
    notice_to_plain,
)
from edujournal.synced_files import sync_folder

#: How long the lock of a file is waited for, in seconds.
_PATIENCE: Final = 30

#: The file is written anew when it has so many times more rows than threads.
_WASTE: Final = 8

#: Below so many rows it is left alone.
_SMALL: Final = 4_096


class FileOutbox:
    """Keeps notices in ``<school>.outbox.jsonl`` of a folder. Safe between threads and processes.

    A line that a loss of power has cut short counts for nothing. All rows of a school are held in
    memory; for a large one take the outbox of a database.

    *Version added: 0.1.*

    Args:
        folder: Where; it is made with the first notice.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._known: dict[str, tuple[Rows, tuple[int, int], int]] = {}
        # Rows are held in memory: threads that share this object look at them by turns.
        self._lock = RLock()

    def head(self, school: str) -> OutboxHead:
        """See :meth:`edujournal.ports.Outbox.head`."""
        with self._lock:
            return self._fresh(school).head

    def notices(self, school: str, *statuses: NoticeStatus) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.notices`."""
        with self._lock:
            return self._fresh(school).of(statuses)

    def find(self, school: str, threads: Collection[str]) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.find`."""
        with self._lock:
            rows = self._fresh(school).by_thread
            return [rows[one] for one in dict.fromkeys(threads) if one in rows]

    def about(self, school: str, book: str, numbers: Collection[int] | None) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.about`."""
        with self._lock:
            return self._fresh(school).about(book, numbers)

    def save(self, school: str, head: OutboxHead, notices: Iterable[Notice]) -> None:
        """See :meth:`edujournal.ports.Outbox.save`.

        Raises:
            StoreBusy: Somebody else sends the notices of this school.
            StoreUnwritable: The file cannot be written.
            StoreDamaged: It is not what was written.
        """
        some = list(notices)
        with self._lock, self._locked(school):
            rows = self._read(school)
            check_follows(rows.head, head, school)
            _, _, written = self._known[school]
            whole = written + len(some) > max(_SMALL, _WASTE * len(rows.by_thread))
            if whole:
                rows.put(head, some)
                self._rewrite(school, rows)
                return
            place = self._place(school)
            try:
                is_new = not place.exists()
                with place.open("ab") as file:
                    file.write(_line(head, some))
                    file.flush()
                    os.fsync(file.fileno())
                if is_new:
                    sync_folder(self.folder)
            except OSError as error:
                raise _unwritable(place, error) from error
            rows.put(head, some)
            self._remember(school, rows, written + len(some))

    # -- inside ----------------------------------------------------------------------------------

    def _place(self, school: str) -> Path:
        return self.folder / f"{quote(school, safe='')}.outbox.jsonl"

    def _fresh(self, school: str) -> Rows:
        known = self._known.get(school)
        if known is not None and known[1] == _mark(self._place(school)):
            return known[0]
        with self._locked(school):
            return self._read(school)

    @contextmanager
    def _locked(self, school: str) -> Iterator[None]:
        place = self._place(school)
        lock = FileLock(place.with_name(f"{place.name}.lock"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=_PATIENCE)
        except Timeout as error:
            raise StoreBusy("somebody else holds the outbox", where=str(place)) from error
        except OSError as error:
            raise _unwritable(place, error) from error
        try:
            yield
        finally:
            lock.release()

    def _read(self, school: str) -> Rows:
        place = self._place(school)
        known = self._known.get(school)
        if known is not None and known[1] == _mark(place):
            return known[0]
        rows, written = Rows(), 0
        try:
            content = place.read_bytes() if place.exists() else b""
        except OSError as error:
            raise StoreError(
                "the outbox cannot be read", where=str(place), found=str(error)
            ) from error
        whole = content.rfind(b"\n") + 1
        for number, line in enumerate(content[:whole].splitlines(), 1):
            head, notices = _parsed(line, f"{place}:{number}")
            rows.put(head, notices)
            written += len(notices)
        if whole < len(content):
            self._cut(place, whole)
        self._remember(school, rows, written)
        return rows

    @staticmethod
    def _cut(place: Path, size: int) -> None:
        """Drop the line that a loss of power has cut short: it was never acknowledged."""
        try:
            with place.open("r+b") as file:
                file.truncate(size)
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(place, error) from error

    def _rewrite(self, school: str, rows: Rows) -> None:
        place = self._place(school)
        new = place.with_name(f"{place.name}.new")
        try:
            with new.open("wb") as file:
                file.write(_line(rows.head, rows.by_thread.values()))
                file.flush()
                os.fsync(file.fileno())
            new.replace(place)
            sync_folder(self.folder)
        except OSError as error:
            self._known.pop(school, None)
            raise _unwritable(place, error) from error
        self._remember(school, rows, len(rows.by_thread))

    def _remember(self, school: str, rows: Rows, written: int) -> None:
        self._known[school] = (rows, _mark(self._place(school)), written)


def _mark(place: Path) -> tuple[int, int]:
    """What tells whether a file is the one that was read: it only grows, or is another file."""
    try:
        found = place.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_size


def _line(head: OutboxHead, notices: Iterable[Notice]) -> bytes:
    said = {"head": asdict(head), "notices": [notice_to_plain(one) for one in notices]}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _parsed(line: bytes, where: str) -> tuple[OutboxHead, list[Notice]]:
    try:
        said: dict[str, Any] = json.loads(line)
        head = OutboxHead(**said["head"])
        rows = said["notices"]
    except (KeyError, TypeError, ValueError) as error:
        raise StoreDamaged("not an outbox", where=where) from error
    return head, [notice_from_plain(row, where) for row in rows]


def _unwritable(place: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable("the outbox was not written", where=str(place), found=str(error))
