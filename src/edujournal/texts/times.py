"""Times in words: days, clocks, windows, durations, on the clocks of one zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from edujournal.model.time import HOUR, MINUTE, SECOND, zone
from edujournal.texts import sentences
from edujournal.texts.catalogues import Messages
from edujournal.texts.words import MONTHS, NOUNS, WEEKDAYS

_DAY: Final = 24 * HOUR


class Times:
    """Says times in one language, on the clocks of one zone.

    *Version added: 0.1.*

    Args:
        messages: The language.
        place: Name of the zone.
    """

    def __init__(self, messages: Messages, place: str) -> None:
        self._messages = messages
        self._zone = zone(place)

    # -- days and clocks -------------------------------------------------------------------------

    def day(self, day: date) -> str:
        """Say a day in short: ``15 Sep 2026``, ``15.09.2026``."""
        return self._messages.pgettext("day", "{day} {month:.3} {year:04}", **self._parts(day))

    def long_day(self, day: date) -> str:
        """Say a day with its weekday: ``Tuesday, 15 September 2026``."""
        return self._messages.pgettext(
            "day", "{weekday}, {day} {month} {year:04}", **self._parts(day)
        )

    def short_day(self, day: date) -> str:
        """Say a day without its year, for the head of a column: ``15 Sep``, ``15.09``."""
        return self._messages.pgettext("day", "{day} {month:.3}", **self._parts(day))

    def _parts(self, day: date) -> dict[str, object]:
        return {
            "day": day.day,
            "month": self._messages.say(MONTHS[day.month - 1]),
            "number": day.month,
            "weekday": self._messages.say(WEEKDAYS[day.weekday()]),
            "year": day.year,
        }

    def clock(self, at: int) -> str:
        """Say the time of day of *at*: ``08:30``, with seconds where there are some.

        Where clocks show it twice that day, the offset from UTC tells which one is meant.
        """
        local = self._zone.local(at)
        shown = f"{local:%H:%M}"
        if local.second or local.microsecond:
            shown = f"{local:%H:%M:%S}"
        if local.microsecond:
            shown += f".{local.microsecond:06}"
        return shown + self._offset(local)

    def _offset(self, local: datetime) -> str:
        wall = local.time().replace(tzinfo=None, fold=0)
        if self._zone.at(local.date(), wall, 0) == self._zone.at(local.date(), wall, 1):
            return ""
        return f" (UTC{local.isoformat(timespec='minutes')[16:]})"

    def instant(self, at: int) -> str:
        """Say an instant: ``15 Sep 2026, 08:30``; never with a fraction of a second."""
        return self._join(self._zone.local_date(at), self.clock(at - at % SECOND))

    def end(self, at: int) -> str:
        """Say an instant before which something ends; midnight is 24:00 of the day before."""
        day, clock = self._end(at)
        return self._join(day, clock)

    def _join(self, day: date, clock: str) -> str:
        return self._messages.pgettext("instant", "{day}, {clock}", day=self.day(day), clock=clock)

    def _end(self, at: int) -> tuple[date, str]:
        day = self._zone.local_date(at)
        if at == self._zone.start_of_day(day):
            return self._zone.local_date(at - 1), "24:00"
        return day, self.clock(at)

    # -- windows ---------------------------------------------------------------------------------

    def window(self, opens: int | None, closes: int | None) -> str:
        """Say a half-open window: ``from 08:30 until 24:00 on 15 Sep 2026``."""
        say = self._messages.say
        if closes is None:
            if opens is None:
                return say(sentences.ANY_TIME)
            first = self._zone.local_date(opens)
            return say(sentences.FROM, opens=self.clock(opens), day=self.day(first))
        last, end = self._end(closes)
        if opens is None:
            return say(sentences.UNTIL, closes=end, day=self.day(last))
        first, start = self._zone.local_date(opens), self.clock(opens)
        if first == last:
            return say(sentences.ON_ONE_DAY, opens=start, closes=end, day=self.day(last))
        return say(
            sentences.OVER_DAYS,
            opens=start,
            first=self.day(first),
            closes=end,
            last=self.day(last),
        )

    def recorded(self, lo: int | None, hi: int, *, changed: bool = False) -> str:
        """Say when something was recorded, as exactly as ``[lo, hi)`` tells.

        Args:
            lo: First possible instant; None if not known.
            hi: End of the possible instants.
            changed: Whether it was a change.
        """
        table, say = sentences.CHANGED if changed else sentences.RECORDED, self._messages.say
        if lo is None:
            return say(table["before"], hi=self.end(hi))
        if hi - lo <= 1:
            return say(table["at"], at=self.instant(lo))
        day = self._zone.local_date(lo)
        if (lo, hi) == (self._zone.start_of_day(day), self._zone.end_of_day(day)):
            return say(table["day"], day=self.day(day))
        return say(table["between"], lo=self.instant(lo), hi=self.end(hi))

    # -- durations -------------------------------------------------------------------------------

    def between(self, first: int, last: int) -> str:
        """Say how long it is from *first* to *last*, by the two greatest units.

        From a day on, whole days are counted as calendars and clocks show them.
        """
        length = last - first
        if length >= _DAY:
            shown = self._wall(last) - self._wall(first)
            length = max(_DAY, shown // timedelta(microseconds=1))
        return self.duration(length)

    def _wall(self, at: int) -> datetime:
        return self._zone.local(at).replace(tzinfo=None, fold=0)

    def duration(self, length: int) -> str:
        """Say a duration in microseconds by its two greatest units: ``2 days 3 hours``."""
        counts = (
            (length // _DAY, "day"),
            (length % _DAY // HOUR, "hour"),
            (length % HOUR // MINUTE, "minute"),
            (length % MINUTE // SECOND, "second"),
        )
        first = next((place for place, (n, _) in enumerate(counts) if n), None)
        if first is None:
            return self._messages.pgettext("duration", "less than a second")
        shown = (self._messages.count(NOUNS[noun], n) for n, noun in counts[first : first + 2] if n)
        return " ".join(shown)
