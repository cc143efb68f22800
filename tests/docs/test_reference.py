"""The reference knows every command, every option and every public name."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

import edujournal
from edujournal import testing

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def commands(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    """Every command below *app*, with the words that call it; help and version aside."""
    for name in app:
        if not name.startswith("-"):
            yield (*path, name), app[name]
            yield from commands(app[name], (*path, name))


@pytest.fixture(scope="module")
def walked():
    """The words of every command, and the command."""
    from edujournal import cli

    return dict(commands(cli.app))


@pytest.fixture(scope="module")
def manual():
    """The page of commands."""
    return (REFERENCE / "cli.md").read_text("utf-8")


@pytest.fixture(scope="module")
def headings(manual):
    """The commands that have a heading in the manual, in words."""
    found = re.findall(r"^#+ `edujournal ([a-z -]+)`", manual, re.MULTILINE)
    return {tuple(words.split()) for words in found}


def test_every_command_has_a_heading_in_the_manual(walked, headings):
    """The manual has a heading for each command, and for none that is not there."""
    assert ("tour",) in walked
    assert set(walked) == headings


def test_every_option_is_in_the_manual(walked, manual):
    """An option is written out once at least, as it is typed."""
    options = {
        name
        for command in walked.values()
        if command.default_command is not None
        for argument in command.assemble_argument_collection()
        for name in argument.names
        if name.startswith("--") and not name.startswith(("--no-", "--empty-"))
    }

    assert "--json" in options
    assert set() == {name for name in options if f"`{name}" not in manual}


def test_public_names_are_declared():
    """`edujournal.__all__` lists names that are there, each once."""
    assert len(set(edujournal.__all__)) == len(edujournal.__all__)
    assert [] == [name for name in edujournal.__all__ if not hasattr(edujournal, name)]


def test_every_name_of_the_kit_is_in_its_page():
    """What `edujournal.testing` gives is there, and stands in the reference of the kit."""
    page = (REFERENCE / "testing.md").read_text("utf-8")

    assert [] == [name for name in testing.__all__ if not hasattr(testing, name)]
    assert [] == [name for name in testing.__all__ if f"`{name}" not in page]
    with pytest.raises(AttributeError, match="StoreTest"):
        testing.StoreTest  # noqa: B018 - asked for, and not there
    assert set(testing.__all__) <= set(dir(testing))


def test_the_page_of_public_names_is_up_to_date():
    """The page says what the docstrings say; `nox -s reference` writes it anew."""
    expected = runpy.run_path(str(ROOT / "docs" / "names_page.py"))["page"]()

    assert expected == (REFERENCE / "python.md").read_text("utf-8")
