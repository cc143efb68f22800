"""What made schools have beyond plain lessons: it does occur, and each engine finds of it what is known."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import export
from edujournal.rules.loading import load
from edujournal.samples.generated import Size, generate, generate_one
from edujournal.writing import entry_of
from tests.figures import soaking
from tests.region.conftest import audited, in_memory
from tests.region.test_generator import told

# It goes through whole schools, where counting branches would show nothing new.
pytestmark = pytest.mark.search

#: Seeds of schools that have, together, everything that schools are made with.
SEEDS = (1, 10, 11)
SIZE = Size(classes=5, pupils=14, days=70)


def entries(kept):
    """Every entry of a made school."""
    return [entry_of(record) for _, records in kept.books() for record in records]


@pytest.fixture(scope="module")
def schools():
    """Some made schools."""
    return [generate_one(1, seed, SIZE) for seed in SEEDS]


@pytest.fixture(scope="module")
def said(schools):
    """All that is said in them, school by school."""
    return [entries(kept) for kept in schools]


@pytest.fixture(scope="module")
def found(schools):
    """How often which code of which clause is to be found in them, with which outcome."""
    return Counter((one.clause, one.code, one.outcome) for kept in schools for one in kept.truth)


def test_the_regulation_has_rules_of_every_kind():
    """Timing, rights, quantities, relations, markers and formulas: nothing of the language is left out."""
    (kept,) = generate(1, 1, Size(classes=1, pupils=4, days=3))
    regulation = load(kept.regulation)

    kinds = {type(rule).__name__ for clause in regulation.clauses for rule in clause.rules}
    assert {"TimingRule", "RightsRule", "QuantityRule", "RelationRule", "LoginRule"} <= kinds
    assert regulation.markers
    assert regulation.formulas
    assert {"edujournal", regulation.id} >= {one.regulation for one in kept.truth}


def test_markers_stand_for_marks_results_and_a_whole_subject(said):
    """Exempt, not assessed, ungraded and in debt: for works, for periods, for the subject."""
    given = Counter(
        (entry.about.partition(":")[0], entry.values.get("marker", entry.values.get("code")))
        for some in said
        for entry in some
        if entry.kind in ("marker", "result")
    )
    for marker in (("subject", "осв"), ("work", "осв"), ("work", "точка"), ("period", "осв"),
                   ("period", "н/а"), ("period", "безотм")):  # fmt: skip
        assert given[marker] > 0, marker
    assert any(
        entry.values["change"].get("marker", "") is None
        for some in said
        for entry in some
        if entry.kind == "correction"
    )


def test_what_is_wrong_with_markers_is_known(found):
    """An exemption without a ground, a mark beside one, a debt that is never cleared."""
    assert found["2.8", "no-ground", "broken"] > 0
    assert found["2.8", "beside-mark", "broken"] > 0
    assert found["2.13", "changed-after-close", "late"] > 0


def test_documents_excuse_what_is_made_up_and_some_do_not(schools, said, found):
    """A make-up of an absence that no code excuses is fine with a document, in time and for that day."""
    assert any(entry.kind == "excuse" for some in said for entry in some)
    assert found["2.5", "not-excused", "broken"] > 0
    assert found["2.5", "not-excused", "undecidable"] > 0
    forgiven = 0
    for kept, some in zip(schools, said, strict=True):
        told_of = {(one.book, one.entry) for one in kept.truth}
        codes = {
            (entry.book, entry.about, row["pupil"]): row["code"]
            for entry in some
            if entry.kind == "roll"
            for row in entry.values["absent"]
        }
        forgiven += sum(
            codes[entry.book, entry.about, entry.pupil] in ("Н", "НП")
            for entry in some
            if entry.kind == "makeup" and (entry.book, entry.number) not in told_of
        )
    assert forgiven > 0


def test_more_time_excuses_what_is_late_and_not_what_is_later_still(schools, said):
    """The head's waiver reaches marks until it ends, and visibly; a mark past it is late."""
    reached: Counter[bool] = Counter()
    for kept, some in zip(schools, said, strict=True):
        waivers = {
            (book, entry.values["about"]): entry
            for entry in some
            if entry.kind == "waiver" and entry.role == "head"
            for book in (f"journal/{one}" for one in entry.values["journals"])
        }
        for one in kept.truth:
            waiver = waivers.get((one.book, one.about))
            if one.clause == "2.12" and waiver is not None and waiver.at < one.lo:
                within = one.lo < min(waiver.values["until"], one.closes + 7 * 86_400_000_000)
                assert ("excused" if within else "late") == one.outcome
                reached[within] += 1
    assert reached[True] > 0
    assert reached[False] > 0


def test_a_login_that_became_known_voids_reopens_and_is_restored(schools, said, found):
    """The report and its fence, what is void by it, entered anew, vouched for or never taken again."""
    kinds = Counter(entry.kind for some in said for entry in some)
    assert kinds["compromise"] == kinds["restoration"] > 0
    assert kinds["vouch"] > 0
    assert found["integrity", "void", "void"] > 0
    assert found["3.3", "after-close", "late"] > 0
    assert found["3.3", "missing", "missing"] > 0
    reopened = 0
    for kept, some in zip(schools, said, strict=True):
        void = {(one.book, one.about) for one in kept.truth if one.code == "void"}
        acts = {entry.kind: entry for entry in some if entry.book == "school/2026"}
        for one in kept.truth:
            if (one.book, one.about, one.code) in {(*place, "missing") for place in void}:
                assert one.closes > acts["compromise"].at + 3_600_000_000
                reopened += 1
    assert reopened > 0


@pytest.fixture(scope="module")
def lakes(schools, tmp_path_factory):
    """Each of the schools in a lake of its own."""
    roots = [tmp_path_factory.mktemp("lake") for _ in schools]
    for root, kept in zip(roots, schools, strict=True):
        export(root, in_memory(kept), kept.school, [kept.regulation.read_bytes()], "made")
    return roots


def as_known(kept, root, counting=None):
    """What an audit finds in a made school: what is known of it, nothing more and nothing less."""
    found, report = audited(root, kept.audited, counting)
    assert Counter(map(told, kept.truth)) == Counter(map(told, found[kept.school.id]))
    assert {} == report.obstacles
    return found


@pytest.fixture(scope="module")
def exactly(schools, lakes):
    """Gives what the exact audit finds in the school at a place; each of them is audited once."""
    return cache(lambda place: as_known(schools[place], lakes[place]))


@pytest.mark.parametrize(("name", "usual"), [("duckdb", len(SEEDS)), ("polars", 1)])
def test_each_engine_finds_the_ground_truth(schools, lakes, exactly, name, usual):
    """Of several seeds, with all of this in them, nothing more and nothing less; row for row alike.

    One engine is asked of all of them; what the others find, and the exact audit, of one in a usual run,
    and of all in a soak. That of Spark stands in test_spark.py.
    """
    counting = engine(name)
    try:
        for place in range(len(SEEDS) if soaking() else usual):
            found = as_known(schools[place], lakes[place], counting)
            if place == 0 or soaking():
                assert exactly(place) == found
    finally:
        counting.close()
