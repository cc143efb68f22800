"""Every Python snippet of README.md and docs/ runs, in the order of its page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import ClearNamespaceParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SYBIL = Sybil(parsers=[PythonCodeBlockParser(), SkipParser(), ClearNamespaceParser()])


def snippets(page: Path) -> list[str]:
    """The Python blocks of *page* as a reader would copy them."""
    document = SYBIL.parse(page)
    return [str(example.parsed) for example in document.examples() if example.parsed]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_snippet_of_the_page_runs(page, tmp_path, monkeypatch):
    """Whoever follows a page from top to bottom, in an empty folder, meets no error."""
    monkeypatch.chdir(tmp_path)
    for example in SYBIL.parse(page).examples():
        example.evaluate()


def test_the_first_snippet_can_be_pasted_into_an_empty_interpreter(tmp_path):
    """The five minutes of the README need nothing but a prompt and an installed package."""
    first = snippets(PAGES[0])[0]
    session = subprocess.run(
        [sys.executable, "-q", "-i", "-W", "error"],
        cwd=tmp_path,
        input=first,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert "Error" not in session.stderr, session.stderr
    assert "Traceback" not in session.stderr
    assert session.stdout.strip(), "the snippet ends by printing findings"
