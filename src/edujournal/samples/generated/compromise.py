"""A login of a made school that became known to others: what was done under it, the report, the mending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from attrs import evolve, field, frozen

from edujournal.ledger.validity import fence_by
from edujournal.model.drafts import (
    Compromise,
    Correction,
    Disclosure,
    Mark,
    Restoration,
    Vouch,
)
from edujournal.model.ids import JournalId, school_book
from edujournal.model.time import MINUTE, moment
from edujournal.rules.integrity import CLAUSE, LIBRARY
from edujournal.samples.generated.desk import HOUR, Desk, Told, too_late
from edujournal.samples.generated.faults import Said
from edujournal.samples.generated.school import YEAR

#: How many of a hundred schools have such a login.
_OF_SCHOOLS: Final = 40

#: How many teachers are looked at, and how many days of each, for one that a report fits.
_TEACHERS: Final = 12
_DAYS: Final = 60

_BOOK: Final = school_book(YEAR)
_EVENT: Final = "login-1"
_VOID: Final[Told] = {
    "regulation": LIBRARY, "clause": CLAUSE, "code": "void", "outcome": "void",
}  # fmt: skip

#: What becomes of the roll call of a lesson that became void: it is taken anew, its owner vouches for it,
#: or nobody cares.
_ROLLS: Final = ("again", "vouched", "left")

#: What is entered anew, or would be.
_PLAIN: Final = frozenset({"homework", "mark", "roll", "topic"})

_Placed = tuple[str, Said]


@frozen(kw_only=True, eq=False)
class _Affair:
    """A login that became known, and when.

    Attributes:
        account: Whose login it is.
        day: On which day.
        noticed: Instant at which somebody noticed it.
        head: Instant at which the head was told.
        support: Instant at which the support was told, later.
        reported: Instant of the report in the school book.
        restored: Instant from which the account writes again.
        again: Instant at which its owner enters anew what became void.
        void: What the owner recorded between the second telling and the report, with its books.
        before: Marks of the owner of earlier days that nothing has changed.
    """

    account: str
    day: date
    noticed: int
    head: int
    support: int
    reported: int
    restored: int
    again: int
    void: Sequence[_Placed] = field(default=(), repr=False)
    before: Sequence[_Placed] = field(default=(), repr=False)


def compromise(desk: Desk) -> None:
    """Let the login of a teacher become known to others, in some schools; it comes last of all."""
    rng = desk.chance("compromise")
    affair = _found(desk, rng) if rng.randrange(100) < _OF_SCHOOLS else None
    if affair is None:
        return
    _told(desk, rng, affair)
    _intruded(desk, rng, affair)
    vouched = _mended(desk, rng, affair)
    _recorded(desk, affair, vouched)


# -- which login, and when ---------------------------------------------------------------------------


def _found(desk: Desk, rng: Random) -> _Affair | None:
    """A teacher and a day on which only plain entries become void, on which nothing else rests."""
    accounts = sorted({str(one.teacher) for one in desk.facts.lessons})
    some = set(rng.sample(accounts, min(_TEACHERS, len(accounts))))
    own: dict[str, list[_Placed]] = {account: [] for account in sorted(some)}
    rested: set[int] = set()
    made_up: set[str] = set()
    for book, entries in desk.books.items():
        for said in entries:
            if said.by in own:
                own[said.by].append((book, said))
            if said.of is not None:
                rested.add(id(said.of))
            if said.content.kind == "makeup":
                made_up.add(said.content.about)
    for account, placed in own.items():
        days = sorted({desk.tz.local_date(said.at) for _, said in placed})
        for day in rng.sample(days, min(_DAYS, len(days))):
            affair = _moments(desk, rng, account, day)
            void = [row for row in placed if affair.support <= row[1].at < affair.reported]
            barred = any(affair.reported <= one.at < affair.restored for _, one in placed)
            lessons = {said.content.about for _, said in void if said.content.kind == "roll"}
            if barred or len(lessons) < 2 or not lessons.isdisjoint(made_up):
                continue
            if all(_is_plain(said, lessons) and id(said) not in rested for _, said in void):
                return evolve(affair, void=void, before=[
                    row for row in placed
                    if row[1].at < affair.noticed - 24 * HOUR and id(row[1]) not in rested
                    and row[1].content.kind == "mark" and row[1].content.values["value"] == 2
                    and not row[1].truths and row[1].evidence is None
                ])  # fmt: skip
    return None


def _is_plain(said: Said, lessons: set[str]) -> bool:
    content = said.content
    return (
        content.kind in _PLAIN
        and content.about in lessons
        and said.of is None
        and said.evidence is None
        and not said.truths
    )


def _moments(desk: Desk, rng: Random, account: str, day: date) -> _Affair:
    start = desk.tz.start_of_day(day)
    head = start + 10 * HOUR + rng.randrange(90) * MINUTE
    support = head + (5 + rng.randrange(30)) * MINUTE
    reported = support + (2 * 60 + rng.randrange(90)) * MINUTE
    return _Affair(
        account=account, day=day, noticed=start + 9 * HOUR, head=head, support=support,
        reported=reported, restored=reported + HOUR,
        again=desk.tz.start_of_day(day + timedelta(days=1)) + 7 * HOUR,
    )  # fmt: skip


# -- what is said of it ------------------------------------------------------------------------------


def _told(desk: Desk, rng: Random, affair: _Affair) -> None:
    """Head and support are told; the second telling is now and then put on record late, or never."""
    closes = _next_working_day(desk, affair.noticed)
    how = rng.randrange(5)
    for to, told in (("head", affair.head), ("support", affair.support)):
        at = told
        truths: tuple[Told, ...] = ()
        if to == "support" and how == 0:
            desk.lack("3.3", _BOOK, f"event:{_EVENT}", "disclosure", closes, pupil=to)
            continue
        if to == "support" and how == 1:
            at, truths = closes + 9 * HOUR, (too_late("3.3", closes),)
        draft = Disclosure(event=_EVENT, account=affair.account, to=to, year=YEAR,
                           noticed=moment(affair.noticed, "UTC"))  # fmt: skip
        desk.say(_BOOK, at, "deputy", draft, role="deputy", truths=truths)


def _intruded(desk: Desk, rng: Random, affair: _Affair) -> None:
    """Who knows the login gives marks in an earlier lesson, and changes one: all of it is void."""
    for place, (book, old) in enumerate(rng.sample(affair.before, min(3, len(affair.before)))):
        at = affair.support + (20 + 7 * place) * MINUTE + 11_000_000
        draft: Any = Mark(
            lesson=old.content.lesson, pupil=str(old.content.pupil), kind="oral", value=5
        )
        of = None
        if place == 0:
            journal = JournalId.parse(book.removeprefix("journal/"))
            draft = Correction(journal=journal, entry=1, values={"value": 5}, reason="Ошибка")
            of = old
        desk.say(book, at, affair.account, draft, of=of, truths=(_VOID,))


def _mended(desk: Desk, rng: Random, affair: _Affair) -> _Placed | None:
    """The owner enters anew what became void, vouches for a roll call, leaves another; tell which."""
    turn = rng.randrange(len(_ROLLS))
    lessons = list(dict.fromkeys(said.content.about for _, said in affair.void))
    ways = {about: _ROLLS[(turn + place) % len(_ROLLS)] for place, about in enumerate(lessons)}
    vouched: _Placed | None = None
    for book, said in affair.void:
        way = ways[said.content.about] if said.content.kind == "roll" else "again"
        if way == "vouched":
            vouched = book, said
            continue
        _replace(desk, book, said, evolve(said, truths=(_VOID,)))
        if way == "again":
            desk.books[book].append(evolve(said, at=affair.again))
        else:
            closes = _next_working_day(desk, affair.reported)
            desk.lack("2.9", book, said.content.about, "roll", closes)
    return vouched


def _recorded(desk: Desk, affair: _Affair, vouched: _Placed | None) -> None:
    """The report with its fence, the restoration with its own, and what the owner vouches for."""
    report = Compromise(
        account=affair.account, year=YEAR, head=moment(affair.head, "UTC"),
        support=moment(affair.support, "UTC"),
    )  # fmt: skip
    restoration = Restoration(account=affair.account, year=YEAR)
    acts: list[tuple[Compromise | Restoration, int]] = [
        (report, affair.reported), (restoration, affair.restored),
    ]  # fmt: skip
    said = [desk.say(_BOOK, at, "head", draft, role="head") for draft, at in acts]
    vouch = Vouch(account=affair.account, book=_BOOK, entry=1, year=YEAR)
    owns = (
        None
        if vouched is None
        else desk.say(_BOOK, affair.again, affair.account, vouch, role="anyone")
    )
    for some in desk.books.values():
        some.sort(key=lambda one: one.at)
    for one, (draft, at) in zip(said, acts, strict=True):
        content = fence_by(draft, at, _until(desk, at)).content()
        _replace(desk, _BOOK, one, evolve(one, content=content))
    if owns is not None and vouched is not None:
        book, kept = vouched
        number = 1 + next(n for n, one in enumerate(desk.books[book]) if one is kept)
        content = evolve(vouch, book=book, entry=number).content()
        _replace(desk, _BOOK, owns, evolve(owns, content=content))


def _until(desk: Desk, at: int) -> Iterator[tuple[str, Iterator[tuple[int, int]]]]:
    """Every book there is before *at*, with the numbers and instants of its entries."""
    for book, some in desk.books.items():
        if some[0].at < at:
            yield book, ((n, one.at) for n, one in enumerate(some, 1) if one.at < at)


def _replace(desk: Desk, book: str, old: Said, new: Said) -> None:
    some = desk.books[book]
    some[next(n for n, one in enumerate(some) if one is old)] = new


def _next_working_day(desk: Desk, at: int) -> int:
    return desk.tz.end_of_day(desk.calendar.add_working_days(desk.tz.local_date(at), 1))
