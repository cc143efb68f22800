"""A region at the shell: made, exported, audited; the same findings by every way."""

from __future__ import annotations

import json

import pytest

from edujournal.adapters.exchange.lake.layout import arrow
from edujournal.cli import main, regional
from edujournal.errors import StoreUnwritable
from edujournal.samples.generated import Size, generate
from edujournal.samples.generated.school import MUNICIPALITIES

LATE = "after-close"
SMALL = ("--classes", "1", "--pupils", "5", "--days", "15")


def said(capsys, *arguments, code=0):
    """What a command answers, line by line."""
    capsys.readouterr()
    assert code == main(list(arguments))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_schools_are_made_and_audited_and_what_is_wrong_is_found(tmp_path, capsys):
    """The lake's audit finds as much as the truth beside it tells, on each engine the same."""
    lake = str(tmp_path / "lake")
    (told,) = said(
        capsys, "generate", "--schools", "2", "--seed", "7", "--out", lake, *SMALL, "--json"
    )
    truth = arrow().parquet.read_table(tmp_path / "lake" / "truth.parquet").to_pylist()
    audit = ("audit", "--lake", lake, "--at", told["at"], "--json")
    found = {
        name: said(capsys, *audit, "--engine", name, code=1)
        for name in ("python", "polars", "duckdb")
    }

    assert told["findings"] == len(truth) == len(found["python"])
    assert found["python"] == found["polars"] == found["duckdb"]
    key = ("school", "clause", "code", "outcome", "about", "pupil", "record", "by")
    assert sorted(str([one[name] for name in key]) for one in truth) == sorted(
        str([one[name] for name in key]) for one in found["duckdb"]
    )
    only = said(capsys, *audit, "--school", "s-00002", code=1)
    assert [one for one in found["python"] if one["school"] == "s-00002"] == only


def test_findings_are_written_as_a_table(tmp_path, capsys):
    """With the fields of the truth, row for row; a lake's or a store's; the terminal says where."""
    lake, out = str(tmp_path / "lake"), tmp_path / "findings.parquet"
    (told,) = said(
        capsys, "generate", "--schools", "2", "--seed", "7", "--out", lake, *SMALL, "--json"
    )
    out.write_bytes(b"what was there before")
    audit = ("audit", "--at", told["at"], "--out", str(out))
    assert 1 == main([*audit, "--lake", lake, "--lang", "en"])
    shown = capsys.readouterr().out
    parquet = arrow().parquet
    truth = parquet.read_table(tmp_path / "lake" / "truth.parquet")
    # The truth tells of a window only what was missed.
    truth = truth.drop_columns(["opens", "closes"])
    found = parquet.read_table(out)

    assert sorted(map(str, truth.to_pylist())) == sorted(
        map(str, found.select(truth.column_names).to_pylist())
    )
    assert all(one["closes"] <= one["lo"] for one in found.to_pylist() if one["code"] == LATE)
    assert {"made"} == set(found.column("region").to_pylist())
    assert f"Findings: {out}" in shown.replace("\n", "")
    assert "2.9" not in shown
    store = f"sqlite:///{tmp_path / 'made.db'}"
    said(capsys, "generate", "--seed", "7", "--store", store, *SMALL, "--json")
    assert 1 == main([*audit, "--store", store, "--engine", "duckdb"])
    first = [one for one in truth.to_pylist() if one["school"] == "s-00001"]
    assert sorted(map(str, first)) == sorted(
        map(str, parquet.read_table(out).select(truth.column_names).to_pylist())
    )
    assert [] == list(tmp_path.glob("*.part"))


def test_a_table_that_cannot_be_written_is_misuse_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    """Nowhere to write, no columns, or an audit that fails: what was there before stays."""
    lake, out = str(tmp_path / "lake"), tmp_path / "findings.parquet"
    said(capsys, "generate", "--seed", "7", "--out", lake, *SMALL, "--json")
    assert 2 == main(["audit", "--lake", lake, "--out", str(tmp_path / "none" / "found.parquet")])
    assert 2 == main(["audit", "--store", "file:b", "--out", str(out)])
    assert 2 == main(["audit", "--lake", lake, "--master", "spark://head:7077"])
    out.write_bytes(b"what was there before")

    def failing(*_given):
        raise StoreUnwritable("the disk is gone")
        yield

    monkeypatch.setattr(regional, "findings_of", failing)
    assert 3 == main(["audit", "--lake", lake, "--out", str(out)])
    assert b"what was there before" == out.read_bytes()
    assert [] == list(tmp_path.glob("*.part"))


