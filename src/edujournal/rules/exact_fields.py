"""Fields of a regulation that are exact numbers, or tables of such: how they are read from plain data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import cattrs
from cattrs.gen import make_dict_structure_fn, override

from edujournal.rules.numbers import Step, exact
from edujournal.rules.rule_kinds import Level


class Inexact(ValueError):
    """A value that is no exact number, or no row of a table.

    Attributes:
        what: The fault.
        expected: What would have been right.
        found: What stands there.
        mend: How to put it right.
        at: Path below the field; empty for the field itself.
    """

    def __init__(
        self, what: str, expected: str, found: str = "", mend: str = "", at: str = ""
    ) -> None:
        super().__init__(what)
        self.what, self.expected, self.found = what, expected, found
        self.mend, self.at = mend, at


def register(converter: cattrs.Converter) -> None:
    """Teach *converter* to read exact numbers, rows of tables, and levels."""
    converter.register_structure_hook(Fraction, _number)
    converter.register_structure_hook(Step, _step)
    converter.register_structure_hook_func(lambda cls: cls == Level | None, _level(converter))


def _number(value: Any, _: Any = None, at: str = "") -> Fraction:
    found = exact(value)
    if found is None:
        raise Inexact(
            "not an exact number",
            'a whole number, or text such as "4.65" or "1/3"',
            repr(value),
            "Put it in quotes: without them it is read as a float."
            if isinstance(value, float)
            else "",
            at,
        )
    return found


def _step(value: Any, _: Any = None) -> Step:
    row = "a row such as { at = 4, gives = 5 }"
    if not isinstance(value, dict) or set(value) != {"at", "gives"}:
        raise Inexact("not a row of a table", row, repr(value))
    gives = value["gives"]
    if type(gives) not in (str, int):
        raise Inexact("wrong type", "text or a whole number", repr(gives), at=".gives")
    return Step(at=_number(value["at"], at=".at"), gives=str(gives))


def _level(converter: cattrs.Converter) -> Any:
    table = make_dict_structure_fn(
        Level,
        converter,
        number=override(omit=True),
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
    )

    def structure(value: Any, _: Any) -> Level | None:
        if value is None:
            return None
        return table(value, Level) if isinstance(value, dict) else Level(number=_number(value))

    return structure
