"""Live views: what an entry of one kind or another changes in them, and what a look costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal import living
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.people import Account, Assignment, Membership, RoleSpan

JOURNAL, BOOK = "7A/alg/2026", "journal/7A/alg/2026"
START = datetime(2026, 9, 15, 6, 30, tzinfo=UTC)
MARK = {"lesson": "l1", "kind": "oral", "value": 5}


@pytest.fixture
def kept(journals, school, clock):
    """A roll, a topic, two marks and a remark, looked at; a deputy."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    journals.record(ej.RollCall(lesson="l1", absent={"p-3": "Н"}), by="t-1")
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    for minutes, name in ((10, "p-1"), (20, "p-2")):
        clock.at = START + timedelta(minutes=minutes)
        journals.record(ej.Mark(pupil=name, **MARK), by="t-1")
    journals.record(ej.Comment(lesson="l1", pupil="p-1", comment="Сам"), by="t-1")
    clock.at = START + timedelta(minutes=30)
    same(journals)
    return journals


def same(journals):
    """Every live view of the class is what the view is that is made from the beginning."""
    week = date(2026, 9, 15)
    assert journals.page(JOURNAL) == journals.live.page(JOURNAL)
    assert journals.sheet("7A") == journals.live.sheet("7A")
    assert journals.statistics() == journals.live.statistics()
    assert journals.due() == journals.live.due()
    for name in ("p-1", "p-2", "p-3", "p-4"):
        assert journals.diary(name, week) == journals.live.diary(name, week)


def report(head, support):
    """A report of t-1 with both moments as minutes after the start."""
    moments = {"head": head, "support": support}
    moments = {name: START + timedelta(minutes=one) for name, one in moments.items()}
    return ej.Compromise(account="t-1", year="2026", **moments)


def test_a_report_voids_and_a_restoration_gives_back(kept):
    """What the school book says of an account is in the views of every journal at once."""
    kept.record(report(5, 15), by="deputy")
    cell = kept.live.page(JOURNAL).cell("p-2", "lesson:l1")
    assert [True] == [mark.source.void for mark in cell.marks]
    same(kept)
    kept.record(ej.Restoration(account="t-1", year="2026"), by="deputy")
    same(kept)
    kept.record(ej.Vouch(account="t-1", book=BOOK, entry=4, year="2026"), by="t-1")
    cell = kept.live.page(JOURNAL).cell("p-2", "lesson:l1")
    assert [False] == [mark.source.void for mark in cell.marks]
    same(kept)


def test_a_declined_substitution_takes_its_marks_along(kept, school, clock):
    """An answer reaches what the substitute wrote at that lesson, works among it."""
    school.rows["accounts"].append(Account("t-9", roles=(RoleSpan("teacher"),)))
    kept.record(ej.Substitution(lesson="l1", teacher="t-9"), by="t-9", role="substitute")
    mark = ej.Mark(pupil="p-4", **MARK)
    number = kept.record(mark, by="t-9", role="substitute").number
    same(kept)
    kept.record(ej.Confirmation(lesson="l1", entry=number - 1, accept=False), by="deputy")
    cell = kept.live.page(JOURNAL).cell("p-4", "lesson:l1")
    assert [True] == [mark.source.void for mark in cell.marks]
    same(kept)


def test_a_work_that_is_moved_takes_its_marks_to_another_column(kept, clock):
    """The column where they stood is empty, the other one has them."""
    work = ej.NewWork(id="w-1", kind="control", lesson="l1")
    number = kept.record(work, by="t-1").number
    kept.record(ej.Mark(journal=JOURNAL, work="w-1", pupil="p-1", value=3), by="t-1")
    same(kept)
    values = {"lesson": "l3"}
    change = ej.Correction(journal=JOURNAL, entry=number, values=values, reason="перенос")
    kept.record(change, by="t-1")
    page = kept.live.page(JOURNAL)
    assert [3] == [mark.value for mark in page.cell("p-1", "lesson:l3").marks]
    same(kept)


