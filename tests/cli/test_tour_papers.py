"""What the tour leaves beside its database."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("name", "said"), [("page", "Алгебра"), ("sheet", "Баранова"), ("diary", "Фомина")]
)
def test_papers_are_certified(toured, name, said):
    """As HTML and PDF, each with the digest of its content and the log that certifies it."""
    html = (toured / f"{name}.html").read_text("utf-8")
    assert said in html
    assert "tour.example/s-26/2026" in html
    assert (toured / f"{name}.pdf").read_bytes().startswith(b"%PDF-")


def test_the_report_stands_alone(toured):
    """One file, with nothing to fetch."""
    html = (toured / "report.html").read_text("utf-8")
    assert "2.7" in html
    assert 'http-equiv="Content-Security-Policy"' in html


def test_letters_are_left_for_the_guardian(toured):
    """The diary of each week to be signed, and what was new."""
    letters = {one.parent.name for one in (toured / "letters").rglob("*.html")}
    assert "news" in letters
    assert len(letters) > 1


def test_the_archive_verifies_itself(toured):
    """By nothing but Python."""
    done = subprocess.run(
        [sys.executable, "-S", "-E", toured / "archive" / "verify.py"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    assert "L2" in done.stdout