def test_processes_side_by_side_make_the_same_lake(tmp_path, capsys):
    """The same files to the byte, and the same truth, whichever of them was ready first."""
    made = ("generate", "--schools", "3", "--seed", "7", *SMALL, "--json", "--out")
    one = said(capsys, *made, str(tmp_path / "one"))
    two = said(capsys, *made, str(tmp_path / "two"), "--workers", "2")

    def files(name):
        found = [file for file in (tmp_path / name).rglob("*") if file.is_file()]
        return {file.relative_to(tmp_path / name): file.read_bytes() for file in found}

    assert one == two
    assert files("one") == files("two")


def test_made_schools_lie_in_municipalities_by_which_they_are_summed_up(tmp_path, capsys):
    """Each in the one that its number and seed give; what is told of one is told of its schools."""
    lake, out = tmp_path / "lake", tmp_path / "rows.jsonl"
    (told,) = said(
        capsys, "generate", "--schools", "4", "--seed", "8", "--out", str(lake), *SMALL, "--json"
    )
    assert 0 == main(["report", "--lake", str(lake), "--out", str(out), "--at", told["at"]])
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    schools = [one for one in rows if one["level"] == "school"]
    towns = {one["key"]: one for one in rows if one["level"] == "municipality"}

    made = generate(4, 8, Size(classes=1, pupils=5, days=15))
    assert [one.municipality for one in made] == [one["municipality"] for one in schools]
    assert {one["municipality"] for one in schools} == set(towns) <= set(MUNICIPALITIES)
    assert len(towns) > 1
    for name, town in towns.items():
        mine = [one for one in schools if one["municipality"] == name]
        assert (len(mine), sum(one["entries"] for one in mine)) == (
            town["schools"],
            town["entries"],
        )


def test_a_store_is_exported_and_its_lake_says_what_the_store_says(tmp_path, capsys):
    """By way of a store: the same findings, in whatever order the books were looked at."""
    store, lake = f"sqlite:///{tmp_path / 'made.db'}", str(tmp_path / "lake")
    (told,) = said(capsys, "generate", "--seed", "3", "--store", store, *SMALL, "--json")
    (brought,) = said(
        capsys, "export", "--parquet", lake, "--region", "north", "--store", store, "--json"
    )
    (again,) = said(
        capsys, "export", "--parquet", lake, "--region", "north", "--store", store, "--json"
    )
    stored = said(capsys, "audit", "--store", store, "--at", told["at"], "--json", code=1)
    laked = said(capsys, "audit", "--lake", lake, "--at", told["at"], "--json", code=1)

    assert (told["entries"], 0) == (brought["entries"], again["entries"])
    assert told["findings"] == len(laked)
    assert sorted(map(json.dumps, stored)) == sorted(map(json.dumps, laked))


def test_people_read_it_school_by_school(tmp_path, capsys):
    """For people a table for each school, and at the end how it was come by."""
    lake = str(tmp_path / "lake")
    assert 0 == main(["generate", "--seed", "7", "--out", lake, *SMALL])
    assert "Schools made: 1" in capsys.readouterr().out
    assert 1 == main(["audit", "--lake", lake, "--at", "2026-11-02T09:00:00+03:00", "--lang", "ru"])
    shown = capsys.readouterr().out
    assert "s-00001" in shown
    assert "точным аудитом" in shown


def test_schools_are_made_into_a_new_folder_only(tmp_path, capsys):
    """A second run would mix other schools of the same ids with them: it changes nothing."""
    lake = tmp_path / "lake"
    lake.mkdir()
    assert 0 == main(["generate", "--seed", "7", "--out", str(lake), *SMALL])
    before = {file: file.read_bytes() for file in lake.rglob("*") if file.is_file()}
    capsys.readouterr()
    assert 2 == main(["generate", "--seed", "8", "--out", str(lake), *SMALL])

    assert "new or empty folder" in capsys.readouterr().err
    assert before == {file: file.read_bytes() for file in lake.rglob("*") if file.is_file()}
    (tmp_path / "file").write_text("mine")
    assert 2 == main(["generate", "--out", str(tmp_path / "file"), *SMALL])


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["generate", "--out", "a", "--store", "file:b"],
        ["generate", "--out", "a", "--classes", "61"],
        ["generate", "--out", "a", "--schools", "0"],
        ["generate", "--out", "a", "--workers", "0"],
        ["generate", "--store", "file:b", "--workers", "2"],
        ["audit"],
        ["audit", "--lake", "nowhere"],
        ["audit", "--lake", "a", "--store", "file:b"],
        ["audit", "--lake", "a", "--all"],
        ["audit", "--lake", "a", "--engine", "abacus"],
        ["export", "--store", "file:b"],
        ["export", "c", "--parquet", "a", "--store", "file:b"],
        ["export", "--parquet", "a", "--pseudonymised", "--store", "file:b"],
    ],
)
def test_misuse_is_answered_and_nothing_is_made(arguments, tmp_path, monkeypatch, capsys):
    """The exit code is that of misuse, the answer one that can be read."""
    monkeypatch.chdir(tmp_path)
    assert 2 == main(arguments)
    assert "Traceback" not in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())