def test_what_is_restricted_or_erased_is_in_no_live_view(kept, school):
    """A restricted text comes back when it is released; an erased one never."""
    acts = {"records": {BOOK: [5]}, "year": "2026", "ground": "заявление"}
    kept.record(ej.Restriction(id="r-1", **acts), by="deputy")
    assert [None] == texts(kept)
    same(kept)
    kept.record(ej.Release(id="r-1", year="2026", ground="снято"), by="deputy")
    assert ["Сам"] == texts(kept)
    same(kept)
    waiver = ej.Waiver(
        id="w-1", clauses=["2.15", "1.7"], since=START - timedelta(days=1),
        until=START + timedelta(days=1), year="2026", ground="ошибка",
    )  # fmt: skip
    kept.record(waiver, by="head")
    kept.record(ej.Erasure(id="e-1", **acts), by="deputy")
    assert [None] == texts(kept)
    same(kept)


def texts(journals):
    """The remarks about the first pupil in the live page."""
    cell = journals.live.page(JOURNAL).cell("p-1", "lesson:l1")
    return [one.comment for one in cell.comments]


def test_an_erasure_counts_before_the_store_has_carried_it_out(kept, school, monkeypatch):
    """Another process has the act on record, and the text is still in the store: no view keeps it."""
    other = ej.Journals(kept.store, school, kept.regulations, clock=lambda: START)
    other.live.page(JOURNAL)
    waiver = ej.Waiver(
        id="w-1", clauses=["2.15", "1.7"], since=START - timedelta(days=1),
        until=START + timedelta(days=1), year="2026", ground="ошибка",
    )  # fmt: skip
    kept.record(waiver, by="head")
    monkeypatch.setattr(kept.store, "erase", lambda *_: 0)
    act = ej.Erasure(id="e-1", records={BOOK: [5]}, year="2026", ground="заявление")
    kept.record(act, by="deputy")

    assert [None] == texts(other)


def test_a_look_back_before_a_set_back_clock_counts_what_was_recorded_by_then(kept, clock):
    """Entries of a later time do not count in what is asked for an earlier moment."""
    early = START + timedelta(minutes=15)
    assert kept.statistics(at=early) == kept.live.statistics(at=early)
    assert kept.due(at=early) == kept.live.due(at=early)
    clock.at = early
    same(kept)


def test_a_host_that_says_the_same_again_costs_no_view(kept, school, monkeypatch):
    """Views stay while the school's data say the same, in whatever objects; and go when they do not."""
    made = []

    class Parts(living.pages.PageParts):
        def __init__(self, *given):
            made.append(given)
            super().__init__(*given)

    monkeypatch.setattr(living.pages, "PageParts", Parts)
    for rows in school.rows.values():
        rows[:] = [evolve(row) for row in rows]
    kept.live.page(JOURNAL)
    assert [] == made
    school.rows["memberships"].append(Membership("p-99", "7A"))
    assert "p-99" in {row.pupil for row in kept.live.page(JOURNAL).rows}
    assert 1 == len(made)


def test_a_work_on_another_day_is_reached_by_other_markers(kept):
    """A marker for the whole subject stands in the cell of a pupil who has nothing else there."""
    marker = ej.Marker(
        journal=JOURNAL, pupil="p-4", code="осв", since=date(2026, 9, 16),
        until=date(2026, 9, 17), ground="справка",
    )  # fmt: skip
    kept.record(marker, by="t-1")
    work = ej.NewWork(id="w-1", kind="control", held=date(2026, 9, 15), journal=JOURNAL)
    number = kept.record(work, by="t-1").number
    same(kept)
    values = {"held": date(2026, 9, 16)}
    change = ej.Correction(journal=JOURNAL, entry=number, values=values, reason="перенос")
    kept.record(change, by="t-1")
    same(kept)


def test_the_books_of_many_copies_are_read_once(kept, monkeypatch):
    """However many copies tell of a journal, its book is read once."""
    asked = []
    read = kept.store.read

    def counted(school, book, after=0):
        asked.append(book)
        return read(school, book, after)

    for number in range(3):
        copy = ej.Issue(
            id=f"c-{number}", year="2026", paper="page", of=JOURNAL, digest="0" * 64,
            made_of={BOOK: 5}, shows={BOOK: [3]},
        )  # fmt: skip
        kept.record(copy, by="deputy")
    monkeypatch.setattr(kept.store, "read", counted)
    assert 3 == len(kept.issued("2026"))
    assert 1 == asked.count(BOOK)


