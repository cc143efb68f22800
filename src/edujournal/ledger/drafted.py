"""Drafts of an act: what each says, held to what a body can keep before anything at all is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from attrs import frozen

from edujournal.errors import BadInput
from edujournal.ledger.bytes import encode
from edujournal.model.drafts import DRAFTS, Draft
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import forms_of, taken

_OWN: Final = frozenset(DRAFTS.values())
_DRAFT: Final = forms_of(Draft)
_CONTENT: Final = forms_of(Content)
_EVIDENCE: Final = forms_of(Evidence | None)


@frozen
class Drafted:
    """A draft with its place in the act."""

    item: int
    content: Content
    evidence: Evidence | None


def drafted_of(draft: Draft, item: int = 0) -> Drafted:
    """Give what *draft* says, the place *item* of an act.

    Raises:
        BadInput: It is no draft, or says what no body can keep: drafts of a host's own are held to
            it like the library's.
    """
    where = f"drafts[{item}]"
    if type(draft) in _OWN:  # held to its types when it was made
        content, evidence = draft.content(), draft.evidence
    else:
        taken(_DRAFT, draft, where)
        content = taken(_CONTENT, draft.content(), where)
        evidence = taken(_EVIDENCE, draft.evidence, f"{where}.evidence")
    kept: dict[str, Any] = {
        "about": content.about,
        "pupil": content.pupil,
        "target": content.target,
        "texts": dict(content.texts),
        "values": dict(content.values),
    }
    if evidence is not None:
        kept["evidence"] = [evidence.lo, evidence.hi, evidence.author, evidence.source]
        if evidence.lo is not None and evidence.hi is not None and evidence.lo >= evidence.hi:
            raise BadInput(
                "evidence of no moment", where=f"{where}.evidence", expected="lo before hi",
                found=f"{evidence.lo} … {evidence.hi}",
            )  # fmt: skip
    try:
        encode(kept)
    except BadInput as error:
        raise BadInput(
            [replace(one, where=one.where.replace("$", where, 1)) for one in error.problems]
        ) from None
    return Drafted(item, content, evidence)
