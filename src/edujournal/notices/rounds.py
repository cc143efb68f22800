"""Rounds: of the notices that wait, which may be told now, and in which letters. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.notices import OF_DUTY, Notice, NoticeStatus, digest_of
from edujournal.notices.arising import GONE, revision_of, sees
from edujournal.notices.hours import is_quiet, latest_slot
from edujournal.notices.parts import Ready, States
from edujournal.notices.subscriptions import Quiet, Subscription, Subscriptions
from edujournal.rules.reminders import Reminder

#: Tells whether those at home see an entry.
Shows = Callable[[Entry, BookState], bool]

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
        unreachable: Whether nobody knows where to reach the account.
    """

    due: tuple[Envelope, ...] = ()
    withdrawn: tuple[Notice, ...] = ()
    unreachable: bool = False


@frozen
class _Held:
    """A notice that may be told, and the subscription by which it is."""

    ready: Ready = field(repr=False)
    asked: Subscription


class Round:
    """Sorts what waits, at one instant.

    Args:
        said: Who has asked for what.
        facts: What the school's data says.
        at: The instant, UTC microseconds.
        states: Gives what a book says.
        shows: Tells what those at home see.
        reminders: Reminders that hold now, by key.
    """

    def __init__(
        self,
        said: Subscriptions,
        facts: Facts,
        at: int,
        states: States,
        shows: Shows,
        reminders: Mapping[str, Reminder],
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
        at home yet holds nothing up.
        """
        held: list[_Held] = []
        withdrawn: list[Notice] = []
        for notice in sorted(notices, key=lambda one: one.seq):
            asked = self._asked(notice)
            ready = None if asked is None else self._ready(notice)
            if asked is None or isinstance(ready, Notice):
                gone = ready if isinstance(ready, Notice) else notice
                withdrawn.append(evolve(gone, status=NoticeStatus.WITHDRAWN, letter=""))
            elif ready is not None:
                held.append(_Held(ready, asked))
        if not held:
            return Sorted((), tuple(withdrawn))
        first = held[0].ready.notice
        if self._said.address(first.account, first.channel) is None:
            return Sorted((), tuple(withdrawn), unreachable=True)
        return Sorted(tuple(self._due(held)), tuple(withdrawn))

    def _asked(self, notice: Notice) -> Subscription | None:
        """The subscription by which *notice* is told; None where nobody asks for it any more."""
        if notice.kind in OF_DUTY:
            reminder = self._reminders.get(notice.about)
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

    def _ready(self, notice: Notice) -> Ready | Notice | None:
        """The notice if it may be told; None if not yet; the bare notice if never."""
        if notice.kind in OF_DUTY:
            return Ready(notice, self._reminders[notice.about])
        if notice.kind in _ALONE:
            return Ready(notice)
        state = self._states(notice.book)
        entry = state.entries[notice.number - 1]
        revision = revision_of(entry, str(notice.pupil), state)
        fresh = evolve(notice, revision=revision)
        if revision == GONE and notice.kind != "correction" and not notice.attempts:
            return fresh
        return Ready(fresh) if self._shows(entry, state) else None

    def _due(self, held: Sequence[_Held]) -> Iterator[Envelope]:
        bound: dict[str, list[_Held]] = {}
        groups: dict[tuple[object, ...], list[_Held]] = {}
        for one in held:
            notice, asked = one.ready.notice, one.asked
            if notice.letter:
                bound.setdefault(notice.letter, []).append(one)
                continue
            if asked.rhythm == "at_once" or notice.kind in _ALONE:
                groups["one", notice.thread] = [one]
                continue
            slot = latest_slot(asked, self._at, self._clocks, weekly=asked.rhythm == "weekly")
            if notice.since < slot:
                kind = notice.kind if notice.kind in OF_DUTY else ""
                groups.setdefault((slot, asked.rhythm, kind), []).append(one)
        letters = [
            *bound.items(),
            *((_key([one.ready.notice for one in some]), some) for some in groups.values()),
        ]
        letters.sort(key=lambda one: one[1][0].ready.notice.seq)
        for key, some in letters:
            later = any(one.ready.notice.not_before > self._at for one in some)
            if later or any(
                is_quiet(self._quiet(one.asked), self._at, self._clocks) for one in some
            ):
                return
            yield Envelope(key, tuple(one.ready for one in some))

    def _quiet(self, asked: Subscription) -> Quiet | None:
        return self._said.quiet if asked.quiet is None else asked.quiet


def _key(notices: Sequence[Notice]) -> str:
    """The key of a letter: that of its notice, or one made of the keys of several."""
    if len(notices) == 1:
        return notices[0].key
    return digest_of(*(one.key for one in notices))
