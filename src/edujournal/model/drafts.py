"""Drafts: what a caller asks to record. Plain values; nothing is checked here but their form."""

from collections.abc import Mapping
from typing import Any, Final

from edujournal.model.draft_forms import Draft, MarkValue
from edujournal.model.drafts_at_lesson import (
    Absence,
    Comment,
    Homework,
    Mark,
    Marker,
    NewWork,
    RollCall,
    Topic,
)
from edujournal.model.drafts_of_office import (
    Annulment,
    Confirmation,
    Correction,
    Disclosure,
    MakeUp,
    Message,
    PeriodResult,
    SetUp,
    Substitution,
)
from edujournal.model.drafts_of_papers import Archiving, Issue
from edujournal.model.drafts_of_privacy import Erasure, Release, Restriction
from edujournal.model.drafts_of_school import (
    Approval,
    Closing,
    Compromise,
    Excuse,
    Grant,
    Restoration,
    Vouch,
    Waiver,
)

__all__ = [
    "DRAFTS",
    "Absence",
    "Annulment",
    "Approval",
    "Archiving",
    "Closing",
    "Comment",
    "Compromise",
    "Confirmation",
    "Correction",
    "Disclosure",
    "Draft",
    "Erasure",
    "Excuse",
    "Grant",
    "Homework",
    "Issue",
    "MakeUp",
    "Mark",
    "MarkValue",
    "Marker",
    "Message",
    "NewWork",
    "PeriodResult",
    "Release",
    "Restoration",
    "Restriction",
    "RollCall",
    "SetUp",
    "Substitution",
    "Topic",
    "Vouch",
    "Waiver",
]

#: Kinds of record with the draft that each begins as.
DRAFTS: Final[Mapping[str, type[Any]]] = {
    "annulment": Annulment,
    "approval": Approval,
    "archiving": Archiving,
    "closing": Closing,
    "comment": Comment,
    "compromise": Compromise,
    "confirmation": Confirmation,
    "correction": Correction,
    "disclosure": Disclosure,
    "erasure": Erasure,
    "excuse": Excuse,
    "grant": Grant,
    "homework": Homework,
    "issue": Issue,
    "makeup": MakeUp,
    "mark": Mark,
    "marker": Marker,
    "message": Message,
    "release": Release,
    "restoration": Restoration,
    "restriction": Restriction,
    "result": PeriodResult,
    "roll": RollCall,
    "setup": SetUp,
    "substitution": Substitution,
    "topic": Topic,
    "vouch": Vouch,
    "waiver": Waiver,
    "work": NewWork,
}
