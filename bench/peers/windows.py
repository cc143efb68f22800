"""Windows of records as peers work them out: by zoneinfo, by pendulum, or kept as integers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from bench.school import LessonRow, Tables

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)

#: Days in which the marks of a work are due, by family of kinds.
DAYS: Final = {"control": 3, "written": 10}

Window = tuple[Any, Any]


class Frame(Protocol):
    """What windows need to know besides the lesson."""

    @property
    def zone(self) -> str:
        """Time zone of the school."""

    @property
    def working(self) -> frozenset[date]:
        """Working days of the staff."""


class Windows(Protocol):
    """From when to when something may be recorded; moments compare with what :meth:`moment` gives."""

    def moment(self, at: int) -> Any:
        """The instant *at*, in UTC microseconds, as a moment."""

    def of_mark(self, lesson: LessonRow, family: str) -> Window:
        """The window of a mark of a kind of *family*."""

    def of_roll(self, lesson: LessonRow) -> Window:
        """The window of a roll call."""

    def of_homework(self, lesson: LessonRow) -> Any:
        """The end of the window of homework."""

    def end_of(self, day: date) -> Any:
        """The end of a day."""


class ByZoneinfo:
    """Works each window out when it is asked, as a script over the standard library does."""

    def __init__(self, tables: Frame) -> None:
        self.tables = tables
        self.zone = ZoneInfo(tables.zone)

    def moment(self, at: int) -> datetime:
        """See :class:`Windows`."""
        return _EPOCH + timedelta(microseconds=at)

    def of_mark(self, lesson: LessonRow, family: str) -> Window:
        """See :class:`Windows`."""
        if family == "lesson":
            return self.of_roll(lesson)
        last = lesson.day + timedelta(days=DAYS[family])
        while last not in self.tables.working:
            last += _DAY
        return datetime.combine(lesson.day, time(), self.zone), self.end_of(last)

    def of_roll(self, lesson: LessonRow) -> Window:
        """See :class:`Windows`."""
        return self.moment(lesson.starts), self.end_of(lesson.day)

    def of_homework(self, lesson: LessonRow) -> datetime:
        """See :class:`Windows`."""
        return self.moment(lesson.last_end) + timedelta(minutes=90)

    def end_of(self, day: date) -> datetime:
        """See :class:`Windows`."""
        return datetime.combine(day + _DAY, time(), self.zone)


class ByPendulum:
    """Works each window out when it is asked, by pendulum's own datetimes."""

    def __init__(self, tables: Frame) -> None:
        import pendulum

        self.tables = tables
        self.pendulum = pendulum
        self.zone = pendulum.timezone(tables.zone)

    def moment(self, at: int) -> Any:
        """See :class:`Windows`."""
        return self.pendulum.instance(_EPOCH + timedelta(microseconds=at))

    def of_mark(self, lesson: LessonRow, family: str) -> Window:
        """See :class:`Windows`."""
        if family == "lesson":
            return self.of_roll(lesson)
        held = self._start(lesson.day)
        last = held.add(days=DAYS[family])
        while last.date() not in self.tables.working:
            last = last.add(days=1)
        return held, last.add(days=1)

    def of_roll(self, lesson: LessonRow) -> Window:
        """See :class:`Windows`."""
        return self.moment(lesson.starts), self.end_of(lesson.day)

    def of_homework(self, lesson: LessonRow) -> Any:
        """See :class:`Windows`."""
        return self.moment(lesson.last_end).add(minutes=90)

    def end_of(self, day: date) -> Any:
        """See :class:`Windows`."""
        return self._start(day).add(days=1)

    def _start(self, day: date) -> Any:
        return self.pendulum.datetime(day.year, day.month, day.day, tz=self.zone)


class Kept:
    """Windows as integers, each worked out once and kept."""

    def __init__(self, tables: Frame) -> None:
        self.found = ByZoneinfo(tables)
        self.marks: dict[tuple[LessonRow, str], tuple[int, int]] = {}
        self.homework: dict[int, int] = {}
        self.days: dict[date, int] = {}

    def moment(self, at: int) -> int:
        """See :class:`Windows`."""
        return at

    def of_mark(self, lesson: LessonRow, family: str) -> Window:
        """See :class:`Windows`."""
        found = self.marks.get((lesson, family))
        if found is None:
            opens, closes = self.found.of_mark(lesson, family)
            found = self.marks[lesson, family] = (_instant(opens), _instant(closes))
        return found

    def of_roll(self, lesson: LessonRow) -> Window:
        """See :class:`Windows`."""
        return self.of_mark(lesson, "lesson")

    def of_homework(self, lesson: LessonRow) -> int:
        """See :class:`Windows`."""
        found = self.homework.get(lesson.last_end)
        if found is None:
            found = self.homework[lesson.last_end] = _instant(self.found.of_homework(lesson))
        return found

    def end_of(self, day: date) -> int:
        """See :class:`Windows`."""
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = _instant(self.found.end_of(day))
        return found


def kept_by_id(tables: Tables) -> dict[tuple[str, str], tuple[int, int]]:
    """The window of a mark for every lesson and every family of kinds, worked out beforehand."""
    kept = Kept(tables)
    return {
        (id, family): kept.of_mark(lesson, family)
        for id, lesson in tables.lessons.items()
        for family in ("lesson", "control", "written")
    }


def _instant(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
