"""Fifteen rules as data for two engines of rules: business-rules and rule-engine."""

from __future__ import annotations

from typing import Any, Final

from bench.answers import Answer, Write, answer
from bench.peers.plain import Peer, row_of
from bench.peers.windows import kept_by_id
from bench.school import Tables

_FLAGS: Final = (
    "active",
    "assigned",
    "substitute",
    "homeroom",
    "teaches",
    "cancelled",
    "on_roll",
    "absent",
)
_TEXTS: Final = ("asked", "family")


def _is(name: str) -> dict[str, Any]:
    return {"name": name, "operator": "is_true", "value": True}


def _not(name: str) -> dict[str, Any]:
    return {"name": name, "operator": "is_false", "value": True}


def _text(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "operator": "equal_to", "value": value}


def _number(name: str, operator: str, value: int) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


_STRANGER: Final = [_is("active"), _text("asked", ""), _not("assigned"), _not("substitute")]
_ASKED: Final = [_is("active"), _text("asked", "substitute"), _not("substitute")]
_EARLY: Final = [_not("cancelled"), _number("since_opening", "less_than", 0)]
_LATE: Final = [_not("cancelled"), _number("since_closing", "greater_than_or_equal_to", 0)]

_CONDITIONS: Final[tuple[dict[str, Any], ...]] = (
    {"all": [_not("active")]},
    {
        "any": [
            {"all": [*_STRANGER, _not("homeroom"), _not("teaches")]},
            {"all": [*_ASKED, _not("teaches")]},
        ]
    },
    {"all": [*_STRANGER, _not("homeroom"), _is("teaches")]},
    {"all": [*_STRANGER, _is("homeroom")]},
    {"all": [*_ASKED, _is("teaches")]},
    {"all": [_is("cancelled")]},
    {"all": [_not("on_roll")]},
    {"any": [_number("value", "less_than", 1), _number("value", "greater_than", 5)]},
    {"all": [_text("family", "lesson"), *_EARLY]},
    {"all": [{"any": [_text("family", "control"), _text("family", "written")]}, *_EARLY]},
    {"all": [_text("family", "lesson"), *_LATE]},
    {"all": [_text("family", "control"), *_LATE]},
    {"all": [_text("family", "written"), *_LATE]},
    {"all": [_is("absent")]},
    {"all": [_text("family", "none")]},
)


def business_rules(tables: Tables) -> Peer:
    """Rules as JSON over variables and actions, as business-rules has them; deadlines kept."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_NUMERIC
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    def start(self: Any, row: dict[str, Any]) -> None:
        self.row = row

    def reader(name: str) -> Any:
        return lambda self: self.row[name]

    # The engine compares a variable with a constant only, so that differences are variables.
    members: dict[str, Any] = {
        "__init__": start,
        "since_opening": numeric_rule_variable(lambda self: self.row["at"] - self.row["opens"]),
        "since_closing": numeric_rule_variable(lambda self: self.row["at"] - self.row["closes"]),
        "value": numeric_rule_variable(reader("value")),
    }
    members |= {name: boolean_rule_variable(reader(name)) for name in _FLAGS}
    members |= {name: string_rule_variable(reader(name)) for name in _TEXTS}
    variables = type("Variables", (BaseVariables,), members)

    class Actions(BaseActions):  # type: ignore[misc]
        def __init__(self) -> None:
            self.broken: list[int] = []

        @rule_action(params={"number": FIELD_NUMERIC})  # type: ignore[untyped-decorator]
        def breach(self, number: int) -> None:
            self.broken.append(number)

    rules = [
        {"conditions": condition, "actions": [{"name": "breach", "params": {"number": number}}]}
        for number, condition in enumerate(_CONDITIONS)
    ]
    windows = kept_by_id(tables)

    def judge(write: Write) -> Answer:
        actions = Actions()
        run_all(rules, variables(row_of(write, tables, windows)), actions)
        return answer(actions.broken)

    return judge


_STRANGER_TEXT: Final = "active and asked == '' and not assigned and not substitute"
_ASKED_TEXT: Final = "active and asked == 'substitute' and not substitute"

_EXPRESSIONS: Final = (
    "not active",
    f"({_STRANGER_TEXT} and not homeroom and not teaches) or ({_ASKED_TEXT} and not teaches)",
    f"{_STRANGER_TEXT} and not homeroom and teaches",
    f"{_STRANGER_TEXT} and homeroom",
    f"{_ASKED_TEXT} and teaches",
    "cancelled",
    "not on_roll",
    "value < 1 or value > 5",
    "family == 'lesson' and not cancelled and at < opens",
    "(family == 'control' or family == 'written') and not cancelled and at < opens",
    "family == 'lesson' and not cancelled and at >= closes",
    "family == 'control' and not cancelled and at >= closes",
    "family == 'written' and not cancelled and at >= closes",
    "absent",
    "family == 'none'",
)


def rule_engine(tables: Tables) -> Peer:
    """Rules as expressions, each compiled once, as rule-engine has them; deadlines kept."""
    from rule_engine import Rule

    rules = tuple(enumerate(Rule(text) for text in _EXPRESSIONS))
    windows = kept_by_id(tables)

    def judge(write: Write) -> Answer:
        row = row_of(write, tables, windows)
        return answer([number for number, rule in rules if rule.matches(row)])

    return judge
