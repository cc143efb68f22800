"""A year of a made school: who records what and when, what goes wrong, and what must be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.ledger.records import Record
from edujournal.model.drafts import (
    Confirmation,
    Correction,
    Homework,
    Mark,
    NewWork,
    PeriodResult,
    RollCall,
    SetUp,
    Substitution,
    Topic,
)
from edujournal.model.entries import Evidence
from edujournal.model.ids import JournalId, school_book
from edujournal.model.occasions import Lesson
from edujournal.model.time import MINUTE
from edujournal.samples.generated.compromise import compromise
from edujournal.samples.generated.desk import HOUR, Desk, Told, breach, too_late
from edujournal.samples.generated.faults import AT_LESSON, AT_RESULTS, AT_WORK, Said, Truth, drawn
from edujournal.samples.generated.makeups import Makeups
from edujournal.samples.generated.markers import Exemptions, Markers
from edujournal.samples.generated.school import PERIODS, YEAR, Made
from edujournal.samples.generated.waivers import Waivers
from edujournal.samples.generated.writing import written
from edujournal.samples.topics import NO_HOMEWORK, nature, task, topic

#: Regulation under which made schools keep their journals, and its id.
REGULATION: Final = Path(__file__).with_name("regulation.toml")
_ID: Final = "made-school"

_SECTIONS: Final = (
    "calendar", "periods", "bells", "groups", "rolls", "assignments", "plans", "kinds",
)  # fmt: skip

#: How many lessons of a journal lie between its works, and the kinds that take turns.
_WORKS_EVERY: Final = 12
_WORKS: Final = (("control", "monitoring"), ("written", "ordinary"), ("dictation", "ordinary"))


@frozen(eq=False, slots=False)
class Kept:
    """A made school with its year as it was kept.

    *Version added: 0.1.*

    Attributes:
        school: The school's data.
        municipality: Where it lies, by which a region is summed up.
        regulation: File of the regulation under which it is kept.
        audited: Instant at which it is looked at, UTC microseconds.
        truth: What an audit of that instant must find, and nothing else.
    """

    school: PlainSchool
    municipality: str
    regulation: Path
    audited: int
    truth: tuple[Truth, ...] = field(repr=False)
    _books: Mapping[str, list[Said]] = field(repr=False, alias="books")

    def books(self) -> Iterator[tuple[str, list[Record]]]:
        """Yield each book with its records, by name; they are made now."""
        yield from written(self.school.facts(), self.regulation, self._books)


def keep_year(made: Made, seed: int) -> Kept:
    """Keep the year of *made*, with faults."""
    return _Year(Desk(made, seed, _ID)).kept()


class _Year:
    """The year while it is being kept."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.made, self.rng = desk, desk.made, desk.chance("year")
        self.calendar, self.facts, self.tz = desk.calendar, desk.facts, desk.tz
        self.exemptions = Exemptions(desk)
        self.makeups = Makeups(desk, self.exemptions)
        self.markers = Markers(desk)
        self.waivers = Waivers(desk)

    def kept(self) -> Kept:
        self._set_up()
        for journal in sorted(self.facts.journals()):
            self._journal(journal)
        self.makeups.finish()
        desk = self.desk
        compromise(desk)
        truth = tuple(desk.truth())
        return Kept(
            self.made.school, self.made.municipality, REGULATION, desk.audited, truth,
            books=desk.books,
        )  # fmt: skip

    # -- the school book -------------------------------------------------------------------------

    def _set_up(self) -> None:
        book = school_book(YEAR)
        closes = self.tz.end_of_day(date(2026, 9, 10))
        late, never = self.rng.sample(range(len(_SECTIONS)), 2)
        for place, section in enumerate(_SECTIONS):
            at = self.tz.start_of_day(date(2026, 9, 1 + place)) + 16 * HOUR
            truths: tuple[Mapping[str, Any], ...] = ()
            if place == never:
                self.desk.lack("2.2", book, f"section:{section}", "setup", closes, "undecidable")
                continue
            if place == late:
                at = closes + 33 * HOUR
                truths = (too_late("2.2", closes),)
            self.desk.say(book, at, "deputy", SetUp(section=section, year=YEAR), role="deputy",
                      truths=truths)  # fmt: skip

    # -- a journal -------------------------------------------------------------------------------

    def _journal(self, journal: JournalId) -> None:
        held = [one for one in self.facts.lessons_of(journal) if not one.cancelled]
        self.exemptions.record(journal, held)
        for number, lesson in enumerate(held):
            if number % _WORKS_EVERY == _WORKS_EVERY - 1:
                kind, purpose = _WORKS[number // _WORKS_EVERY % len(_WORKS)]
                self._work(journal, lesson, number, kind, purpose)
            else:
                self._lesson(journal, lesson, number)
        for period in (*(id for id, _, _ in PERIODS), "year"):
            self._results(journal, period)

    def _absent(self, lesson: Lesson) -> tuple[list[str], dict[str, str]]:
        present, absent = [], {}
        for pupil in self.made.roll(lesson.group, lesson.day):
            drawn_now = self.rng.random()
            if drawn_now < 0.06:
                absent[pupil] = ("Б", "Б", "УП", "Н", "НП", "ОП")[int(drawn_now * 100)]
            else:
                present.append(pupil)
        return present, absent

    def _lesson(self, journal: JournalId, lesson: Lesson, number: int) -> None:
        rng, book, about = self.rng, journal.book, lesson.about
        there, absent = self._absent(lesson)
        present = self.exemptions.graded(journal, lesson.day, there)
        fault = drawn(rng.random(), AT_LESSON)
        by = lesson.substitute or str(lesson.teacher)
        role = "teacher" if lesson.substitute is None else "substitute"
        if fault in ("claim answered", "claim unanswered"):
            if lesson.substitute is None and self._claim(book, lesson, fault):
                by, role = self.made.spare[1], "substitute"
            fault = None
        done, closes = lesson.ends - 3 * MINUTE, self.tz.end_of_day(lesson.day)
        morrow = closes + 8 * HOUR + rng.randrange(60) * MINUTE
        roll = None
        if fault == "no roll":
            self.desk.lack("2.9", book, about, "roll", closes)
        else:
            late = fault == "late roll"
            call = RollCall(lesson=lesson.id, absent=absent)
            roll = self.desk.say(book, morrow if late else done, by, call, role=role,
                             truths=(too_late("2.9", closes),) if late else ())  # fmt: skip
            self.makeups.of_lesson(journal, lesson, absent)
        self._topic(book, lesson, number, by, role, fault)
        self._homework(book, lesson, number, by, role, fault)
        marks = self._marks(lesson, present, book, by, role, late=fault == "late mark")
        if present is not there:
            self.exemptions.marked(journal, lesson, there, by, role)
        if fault == "mark of an absent pupil":
            gone = [one for one, code in absent.items() if code != "ОП"]
            away = self.exemptions.graded(journal, lesson.day, gone)
            if away:
                broken = breach("2.5", "absent-at-lesson")
                self.desk.say(book, done + MINUTE, by, _mark(lesson, away[0], 4), role=role,
                          truths=(broken,))  # fmt: skip
        if fault == "foreign hand" and present:
            told = Evidence(lesson.starts, lesson.ends, self.made.spare[0], "teacher", "imported")
            self.desk.say(book, morrow + HOUR, "importer", _mark(lesson, present[-1], 3),
                      role="importer", evidence=told,
                      truths=(breach("2.3", "not-your-journal"),))  # fmt: skip
        marked = {one.content.pupil for one in marks}
        free = [one for one in present if one not in marked]
        if fault == "absentee found later" and roll is not None and free:
            pupil = free[0]
            change = Correction(journal=journal, entry=1, values={"absent": {pupil: "Н"}},
                                reason="Отмечен ошибочно")  # fmt: skip
            self.desk.say(book, morrow, by, change, role=role, of=roll,
                      truths=({**too_late("2.9", closes), "record": "roll", "pupil": pupil},))  # fmt: skip
        if fault in ("late correction", "correction in time") and marks:
            change = Correction(journal=journal, entry=1, values={"value": 5}, reason="Опечатка")
            in_time = fault == "correction in time"
            listed = {**too_late("2.5", closes), "code": "changed-after-close", "severity": "advice",
                      "record": "mark"}  # fmt: skip
            self.desk.say(book, done + MINUTE if in_time else morrow + HOUR, by, change, role=role,
                      of=marks[0], truths=() if in_time else (listed,))  # fmt: skip

    def _topic(
        self, book: str, lesson: Lesson, number: int, by: str, role: str, fault: str | None
    ) -> None:
        period = self.calendar.period_on(lesson.group, lesson.day)
        if fault == "no topic" and period is not None:
            closes = self.tz.start_of_day(period.until)
            self.desk.lack("2.6", book, lesson.about, "topic", closes)
            return
        bare = fault == "topic without plan"
        plan = None if bare else f"{lesson.group}-{lesson.subject}-{number + 1}"
        draft = Topic(lesson=lesson.id, topic=topic(lesson.subject, number), plan=plan)
        advice = {**breach("2.6", "no-plan-link"), "severity": "advice"}
        self.desk.say(book, lesson.ends - 3 * MINUTE, by, draft, role=role,
                  truths=(advice,) if bare else ())  # fmt: skip

    def _homework(
        self, book: str, lesson: Lesson, number: int, by: str, role: str, fault: str | None
    ) -> None:
        wrong = fault in ("late homework", "homework without nature", "homework says nothing")
        if not wrong and (lesson.subject in NO_HOMEWORK or self.rng.random() < 0.2):
            return
        at, truths = lesson.ends - 3 * MINUTE, []
        how: str | None = nature(lesson.subject, number)
        what = task(lesson.subject, number)
        if fault == "late homework":
            class_ = lesson.group.partition("-")[0]
            closes = self.made.day_ends[class_, lesson.day] + 90 * MINUTE
            at = closes + self.rng.randrange(1, 40) * MINUTE
            truths = [too_late("2.7", closes)]
        elif fault == "homework without nature":
            how, truths = None, [breach("2.7", "no-nature")]
        elif fault == "homework says nothing":
            what, truths = "позже", [breach("2.7", "says-nothing")]
        self.desk.say(book, at, by, Homework(lesson=lesson.id, task=what, nature=how), role=role,
                  truths=tuple(truths))  # fmt: skip

    def _marks(
        self, lesson: Lesson, present: list[str], book: str, by: str, role: str, *, late: bool
    ) -> list[Said]:
        rng = self.rng
        found = []
        count = min(len(present), 3 + rng.randrange(4))
        closes = self.tz.end_of_day(lesson.day)
        for place, pupil in enumerate(rng.sample(present, count)):
            slow = late and place == 0
            at = closes + 9 * HOUR if slow else lesson.ends - 2 * MINUTE
            kind = ("oral", "classwork", "test", "homework")[rng.randrange(4)]
            found.append(
                self.desk.say(book, at, by, _mark(lesson, pupil, 2 + rng.randrange(4), kind),
                          role=role, truths=(too_late("2.5", closes),) if slow else ())
            )  # fmt: skip
        return found[1:] if late else found

    def _claim(self, book: str, lesson: Lesson, fault: str) -> bool:
        """Let a teacher without lessons stand in by his own word; tell whether he is free then."""
        who, day = self.made.spare[1], lesson.day
        if not self.facts.is_free(who, lesson):
            return False
        claim = self.desk.say(book, lesson.ends - 4 * MINUTE, who,
                          Substitution(lesson=lesson.id, teacher=who), role="substitute")  # fmt: skip
        if fault == "claim answered":
            yes = Confirmation(lesson=lesson.id, entry=1, accept=True)
            self.desk.say(book, lesson.ends + HOUR, "deputy", yes, role="deputy", of=claim)
        else:
            closes = self.tz.end_of_day(self.calendar.add_working_days(day, 1))
            self.desk.lack("2.10", book, lesson.about, "confirmation", closes)
        return True

    # -- works and results -----------------------------------------------------------------------

    def _work(
        self, journal: JournalId, lesson: Lesson, number: int, kind: str, purpose: str
    ) -> None:
        rng, book, done = self.rng, journal.book, lesson.ends - 3 * MINUTE
        present, absent = self._absent(lesson)
        by = lesson.substitute or str(lesson.teacher)
        role = "teacher" if lesson.substitute is None else "substitute"
        self.desk.say(book, done, by, RollCall(lesson=lesson.id, absent=absent), role=role)
        self._topic(book, lesson, number, by, role, None)
        id, days = f"{kind}-{number}", 3 if purpose == "monitoring" else 10
        work = NewWork(id=id, kind=kind, purpose=purpose, lesson=lesson.id, title="Работа")
        self.desk.say(book, done, by, work, role=role)
        fault = drawn(rng.random(), AT_WORK)
        called = sorted([*present, *(one for one, code in absent.items() if code == "ОП")])
        there = self.exemptions.graded(journal, lesson.day, called)
        last = lesson.day + timedelta(days=days)
        while not self.calendar.is_working_day(last):
            last += timedelta(days=1)
        clause, closes = "2.11" if days == 3 else "2.12", self.tz.end_of_day(last)
        given = self.tz.start_of_day(lesson.day + timedelta(days=2)) + 15 * HOUR
        marked = self.markers.at_work(journal, lesson, id, there, given, clause, closes)
        more: Mapping[str, tuple[int, tuple[Told, ...]]] = {}
        if fault is None and purpose == "ordinary":
            others = [one for one in there if one != marked]
            more = self.waivers.at_work(journal, id, others, given, closes)
        for place, pupil in enumerate(there):
            if pupil == marked:
                continue
            at = given
            truths: tuple[Mapping[str, Any], ...] = ()
            if place == 0 and fault == "no mark for a work":
                self.desk.lack(clause, book, f"work:{id}", "mark", closes, pupil=pupil)
                continue
            if place == 0 and fault == "late mark for a work":
                at, truths = closes + 33 * HOUR, (too_late(clause, closes),)
            if pupil in more:
                at, truths = more[pupil]
            draft = Mark(lesson=lesson.id, work=id, pupil=pupil, value=2 + rng.randrange(4))
            self.desk.say(
                book, at, self.desk.teacher(journal, at, lesson.day), draft, truths=truths
            )

    def _results(self, journal: JournalId, period: str) -> None:
        closes = self.tz.start_of_day(self.desk.free[period])
        end = self.calendar.last_school_day(journal.group, period)
        if closes > self.desk.audited or end is None:
            return
        rng, opens = self.rng, self.tz.start_of_day(self.desk.free[period] - timedelta(days=7))
        fault = drawn(rng.random(), AT_RESULTS)
        at = opens + (2 * 24 + 17) * HOUR + rng.randrange(90) * MINUTE
        exempt = self.exemptions.all_year(journal)
        pupils = [one for one in self.made.roll(journal.group, end) if one not in exempt]
        stage = "year" if period == "year" else "period"
        marked = self.markers.at_results(journal, period, stage, pupils, at, end, closes)
        for place, pupil in enumerate(pupils):
            if pupil == marked:
                continue
            when = at
            truths: tuple[Mapping[str, Any], ...] = ()
            if place == 0 and fault == "no result":
                self.desk.lack(
                    "2.8", journal.book, f"period:{period}", "result", closes, pupil=pupil
                )
                continue
            if place == 0 and fault == "late result":
                when, truths = closes + 10 * HOUR, (too_late("2.13", closes),)
            if place == 0 and fault == "early result":
                when = opens - 10 * HOUR
                truths = ({**too_late("2.13", None), "code": "before-open", "outcome": "early",
                           "opens": opens},)  # fmt: skip
            draft = PeriodResult(
                journal=journal, period=period, pupil=pupil, value=2 + rng.randrange(4), stage=stage,
            )  # fmt: skip
            self.desk.say(
                journal.book, when, self.desk.teacher(journal, when, end), draft, truths=truths
            )


def _mark(lesson: Lesson, pupil: str, value: int, kind: str = "oral") -> Mark:
    return Mark(lesson=lesson.id, pupil=pupil, kind=kind, value=value)
