"""Testing: the conformance kit for stores and school data, and what a test of journals needs.

The names below are loaded when they are asked for; everything else of the kit is in its modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edujournal.testing.awaiting import AsyncStoreTests
    from edujournal.testing.cases import load_cases, run_case
    from edujournal.testing.faults import Crashed, Crashing, FailingNth, Racing, Slow
    from edujournal.testing.journal_machines import JournalsSideBySide
    from edujournal.testing.machines import StoresSideBySide
    from edujournal.testing.promises import Outlives
    from edujournal.testing.schools import SchoolTests
    from edujournal.testing.stores import StoreTests

__all__ = [
    "AsyncStoreTests",
    "Crashed",
    "Crashing",
    "FailingNth",
    "JournalsSideBySide",
    "Outlives",
    "Racing",
    "SchoolTests",
    "Slow",
    "StoreTests",
    "StoresSideBySide",
    "load_cases",
    "run_case",
]

_PLACE = {
    "AsyncStoreTests": "awaiting",
    "Crashed": "faults",
    "Crashing": "faults",
    "FailingNth": "faults",
    "JournalsSideBySide": "journal_machines",
    "Outlives": "promises",
    "Racing": "faults",
    "SchoolTests": "schools",
    "Slow": "faults",
    "StoreTests": "stores",
    "StoresSideBySide": "machines",
    "load_cases": "cases",
    "run_case": "cases",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a name of the kit from its module, once."""
        from importlib import import_module

        if name not in _PLACE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_PLACE[name]}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        """Every name, loaded or not."""
        return sorted({*globals(), *__all__})
