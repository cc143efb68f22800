"""Seeing: guardians confirm that they have seen a week of the diary, in a log of its own."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from edujournal.accesses import REFUSED, SEEN, Access
from edujournal.errors import Refused
from edujournal.ledger.records import ZERO_HASH
from edujournal.locking import Locking
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import seen_book
from edujournal.model.people import Actor, Kleene
from edujournal.rules.integrity import CLAUSE, LIBRARY
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity, verdict
from edujournal.views.diary import Diary
from edujournal.views.diary_seen import seen_of, shown_digest
from edujournal.writing import entries_of

#: Roles of the office, that may record what a guardian has signed on paper; the homeroom teacher may, too.
_OFFICE = ("head", "deputy")


class SeenLog:
    """Confirmations of one year, by pupil and week; one more costs one step."""

    def __init__(self) -> None:
        self.number = 0
        self.hash = ZERO_HASH
        self._found: dict[tuple[str, str], list[Entry]] = {}

    def take(self, entry: Entry) -> None:
        """Take one more confirmation, the next in order."""
        self.number, self.hash = entry.number, entry.hash
        place = (entry.values["pupil"], entry.values["week"])
        self._found.setdefault(place, []).append(entry)

    def of(self, pupil: str, monday: date) -> list[Entry]:
        """The confirmations of a week of a pupil's diary, in order."""
        return self._found.get((pupil, monday.isoformat()), [])


def year_of_week(monday: date, facts: Facts) -> str:
    """The academic year whose log keeps confirmations of a week."""
    sunday = date.fromordinal(monday.toordinal() + 6)
    for one in facts.calendars:
        if monday < one.until and one.since <= sunday:
            return one.year
    return facts.calendar_at(facts.calendars[0].clocks.start_of_day(monday)).year


def may_confirm(actor: Actor, pupil: str, facts: Facts, day: date) -> bool:
    """Tell whether *actor* may confirm that a guardian of *pupil* has seen the diary.

    A guardian is an account that may see the pupil and is not the pupil's own. For a guardian the
    homeroom teacher of a group of the pupil may confirm, and the head and deputies.
    """
    guardian = facts.account(actor.on_behalf_of or actor.account)
    acting = facts.account(actor.account)
    if pupil not in guardian.pupils or guardian.holds("pupil", day, day) is Kleene.YES:
        return False
    if acting.active(day, day) is not Kleene.YES:
        return False
    if actor.on_behalf_of is None or actor.on_behalf_of == actor.account:
        return True
    groups = {
        row.group
        for row in facts.memberships_of(pupil)
        if (row.since is None or row.since <= day) and (row.until is None or day < row.until)
    }
    return any(acting.holds(role, day, day) is Kleene.YES for role in _OFFICE) or any(
        actor.account in facts.hands(group, None, "homeroom", day) for group in groups
    )


class Sees(Locking):
    """Confirmations of diaries: written into a log of its own, and read from there."""

    @cached_property
    def _seen(self) -> dict[str, SeenLog]:
        return {}

    def confirm(self, diary: Diary, actor: Actor, facts: Facts) -> None:
        """Log that *diary* was seen.

        Raises:
            Refused: The actor is no guardian of the pupil, and may not confirm for one.
            StoreError: It was not logged.
        """
        moment = self.now()
        year, week = year_of_week(diary.since, facts), diary.since.isoformat()
        log, about = seen_book(year), f"diary:{diary.pupil}"
        day = facts.calendar_at(moment).clocks.local_date(moment)
        if not may_confirm(actor, diary.pupil, facts, day):
            finding = Finding(
                "no-right", LIBRARY, CLAUSE, Severity.MUST, Outcome.BROKEN, Effect.REFUSE, log, about,
                diary.pupil, SEEN, lo=moment, hi=moment + 1, by=actor.account,
            )  # fmt: skip
            told = {"clause": CLAUSE, "code": "no-right", "record": SEEN, "regulation": LIBRARY}
            self.note([Access(REFUSED, year, actor, about, told, {"book": log})], facts, moment)
            raise Refused(verdict([finding]))
        told = {"pupil": diary.pupil, "shown": shown_digest(diary), "week": week}
        self.note([Access(SEEN, year, actor, about, told)], facts, moment)

    def with_seen(self, diary: Diary, facts: Facts, limit: int | None = None) -> Diary:
        """*diary* with who has confirmed to have seen it, before an instant where one is given."""
        log = seen_book(year_of_week(diary.since, facts))
        with self._lock(log):
            known = self._seen.setdefault(log, SeenLog())
            tail = self.store.read(self.school.id, log, known.number)
            for entry in entries_of(tail, known.number, known.hash):
                known.take(entry)
            found = [
                one for one in known.of(diary.pupil, diary.since) if limit is None or one.at < limit
            ]
        return diary.with_seen(seen_of(diary, found))
