"""What came too early or too late in a lake, by engines of rules, row by row: business-rules, rule-engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from bench.peers.columns import Lake, Untimely, timed_rows
from bench.peers.windows import Kept

#: The rules: clause, kind of entry, family of kinds of work (for a mark), whether it has an opening.
_RULES: Final = (
    ("2.5", "mark", "lesson", True),
    ("2.11", "mark", "control", True),
    ("2.12", "mark", "written", True),
    ("2.9", "roll", None, True),
    ("2.7", "homework", None, False),
)

#: Judges a row by its facts: clauses and codes.
Judge = Callable[[dict[str, Any]], list[tuple[str, str]]]


def _audited(of: Lake, judge: Judge) -> list[Untimely]:
    """Ask *judge* about each row, deadlines kept."""
    found: list[Untimely] = []
    for book, number, kind, family, lo, hi, opens, closes in timed_rows(of, Kept(of)):
        row = {"kind": kind, "family": family, "lo": lo, "hi": hi, "opens": opens, "closes": closes}
        found += [(book, number, *one) for one in judge(row)]
    return sorted(found)


def by_business_rules(of: Lake) -> list[Untimely]:
    """Rules as JSON over variables and actions."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import (
        BaseVariables,
        numeric_rule_variable,
        string_rule_variable,
    )

    class Variables(BaseVariables):  # type: ignore[misc]
        def __init__(self, row: dict[str, Any]) -> None:
            self.row = row

        @string_rule_variable  # type: ignore[untyped-decorator]
        def kind(self) -> str:
            return self.row["kind"]  # type: ignore[no-any-return]

        @string_rule_variable  # type: ignore[untyped-decorator]
        def family(self) -> str:
            return self.row["family"]  # type: ignore[no-any-return]

        # The engine compares a variable with a constant only, so that differences are variables.
        @numeric_rule_variable  # type: ignore[untyped-decorator]
        def since_opening(self) -> int:
            return self.row["hi"] - self.row["opens"]  # type: ignore[no-any-return]

        @numeric_rule_variable  # type: ignore[untyped-decorator]
        def since_closing(self) -> int:
            return self.row["lo"] - self.row["closes"]  # type: ignore[no-any-return]

    class Actions(BaseActions):  # type: ignore[misc]
        def __init__(self) -> None:
            self.broken: list[tuple[str, str]] = []

        @rule_action(params={"clause": FIELD_TEXT, "code": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def breach(self, clause: str, code: str) -> None:
            self.broken.append((clause, code))

    rules = [
        {
            "conditions": {"all": conditions},
            "actions": [{"name": "breach", "params": {"clause": clause, "code": code}}],
        }
        for clause, code, conditions in _as_json()
    ]

    def judge(row: dict[str, Any]) -> list[tuple[str, str]]:
        actions = Actions()
        run_all(rules, Variables(row), actions)
        return actions.broken

    return _audited(of, judge)


def _as_json() -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    def said(name: str, operator: str, value: Any) -> dict[str, Any]:
        return {"name": name, "operator": operator, "value": value}

    for clause, kind, family, opens in _RULES:
        of = [said("kind", "equal_to", kind)]
        if family is not None:
            of.append(said("family", "equal_to", family))
        if opens:
            early = said("since_opening", "less_than_or_equal_to", 0)
            yield clause, "before-open", [*of, early]
        yield clause, "after-close", [*of, said("since_closing", "greater_than_or_equal_to", 0)]


def by_rule_engine(of: Lake) -> list[Untimely]:
    """Rules as expressions, each compiled once."""
    from rule_engine import Rule

    rules = [(clause, code, Rule(text)) for clause, code, text in _as_text()]

    def judge(row: dict[str, Any]) -> list[tuple[str, str]]:
        return [(clause, code) for clause, code, rule in rules if rule.matches(row)]

    return _audited(of, judge)


def _as_text() -> Iterator[tuple[str, str, str]]:
    for clause, kind, family, opens in _RULES:
        of = f"kind == '{kind}'" + ("" if family is None else f" and family == '{family}'")
        if opens:
            yield clause, "before-open", f"{of} and hi <= opens"
        yield clause, "after-close", f"{of} and lo >= closes"
