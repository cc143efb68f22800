"""Drafts by the words that cases use for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from edujournal.model import drafts

#: Drafts by the word that a case uses for them: that of the record they become.
DRAFTS: Final[Mapping[str, type[Any]]] = {
    "annulment": drafts.Annulment,
    "approval": drafts.Approval,
    "closing": drafts.Closing,
    "comment": drafts.Comment,
    "compromise": drafts.Compromise,
    "confirmation": drafts.Confirmation,
    "correction": drafts.Correction,
    "disclosure": drafts.Disclosure,
    "excuse": drafts.Excuse,
    "grant": drafts.Grant,
    "homework": drafts.Homework,
    "makeup": drafts.MakeUp,
    "mark": drafts.Mark,
    "marker": drafts.Marker,
    "message": drafts.Message,
    "restoration": drafts.Restoration,
    "result": drafts.PeriodResult,
    "roll": drafts.RollCall,
    "setup": drafts.SetUp,
    "substitution": drafts.Substitution,
    "topic": drafts.Topic,
    "vouch": drafts.Vouch,
    "waiver": drafts.Waiver,
    "work": drafts.NewWork,
}
