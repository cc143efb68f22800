"""What of an entry a correction may change: its values and its texts, by kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from edujournal.errors import BadInput, nearest
from edujournal.model.draft_forms import amount, basis, day_text, entry_number, exact
from edujournal.model.drafts_at_lesson import STAGES, absentees
from edujournal.model.forms import forms_of, shown, taken
from edujournal.model.ids import check_code, check_id

#: The values that entries of a kind have. Who gave a lesson, and whether that was agreed to, is not
#: corrected but taken back and said anew: other entries rest on it.
VALUES: Final[Mapping[str, frozenset[str]]] = {
    "comment": frozenset(),
    "homework": frozenset({"due", "none"}),
    "makeup": frozenset({"examiners", "held", "scale", "value"}),
    "mark": frozenset({"handed_in", "kind", "lesson", "retake", "scale", "value"}),
    "marker": frozenset({"code", "lesson", "since", "stage", "until"}),
    "result": frozenset({"basis", "marker", "scale", "stage", "until", "value"}),
    "roll": frozenset({"absent"}),
    "topic": frozenset({"plan"}),
    "work": frozenset({"due", "held", "kind", "lesson", "points", "purpose", "weight"}),
}

#: The texts that they have.
TEXTS: Final[Mapping[str, frozenset[str]]] = {
    "comment": frozenset({"comment"}),
    "homework": frozenset({"nature", "task"}),
    "makeup": frozenset({"protocol"}),
    "mark": frozenset({"comment"}),
    "marker": frozenset({"ground"}),
    "result": frozenset({"ground"}),
    "roll": frozenset(),
    "topic": frozenset({"topic"}),
    "work": frozenset({"title"}),
}


def changes_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that a correction changes in the form bodies keep; None takes one away.

    Raises:
        BadInput: No entry has such a value, or it cannot be what is given.
    """
    changed: dict[str, Any] = {}
    for name, value in values.items():
        where = f"Correction.values.{name}"
        if name not in _READERS:
            raise _unknown("value", name, _READERS, where)
        if value is None and name == "absent":
            raise BadInput(
                "a roll call without its absentees", where=where,
                expected="the pupils whose absence changes, None for each who was there",
            )  # fmt: skip
        changed[name] = None if value is None else _READERS[name](value, where)
    return changed


def new_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Give the texts that a correction puts in place of others, under the names bodies keep.

    Raises:
        BadInput: No entry has such a text.
    """
    known = frozenset().union(*TEXTS.values())
    for name in texts:
        if name not in known:
            raise _unknown("text", name, known, f"Correction.texts.{name}")
    return {f"new.{name}": text for name, text in texts.items()}


def unfit(kind: str, values: Mapping[str, Any], texts: Mapping[str, Any]) -> str | None:
    """Name what a correction changes that an entry of *kind* does not have; None if it has it all."""
    new = {name.removeprefix("new.") for name in texts if name.startswith("new.")}
    wrong = {
        *(values.keys() - VALUES.get(kind, frozenset())),
        *(new - TEXTS.get(kind, frozenset())),
    }
    return min(wrong, default=None)


def _unknown(noun: str, name: str, known: Any, where: str) -> BadInput:
    near = nearest(name, known)
    return BadInput(
        f"no entry has such a {noun}", where=where, expected=", ".join(sorted(known)), found=name,
        mend=f"Did you mean {near!r}?" if near else "",
    )  # fmt: skip


# -- readers ---------------------------------------------------------------------------------------


def _code(value: Any, where: str) -> str:
    return check_code(taken(forms_of(str), value, where), "code")


def _id(value: Any, where: str) -> str:
    return check_id(taken(forms_of(str), value, where))


def _day(value: Any, where: str) -> str | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise BadInput(
                "not a day", where=where, expected="a datetime.date, or a text such as 2026-09-15",
                found=shown(value),
            ) from None  # fmt: skip
    return day_text(taken(forms_of(date), value, where))


def _stage(value: Any, where: str) -> str:
    if value in STAGES:
        return str(value)
    raise BadInput("unknown stage", where=where, expected=", ".join(STAGES), found=shown(value))


def _truth(value: Any, where: str) -> bool:
    found: bool = taken(forms_of(bool), value, where)
    return found


def _accounts(value: Any, where: str) -> list[str]:
    return sorted(check_id(one, "account") for one in taken(_SEVERAL, value, where))


_SEVERAL: Final = forms_of(tuple[str, ...])

_READERS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "absent": absentees,
    "accept": _truth,
    "basis": basis,
    "code": _code,
    "due": _day,
    "examiners": _accounts,
    "handed_in": _day,
    "held": _day,
    "kind": _code,
    "lesson": _id,
    "marker": _code,
    "none": _truth,
    "plan": _id,
    "points": amount,
    "purpose": _code,
    "retake": entry_number,
    "scale": _code,
    "since": _day,
    "stage": _stage,
    "teacher": _id,
    "until": _day,
    "value": exact,
    "weight": amount,
}
