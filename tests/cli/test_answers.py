"""What commands answer: explanations, imports, other stores, narrow and wide screens, errors."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from edujournal.cli import main
from edujournal.cli.running import code_of, finish
from edujournal.errors import (
    BadInput,
    KeyReused,
    MissingExtra,
    StaleHead,
    StoreDamaged,
    StoreUnwritable,
    Unknown,
)

AT = "2026-11-02T09:00:00+03:00"


def out(capsys, *arguments: str, code: int = 0) -> str:
    """What a command prints."""
    found = main(list(arguments))
    told = capsys.readouterr()
    assert code == found, told.err
    return told.out


def test_a_clause_is_explained_in_general(capsys, store):
    """Gist, reading and how to mend, of every regulation that has it; a code with its examples."""
    told = out(capsys, "explain", "2.7")
    assert "hour and a half" in " ".join(told.split())
    assert "Пункт" not in told
    assert "Нарушает" in out(capsys, "explain", "after-close", "--lang", "ru")
    lines = [
        json.loads(line)
        for line in out(capsys, "explain", "2.7", "--json", "--store", store).splitlines()
    ]
    assert [("ru-school26-2023", "2.7")] == [(one["regulation"], one["clause"]) for one in lines]
    named = out(capsys, "explain", "3", "--regulation", "it-registro", "--json")
    assert "it-registro" == json.loads(named)["regulation"]
    assert {"code", "title", "asks", "why", "kept", "broken", "mend"} == set(
        json.loads(out(capsys, "explain", "missing", "--json"))
    )


def test_a_clause_is_explained_on_an_occasion(capsys, store):
    """Step by step, from what was found there, or from what is asked where nothing is said."""
    place = ["--store", store, "--at", AT]
    told = out(capsys, "explain", "2.7", "--about", "lesson:7A-alg-0915", *place)
    assert "90 minutes" in told
    lines = out(
        capsys, "explain", "2.9", "--about", "lesson:7A-alg-0915", "--json", *place
    ).splitlines()
    assert all("explanation" in json.loads(line) for line in lines)
    told = out(capsys, "explain", "2.2", "--about", "section:bells", *place)
    assert "10 Sep" in told
    told = out(capsys, "explain", "2.8", "--about", "period:q1", "--journal", "7A/alg/2026", *place)
    assert "Clause" in told or "cl. 2.8" in told
    told = out(capsys, "explain", "2.8", "--about", "period:q1", "--journal", "journal/7A/alg/2026",
               "--pupil", "p-17", *place)  # fmt: skip
    assert "2.8" in told


def test_what_is_asked_of_a_lesson_without_entries(capsys, store):
    """Nothing was recorded: the window is told all the same."""
    told = out(capsys, "explain", "2.13", "--about", "period:q2", "--journal", "7A/alg/2026",
               "--store", store, "--at", AT)  # fmt: skip
    assert "2.13" in told


def typed(monkeypatch, text):
    """Put *text* on standard input, as bytes that a terminal or a pipe brings."""
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")
    monkeypatch.setattr(sys, "stdin", stream)


def test_a_finding_is_explained_from_its_line(capsys, store, monkeypatch):
    """`audit --json` into `explain -`: the pipe between two commands."""
    line = out(capsys, "audit", "--json", "--store", store, "--at", AT, code=1).splitlines()[3]
    typed(monkeypatch, line)
    assert json.loads(line)["clause"] in out(capsys, "explain", "-", "--store", store, "--at", AT)
    typed(monkeypatch, "no finding")
    out(capsys, "explain", "-", "--store", store, code=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "2.7", "--about", "lesson:7A-alg-0915"],
        ["explain", "2.77", "--about", "lesson:7A-alg-0915", "--store", "{store}"],
        ["explain", "2.7", "--about", "work:w1", "--store", "{store}"],
        ["explain", "2.2", "--about", "lesson:7A-alg-0915", "--store", "{store}"],
    ],
)
def test_what_cannot_be_explained_is_misuse(capsys, store, arguments):
    """No store, no such clause, no journal, a clause that says nothing of the occasion."""
    out(capsys, *(one.replace("{store}", store) for one in arguments), code=2)


def test_a_record_comes_from_json_too(copied, capsys, monkeypatch):
    """One object on standard input; the answer for programs has receipt and findings."""
    place = ["--store", f"sqlite:///{copied}", "--by", "t-ivanova", "--json"]
    draft = {"record": "mark", "lesson": "7A-alg-0915", "pupil": "p-17", "kind": "oral", "value": 5}
    typed(monkeypatch, json.dumps(draft))
    told = json.loads(out(capsys, "record", *place, code=1))
    assert ("accepted_with_remarks", "7A/alg/2026", False) == (
        told["decision"],
        told["journal"],
        told["repeated"],
    )
    assert told["findings"]
    typed(monkeypatch, json.dumps(draft))
    told = json.loads(out(capsys, "record", "mark", "--check", *place, code=1))
    assert "entry" not in told
    out(capsys, "record", *place, "--lesson", "7A-alg-0915", code=2)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    out(capsys, "record", *place, code=2)


def test_a_record_is_answered_for_people(copied, capsys):
    """Kept with its number, repeated under the same key, or refused."""
    place = ["--store", f"sqlite:///{copied}", "--by", "t-ivanova"]
    draft = [
        "record",
        "mark",
        "--lesson",
        "7A-alg-0915",
        "--pupil",
        "p-17",
        "--kind",
        "oral",
        "--value",
        "5",
    ]
    assert "7A/alg/2026" in out(capsys, *draft, "--key", "k", *place, code=1)
    assert "Already recorded" in out(capsys, *draft, "--key", "k", *place, code=1)
    assert "Refused" in out(capsys, *draft[:-1], "17", *place, code=1)


CSV = {
    "calendar.csv": """kind,id,year,set,type,number,since,until,zone,week,weekdays,colour
