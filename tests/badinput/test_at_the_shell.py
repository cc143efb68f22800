"""What somebody at the shell is told when something is wrong: one clear line, an exit code, no harm."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.exchange.csvset import write_set
from edujournal.adapters.stores.opening import open_store
from edujournal.cli import main

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)
LESSON, TEACHER, BOOK = "7A-alg-0915", "t-ivanova", "journal/7A/alg/2026"
MISUSE, UNFINISHED, DAMAGED = 2, 3, 4


@pytest.fixture(scope="session", params=["sqlite", "file"])
def kept(request, tmp_path_factory):
    """A folder with a store: the school, its regulation, and some marks."""
    folder = tmp_path_factory.mktemp(request.param)
    school = ej.samples.school(["7A"])
    write_set(folder / "set", school)
    url = url_in(folder, request.param)
    importing = ["import", str(folder / "set"), "--store", url]
    assert 0 == main([*importing, "--regulation", "ru-school26-2023"])
    journals = ej.open(url, school=school, regulation="ru-school26-2023", clock=lambda: NOW)
    calendar = school.facts().calendars[0]
    lesson = school.facts().lesson(LESSON)
    for pupil in sorted(school.facts().roll(calendar, "7A", lesson.day)):
        journals.record(ej.Mark(lesson=LESSON, pupil=pupil, kind="oral", value=5), by=TEACHER)
    return folder, request.param


def url_in(folder, kind):
    """The URL of the store in a folder."""
    return f"sqlite:///{folder / 'books.db'}" if kind == "sqlite" else f"file:{folder / 'books'}"


@pytest.fixture
def store(kept, tmp_path):
    """A copy of it that a test may spoil, as a URL."""
    folder, kind = kept
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return url_in(tmp_path, kind)


@pytest.fixture
def told(capsys):
    """Run a command; give its exit code, and what it says is wrong."""

    def run(*arguments):
        capsys.readouterr()
        code = main(list(arguments))
        return code, capsys.readouterr().err

    return run


def books(url):
    """Every book with its head."""
    with open_store(url) as found:
        return list(found.books("s-26"))


MARK = {"--lesson": LESSON, "--pupil": "p-17", "--value": "5", "--kind": "oral"}


def mark(url, **more):
    """The command that records a mark."""
    given = {
        **MARK,
        "--by": TEACHER,
        **{f"--{name.replace('_', '-')}": one for name, one in more.items()},
    }
    return ["record", "mark", "--store", url, *(word for pair in given.items() for word in pair)]


@pytest.mark.parametrize(
    ("more", "what", "near"),
    [
        ({"pupil": "p-117"}, "unknown pupil 'p-117'", "Did you mean 'p-17'?"),
        (
            {"lesson": "7A-alg-0915x"},
            "unknown lesson '7A-alg-0915x'",
            "Did you mean '7A-alg-0915'?",
        ),
        ({"kind": "orall"}, "unknown kind of work 'orall'", "Did you mean 'oral'?"),
        ({"scale": "6"}, "unknown scale '6'", ""),
        ({"by": "t-ivanov"}, "unknown account 't-ivanov'", "Did you mean 't-ivanova'?"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_and_nothing_is_written(
    store, told, more, what, near
):
    """A typing error costs nothing: the line says what was probably meant."""
    before = books(store)
    code, line = told(*mark(store, **more))

    assert MISUSE == code
    assert what in line
    assert near in line
    assert before == books(store)


def test_an_unknown_marker_is_told_with_the_nearest(store, told):
    """Codes of markers are those of the regulation."""
    code, line = told(
        "record", "marker", "--lesson", LESSON, "--pupil", "p-17", "--code", "освв", "--by", TEACHER,
        "--store", store,
    )  # fmt: skip

    assert MISUSE == code
    assert "unknown marker 'освв'" in line
    assert "Did you mean 'осв'?" in line


def test_a_value_outside_the_scale_is_a_refusal(store, told):
    """It is no misuse of the command: the verdict says what is wrong, and the exit code is 1."""
    before = books(store)
    code, _ = told(*mark(store, value="7"))

    assert 1 == code
    assert before == [one for one in books(store) if not one[0].startswith("access/")]


@pytest.mark.parametrize("command", ["audit", "due"])
def test_a_moment_without_an_offset_is_no_moment(store, told, command):
    """Whose clock is meant must be said."""
    code, line = told(command, "--store", store, "--at", "2026-09-15T10:00:00")

    assert MISUSE == code
    assert "offset" in line


def test_an_unknown_time_zone_is_told_with_the_nearest(store, told, tmp_path):
    """A set with a misspelt zone is refused with file, row and column."""
    calendar = tmp_path / "set" / "calendar.csv"
    calendar.write_text(
        calendar.read_text("utf-8").replace("Europe/Moscow", "Europe/Moskow"), "utf-8"
    )
    code, line = told("import", str(tmp_path / "set"), "--store", store)

    assert MISUSE == code
    assert "unknown time zone 'Europe/Moskow' @ calendar.csv:" in line
    assert "Did you mean 'Europe/Moscow'?" in line


REGULATION = """\
format = 1
id = "own"
title = { ru = "Свой", en = "Own" }
source = "a test"

