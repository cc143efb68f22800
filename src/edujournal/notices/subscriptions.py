"""Subscriptions: who has asked to be told of what, over which channel, when, and when not.

Source: clause 1.6: a guardian may subscribe; it is per guardian, pupil and channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cached_property
from typing import Any, Final

from attrs import Factory, define, field, frozen

from edujournal.errors import BadInput, Problem
from edujournal.model.ids import check_id
from edujournal.model.notices import NOTICE_KINDS, OF_DIARY
from edujournal.model.time import MINUTE

#: When what has come up is told: each thing by itself, or all of a day or of a week in one letter.
RHYTHMS: Final = ("at_once", "daily", "weekly")


@frozen
class Quiet:
    """Hours in which nothing is sent, by the clocks of the school; they may go over midnight.

    *Version added: 0.1.*

    Attributes:
        since: Time of day at which they begin.
        until: Time of day at which they end; the same as *since* for no quiet hours.
    """

    since: time
    until: time


@frozen(kw_only=True)
class Waits:
    """How long to wait before a letter that failed is sent again.

    *Version added: 0.1.*

    Attributes:
        first: Minutes after the first failure.
        factor: By how much the wait grows with each further one.
        most: Longest wait in minutes.
        refusals: How often a letter is tried that its receiver will never take; then it is set aside as
            undeliverable, and the next ones go on.
        patience: After how many letters in a row that find the channel down it is left for this tick.
    """

    first: int = 5
    factor: int = 2
    most: int = 360
    refusals: int = 3
    patience: int = 3

    def after(self, attempts: int) -> int:
        """Microseconds to wait after so many failures."""
        minutes = self.first
        for _ in range(attempts - 1):
            if minutes >= self.most:
                break
            minutes *= self.factor
        return min(minutes, self.most) * MINUTE


@frozen(kw_only=True)
class Channel:
    """A way on which letters go.

    *Version added: 0.1.*

    Attributes:
        name: Its name, such as ``email``.
        kind: What delivers on it: ``smtp``, ``http``, ``folder``, or a host's own word.
        addressed: Whether it needs an address of each person; a folder of print-outs does not.
        discreet: Whether its letters only say that there is something new, and not what, nor of whom:
            for channels that anybody on the way can read (clause 1.7).
        settings: What else its notifier is told; passwords are not among it.
    """

    name: str
    kind: str = ""
    addressed: bool = True
    discreet: bool = False
    settings: Mapping[str, Any] = field(factory=dict, hash=False, repr=False)


@frozen(kw_only=True)
class Address:
    """Where a person is reached, and in which language.

    *Version added: 0.1.*

    Attributes:
        account: Whose.
        on: Channel → address.
        language: ``ru`` or ``en``; None for the school's.
    """

    account: str
    on: Mapping[str, str] = field(factory=dict, hash=False, repr=False)
    language: str | None = None


@frozen(kw_only=True)
class Subscription:
    """Somebody has asked to be told.

    *Version added: 0.1.*

    Attributes:
        channel: Over which channel.
        account: Who; None for everybody who is told in *role*.
        pupil: Of which pupil; None for every pupil of the account, and for duties.
        role: Role of the regulation's ladder of reminders, such as ``teacher`` or ``head``.
        kinds: Of what; every kind of the diary but the print-out by default, for a role both duties.
        rhythm: ``at_once``, ``daily`` or ``weekly``.
        at: Time of day of a daily or weekly letter, and of the print-out.
        weekday: Day of a weekly letter and of the print-out, 1 for Monday.
        quiet: Quiet hours of its own; None for the school's.
        since: First day; what was recorded before it is not told. None if from the beginning.
        until: First day on which it no longer holds; None if open.
    """

    channel: str
    account: str | None = None
    pupil: str | None = None
    role: str | None = None
    kinds: tuple[str, ...] = Factory(
        lambda self: OF_DIARY[:-1] if self.role is None else ("missing", "escalation"),
        takes_self=True,
    )
    rhythm: str = "at_once"
    at: time = time(18)
    weekday: int = 5
    quiet: Quiet | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether it holds on *day*."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@define(kw_only=True, frozen=True, slots=False)
class Subscriptions:
    """All that a school's notices go by: channels, addresses, who has asked for what.

    A host makes it of its own tables for each tick, or reads it from a file.

    *Version added: 0.1.*

    Attributes:
        since: First day: nothing that was recorded before it is ever told.
        channels: The channels.
        addresses: Where persons are reached.
        subscriptions: Who has asked for what; of several for one thing on one channel the first counts.
        language: Language of those whose own is not known.
        school: Name of the school, as letters give it.
        contact: Whom to ask, as the foot of letters gives it.
        quiet: Quiet hours; None for none.
        waits: When letters that failed are sent again.
        imported: Whether entries that an import brought are told, too.

    Raises:
        BadInput: It contradicts itself; every fault is named.
    """

    since: date
    channels: tuple[Channel, ...]
    addresses: tuple[Address, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    language: str = "ru"
    school: str = ""
    contact: str = ""
    quiet: Quiet | None = None
    waits: Waits = Waits()
    imported: bool = False

    def __attrs_post_init__(self) -> None:
        problems = list(_faults(self))
        if problems:
            raise BadInput(problems)

    def channel(self, name: str) -> Channel | None:
        """The channel *name*, or None."""
        return next((one for one in self.channels if one.name == name), None)

    @cached_property
    def _reached(self) -> Mapping[str, Address]:
        return {one.account: one for one in self.addresses}

    @cached_property
    def _of_pupil(self) -> Mapping[str, list[Subscription]]:
        found: dict[str, list[Subscription]] = {}
        for one in self.subscriptions:
            if one.account is not None:
                found.setdefault(one.account, []).append(one)
        return found

    def address(self, account: str, channel: str) -> str | None:
        """Where *account* is reached over *channel*; None where nobody knows."""
        known = self.channel(channel)
        if known is not None and not known.addressed:
            return account
        found = self._reached.get(account)
        return None if found is None else found.on.get(channel)

    def language_of(self, account: str) -> str:
        """Language in which *account* is told."""
        found = self._reached.get(account)
        return self.language if found is None or found.language is None else found.language

    def of(self, account: str, pupil: str | None, day: date) -> Iterator[Subscription]:
        """Subscriptions of *account* that hold on *day*, for a pupil, or for duties with None."""
        for one in self._of_pupil.get(account, ()):
            if one.holds(day) and (pupil is None or one.pupil in (None, pupil)):
                yield one

    def asked(
        self, account: str, pupil: str | None, channel: str, kind: str, role: str, day: date
    ) -> Subscription | None:
        """The subscription by which *account* is told of a kind of thing over *channel*, or None.

        Args:
            account: Who.
            pupil: Whose diary; None for a duty.
            channel: Over which channel.
            kind: Kind of notice.
            role: Role in which a duty is told; empty for the diary.
            day: Day on which the subscription must hold.
        """
        own = self.of(account, pupil, day)
        of_role = (one for one in self.subscriptions if one.account is None and one.holds(day))
        for one in (*own, *of_role):
            right = one.role is None or one.role == role
            if one.channel == channel and kind in one.kinds and right:
                return one
        return None


def _faults(said: Subscriptions) -> Iterator[Problem]:
    channels = [one.name for one in said.channels]
    for name in sorted({one for one in channels if channels.count(one) > 1}):
        yield Problem(f"channels.{name}", "a channel that is there twice")
    languages = ("ru", "en")
    if said.language not in languages:
        yield Problem("language", "unknown language", "ru or en", repr(said.language))
    known = [one.account for one in said.addresses]
    for place, one in enumerate(said.addresses):
        where = f"address[{place}]"
        if known.count(one.account) > 1:
            yield Problem(f"{where}.account", "an account that is there twice", found=one.account)
        if one.language not in (None, *languages):
            yield Problem(f"{where}.language", "unknown language", "ru or en", repr(one.language))
        for name, to in one.on.items():
            if name not in channels:
                yield Problem(f"{where}.{name}", "unknown channel", ", ".join(channels))
            if not to.strip() or not to.isprintable():
                yield Problem(f"{where}.{name}", "not an address", "one printable line")
    for place, row in enumerate(said.subscriptions):
        yield from _faults_of(row, f"subscription[{place}]", said, channels)
    waits = said.waits
    for name in ("first", "factor", "most", "refusals", "patience"):
        if getattr(waits, name) < 1:
            yield Problem(f"waits.{name}", "too small", "1 or more", str(getattr(waits, name)))


def _faults_of(
    row: Subscription, where: str, said: Subscriptions, channels: list[str]
) -> Iterator[Problem]:
    if row.channel not in channels:
        yield Problem(f"{where}.channel", "unknown channel", ", ".join(channels), repr(row.channel))
    if (row.account is None) == (row.role is None):
        yield Problem(
            where, "nobody, or two", "either account or role",
            mend="A guardian is an account; whoever is reminded in a role needs no account.",
        )  # fmt: skip
    for kind in row.kinds:
        if kind not in NOTICE_KINDS:
            yield Problem(f"{where}.kinds", "unknown kind", ", ".join(NOTICE_KINDS), repr(kind))
    if row.rhythm not in RHYTHMS:
        yield Problem(f"{where}.rhythm", "unknown rhythm", ", ".join(RHYTHMS), repr(row.rhythm))
    if not 1 <= row.weekday <= 7:
        yield Problem(f"{where}.weekday", "no day of the week", "1 to 7", str(row.weekday))
    if row.account is not None:
        try:
            check_id(row.account, "account")
        except BadInput as error:
            yield Problem(f"{where}.account", error.problems[0].what, found=repr(row.account))
        if row.channel in channels and said.address(row.account, row.channel) is None:
            yield Problem(
                f"{where}.account", "nobody knows where to reach it", f"an address on {row.channel}",
                row.account, f"Add an [[address]] with {row.channel} = …",
            )  # fmt: skip
