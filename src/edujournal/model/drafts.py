"""Drafts: what a caller asks to record. Plain values; nothing is checked here but their form."""

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
    "Absence",
    "Annulment",
    "Approval",
    "Closing",
    "Comment",
    "Compromise",
    "Confirmation",
    "Correction",
    "Disclosure",
    "Draft",
    "Excuse",
    "Grant",
    "Homework",
    "MakeUp",
    "Mark",
    "MarkValue",
    "Marker",
    "Message",
    "NewWork",
    "PeriodResult",
    "Restoration",
    "RollCall",
    "SetUp",
    "Substitution",
    "Topic",
    "Vouch",
    "Waiver",
]
