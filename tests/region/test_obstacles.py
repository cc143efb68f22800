"""What columns cannot say is left to the exact audit, and the report says why."""

from __future__ import annotations

import pytest

import edujournal as ej
from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import export
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.time import parse_instant
from edujournal.regions.columnar import obstacle
from edujournal.rules.loading import load, parse
from edujournal.testing.clocks import StandingClock
from tests.region.conftest import COLUMNAR, REGULATIONS, audited, in_memory, shipped

SINCE = b"in_force = { since = 2023-08-31 }"

#: What a school adds to the model order: every mark names a kind of work.
ADDED = """
format = 1
id = "model-with-kinds"
extends = "ru-minpros-model"
title = {{ ru = "П", en = "M" }}

[[clauses]]
number = "K.1"
gist = {{ ru = "У каждой отметки есть вид работы.", en = "Every mark names a kind of work." }}

[[clauses.rules]]
kind = "relation"
record = "mark"
requires = "kind"
{when}
"""


def both_ways(root, at, name="duckdb"):
    """The findings of the exact audit, those of columns, and the obstacles that these met."""
    exactly, _ = audited(root, at)
    counting = engine(name)
    try:
        found, report = audited(root, at, counting)
    finally:
        counting.close()
    return exactly, found, report.obstacles


@pytest.mark.parametrize(
    "force", [b"since = 2026-09-10", b"until = 2026-09-10", b"since = 2023-08-31"]
)
def test_a_regulation_that_begins_or_ends_within_the_year_is_judged_exactly(made, tmp_path, force):
    """An entry of a day on which it holds proves nothing for one of a day on which it does not."""
    schools, _, at = made
    text = shipped("ru-school26-2023")
    assert SINCE in text
    for kept in schools:
        rules = text.replace(SINCE, b"in_force = { " + force + b" }")
        export(tmp_path / "lake", in_memory(kept), kept.school, [rules], "north")
    exactly, found, obstacles = both_ways(tmp_path / "lake", at)

    assert exactly == found
    assert any(exactly.values())
    part = {kept.school.id: "in force for a part of the time" for kept in schools}
    assert (part if b"2026" in force else {}) == obstacles


def test_the_first_and_the_last_day_of_every_year_must_lie_in_the_time_in_force():
    """The day after the year's last one asks for nothing."""
    years = ej.samples.school().facts().calendars
    (year,) = years

    def told(force):
        text = shipped("ru-school26-2023").replace(SINCE, b"in_force = { " + force + b" }")
        return obstacle(parse(text, "force"), years)

    whole = f"since = {year.since}, until = {year.until}".encode()
    assert told(whole) is None
    assert "in force for a part of the time" == told(f"until = {year.since}".encode())
    assert obstacle(parse(shipped("ru-school26-2023"), "shipped"), ()) is None


def marked(rules):
    """Journals in which a mark for a work, and one at a lesson, name no kind of work."""
    school = ej.samples.school(["7A"])
    first, second, *_ = [one for one in school.facts().lessons if one.id.startswith("7A-alg-")]
    journal, by = school.facts().journal_of(first), str(first.teacher)
    clock = StandingClock()
    journals = ej.Journals(MemoryStore(), school, [parse(rules, "rules")], clock=clock)
    clock.at = first.starts
    work = ej.NewWork(id="w-1", kind="control", purpose="ordinary", lesson=first.id)
    journals.record(work, by=by)
    journals.record(ej.Mark(work="w-1", journal=journal, pupil="p-17", value=5), by=by)
    clock.at = second.starts
    # Nothing that is owed may be lacking: the lesson would be opened for that.
    journals.record(ej.RollCall(lesson=second.id), by=by)
    journals.record(ej.Topic(lesson=second.id, topic="Powers"), by=by)
    journals.record(ej.Mark(lesson=second.id, pupil="p-17", value=5), by=by)
    return journals


def test_a_mark_for_a_work_proves_nothing_for_one_at_a_lesson(tmp_path):
    """The work names the kind for its marks; at a lesson nobody does."""
    rules = ADDED.format(when="").encode()
    journals = marked(rules)
    export(tmp_path / "lake", journals.store, journals.school, [rules])
    exactly, found, obstacles = both_ways(
        tmp_path / "lake", parse_instant("2026-10-01T09:00:00+03:00")
    )

    assert {} == obstacles
    assert 1 == sum(one.code == "no-kind" for some in exactly.values() for one in some)
    assert exactly == found


def test_relations_by_features_of_a_work_are_judged_exactly():
    """Two works of a journal differ in them; two lessons in their places among others."""
    for when in ('purpose = "monitoring"', "control = true", "shift = 1"):
        rules = ADDED.format(when=f"when = {{ {when} }}").encode()
        assert "relations of mark by more than the journal" == obstacle(parse(rules, "rules"), ())
    rules = ADDED.format(when="when = { grade = 7 }").encode()
    assert obstacle(parse(rules, "rules"), ()) is None


def test_most_shipped_regulations_can_be_columns():
    """What is shipped is not all judged one by one: these four are, and nothing else."""
    told = {name: obstacle(load(name), ()) for name in REGULATIONS if name not in COLUMNAR}
    assert {
        "ee-paevik": "locks on mark",
        "hu-naplo": "locks on mark",
        "it-registro": "locks on homework",
        "uz-jurnal": "limits",
    } == told
