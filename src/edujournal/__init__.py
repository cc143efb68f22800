"""Class journals of a school, and the regulation they are kept under.

``open`` gives the journals of a school over a store; ``Journals`` is its long form. Drafts such as
``Mark`` and ``RollCall`` are recorded, findings come out of an audit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edujournal.errors import (
    BadCalendar,
    BadFile,
    BadInput,
    BadRegulation,
    EdujournalError,
    KeyReused,
    MissingExtra,
    Problem,
    Refused,
    StaleHead,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreTooNew,
    StoreUnwritable,
    Unknown,
)
from edujournal.journals import Journals
from edujournal.model.drafts import (
    Absence,
    Annulment,
    Comment,
    Confirmation,
    Correction,
    Disclosure,
    Homework,
    MakeUp,
    Mark,
    Marker,
    Message,
    NewWork,
    PeriodResult,
    RollCall,
    SetUp,
    Substitution,
    Topic,
)
from edujournal.model.entries import Entry, Evidence
from edujournal.model.ids import JournalId
from edujournal.model.people import Actor
from edujournal.opening import open  # noqa: A004 - ej.open is the library's front door
from edujournal.rules.asking import duties, judge
from edujournal.rules.loading import load as load_regulation
from edujournal.rules.verdicts import Decision, Finding, Outcome, Severity, Verdict
from edujournal.writing import Receipt

if TYPE_CHECKING:
    from edujournal import samples
    from edujournal.async_journals import AsyncJournals

__version__ = "0.1.0"

__all__ = [
    "Absence",
    "Actor",
    "Annulment",
    "AsyncJournals",
    "BadCalendar",
    "BadFile",
    "BadInput",
    "BadRegulation",
    "Comment",
    "Confirmation",
    "Correction",
    "Decision",
    "Disclosure",
    "EdujournalError",
    "Entry",
    "Evidence",
    "Finding",
    "Homework",
    "JournalId",
    "Journals",
    "KeyReused",
    "MakeUp",
    "Mark",
    "Marker",
    "Message",
    "MissingExtra",
    "NewWork",
    "Outcome",
    "PeriodResult",
    "Problem",
    "Receipt",
    "Refused",
    "RollCall",
    "SetUp",
    "Severity",
    "StaleHead",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreTooNew",
    "StoreUnwritable",
    "Substitution",
    "Topic",
    "Unknown",
    "Verdict",
    "duties",
    "judge",
    "load_regulation",
    "open",
    "samples",
]


def __getattr__(name: str) -> Any:
    """Load what is not always needed when it is first asked for."""
    if name == "AsyncJournals":
        from edujournal.async_journals import AsyncJournals

        return AsyncJournals
    if name == "samples":
        import importlib

        return importlib.import_module("edujournal.samples")
    raise AttributeError(f"module 'edujournal' has no attribute {name!r}")
