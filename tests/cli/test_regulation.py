"""`edujournal regulation`: lint, show, compare, export, as they are called from a shell."""

from __future__ import annotations

import json

import pytest

from edujournal.cli.running import run


def test_lint_says_what_deserves_a_look(capsys):
    """A gap or a fault is exit code 1, notes alone are 0, and a clean one says so."""
    assert 1 == run(["regulation", "lint", "ru-school26-2023", "--lang", "ru"])
    assert "control_days" in capsys.readouterr().out
    assert 0 == run(["regulation", "lint", "it-registro"])
    assert "period result" in capsys.readouterr().out
    assert 0 == run(["regulation", "lint", "ru-federal-school-day"])
    assert "ru-federal-school-day: nothing to look at." in capsys.readouterr().out


def test_lint_for_programs(capsys):
    """One object a line: regulation, kind, weight, clause, rule, names, text."""
    assert 1 == run(["regulation", "lint", "ru-school26-2023", "--json"])
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert ("ru-school26-2023", "setting-not-given", "gap", "2.5", 1) == tuple(
        first[name] for name in ("regulation", "kind", "weight", "clause", "rule")
    )
    assert {"setting": "control_days"} == first["names"]


def test_a_file_with_a_mistake_is_misuse(tmp_path, capsys):
    """Path to the field, what was expected, what was found, the nearest name."""
    path = tmp_path / "ours.toml"
    path.write_text(
        'format = 1\nid = "ours"\ntitle = { ru = "п", en = "p" }\nclausez = []\n', "utf-8"
    )
    assert 2 == run(["regulation", "lint", str(path)])
    told = capsys.readouterr().err
    assert "ours.toml.clausez" in told
    assert "Did you mean 'clauses'?" in told
    assert 2 == run(["regulation", "show", "ru-shcool26-2023"])
    assert "ru-school26-2023" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "heading"), [("ru", "## Пункт 2.7"), ("en", "## Clause 2.7")])
def test_show_gives_a_page(capsys, language, heading):
    """A page in Markdown where nobody sits at a terminal."""
    assert 0 == run(["regulation", "show", "ru-school26-2023", "--lang", language])
    assert heading in capsys.readouterr().out


def test_export_gives_what_a_regulation_is_with_its_parents(tmp_path, capsys):
    """As JSON, laid over what it extends; it loads again."""
    path = tmp_path / "ours.toml"
    path.write_text(
        'id = "ours"\ntitle = { ru = "п", en = "p" }\nextends = "ru-school26-2023"\nwithout = ["2.4"]\n',
        "utf-8",
    )
    assert 0 == run(["regulation", "export", str(path), "--json"])
    told = capsys.readouterr().out
    assert 1 == len(told.splitlines())
    data = json.loads(told)
    assert "ours" == data["id"]
    assert "2.4" not in [one["number"] for one in data["clauses"]]
    assert data["clauses"] == json.loads(json.dumps(data["clauses"]))
    assert 0 == run(["regulation", "export"])
    assert (
        "https://json-schema.org/draft/2020-12/schema"
        == json.loads(capsys.readouterr().out)["$schema"]
    )


@pytest.mark.search
def test_compare_shows_what_would_appear(store, capsys):
    """Late under one text, in time under the other; with itself nothing differs."""
    at = ["--store", store, "--at", "2026-11-02T09:00:00+03:00"]

    assert 0 == run(["regulation", "compare", "ru-school26-2023", "ru-school26-2023", *at])
    assert "Both regulations find the same" in capsys.readouterr().out

    assert 1 == run(["regulation", "compare", "ru-school26-2023", "ru-minpros-model", *at])
    told = capsys.readouterr().out
    assert "Would appear" in told
    assert "Would vanish" in told
    assert "Unchanged" in told

    assert 1 == run(
        ["regulation", "compare", "ru-school26-2023", "ru-minpros-model", *at, "--json"]
    )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"appeared", "vanished"} <= {line["change"] for line in lines}
    assert all("clause" in line for line in lines)

    assert 2 == run(["regulation", "compare", "a", "b", *at, "--regulation", "ru-school26-2023"])
