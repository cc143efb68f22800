"""Breaches of every clause, planted into a quarter that is otherwise well kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import evolve

from edujournal.model.drafts import (
    Confirmation,
    Correction,
    Disclosure,
    Draft,
    Homework,
    MakeUp,
    Mark,
    NewWork,
    PeriodResult,
    Substitution,
    Topic,
)
from edujournal.model.entries import Evidence
from edujournal.model.occasions import Lesson
from edujournal.model.time import MINUTE, moment
from edujournal.samples.frame import PLAN, YEAR, ZONE
from edujournal.samples.keeping import Find
from edujournal.samples.planting import Plot

#: What a teacher records at a lesson.
_AT_LESSON: Final = ("roll", "topic", "homework", "marks")


def set_up(plot: Plot) -> None:
    """2.2: a section a day late, and one of which nobody said that it is ready."""
    plot.move("setup", "plans", plot.at(9, 11, "09:05"))
    plot.expect("2.2", "after-close", "late", None, "setup", about="section:plans")
    plot.drop("setup", "kinds")
    plot.expect("2.2", "missing", "undecidable", None, "setup", about="section:kinds")


def strange_hands(plot: Plot) -> None:
    """2.3, 2.4, 2.10: what an earlier system let pass comes in as evidence, and is judged."""
    drafts = []
    for lesson, pupil, author, role, clause, code in (
        ("7B-hist-0910", "p-21", "t-volkov", "teacher", "2.3", "not-your-journal"),
        ("7A-bio-0912", "p-9", "t-petrova", "homeroom", "2.4", "reads-only"),
        ("10A-soc-0915", "p-50", "t-kuznetsov", "substitute", "2.10", "no-substitution"),
    ):
        held = plot.lesson(lesson)
        told = Evidence(
            held.starts, held.starts + 60 * MINUTE, author, role, "перенос из прежней системы"
        )
        drafts.append(Mark(lesson=lesson, pupil=pupil, kind="oral", value=4, evidence=told))
        plot.expect(clause, code, "broken", lesson, "mark", pupil=pupil)
    plot.add("import", "2026-10-26", plot.at(10, 26, "10:00"), "importer", *drafts)


def marks_at_lessons(plot: Plot) -> None:
    """2.5: marks of yesterday, a mark for one who was not there, an oral work without a term."""
    late = "7B-geom-0925"
    plot.move("marks", late, plot.at(9, 26, "10:10"))
    for mark in plot.marks(late):
        plot.expect("2.5", "after-close", "late", late, "mark", pupil=mark.pupil)

    lesson, pupil = plot.absent("10A", "hist", "Б", "УП", "Н", "НП")
    mark = Mark(lesson=lesson.id, pupil=pupil, kind="oral", value=4)
    plot.add("absent", lesson.id, lesson.ends - 2 * MINUTE, "t-sidorov", mark)
    plot.expect("2.5", "absent-at-lesson", "broken", lesson.id, "mark", pupil=pupil)

    oral = "5A-eng-1006"
    plot.add(
        "work", oral, plot.lesson(oral).ends - 3 * MINUTE, "t-smirnova",
        NewWork(id="control-oral-1", kind="control-oral", purpose="ordinary", lesson=oral,
                title="Монолог"),
    )  # fmt: skip
    given = [evolve(one, kind=None, work="control-oral-1") for one in plot.marks(oral)]
    plot.rewrite("marks", oral, *given)
    for mark in given:
        plot.expect(
            "2.5", "after-close", "undecidable", oral, "mark", about="work:control-oral-1",
            pupil=mark.pupil,
        )  # fmt: skip


def make_ups(plot: Plot) -> None:
    """2.5: a make-up that is right, and one of an absence without a valid reason."""
    lesson, pupil = plot.absent("7A", "alg", "Б", "УП")
    right = MakeUp(
        lesson=lesson.id, pupil=pupil, value=4, protocol="Протокол № 3",
        held=plot.lesson("7A-alg-1012").day, examiners=["t-ivanova"],
    )  # fmt: skip
    plot.add("makeup", lesson.id, plot.at(10, 12, "15:10"), "t-ivanova", right)

    lesson, pupil = next(
        found
        for group, subject in (("7B", "rus"), ("7A", "rus"), ("5A", "rus"), ("10A", "rus"))
        if (found := _found(plot, group, subject, "НП"))
    )
    wrong = MakeUp(
        lesson=lesson.id, pupil=pupil, value=3, protocol="Протокол № 4",
        held=plot.lesson("7A-alg-1013").day, examiners=[str(lesson.teacher)],
    )  # fmt: skip
    plot.add("makeup", lesson.id, plot.at(10, 13, "18:20"), str(lesson.teacher), wrong)
    plot.expect("2.5", "not-excused", "broken", lesson.id, "makeup", pupil=pupil)


def _found(plot: Plot, group: str, subject: str, code: str) -> tuple[Lesson, str] | None:
    try:
        return plot.absent(group, subject, code)
    except LookupError:
        return None


def topics(plot: Plot) -> None:
    """2.6: no topic, a dot, a topic without its row of the plan, one after the quarter, no kind."""
    plot.drop("topic", "10B-soc-0922")
    plot.expect("2.6", "missing", "missing", "10B-soc-0922", "topic")

    plot.rewrite("topic", "5A-geo-0921", Topic(lesson="5A-geo-0921", topic=".", plan="5A-geo-3"))
    plot.expect("2.6", "says-nothing", "broken", "5A-geo-0921", "topic")
    plot.expect("2.6", "missing", "missing", "5A-geo-0921", "topic")

    plot.rewrite("topic", "7A-lit-0922", Topic(lesson="7A-lit-0922", topic="Былины"))
    plot.expect("2.6", "no-plan-link", "broken", "7A-lit-0922", "topic")

    plot.move("topic", "10B-geom-1001", plot.at(10, 26, "11:00"))
    plot.expect("2.6", "after-close", "late", "10B-geom-1001", "topic")

    first, *others = plot.marks("7A-geo-0924")
    plot.rewrite("marks", "7A-geo-0924", evolve(first, kind=None), *others)
    plot.expect("2.6", "no-kind", "broken", "7A-geo-0924", "mark", pupil=first.pupil)
    # Of what kind nobody knows, the term nobody knows either.
    plot.expect("2.12", "after-close", "undecidable", "7A-geo-0924", "mark", pupil=first.pupil)


def homework(plot: Plot) -> None:
    """2.7: homework in the evening, without a manner, without a word."""
    evening, plain, empty = _with_homework(plot, "7A-rus", "3A-math", "10A-chem")
    plot.move("homework", evening, plot.keeping.at(plot.lesson(evening).day, "19:40"))
    plot.expect("2.7", "after-close", "late", evening, "homework")
    plot.rewrite("homework", plain, Homework(lesson=plain, task="№ 112, 115"))
    plot.expect("2.7", "no-nature", "broken", plain, "homework")
    plot.rewrite("homework", empty, Homework(lesson=empty, task="позже", nature="письменно"))
    plot.expect("2.7", "says-nothing", "broken", empty, "homework")


def _with_homework(plot: Plot, *journals: str) -> list[str]:
    """The first lesson after 14 September of each journal at which homework was set."""
    return [
        next(
            lesson
            for what, lesson in plot.strokes
            if what == "homework" and lesson.startswith(f"{journal}-") and lesson[-4:] > "0914"
        )
        for journal in journals
    ]


def rolls(plot: Plot) -> None:
    """2.9: a roll called the next day, one never called, a pupil found missing the next day."""
    plot.move("roll", "10A-inf-0917", plot.at(9, 18, "08:05"))
    plot.expect("2.9", "after-close", "late", "10A-inf-0917", "roll")

    plot.drop("roll", "7B-tech-0929")
    plot.expect("2.9", "missing", "missing", "7B-tech-0929", "roll")

    lesson = plot.lesson("7A-music-0930")
    marked = {mark.pupil for mark in plot.marks(lesson.id)}
    pupil = next(one for one in plot.keeping.present(lesson) if one not in marked)
    journal = plot.facts.journal_of(lesson)

    def found_missing(find: Find) -> Draft:
        return Correction(
            journal=journal, entry=find(journal.book, "roll", lesson.about, None),
            values={"absent": {pupil: "Н"}}, reason="Ученика не было, отмечен ошибочно",
        )  # fmt: skip

    plot.add("correction", lesson.id, plot.at(10, 1, "09:15"), "t-zaitseva", found_missing)
    plot.expect("2.9", "after-close", "late", lesson.id, "roll", pupil=pupil)


def substitutions(plot: Plot) -> None:
    """2.10: a claim nobody answered, one answered late, one declined, whose entries are void."""
    _claim(plot, "3A-pe-0930", "t-zaitseva")
    plot.expect("2.10", "missing", "missing", "3A-pe-0930", "confirmation")

    _claim(plot, "5A-art-1012", "t-morozova")
    _answer(plot, "5A-art-1012", plot.at(10, 15, "12:00"), accept=True)
    plot.expect("2.10", "after-close", "late", "5A-art-1012", "confirmation")

    _claim(plot, "7B-geo-0928", "t-egorova")
    _answer(plot, "7B-geo-0928", plot.at(9, 29, "12:00"), accept=True)

    _claim(plot, "10B-bio-0926", "t-sidorov")
    _answer(plot, "10B-bio-0926", plot.at(9, 28, "12:00"), accept=False)
    plot.expect("2.9", "missing", "missing", "10B-bio-0926", "roll")
    plot.expect("2.6", "missing", "missing", "10B-bio-0926", "topic")
    for what in _AT_LESSON:
        for draft in plot.drafts(what, "10B-bio-0926"):
            said = draft.content()
            plot.expect("integrity", "void", "void", "10B-bio-0926", said.kind, pupil=said.pupil)


def _claim(plot: Plot, lesson: str, teacher: str) -> None:
    """Have another teacher keep a lesson, who names himself as its substitute in the same act."""
    for what in _AT_LESSON:
        stroke = plot.strokes.get((what, lesson))
        if stroke is not None:
            plot.strokes[what, lesson] = evolve(stroke, by=teacher)
    claim = Substitution(lesson=lesson, teacher=teacher)
    plot.rewrite("roll", lesson, claim, *plot.strokes["roll", lesson].drafts)


def _answer(plot: Plot, lesson: str, at: int, *, accept: bool) -> None:
    book = plot.book(lesson)

    def answer(find: Find) -> Draft:
        claim = find(book, "substitution", f"lesson:{lesson}", None)
        return Confirmation(lesson=lesson, entry=claim, accept=accept)

    plot.add("confirmation", lesson, at, "deputy", answer)


def works(plot: Plot) -> None:
    """2.11, 2.12: a mark after the term, a mark never given, a work whose purpose nobody named."""
    control = _held(plot, "7A-alg")
    late, never, *others = plot.marks(control)
    plot.rewrite("marks", control, *others)
    plot.add("late", control, plot.at(10, 3, "10:30"), "t-ivanova", late)
    name = f"work:{late.work}"
    plot.expect("2.11", "after-close", "late", control, "mark", about=name, pupil=late.pupil)
    plot.expect("2.11", "missing", "missing", control, "mark", about=name, pupil=never.pupil)

    essay = _held(plot, "10A-lit")
    late, *others = plot.marks(essay)
    plot.rewrite("marks", essay, *others)
    plot.add("late", essay, plot.at(10, 12, "16:00"), "t-fedorova", late)
    name = f"work:{late.work}"
    plot.expect("2.12", "after-close", "late", essay, "mark", about=name, pupil=late.pupil)

    open_ = f"{PLAN}-proj-1009"
    done = plot.lesson(open_).ends - 3 * MINUTE
    work = NewWork(id="control-1", kind="control", lesson=open_, title="Проверочная")
    plot.add("work", open_, done, "t-popova", work)
    if ("marks", open_) in plot.strokes:
        plot.drop("marks", open_)
    (pupil,) = plot.keeping.present(plot.lesson(open_))
    mark = Mark(lesson=open_, work="control-1", pupil=pupil, value=5)
    plot.add("marks", open_, plot.at(10, 14, "16:00"), "t-popova", mark)
    plot.expect(
        "2.12", "after-close", "undecidable", open_, "mark", about="work:control-1", pupil=pupil
    )


def _held(plot: Plot, journal: str) -> str:
    """The lesson of *journal* at which its work is held."""
    return next(
        name for what, name in plot.strokes if what == "work" and name.rpartition("-")[0] == journal
    )


def results(plot: Plot) -> None:
    """2.8, 2.13: a pupil without a result, one after the holidays began, one before the last week."""
    for journal, pupil, at in (
        ("7A/hist/2026", "p-7", None),
        ("7B/inf/2026", "p-20", plot.at(10, 26, "12:30")),
        ("3A/music/2026", "p-71", plot.at(10, 12, "13:00")),
    ):
        stroke = plot.strokes["results", journal]
        kept = [one for one in plot.drafts("results", journal) if isinstance(one, PeriodResult)]
        plot.rewrite("results", journal, *(one for one in kept if one.pupil != pupil))
        code, outcome, clause = "missing", "missing", "2.8"
        if at is not None:
            mine = next(one for one in kept if one.pupil == pupil)
            plot.add("result", journal, at, stroke.by, mine)
            clause = "2.13"
            early = at < stroke.at
            code, outcome = ("before-open", "early") if early else ("after-close", "late")
        plot.expect(
            clause, code, outcome, None, "result", book=f"journal/{journal}", about="period:q1",
            pupil=pupil,
        )  # fmt: skip


def logins(plot: Plot) -> None:
    """3.3: support told too late, and not at all."""
    for event, noticed, by, leaked, to, at in (
        ("login-1", plot.at(9, 21, "19:00"), "g-17", "g-17", "head", plot.at(9, 22, "08:30")),
        ("login-1", plot.at(9, 21, "19:00"), "g-17", "g-17", "support", plot.at(9, 24, "12:00")),
        ("login-2", plot.at(10, 7, "14:00"), "t-lebedev", "t-lebedev", "head",
         plot.at(10, 7, "14:20")),
    ):  # fmt: skip
        report = Disclosure(
            event=event, account=leaked, noticed=moment(noticed, ZONE), to=to, year=YEAR
        )
        plot.add(f"told {to}", event, at, by, report)
    plot.expect("3.3", "after-close", "late", None, "disclosure", about="event:login-1")
    plot.expect(
        "3.3", "missing", "missing", None, "disclosure", about="event:login-2", pupil="support"
    )


def changes(plot: Plot) -> None:
    """A mark put right a week later, with its reason: late, and only listed."""
    lesson = plot.lesson("7A-geom-0919")
    journal = plot.facts.journal_of(lesson)
    mark = plot.marks(lesson.id)[0]

    def put_right(find: Find) -> Draft:
        return Correction(
            journal=journal, entry=find(journal.book, "mark", lesson.about, mark.pupil),
            values={"value": 5}, reason="Ошибка при переносе из тетради",
        )  # fmt: skip

    plot.add("correction", lesson.id, plot.at(9, 26, "09:30"), "t-ivanova", put_right)
    plot.expect("2.5", "changed-after-close", "late", lesson.id, "mark", pupil=mark.pupil)


#: Everything that is planted and accepted, in the order of the clauses.
BREACHES: Final[tuple[Callable[[Plot], None], ...]] = (
    set_up,
    strange_hands,
    marks_at_lessons,
    make_ups,
    topics,
    homework,
    rolls,
    substitutions,
    works,
    results,
    logins,
    changes,
)
