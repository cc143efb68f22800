"""Laws 4 and 5: a longer window creates no breach; what a term does not read cannot move its window."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib.resources import files

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.audits.exact import audit_book
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Event, Work
from edujournal.model.people import Account, Membership
from edujournal.model.time import HOUR
from edujournal.rules.clauses import QuantityRule, TimingRule
from edujournal.rules.duties import duties
from edujournal.rules.judging import Judge
from edujournal.rules.loading import load, shipped
from edujournal.rules.merging import extended
from edujournal.rules.scenes import (
    of_event,
    of_journal,
    of_lesson,
    of_period,
    of_section,
    of_sheet,
    of_work,
)
from edujournal.rules.term_values import bounds
from edujournal.testing import strategies as some
from edujournal.testing.scripts import play

SOME = settings(max_examples=max(1, settings().max_examples // 3))
DAY = timedelta(days=1)


def raw(name):
    """The plain data of a shipped regulation."""
    return tomllib.loads(
        files("edujournal.rules").joinpath("regulations", f"{name}.toml").read_text("utf-8")
    )


# -- 4: a longer window ------------------------------------------------------------------------------


def wider(term, days):
    """A term that ends some days later."""
    for how in ("min", "max", "first_known"):
        if how in term:
            return {how: [wider(one, days) for one in term[how]]}
    shift = term.get("shift")
    if shift is None:
        return {**term, "shift": f"+{days} days"}
    number, unit = shift.split(" ", 1)
    if "given." in number:
        return {"max": [term, {**term, "shift": f"+{days + 20} days"}]}
    per_day = {"hours": 24, "minutes": 1440}.get(unit, 1)
    return {**term, "shift": f"{int(number) + days * per_day:+d} {unit}"}


def widened(data, clause, rule, days):
    """Regulation data in which one rule's window ends later."""
    name = "closes" if "closes" in rule else "by"
    longer = {**rule, name: wider(rule[name], days)}
    clauses = [
        {**one, "rules": [longer if each is rule else each for each in one["rules"]]}
        if one is clause
        else one
        for one in data["clauses"]
    ]
    return load({**data, "clauses": clauses})


def breaches(judge, books, beside, at):
    """What is late, missing or otherwise broken; whose clause it is cited under left out."""
    return {
        (one.book, one.entry, one.code, one.about, one.pupil, one.record)
        for book, entries in books.items()
        for one in audit_book([judge], book, entries, at, beside=beside)
        if one.is_breach
    }


