"""Case files as tests of pytest: each case on memory, and through the store of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadFile
from edujournal.opening import open as open_journals
from edujournal.testing.casefile import Case, load_cases
from edujournal.testing.cases import Answers, CaseFailed, run_case, same
from edujournal.testing.plugin import STORE


class CaseFile(pytest.File):
    """One case file, with a test or two.

    *Version added: 0.1.*
    """

    def collect(self) -> Iterator[pytest.Item]:
        """Give the test on memory, and the one through the store whose fixture is named."""
        yield CaseItem.from_parent(
            self, name="singly_and_in_bulk", callobj=partial(_on_memory, self.path)
        )
        fixture = self.config.getini(STORE)
        if fixture:

            def through_your_store(request: pytest.FixtureRequest) -> None:
                _through_a_store(self.path, request.getfixturevalue(fixture))

            yield CaseItem.from_parent(self, name="through_your_store", callobj=through_your_store)

    # As pytest's own: what shows a failure of a test is not asked for a style.
    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Any:
        """Tell what is wrong with the file, and nothing of our own code."""
        return _told(excinfo) or super().repr_failure(excinfo)


class CaseItem(pytest.Function):
    """One case on one store.

    *Version added: 0.1.*
    """

    # As pytest's own: what shows a failure of a test is not asked for a style.
    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Any:
        """Show the difference by clauses, and nothing of our own code."""
        return _told(excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The case file, and the name of the test."""
        return self.path, 0, f"{self.path.name}::{self.name}"


def _told(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    return str(excinfo.value) if isinstance(excinfo.value, BadFile | CaseFailed) else None


def _on_memory(path: Path) -> None:
    _run(path, MemoryStore)


def _through_a_store(path: Path, make_store: Callable[[], Any]) -> None:
    """The answers through a store are those on memory."""
    case, expected = _run(path, MemoryStore)
    _, found = _run(path, make_store, again=True)
    same(case, {"memory": expected, "your store": found})


def _run(path: Path, make: Callable[[], Any], *, again: bool = False) -> tuple[Case, Answers]:
    """Run the case of a file over one place.

    Args:
        path: The file.
        make: Opens the store.
        again: Each handle opens the place anew; else all have one store.
    """
    (case,) = load_cases(path)
    opened = [] if again else [make()]

    def journals(school: Any, regulation: Any, clock: Any, entropy: Any) -> Any:
        if again:
            opened.append(make())
        return open_journals(
            opened[-1], school=school, regulation=regulation, clock=clock, entropy=entropy
        )

    try:
        return case, run_case(case, journals)
    finally:
        for store in opened:
            if hasattr(store, "close"):
                store.close()
