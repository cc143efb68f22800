"""A commit is exactly the plan: once, completed where it broke off, stopped by what journals hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

import edujournal as ej
from edujournal.accesses import added_up
from edujournal.adapters.exchange.csvset import commit, plan_import, read_set, write_set
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore

NOW = datetime(2026, 12, 1, tzinfo=UTC)
REGULATION = "ru-school26-2023"
BOOK = "journal/7A/alg/2026"


class FourMethods:
    """A store that can do what every store can, and nothing else."""

    def __init__(self):
        inner = MemoryStore()
        self.books, self.head = inner.books, inner.head
        self.read, self.append = inner.read, inner.append


@pytest.fixture(params=["memory", "four methods", "sql"])
def store(request, tmp_path):
    """Stores that find a key by themselves, and one whose books must be read for it."""
    if request.param == "sql":
        return SqlStore(f"sqlite:///{tmp_path / 'books.db'}")
    return MemoryStore() if request.param == "memory" else FourMethods()


@pytest.fixture
def plan(files):
    """The plan of the sound set."""
    return plan_import(files.folder, REGULATION, at=NOW)


def journals_of(plan, store):
    """Empty journals of the school of a plan."""
    return ej.Journals(store, plan.school, plan.regulations, clock=lambda: NOW)


def kept(journals):
    """Every record of every book; refusals are no records of a journal."""
    return {
        book: [(entry.hash, entry.kind, entry.target) for entry in journals.entries(book)]
        for book, _ in journals.store.books(journals.school.id)
        if not book.startswith("access/")
    }


def refused(journals, plan):
    """What the access log tells of the importer's refused writes: record, code, count."""
    told = added_up(journals.entries("access/2026"))
    assert {(plan.importer, "importer")} == {(one.actor.account, one.actor.role) for one in told}
    return sorted((one.told["record"], one.told["code"], one.count) for one in told)


class Stopped(Exception):
    """Somebody pulled the plug."""


def test_a_plan_tells_what_it_would_do(files, plan):
    """Rows by file, by kind, by precision of their evidence; what verdicts will say; the importer."""
    assert () == plan.problems
    assert "importer" == plan.importer
    assert {"calendar.csv": 23, "works.csv": 2, "entries.csv": 15} == {
        name: plan.counts[name] for name in ("calendar.csv", "works.csv", "entries.csv")
    }
    assert (17, {"day": 2, "unknown": 15}) == (sum(plan.kinds.values()), plan.precision)
    assert 3 == plan.acts
    assert plan.files().digest == plan.digest == read_set(files.folder).digest


def test_nothing_is_lost_and_changes_find_what_they_change(plan, store):
    """Every row is an entry; a correction, an annulment and a retake name the numbers of theirs."""
    journals = journals_of(plan, store)
    report = commit(journals, plan)

    assert (17, 0, plan.findings) == (report.recorded, report.repeated, report.findings)
    entries = list(journals.entries(BOOK))
    named = {entry.number: (entry.kind, entry.about, entry.pupil) for entry in entries}
    assert {
        "correction": ("mark", "lesson:l1", "p-1"),
        "annulment": ("work", "work:w1", None),
        "confirmation": ("substitution", "lesson:l2", None),
    } == {one.kind: named[one.target] for one in entries if one.target is not None}
    assert [("mark", "lesson:l1", "p-1")] == [
        named[one.values["retake"]] for one in entries if "retake" in one.values
    ]


def test_a_second_run_changes_nothing(plan, store):
    """The same set is there once, however often it is imported, by this process or by another."""
    journals = journals_of(plan, store)
    commit(journals, plan)
    before = kept(journals)
    again = commit(journals_of(plan, store), plan)

    assert (0, 17, {}) == (again.recorded, again.repeated, again.findings)
    assert before == kept(journals)


def test_what_broke_off_is_completed(plan, store):
    """After a crash between two acts a second run records the rest, and changes find their targets."""

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        commit(journals_of(plan, store), plan, progress=stop)
    half = sum(map(len, kept(journals_of(plan, store)).values()))
    report = commit(journals_of(plan, store), plan)

    assert 0 < half < 17
    assert (17 - half, half) == (report.recorded, report.repeated)
    other = journals_of(plan, MemoryStore())
    commit(other, plan)
    assert {
        book: [(kind, target) for _, kind, target in rows] for book, rows in kept(other).items()
    } == {
        book: [(kind, target) for _, kind, target in rows]
        for book, rows in kept(journals_of(plan, store)).items()
    }


def test_journals_that_hold_something_already(plan, store):
    """Numbers of targets are those of these journals, not those of an empty book."""
    journals = journals_of(plan, store)
    journals.record(ej.Topic(lesson="l2", topic="Степени", plan="7"), by="t-2")
    commit(journals, plan)
    correction = next(one for one in journals.entries(BOOK) if one.kind == "correction")

    target = journals.state(BOOK).entry(correction.target)
    assert ("mark", "p-1", 5) == (target.kind, target.pupil, target.values["value"])
    assert 4 == journals.state(BOOK).reading(target).values["value"]


