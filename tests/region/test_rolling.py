"""Rolled up: sums by teacher, class, school, municipality and region, each of what is below it."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter

import pytest

import edujournal as ej
from edujournal.adapters.documents.report import write_region_report
from edujournal.adapters.exchange.lake import Lake, export
from edujournal.adapters.schools import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.cli import main
from edujournal.errors import BadInput
from edujournal.model.time import format_instant
from edujournal.regions.region_report import RegionReporting
from edujournal.regions.rolling import RollUp, tally_findings
from edujournal.rules.loading import load
from edujournal.rules.numbers import written
from edujournal.samples.generated import Size, generate
from edujournal.views.gathered import classes_of
from tests.region.conftest import audited, in_memory, shipped

TOWNS = ("Seaside", "Hills", "Seaside")
STATISTICS = ("results", "success", "quality", "mean", "attended")
HOSTILE = "</script><script>document.title='taken'</script><b>"


@pytest.fixture(scope="module")
def rolled(tmp_path_factory):
    """A lake of three schools in two municipalities, the schools, and a moment."""
    root = tmp_path_factory.mktemp("rolled") / "lake"
    schools = list(generate(3, 5, Size(classes=2, pupils=5, days=34)))
    for kept, town in zip(schools, TOWNS, strict=True):
        export(root, in_memory(kept), kept.school, [kept.regulation.read_bytes()], "north", town)
    return root, schools, max(kept.audited for kept in schools)


@pytest.fixture(scope="module")
def rows(rolled, tmp_path_factory):
    """The rows that the shell writes, with statistics."""
    out = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    assert 0 == main([*asked(rolled, out), "--statistics"])
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def asked(rolled, out):
    """The command that rolls a lake up."""
    root, _, at = rolled
    return ["report", "--lake", str(root), "--out", str(out), "--at", format_instant(at, "UTC")]


def of(rows, level, **fields):
    """Rows of one level by their keys."""
    return {
        row["key"]: row
        for row in rows
        if row["level"] == level and all(row[name] == value for name, value in fields.items())
    }


def test_rows_count_what_the_audit_finds_and_the_books_hold(rolled, rows):
    """School by school: findings by outcome, by class and by hand, and entries, counted anew."""
    root, schools, at = rolled
    exactly, _ = audited(root, at)
    for kept in schools:
        id, findings, facts = kept.school.id, exactly[kept.school.id], kept.school.facts()
        records = [one for _, some in kept.books() for one in some]
        row = of(rows, "school")[id]
        assert (len(records), len(findings)) == (row["entries"], row["findings"])
        for outcome in ("late", "missing", "broken", "early", "undecidable"):
            assert sum(str(one.outcome) == outcome for one in findings) == row[outcome]
        classes = Counter(name for one in findings for name in classes_of(one, facts))
        told = {key: one["findings"] for key, one in of(rows, "class", school=id).items()}
        assert +classes == +Counter(told)
        hands = Counter(
            hand for one in findings for hand in ({one.by} if one.by else one.hands or {""})
        )
        teachers = of(rows, "teacher", school=id)
        assert +hands == +Counter({key: one["findings"] for key, one in teachers.items()})
        assert len(records) == sum(one["entries"] for one in teachers.values())
        late = sum(value for name, value in row.items() if name.startswith("late_"))
        assert row["late"] == late
    assert any(exactly.values())


def test_units_above_schools_are_sums_of_them(rows):
    """A municipality is its schools, the region its municipalities, in every number that adds up."""
    assert {"Seaside", "Hills"} == set(of(rows, "municipality"))
    for name in (
        "schools",
        "entries",
        "findings",
        "breaches",
        "late",
        "missing",
        "late_24h",
        "results",
    ):
        for town, row in of(rows, "municipality").items():
            mine = of(rows, "school", municipality=town).values()
            assert row[name] == sum(one[name] for one in mine) > 0 or name == "late_24h"
        (region,) = of(rows, "region").values()
        assert region[name] == sum(one[name] for one in of(rows, "municipality").values())
    assert (3, "north") == (region["schools"], region["key"])
    assert [row["level"] for row in rows][-3:] == ["municipality", "municipality", "region"]


def test_statistics_are_those_of_each_school(rolled, rows):
    """Results and shares of a class and of a school are what its own statistics say, exactly."""
    _, schools, at = rolled
    for kept in schools:
        journals = ej.Journals(in_memory(kept), kept.school, load(kept.regulation))
        found = journals.statistics(["class"], at=at)
        row = of(rows, "school")[kept.school.id]
        assert (found.total.results.counted, written(found.total.results.success)) == (
            row["results"], row["success"],
        )  # fmt: skip
        for one in found.rows:
            told = of(rows, "class", school=kept.school.id)[one.key[0]]
            assert one.results.counted == told["results"]
            assert written(one.attendance.share) == told["attended"]


def test_rows_are_the_same_by_every_way(rolled, rows, tmp_path):
    """As CSV, by processes, entry by entry: the same rows; without statistics those columns are empty."""
    files = {}
    for name, more in (
        ("all.csv", ["--statistics"]), ("two.jsonl", ["--workers", "2"]), ("one.jsonl", ["--engine", "python"])
    ):  # fmt: skip
        assert 0 == main([*asked(rolled, tmp_path / name), *more])
        files[name] = tmp_path / name
    with files["all.csv"].open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    assert table == [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in rows
    ]
    two = files["two.jsonl"].read_text("utf-8")
    assert two == files["one.jsonl"].read_text("utf-8")
    bare = [json.loads(line) for line in two.splitlines()]
    assert {None} == {row["success"] for row in bare}
    same = [name for name in rows[0] if name not in STATISTICS]
    shown = [[row[name] for name in same] for row in rows if row["entries"] or row["findings"]]
    assert shown == [[row[name] for name in same] for row in bare]


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "page.html"])
def test_a_report_that_fails_leaves_the_one_before(rolled, tmp_path, name):
    """A school whose books cannot be read ends it; last month's file is whole."""
    root, schools, _ = rolled
    lake, out = tmp_path / "lake", tmp_path / name
    shutil.copytree(root, lake)
    broken = max(lake.glob("entries/region=north/*/*/*.parquet"))
    broken.write_bytes(b"PAR1")
    out.write_text("whole")

    command = ["--workers", "1", "--engine", "python"]
    assert 0 != main([*asked((lake, schools, rolled[2]), out), *command])
    assert "whole" == out.read_text()
    assert {lake, out} == set(tmp_path.iterdir())


