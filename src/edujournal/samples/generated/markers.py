"""Special markers of a made school: who is exempt, not assessed, ungraded or in debt, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from edujournal.model.drafts import Correction, Mark, Marker, PeriodResult
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson
from edujournal.model.people import covers
from edujournal.model.time import MINUTE
from edujournal.samples.generated.desk import HOUR, Desk, Told, breach, too_late
from edujournal.samples.generated.faults import (
    EXEMPT,
    MARKED_AT_RESULTS,
    MARKED_AT_WORK,
    drawn,
)
from edujournal.samples.generated.school import SINCE, YEAR

#: Subject from which pupils are exempt for their health.
HEALTH: Final = "pe"

_GROUND: Final = "Медицинская справка"
_NO_GROUND: Final = breach("2.8", "no-ground")
#: A mark, of whatever kind, that stands beside an exemption.
BESIDE: Final = breach("2.8", "beside-mark")
_MARKERS: Final = {"not assessed": "н/а", "assessed later": "н/а", "ungraded": "безотм"}


@frozen
class Exemption:
    """From when to when a pupil is exempt from a subject; None for as long as the year.

    Attributes:
        since: First day.
        until: Day after the last one.
        ground: What proves it; None where nothing does.
    """

    since: date | None
    until: date | None
    ground: str | None

    def covers(self, day: date) -> bool:
        """Whether it holds on *day*."""
        return covers(self.since, self.until, day)


class Exemptions:
    """Pupils who are exempt from physical education: a marker for the whole subject tells of each.

    Args:
        desk: Where the year is kept.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._rng = desk.chance("exemptions")
        self._of = {
            JournalId(group, HEALTH, YEAR): dict(self._drawn(group))
            for group in sorted(desk.homerooms)
        }

    def _drawn(self, group: str) -> Iterator[tuple[str, Exemption]]:
        for pupil, since, until in self.desk.made.rolls[group]:
            how = drawn(self._rng.random(), EXEMPT)
            day = SINCE + timedelta(days=self._rng.randrange(1, 200))
            if since is not None or until is not None or how is None:
                continue
            if how == "some weeks":
                weeks = 1 + self._rng.randrange(3)
                yield pupil, Exemption(day, day + timedelta(weeks=weeks), _GROUND)
            else:
                ground = None if how == "without ground" else _GROUND
                yield pupil, Exemption(None, None, ground)

    def record(self, journal: JournalId, held: Sequence[Lesson]) -> None:
        """Set the markers of *journal*, each as the first lesson comes that it reaches."""
        for pupil, one in self._of.get(journal, {}).items():
            lesson = next((lesson for lesson in held if one.covers(lesson.day)), None)
            if lesson is None:
                continue
            at = lesson.starts + 5 * MINUTE
            draft = Marker(pupil=pupil, code="осв", journal=journal, since=one.since,
                           until=one.until, ground=one.ground)  # fmt: skip
            self.desk.say(journal.book, at, self.desk.teacher(journal, at, lesson.day), draft,
                          truths=() if one.ground else (_NO_GROUND,))  # fmt: skip

    def graded(self, journal: JournalId, day: date, pupils: list[str]) -> list[str]:
        """Those of *pupils* who are not exempt on *day*."""
        if not self._of.get(journal):
            return pupils
        return [one for one in pupils if not self.exempt(journal, one, day)]

    def exempt(self, journal: JournalId, pupil: str, day: date) -> bool:
        """Whether *pupil* is exempt on *day*."""
        one = self._of.get(journal, {}).get(pupil)
        return one is not None and one.covers(day)

    def all_year(self, journal: JournalId) -> frozenset[str]:
        """Pupils who get no result in *journal*, since they are exempt from it all the year."""
        some = self._of.get(journal, {})
        return frozenset(pupil for pupil, one in some.items() if one.since is None)

    def marked(
        self, journal: JournalId, lesson: Lesson, present: list[str], by: str, role: str
    ) -> None:
        """Now and then let one who is exempt, but there, get a mark all the same."""
        for pupil in present:
            if self.exempt(journal, pupil, lesson.day) and self._rng.random() < 0.01:
                draft = Mark(lesson=lesson.id, pupil=pupil, kind="oral", value=5)
                self.desk.say(journal.book, lesson.ends - MINUTE, by, draft, role=role,
                              truths=(BESIDE,))  # fmt: skip


