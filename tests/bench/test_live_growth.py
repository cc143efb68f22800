"""How a look at a live view grows with the school: it does not. Counted in calls and records read."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from bench.classes import CLASS, SUBJECTS, classes, pupil
from bench.school import REGULATION, SCHOOL
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from tests.bench.test_growth import calls

# It goes through schools of several sizes, where counting branches would show nothing new.
pytestmark = pytest.mark.search


class Counting(MemoryStore):
    """A store in memory that counts the records it gives."""

    given = 0

    def read(self, school, book, after=0):
        """As the store does."""
        for record in super().read(school, book, after):
            self.given += 1
            yield record


@pytest.mark.parametrize("view", ["sheet", "page", "diary"])
def test_a_look_after_an_entry_reads_that_entry_and_costs_the_same_in_a_larger_school(view):
    """From one class to ten: one record read, and as many calls."""
    cost = []
    for number in (1, 10):
        journals = classes(number).journals(store := Counting())
        look = {
            "sheet": lambda of=journals: of.live.sheet(CLASS),
            "page": lambda of=journals: of.live.page(f"{CLASS}/s1/2026"),
            "diary": lambda of=journals: of.live.diary(pupil(CLASS, 1), date(2026, 10, 20)),
        }[view]
        look()
        draft = ej.PeriodResult(
            journal=f"{CLASS}/s1/2026", period="q1", pupil=pupil(CLASS, 1), value=5
        )
        for place in (1, 3):
            journals.record(evolve(draft, pupil=pupil(CLASS, place)), by="t-1")
            store.given = 0
            cost.append((number, place, calls(look), store.given))

    assert {1} == {given for *_, given in cost}
    few, many = ([one[2] for one in cost if one[0] == number] for number in (1, 10))
    assert many == pytest.approx(few, rel=0.05)


def kept(store):
    """Journals that keep sheets, with a result recorded in each subject of the class, and its sheet."""
    journals = classes(2).journals(store)
    journals.keeps_sheets = True
    for subject in SUBJECTS:
        draft = ej.PeriodResult(
            journal=f"{CLASS}/{subject}/2026", period="q1", pupil=pupil(CLASS, 1), value=5
        )
        journals.record(draft, by="t-1")
    return journals, journals.sheet(CLASS)


def test_a_process_that_has_read_nothing_reads_no_journal_for_a_kept_sheet():
    """The results lie beside the entries, brought up to date in the same transaction."""
    journals, whole = kept(store := Counting())
    reader = ej.Journals(store, journals.school, REGULATION)
    store.given = 0

    assert whole == reader.live.sheet(CLASS, "2026")
    assert store.given == 0


def test_files_keep_a_snapshot_beside_the_books(tmp_path, monkeypatch):
    """Made when a sheet is looked at, for processes that have read nothing."""
    with FileStore(tmp_path) as store:
        journals, whole = kept(store)
        assert whole == journals.live.sheet(CLASS)
        reader = ej.Journals(store, journals.school, REGULATION)
        monkeypatch.setattr(reader.store, "read", _refusing(store.read))

        assert whole == reader.live.sheet(CLASS, "2026")


def _refusing(read):
    """Reads of the school book only."""

    def reading(school, book, after=0):
        assert book.startswith("school/") or after > 0
        return read(school, book, after)

    return reading


def test_a_changed_frame_of_the_year_makes_what_was_kept_anew():
    """What was kept names what it was made by, and what another frame made is not used."""
    journals, _ = kept(store := MemoryStore())
    frame = journals.school.facts().calendars[0]
    systems = [
        evolve(one, periods=[evolve(each, kind="year") for each in one.periods])
        for one in frame.period_systems
    ]
    school = evolve(journals.school, calendars=[evolve(frame, period_systems=tuple(systems))])
    reader = ej.Journals(store, school, REGULATION)

    assert reader.sheet(CLASS, "2026") == reader.live.sheet(CLASS, "2026")
    assert reader.sheet(CLASS, "2026") != journals.sheet(CLASS, "2026")


def test_what_was_kept_and_cannot_be_read_is_made_anew():
    """It is a cache: damage in it costs time."""
    journals, whole = kept(store := MemoryStore())
    for name in [name for school, name in store._documents if school == SCHOOL]:
        store.keep(SCHOOL, name, b"{")

    assert whole == ej.Journals(store, journals.school, REGULATION).live.sheet(CLASS, "2026")


def test_what_an_act_costs_more_for_being_kept_does_not_grow_with_the_school():
    """As many calls in a school of ten classes as in one of one."""
    cost = []
    for number in (1, 10):
        journals = classes(number).journals()
        journals.keeps_sheets = True
        for place in (1, 3):
            draft = ej.PeriodResult(
                journal=f"{CLASS}/s1/2026", period="q1", pupil=pupil(CLASS, place), value=5
            )
            cost.append(calls(lambda of=journals, one=draft: of.record(one, by="t-1")))

    assert cost[3] == pytest.approx(cost[1], rel=0.05)
