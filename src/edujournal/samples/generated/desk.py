"""The desk at which a made school is kept: what is said, what lacks, and who is there to say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any, Final

from attrs import evolve

from edujournal.model.entries import Evidence
from edujournal.model.ids import JournalId
from edujournal.model.time import MINUTE, zone
from edujournal.samples.generated.faults import Said, Truth
from edujournal.samples.generated.school import PERIODS, Made

#: Microseconds of an hour.
HOUR: Final = 60 * MINUTE

#: What a truth may say of itself; the rest is filled in from what is said.
Told = Mapping[str, Any]


class Desk:
    """A made school while its year is being kept.

    Attributes:
        made: The school.
        seed: What chance hangs on.
        regulation: Id of the regulation that findings cite.
        calendar: The frame of its year.
        facts: What its data says.
        tz: Its time zone.
        books: What is said, by book.
        missing: What is never said, and must be found missing.
        audited: Instant at which it is looked at, UTC microseconds.
    """

    def __init__(self, made: Made, seed: int, regulation: str) -> None:
        self.made, self.seed, self.regulation = made, seed, regulation
        self.calendar = made.calendar
        self.facts = made.school.facts()
        self.tz = zone(self.calendar.zone)
        self.books: dict[str, list[Said]] = {}
        self.missing: list[Truth] = []
        last = max(lesson.day for lesson in self.facts.lessons)
        self.audited = self.tz.start_of_day(last + timedelta(days=30)) + 9 * HOUR

    def chance(self, of: str) -> Random:
        """What chance makes *of* this school; of one thing it does not hang on any other."""
        return Random(f"{of} {self.seed} {self.made.number}")  # noqa: S311 - believable, not secret

    @cached_property
    def free(self) -> dict[str, date]:
        """First day of the holidays after each period."""
        return {id: end for id, _, end in PERIODS} | {"year": PERIODS[-1][2]}

    @cached_property
    def homerooms(self) -> dict[str, str]:
        """Account of the homeroom teacher of each class."""
        rows = self.facts.assignments
        return {row.group: row.account for row in rows if row.role == "homeroom"}

    def teacher(self, journal: JournalId, at: int, day: date) -> str:
        """Who teaches *journal* at the instant *at*, or did on *day*."""
        for asked in (self.tz.local_date(at), day):
            hands = sorted(self.facts.hands(journal.group, journal.subject, "teacher", asked))
            if hands:
                return hands[0]
        raise LookupError(f"nobody teaches {journal} on {day}")

    def say(self, book: str, at: int, by: str, draft: Any, *, role: str = "teacher",
            of: Said | None = None, truths: tuple[Told, ...] = (),
            evidence: Evidence | None = None) -> Said:  # fmt: skip
        """Record *draft* in *book* at the instant *at*."""
        said = Said(
            at=at, by=by, role=role, content=draft.content(), of=of, truths=truths,
            evidence=evidence,
        )  # fmt: skip
        self.books.setdefault(book, []).append(said)
        return said

    def lack(self, clause: str, book: str, about: str, record: str, closes: int,
             outcome: str = "missing", pupil: str | None = None) -> None:  # fmt: skip
        """Note that something is never recorded, if its window is over when the audit comes."""
        if closes <= self.audited:
            self.missing.append(
                Truth(clause=clause, code="missing", outcome=outcome, book=book, about=about,
                      record=record, pupil=pupil, closes=closes, regulation=self.regulation)
            )  # fmt: skip

    def truth(self) -> Iterator[Truth]:
        """Put each book in the order of time; yield what must be found in it."""
        yield from self.missing
        for book, some in self.books.items():
            some.sort(key=lambda one: one.at)
            for number, said in enumerate(some, 1):
                if said.truths:
                    yield from self._told(book, number, said)

    def _told(self, book: str, number: int, said: Said) -> Iterator[Truth]:
        content = said.content if said.of is None else said.of.content
        told = said.evidence
        for truth in said.truths:
            rest = {
                "regulation": self.regulation, "record": said.content.kind,
                "pupil": content.pupil, **truth,
            }  # fmt: skip
            yield evolve(
                Truth(book=book, about=content.about, entry=number, **rest),
                lo=said.at if told is None else told.lo,
                hi=said.at + 1 if told is None or told.hi is None else told.hi,
                by=said.by if told is None else told.author,
            )  # fmt: skip


def too_late(clause: str, closes: int | None) -> Told:
    """What is said too late."""
    return {"clause": clause, "code": "after-close", "outcome": "late", "closes": closes}


def breach(clause: str, code: str) -> Told:
    """What breaks a condition."""
    return {"clause": clause, "code": code, "outcome": "broken"}
