"""The reference knows every command, every option and every public name."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

import edujournal
from edujournal import cli

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def commands(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    """Every command below *app*, with the words that call it; help and version aside."""
    for name in app:
        if not name.startswith("-"):
            yield (*path, name), app[name]
            yield from commands(app[name], (*path, name))


COMMANDS = list(commands(cli.app))


@pytest.fixture(scope="module")
def manual():
    """The page of commands."""
    return (REFERENCE / "cli.md").read_text("utf-8")


def test_the_command_line_has_commands():
    """The tests below walk over something."""
    assert {"audit", "tour"} <= {words[0] for words, _ in COMMANDS}


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_every_command_has_a_heading_in_the_manual(words, manual):
    """Nobody has to read the sources to learn of a command."""
    assert re.search(rf"^#+ .*`?edujournal {' '.join(words)}\b", manual, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "command"),
    COMMANDS,
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_every_option_is_in_the_manual(words, command, manual):
    """An option is written out once at least, as it is typed."""
    options = {
        name
        for argument in command.assemble_argument_collection()
        for name in argument.names
        if name.startswith("--") and not name.startswith(("--no-", "--empty-"))
    }

    assert set() == {name for name in options if f"`{name}" not in manual}


def test_the_manual_names_no_command_that_is_not_there(manual):
    """A command that was renamed is renamed in the manual."""
    written = set(re.findall(r"^#+ .*?`?edujournal ([a-z-]+)", manual, re.MULTILINE))

    assert set() == written - {words[0] for words, _ in COMMANDS}


def test_public_names_are_declared():
    """`edujournal.__all__` lists names that are there, each once."""
    assert len(set(edujournal.__all__)) == len(edujournal.__all__)
    assert [] == [name for name in edujournal.__all__ if not hasattr(edujournal, name)]


def test_the_page_of_public_names_is_up_to_date():
    """The page says what the docstrings say; `nox -s reference` writes it anew."""
    expected = runpy.run_path(str(ROOT / "docs" / "names_page.py"))["page"]()

    assert expected == (REFERENCE / "python.md").read_text("utf-8")
