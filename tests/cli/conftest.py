"""The store that a tour makes, once for all tests of the command line."""

from __future__ import annotations

import shutil

import pytest

from edujournal.cli import main


@pytest.fixture(scope="session")
def toured(tmp_path_factory):
    """The folder of a tour."""
    folder = tmp_path_factory.mktemp("tour")
    assert main(["tour", "--dir", str(folder)]) in (0, 1)
    return folder


@pytest.fixture
def store(toured):
    """The store of the tour, as a URL."""
    return f"sqlite:///{toured / 'school.db'}"


@pytest.fixture
def copied(toured, tmp_path):
    """A copy of the tour's database that a test may spoil."""
    for file in toured.glob("school.db*"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path / "school.db"
