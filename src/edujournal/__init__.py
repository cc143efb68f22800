"""Class journals of a school, and the regulation they are kept under.

``open`` gives the journals of a school over a store; ``Journals`` is its long form. Drafts such as
``Mark`` and ``RollCall`` are recorded, findings come out of an audit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edujournal import samples
    from edujournal.async_journals import AsyncJournals
    from edujournal.errors import (
        BadCalendar,
        BadFile,
        BadInput,
        BadRegulation,
        EdujournalError,
        KeyReused,
        MissingExtra,
        NotDelivered,
        NotStamped,
        Problem,
        Refused,
        StaleHead,
        StoreBusy,
        StoreDamaged,
        StoreError,
        StoreTooNew,
        StoreUnwritable,
        Unknown,
        UnknownOutcome,
    )
    from edujournal.journals import Journals
    from edujournal.ledger.steps import ClockStep, clock_steps
    from edujournal.model.drafts import (
        Absence,
        Annulment,
        Approval,
        Archiving,
        Closing,
        Comment,
        Compromise,
        Confirmation,
        Correction,
        Disclosure,
        Erasure,
        Excuse,
        Grant,
        Homework,
        Issue,
        MakeUp,
        Mark,
        Marker,
        Message,
        NewWork,
        PeriodResult,
        Release,
        Restoration,
        Restriction,
        RollCall,
        SetUp,
        Substitution,
        Topic,
        Vouch,
        Waiver,
    )
    from edujournal.model.entries import Entry, Evidence
    from edujournal.model.ids import JournalId
    from edujournal.model.people import Actor
    from edujournal.notices.loading import load_subscriptions
    from edujournal.notices.subscriptions import Subscriptions
    from edujournal.notifying import NoticeReport, notify
    from edujournal.opening import open  # noqa: A004 - ej.open is the library's front door
    from edujournal.rules.asking import duties, judge
    from edujournal.rules.conversions import convert
    from edujournal.rules.loading import load as load_regulation
    from edujournal.rules.proposals import Proposal, propose
    from edujournal.rules.verdicts import Decision, Finding, Outcome, Severity, Verdict
    from edujournal.ticking import TickReport
    from edujournal.writing import Receipt

__version__ = "0.1.0"

__all__ = [
    "Absence",
    "Actor",
    "Annulment",
    "Approval",
    "Archiving",
    "AsyncJournals",
    "BadCalendar",
    "BadFile",
    "BadInput",
    "BadRegulation",
    "ClockStep",
    "Closing",
    "Comment",
    "Compromise",
    "Confirmation",
    "Correction",
    "Decision",
    "Disclosure",
    "EdujournalError",
    "Entry",
    "Erasure",
    "Evidence",
    "Excuse",
    "Finding",
    "Grant",
    "Homework",
    "Issue",
    "JournalId",
    "Journals",
    "KeyReused",
    "MakeUp",
    "Mark",
    "Marker",
    "Message",
    "MissingExtra",
    "NewWork",
    "NotDelivered",
    "NotStamped",
    "NoticeReport",
    "Outcome",
    "PeriodResult",
    "Problem",
    "Proposal",
    "Receipt",
    "Refused",
    "Release",
    "Restoration",
    "Restriction",
    "RollCall",
    "SetUp",
    "Severity",
    "StaleHead",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreTooNew",
    "StoreUnwritable",
    "Subscriptions",
    "Substitution",
    "TickReport",
    "Topic",
    "Unknown",
    "UnknownOutcome",
    "Verdict",
    "Vouch",
    "Waiver",
    "clock_steps",
    "convert",
    "duties",
    "judge",
    "load_regulation",
    "load_subscriptions",
    "notify",
    "open",
    "propose",
    "samples",
]


#: Where the public names live. Each is loaded when it is first asked for: whoever wants an error
#: class, or the list of commands, does not wait for the rules and the calendar.
_PLACES = {
    "async_journals": "AsyncJournals",
    "errors": """BadCalendar BadFile BadInput BadRegulation EdujournalError KeyReused MissingExtra
        NotDelivered NotStamped Problem Refused StaleHead StoreBusy StoreDamaged StoreError
        StoreTooNew StoreUnwritable Unknown UnknownOutcome""",
    "journals": "Journals",
    "ledger.steps": "ClockStep clock_steps",
    "model.drafts": """Absence Annulment Approval Archiving Closing Comment Compromise Confirmation
        Correction Disclosure Erasure Excuse Grant Homework Issue MakeUp Mark Marker Message NewWork
        PeriodResult Release Restoration Restriction RollCall SetUp Substitution Topic Vouch Waiver""",
    "model.entries": "Entry Evidence",
    "model.ids": "JournalId",
    "model.people": "Actor",
    "notices.loading": "load_subscriptions",
    "notices.subscriptions": "Subscriptions",
    "notifying": "NoticeReport notify",
    "opening": "open",
    "rules.asking": "duties judge",
    "rules.conversions": "convert",
    "rules.loading": "load_regulation",
    "rules.proposals": "Proposal propose",
    "rules.verdicts": "Decision Finding Outcome Severity Verdict",
    "samples": "samples",
    "ticking": "TickReport",
    "writing": "Receipt",
}
_PLACE = {name: place for place, names in _PLACES.items() for name in names.split()}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name from its place, once."""
        from importlib import import_module

        if name not in _PLACE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_PLACE[name]}")
        own = {"load_regulation": "load"}.get(name, name)
        found = module if name == "samples" else getattr(module, own)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        """Every public name, loaded or not."""
        return sorted({*globals(), *__all__})