school,s-9,,,,,,,,,,
year,2026,,,,,2026-09-01,2027-06-01,Europe/Moscow,w,,red
week,w,2026,,,,,,,,1;2;3;4;5,
period,q1,2026,q,quarter,1,2026-09-01,2026-10-26,,,,
""",
    "groups.csv": "id,year,kind,periods,week\n7A,2026,class,q,w\n",
    "people.csv": "id,kind,name,roles\np-1,pupil,Анна,\np-2,pupil,Борис,\nt-1,account,Учитель,teacher\n",
    "memberships.csv": "pupil,group\np-1,7A\np-2,7A\n",
    "assignments.csv": "account,group,subject\nt-1,7A,alg\n",
    "lessons.csv": "id,group,subject,day,slot,start,end\nl1,7A,alg,2026-09-15,1,09:00,09:45\n",
    "entries.csv": """kind,lesson,work,pupil,value,work_kind,absent,text,by,role,recorded
roll,l1,,,,,p-2:Б,,t-1,teacher,2026-09-15T09:05:00+03:00
mark,l1,,p-1,5,oral,,молодец,t-1,teacher,2026-09-17
""",
}


@pytest.fixture
def folder(tmp_path):
    """A journal CSV set with a column that nobody knows."""
    place = tmp_path / "set"
    place.mkdir()
    for name, text in CSV.items():
        (place / name).write_text(text, "utf-8")
    return place


@pytest.mark.parametrize("scheme", ["sqlite", "file"])
def test_an_import_is_checked_done_and_repeated(folder, tmp_path, capsys, scheme):
    """Checked first, then kept; the second time nothing is new; the store carries the regulation."""
    url = f"sqlite:///{tmp_path / 'in.db'}" if scheme == "sqlite" else f"file:{tmp_path / 'in'}"
    place = ["--store", url]
    out(capsys, "import", str(folder), *place, code=2)
    named = [*place, "--regulation", "ru-school26-2023"]
    told = out(capsys, "import", str(folder), "--check", *named)
    assert "colour" in told
    assert not (tmp_path / "in.db").exists()
    told = json.loads(out(capsys, "import", str(folder), *named, "--json"))
    assert (2, 0) == (told["recorded"], told["repeated"])
    assert "recorded before: 2" in out(capsys, "import", str(folder), *place)
    assert [("2.5", "after-close", "late", 1)] == [
        (one["clause"], one["code"], one["outcome"], one["count"])
        for one in told["findings"] if one["outcome"] == "late"
    ]  # fmt: skip
    out(capsys, "audit", *place, "--at", AT, code=1)
    out(capsys, "verify", *place)
    out(capsys, "import", str(folder), "--school", "s-8", *place, code=2)


def test_other_data_of_the_same_school_is_not_replaced_unasked(folder, tmp_path, capsys):
    """A changed timetable needs --replace; a faulty set changes nothing and tells every fault."""
    place = ["--store", f"sqlite:///{tmp_path / 'in.db'}", "--regulation", "ru-school26-2023"]
    out(capsys, "import", str(folder), *place)
    entries = folder / "entries.csv"
    entries.write_text(entries.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    lessons = folder / "lessons.csv"
    lessons.write_text(lessons.read_text("utf-8") + "l2,7A,alg,2026-09-16,1,09:00,09:45\n", "utf-8")
    out(capsys, "import", str(folder), *place, code=2)
    out(capsys, "import", str(folder), "--replace", *place)
    lessons.write_text(lessons.read_text("utf-8") + "l3,7B,alg,2026-09-16,1,25:00,09:45\n", "utf-8")
    assert 2 == main(["import", str(folder), *place])
    told = capsys.readouterr().err
    assert "lessons.csv" in told


@pytest.mark.parametrize(("lang", "width"), [("en", 80), ("en", 200), ("ru", 80)])
@pytest.mark.parametrize(
    "command",
    [["audit", "--at", AT], ["due", "--at", AT], ["page", "7A/alg/2026"], ["diary", "p-17", "--week", "2026-09-15"],
     ["sheet", "7A", "--period", "q1"], ["verify"], ["page", "7A/alg/2026", "--since", "2026-09-14", "--until", "2026-09-21"]],
)  # fmt: skip
def test_nothing_runs_over_the_edge_of_the_screen(capsys, monkeypatch, store, command, lang, width):
    """Whatever the width, no line is longer, unless it is there to be copied."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "dumb")
    assert main([*command, "--store", store, "--lang", lang]) in (0, 1)
    told = capsys.readouterr().out
    assert told.strip()
    assert width >= max(len(line) for line in told.splitlines())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("x"), 2),
        (Unknown("pupil", "p", []), 2),
        (KeyReused("x"), 2),
        (StoreDamaged("x"), 4),
        (StoreUnwritable("x"), 3),
        (StaleHead("x", 1, 2), 3),
        (MissingExtra("x"), 3),
    ],
)
def test_each_error_of_the_library_has_its_exit_code(error, code):
    """Misuse is 2, what could not be finished 3, damage 4."""
    assert code == code_of(error)


