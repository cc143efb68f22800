"""Forms: how what a caller hands in becomes what bodies keep. Only form is checked here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Protocol, runtime_checkable

from edujournal.errors import BadInput
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import shown
from edujournal.model.ids import JournalId, check_code

#: A mark's value: a whole number, an exact decimal, or a code of the scale.
MarkValue = int | str | Decimal

_AMOUNT: Final = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


@runtime_checkable
class Draft(Protocol):
    """Anything that can be recorded.

    *Version added: 0.1.*
    """

    @property
    def evidence(self) -> Evidence | None:
        """What is known of the original recording; None when it is recorded for the first time now."""

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""


def exact(value: object, where: str) -> int | str:
    """Give a mark's value in the form bodies keep: a whole number, or text.

    Raises:
        BadInput: It is a float, a truth value, or something else that is not exact.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise BadInput(
            "not a mark's value",
            where=where,
            expected="a whole number, a Decimal, or a code of the scale",
            found=repr(value),
            mend="Floats are not exact; pass Decimal('4.5') or '4.5'."
            if isinstance(value, float | Fraction)
            else "",
        )
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise BadInput(
                "not a mark's value", where=where, expected="a finite number", found=str(value)
            )
        return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
    return int(value) if isinstance(value, int) else check_code(value, "mark's value")


def amount(value: object, where: str) -> int | str | None:
    """Give a number of 0 or more in the form bodies keep, None as None.

    Raises:
        BadInput: It is no exact number, or below 0.
    """
    if value is None:
        return None
    found = exact(value, where)
    if not _AMOUNT.fullmatch(str(found)):
        raise BadInput(
            "not an amount", where=where, expected="a number of 0 or more, such as 2 or '0.5'",
            found=repr(value),
        )  # fmt: skip
    return found


def entry_number(value: object, where: str) -> int | None:
    """Give the number of an entry, None as None.

    Raises:
        BadInput: It is not a whole number from 1.
    """
    if value is None or (type(value) is int and value >= 1):
        return value
    raise BadInput(
        "not the number of an entry", where=where, expected="a whole number from 1",
        found=repr(value),
    )  # fmt: skip


def plain(value: Any, where: str) -> Any:
    """Give *value* as bodies keep structured values: dicts, lists, texts, whole numbers, truths.

    Raises:
        BadInput: Something in it cannot be kept, such as a float; *where* grows into its path.
    """
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise BadInput("not a name", where=where, expected="text", found=repr(name))
        return {name: plain(one, f"{where}.{name}") for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one, f"{where}[{i}]") for i, one in enumerate(value)]
    if type(value) in (str, int, bool):
        return value
    raise BadInput(
        "a value that no body keeps", where=where,
        expected="text, a whole number, a truth value, or lists and maps of these",
        found=repr(value),
    )  # fmt: skip


def basis(value: object, where: str) -> Any:
    """Give the basis of a result in the form bodies keep.

    Raises:
        BadInput: It is nothing that ``Proposal.basis`` gives.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("digest"), str):
        raise BadInput(
            "not a basis", where=where, expected="what Proposal.basis gives", found=shown(value)
        )
    return plain(value, where)


def place(draft: str, lesson: str | None, journal: str | JournalId | None) -> str | None:
    """Give the journal as text, after a look that there is a lesson or a journal at all.

    Raises:
        BadInput: There is neither.
    """
    if lesson is None and journal is None:
        raise BadInput(
            "no place for the entry",
            where=draft,
            expected="lesson= or journal=",
            mend="Name the lesson, or the journal as 'group/subject/year'.",
        )
    return None if journal is None else str(JournalId.parse(str(journal)))


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give *values* without those that are None: what is not said is not kept."""
    return {name: value for name, value in values.items() if value is not None}


def texts_of(**texts: str | None) -> dict[str, str]:
    """Give the texts that were typed."""
    return {name: text for name, text in texts.items() if text is not None}


def day_text(value: date | None) -> str | None:
    """Give a day as ISO text, None as None.

    Raises:
        BadInput: It is not a day; a datetime is not one.
    """
    if value is None:
        return None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise BadInput("not a day", expected="datetime.date", found=repr(value))
    return value.isoformat()
