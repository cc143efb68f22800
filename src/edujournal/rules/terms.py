"""Terms: a deadline as data. Anchor → shift → roll → snap, and min, max, clamp, first_known of such.

A term is evaluated once per distinct key: the values of the anchors it names and, where it counts
school days, the group. What it does not name cannot change it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Final

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.calendar import Calendar
from edujournal.model.time import zone
from edujournal.rules.anchors import ANCHORS
from edujournal.rules.verdicts import NotKnown

#: What a term is made of and gives: a day, an instant in UTC microseconds, or not known.
Value = date | int | NotKnown

_MICROSECONDS: Final = {"minutes": 60_000_000, "hours": 3_600_000_000}
_CALENDAR_UNITS: Final = frozenset({"days", "weeks", "months", "years"})
_COUNTED_UNITS: Final = frozenset({"school_days", "working_days"})

#: Units of which a pause may pass over days.
PAUSED_UNITS: Final = _COUNTED_UNITS | {"days", "weeks"}

#: Units in which a shift may be counted.
UNITS: Final = frozenset(_MICROSECONDS) | _CALENDAR_UNITS | _COUNTED_UNITS | {"lessons", "periods"}

#: Ways to roll a day that is off.
ROLLS: Final = frozenset(
    {"none", "next_working_day", "next_school_day", "previous_working_day", "previous_school_day"}
)

#: Ways to snap a day to an instant, beside ``HH:MM``.
SNAPS: Final = frozenset(
    {"none", "start_of_day", "end_of_day", "end_of_school_day", "start_of_week"}
)

#: Days that a count of days passes over: the group's holidays, days on which nobody was taught, days
#: on which the pupil, or the teacher, was absent.
PAUSES: Final = frozenset({"none", "holidays", "outage", "pupil_absent", "teacher_absent"})

#: Of these, those that are told by what stands in the journal.
ABSENCES: Final = frozenset({"pupil_absent", "teacher_absent"})

_SHIFT: Final = re.compile(r"([+-])\s*(\d{1,4}|given\.[a-z][a-z0-9_]*)\s+([a-z_]+)")
_DAY_OF_YEAR: Final = re.compile(r"(\d{2})-(\d{2})")


@frozen
class Shift:
    """So many units forward (or back, when negative). *given* names a number the school supplies."""

    unit: str
    number: int = 0
    given: str | None = None
    sign: int = 1

    @classmethod
    def parse(cls, text: str) -> Shift:
        """Read ``+3 days``, ``-1 weeks``, ``+90 minutes``, ``+given.practical_days days``.

        Raises:
            BadInput: It is not of this form.
        """
        found = _SHIFT.fullmatch(text)
        unit = found[3] if found else ""
        if unit and not unit.endswith("s"):
            unit += "s"
        if found is None or unit not in UNITS:
            raise BadInput(
                "not a shift",
                expected=f"a sign, a number or given.NAME, and one of {', '.join(sorted(UNITS))}",
                found=repr(text),
            )
        sign = 1 if found[1] == "+" else -1
        if found[2].startswith("given."):
            return cls(unit, given=found[2].removeprefix("given."), sign=sign)
        return cls(unit, number=sign * int(found[2]))

    def __str__(self) -> str:
        if self.given:
            return f"{'+' if self.sign > 0 else '-'}given.{self.given} {self.unit}"
        return f"{self.number:+d} {self.unit}"


@frozen
class Anchored:
    """One anchor, shifted, rolled and snapped.

    Attributes:
        anchor: Name of the anchor, ``date:MM-DD`` for a fixed day of the year, or ``given.NAME``.
        shift: How far from it; None for not at all.
        roll: What to do with a day that is off.
        snap: Where on the day; ``none`` for an anchor that is an instant.
        count: Whether the day of the anchor counts as the first: ``excluded`` or ``included``.
        pause: Days that a count of days passes over, one of :data:`PAUSES`.
    """

    anchor: str
    shift: Shift | None = None
    roll: str = "none"
    snap: str = "none"
    count: str = "excluded"
    pause: str = "none"

    def anchors(self) -> Iterator[str]:
        """Names of the anchors it reads."""
        yield self.anchor


def _terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(terms)


@frozen
class Combined:
    """Terms combined: ``min``, ``max``, ``first_known``, or ``clamp`` of (term, lo, hi)."""

    how: str
    terms: tuple[Term, ...] = field(converter=_terms)

    def anchors(self) -> Iterator[str]:
        """Names of the anchors it reads."""
        for term in self.terms:
            yield from term.anchors()


Term = Anchored | Combined


def _nothing(_: object) -> None:
    return None


def _never(_: str, __: date) -> bool:
    return False


@frozen(eq=False)
class Setting:
    """Where a term is evaluated.

    Attributes:
        look: Gives the value of an anchor.
        calendar: Frame of the year.
        group: Group whose school days are counted; None where there is none.
        given: Numbers and days that the school supplies.
        nth_lesson: Start of the n-th lesson held in the journal after the occasion, or None.
        school_day_end: End of the school's last lesson on a day, or None.
        away: Tells whether the pause of a name passes over a day on which somebody was absent.
    """

    look: Callable[[str], Value]
    calendar: Calendar
    group: str | None
    given: Mapping[str, int | date]
    nth_lesson: Callable[[int], int | None] = _nothing
    school_day_end: Callable[[date], int | None] = _nothing
    away: Callable[[str, date], bool] = _never


@frozen
class Step:
    """One step of an evaluation, for an explanation.

    *Version added: 0.1.*

    Attributes:
        what: ``anchor``, ``shift``, ``roll``, ``snap``, or a combination.
        how: Its parameter, as in the file.
        value: What it gave.
    """

    what: str
    how: str
    value: Value


def kind_of(term: Term) -> str:
    """Tell whether *term* gives a ``date`` or an ``instant``.

    Raises:
        BadInput: Its parts do not fit together.
    """
    if isinstance(term, Combined):
        kinds = {kind_of(part) for part in term.terms}
        if len(kinds) > 1:
            raise BadInput(
                f"{term.how} of dates and instants", expected="terms of one type",
                mend="Give the dates a snap.",
            )  # fmt: skip
        return kinds.pop()
    if term.anchor.startswith(("date:", "given.")):
        kind = "date"
    else:
        kind = ANCHORS[term.anchor].kind
    if term.shift is not None and term.shift.unit == "lessons":
        kind = "instant"
    if kind == "instant" and term.snap != "none":
        kind = "date"
    if kind == "instant" and term.shift is not None and term.shift.unit in _COUNTED_UNITS:
        kind = "date"
    if term.pause != "none" and (term.shift is None or term.shift.unit not in PAUSED_UNITS):
        raise BadInput(
            "a pause in what is not counted in days", found=f"{term.anchor} {term.shift or ''}",
            expected=f"a shift in {', '.join(sorted(PAUSED_UNITS))}",
        )  # fmt: skip
    if kind == "date" and term.shift is not None and term.shift.unit in _MICROSECONDS:
        raise BadInput(
            "minutes counted from a day", found=f"{term.anchor} {term.shift}",
            expected="an anchor that is an instant",
        )  # fmt: skip
    return "instant" if kind == "instant" or term.snap != "none" else "date"


def evaluate(term: Term, setting: Setting, steps: list[Step] | None = None) -> Value:
    """Give the value of *term*, and note each step in *steps* where that is given."""
    if isinstance(term, Combined):
        return _combine(term, setting, steps)
    return _anchored(term, setting, steps)


def _combine(term: Combined, setting: Setting, steps: list[Step] | None) -> Value:
    if term.how == "first_known":
        value: Value = NotKnown("nothing")
        for part in term.terms:
            value = evaluate(part, setting, steps)
            if not isinstance(value, NotKnown):
                break
    else:
        values = [evaluate(part, setting, steps) for part in term.terms]
        unknown = next((one for one in values if isinstance(one, NotKnown)), None)
        if unknown is not None:
            value = unknown
        else:
            known = [one for one in values if not isinstance(one, NotKnown)]
            value = _fold(term.how, known)
    if steps is not None:
        steps.append(Step(term.how, "", value))
    return value


def _fold(how: str, values: list[date | int]) -> Value:
    order = sorted(values, key=lambda one: one if isinstance(one, int) else one.toordinal())
    if how == "min":
        return order[0]
    if how == "max":
        return order[-1]
    middle: Value = order[1]
    return middle


def _anchored(term: Anchored, setting: Setting, steps: list[Step] | None) -> Value:
    def note(what: str, how: str, value: Value) -> Value:
        if steps is not None:
            steps.append(Step(what, how, value))
        return value

    value = note("anchor", term.anchor, anchor_value(term.anchor, setting))
    if isinstance(value, NotKnown):
        return value
    tz = zone(setting.calendar.zone)
    keeps_instant = (
        isinstance(value, int)
        and term.snap == "none"
        and (term.shift is None or term.shift.unit not in _COUNTED_UNITS)
    )
    if isinstance(value, int) and not keeps_instant:
        value = tz.local_date(value)
    if term.shift is not None and term.shift.unit == "lessons":
        found = setting.nth_lesson(term.shift.number)
        value = note("shift", str(term.shift), NotKnown("next lesson") if found is None else found)
        if isinstance(value, int) and term.snap != "none":
            value = tz.local_date(value)
    elif term.shift is not None:
        value = note("shift", str(term.shift), _shift(value, term, setting))
    if isinstance(value, NotKnown):
        return value
    if term.roll != "none":
        value = note("roll", term.roll, _roll(value, term.roll, setting))
    if term.snap != "none" and isinstance(value, date):
        if term.snap == "end_of_day":
            value = tz.end_of_day(value)
        elif term.snap == "start_of_day":
            value = tz.start_of_day(value)
        elif term.snap == "start_of_week":
            value = tz.start_of_day(value - timedelta(days=value.weekday()))
        elif term.snap == "end_of_school_day":
            ends = setting.school_day_end(value)
            value = NotKnown("school_day.end") if ends is None else ends
        else:
            value = tz.at(value, time.fromisoformat(term.snap))
        note("snap", term.snap, value)
    return value


def anchor_value(anchor: str, setting: Setting) -> Value:
    """The value of *anchor*: a fixed day of the year, a setting of the school, or what is looked up."""
    if anchor.startswith("given."):
        found = setting.given.get(anchor.removeprefix("given."))
        return found if isinstance(found, date) else NotKnown(anchor)
    if anchor.startswith("date:"):
        month, day = int(anchor[5:7]), int(anchor[8:10])
        since, until = setting.calendar.since, setting.calendar.until
        for year in range(since.year, until.year + 1):
            try:
                found_day = date(year, month, day)
            except ValueError:  # 29 February of a common year
                continue
            if since <= found_day < until:
                return found_day
        return NotKnown(anchor)
    return setting.look(anchor)


def _shift(value: date | int, term: Anchored, setting: Setting) -> Value:
    shift = term.shift
    if shift is None:
        return value
    number = shift.number
    if shift.given is not None:
        given = setting.given.get(shift.given)
        if not isinstance(given, int):
            return NotKnown(f"given.{shift.given}")
        number = shift.sign * given
    if term.count == "included" and number and shift.unit in _CALENDAR_UNITS | _COUNTED_UNITS:
        number -= 1 if number > 0 else -1
    if isinstance(value, int) and shift.unit in _COUNTED_UNITS:
        value = zone(setting.calendar.zone).local_date(value)
    if isinstance(value, int) and term.pause != "none":
        tz = zone(setting.calendar.zone)
        day = tz.local_date(value)
        moved = _paused(day, number, shift.unit, term.pause, setting)
        return tz.move(value, days=(moved - day).days) if isinstance(moved, date) else moved
    if isinstance(value, int):
        if shift.unit in _MICROSECONDS:
            return value + number * _MICROSECONDS[shift.unit]
        days = {"days": number, "weeks": 7 * number}.get(shift.unit, 0)
        months = {"months": number, "years": 12 * number}.get(shift.unit, 0)
        return zone(setting.calendar.zone).move(value, months=months, days=days)
    if term.pause != "none":
        return _paused(value, number, shift.unit, term.pause, setting)
    return _shift_day(value, shift.unit, number, setting)


def _paused(day: date, number: int, unit: str, pause: str, setting: Setting) -> Value:
    """Count *number* days of a unit from *day*, passing over the days of the pause."""
    if setting.group is None:
        return NotKnown("group")
    calendar, group = setting.calendar, setting.group
    holidays = calendar.holidays_of(group) if pause == "holidays" else None

    def counts(one: date) -> bool:
        if unit == "school_days" and not calendar.is_school_day(group, one):
            return False
        if unit == "working_days" and not calendar.is_working_day(one):
            return False
        if pause == "outage":
            return one not in calendar.cancelled
        if holidays is not None:
            return not any(one in free for free in holidays)
        return not setting.away(pause, one)

    left = abs(number) * (7 if unit == "weeks" else 1)
    step = timedelta(days=1 if number > 0 else -1)
    while left:
        day += step
        if unit == "school_days" and not calendar.since <= day < calendar.until:
            return NotKnown("school day")
        left -= counts(day)
    return day


def _shift_day(day: date, unit: str, number: int, setting: Setting) -> Value:
    if unit == "days":
        return day + timedelta(days=number)
    if unit == "weeks":
        return day + timedelta(weeks=number)
    if unit in ("months", "years"):
        tz = zone(setting.calendar.zone)
        months = number * (12 if unit == "years" else 1)
        return tz.local_date(tz.move(tz.at(day, time(12)), months=months))
    if unit == "periods":
        return _shift_periods(day, number, setting)
    if unit == "working_days":
        return setting.calendar.add_working_days(day, number)
    if setting.group is None:
        return NotKnown("group")
    found = setting.calendar.add_school_days(setting.group, day, number)
    return NotKnown("school day") if found is None else found


def _shift_periods(day: date, number: int, setting: Setting) -> Value:
    """The last day of the period so many periods after the one in which *day* lies."""
    if setting.group is None:
        return NotKnown("group")
    periods = [one for one in setting.calendar.periods(setting.group) if one.kind != "year"]
    place = next((i for i, one in enumerate(periods) if day in one), None)
    if place is None or not 0 <= place + number < len(periods):
        return NotKnown("period")
    return periods[place + number].until - timedelta(days=1)


def _roll(value: date | int, how: str, setting: Setting) -> Value:
    calendar = setting.calendar
    if isinstance(value, int):
        tz = zone(calendar.zone)
        day = tz.local_date(value)
        rolled = _roll(day, how, setting)
        return tz.move(value, days=(rolled - day).days) if isinstance(rolled, date) else rolled
    if how == "next_working_day":
        return calendar.next_working_day(value, inclusive=True)
    if how == "previous_working_day":
        return calendar.previous_working_day(value, inclusive=True)
    if setting.group is None:
        return NotKnown("group")
    step = calendar.next_school_day if how == "next_school_day" else calendar.previous_school_day
    found = step(setting.group, value, inclusive=True)
    return NotKnown("school day") if found is None else found


def reads_group(term: Term) -> bool:
    """Tell whether the value of *term* depends on the group's school days."""
    if isinstance(term, Combined):
        return any(reads_group(part) for part in term.terms)
    return (
        term.roll.endswith("school_day")
        or term.pause != "none"
        or (term.shift is not None and term.shift.unit in ("school_days", "periods"))
    )


def reads_journal(term: Term) -> bool:
    """Tell whether the value of *term* depends on the other lessons of the occasion's journal."""
    if isinstance(term, Combined):
        return any(reads_journal(part) for part in term.terms)
    return term.shift is not None and term.shift.unit == "lessons"


def shifted(at: int, shift: Shift, calendar: Calendar, group: str | None) -> int | None:
    """The instant *at* moved by *shift*; None where that is not known."""

    def here(_: str) -> Value:
        return at

    value = _shift(at, Anchored("", shift), Setting(here, calendar, group, {}))
    if isinstance(value, date):
        return zone(calendar.zone).end_of_day(value)
    return value if isinstance(value, int) else None


def pauses(term: Term) -> frozenset[str]:
    """The pauses of *term* that are told by what stands in the journal."""
    if isinstance(term, Combined):
        return frozenset[str]().union(*(pauses(part) for part in term.terms))
    return frozenset({term.pause}) & ABSENCES


def snaps(term: Term) -> frozenset[str]:
    """The snaps that *term* uses."""
    if isinstance(term, Combined):
        return frozenset[str]().union(*(snaps(part) for part in term.terms))
    return frozenset({term.snap})
