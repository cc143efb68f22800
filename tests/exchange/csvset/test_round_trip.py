"""What a set says when it is read is what was written: schools of every shape, records of every kind."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from unicodedata import normalize

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.exchange.csvset import read_set, write_set
from edujournal.adapters.exchange.csvset.columns import ENTRY_ROWS
from edujournal.adapters.schools.documents import to_json
from edujournal.model.entries import Evidence
from edujournal.model.time import moment
from edujournal.testing.odd_schools import plain_schools

#: Each example writes and reads a dozen files.
EXAMPLES = settings(max_examples=settings().max_examples // 4)


@EXAMPLES
@given(school=plain_schools(), separator=st.sampled_from(",;"))
def test_a_school_of_any_shape_comes_back(school, separator):
    """Years, cycles, moved days, streams, plans, roles with dates, moved lessons, names with quotes."""
    with tempfile.TemporaryDirectory() as folder:
        write_set(folder, school, separator=separator)
        found = read_set(folder)
        school = evolve(school, sessions=())  # of the host's own log, and not exchanged

        assert to_json(school) == to_json(found.school)
        assert school == found.school


# -- records ---------------------------------------------------------------------------------------

SCHOOL = ej.samples.school(["7A", "7B"])
FACTS = SCHOOL.facts()
CALENDAR = FACTS.calendars[0]
CLOCKS = CALENDAR.clocks
YEAR = CALENDAR.year
LESSONS = sorted(lesson.id for lesson in FACTS.lessons)
PUPILS = sorted({row.pupil for row in FACTS.memberships})
ACCOUNTS = sorted(account.id for account in FACTS.accounts)
JOURNALS = sorted(map(str, FACTS.journals()))
DAYS = st.dates(CALENDAR.since, CALENDAR.until - timedelta(days=1))


def one_of(values):
    """One of *values*."""
    return st.sampled_from(values)


def maybe(strategy):
    """The value, or None."""
    return st.none() | strategy


@st.composite
def typed(draw):
    """What a person types: anything of Unicode that a journal keeps, with quotes and line ends."""
    signs = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    start = draw(one_of(["", "=1+1", '"', "; ", "а\r\nб", " x "]))
    return normalize("NFC", start + draw(st.text(signs))) or "."


@st.composite
def moments(draw):
    """An instant of the year, known as finely as one pleases."""
    day = CLOCKS.start_of_day(draw(DAYS))
    return day + draw(st.integers(0, 86_399)) * 1_000_000 + draw(one_of([0, 250_000, 1]))


@st.composite
def evidences(draw):
    """All that can be known of a recording: its instant, its day, one bound or both, nothing."""
    at = draw(moments())
    day = CLOCKS.local_date(at)
    lo, hi = draw(
        one_of(
            [
                (None, None),
                (None, at),
                (at, None),
                (at, at + 1),
                (at - at % 1_000_000, at - at % 1_000_000 + 1_000_000),
                (at, at + 7),
                (CLOCKS.start_of_day(day), CLOCKS.end_of_day(day)),
            ]
        )
    )
    return Evidence(
        lo,
        hi,
        draw(maybe(one_of(ACCOUNTS))),
        draw(maybe(one_of(["teacher", "substitute"]))),
        draw(one_of(["old journal.xls", "№ 5"])),
    )


VALUES = st.one_of(
    st.integers(-100, 100),
    st.decimals(-100, 100, places=2),
    one_of(["5", "5-", "4.5", '"5"', "зач", "05", "1,5", "-0", "-"]),
)
AMOUNTS = st.integers(0, 20) | one_of(["0.5", "1.25"])


@st.composite
def absences(draw):
    """How somebody missed a lesson, or a part of it."""
    late = draw(maybe(st.integers(0, 40)))
    left = draw(maybe(st.integers(41, 100)))
    return ej.Absence(draw(one_of(["Н", "н/а", "a;b", "c:d", "-", "УП"])), late, left)


@st.composite
def spans(draw):
    """Two instants, one after the other."""
    since = draw(moments())
    return moment(since, "UTC"), moment(since + draw(st.integers(1, 10**12)), "UTC")


@st.composite
def works(draw, id):
    """A work of a journal, held at a lesson, on a day, or not known when."""
    lesson = draw(maybe(one_of(LESSONS)))
    return ej.NewWork(
        id=id,
        kind=draw(one_of(["control", "essay"])),
        purpose=draw(maybe(one_of(["ordinary", "monitoring"]))),
        held=None if lesson else draw(maybe(DAYS)),
        lesson=lesson,
        due=draw(maybe(DAYS)),
        title=draw(maybe(typed())),
        journal=None if lesson else draw(one_of(JOURNALS)),
        weight=draw(maybe(AMOUNTS)),
        points=draw(maybe(AMOUNTS)),
        evidence=draw(evidences()),
    )


def journal_of(work):
    """The journal of a work."""
    at_lesson = work.lesson and FACTS.journal_of(FACTS.lesson(work.lesson))
    return str(at_lesson or work.journal)


@st.composite
def wide_places(draw):
    """What a marker is for beyond a lesson: a period, or the subject with or without days."""
    journal = draw(one_of(JOURNALS))
    if draw(st.booleans()):
        periods = [one.id for one in CALENDAR.periods(ej.JournalId.parse(journal).group)]
        stage = draw(one_of(["period", "year"]))
        until = draw(maybe(DAYS))
        return {"journal": journal, "period": draw(one_of(periods)), "stage": stage, "until": until}
    since, until = sorted(draw(st.lists(DAYS, min_size=2, max_size=2, unique=True)))
    return {
        "journal": journal,
        "since": draw(one_of([None, since])),
        "until": draw(one_of([None, until])),
    }


@st.composite
def places(draw, declared):
    """A lesson; a work of its journal; a work at a lesson."""
    lesson = draw(maybe(one_of(LESSONS)))
    journal = lesson and str(FACTS.journal_of(FACTS.lesson(lesson)))
    known = [work for work in declared if journal in (None, journal_of(work))]
    if not known:
        return {"lesson": lesson or LESSONS[0]}
    work = draw(one_of(known) if lesson is None else maybe(one_of(known)))
    return {
        "lesson": lesson,
        "work": work and work.id,
        "journal": None if lesson else journal_of(work),
    }


@st.composite
def records(draw, kind, id, declared):
    """A record of *kind*, as far as a set can say it without speaking of another one."""
    lesson, pupil, account = (one_of(some) for some in (LESSONS, PUPILS, ACCOUNTS))
    told = {"evidence": draw(evidences())}
    if kind == "mark":
        return ej.Mark(
            pupil=draw(pupil), value=draw(VALUES), kind=draw(maybe(one_of(["oral"]))),
            scale=draw(maybe(one_of(["credit"]))), handed_in=draw(maybe(DAYS)), comment=draw(maybe(typed())),
            **draw(places(declared)), **told,
        )  # fmt: skip
    if kind == "marker":
        ground = draw(maybe(typed()))
        code = draw(one_of(["осв", "н/а"]))
        return ej.Marker(
            pupil=draw(pupil), code=code, ground=ground,
            **draw(st.one_of(places(declared), wide_places())), **told,
        )  # fmt: skip
    if kind == "roll":
        absent = st.dictionaries(pupil, absences(), max_size=4)
        return ej.RollCall(lesson=draw(lesson), absent=draw(absent), **told)
    if kind == "topic":
        plan = draw(maybe(one_of(["row 1", "7; 8"])))
        return ej.Topic(lesson=draw(lesson), topic=draw(typed()), plan=plan, **told)
    if kind == "homework":
        task = draw(maybe(typed()))
        return ej.Homework(
            lesson=draw(lesson), task=task, none_set=task is None, nature=draw(maybe(typed())),
            due=draw(maybe(DAYS)), **told,
        )  # fmt: skip
    if kind == "comment":
        return ej.Comment(pupil=draw(pupil), lesson=draw(lesson), comment=draw(typed()), **told)
    if kind == "substitution":
        return ej.Substitution(
            lesson=draw(lesson), teacher=draw(account), nonfunctional=draw(st.booleans()), **told
        )
    if kind == "makeup":
        return ej.MakeUp(
            pupil=draw(pupil), lesson=draw(lesson), value=draw(VALUES),
            protocol=draw(maybe(typed())), held=draw(maybe(DAYS)),
            examiners=draw(st.lists(account, max_size=2, unique=True)),
            scale=draw(maybe(one_of(["credit"]))), **told,
        )  # fmt: skip
    if kind == "result":
        journal = draw(one_of(JOURNALS))
        group = ej.JournalId.parse(journal).group
        value = draw(maybe(VALUES))
        marked = {} if value is not None else {
            "until": draw(maybe(DAYS)), "ground": draw(maybe(typed())),
        }  # fmt: skip
        return ej.PeriodResult(
            journal=journal, pupil=draw(pupil), value=value,
            period=draw(one_of([one.id for one in CALENDAR.periods(group)])),
            marker="осв" if value is None else None,
            scale=draw(maybe(one_of(["credit"]))), stage=draw(one_of(["period", "year", "final"])),
            **marked, **told,
        )  # fmt: skip
    if kind == "message":
        return ej.Message(
            group="7A", message=draw(typed()), day=draw(DAYS), pupil=draw(maybe(pupil)), **told
        )
    if kind == "excuse":
        since = draw(DAYS)
        return ej.Excuse(
            pupil=draw(pupil), group="7B", since=since, code=draw(one_of(["УП", "Б"])),
            until=since + timedelta(days=draw(st.integers(1, 9))), document=draw(maybe(typed())),
            **told,
        )  # fmt: skip
    if kind == "setup":
        return ej.SetUp(section=draw(one_of(["bells", "rolls"])), year=YEAR, **told)
    if kind == "disclosure":
        return ej.Disclosure(
            event=id, account=draw(account), noticed=moment(draw(moments()), "UTC"),
            to=draw(one_of(["head", "support"])), year=YEAR, **told,
        )  # fmt: skip
    since, until = draw(spans())
    if kind == "waiver":
        return ej.Waiver(
            id=id, clauses=draw(st.lists(one_of(["2.5", "2.9"]), min_size=1, unique=True)),
            since=since, until=until, year=YEAR, ground=draw(typed()),
            account=draw(maybe(account)),
            journals=draw(st.lists(one_of(JOURNALS), max_size=2, unique=True)),
            about=draw(maybe(one_of(["lesson:x", "work:w;1"]))), **told,
        )  # fmt: skip
    if kind == "grant":
        return ej.Grant(
            id=id, account=draw(account), journal=draw(one_of(JOURNALS)), since=since,
            until=until, ground=draw(typed()), **told,
        )  # fmt: skip
    return ej.Closing(journal=draw(one_of(JOURNALS)), **told)


KINDS = sorted(set(ENTRY_ROWS) - {"correction", "annulment", "approval", "confirmation"})


def said(drafts):
    """What drafts say, and what is known of each, in no order."""
    return Counter(repr((draft.content(), draft.evidence)) for draft in drafts)


@pytest.mark.counted
@EXAMPLES
@given(data=st.data(), separator=st.sampled_from(",;"))
def test_records_of_every_kind_come_back_with_their_evidence(data, separator):
    """Each value, each text as typed, each bound of each recording: nothing is lost or rounded."""
    ids = data.draw(st.lists(one_of(["w-1", "w;2", "№3"]), max_size=3, unique=True))
    declared = [data.draw(works(id)) for id in ids]
    kinds = data.draw(st.lists(one_of(KINDS), max_size=6))
    drafts = [*declared]
    drafts += [data.draw(records(kind, f"r-{n}", declared)) for n, kind in enumerate(kinds)]
    with tempfile.TemporaryDirectory() as folder:
        write_set(folder, SCHOOL, drafts, separator=separator)
        found = read_set(folder)

        assert said(drafts) == said(draft for draft, _ in found.drafts())
        assert {"importer"} >= {by for _, by in found.drafts()}
