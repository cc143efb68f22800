"""Retention: how long what is written must be kept, and from which day on its texts may go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from attrs import frozen

from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.ids import year_of_book
from edujournal.model.occasions import Occasion
from edujournal.model.time import zone
from edujournal.rules.clauses import Regulation
from edujournal.rules.predicates import Scene
from edujournal.rules.retention_rule import CODE, Retention
from edujournal.rules.verdicts import Finding, Outcome


@frozen
class Term:
    """Until when something must be kept, and by what.

    *Version added: 0.1.*

    Attributes:
        until: First day on which it may go.
        regulation: Id of the regulation.
        clause: Clause that asks for it; empty where none is named.
        retention: Name of the retention.
    """

    until: date
    regulation: str
    clause: str
    retention: str


def part_of(book: str) -> str:
    """The part of a school's records that *book* is, such as ``journal`` or ``class``."""
    return book.partition("/")[0]


def retention_of(regulation: Regulation, part: str, kind: str) -> Retention | None:
    """The first retention of *regulation* that is for records of *kind* in books of *part*; or None."""
    for one in regulation.retention:
        if one.of == part and (not one.records or kind in one.records):
            return one
    return None


def kept_until(retention: Retention, calendar: Calendar) -> date:
    """First day on which what belongs to the year of *calendar* may go.

    Source: clause 2.15. *Version added: 0.1.*
    """
    if not retention.years:
        return calendar.since
    start = calendar.until
    if retention.counted == "january":
        start = date((start - timedelta(days=1)).year + 1, 1, 1)
    try:
        return start.replace(year=start.year + retention.years)
    except ValueError:
        # 29 February, of a year that ends so, where the other has none.
        return date(start.year + retention.years, 3, 1)


def term_of(
    regulations: Sequence[Regulation], part: str, kind: str, calendar: Calendar
) -> Term | None:
    """The latest term that any of *regulations* sets; None where none of them says anything.

    *Version added: 0.1.*
    """
    terms = [
        Term(kept_until(found, calendar), one.id, found.clause or "", found.name)
        for one in regulations
        if (found := retention_of(one, part, kind)) is not None
    ]
    return max(terms, key=lambda term: term.until, default=None)


def of_entry(entry: Entry, occasion: Occasion, scene: Scene) -> Iterator[Finding]:
    """Judge an erasure: each retention among what it takes, by the day of the act."""
    if entry.kind != "erasure" or not scene.regulation.retention:
        return
    tz = zone(occasion.calendar.zone)
    day = tz.local_date(entry.at)
    found: dict[str, tuple[Retention, int]] = {}
    for row in entry.values.get("taken", ()):
        one = retention_of(scene.regulation, part_of(row["book"]), row["kind"])
        if one is not None:
            found[one.name] = (one, found.get(one.name, (one, 0))[1] + 1)
    for one, count in found.values():
        until = kept_until(one, scene.facts.calendar(year_of_book(entry.book)))
        yield Finding(
            CODE,
            scene.regulation.id,
            one.clause or scene.regulation.rights_clause,
            one.severity,
            Outcome.MET if day >= until else Outcome.BROKEN,
            one.on_breach,
            entry.book,
            entry.about,
            entry.pupil,
            entry.kind,
            closes=tz.at(until, time(0)),
            lo=entry.at,
            hi=entry.at + 1,
            by=entry.by.account,
            entry=entry.number,
            why={"retention": one.name, "count": count},
        )
