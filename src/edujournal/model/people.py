"""People as the rules see them: accounts, roles, who belongs where and who teaches what, with dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import Final

from attrs import field, frozen

from edujournal.model.ids import check_id

#: Roles that speak for the school's administration.
ADMINISTRATION: Final = ("head", "deputy")

#: The actor, and its role, that records what time has made: no person, and no account of the school.
SYSTEM: Final = "system"


def _id(noun: str) -> Callable[[object, object, str], object]:
    return lambda _self, _attribute, value: check_id(value, noun)


def covers(since: date | None, until: date | None, day: date) -> bool:
    """Tell whether *day* lies in ``[since, until)``; None is an open end."""
    return (since is None or since <= day) and (until is None or day < until)


def meets(since: date | None, until: date | None, first: date, after: date) -> bool:
    """Tell whether ``[since, until)`` has a day in ``[first, after)``; None is an open end."""
    return (since is None or since < after) and (until is None or until > first)


class Kleene(Enum):
    """Yes, no, or not known: what can be said where a moment is known only as an interval."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def covered(
    spans: Iterable[tuple[date | None, date | None]], first: date | None, last: date
) -> Kleene:
    """Tell whether a day known to lie in ``first … last`` (both included) is inside one of *spans*.

    With *first* None the day may be any up to *last*.
    """
    answer = Kleene.NO
    for since, until in spans:
        begins_after = since is not None and since > last
        ends_before = until is not None and first is not None and until <= first
        if begins_after or ends_before:
            continue
        holds_first = since is None or (first is not None and since <= first)
        if holds_first and (until is None or last < until):
            return Kleene.YES
        answer = Kleene.UNKNOWN
    return answer


@frozen
class RoleSpan:
    """A role held for some time: ``head``, ``deputy``, ``teacher``, ``support``, ``importer`` and others.

    *Version added: 0.1.*
    """

    role: str
    since: date | None = None
    until: date | None = None


@frozen
class Away:
    """A time in which the person of an account is absent from work.

    *Version added: 0.1.*

    Attributes:
        since: First day; None if from the beginning.
        until: First day back; None while nobody knows when.
    """

    since: date | None = None
    until: date | None = None


@frozen
class Account:
    """A login: whose it is, which roles it holds, from when to when it is active.

    *Version added: 0.1.*

    Attributes:
        id: Opaque id; the only thing that entries know of a person.
        person: Id of the person; several accounts may be one person's.
        roles: Roles with dates.
        since: First day on which it is active; None if always was.
        until: First day on which it is no longer active; None if open.
        pupils: Pupils it may see as guardian or as the pupil.
        shared_with: Other persons whose login it is, too, by the host's own data. A login is one
            person's; an audit says so where the regulation asks for it (clause 3.1).
        away: When its person is absent from work.
    """

    id: str = field(validator=_id("account"))
    person: str | None = None
    roles: tuple[RoleSpan, ...] = ()
    since: date | None = None
    until: date | None = None
    pupils: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    away: tuple[Away, ...] = ()

    def is_away(self, first: date | None, last: date) -> Kleene:
        """Tell whether the person was absent from work on a day between *first* and *last*."""
        return covered([(one.since, one.until) for one in self.away], first, last)

    def active(self, first: date | None, last: date) -> Kleene:
        """Tell whether the account was active on a day between *first* and *last*."""
        return covered([(self.since, self.until)], first, last)

    def holds(self, role: str, first: date | None, last: date) -> Kleene:
        """Tell whether the account held *role* on a day between *first* and *last*."""
        return covered(
            [(span.since, span.until) for span in self.roles if span.role == role], first, last
        )


@frozen
class Membership:
    """A pupil belongs to a group from *since* until the day before *until*.

    *Version added: 0.1.*
    """

    pupil: str = field(validator=_id("pupil"))
    group: str = field(validator=_id("group"))
    since: date | None = None
    until: date | None = None


@frozen
class Assignment:
    """An account teaches a subject to a group, stands in for who does, or leads a class, for some time.

    *Version added: 0.1.*

    Attributes:
        account: Who.
        group: Which group's journals.
        subject: Which subject; None for a role that concerns the whole class.
        role: ``teacher``; ``homeroom``; ``substitute`` for who gives the lessons of those days in
            place of the teacher; ``team`` for colleagues who may step in while the teacher is away,
            where the regulation lets them.
        since: First day; None if from the beginning.
        until: First day no longer assigned; None if open.
    """

    account: str = field(validator=_id("account"))
    group: str = field(validator=_id("group"))
    subject: str | None = None
    role: str = "teacher"
    since: date | None = None
    until: date | None = None


@frozen
class Actor:
    """Who acts: an account, in a role, perhaps for somebody else.

    *Version added: 0.1.*

    Attributes:
        account: The account that is logged in.
        role: The role it acts in; None lets the library take one that the account holds and that
            allows the act.
        on_behalf_of: Account for which it acts; both are recorded.
    """

    account: str
    role: str | None = None
    on_behalf_of: str | None = None

    @classmethod
    def of(cls, by: str | Actor) -> Actor:
        """Give *by* as an actor."""
        actor = by if isinstance(by, Actor) else cls(by)
        check_id(actor.account, "account")
        if actor.role is not None:
            check_id(actor.role, "role")
        if actor.on_behalf_of is not None:
            check_id(actor.on_behalf_of, "account")
        return actor


#: Who records what time makes.
BY_TIME: Final = Actor(SYSTEM, SYSTEM)
