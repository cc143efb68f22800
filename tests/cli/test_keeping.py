"""`edujournal retention` and `erase`: what is due, what may go, what goes."""

from __future__ import annotations

import json

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import read_set
from edujournal.cli import main
from edujournal.cli.drafts import entries_in
from edujournal.errors import BadInput

NEW_YEAR = "2033-01-01T00:00:00+03:00"
BOOK = "journal/7A/alg/2026"


def objects(text):
    """The JSON objects of the lines."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def answers(place, capsys, *options):
    """What is answered about the pupil."""
    code = main(["erase", "--pupil", "p-17", "--check", "--json", *options, *place])
    return code, objects(capsys.readouterr().out)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_retention_lists_what_is_due_and_with_all_everything(store, capsys, lang):
    """On the day before nothing is due; on the day the journals are; sheets and results wait."""
    place = ["--store", store, "--lang", lang]
    assert 0 == main(["retention", "--at", "2032-12-31T23:59:59+03:00", *place])
    none = capsys.readouterr().out
    assert "7A/alg" not in none
    assert 1 == main(["retention", "--at", NEW_YEAR, *place])
    due = capsys.readouterr().out
    assert "7A/alg/2026" in due
    assert "sheet/7A" not in due
    assert 1 == main(["retention", "--all", "--json", "--at", NEW_YEAR, *place])
    rows = {(one["what"], one["retention"]): one for one in objects(capsys.readouterr().out)}
    assert ("2.15", "2053-01-01", False, None) == tuple(
        rows["sheet/7A/2026", "sheets"][name] for name in ("clause", "until", "due", "left")
    )
    assert rows["7A/alg/2026", "journals"]["due"]
    assert rows["7A/alg/2026", "journals"]["left"]


def test_a_request_is_answered_and_carried_out_as_far_as_it_may(copied, capsys):
    """The answer names clause and day; what may go goes, the rest is told, and the log verifies."""
    place = ["--store", f"sqlite:///{copied}"]
    mark = ["--lesson", "7A-alg-0915", "--pupil", "p-17", "--kind", "oral", "--value", "5"]
    assert main(["record", "mark", *mark, "--comment", "Сам", "--by", "t-ivanova", *place]) in (
        0,
        1,
    )
    capsys.readouterr()
    code, before = answers(place, capsys)
    assert 1 == code
    kept = [one for one in before if not one["may"]]
    going = [one for one in before if one["may"]]
    assert kept
    assert going
    assert {("2.15", "2033-01-01")} == {(one["clause"], one["until"]) for one in kept}
    act = ["erase", "e-1", "--pupil", "p-17", "--ground", "заявление", "--by", "head", "--key", "k"]
    assert 1 == main([*act, *place, "--lang", "ru"])
    said = capsys.readouterr().out
    assert len(kept) == said.count("хранить до 01.01.2033")
    assert f"Стёрты тексты записей: {len(going)}." in said
    assert kept == [one for one in answers(place, capsys)[1] if one["record"] != "erasure"]
    assert 0 == main(["verify", *place])


def test_what_must_be_kept_is_refused_and_nothing_is_gone(copied, capsys):
    """An act that names such entries is refused as a whole, in words and as JSON."""
    place = ["--store", f"sqlite:///{copied}"]
    act = ["erase", "e-1", "--records", f"{BOOK}=1+2", "--ground", "x", "--by", "head"]
    assert 1 == main([*act, *place])
    assert "must be kept until 1 Jan 2033, 00:00 (2)" in " ".join(capsys.readouterr().out.split())
    assert 1 == main([*act, "--json", *place])
    (told,) = objects(capsys.readouterr().out)
    assert ("refused", None) == (told["decision"], told["entry"])
    assert ["must-be-kept"] == [one["code"] for one in told["findings"]]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["erase", "e"], "one of them"),
        (["erase", "e", "--due", "--pupil", "p-17"], "one of them"),
        (["erase", "--due", "--ground", "x", "--by", "head"], "lacks something"),
        (["erase", "e", "--due", "--by", "head"], "lacks something"),
        (["erase", "e", "--due", "--ground", "x"], "lacks something"),
        (["erase", "e", "--due", "--ground", "x", "--by", "head", "--at", NEW_YEAR], "no --at"),
        (["erase", "--records", "7A", "--check"], "not a pair"),
        (["erase", "--records", f"{BOOK}=1,x", "--check"], "not a pair"),
        (["erase", "--records", f"{BOOK}=one", "--check"], "not a whole number"),
        (["erase", "--pupil", "p-1000", "--check"], "unknown pupil"),
    ],
)  # fmt: skip
def test_a_misuse_is_told_and_nothing_happens(store, capsys, command, words):
    """Exit code 2, and what would have been right."""
    assert 2 == main([*command, "--store", store])
    assert words in capsys.readouterr().err


def test_where_there_are_no_texts_it_says_so(store, capsys):
    """An empty answer is an answer; so is an act that finds nothing to do."""
    place = ["--store", store]
    assert 0 == main(["erase", "--records", f"{BOOK}=100000", "--check", *place])
    assert "There are no texts." in capsys.readouterr().out
    assert 0 == main(["erase", "e", "--due", "--ground", "x", "--by", "head", *place])
    assert "Entries whose texts were erased: 0." in capsys.readouterr().out


def test_entries_of_several_books_are_read():
    """Books are parted by commas, numbers by plus signs."""
    assert {BOOK: [1, 2], "class/7A/2026": [7]} == entries_in(f"{BOOK}=1+2,class/7A/2026=7")
    with pytest.raises(BadInput):
        entries_in(f"{BOOK}=")


def test_looks_are_logged_where_somebody_is_named_and_found_again(copied, capsys):
    """page, diary and sheet with --by; without it nothing is written."""
    place = ["--store", f"sqlite:///{copied}"]
    views = (["page", "7A/alg/2026"], ["diary", "p-17", "--week", "2026-09-15"], ["sheet", "7A"])
    for view in views:
        assert 0 == main([*view, *place])
    assert 0 == main(["reads", "head", *place])
    assert "Looks: 0, pupils: 0" in capsys.readouterr().out
    for view in views:
        assert 0 == main([*view, "--by", "head", *place])
    capsys.readouterr()
    assert 0 == main(["reads", "head", "--json", *place])
    found = objects(capsys.readouterr().out)
    assert [("page", "7A/alg/2026"), ("diary", "p-17"), ("sheet", "7A/2026")] == [
        (one["view"], one["of"]) for one in found
    ]
    assert [18, 1, 18] == [len(one["pupils"]) for one in found]
    assert 0 == main(["reads", "head", "--lang", "ru", *place])
    assert "Просмотров: 3, учеников: 18" in capsys.readouterr().out
    assert 0 == main(["reads", "head", "--until", "2026-09-01T00:00:00+03:00", *place])
    assert "Looks: 0" in capsys.readouterr().out
    assert 2 == main(["reads", "nobody", *place])
    assert 2 == main(["page", "7A/alg/2026", "--by", "nobody", *place])
    assert 0 == main(["verify", *place])


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_pseudonymised_export_has_no_ids_and_tells_of_few(store, tmp_path, capsys, lang):
    """The files, the key in a file of its own that only its owner reads, groups with few pupils."""
    folder, key = tmp_path / "out", tmp_path / "key"
    place = ["--store", store, "--lang", lang]
    command = ["export", str(folder), "--pseudonymised", "--key-file", str(key)]
    assert 1 == main([*command, *place])
    said = capsys.readouterr().out
    assert ("somebody may be recognised" if lang == "en" else "узнать человека") in " ".join(
        said.split()
    )
    assert 0o600 == key.stat().st_mode & 0o777
    assert 64 == len(bytes.fromhex(key.read_text())) * 2
    people = (folder / "people.csv").read_text("utf-8")
    assert "p-17" not in people.split(",")
    assert "Иванова" not in people
    assert 2 == main([*command, *place])
    assert "there already" in capsys.readouterr().err
    assert 0 == main(["export", str(folder), "--pseudonymised", "--small", "0", "--json", *place])
    (told,) = objects(capsys.readouterr().out)
    assert told["entries"] > 5000
    assert people != (folder / "people.csv").read_text("utf-8")


def test_a_plain_export_is_what_can_be_imported(copied, tmp_path, capsys):
    """Everything goes out as it is; what a set has no rows for is told of."""
    place, out = ["--store", f"sqlite:///{copied}"], tmp_path / "out"
    assert 2 == main(["export", str(out), "--key-file", str(tmp_path / "k"), *place])
    assert "--pseudonymised" in capsys.readouterr().err
    note = ["--year", "2026", "--ground", "x", "--by", "head", "--records", f"{BOOK}=1"]
    assert 0 == main(["record", "restriction", "--id", "r", *note, *place])
    assert 0 == main(["export", str(out), *place])
    assert "Left out: restriction of processing (1)" in capsys.readouterr().out
    assert 0 == main(["export", str(out), "--json", *place])
    (told,) = objects(capsys.readouterr().out)
    found = read_set(out)
    assert told["entries"] == found.counts["entries.csv"] + found.counts["works.csv"]
    assert {"restriction": 1} == told["left_out"]


def test_ciphered_texts_are_shown_with_their_keys_and_shredded(tmp_path, capsys):
    """--keys opens them, verify tells what it could not look at, --shred destroys a pupil's key."""
    from edujournal.adapters.keys import FileKeys
    from edujournal.adapters.schools import keep, keep_regulations
    from edujournal.adapters.stores.ciphered import CipheredStore
    from edujournal.adapters.stores.files import FileStore

    school = ej.samples.school()
    with FileStore(tmp_path / "books") as store:
        keep(store, school)
        keep_regulations(store, school.id, ["ru-school26-2023"])
    (tmp_path / "keys").mkdir()
    place = ["--store", f"file:{tmp_path / 'books'}"]
    keys = ["--keys", str(tmp_path / "keys")]
    remark = ["--lesson", "7A-alg-0915", "--pupil", "p-17", "--comment", "Шумел"]
    main(["record", "comment", *remark, "--by", "t-ivanova", *place, *keys])
    capsys.readouterr()
    assert not [path for path in tmp_path.rglob("*.jsonl") if "Шумел" in path.read_text("utf-8")]
    assert 0 == main(["verify", *place])
    assert "Ciphered texts that were not looked at: 1" in capsys.readouterr().out
    assert 0 == main(["verify", *place, *keys])
    assert "Ciphered" not in capsys.readouterr().out
    act = ["erase", "e", "--pupil", "p-17", "--shred", "--ground", "x", "--by", "head", *place]
    assert 2 == main(act)
    assert 2 == main(["verify", *place, "--keys", str(tmp_path / "nowhere")])
    assert 0 == main([*act, *keys])
    capsys.readouterr()
    assert 0 == main([*act, *keys])
    assert 1 == main(["erase", "--pupil", "p-17", "--check", *place, *keys, "--json"])
    assert ["erasure"] == [
        one["record"] for one in objects(capsys.readouterr().out) if "may" in one
    ]
    assert FileKeys(tmp_path / "keys").destroy(school.id, "pupil/p-17") == 0
    with CipheredStore(FileStore(tmp_path / "books"), FileKeys(tmp_path / "keys")) as store:
        assert [None] == [r.private for r in store.read(school.id, BOOK)]
    assert 0 == main(["verify", *place, *keys])