[[clauses]]
number = "1"
gist = { ru = "Отметки.", en = "Marks." }

[[clauses.rules]]
kind = "timing"
record = "mark"
"""


@pytest.mark.parametrize(
    ("rule", "where", "what"),
    [
        pytest.param(
            'close = { anchor = "work.held", shift = "+3 days", snap = "end_of_day" }',
            "clauses[0].rules[0].close",
            "closes",
            id="a misspelt field",
        ),
        pytest.param(
            'closes = { anchor = "work.hold", shift = "+3 days", snap = "end_of_day" }',
            "clauses[0].rules[0].closes",
            "work.held",
            id="an unknown anchor",
        ),
        pytest.param(
            'opens = { anchor = "day", snap = "end_of_day" }\n'
            'closes = { anchor = "day", snap = "start_of_day" }',
            "clauses[0].rules[0]",
            "an empty window",
            id="an empty window",
        ),
    ],
)
def test_a_faulty_regulation_is_told_with_the_path_of_the_fault(told, tmp_path, rule, where, what):
    """The path to the field, and what would have been right; nothing is opened under it."""
    file = tmp_path / "own.toml"
    file.write_text(REGULATION + rule + "\n", "utf-8")
    code, line = told("regulation", "lint", str(file))

    assert code in (1, MISUSE)
    assert where in line
    assert what in line


def spoilt(url):
    """The file that holds the records of the store, and all of them."""
    if url.startswith("file:"):
        return next(Path(url.removeprefix("file:")).rglob("log.jsonl"))
    file = Path(url.removeprefix("sqlite:///"))
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return file


@pytest.mark.parametrize("command", ["verify", "audit", "record"])
def test_a_store_that_was_cut_is_damage_and_is_left_alone(store, told, command):
    """A file cut in the middle: every command says so, and none writes over what is left."""
    file = spoilt(store)
    left = file.read_bytes()[: file.stat().st_size // 2]
    file.write_bytes(left)
    arguments = mark(store) if command == "record" else [command, "--store", store]
    code, _ = told(*arguments)

    assert code in ((1, DAMAGED) if command == "verify" else (DAMAGED,))
    assert left == file.read_bytes()[: len(left)]


@pytest.mark.parametrize("command", ["verify", "audit"])
def test_a_store_that_was_edited_is_damage(store, told, command):
    """A five that became a two by another hand than a teacher's is found."""
    if store.startswith("sqlite"):
        raw = sqlite3.connect(store.removeprefix("sqlite:///"))
        changed = raw.execute(
            "UPDATE edujournal_entries SET body = "
            "CAST(replace(CAST(body AS TEXT), '\"value\":5', '\"value\":2') AS BLOB) "
            "WHERE number = 3"
        )
        assert 1 == changed.rowcount
        raw.commit()
        raw.close()
    else:
        file = spoilt(store)
        assert b'"value":5' in file.read_bytes()
        file.write_bytes(file.read_bytes().replace(b'"value":5', b'"value":2', 1))
    code, _ = told(command, "--store", store)

    assert code in ((1, DAMAGED) if command == "verify" else (DAMAGED,))


def test_a_database_that_may_only_be_read_is_read(store, told):
    """Reading goes on, writing says why it cannot; nothing is lost."""
    if not store.startswith("sqlite"):
        pytest.skip("a folder's owner may always write into it")
    path = store.removeprefix("sqlite:///")
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    before = books(store)
    assert told("page", "7A/alg/2026", "--store", url)[0] in (0, 1)
    code, line = told(*mark(url))

    assert UNFINISHED == code
    assert "readonly" in line
    assert before == books(store)
