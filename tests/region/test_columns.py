"""Columns find what the exact audit finds, row for row, on every engine."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from contextlib import closing as closed
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import export
from edujournal.rules import term_values
from edujournal.rules.loading import load
from edujournal.rules.terms import anchor_value, reads_group
from edujournal.testing import strategies as some
from edujournal.testing.scripts import play
from tests.laws.conftest import opened
from tests.region.conftest import COLUMNAR, audited, shipped
from tests.region.test_generator import told

__all__ = ["opened"]

NAMES = ("polars", "duckdb")
SHIPPED = load("ru-school26-2023")

#: Under what the random schools are kept: each regulation alone, if it lets anybody write, and each
#: beside the one of school No. 26.
KEPT_UNDER = [[name] for name in COLUMNAR if load(name).rights]
KEPT_UNDER += [[SHIPPED.id, name] for name in COLUMNAR if name != SHIPPED.id]


@pytest.fixture(scope="module", params=NAMES)
def counting(request):
    """An engine."""
    made = engine(request.param)
    yield made
    made.close()


@pytest.fixture(scope="module")
def exactly(made):
    """What the exact audit finds in the made schools."""
    _, root, at = made
    return audited(root, at)[0]


def test_the_exact_audit_of_a_lake_finds_the_ground_truth(made, exactly):
    """A lake loses nothing: each school's findings are what went wrong in it, and nothing else."""
    schools, _, _ = made
    assert {kept.school.id: Counter(map(told, kept.truth)) for kept in schools} == {
        school: Counter(map(told, findings)) for school, findings in exactly.items()
    }


def test_engines_find_the_same_row_for_row(made, exactly, counting):
    """Every field of every finding, in the same order; and only few entries were judged for it."""
    _, root, at = made
    found, report = audited(root, at, counting)

    assert exactly == found
    assert {} == report.obstacles
    assert 2 == report.schools
    assert report.judged + report.doubted < report.entries / 8
    assert report.untimely > 0
    assert 0 < report.doubted < report.opened


def test_a_term_is_evaluated_once_for_each_thing_it_hangs_on(made, monkeypatch):
    """Of hundreds of windows that close with one day the end of that day is worked out once."""
    evaluated: Counter[tuple[object, ...]] = Counter()
    inner = term_values.evaluate

    def counted(term, setting):
        on = [anchor_value(one, setting) for one in sorted(set(term.anchors()))]
        group = setting.group if reads_group(term) else None
        evaluated[setting.calendar.school, id(term), group, *on] += 1
        return inner(term, setting)

    monkeypatch.setattr(term_values, "evaluate", counted)
    _, root, at = made
    counting = engine("duckdb")
    _, report = audited(root, at, counting)
    counting.close()

    assert {1} == set(evaluated.values())
    assert report.evaluated == len(evaluated)
    assert report.evaluated < report.asked / 2


def find_alike(opened, data, engines):
    """Keep a small random school under random regulations: each engine finds what the exact audit finds."""
    school = data.draw(some.working_schools())
    regulations = [load(name) for name in data.draw(st.sampled_from(KEPT_UNDER))]
    words = next((one for one in regulations if one.absences and one.markers), SHIPPED)
    script = data.draw(some.scripts(school, words, least=6, most=24))
    journals, clock = opened(school, regulations=regulations)
    play(journals, clock, script)
    at = clock.at + data.draw(st.sampled_from([1, 86_400_000_000, 90 * 86_400_000_000]))
    with TemporaryDirectory() as folder:
        root = Path(folder) / "lake"
        export(root, journals.store, school, [shipped(one.id) for one in regulations])
        exactly, _ = audited(root, at)
        for counting in engines:
            assert exactly == audited(root, at, counting)[0], type(counting).__name__


@settings(max_examples=16, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_whatever_stands_in_books_columns_say_the_same(opened, data):
    """Corrections, voids, imports, waivers, fences, odd timetables: what columns cannot say they leave."""
    with ExitStack() as closing:
        find_alike(opened, data, [closing.enter_context(closed(engine(name))) for name in NAMES])
