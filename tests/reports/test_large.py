"""A bad year of a large school: 750 pupils and 300,000 findings go by once, and a browser opens the page."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.documents.report import write_report
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model.occasions import Lesson
from edujournal.model.people import Account, Membership, RoleSpan
from edujournal.model.time import HOUR, MINUTE, zone
from edujournal.papers.head_report import compose_report
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity
from edujournal.views.gathered import Gathering

CLASSES, WEEKS, TEACHERS, REGULATION = 30, 36, 50, "ru-school26-2023"
CLAUSES = [f"2.{n}" for n in range(2, 14)]
OUTCOMES = [Outcome.MET] * 8 + [Outcome.LATE] * 3 + [Outcome.MISSING, Outcome.UNDECIDABLE]
PLACE = zone("Europe/Moscow")


@pytest.fixture(scope="module")
def school() -> PlainSchool:
    """Thirty classes of 25 pupils, fifty teachers, a lesson of each class in each week."""
    lessons = [
        Lesson(
            f"{group}-{week}", str(group), "alg", day, 1, starts := PLACE.start_of_day(day) + 9 * HOUR,
            starts + 45 * MINUTE, "t-1",
        )
        for group in range(1, CLASSES + 1)
        for week in range(WEEKS)
        for day in (date(2026, 9, 1) + timedelta(days=7 * week),)
    ]  # fmt: skip
    (frame,) = ej.samples.school(["7A"]).facts().calendars
    own = frame.group("7A")
    groups = tuple(evolve(own, id=str(n), title="") for n in range(1, CLASSES + 1))
    return PlainSchool(
        frame.school,
        calendars=(evolve(frame, groups=groups),),
        lessons=lessons,
        memberships=[
            Membership(f"p-{group}-{n}", str(group))
            for group in range(1, CLASSES + 1)
            for n in range(25)
        ],
        accounts=[Account(f"t-{n}", roles=(RoleSpan("teacher"),)) for n in range(1, TEACHERS + 1)],
    )


class Names:
    """Names as long as people have them."""

    def name(self, kind, id, on=None):
        """A surname, a name, a patronymic."""
        return (
            id if kind in ("group", "subject") else f"Константинопольская Александра Ивановна {id}"
        )


def findings(school: PlainSchool, n: int) -> Iterator[Finding]:
    """So many findings; five of thirteen say that something is wrong."""
    dice, lessons = Random(n), school.facts().lessons
    plain = Finding(
        "after-close", REGULATION, "2.5", Severity.MUST, Outcome.MET, Effect.REMARK, "", "", None,
        "mark",
    )  # fmt: skip
    for entry in range(n):
        lesson = dice.choice(lessons)
        outcome, closes = dice.choice(OUTCOMES), PLACE.start_of_day(lesson.day + timedelta(days=1))
        told = {}
        if outcome is not Outcome.MISSING:
            lo = closes + (dice.randrange(1, 900) * HOUR if outcome is Outcome.LATE else -HOUR)
            told = {"lo": lo, "hi": lo + 1, "by": f"t-{dice.randint(1, TEACHERS)}", "entry": entry}
        yield evolve(
            plain,
            code="missing" if outcome is Outcome.MISSING else "after-close",
            clause=dice.choice(CLAUSES),
            outcome=outcome,
            book=f"journal/{lesson.group}/alg/2026",
            about=f"lesson:{lesson.id}",
            pupil=f"p-{lesson.group}-{dice.randrange(25)}",
            opens=lesson.starts,
            closes=closes,
            hands=frozenset({f"t-{dice.randint(1, TEACHERS)}"}),
            **told,
        )


@pytest.mark.soak
def test_a_year_of_a_large_school(school, browser, tmp_path):
    """One pass, memory that does not grow once the cells are full, less than 5 MB, on the screen at once."""
    gathering = Gathering(school.facts())
    sizes, held = [], []
    tracemalloc.start()
    for place, finding in enumerate(findings(school, 300_000), 1):
        gathering.add(finding)
        if place in (100_000, 200_000, 300_000):
            sizes.append(tracemalloc.get_traced_memory()[0])
            held.append(gathering.held)
    tracemalloc.stop()
    cells = len(CLAUSES) * TEACHERS + CLASSES * WEEKS
    assert held[-1] == held[0] <= cells * 5
    assert sizes[-1] < 1.2 * sizes[0]

    journals = ej.open("memory:", school=school, regulation=REGULATION)
    at = PLACE.start_of_day(date(2027, 5, 31))
    made = compose_report(gathering.gathered(), journals, "ru", Names(), at=at)
    page = write_report(made)
    assert 300_000 == sum(made.gathered.total.outcomes.values())
    assert len(page.encode()) < 5_000_000

    file = tmp_path / "large.html"
    file.write_text(page, "utf-8")
    browser.get(file.as_uri())
    assert "yes" == browser.execute_script("return document.documentElement.dataset.ready")
    assert [] == browser.get_log("browser")
