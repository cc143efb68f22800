"""Rounds: of the notices that wait, which may be told now, and in which letters. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.notices import OF_DUTY, Notice, NoticeStatus, digest_of
from edujournal.notices.arising import GONE, revision_of, sees
from edujournal.notices.hours import is_quiet, latest_slot
from edujournal.notices.parts import Ready, States
from edujournal.notices.subscriptions import Subscription, Subscriptions
from edujournal.rules.reminders import Reminder

#: Tells whether those at home see an entry.
Shows = Callable[[Entry, BookState, int], bool]

#: Kinds that make a letter each, whatever the rhythm of the others.
_ALONE: Final = ("diary",)


@frozen
class Envelope:
    """One letter that is due: its key, and the notices in it, in order."""

    key: str
    ready: tuple[Ready, ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices in it."""
        return tuple(one.notice for one in self.ready)

    @property
    def attempts(self) -> int:
        """How often it was tried."""
        return max(one.attempts for one in self.notices)


@frozen
class Sorted:
    """What one stream comes to.

    Attributes:
        due: Letters that may go now, in order.
        withdrawn: Notices that nobody is to be told any more.
    """

    due: tuple[Envelope, ...] = ()
    withdrawn: tuple[Notice, ...] = ()


class Round:
    """Sorts what waits, at one instant.

    Args:
        said: Who has asked for what.
        facts: What the school's data says.
        at: The instant, UTC microseconds.
        states: Gives what a book says.
        shows: Tells what those at home see at an instant.
        reminders: Gives the reminders that hold now, by key; asked only for duties.
    """

    def __init__(
        self,
        said: Subscriptions,
        facts: Facts,
        at: int,
        states: States,
        shows: Shows,
        reminders: Callable[[], Mapping[str, Reminder]],
    ) -> None:
        self._said = said
        self._facts = facts
        self._at = at
        self._states = states
        self._shows = shows
        self._reminders = reminders
        self._clocks = facts.calendar_at(at).clocks
        self._day = self._clocks.local_date(at)

    def sort(self, notices: Iterable[Notice]) -> Sorted:
        """Sort the notices of one stream: one account, one pupil, one channel.

        Nothing overtakes what waits for another try, or for the end of quiet hours. What is not seen
        at home yet holds nothing up. A book is looked at only for what else may go now.
        """
        letters: dict[tuple[object, ...], list[tuple[Notice, Subscription]]] = {}
        withdrawn: list[Notice] = []
        for notice in sorted(notices, key=lambda one: one.seq):
            asked = self._asked(notice)
            if asked is None:
                withdrawn.append(_withdrawn(notice))
            elif (group := self._group(notice, asked)) is not None:
                letters.setdefault(group, []).append((notice, asked))
        due: list[Envelope] = []
        for group, rows in letters.items():
            first = rows[0][0]
            # What a digest says hangs on its time, and not on when somebody got round to send it.
            by = group[0] if isinstance(group[0], int) else self._at
            if any(self._waits(notice, asked) for notice, asked in rows):
                break
            ready: list[Ready] = []
            for notice, _ in rows:
                found = self._ready(notice, by)
                if isinstance(found, Notice):
                    withdrawn.append(_withdrawn(found))
                elif found is not None:
                    ready.append(found)
            if ready:
                key = first.letter or _key([one.notice for one in ready])
                due.append(Envelope(key, tuple(ready)))
        return Sorted(tuple(due), tuple(withdrawn))

    def _waits(self, notice: Notice, asked: Subscription) -> bool:
        """Tell whether *notice* waits for another try, or for the end of quiet hours."""
        quiet = self._said.quiet if asked.quiet is None else asked.quiet
        return notice.not_before > self._at or is_quiet(quiet, self._at, self._clocks)

    def _asked(self, notice: Notice) -> Subscription | None:
        """The subscription by which *notice* is told; None where nobody asks for it any more."""
        if notice.kind in OF_DUTY:
            reminder = self._reminders().get(notice.about)
            if reminder is None or notice.account not in reminder.accounts:
                return None
            role = reminder.role
        elif notice.pupil is None or not sees(notice.account, notice.pupil, self._facts, self._at):
            return None
        else:
            role = ""
        return self._said.asked(
            notice.account, notice.pupil, notice.channel, notice.kind, role, self._day
        )

    def _ready(self, notice: Notice, by: int) -> Ready | Notice | None:
        """The notice if it may be told as of an instant; None if not yet; the bare notice if never."""
        if notice.kind in OF_DUTY:
            return Ready(notice, self._reminders()[notice.about])
        if notice.kind in _ALONE:
            return Ready(notice)
        state = self._states(notice.book)
        entry = state.entries[notice.number - 1]
        revision = revision_of(entry, str(notice.pupil), state)
        fresh = evolve(notice, revision=revision)
        if revision == GONE and notice.kind != "correction" and not notice.attempts:
            return fresh
        return Ready(fresh) if self._shows(entry, state, by) else None

    def _group(self, notice: Notice, asked: Subscription) -> tuple[object, ...] | None:
        """What is the same for all notices of one letter; None where its time has not come."""
        if notice.letter:
            return "tried", notice.letter
        if asked.rhythm == "at_once" or notice.kind in _ALONE:
            return "alone", notice.thread
        slot = latest_slot(asked, self._at, self._clocks, weekly=asked.rhythm == "weekly")
        if notice.since >= slot:
            return None
        return slot, asked.rhythm, notice.kind if notice.kind in OF_DUTY else ""


def _withdrawn(notice: Notice) -> Notice:
    return evolve(notice, status=NoticeStatus.WITHDRAWN, letter="")


def _key(notices: Sequence[Notice]) -> str:
    """The key of a letter: that of its notice, or one made of the keys of several."""
    if len(notices) == 1:
        return notices[0].key
    return digest_of(*(one.key for one in notices))