def test_a_row_that_the_journals_refuse_keeps_the_set_out(plan, store):
    """What was said here before cannot be said again by an import: every such row is told before
    anything is written.
    """
    journals = journals_of(plan, store)
    journals.record(ej.RollCall(lesson="l1"), by="t-1")
    journals.record(ej.Topic(lesson="l1", topic="Корни", plan="3"), by="t-1")
    before = kept(journals)
    with pytest.raises(ej.BadFile) as caught:
        commit(journals, plan)

    assert ["entries.csv:2", "entries.csv:7"] == [one.where for one in caught.value.problems]
    assert all("declared-twice" in problem.what for problem in caught.value.problems)
    assert before == kept(journals)
    assert [("roll", "declared-twice", 1), ("topic", "declared-twice", 1)] == refused(
        journals, plan
    )


def test_what_somebody_writes_meanwhile_stops_the_import(plan, store):
    """A row that is refused only now stops it; the act and the row are told, what stands stands."""
    journals = journals_of(plan, store)
    other = journals_of(plan, store)

    def meddle(done, total):
        state = other.state(BOOK)
        if mark := next(state.of_pupil("mark", "lesson:l1", "p-1"), None):
            annulment = ej.Annulment(journal="7A/alg/2026", entry=mark.number, reason="описка")
            other.record(annulment, by="t-1")

    with pytest.raises(ej.BadFile) as caught:
        commit(journals, plan, progress=meddle)

    stop, *rows = caught.value.problems
    assert ("act 2 of 3", "11 rows recorded") == (stop.where, stop.found)
    assert {"entries.csv:14:target", "entries.csv:16:retake"} == {row.where for row in rows}
    assert 2 <= sum(count for *_, count in refused(journals, plan))
    assert 12 == sum(map(len, kept(journals).values()))


def test_files_that_changed_since_the_plan(files, plan, store):
    """What was looked at is what comes in, or nothing."""
    files.change("entries.csv", "p-1,5,,oral", "p-1,2,,oral")
    journals = journals_of(plan, store)
    with pytest.raises(ej.BadFile, match="changed since they were checked"):
        commit(journals, plan)
    assert {} == kept(journals)

    found = read_set(files.folder)
    files.change("entries.csv", "p-1,2,,oral", "p-1,3,,oral")
    with pytest.raises(ej.BadFile, match="changed since they were checked"):
        list(found.drafts())


def test_a_file_that_is_gone_while_it_is_read(files):
    """A file taken away after the check is missed by its name."""
    found = read_set(files.folder)
    with found.reader() as reader:
        assert "w1" == reader.row(0).cells["id"]
    (files.folder / "works.csv").unlink()
    with pytest.raises(ej.BadFile, match="changed since they were checked"):
        found.reader()


def test_journals_of_another_school_or_under_another_regulation(plan, store):
    """A plan is for the journals that it was made for."""
    other = ej.Journals(store, ej.samples.school(), REGULATION)
    with pytest.raises(ej.BadInput, match=r"another school, expected 's-9', found 's-26'"):
        commit(other, plan)
    others = ej.Journals(store, plan.school, "ru-minpros-model", clock=lambda: NOW)
    with pytest.raises(ej.BadInput, match="other regulations than the plan's"):
        commit(others, plan)


def test_progress_is_told(files):
    """Whoever waits is told how many rows are done, of how many, up to the last."""
    told = []
    plan = plan_import(
        files.folder, REGULATION, at=1_796_083_200_000_000, progress=lambda *n: told.append(n)
    )
    assert [(0, 17), (17, 17)] == told
    told.clear()
    commit(journals_of(plan, MemoryStore()), plan, progress=lambda *n: told.append(n))
    assert [(9, 17), (13, 17), (17, 17)] == told


def test_a_faulty_plan_commits_nothing(files):
    """A plan with problems can be looked at; there is nothing to commit in it."""
    files.change("entries.csv", "p-1,5,,oral", "p-1,7,,oral")
    plan = plan_import(files.folder, REGULATION, at=NOW)
    journals = journals_of(plan, MemoryStore())
    with pytest.raises(ej.BadFile, match="off-the-scale"):
        commit(journals, plan)
    assert {} == kept(journals)


def test_an_account_of_the_files_may_import(files):
    """Where people.csv names who may import, that account does; else one is added for it."""
    files.add("people.csv", id="z-9", kind="account", roles="importer")
    plan = plan_import(files.folder, REGULATION, at=NOW)

    assert "z-9" == plan.importer
    assert plan.school == read_set(files.folder).school


def test_what_came_in_goes_out_and_comes_in_again(plan, tmp_path):
    """A set of the imported entries makes the same journals: values, texts, evidence, changes."""
    first = journals_of(plan, MemoryStore())
    commit(first, plan)
    entries = [entry for book in kept(first) for entry in first.entries(book)]
    write_set(tmp_path, plan.school, entries)
    second = plan_import(tmp_path, REGULATION, at=NOW)
    assert () == second.problems
    into = journals_of(second, MemoryStore())
    commit(into, second)

    def told(journals):
        return Counter(
            repr((entry.kind, entry.about, entry.pupil, entry.texts, entry.evidence))
            for book in kept(journals)
            for entry in journals.entries(book)
        )

    assert told(first) == told(into)
    assert plan.findings == second.findings
