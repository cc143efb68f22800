"""Closing and archiving at the shell: from the last closing to a folder that is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

import edujournal as ej
from edujournal.adapters.schools.kept import keep, keep_regulations
from edujournal.adapters.stores.opening import open_store
from edujournal.archiving.package import checker_digest
from edujournal.cli import archiving as module
from edujournal.cli import main
from edujournal.cli.options import Place
from edujournal.cli.stores import opened

NAME = "school26.example"


def lines(capsys):
    """The JSON lines that were printed."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]


@pytest.fixture
def place(copied):
    """A copy of the tour's store."""
    return "--store", f"sqlite:///{copied}"


def test_closing_tells_what_is_owed_and_waits_for_it_if_asked(capsys, place):
    """What the due list has of the journals is told; with --complete nothing is closed before it is there."""
    main(["due", *place, "--json"])
    found = [one for one in lines(capsys) if one.get("outcome") in ("pending", "missing")]
    asked = ["close", "--year", "2026", "--by", "head", *place]

    assert 1 == main([*asked, "--complete", "--json"])
    told = lines(capsys)
    assert {False} == {one["closed"] for one in told}
    owing = {one["journal"] for one in found} & {one["journal"] for one in told}
    assert owing
    assert owing == {one["journal"] for one in told if one["pending"] + one["missing"]}
    assert 1 == main([*asked, "--complete", "--lang", "en"])
    assert "Journals closed: 0" in capsys.readouterr().out

    assert 0 == main([*asked, "--json"])
    closed = lines(capsys)
    assert [{**one, "closed": True} for one in told] == closed
    assert 0 == main([*asked, "--complete", "--json"])
    assert [] == lines(capsys)


def test_close_seal_archive_and_verify(capsys, place, tmp_path):
    """The whole way: closed once, archived at L2, at L3 with print; damage and a false checker are told."""
    assert 0 == main(["close", "--year", "2026", "--by", "head", *place, "--json"])
    closed = lines(capsys)
    assert {True} == {one["closed"] for one in closed}
    assert 0 == main(["close", "--year", "2026", "--by", "head", *place, "--json"])
    assert [] == lines(capsys)
    assert 1 == main(["close", closed[0]["journal"], "--by", "t-ivanova", *place])
    assert "Journals closed: 0" in capsys.readouterr().out
    assert 2 == main(["close", "--by", "head", *place])

    main(["key", NAME, str(tmp_path / "key.pem"), "--json"])
    (key,) = lines(capsys)
    kept = ("--checkpoints", str(tmp_path / "kept"), "--name", NAME)
    main(["seal", "--key", str(tmp_path / "key.pem"), *kept, *place, "--json"])
    (sealed,) = lines(capsys)
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(b"%PDF")
    folder = tmp_path / "archive"
    archiving = ("archive", str(folder), "--year", "2026", "--document", str(sheet), *kept, *place)
    assert 0 == main([*archiving, "--public", key["public"], "--json"])
    (found,) = lines(capsys)
    assert ("L2", [], True) == (found["assurance"], found["damages"], found["checker"])
    assert b"%PDF" == (folder / "data/documents/sheet.pdf").read_bytes()
    assert (folder / "data/regulations/1.toml").read_bytes()
    assert 2 == main([*archiving])

    anchor = f"{sealed['size']}:{sealed['root']}"
    assert 0 == main(["verify-archive", str(folder), "--anchor", anchor, "--lang", "ru"])
    told = capsys.readouterr().out
    assert ("уровень L3" in told, checker_digest() in told) == (True, True)
    (tmp_path / "bytes").write_bytes(b"\xff")
    assert 2 == main(["verify-archive", str(folder), "--public", str(tmp_path / "bytes")])
    for mistyped in ("x", "2:abcd", "-1:" + "0" * 64, "2:" + "0" * 63 + " 0"):
        assert 2 == main(["verify-archive", str(folder), f"--anchor={mistyped}"])
    (folder / "verify.py").write_text("print('L3')")
    assert 4 == main(["verify-archive", str(folder)])
    told = capsys.readouterr().out
    assert "verify.py is another one" in told
    (folder / "data/books/00003.jsonl").unlink()
    assert 4 == main(["verify-archive", str(folder)])
    assert "missing" in capsys.readouterr().out