def test_who_looks_is_logged(kept):
    """A live view is a look at personal data as any other."""
    kept.live.sheet("7A", by="t-3")
    kept.live.page(JOURNAL, by="t-1")
    kept.live.diary("p-1", by="t-3")

    assert ["sheet", "diary"] == [one.view for one in kept.reads_of("t-3")]
    assert ["page"] == [one.view for one in kept.reads_of("t-1")]


RESULT = {"journal": JOURNAL, "period": "q1"}


class Counting(MemoryStore):
    """A store in memory that counts the records of journals that it gives."""

    given = 0

    def read(self, school, book, after=0):
        """As the store does."""
        for record in super().read(school, book, after):
            self.given += book.startswith("journal/")
            yield record


@pytest.fixture
def keepers(school, clock):
    """Two journals over one store, in two processes perhaps, that keep sheets."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    school.rows["accounts"].append(Account("t-9", roles=(RoleSpan("teacher"),)))
    school.rows["assignments"].append(Assignment("t-9", "7A", "alg"))
    store = Counting()
    return [
        ej.Journals(store, school, "ru-school26-2023", clock=clock, keeps_sheets=True)
        for _ in range(2)
    ]


def looked(one):
    """The live sheet that a process gives which has read nothing, and the records of journals read."""
    reader = ej.Journals(one.store, one.school, one.regulations, clock=lambda: START)
    one.store.given = 0
    found = reader.live.sheet("7A")
    given = one.store.given
    assert one.sheet("7A") == found
    return given


def test_what_a_report_voids_is_void_in_what_is_kept(keepers, clock):
    """The results of the account count no more, whether or not anybody writes afterwards."""
    one, _ = keepers
    one.record(ej.PeriodResult(pupil="p-1", value=5, **RESULT), by="t-1")
    assert looked(one) == 0
    one.record(report(-10, -5), by="deputy")
    assert looked(one) > 0
    one.record(ej.PeriodResult(pupil="p-2", value=4, **RESULT), by="t-9")
    assert looked(one) == 0
    assert one.live.sheet("7A").cell("p-1", "alg", "q1").result is None


def test_two_who_keep_leave_what_fits_together(keepers):
    """Each writes after the other: what is kept is of the last entry, and nobody reads a journal."""
    one, other = keepers
    one.record(ej.PeriodResult(pupil="p-1", value=5, **RESULT), by="t-1")
    other.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    assert looked(one) == 0
    one.record(ej.Homework(lesson="l1", task="№ 1"), by="t-1")
    assert looked(one) == 0
    other.record(ej.PeriodResult(pupil="p-2", value=5, **RESULT), by="t-1")
    one.record(ej.Mark(pupil="p-1", **MARK), by="t-1")
    assert looked(one) == 0


def test_an_act_that_failed_has_kept_nothing(keepers, monkeypatch):
    """The next act keeps what is on record, not what was tried."""
    one, _ = keepers
    one.record(ej.PeriodResult(pupil="p-1", value=5, **RESULT), by="t-1")
    with monkeypatch.context() as patched:
        patched.setattr(one.store, "_put", _failing)
        with pytest.raises(OSError, match="full"):
            one.record(ej.PeriodResult(pupil="p-2", value=3, **RESULT), by="t-1")
    one.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    assert looked(one) == 0


def _failing(*_):
    raise OSError("the disk is full")


def test_a_report_that_comes_while_results_are_kept_is_not_among_them(school, clock, tmp_path):
    """What is kept says by which reports it was made, not which there are by now."""
    school.rows["accounts"].append(Account("deputy", roles=(RoleSpan("deputy"),)))
    store = FileStore(tmp_path)
    one, other = (
        ej.Journals(store, school, "ru-school26-2023", clock=clock, keeps_sheets=True)
        for _ in range(2)
    )
    one.record(ej.PeriodResult(pupil="p-1", value=5, **RESULT), by="t-1")
    read, late = store.read, []

    def meanwhile(school_id, book, after=0):
        found = list(read(school_id, book, after))
        if book == BOOK and not late:
            late.append(True)
            other.record(report(-10, -5), by="deputy")
        return iter(found)

    store.read = meanwhile
    one.live.sheet("7A")
    store.read = read
    assert late
    fresh = ej.Journals(FileStore(tmp_path), school, "ru-school26-2023", clock=clock)
    assert fresh.sheet("7A") == fresh.live.sheet("7A")
    assert fresh.live.sheet("7A").cell("p-1", "alg", "q1").result is None