def fail(error: BaseException):
    """Raises *error*."""

    def work():
        raise error

    return work


def test_any_other_error_is_three_and_says_where_only_when_asked(capsys):
    """A person sees one line; --debug shows the traceback."""
    assert 3 == finish(fail(ValueError("odd\nnumber")))
    assert (
        "could not finish: ValueError: odd number (--debug shows where)" in capsys.readouterr().err
    )
    assert 3 == finish(fail(ValueError()), debug=True)
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert told.strip().endswith("could not finish: ValueError")
    assert 2 == finish(fail(BadInput("no day")), debug=True)
    assert "Traceback" in capsys.readouterr().err
    assert 3 == finish(fail(KeyboardInterrupt()))
    assert "interrupted" in capsys.readouterr().err
    assert 0 == finish(lambda: None)


def test_a_reader_that_goes_away_is_no_failure_of_ours(store):
    """`edujournal audit | head -1`: nothing is printed about a broken pipe."""
    program = "import sys; from edujournal.cli import main; sys.exit(main(sys.argv[1:]))"
    run = subprocess.run(
        ["sh", "-c", '"$@" | head -1', "sh", sys.executable, "-c", program,
         "audit", "--json", "--all", "--store", store, "--at", AT],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert 1 == len(run.stdout.splitlines())
    assert "BrokenPipe" not in run.stderr
    assert "Traceback" not in run.stderr


def test_the_module_answers_for_the_program(capsys):
    """Help and version at once; a name that is not there is told as Python tells it."""
    assert 0 == main(["--version"])
    assert capsys.readouterr().out.strip()
    from edujournal import cli

    assert "edujournal" in cli.app.name
    with pytest.raises(AttributeError, match="ap"):
        cli.ap  # noqa: B018


def test_without_its_extra_the_program_says_what_to_install(capsys, monkeypatch):
    """Cyclopts or rich missing is no traceback."""
    for name in list(sys.modules):
        if name.startswith("edujournal.cli."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cyclopts", None)
    assert 3 == main(["--help"])
    assert "edujournal[cli]" in capsys.readouterr().err
