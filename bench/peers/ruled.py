"""Rules as data for two engines of rules, business-rules and rule-engine: what a flat row breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

#: A condition: name of a column, operator, value. Operators are those of ``_TEXT``.
Condition = tuple[str, str, Any]

#: Clause and code.
Broken = tuple[str, str]

#: Judges a flat row: what it breaks, in the order of the rules.
Judge = Callable[[Mapping[str, Any]], list[Broken]]


class Rule(NamedTuple):
    """A row breaks it if all of its conditions hold."""

    clause: str
    code: str
    conditions: Sequence[Condition]


#: How rule-engine and business-rules spell each operator.
_TEXT: Final = {
    "is": ("{name}", "is_true"),
    "not": ("not {name}", "is_false"),
    "equals": ("{name} == {value!r}", "equal_to"),
    "at most": ("{name} <= {value}", "less_than_or_equal_to"),
    "at least": ("{name} >= {value}", "greater_than_or_equal_to"),
}


def is_(name: str) -> Condition:
    """A flag is set."""
    return name, "is", True


def not_(name: str) -> Condition:
    """A flag is not set."""
    return name, "not", True


def rule_engine(rules: Sequence[Rule]) -> Judge:
    """Rules as expressions, each compiled once."""
    from rule_engine import Rule as Compiled

    made = [
        ((one.clause, one.code), Compiled(" and ".join(map(_expression, one.conditions))))
        for one in rules
    ]
    return lambda row: [told for told, rule in made if rule.matches(row)]


def _expression(condition: Condition) -> str:
    name, operator, value = condition
    return _TEXT[operator][0].format(name=name, value=value)


def business_rules(rules: Sequence[Rule]) -> Judge:
    """Rules as JSON over variables and actions."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    def start(self: Any, row: Mapping[str, Any]) -> None:
        self.row = row

    def reader(name: str) -> Any:
        return lambda self: self.row[name]

    kinds = {bool: boolean_rule_variable, int: numeric_rule_variable, str: string_rule_variable}
    members: dict[str, Any] = {"__init__": start}
    for one in rules:
        for name, _, value in one.conditions:
            members[name] = kinds[type(value)](reader(name))
    variables = type("Variables", (BaseVariables,), members)

    class Actions(BaseActions):  # type: ignore[misc]
        def __init__(self) -> None:
            self.broken: list[Broken] = []

        @rule_action(params={"clause": FIELD_TEXT, "code": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def breach(self, clause: str, code: str) -> None:
            self.broken.append((clause, code))

    made = [
        {
            "conditions": {
                "all": [
                    {"name": name, "operator": _TEXT[operator][1], "value": value}
                    for name, operator, value in one.conditions
                ]
            },
            "actions": [{"name": "breach", "params": {"clause": one.clause, "code": one.code}}],
        }
        for one in rules
    ]

    def judge(row: Mapping[str, Any]) -> list[Broken]:
        actions = Actions()
        run_all(made, variables(row), actions)
        return actions.broken

    return judge
