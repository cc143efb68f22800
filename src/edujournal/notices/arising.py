"""Arising: which notices come of what is new in the log. Entries and facts in, notices out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from attrs import evolve

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, split_about, year_of_book
from edujournal.model.notices import (
    OF_DUTY,
    OPEN,
    Notice,
    NoticeStatus,
    digest_of,
)
from edujournal.model.people import Account, Kleene
from edujournal.model.time import Zone
from edujournal.notices.hours import latest_slot
from edujournal.notices.subscriptions import Subscription, Subscriptions
from edujournal.rules.reminders import Reminder
from edujournal.views.cells import absences_of, source_of

#: Kinds of records that are told → kind of the notice.
TOLD: Final[Mapping[str, str]] = {
    "mark": "mark",
    "marker": "mark",
    "makeup": "mark",
    "result": "result",
    "roll": "absence",
    "homework": "homework",
    "message": "message",
    "comment": "message",
}

#: Kinds of records that change what another entry says, or whether it counts.
CHANGING: Final = frozenset({"correction", "annulment", "approval"})

#: What a thing is said to be that no longer counts.
GONE: Final = "gone"

#: For how many weeks back a print-out is made that no tick was there for.
_WEEKS: Final = 5

_WEEK: Final = timedelta(days=7)


def root_of(entry: Entry, state: BookState) -> Entry:
    """The entry that *entry* changes in the end; itself where it changes none."""
    while entry.kind in CHANGING and entry.target is not None:
        before = state.entry(entry.target)
        if before is None or before.number >= entry.number:
            return entry
        entry = before
    return entry


def revision_of(entry: Entry, pupil: str, state: BookState) -> str:
    """What of *entry* there is to tell about *pupil* now: its corrections, or that it counts no more."""
    if entry.kind == "roll":
        counts = state.roll(entry.about)
        if counts is None or counts.number != entry.number:
            return GONE
        for one, absence in absences_of(entry, state):
            if one == pupil:
                return ",".join(map(str, absence.source.corrected))
        return GONE
    source = source_of(entry, state)
    values = state.reading(entry).values
    if not source.stands or bool(values.get("none", False)):
        return GONE
    if entry.kind in ("mark", "result") and values.get("value") is values.get("marker") is None:
        return GONE
    return ",".join(map(str, source.corrected))


def pupils_of(entry: Entry, state: BookState, facts: Facts) -> frozenset[str]:
    """Pupils whose diary *entry* is in: its own, those of a roll call, or those of its group that day."""
    if entry.kind == "roll":
        return frozenset(pupil for pupil, _ in absences_of(entry, state))
    if entry.pupil is not None:
        return frozenset({entry.pupil})
    try:
        calendar = facts.calendar(year_of_book(entry.book))
        if entry.kind == "message":
            day = date.fromisoformat(state.reading(entry).values["day"])
            return facts.roll(calendar, split_about(entry.about)[1], day)
        lesson = facts.lesson(str(entry.lesson))
        return facts.roll(calendar, JournalId.parse(entry.book).group, lesson.day)
    except Unknown:
        # The school's data has lost the lesson, or the group: nobody can tell whose it is.
        return frozenset()


def sees(account: str, pupil: str, facts: Facts, at: int) -> bool:
    """Tell whether *account* may see the diary of *pupil* at the instant *at*."""
    if not facts.knows_account(account):
        return False
    found: Account = facts.account(account)
    day = facts.calendar_at(at).clocks.local_date(at)
    return pupil in found.pupils and found.active(day, day) is Kleene.YES


class Arising:
    """What comes of new records, for the subscriptions of a school.

    Args:
        said: Who has asked for what.
        facts: What the school's data says.
        at: The instant, UTC microseconds.
        seq: Place of the last notice there is.
    """

    def __init__(self, said: Subscriptions, facts: Facts, at: int, seq: int) -> None:
        self.seq = seq
        self._said = said
        self._facts = facts
        self._at = at
        self._clocks = facts.calendar_at(at).clocks
        self._since = self._clocks.start_of_day(said.since)
        self._watching: dict[str, list[str]] = {}
        for account in facts.accounts:
            for pupil in account.pupils:
                self._watching.setdefault(pupil, []).append(account.id)

    # -- entries ---------------------------------------------------------------------------------

    def of_entry(
        self, entry: Entry, state: BookState, known: Mapping[str, Notice], since: int
    ) -> Iterator[Notice]:
        """Yield the notices that come of *entry* as it now reads, and those that it takes up again.

        Args:
            entry: An entry that says something of its own.
            state: What its book says.
            known: Notices about it, by thread.
            since: When it, or what changes it, was recorded.
        """
        kind = TOLD.get(entry.kind)
        if kind is None:
            return
        told = {one.pupil for one in known.values() if one.pupil is not None}
        fresh = entry.at >= self._since and (self._said.imported or entry.evidence is None)
        pupils = pupils_of(entry, state, self._facts) if fresh else frozenset()
        for pupil in sorted(pupils | told):
            revision = revision_of(entry, pupil, state)
            for account in self._watching.get(pupil, ()):
                for channel in self._said.channels:
                    thread = thread_of(account, pupil, channel.name, entry.book, entry.number)
                    before = known.get(thread)
                    if before is not None:
                        yield from self._again(before, kind, revision, since)
                    elif (
                        fresh
                        # What does not count, but may again, is kept in mind and not told.
                        and (revision != GONE or not state.stands(entry))
                        and self._asks(account, pupil, channel.name, kind, entry.at)
                    ):
                        self.seq += 1
                        yield Notice(
                            thread=thread, account=account, pupil=pupil, channel=channel.name,
                            kind=kind, book=entry.book, number=entry.number, seq=self.seq,
                            since=min(since, self._at), revision=revision,
                            status=NoticeStatus.WITHDRAWN if revision == GONE
                            else NoticeStatus.WAITING,
                        )  # fmt: skip

    def _again(self, before: Notice, kind: str, revision: str, since: int) -> Iterator[Notice]:
        """What becomes of a notice whose thing reads differently now."""
        if before.revision == revision:
            return
        if before.status in OPEN and not before.attempts:
            # Nobody was told anything yet: what is told will be as it reads when it is.
            gone = revision == GONE and before.kind != "correction"
            status = NoticeStatus.WITHDRAWN if gone else NoticeStatus.WAITING
            yield evolve(before, revision=revision, status=status, letter="")
            return
        # A correction that was withdrawn leaves standing what was told before it.
        was_told = before.status is not NoticeStatus.WITHDRAWN or before.kind == "correction"
        if revision == GONE and not was_told:
            return
        self.seq += 1
        yield evolve(
            before,
            kind="correction" if was_told else kind,
            turn=before.turn + 1,
            revision=revision,
            seq=self.seq,
            since=min(since, self._at),
            status=NoticeStatus.WAITING,
            letter="",
            attempts=0,
            not_before=0,
        )

    def _asks(self, account: str, pupil: str, channel: str, kind: str, recorded: int) -> bool:
        day = self._clocks.local_date(self._at)
        found = self._said.asked(account, pupil, channel, kind, "", day)
        if found is None or not sees(account, pupil, self._facts, self._at):
            return False
        return found.since is None or recorded >= self._clocks.start_of_day(found.since)

    # -- duties ----------------------------------------------------------------------------------

    def of_reminders(
        self, reminders: Iterable[Reminder], find: Callable[[list[str]], Mapping[str, Notice]]
    ) -> Iterator[Notice]:
        """Yield a notice for each reminder that an account is to be told of and was not yet.

        Args:
            reminders: Who is to be told of what by now.
            find: Gives the notices of threads that there are.
        """
        day = self._clocks.local_date(self._at)
        wanted: dict[str, tuple[str, str, str, Reminder]] = {}
        for one in sorted(reminders, key=lambda one: (one.since, one.key)):
            kind = kind_of(one)
            for account in sorted(one.accounts) if one.since >= self._since else ():
                for channel in self._said.channels:
                    asked = self._said.asked(account, None, channel.name, kind, one.role, day)
                    if asked is not None and one.since < self._taken_until(asked):
                        thread = digest_of("duty", account, channel.name, one.key)
                        wanted.setdefault(thread, (account, channel.name, kind, one))
        there = find(list(wanted))
        for thread, (account, name, kind, one) in wanted.items():
            before = there.get(thread)
            if before is not None and before.status is not NoticeStatus.WITHDRAWN:
                continue
            self.seq += 1
            yield Notice(
                thread=thread, account=account, pupil=None, channel=name, kind=kind,
                about=one.key, seq=self.seq, since=min(one.since, self._at),
                turn=0 if before is None else before.turn + 1,
            )  # fmt: skip

    def _taken_until(self, asked: Subscription) -> int:
        """Instant before which a reminder must hold to be told by the letter that is due now."""
        if asked.rhythm == "at_once":
            return self._at + 1
        return latest_slot(asked, self._at, self._clocks, weekly=asked.rhythm == "weekly")

    # -- print-outs ------------------------------------------------------------------------------

    def of_weeks(self, find: Callable[[list[str]], Mapping[str, Notice]]) -> Iterator[Notice]:
        """Yield a notice for each weekly print-out that is due and was not made yet."""
        wanted: dict[str, tuple[str, str, str, int, str]] = {}
        for asked in self._said.subscriptions:
            if "diary" not in asked.kinds or asked.account is None:
                continue
            pupils: Iterable[str] = (
                self._facts.account(asked.account).pupils
                if self._facts.knows_account(asked.account)
                else ()
            )
            slot = latest_slot(asked, self._at, self._clocks, weekly=True)
            for _ in range(_WEEKS):
                day = self._clocks.local_date(slot)
                if slot >= self._since and asked.holds(day):
                    for pupil in pupils:
                        if asked.pupil in (None, pupil):
                            last = day - timedelta(days=1)
                            of = last.isoformat()
                            # A week is printed once, whichever day of the next one it is asked for.
                            monday = (last - timedelta(days=last.weekday())).isoformat()
                            thread = digest_of("week", asked.account, pupil, asked.channel, monday)
                            wanted[thread] = (asked.account, pupil, asked.channel, slot, of)
                slot = self._clocks.at(day - _WEEK, asked.at)
        there = find(list(wanted))
        for thread, (account, pupil, name, slot, of) in sorted(
            wanted.items(), key=lambda one: (one[1][3], one[1])
        ):
            if thread not in there and sees(account, pupil, self._facts, self._at):
                self.seq += 1
                yield Notice(
                    thread=thread, account=account, pupil=pupil, channel=name, kind="diary",
                    about=of, seq=self.seq, since=slot,
                )  # fmt: skip


def asks_what_lacks(said: Subscriptions, clocks: Zone, since: int, at: int) -> bool:
    """Tell whether somebody is to be told of duties who was not, when it was last asked what lacks.

    To ask is to look at every journal, and is not done for a letter that is not due.

    Args:
        said: Who has asked for what.
        clocks: Clocks of the school.
        since: When it was last asked.
        at: The present instant.
    """
    return any(
        asked.rhythm == "at_once"
        or latest_slot(asked, at, clocks, weekly=asked.rhythm == "weekly") > since
        for asked in said.subscriptions
        if not set(OF_DUTY).isdisjoint(asked.kinds)
    )


def thread_of(account: str, pupil: str, channel: str, book: str, number: int) -> str:
    """The thread of an entry that is told to *account* over *channel*."""
    return digest_of("entry", account, pupil, channel, book, number)


def kind_of(reminder: Reminder) -> str:
    """Whether a reminder tells whoever owes a record, or somebody above."""
    return "missing" if reminder.role == "teacher" else "escalation"
