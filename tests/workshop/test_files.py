"""What may stand in the files of the project, and what may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
WRITTEN = [
    path
    for folder in ("src", "tests", "docs", "bench", "examples", "changelog.d", ".ci", ".")
    for path in sorted((ROOT / folder).glob("*" if folder == "." else "**/*"))
    # In a second working tree `.git` is a file, and git writes the path of the first into it;
    # `.coverage` is a database that a run of the tests leaves.
    if path.is_file()
    and path.name not in {".git", ".coverage"}
    and path.suffix in {"", ".md", ".po", ".py", ".toml"}
]

#: In the sources: work left undone, and checks that were silenced as a whole.
UNDONE = re.compile(
    r"\b(TODO|FIXME|XXX)\b|NotImplementedError|type: ignore\s*$|pyright: ignore\s*$"
    r"|noqa\s*$|pragma: no cover|except( Exception)?:\s*(#.*)?\n?\s*pass\b",
    re.MULTILINE,
)
#: Anywhere: where one machine keeps its files, and where it gets its packages.
MACHINE = re.compile(r"(?<![\w.~}>-])/(home|ro{2}t|Users|w[o]rk)/|\bpy[p]i\.org|python[h]osted")


def named(path: Path) -> str:
    """The path as a test's id."""
    return path.relative_to(ROOT).as_posix()


def found(pattern: re.Pattern[str], path: Path) -> list[str]:
    """Where *pattern* stands in *path*: line and text."""
    text = path.read_text("utf-8")
    return [
        f"{named(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for match in pattern.finditer(text)
    ]


def test_files_of_the_package_are_short_enough_to_have_one_reason():
    """No source file is over 500 lines."""
    lines = {named(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}

    assert {} == {name: count for name, count in lines.items() if count > 500}


def test_files_of_the_package_are_named_for_what_they_hold():
    """No module has a name that would fit any other module as well."""
    empty = {"base", "common", "helper", "helpers", "manager", "misc", "service", "util", "utils"}

    assert [] == [named(path) for path in SOURCES if {path.stem, path.parent.name} & empty]


def test_nothing_is_left_undone_or_silenced_in_the_package():
    """Sources hold no stub, no note to do it later, no check switched off without a name."""
    assert [] == [line for path in SOURCES for line in found(UNDONE, path)]


def test_no_file_tells_of_the_machine_it_was_written_on():
    """The project can be moved: no absolute path of a person's machine, no host of packages."""
    assert [] == [line for path in WRITTEN for line in found(MACHINE, path)]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNDONE, "x = 1  # " + "TO" + "DO later"),
        (UNDONE, "x = f()  # type: " + "ignore"),
        (UNDONE, "try:\n    f()\nexcept Exception:\n    " + "pass"),
        (MACHINE, "open('/" + "home/anna/school.db')"),
    ],
)
def test_the_two_patterns_above_see_what_they_are_for(pattern, line, tmp_path):
    """A pattern that never matches would prove nothing."""
    assert pattern.search(line)
