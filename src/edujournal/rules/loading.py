"""Reading a regulation from TOML: structured by cattrs, every fault with the path to its field."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import cattrs
from attrs import evolve, fields, has
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from edujournal.errors import BadInput, BadRegulation, Problem, Unknown, nearest
from edujournal.ledger.bytes import encode
from edujournal.model.ids import check_id
from edujournal.plain_files import LARGEST_PAPER, check_size, read_plain, toml_of
from edujournal.rules import exact_fields
from edujournal.rules.anchors import ANCHORS
from edujournal.rules.checking import problems_of
from edujournal.rules.clauses import (
    ApprovalRule,
    LimitRule,
    LockRule,
    LoginRule,
    PublicationRule,
    QuantityRule,
    Quorum,
    Regulation,
    RelationRule,
    RightsRule,
    Rule,
    Selector,
    TimingRule,
)
from edujournal.rules.merging import extended
from edujournal.rules.selectors import NUMERIC, Span
from edujournal.rules.terms import (
    PAUSES,
    ROLLS,
    SNAPS,
    Anchored,
    Combined,
    Shift,
    Term,
)
from edujournal.rules.verdicts import Effect, Severity

#: Classes of rules by the word for their kind.
RULES: dict[str, type[Rule]] = {
    "timing": TimingRule,
    "quantity": QuantityRule,
    "limit": LimitRule,
    "rights": RightsRule,
    "relation": RelationRule,
    "lock": LockRule,
    "publication": PublicationRule,
    "approval": ApprovalRule,
    "login": LoginRule,
}
_COMBINATIONS = ("min", "max", "first_known", "clamp")
_TERM_FIELDS = ("anchor", "shift", "roll", "snap", "count", "pause")


class _Wrong(ValueError):
    """A value of the wrong form, found while structuring; turned into a Problem with its path."""

    def __init__(
        self, what: str, expected: str = "", found: str = "", mend: str = "", at: str = ""
    ) -> None:
        super().__init__(what)
        self.problem = Problem(at, what, expected, found, mend)


def _strict(cls: type) -> Any:
    names = {str: "text", int: "a whole number", bool: "true or false", date: "a day"}

    def structure(value: Any, _: Any) -> Any:
        ok = type(value) is cls or (cls is date and isinstance(value, date))
        if not ok or (cls is date and isinstance(value, datetime)):
            raise _Wrong("wrong type", names[cls], repr(value))
        return value

    return structure


def _choice(value: Any, allowed: Any, what: str, at: str = "") -> str:
    if not isinstance(value, str) or value not in allowed:
        near = nearest(str(value), allowed)
        raise _Wrong(
            f"unknown {what}",
            expected=f"one of {', '.join(sorted(allowed))}",
            found=repr(value),
            mend=f"Did you mean {near!r}?" if near else "",
            at=at,
        )
    return value


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("wrong type", "a table", repr(value))
    return value


def _only(table: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for name in table:
        if name not in allowed:
            near = nearest(name, allowed)
            raise _Wrong(
                f"unknown field {name!r}",
                expected=f"one of {', '.join(allowed)}",
                mend=f"Did you mean {near!r}?" if near else "",
            )


def _term(value: Any, _: Any = None) -> Term:
    table = _table(value)
    how = next((name for name in _COMBINATIONS if name in table), None)
    if how is not None:
        _only(table, (how,))
        parts = table[how]
        if not isinstance(parts, list) or not parts or (how == "clamp" and len(parts) != 3):
            wanted = "three terms: value, least, greatest" if how == "clamp" else "a list of terms"
            raise _Wrong(f"nothing to combine by {how}", wanted, repr(parts), at=f".{how}")
        terms: list[Term] = [_nested(f".{how}[{i}]", part) for i, part in enumerate(parts)]
        return Combined(how, terms)
    _only(table, _TERM_FIELDS)
    if "anchor" not in table:
        near = ", ".join(_COMBINATIONS)
        raise _Wrong("a term without an anchor", f"anchor, or one of {near}", repr(dict(table)))
    anchor = table["anchor"]
    if not (
        isinstance(anchor, str)
        and (
            re.fullmatch(r"date:(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", anchor)
            or re.fullmatch(r"given\.[a-z][a-z0-9_]*", anchor)
        )
    ):
        _choice(anchor, ANCHORS, "anchor", ".anchor")
    shift = None
    if "shift" in table:
        try:
            shift = Shift.parse(str(table["shift"]))
        except BadInput as error:
            raise _at(error, ".shift") from error
    snap = table.get("snap", "none")
    if not (isinstance(snap, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", snap)):
        _choice(snap, SNAPS, "snap (or a clock, HH:MM)", ".snap")
    return Anchored(
        anchor,
        shift,
        _choice(table.get("roll", "none"), ROLLS, "roll", ".roll"),
        snap,
        _choice(table.get("count", "excluded"), ("excluded", "included"), "count", ".count"),
        _choice(table.get("pause", "none"), PAUSES, "pause", ".pause"),
    )


def _nested(path: str, part: Any) -> Term:
    try:
        return _term(part)
    except _Wrong as wrong:
        raise _Wrong(
            wrong.problem.what,
            wrong.problem.expected,
            wrong.problem.found,
            wrong.problem.mend,
            path + wrong.problem.where,
        ) from wrong


def _at(error: BadInput, path: str) -> _Wrong:
    first = error.problems[0]
    return _Wrong(first.what, first.expected, first.found, first.mend, path + first.where)


def _selector(value: Any, _: Any = None) -> Selector:
    fields_: list[tuple[str, tuple[Any, ...]]] = []
    for name, allowed in sorted(_table(value).items()):
        values = allowed if isinstance(allowed, list) else [allowed]
        if not values:
            raise _Wrong("an empty list selects nothing", "at least one value", at=f".{name}")
        for one in values:
            if not isinstance(one, str | int | bool):
                raise _Wrong("wrong type", "text, number or truth value", repr(one), at=f".{name}")
        fields_.append((name, tuple(_ranged(name, one) for one in values)))
    return Selector(tuple(fields_))


def _ranged(name: str, value: Any) -> Any:
    """A range such as ``3..`` where the feature is a number; any other value as it is."""
    found = re.fullmatch(r"(\d{1,4})?\.\.(\d{1,4})?", value) if isinstance(value, str) else None
    if name not in NUMERIC or found is None:
        return value
    least, most = (None if one is None else int(one) for one in found.groups())
    if (least is None and most is None) or (
        least is not None and most is not None and least > most
    ):
        raise _Wrong("a range without a number", "such as 3.. or 2..4", repr(value), at=f".{name}")
    return Span(least, most)


def _shift(value: Any, _: Any = None) -> Shift:
    try:
        return Shift.parse(str(value))
    except BadInput as error:
        raise _at(error, "") from error


def _quorum(value: Any, _: Any = None) -> Quorum:
    if isinstance(value, str):
        return Quorum(_choice(value, ("none", "once"), "quorum"))
    table = _table(value)
    _only(table, ("each",))
    each = table.get("each")
    if isinstance(each, list) and each and all(isinstance(one, str) for one in each):
        return Quorum("each", "members", tuple(each))
    return Quorum("each", _choice(each, ("roll", "present"), "set", ".each"))


def _rule(converter: cattrs.Converter) -> Any:
    def structure(value: Any, _: Any) -> Rule:
        table = dict(_table(value))
        kind = _choice(table.pop("kind", None), RULES, "kind of rule", ".kind")
        if kind == "quantity" and "each" in table:
            table["each"] = {"each": table["each"]}
        rule: Rule = converter.structure(table, RULES[kind])
        return rule

    return structure


def _given(value: Any, _: Any) -> dict[str, int | date]:
    table = _table(value)
    for name, one in table.items():
        if isinstance(one, bool | datetime) or not isinstance(one, int | date):
            raise _Wrong("wrong type", "a whole number or a day", repr(one), at=f".{name}")
    return dict(table)


def _enumeration(value: Any, cls: type[StrEnum]) -> StrEnum:
    return cls(_choice(value, [member.value for member in cls], cls.__name__.lower()))


@lru_cache(maxsize=1)
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for cls in (str, int, bool, date):
        converter.register_structure_hook(cls, _strict(cls))
    # By class: a StrEnum is a str, and the hook for text would take it first.
    for enumeration in (Effect, Severity):
        converter.register_structure_hook(enumeration, _enumeration)
    converter.register_structure_hook_func(lambda cls: cls == Term, _term)
    converter.register_structure_hook_func(lambda cls: cls == Term | None, _term)
    converter.register_structure_hook_func(lambda cls: cls == Rule, _rule(converter))
    converter.register_structure_hook(Selector, _selector)
    exact_fields.register(converter)
    converter.register_structure_hook(Quorum, _quorum)
    converter.register_structure_hook(Shift, _shift)
    converter.register_structure_hook_func(lambda cls: cls == Mapping[str, int | date], _given)
    converter.register_structure_hook(
        Regulation,
        make_dict_structure_fn(
            Regulation,
            converter,
            digest=override(omit=True),
            checks=override(omit=True),
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=True,
        ),
    )
    return converter


def _walk(error: BaseException, path: str) -> Iterator[Problem]:
    if isinstance(error, BaseValidationError):
        for child in error.exceptions:
            notes = getattr(child, "__notes__", ())
            step = ""
            for note in notes:
                if isinstance(note, AttributeValidationNote):
                    step = f".{note.name}"
                elif isinstance(note, IterableValidationNote):
                    step = f"[{note.index}]"
            yield from _walk(child, path + step)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [one.name for one in fields(error.cl)] if has(error.cl) else []
        for name in sorted(map(str, error.extra_fields)):
            near = nearest(name, known)
            yield Problem(
                f"{path}.{name}",
                f"unknown field {name!r}",
                expected=f"one of {', '.join(known)}",
                mend=f"Did you mean {near!r}?" if near else "",
            )
    elif isinstance(error, _Wrong):
        yield Problem(
            path + error.problem.where,
            error.problem.what,
            error.problem.expected,
            error.problem.found,
            error.problem.mend,
        )
    elif isinstance(error, exact_fields.Inexact):
        yield Problem(path + error.at, error.what, error.expected, error.found, error.mend)
    elif isinstance(error, KeyError):
        yield Problem(path, f"field {error.args[0]!r} is missing", expected="a value")
    else:
        yield Problem(path, "not understood", found=str(error))


def structure(data: Mapping[str, Any], name: str = "regulation") -> Regulation:
    """Make a regulation of plain data.

    Args:
        data: The content of a regulation file.
        name: What to call it in messages; paths begin with it.

    Raises:
        BadRegulation: Every fault found, each with its path.

    *Version added: 0.1.*
    """
    if "extends" in data:
        data = extended(data, name, _content)
    try:
        regulation: Regulation = _converter().structure(dict(data), Regulation)
    except (BaseValidationError, ForbiddenExtraKeysError, KeyError) as error:
        raise BadRegulation(list(_walk(error, name))) from None
    try:
        check_id(regulation.id, "regulation")
    except BadInput as error:
        raise BadRegulation([Problem(f"{name}.id", error.problems[0].what,
                                     error.problems[0].expected, regulation.id)]) from None  # fmt: skip
    problems = list(problems_of(regulation, name))
    if problems:
        raise BadRegulation(problems)
    digest = hashlib.sha256(b"edujournal/regulation/v1\n" + encode(_plain(data))).hexdigest()
    return evolve(regulation, digest=digest)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [[str(name), _plain(value[name])] for name in sorted(value)]
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def shipped() -> tuple[str, ...]:
    """Ids of the regulations that come with the library.

    *Version added: 0.1.*
    """
    folder = resources.files("edujournal.rules") / "regulations"
    return tuple(
        sorted(
            file.name.removesuffix(".toml")
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        )
    )


def load(source: str | Path | Mapping[str, Any] | Regulation) -> Regulation:
    """Load a regulation: one that is shipped, by its id; a TOML file, by its path; or plain data.

    Args:
        source: ``"ru-school26-2023"``, a path that ends in ``.toml``, a mapping, or a regulation.

    Raises:
        Unknown: No regulation of that id is shipped; the nearest is named.
        BadRegulation: The file says something that cannot be meant; every fault has its path.

    *Version added: 0.1.*
    """
    if isinstance(source, Regulation):
        return source
    if isinstance(source, Mapping):
        return structure(source)
    if isinstance(source, Path) or source.endswith(".toml"):
        return parse(_bytes(Path(source)), Path(source).name)
    return _shipped(source)


def _bytes(path: Path) -> bytes:
    return read_plain(path, LARGEST_PAPER, BadRegulation)


@lru_cache(maxsize=32)
def _shipped(id: str) -> Regulation:
    if id not in shipped():
        raise Unknown("regulation", id, shipped())
    file = resources.files("edujournal.rules") / "regulations" / f"{id}.toml"
    return parse(file.read_bytes(), f"{id}.toml")


def _content(id: str) -> Mapping[str, Any]:
    """The content of the shipped regulation with *id*, as it stands in its file."""
    if id not in shipped():
        raise Unknown("regulation", id, shipped())
    file = resources.files("edujournal.rules") / "regulations" / f"{id}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def content(source: str | Path) -> Mapping[str, Any]:
    """Give the content of a regulation file as plain data, laid over what it extends.

    Args:
        source: Id of a shipped regulation, or the path of a TOML file.

    Raises:
        Unknown: No regulation of that id is shipped; the nearest is named.
        BadRegulation: The file cannot be read, is not TOML, or extends what is not there.

    *Version added: 0.1.*
    """
    if isinstance(source, Path) or source.endswith(".toml"):
        name = Path(source).name
        data: Mapping[str, Any] = _toml(_bytes(Path(source)), name)
    else:
        name = f"{source}.toml"
        data = _content(source)
    return extended(data, name, _content) if "extends" in data else data


def parse(content: bytes, name: str) -> Regulation:
    """Make a regulation of the bytes of a TOML file.

    Raises:
        BadRegulation: Every fault found, each with its path or line.

    *Version added: 0.1.*
    """
    return structure(_toml(content, name), name)


def _toml(content: bytes, name: str) -> dict[str, Any]:
    check_size(len(content), name, LARGEST_PAPER, BadRegulation)
    return toml_of(content, name, BadRegulation)