def test_an_archive_goes_on_record_for_the_classes_that_are_done(capsys, place, tmp_path):
    """Owed from the last closing on, by head and deputies; met by the act, which bears the digest; once."""
    archiving = ("--year", "2026", *place, "--json")
    main(["due", *place, "--json"])
    assert not [one for one in lines(capsys) if one["record"] == "archiving"]
    main(["close", "--year", "2026", "--by", "head", *place, "--json"])
    closed = {one["journal"].split("/")[0] for one in lines(capsys)}
    main(["due", *place, "--json"])
    owed = [one for one in lines(capsys) if one["record"] == "archiving"]
    assert {("2.16", "pending")} == {(one["clause"], one["outcome"]) for one in owed}
    classes = {one["about"].removeprefix("sheet:") for one in owed}
    assert classes < closed
    for hand, owes in (("head", True), ("deputy", True), ("t-ivanova", False)):
        main(["due", hand, *place, "--json"])
        assert owes == any(one["record"] == "archiving" for one in lines(capsys)), hand

    assert 2 == main(["archive", str(tmp_path / "0"), *archiving, "--by", "hed"])
    assert not (tmp_path / "0").exists()
    assert 1 == main(["archive", str(tmp_path / "1"), *archiving, "--by", "t-ivanova"])
    assert {False} == {one["archived"] for one in lines(capsys)[1:]}
    assert 0 == main(["archive", str(tmp_path / "2"), *archiving, "--by", "head"])
    found, *told = lines(capsys)
    listed = (tmp_path / "2" / "tagmanifest-sha256.txt").read_bytes()
    assert sha256(listed).hexdigest() == found["digest"]
    assert {(one, True) for one in classes} == {(one["sheet"], one["archived"]) for one in told}
    main(["due", *place, "--json"])
    assert not [one for one in lines(capsys) if one["record"] == "archiving"]
    with opened(Place(store=place[1])) as there:
        entries = [one for one in there.journals.entries("school/2026") if one.kind == "archiving"]
    assert classes == {one.values["group"] for one in entries}
    people = (tmp_path / "2" / "data/people.txt").read_bytes()
    assert {(found["digest"], sha256(people).hexdigest())} == {
        (one.values["digest"], one.values["people"]) for one in entries
    }
    kept = (tmp_path / "2" / "data/results").iterdir()
    assert {sha256(one.read_bytes()).hexdigest() for one in kept} == {
        one for entry in entries for one in entry.values.get("results", ())
    }
    third = (
        "archive",
        str(tmp_path / "3"),
        "--year",
        "2026",
        *place,
        "--by",
        "head",
        "--lang",
        "en",
    )
    assert 0 == main([*third])
    assert "Summary sheets handed to the archive: 0" in capsys.readouterr().out


def test_a_journal_that_is_closed_while_the_archive_is_written_is_not_handed_over(
    capsys, place, tmp_path, monkeypatch
):
    """The archive may have it open: its class goes on record with the next one."""
    archiving = ("--year", "2026", *place, "--json", "--by", "head")
    with opened(Place(store=place[1])) as there:
        facts = there.journals.facts()
        last, *others = facts.journals_of_sheet(facts.calendar("2026"), "7A")
    assert 0 == main(["close", *map(str, others), "--by", "head", *place])
    written = module.write_archive

    def meanwhile(folder, files):
        count = written(folder, files)
        assert 0 == main(["close", str(last), "--by", "head", *place])
        return count

    monkeypatch.setattr(module, "write_archive", meanwhile)
    assert 0 == main(["archive", str(tmp_path / "1"), *archiving])
    assert [] == [one for one in lines(capsys) if "sheet" in one]
    monkeypatch.setattr(module, "write_archive", written)
    assert 0 == main(["archive", str(tmp_path / "2"), *archiving])
    assert ["7A"] == [one["sheet"] for one in lines(capsys) if "sheet" in one]


