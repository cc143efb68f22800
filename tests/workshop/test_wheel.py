"""What is tested is what is shipped."""

from __future__ import annotations

import os
from importlib.metadata import files
from pathlib import Path, PurePosixPath

import pytest

import edujournal

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src"
HERE = Path(edujournal.__file__)


@pytest.fixture
def shipped():
    """The files of the installed wheel, by their place in it."""
    if HERE.is_relative_to(PACKAGE):
        # The session that promises a wheel says so, and then there is no way round.
        assert "EDUJOURNAL_TESTS_WHEEL" not in os.environ, f"tested is the tree: {HERE}"
        pytest.skip("skip: the tests run from the source tree")
    return {PurePosixPath(file) for file in files("edujournal") or ()}


def test_the_wheel_holds_every_file_of_the_package(shipped):
    """Sources, regulations, catalogues and the mark of typing are all in the wheel."""
    written = {
        PurePosixPath(path.relative_to(PACKAGE).as_posix())
        for path in (PACKAGE / "edujournal").rglob("*")
        if path.suffix in {".csv", ".md", ".po", ".py", ".toml", ".typed"}
        or path.name == "py.typed"
    }

    assert PurePosixPath("edujournal/py.typed") in written
    assert set() == written - shipped


def test_the_wheel_holds_a_compiled_catalogue_for_every_language(shipped):
    """A message is never shown untranslated because nobody compiled it."""
    catalogues = {file for file in shipped if file.suffix == ".po"}

    assert {"ru", "en"} == {file.parts[-3] for file in catalogues}
    assert {file.with_suffix(".mo") for file in catalogues} <= shipped


def test_the_wheel_holds_nothing_else(shipped):
    """No test, no measurement, no third-party data gets into the wheel."""
    tops = {file.parts[0] for file in shipped if ".." not in file.parts}

    assert {"edujournal"} == {top for top in tops if not top.endswith(".dist-info")}
