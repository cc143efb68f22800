"""What is measured side by side does the same work."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from attrs import evolve

import edujournal as ej
from bench.answers import REFUSED, RULES
from bench.book import book, ours
from bench.peers import codecs, sums
from bench.region import region, stored, untimely, whole
from bench.sections import audited, coded, joined, judged, lakes, scanned, summed
from bench.writes import week

# It goes through every way of every question, where counting branches would show nothing new.
pytestmark = pytest.mark.search


def installed(needs: tuple[str, ...]) -> None:
    """Skip where a peer is not installed: only `nox -s bench` installs them all."""
    missing = [name for name in needs if find_spec(name) is None]
    if missing:
        pytest.skip(f"skip: {', '.join(missing)} not installed")


@pytest.mark.parametrize(("title", "make", "needs"), judged.PEERS, ids=[p[0] for p in judged.PEERS])
def test_a_peer_answers_each_write_as_edujournal_does(title, make, needs):
    """The same rules broken, and the same decision, on every mark of the list."""
    installed(needs)
    of = week()
    judge = make(of.tables)
    writes = of.writes()

    assert judged.judged(writes, of) == [judge(one) for one in writes]


@pytest.mark.parametrize(("title", "make", "needs"), judged.PEERS, ids=[p[0] for p in judged.PEERS])
def test_a_peer_answers_the_batch_as_edujournal_does(title, make, needs):
    """The marks of Friday evening too, most of which come late."""
    installed(needs)
    of = week()
    judge = make(of.tables)
    _, evening = of.evening()
    some = evening[::7]

    assert judged.judged(some, of) == [judge(one) for one in some]


def test_every_rule_is_broken_by_a_write_of_the_list():
    """None of the fifteen rules is there for show, and most of the marks keep them all."""
    answers = judged.judged(week().writes(), week())

    assert set(range(len(RULES))) == {rule for answer in answers for rule in answer.broken}
    assert 40 <= sum(not answer.broken for answer in answers)
    assert {str(decision) for decision in ej.Decision} == {one.decision for one in answers}


def test_a_peer_that_answered_otherwise_would_stop_the_run(monkeypatch):
    """The benchmark asks for agreement before it measures."""
    of = week()
    title, make, needs = judged.PEERS[0]

    def contrary(tables):
        right = make(tables)
        return lambda write: right(write)._replace(decision=REFUSED)

    monkeypatch.setattr(judged, "PEERS", ((title, contrary, needs),))
    with pytest.raises(AssertionError, match="other answers"):
        judged.check(of.writes(), of)


@pytest.mark.parametrize(
    ("title", "find", "needs"), audited.PEERS, ids=[p[0] for p in audited.PEERS]
)
def test_a_peer_finds_in_the_book_what_edujournal_finds(title, find, needs):
    """The same breaches of the same entries, and the same missing ones."""
    installed(needs)
    of = book(1_500)

    assert ours(audited.audited(of)) == find(of)


def test_the_audit_of_the_store_finds_what_the_audit_of_the_entries_finds():
    """Reading bytes first changes no finding."""
    of = book(1_500)

    assert audited.audited(of) == audited.read_and_audited(of)


def test_the_book_holds_breaches_of_every_kind_that_the_audit_asks_for():
    """Timing, completeness, relations: each is found somewhere in the book."""
    found = {(clause, code) for clause, code, *_ in ours(audited.audited(book(1_500)))}

    assert found >= {
        ("2.11", "missing"),
        ("2.5", "absent-at-lesson"),
        ("2.5", "after-close"),
        ("2.6", "missing"),
        ("2.6", "no-plan-link"),
        ("2.7", "after-close"),
        ("2.7", "no-nature"),
        ("2.8", "missing"),
        ("2.9", "after-close"),
        ("2.9", "missing"),
    }


@pytest.mark.parametrize(("title", "find", "needs"), lakes.PEERS, ids=[p[0] for p in lakes.PEERS])
def test_a_peer_finds_in_the_lake_what_came_too_late(title, find, needs):
    """The same entries, each under the clause whose deadline it missed."""
    installed(needs)
    of = region(1, 40)
    expected = untimely(of, whole(of, "duckdb"))

    assert find(of) == expected
    assert {"2.5", "2.7", "2.9"} <= {clause for _, _, clause, _ in expected}


def test_a_peer_of_the_lake_that_found_less_would_stop_the_run(monkeypatch):
    """The benchmark asks for agreement before it measures."""
    title, find, needs = lakes.PEERS[0]
    monkeypatch.setattr(lakes, "PEERS", ((title, lambda of: find(of)[1:], needs),))

    with pytest.raises(AssertionError, match="other findings"):
        lakes.check(region(1, 40))


@pytest.mark.parametrize(
    ("title", "find", "needs"), scanned.PEERS, ids=[p[0] for p in scanned.PEERS]
)
def test_a_peer_reads_as_many_rows_of_the_database_as_there_are(title, find, needs):
    """Nothing is left out that edujournal has to read."""
    installed(needs)

    assert region(1, 40).entries == find(region(1, 40))


def test_the_audit_out_of_the_database_finds_what_that_of_the_lake_finds():
    """The same school, kept in two ways."""
    assert stored(region(1, 40), "duckdb") == whole(region(1, 40), "duckdb")


def test_the_plan_finds_on_each_engine_what_the_engine_finds_in_its_own_words():
    """And that is what came too late by the audit, before anything else is asked."""
    of = region(1, 40)
    joined.check(joined.files(of))
    found = {
        (book, number)
        for _, book, number, _ in joined.by_plan(joined.started("duckdb"), joined.files(of))
    }

    assert {(book, n) for book, n, _, _ in untimely(of, whole(of, "duckdb"))} <= found


@pytest.mark.parametrize(("title", "make", "needs"), codecs.PEERS, ids=[p[0] for p in codecs.PEERS])
def test_a_peer_reads_the_entry_that_it_has_written(title, make, needs):
    """Every field of every entry, texts and lists among them."""
    installed(needs)

    coded.check_peer(title, make(), book(1_500).entries)


def test_the_records_that_are_measured_are_those_that_are_kept():
    """Written again, the entries of a book give the book, letter by letter; read, they are the entries."""
    of = book(1_500)

    assert list(of.records) == coded.written(of, coded.writer(of))
    coded.check(of)


def test_a_peer_that_lost_a_field_would_stop_the_run():
    """The benchmark asks for agreement before it measures."""
    losing = codecs.by_cattrs_json()._replace(told=lambda entry: evolve(entry, right=""))

    with pytest.raises(AssertionError, match="another entry"):
        coded.check_peer("losing", losing, book(1_500).entries)


@pytest.mark.parametrize(("title", "make", "needs"), sums.PEERS, ids=[p[0] for p in sums.PEERS])
def test_a_peer_has_the_cells_that_the_summary_sheets_have(title, make, needs):
    """The last word about each result, of which every third was changed."""
    installed(needs)
    of = summed.summed(2)
    expected = summed.cells(of.sheets())

    assert 2 * 12 * 13 == len(expected) < len(of.facts)
    assert {4, 5} == set(expected.values())
    summed.check_peer(title, make(of.facts), expected)


def test_a_peer_that_had_the_first_word_would_stop_the_run():
    """The benchmark asks for agreement before it measures."""
    of = summed.summed(2)
    first = sums.ByPython(reversed(of.facts))

    with pytest.raises(AssertionError, match="other cells"):
        summed.check_peer("first", first, summed.cells(of.sheets()))


def test_sheets_out_of_books_are_those_that_the_journals_give():
    """The same cells, columns and rows, however they are made."""
    of = summed.summed(2)

    assert of.sheets() == summed.from_states(of.journals, of.groups, of.states)
