"""Laws of the views, over journals that were kept in any order, with changes and second thoughts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.ledger.books import BookState, fold
from edujournal.model.entries import CHANGES
from edujournal.views.cells import cell_text
from edujournal.views.diary import diary, diary_books
from edujournal.views.page import page

BOOK = "journal/7A/alg/2026"
JOURNAL = "7A/alg/2026"
PUPILS = ("p-1", "p-2", "p-3", "p-10")
LESSONS = ("a14", "a15", "a17", "a18", "a21")
WORKS = ("at-lesson", "alone", "undated", "never-declared")

pupils = st.sampled_from(PUPILS)
lessons = st.sampled_from(LESSONS)
values = st.integers(2, 5)
codes = st.one_of(
    st.sampled_from(["Н", "Б"]), st.builds(ej.Absence, st.just("ОП"), st.integers(0, 40))
)
drafts = st.one_of(
    st.builds(ej.Mark, lesson=lessons, pupil=pupils, kind=st.just("oral"), value=values),
    st.builds(ej.Mark, journal=st.just(JOURNAL), work=st.sampled_from(WORKS), pupil=pupils, value=values),
    st.builds(ej.Marker, lesson=lessons, pupil=pupils, code=st.just("осв")),
    st.builds(ej.MakeUp, lesson=lessons, pupil=pupils, value=values, protocol=st.just("1")),
    st.builds(ej.Comment, lesson=lessons, pupil=pupils, comment=st.text("аб ", max_size=3)),
    st.builds(ej.RollCall, lesson=lessons, absent=st.dictionaries(pupils, codes, max_size=3)),
    st.builds(ej.Topic, lesson=lessons, topic=st.just("тема")),
    st.builds(ej.Homework, lesson=lessons, task=st.just("№ 1")),
    st.builds(
        ej.PeriodResult, journal=st.just(JOURNAL), period=st.sampled_from(["q1", "y"]),
        pupil=pupils, value=values,
    ),
    st.builds(ej.NewWork, id=st.just("at-lesson"), kind=st.just("control"), lesson=lessons),
    st.builds(
        ej.NewWork, id=st.sampled_from(["alone", "undated"]), kind=st.just("essay"),
        journal=st.just(JOURNAL), held=st.sampled_from([None, date(2026, 9, 16)]),
    ),
)  # fmt: skip
#: A change of some earlier entry, chosen by a number that is wrapped to what there is.
changes = st.tuples(st.sampled_from(["annul", "value", "absent"]), st.integers(0, 1000), values)
acts = st.lists(st.one_of(drafts, changes), max_size=25)


def keep(pen, acts) -> BookState:
    """The book of algebra after *acts*; a change for which there is nothing is left out."""
    state = pen[BOOK]
    for act in acts:
        if not isinstance(act, tuple):
            pen.write(act)
            continue
        how, place, value = act
        kinds = {"annul": None, "value": ("mark", "makeup", "result"), "absent": ("roll",)}[how]
        fit = [
            entry.number
            for entry in state.entries
            if entry.kind not in CHANGES
            and state.stands(entry)
            and (kinds is None or entry.kind in kinds)
        ]
        if not fit:
            continue
        number = fit[place % len(fit)]
        if how == "annul":
            pen.write(ej.Annulment(journal=JOURNAL, entry=number))
        elif how == "value":
            pen.write(ej.Correction(journal=JOURNAL, entry=number, values={"value": value}))
        else:
            change = {PUPILS[value % 4]: "УП", PUPILS[place % 4]: None}
            pen.write(ej.Correction(journal=JOURNAL, entry=number, values={"absent": change}))
    return state


def cells(view):
    """Every cell of a page by pupil and occasion."""
    return {
        (row.pupil, column.name): cell
        for row in view.rows
        for column, cell in zip(view.columns, row.cells, strict=True)
    }


@given(acts=acts)
def test_a_page_loses_no_entry(new_pen, facts, acts):
    """Each entry that says something is on the page of the whole year, whatever became of it."""
    state = keep(new_pen(), acts)
    said = tuple(entry.number for entry in state.entries if entry.kind not in CHANGES)

    assert said == page(JOURNAL, state, facts).entries


@given(acts=acts, data=st.data())
def test_a_page_of_the_past_is_the_page_as_it_was(new_pen, facts, acts, data):
    """What is written later does not change what an earlier state of the book shows."""
    pen = new_pen()
    state = keep(pen, acts)
    number = data.draw(st.integers(0, state.number))
    past = fold(BOOK, state.entries[:number])
    then = page(JOURNAL, past, facts)
    state.rewind(number)

    assert then == page(JOURNAL, state, facts)


@given(acts=acts, data=st.data())
def test_annulling_takes_one_value_and_nothing_else(new_pen, facts, acts, data):
    """The cell loses exactly the value of the annulled entry from its text; no other cell changes."""
    pen = new_pen()
    state = keep(pen, acts)
    marks = [
        entry for entry in state.entries if entry.kind in ("mark", "marker") and state.stands(entry)
    ]
    if not marks:
        return
    before = cells(page(JOURNAL, state, facts))
    entry = data.draw(st.sampled_from(marks))
    pen.write(ej.Annulment(journal=JOURNAL, entry=entry.number))
    after = cells(page(JOURNAL, state, facts))
    (place,) = [key for key, cell in before.items() if entry.number in cell.entries]

    assert {place} == {key for key in before if before[key] != after[key]}
    assert before[place].entries == after[place].entries
    assert [
        source for source in before[place].standing().sources() if source.entry != entry.number
    ] == list(after[place].standing().sources())


@given(acts=acts, cut=st.integers(1, 29))
def test_two_pages_make_one(new_pen, facts, acts, cut):
    """Cut at any day, the columns with a day part; those without one are on both."""
    state = keep(new_pen(), acts)
    day = date(2026, 9, 1) + timedelta(days=cut)
    whole = page(JOURNAL, state, facts)
    parts = [page(JOURNAL, state, facts, until=day), page(JOURNAL, state, facts, since=day)]
    names = [[column.name for column in part.columns if column.day] for part in parts]

    assert sorted(column.name for column in whole.columns if column.day) == sorted(
        name for part in names for name in part
    )
    for part in parts:
        assert {column.name for column in whole.columns if not column.day} <= {
            column.name for column in part.columns
        }


@pytest.mark.parametrize("pupil", PUPILS)
@given(acts=acts)
def test_the_diary_is_the_journal(new_pen, facts, pupil, acts):
    """Publication at once (clause 1.5): what stands in the pupil's cells is in the diary, and no more."""
    pen = new_pen()
    keep(pen, acts)
    pen.write(ej.Mark(lesson="e14", pupil="p-1", kind="oral", value=4))
    pen.write(ej.Mark(lesson="i14", pupil="p-3", kind="oral", value=4))
    expected = set()
    for book in [one for one in pen.states if one.startswith("journal/")]:
        view = page(book, pen.states[book], facts)
        expected |= {
            (source.book, source.entry, text)
            for row in view.rows
            if row.pupil == pupil
            for cell in row.cells
            for source, text in _shown(cell)
        }
    weeks = (date(2026, 8, 31) + timedelta(weeks=n) for n in range(20))
    shown = {
        (source.book, source.entry, text)
        for week in weeks
        for day in diary(pupil, pen.states, facts, week).days
        for cell in day.cells()
        for source, text in _shown(cell)
    }

    assert expected == shown


