"""JSON Schema of regulation files, made from the very classes that the files are read into.

An editor that knows the schema completes names and marks a misspelt field while one writes. Loading
finds more: a schema cannot tell an empty window.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from attrs import NOTHING, fields, has

from edujournal.rules.anchors import ANCHORS
from edujournal.rules.clauses import RECORDS, Quorum, Regulation, Selector
from edujournal.rules.loading import RULES
from edujournal.rules.numbers import Step
from edujournal.rules.rule_kinds import Level, Rule
from edujournal.rules.selectors import FEATURES
from edujournal.rules.terms import PAUSES, ROLLS, SNAPS, UNITS, Shift, Term

#: Dialect of the schema.
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_NUMBER: Final = {"type": ["integer", "string"], "pattern": r"^[+-]?\d+([.,/]\d+)?$"}
_SHIFT: Final = rf"^[+-]\s*(\d{{1,4}}|given\.[a-z][a-z0-9_]*)\s+({'|'.join(sorted(UNITS))})$"

#: Fields that only loading makes, and those that only files have.
_MADE: Final = frozenset({"digest", "checks"})
_OF_FILES: Final[Mapping[str, Any]] = {
    "extends": {
        "type": "string",
        "description": "Id of the regulation that this one is laid over.",
    },
    "without": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Numbers of the parent's clauses that do not hold here.",
    },
}


def json_schema() -> dict[str, Any]:
    """Give the schema of a regulation file as plain data.

    *Version added: 0.1.*
    """
    made = _Schema()
    whole = made.object(Regulation, _OF_FILES, required=("id", "title"))
    return {
        "$schema": DIALECT,
        "title": "edujournal regulation",
        "description": "A regulation for class journals, as data.",
        **whole,
        "$defs": {**_terms(), **made.found},
    }


def _terms() -> dict[str, Any]:
    combined = {
        how: {"type": "array", "items": {"$ref": "#/$defs/Term"}, "minItems": 1}
        for how in ("first_known", "min", "max")
    }
    combined["clamp"] = {
        "type": "array",
        "items": {"$ref": "#/$defs/Term"},
        "minItems": 3,
        "maxItems": 3,
    }
    anchor = {
        "anyOf": [
            {"enum": sorted(ANCHORS)},
            {"type": "string", "pattern": r"^date:(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"},
            {"type": "string", "pattern": r"^given\.[a-z][a-z0-9_]*$"},
        ]
    }
    snap = {"anyOf": [{"enum": sorted(SNAPS)},
                      {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}]}  # fmt: skip
    return {
        "Term": {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {
                        "anchor": anchor,
                        "shift": {"type": "string", "pattern": _SHIFT},
                        "roll": {"enum": sorted(ROLLS)},
                        "snap": snap,
                        "count": {"enum": ["excluded", "included"]},
                        "pause": {"enum": sorted(PAUSES)},
                    },
                    "required": ["anchor"],
                    "additionalProperties": False,
                },
                *(
                    {
                        "type": "object",
                        "properties": {how: parts},
                        "required": [how],
                        "additionalProperties": False,
                    }
                    for how, parts in combined.items()
                ),
            ]
        }
    }


class _Schema:
    """Definitions while they are collected."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def object(
        self, cls: type, more: Mapping[str, Any] | None = None, required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The schema of a table that is read into *cls*."""
        hints = typing.get_type_hints(cls)
        properties = {
            one.name: self.of(hints[one.name], one.name)
            for one in fields(cls)
            if one.name not in _MADE
        }
        needed = required or tuple(
            one.name for one in fields(cls) if one.default is NOTHING and one.name not in _MADE
        )
        return {
            "type": "object",
            "properties": {**(more or {}), **properties},
            "required": list(needed),
            "additionalProperties": False,
        }

    def of(self, hint: Any, name: str = "") -> dict[str, Any]:
        """The schema of a value of the type *hint*."""
        simple = self._simple(hint, name)
        if simple is not None:
            return simple
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin is tuple:
            return {"type": "array", "items": self.of(inner[0], name)}
        if origin in (typing.Union, types.UnionType):
            real = [one for one in inner if one is not type(None)]
            parts = [self.of(one, name) for one in real]
            return parts[0] if len(parts) == 1 else {"anyOf": parts}
        # What is left of the classes' fields are mappings of names to values.
        return {"type": "object", "additionalProperties": self.of(inner[1], name)}

    def _simple(self, hint: Any, name: str) -> dict[str, Any] | None:
        plain: Mapping[Any, dict[str, Any]] = {
            str: {"enum": sorted(RECORDS)} if name in ("record", "records") else {"type": "string"},
            int: {"type": "integer"},
            bool: {"type": "boolean"},
            date: {"type": "string", "format": "date"},
            Fraction: dict(_NUMBER),
            Shift: {"type": "string", "pattern": _SHIFT},
        }
        if hint == Term or hint == Term | None:
            return {"$ref": "#/$defs/Term"}
        if hint == Rule:
            return self._rules()
        if hint in plain:
            return plain[hint]
        if not isinstance(hint, type):
            return None
        if issubclass(hint, StrEnum):
            return {"enum": [str(one) for one in hint]}
        if hint is Selector:
            return _selector()
        if hint is Quorum:
            return _quorum(owed=name != "each")
        if hint is Step:
            return {
                "type": "object",
                "properties": {"at": dict(_NUMBER), "gives": {"type": ["integer", "string"]}},
                "required": ["at", "gives"],
                "additionalProperties": False,
            }
        if has(hint):
            return self._named(hint)
        return None

    def _named(self, cls: type) -> dict[str, Any]:
        if cls.__name__ not in self.found:
            self.found[cls.__name__] = {}
            table = self.object(cls)
            if cls is Level:
                table["properties"].pop("number")
                table = {"anyOf": [dict(_NUMBER), table]}
            self.found[cls.__name__] = table
        return {"$ref": f"#/$defs/{cls.__name__}"}

    def _rules(self) -> dict[str, Any]:
        if "Rule" not in self.found:
            self.found["Rule"] = {}
            kinds = []
            for kind, cls in RULES.items():
                table = self.object(cls)
                table["properties"] = {"kind": {"const": kind}, **table["properties"]}
                table["required"] = ["kind", *table["required"]]
                kinds.append(table)
            self.found["Rule"] = {"oneOf": kinds}
        return {"$ref": "#/$defs/Rule"}


def _selector() -> dict[str, Any]:
    value = {"type": ["string", "integer", "boolean"]}
    values = {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}]}
    return {
        "type": "object",
        "properties": dict.fromkeys(sorted(FEATURES), values),
        "additionalProperties": False,
    }


def _quorum(*, owed: bool) -> dict[str, Any]:
    each = {
        "anyOf": [
            {"enum": ["roll", "present"]},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ]
    }
    if not owed:
        return each
    table = {
        "type": "object",
        "properties": {"each": each},
        "required": ["each"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"enum": ["none", "once"]}, table]}