class Markers:
    """Markers in place of marks for works, and of results.

    Args:
        desk: Where the year is kept.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._rng = desk.chance("markers")

    def at_work(
        self, journal: JournalId, lesson: Lesson, work: str, pupils: list[str], at: int,
        clause: str, closes: int,
    ) -> str | None:  # fmt: skip
        """Give one of *pupils* a marker for *work*, if it comes to that; tell who it is.

        Args:
            journal: Whose work it is.
            lesson: Lesson at which it was held.
            work: Its id.
            pupils: Who is asked for a mark.
            at: Instant at which marks are given.
            clause: Clause that asks for them.
            closes: End of its window.
        """
        how = drawn(self._rng.random(), MARKED_AT_WORK)
        if how is None or len(pupils) < 3:
            return None
        pupil, by = pupils[-1], self.desk.teacher(journal, at, lesson.day)
        debt = how.startswith("debt")
        draft = Marker(
            lesson=lesson.id, work=work, pupil=pupil, code="точка" if debt else "осв",
            ground=None if debt or how == "exempt without ground" else _GROUND,
        )  # fmt: skip
        self.desk.say(journal.book, at, by, draft,
                      truths=(_NO_GROUND,) if how == "exempt without ground" else ())  # fmt: skip
        if how == "debt":
            self.desk.lack(clause, journal.book, f"work:{work}", "mark", closes, pupil=pupil)
        elif how in ("debt cleared", "mark beside an exemption"):
            then = closes - 8 * HOUR if debt else at + 5 * MINUTE
            mark = Mark(lesson=lesson.id, work=work, pupil=pupil, value=4)
            self.desk.say(journal.book, then, self.desk.teacher(journal, then, lesson.day), mark,
                          truths=() if debt else (BESIDE,))  # fmt: skip
        return pupil

    def at_results(
        self, journal: JournalId, period: str, stage: str, pupils: Sequence[str], at: int,
        end: date, closes: int,
    ) -> str | None:  # fmt: skip
        """Give one of *pupils* a marker in place of a result, if it comes to that; tell who it is.

        Args:
            journal: Whose result it is.
            period: For which period.
            stage: Stage of the result.
            pupils: Who is asked for one.
            at: Instant at which results are given.
            end: Last day of school in the period.
            closes: End of the window.
        """
        how = drawn(self._rng.random(), MARKED_AT_RESULTS)
        if how is None or len(pupils) < 3:
            return None
        pupil = pupils[-1]
        code = _MARKERS.get(how, "осв")
        bare = how == "exempt without ground"
        draft = PeriodResult(
            journal=journal, period=period, pupil=pupil, marker=code, stage=stage,
            ground=_GROUND if code == "осв" and not bare else None,
        )  # fmt: skip
        given = self.desk.say(journal.book, at, self.desk.teacher(journal, at, end), draft,
                              truths=(_NO_GROUND,) if bare else ())  # fmt: skip
        later = closes + 9 * 24 * HOUR + 11 * HOUR
        if how == "assessed later" and later < self.desk.audited:
            change = Correction(journal=journal, entry=1, values={"marker": None, "value": 3},
                                reason="Задолженность закрыта")  # fmt: skip
            self.desk.say(journal.book, later, self.desk.teacher(journal, later, end), change,
                          of=given, truths=(_changed_late(closes),))  # fmt: skip
        return pupil


def _changed_late(closes: int) -> Told:
    return {**too_late("2.13", closes), "code": "changed-after-close", "severity": "advice",
            "record": "result"}  # fmt: skip