def _shown(cell):
    """Each entry of what stands in *cell*, with what it shows."""
    standing = cell.standing()
    for things in (standing.marks, standing.makeups):
        yield from ((thing.source, str(thing.value)) for thing in things)
    yield from ((thing.source, thing.code) for thing in standing.markers)
    yield from ((thing.source, thing.comment) for thing in standing.comments)
    yield from ((thing.source, thing.text) for thing in standing.results)
    if standing.absence is not None:
        yield standing.absence.source, f"{standing.absence.code}{standing.absence.late}"


@given(acts=acts)
def test_the_text_of_a_cell_speaks_of_what_stands_only(new_pen, facts, acts):
    """Annulling everything leaves a page without a word in its cells."""
    pen = new_pen()
    state = keep(pen, acts)
    for entry in list(state.entries):
        if entry.kind not in CHANGES and state.stands(entry):
            pen.write(ej.Annulment(journal=JOURNAL, entry=entry.number))

    assert {""} >= {cell_text(cell) for cell in cells(page(JOURNAL, state, facts)).values()}


def test_the_books_of_a_diary_are_enough_for_it(new_pen, facts):
    """Leaving out every other book of the school changes nothing."""
    pen = new_pen()
    for lesson in ("a14", "e14", "f14", "m14", "i14"):
        pen.write(ej.RollCall(lesson=lesson, absent={"p-1": "Н"}))
    mine = {book: pen[book] for book in diary_books("p-2", facts)}
    week = date(2026, 9, 14)

    assert diary("p-2", pen.states, facts, week) == diary("p-2", mine, facts, week)
