"""The outbox in memory: for tests, and the rows that the one in a file looks at."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from threading import RLock

from edujournal.errors import StoreBusy
from edujournal.model.notices import Notice, NoticeStatus, OutboxHead


class Rows:
    """The rows of one school: by thread, and by what they are about."""

    def __init__(self) -> None:
        self.head = OutboxHead()
        self.by_thread: dict[str, Notice] = {}
        self._by_book: dict[str, dict[str, Notice]] = {}
        self._by_status: dict[NoticeStatus, dict[str, Notice]] = {one: {} for one in NoticeStatus}

    def put(self, head: OutboxHead, notices: Iterable[Notice]) -> None:
        """Keep *notices* and *head*."""
        for notice in notices:
            before = self.by_thread.get(notice.thread)
            if before is not None:
                del self._by_status[before.status][before.thread]
            self.by_thread[notice.thread] = notice
            self._by_status[notice.status][notice.thread] = notice
            self._by_book.setdefault(notice.book, {})[notice.thread] = notice
        self.head = head

    def of(self, statuses: Collection[NoticeStatus]) -> list[Notice]:
        """The notices with one of *statuses*, in order."""
        found = [one for status in set(statuses) for one in self._by_status[status].values()]
        return sorted(found, key=lambda one: one.seq)

    def about(self, book: str, numbers: Collection[int] | None) -> list[Notice]:
        """The notices about entries of *book*."""
        wanted = None if numbers is None else set(numbers)
        some = self._by_book.get(book, {}).values()
        return [one for one in some if wanted is None or one.number in wanted]


def check_follows(kept: OutboxHead, head: OutboxHead, school: str) -> None:
    """Refuse an act that does not follow the last one.

    Raises:
        StoreBusy: It does not.
    """
    if head.version != kept.version + 1:
        raise StoreBusy(
            "somebody else sends the notices of this school", where=school,
            expected=f"act {head.version - 1}", found=f"act {kept.version}",
            mend="One tick at a time; what was left open goes with the next.",
        )  # fmt: skip


class MemoryOutbox:
    """Keeps notices as long as it lives. Safe to share between threads.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        self._schools: dict[str, Rows] = {}
        self._lock = RLock()

    def _rows(self, school: str) -> Rows:
        return self._schools.setdefault(school, Rows())

    def head(self, school: str) -> OutboxHead:
        """See :meth:`edujournal.ports.Outbox.head`."""
        with self._lock:
            return self._rows(school).head

    def notices(self, school: str, *statuses: NoticeStatus) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.notices`."""
        with self._lock:
            return self._rows(school).of(statuses)

    def find(self, school: str, threads: Collection[str]) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.find`."""
        with self._lock:
            rows = self._rows(school).by_thread
            return [rows[one] for one in dict.fromkeys(threads) if one in rows]

    def about(self, school: str, book: str, numbers: Collection[int] | None) -> Iterable[Notice]:
        """See :meth:`edujournal.ports.Outbox.about`."""
        with self._lock:
            return self._rows(school).about(book, numbers)

    def save(self, school: str, head: OutboxHead, notices: Iterable[Notice]) -> None:
        """See :meth:`edujournal.ports.Outbox.save`."""
        some = list(notices)
        with self._lock:
            rows = self._rows(school)
            check_follows(rows.head, head, school)
            rows.put(head, some)