@SOME
@given(data=st.data())
def test_a_longer_window_creates_no_breach(opened, data):
    """Whatever window of the regulation ends later, what is late or missing only gets less."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=6, most=20))
    journals, clock = opened(school)
    play(journals, clock, script)
    merged = extended(opened.data, "laws", raw)
    places = [
        (clause, rule)
        for clause in merged["clauses"]
        for rule in clause.get("rules", ())
        if rule["kind"] in ("timing", "quantity") and ("closes" in rule or "by" in rule)
    ]
    clause, rule = data.draw(st.sampled_from(places))
    days = data.draw(st.sampled_from((1, 3, 6)))
    books = {
        book: list(journals.entries(book))
        for book in journals.books()
        if not book.startswith("access/")
    }
    beside = {book: journals.state(book) for book in books if not book.startswith("journal/")}
    at = script[-1].at + data.draw(st.sampled_from((1, 24, 480))) * HOUR
    before, after = (
        breaches(Judge(one, school.facts()), books, beside, at)
        for one in (load(merged), widened(merged, clause, rule, days))
    )

    assert after <= before, (clause["number"], after - before)


# -- 5: what a term does not read ---------------------------------------------------------------------

#: What the anchors of windows read, beside the occasion's own day and hours.
READS = {
    "class.closed": set(),
    "class_day.last_lesson.end": {"class day", "pupils"},
    "day": set(),
    "event.noticed": set(),
    "lesson.end": set(),
    "lesson.start": set(),
    "next_lesson": {"class day", "journal"},  # other lessons of its journal are of its class
    "period.end": {"periods", "own holidays"},
    "period.holidays.start": {"periods", "own holidays", "workdays"},
    "school_day.end": {"class day", "other lessons"},
    "work.held": set(),
    "year.end": set(),
}


def reads(rule):
    """What the terms of a rule read."""
    found = set()
    for term in bounds(rule):
        for anchor in term.anchors():
            known = set() if anchor.startswith(("date:", "given.")) else READS.get(anchor)
            found |= {"everything"} if known is None else known
        told = repr(term)
        if "working_day" in told:
            found.add("workdays")
        if "holidays" in told or "school_day" in told or "period" in told:
            found |= {"periods", "own holidays", "workdays"}
        if "'lessons'" in told:
            found |= {"class day", "journal"}
    return found


def lessons_but(facts, keep):
    """Facts without the lessons that are not to be kept."""
    return evolve(facts, lessons=[one for one in facts.lessons if keep(one)])


def with_calendar(facts, **changes):
    """Facts with another frame of the year."""
    return evolve(facts, calendars=[evolve(one, **changes) for one in facts.calendars])


def perturbed(facts, lesson, group):
    """Facts that differ in one respect each, by the name of what differs."""
    calendar = facts.calendars[0]
    kin = facts.kin(calendar, group, lesson.day)
    journal = (lesson.group, lesson.subject)
    own = calendar.group(group)
    yield "teachers", evolve(
        facts,
        lessons=[evolve(one, teacher="x", substitute=None, slot=one.slot + 3) for one in facts.lessons],
        assignments=(), accounts=[Account("x")],
    )  # fmt: skip
    yield (
        "titles",
        with_calendar(
            facts,
            groups=[evolve(one, title="другое имя") for one in calendar.groups],
            subjects=[evolve(one, title="другой") for one in calendar.subjects],
        ),
    )
    yield (
        "pupils",
        evolve(
            facts,
            memberships=[Membership("x", one.id) for one in calendar.groups if one.kind != "plan"],
        ),
    )
    yield "class day", lessons_but(facts, lambda one: one.id == lesson.id or one.group not in kin)
    yield "other lessons", lessons_but(
        facts, lambda one: one.id == lesson.id or one.group in kin or (one.group, one.subject) == journal
    )  # fmt: skip
    yield "journal", lessons_but(
        facts, lambda one: one.id == lesson.id or (one.group, one.subject) != journal or one.day == lesson.day
    )  # fmt: skip
    yield "bells", with_calendar(facts, schedules=(), bell_rules=(), cycle=None)
    yield "workdays", with_calendar(
        facts, closed=(), cancelled=(), working=(), weeks=[evolve(one, days=range(1, 8)) for one in calendar.weeks]
    )  # fmt: skip
    yield (
        "other frames",
        with_calendar(
            facts,
            groups=[
                one if one.id == group else evolve(one, periods="t", holidays="none", shift=1)
                for one in calendar.groups
            ],
        ),
    )
    yield "own holidays", with_calendar(
        facts, groups=[evolve(one, holidays="none") if one.id == own.id else one for one in calendar.groups]
    )  # fmt: skip
    yield (
        "forms",
        with_calendar(
            facts, groups=[evolve(one, profile="p", stage="s") for one in calendar.groups]
        ),
    )


def occasions(facts, lesson, period, noticed):
    """Every sort of occasion about which something may be owed, at a lesson or in its journal."""
    journal = JournalId(lesson.group, lesson.subject, some.YEAR)
    yield of_lesson(lesson, facts)
    for kind in ("oral", "practical", "control", "written", "essay"):
        for purpose in ("ordinary", "monitoring", None):
            yield of_work(Work("w", kind=kind, purpose=purpose, lesson=lesson.id), journal, facts)
            yield of_work(Work("w", kind=kind, purpose=purpose, held=lesson.day), journal, facts)
    yield of_period(journal, period, facts)
    yield of_section("bells", some.YEAR, facts)
    told = Event("e", "disclosure", noticed, 1)
    yield of_event("event:e", f"school/{some.YEAR}", told, facts)
    claim = Event(lesson.id, "substitution", noticed, 1)
    yield of_event(lesson.about, journal.book, claim, facts, lesson)
    yield of_journal(journal, facts)
    yield of_sheet(lesson.group, some.YEAR, facts, noticed)


def windows(regulation, occasion, facts):
    """Window and rule of every duty about an occasion, by clause and place."""
    return {
        (one.clause, one.rule): (one.opens, one.closes)
        for group in duties(regulation, occasion, facts)
        for one in group
    }


REGULATIONS = {name: load(name) for name in shipped()}

#: The regulation that is asked about in every example.
OURS = "ru-school26-2023"


def owing(regulation):
    """Every rule of a regulation that has a window, by clause and place."""
    return {
        (clause.number, place): rule
        for clause in regulation.clauses
        for place, rule in enumerate(clause.rules)
        if isinstance(rule, TimingRule | QuantityRule)
    }


@SOME
@given(data=st.data())
def test_what_a_term_does_not_read_cannot_move_its_window(data):
    """Teachers, titles, pupils, other lessons, bells, other classes' frames: no window hears of them."""
    school = data.draw(some.working_schools())
    facts = school.facts()
    lesson = data.draw(
        st.sampled_from([evolve(one, cancelled=False, before=()) for one in facts.lessons])
    )
    facts = evolve(facts, lessons=[lesson if one.id == lesson.id else one for one in facts.lessons])
    period = data.draw(st.sampled_from(facts.calendars[0].periods(lesson.group))).id
    noticed = lesson.starts + data.draw(st.integers(-30, 30)) * HOUR
    asked = [REGULATIONS[data.draw(st.sampled_from(sorted(REGULATIONS)))], REGULATIONS[OURS]]
    there = list(occasions(facts, lesson, period, noticed))
    for what, other in perturbed(facts, lesson, lesson.group):
        elsewhere = occasions(other, other.lesson(lesson.id), period, noticed)
        for one, same in zip(there, elsewhere, strict=True):
            for regulation in asked:
                rules = owing(regulation)
                before, after = windows(regulation, one, facts), windows(regulation, same, other)
                for rule, window in before.items():
                    if not {what, "everything"} & reads(rules[rule]):
                        assert window == after.get(rule), (what, one.name, rule)


def test_every_window_is_asked_for():
    """The law above speaks of every timing rule of the school's regulation but that of final marks."""
    facts = ej.samples.school().facts()
    lesson = facts.lesson("7A-alg-0915")
    period = facts.calendars[0].periods(lesson.group)[0].id
    rules = owing(REGULATIONS[OURS])
    found = {
        rule
        for occasion in occasions(facts, lesson, period, lesson.starts)
        for rule in windows(REGULATIONS[OURS], occasion, facts)
        if "everything" not in reads(rules[rule])
    }

    assert found == {place for place, rule in rules.items() if "final" not in repr(rule.when)}
