"""What a made school makes of absences: documents in class books, and missed topics made up by protocol."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from edujournal.model.drafts import Excuse, MakeUp
from edujournal.model.ids import JournalId, class_book
from edujournal.model.occasions import Lesson
from edujournal.model.time import MINUTE
from edujournal.samples.generated.desk import HOUR, Desk, Told, breach
from edujournal.samples.generated.faults import AT_ABSENCE, drawn
from edujournal.samples.generated.markers import BESIDE, Exemptions
from edujournal.samples.generated.school import YEAR

#: Whether a reason code excuses; None where nobody knows yet. Who came late has nothing to make up.
_EXCUSES: Final[Mapping[str, bool | None]] = {"Б": True, "УП": True, "Н": None, "НП": False}

#: How long after a lesson it is made up.
_AFTER: Final = timedelta(days=8)


@frozen(kw_only=True)
class _Absence:
    """An absence that is made up.

    Attributes:
        journal: Where.
        lesson: Which lesson was missed.
        pupil: By whom.
        code: Reason code.
        at: Instant at which it is made up.
    """

    journal: JournalId
    lesson: Lesson
    pupil: str
    code: str
    at: int


class Makeups:
    """Absences with their documents; what is to be found of a make-up is known when all are there.

    Args:
        desk: Where the year is kept.
        exemptions: Who is exempt: a make-up counts as a mark beside an exemption.
    """

    def __init__(self, desk: Desk, exemptions: Exemptions) -> None:
        self.desk = desk
        self.exemptions = exemptions
        self._rng = desk.chance("absences")
        self._made: list[_Absence] = []
        self._papers: dict[str, list[tuple[int, date, date]]] = {}

    def of_lesson(self, journal: JournalId, lesson: Lesson, absent: Mapping[str, str]) -> None:
        """Draw what becomes of the absences from *lesson*, whose roll was taken."""
        for pupil, code in absent.items():
            what = drawn(self._rng.random(), AT_ABSENCE, of=10_000)
            if what is None or code not in _EXCUSES:
                continue
            day = self.desk.tz.start_of_day(lesson.day + _AFTER)
            at = day + 15 * HOUR + self._rng.randrange(60) * MINUTE
            if at >= self.desk.audited:
                continue
            if what != "document":
                self._made.append(
                    _Absence(journal=journal, lesson=lesson, pupil=pupil, code=code, at=at)
                )
            if what != "made up":
                other = what == "document of other days"
                since = lesson.day + timedelta(days=1 if other else 0)
                came = at + HOUR if what == "document after the make-up" else at - 30 * HOUR
                self._excuse(lesson, pupil, since, came)

    def _excuse(self, lesson: Lesson, pupil: str, since: date, at: int) -> None:
        """A document for some days is handed to the homeroom teacher, who enters it."""
        group = lesson.group.partition("-")[0]
        until = since + timedelta(days=1 + self._rng.randrange(3))
        draft = Excuse(
            pupil=pupil, group=group, since=since, until=until, code="Б",
            document=f"Справка № {self._rng.randrange(100, 1000)}",
        )  # fmt: skip
        self._papers.setdefault(pupil, []).append((at, since, until))
        self.desk.say(class_book(group, YEAR), at, self.desk.homerooms[group], draft,
                      role="homeroom")  # fmt: skip

    def finish(self) -> None:
        """Record what is made up: a document excuses it, entered by then and for that day."""
        for number, one in enumerate(self._made, 1):
            draft = MakeUp(
                pupil=one.pupil, lesson=one.lesson.id, value=3 + number % 3,
                protocol=f"{number}", held=one.lesson.day + _AFTER,
            )  # fmt: skip
            by = self.desk.teacher(one.journal, one.at, one.lesson.day)
            self.desk.say(one.journal.book, one.at, by, draft, truths=self._truths(one))

    def _truths(self, one: _Absence) -> tuple[Told, ...]:
        if self.exemptions.exempt(one.journal, one.pupil, one.lesson.day):
            return (*self._excused(one), BESIDE)
        return self._excused(one)

    def _excused(self, one: _Absence) -> tuple[Told, ...]:
        papers = self._papers.get(one.pupil, ())
        if _EXCUSES[one.code] or any(
            at < one.at and since <= one.lesson.day < until for at, since, until in papers
        ):
            return ()
        known = _EXCUSES[one.code] is not None
        told = breach("2.5", "not-excused")
        return (told if known else {**told, "outcome": "undecidable"},)