def test_closing_a_year_closes_what_nobody_has_written_in_and_what_is_open_again(capsys, tmp_path):
    """An empty journal feeds the sheet as well; a closing by an account that others knew is void."""
    school = ej.samples.school()
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with open_store(url) as store:
        keep(store, school)
        keep_regulations(store, school.id, "ru-school26-2023")
    place = ("--store", url)
    known = {str(one) for one in school.facts().journals()}
    assert 0 == main(["close", "--year", "2026", "--by", "deputy", *place, "--json"])
    assert known == {one["journal"] for one in lines(capsys)}
    main(["due", *place, "--json"])
    assert {"2.16"} == {one["clause"] for one in lines(capsys) if one["record"] == "archiving"}

    with opened(Place(store=url), writes=True) as there:
        since = datetime.fromtimestamp(0, UTC)
        report = ej.Compromise(account="deputy", year="2026", head=since, support=since)
        there.journals.record(report, by="head")
    assert 0 == main(["close", "--year", "2026", "--by", "head", *place, "--json"])
    assert known == {one["journal"] for one in lines(capsys)}


def test_back_up_and_restore(capsys, place, tmp_path):
    """A copy is a store; restored it has the same books and heads; nothing is copied over anything."""
    folder, new = tmp_path / "backup", f"sqlite:///{tmp_path / 'new.db'}"
    assert 0 == main(["backup", str(folder), *place, "--json"])
    (copied,) = lines(capsys)
    assert ("L1", 0) == (copied["assurance"], copied["damages"])
    assert 0 == main(["restore", str(folder), "--store", new, "--json"])
    assert [copied] == lines(capsys)
    assert 2 == main(["backup", str(folder), *place])
    assert 2 == main(["restore", str(folder), "--store", new])
    capsys.readouterr()
    main(["verify", *place, "--json"])
    before = lines(capsys)
    main(["verify", "--store", new, "--json"])
    assert before == lines(capsys)
    assert 0 == main(["page", "7A/alg/2026", "--store", new])


def test_dispose_of_what_is_due(capsys, place, tmp_path):
    """After five years journals go and class books stay; before, nothing is due; of damage nothing is made."""
    folder, left = tmp_path / "archive", tmp_path / "left"
    assert 0 == main(["archive", str(folder), "--year", "2026", *place])
    assert 2 == main(["dispose", str(folder), str(left), "--at", "2031-01-01T00:00:00+05:00"])
    capsys.readouterr()
    assert 0 == main(
        ["dispose", str(folder), str(left), "--at", "2033-01-09T09:00:00+05:00", "--json"]
    )
    (found,) = lines(capsys)
    kinds = {book.partition("/")[0] for book in found["disposed"]}
    assert ("journal" in kinds, "school" in kinds, "class" in kinds) == (True, False, False)
    assert "L1" == found["assurance"]
    assert (True, 0) == (found["results"] > 0, found["unproven"])
    (folder / "data/keys.txt").write_text("x")
    assert 2 <= main(["dispose", str(folder), str(tmp_path / "new")])
    assert not (tmp_path / "new").exists()


def test_people_are_erased_from_the_register_on_a_ground(capsys, place, tmp_path):
    """One, then everybody: told in both languages with the ground; a mistyped id and damage make nothing."""
    folder, left, bare = (tmp_path / name for name in ("archive", "left", "bare"))
    assert 0 == main(["archive", str(folder), "--year", "2026", *place, "--json"])
    (whole,) = lines(capsys)
    assert (True, 0) == (whole["people"] > 100, whole["forgotten"])
    erasing = ("--ground", "consent withdrawn")
    one = (*erasing, "--person", "p-7", "--lang", "en")
    assert 0 == main(["erase-people", str(folder), str(left), *one])
    told = capsys.readouterr().out
    assert f"People in the register: {whole['people']}" in told
    assert "Of these erased: 1, on the ground: consent withdrawn" in told
    assert 0 == main(["erase-people", str(left), str(bare), *erasing, "--json"])
    (found,) = lines(capsys)
    assert (whole["people"], ["consent withdrawn"]) == (found["forgotten"], found["grounds"])
    assert (whole["assurance"], []) == (found["assurance"], found["damages"])
    assert not (bare / "data/register.jsonl").exists()
    new = str(tmp_path / "new")
    assert 2 == main(["erase-people", str(folder), new, *erasing, "--person", "p-nobody"])
    (folder / "data/keys.txt").write_text("x")
    assert 4 == main(["erase-people", str(folder), new, *erasing])
    assert not (tmp_path / "new").exists()