def test_a_school_of_which_nothing_is_known_yet_keeps_no_region_from_its_report(rolled, tmp_path):
    """Without a calendar it has a line of zeros, and the others have theirs."""
    root, schools, at = rolled
    lake = tmp_path / "lake"
    shutil.copytree(root, lake)
    export(lake, MemoryStore(), PlainSchool("s-new", ()), [shipped("ru-school26-2023")], "north")
    for name in ("rows.jsonl", "page.html"):
        assert 0 == main([*asked((lake, schools, at), tmp_path / name), "--statistics"])
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text("utf-8").splitlines()]
    assert {0} == {of(rows, "school")["s-new"][one] for one in ("entries", "findings")}
    assert 4 == of(rows, "region")["north"]["schools"]
    assert "s-new" in (tmp_path / "page.html").read_text("utf-8")


def test_a_page_has_every_sum_and_no_name_becomes_markup(rolled, tmp_path):
    """The numbers of the page are those of the rows; names from outside are texts."""
    root, _, at = rolled
    reporting, total = RegionReporting("en", HOSTILE, at), RollUp()
    exactly, _ = audited(root, at)
    for source in Lake(root).schools():
        one = tally_findings(source, exactly[source.id], at)
        total.add(one)
        reporting.add(one, source.data, source.regulations)
    report = reporting.report(total)
    page = write_region_report(report)

    assert 3 == len(report.schools) == len(report.data["schools"])
    worst = [-one.tally.per_thousand for one in report.schools]
    assert sorted(worst) == worst
    assert ["Hills", "Seaside"] == sorted(one.name for one in report.municipalities)
    assert HOSTILE not in page
    assert "&lt;/script&gt;" in page
    assert f"<dd>{total.total.entries}</dd>" in page
    assert all(f">{one.name}</button>" in page for one in report.schools)
    assert "http://" not in page.replace("http://www.w3.org/", "")
    with pytest.raises(BadInput, match="keep"):
        tally_findings(Lake(root).schools()[0], [], at, keep=0)


def test_a_municipality_stays_until_another_is_named(rolled, tmp_path):
    """An export that names none leaves what the lake has; a lake without one says so."""
    _, schools, _ = rolled
    kept, rules = schools[0], [schools[0].regulation.read_bytes()]
    for given, told in ((None, "-"), ("Hills", "Hills"), (None, "Hills"), ("", "-")):
        export(tmp_path / "lake", in_memory(kept), kept.school, rules, "north", given)
        (school,) = Lake(tmp_path / "lake").schools()
        assert told == school.municipality
    (
        tmp_path / "lake" / "schools" / "region=north" / f"school={kept.school.id}" / "place.json"
    ).write_text("{}")
    with pytest.raises(BadInput, match="not a place"):
        _ = Lake(tmp_path / "lake").schools()[0].municipality


@pytest.mark.parametrize(
    "arguments",
    [
        ["--out", "a.pdf"], ["--out", "a.html", "--since", "2026-09-01"], ["--out", "no/a.csv"],
        ["--out", "a.html", "--findings", "b.jsonl"], ["--out", "a.html", "--store", "file:b"],
    ],
)  # fmt: skip
def test_misuse_of_the_report_of_a_lake(rolled, tmp_path, monkeypatch, arguments):
    """It is answered, and nothing is made."""
    monkeypatch.chdir(tmp_path)
    assert 2 == main(["report", "--lake", str(rolled[0]), *arguments])
    assert 2 == main(["report", "--out", "a.html"])
    assert 2 == main(["report", "--out", "a.html", "--store", "file:b", "--engine", "polars"])
    assert [] == list(tmp_path.iterdir())
