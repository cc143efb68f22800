"""The command line, walked from end to end on the store that the tour makes."""

from __future__ import annotations

import json
import sqlite3

import pytest

from edujournal.adapters.stores.sql import SqlStore
from edujournal.cli import main

FIELDS = {
    "code", "regulation", "clause", "severity", "outcome", "school", "journal", "about", "pupil",
    "record", "opens", "closes", "recorded_at", "by", "late_by",
}  # fmt: skip
AT = "2026-11-02T09:00:00+03:00"


def objects(text):
    """The JSON objects of the lines."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["audit", "--at", AT], 1),
        (["due", "t-ivanova", "--at", AT], 1),
        (["control", "--at", AT], 0),
        (["control", "t-ivanova", "--since", "2026-09-01", "--until", "2026-10-01", "--at", AT], 0),
        (["page", "7A/alg/2026", "--at", AT], 0),
        (["diary", "p-17", "--week", "2026-09-15", "--at", AT], 0),
        (["sheet", "7A", "--at", AT], 0),
        (["verify"], 0),
        (["explain", "2.7", "--about", "lesson:7A-alg-0915"], 0),
    ],
)
def test_each_command_speaks_both_languages(store, capsys, command, code, lang):
    """Commands print something to read and end with their code."""
    found = main([*command, "--store", store, "--lang", lang])
    assert found in ({0, 1} if command[0] == "due" else {code})
    assert capsys.readouterr().out.strip()


def test_an_audit_in_json_has_the_fields(store, capsys):
    """Each finding has the fields of the manual, and all has more of them."""
    assert 1 == main(["audit", "--store", store, "--json", "--at", AT])
    found = [one for one in objects(capsys.readouterr().out) if "code" in one]
    assert found
    assert all(set(one) >= FIELDS for one in found)
    late = [one for one in found if one["outcome"] == "late"]
    assert all(one["late_by"] >= 0 and one["opens"] != "" for one in late)
    main(["audit", "--store", store, "--json", "--all", "--at", AT])
    everything = [one for one in objects(capsys.readouterr().out) if "code" in one]
    assert len(everything) > len(found)
    assert {"met", "pending"} <= {one["outcome"] for one in everything}


@pytest.mark.parametrize(
    "command",
    [
        ["due"], ["page", "7A/alg/2026"], ["diary", "p-17", "--week", "2026-09-15"],
        ["sheet", "7A"], ["verify"], ["explain", "after-close"],
    ],
)  # fmt: skip
def test_other_commands_speak_json(store, capsys, command):
    """Every line for programs is one JSON object."""
    place = [] if command[0] == "explain" else ["--store", store]
    assert main([*command, *place, "--json"]) in (0, 1)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines
    assert all(isinstance(json.loads(line), dict) for line in lines)


@pytest.mark.search
def test_control_is_told_by_due_and_tick_and_shown(copied, capsys):
    """Its October ends; within three working days, the holiday left out, deputy and head look."""
    place = ["--store", f"sqlite:///{copied}", "--json"]
    main(["due", "head", "--at", AT, *place])
    told = [one for one in objects(capsys.readouterr().out) if "control" in one]
    assert [("2026-10-01", "2026-11-01", "2026-11-06T00:00:00+03:00", ["head", "deputy"])] == [
        (one["since"], one["until"], one["closes"], one["roles"]) for one in told
    ]
    main(["due", "t-ivanova", "--at", AT, *place])
    assert [] == [one for one in objects(capsys.readouterr().out) if "control" in one]
    main(["tick", "--at", AT, *place])
    assert told == [one for one in objects(capsys.readouterr().out) if "control" in one]
    main(["due", "head", "--at", "2026-11-06T00:00:00+03:00", *place])
    assert [] == [one for one in objects(capsys.readouterr().out) if "control" in one]

    assert 0 == main(["control", "--at", AT, *place])
    rows = objects(capsys.readouterr().out)
    assert {("2026-10-01", "2026-11-01")} == {(one["since"], one["until"]) for one in rows}
    whole = next(one for one in rows if one["account"] is None and one["clause"] is None)
    parts = [one for one in rows if one["account"] is None and one["clause"] is not None]
    assert sum(whole["outcomes"].values()) == sum(sum(one["outcomes"].values()) for one in parts)
    assert 0 == main(["control", "t-ivanova", "--at", AT, *place])
    assert {"t-ivanova"} == {one["account"] for one in objects(capsys.readouterr().out)}


def test_control_without_a_rhythm_asks_for_days(store, capsys):
    """A regulation that says nothing of control names no days; they are given."""
    place = ["--store", store, "--regulation", "us-nj-district"]
    assert 2 == main(["control", "--at", AT, *place])
    assert "--since" in capsys.readouterr().err
    days = ["--since", "2026-09-01", "--until", "2026-09-08"]
    assert 0 == main(["control", *days, "--at", AT, *place])


def test_a_record_is_kept_checked_and_refused(copied, capsys):
    """A late mark is kept, a check writes nothing, a hand without a right is refused."""
    place = ["--store", f"sqlite:///{copied}"]
    draft = ["record", "mark", "--lesson", "7A-alg-0915", "--pupil", "p-17", "--value", "5",
             "--kind", "oral"]  # fmt: skip
    assert 1 == main([*draft, "--by", "t-ivanova", "--check", *place])
    assert 1 == main([*draft, "--by", "t-ivanova", "--key", "k-1", *place])
    assert 1 == main([*draft, "--by", "t-ivanova", "--key", "k-1", *place])
    with SqlStore(place[1]) as log:
        before = log.head("s-26", "access/2026").number
        assert 1 == main([*draft, "--by", "t-sidorov", *place])
        (refused,) = log.read("s-26", "access/2026", before)
    assert ("refused", "t-sidorov") == (refused.index.kind, refused.index.account)
    assert 2 == main([*draft[:-4], "--value", "5", "--kind", "orall", "--by", "t-ivanova", *place])
    assert "oral" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit"],
        ["audit", "--store", "nonsense"],
        ["audit", "--store", "memory:"],
        ["adit"],
        ["page", "7A", "--store", "{store}"],
        ["page", "7Z/alg/2026", "--store", "{store}"],
        ["diary", "p-999", "--store", "{store}"],
        ["sheet", "7Ъ", "--store", "{store}"],
        ["audit", "--at", "yesterday", "--store", "{store}"],
        ["audit", "--since", "2026-13-01", "--store", "{store}"],
        ["audit", "--school", "s-99", "--store", "{store}"],
        ["audit", "--regulation", "ru-school26-2032", "--store", "{store}"],
        ["explain", "after-clos"],
    ],
)
def test_misuse_ends_with_two(store, capsys, arguments):
    """What cannot be meant is told in a line or two, on the error output."""
    given = [one.replace("{store}", store) for one in arguments]
    assert 2 == main(given)
    assert capsys.readouterr().err.strip()


def test_a_missing_store_is_not_made_by_reading(tmp_path):
    """An audit of a database that is not there fails and leaves nothing behind."""
    assert main(["audit", "--store", f"sqlite:///{tmp_path / 'none.db'}"]) in (2, 3)
    assert [] == list(tmp_path.iterdir())


def test_an_edited_record_is_damage(copied, capsys):
    """A changed value ends verify with four, and an audit too."""
    with sqlite3.connect(copied) as connection:
        changed = connection.execute(
            "UPDATE edujournal_entries SET body = replace(body, '\"value\":5', '\"value\":4')"
            " WHERE number = 10"
        )
        assert changed.rowcount
        connection.execute(
            "UPDATE edujournal_entries SET body = CAST(body AS BLOB) WHERE number = 10"
        )
    connection.close()
    assert 4 == main(["verify", "--store", f"sqlite:///{copied}"])
    assert 4 == main(["audit", "--store", f"sqlite:///{copied}", "--at", AT])


def test_a_file_that_is_no_database_is_damage(tmp_path):
    """A cut or foreign file is named, not read."""
    place = tmp_path / "school.db"
    place.write_bytes(b"not a database, but long enough to look like a file" * 100)
    assert main(["audit", "--store", f"sqlite:///{place}"]) in (3, 4)


@pytest.mark.parametrize(("lang", "said"), [("en", "Seen: "), ("ru", "Просмотр подтверждён: ")])
def test_a_diary_says_who_has_seen_it(copied, capsys, lang, said):
    """Below the week, by the guardian's name, for the week that was confirmed."""
    url = f"sqlite:///{copied}"
    week = ("--week", "2026-09-15", "--store", url)
    assert main(["seen", "p-17", "--by", "g-17", *week, "--lang", lang]) == 0
    assert said in capsys.readouterr().out
    assert main(["seen", "p-17", "--by", "t-ivanova", *week, "--lang", lang]) == 1
    assert main(["seen", "p-17", "--by", "head", "--for", "g-17", *week, "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[0] == "{"]
    assert [("g-17", None), ("head", "g-17")] == [
        (one["account"], one["on_behalf_of"]) for one in told
    ]
    main(["diary", "p-17", "--week", "2026-09-15", "--store", url, "--lang", lang])
    assert said in capsys.readouterr().out
    main(["diary", "p-17", "--week", "2026-09-22", "--store", url, "--lang", lang])
    assert said not in capsys.readouterr().out
