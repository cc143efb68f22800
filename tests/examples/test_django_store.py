"""The store of a Django project, as its own tests prove it: on SQLite, and on PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.examples.conftest import EXAMPLES

pytestmark = pytest.mark.search

FOLDER = EXAMPLES / "django_store"


def prove(database: str) -> tuple[int, str]:
    """Run the project's tests in a process of their own; give how many passed, and what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", str(FOLDER)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=FOLDER,
        env={**os.environ, "DIARY_DATABASE": database, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    found = re.search(r"(\d+) passed", done.stdout)
    assert found is not None
    return int(found[1]), done.stdout


def test_it_keeps_every_promise_on_sqlite(tmp_path):
    """The kit, the project's transaction, and parity with memory; what it lacks is said with reasons."""
    pytest.importorskip("django", reason="Django is not installed")
    passed, said = prove(str(tmp_path / "diary.db"))
    assert passed >= 16
    assert "lacks Writes: an append inside the project's transaction is enough" in said


def test_it_keeps_every_promise_on_postgresql(postgresql):
    """The same on a server: the head's row is locked by SELECT … FOR UPDATE."""
    pytest.importorskip("django", reason="Django is not installed")
    url = postgresql.set(drivername="postgresql")
    passed, _ = prove(url.render_as_string(hide_password=False))
    assert passed >= 16


def test_the_store_is_one_file_over_the_models_of_the_project():
    """The port is one file; the migration is what Django makes of the models."""
    pytest.importorskip("django", reason="Django is not installed")
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=FOLDER,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, "No changes detected" in done.stdout) == (0, True), done.stdout
