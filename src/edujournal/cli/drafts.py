"""Drafts out of what a shell can say: words on the command line, or one JSON object."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import attrs

from edujournal.cli.options import iso_day
from edujournal.errors import BadInput, Unknown, nearest
from edujournal.model import drafts
from edujournal.model.drafts import Absence, Draft
from edujournal.model.entries import Evidence
from edujournal.model.time import moment, parse_instant

#: Kinds of record with the draft that each begins as.
DRAFTS: Final[Mapping[str, type[Any]]] = {
    "annulment": drafts.Annulment,
    "comment": drafts.Comment,
    "confirmation": drafts.Confirmation,
    "correction": drafts.Correction,
    "disclosure": drafts.Disclosure,
    "homework": drafts.Homework,
    "makeup": drafts.MakeUp,
    "mark": drafts.Mark,
    "marker": drafts.Marker,
    "message": drafts.Message,
    "result": drafts.PeriodResult,
    "roll": drafts.RollCall,
    "setup": drafts.SetUp,
    "substitution": drafts.Substitution,
    "topic": drafts.Topic,
    "work": drafts.NewWork,
}


def from_words(record: str, words: Mapping[str, str]) -> Draft:
    """Make a draft of options: ``lesson=7A-alg-0915``, ``none-set=yes``, ``absent=p-3=Б,p-4=ОП:5``.

    Raises:
        Unknown: There is no such kind of record.
        BadInput: An option is none of this kind of record, or its value cannot be what it claims.
    """
    values = {
        name.replace("-", "_"): _word(name.replace("-", "_"), word) for name, word in words.items()
    }
    return _draft(record, values, "--")


def from_json(text: str, record: str | None = None) -> Draft:
    """Make a draft of one JSON object, such as ``{"record": "mark", "lesson": …, "value": 5}``.

    Raises:
        Unknown: There is no such kind of record.
        BadInput: It is no JSON object, or a field cannot be what it claims.
    """
    try:
        values = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput("not JSON", where="standard input", found=str(error)) from error
    if not isinstance(values, dict):
        raise BadInput(
            "not a draft", where="standard input", expected="one JSON object", found=text[:40]
        )
    named = values.pop("record", record)
    if not isinstance(named, str):
        raise BadInput(
            "a draft that does not say what it is",
            where="$.record",
            expected=", ".join(DRAFTS),
            found=repr(named),
        )
    if record not in (None, named):
        raise BadInput("two kinds of record", where="$.record", expected=record, found=named)
    return _draft(named, values, "$.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput("a field given twice", where=f"$.{twice}")
    return found


def _draft(record: str, values: Mapping[str, Any], prefix: str) -> Draft:
    if record not in DRAFTS:
        raise Unknown("kind of record", record, DRAFTS)
    kind = DRAFTS[record]
    fields = {one.name: one for one in attrs.fields(kind)}
    read: dict[str, Any] = {}
    for name, value in values.items():
        shown = f"{prefix}{name.replace('_', '-') if prefix == '--' else name}"
        if name not in fields:
            near = nearest(name, fields)
            raise BadInput(
                f"not a field of {record}",
                where=shown,
                expected=", ".join(fields),
                mend=f"Did you mean {near!r}?" if near else "",
            )
        try:
            read[name] = _READ.get(name, _plain)(value)
        except BadInput as error:
            first = error.problems[0]
            raise BadInput(
                first.what, where=shown, expected=first.expected, found=first.found
            ) from error
    missing = [
        one.name for one in fields.values() if one.default is attrs.NOTHING and one.name not in read
    ]
    if missing:
        raise BadInput(
            f"{record} lacks {', '.join(missing)}",
            where="command line" if prefix == "--" else "$",
            mend="" if prefix == "$." else f"Give --{missing[0].replace('_', '-')}.",
        )
    draft: Draft = kind(**read)
    return draft


# -- one value -------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if value is not None and not isinstance(value, str | int | Decimal):
        raise BadInput("not a plain value", expected="text or a number", found=repr(value))
    return value


def _day(value: Any) -> date | None:
    return None if value is None else iso_day(value, "")


def _moment(value: Any) -> datetime:
    return moment(parse_instant(value), "UTC")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise BadInput("neither true nor false", expected="true or false", found=repr(value))


def _number(value: Any) -> int:
    if type(value) is int:
        return value
    raise BadInput("not a number of an entry", expected="a whole number", found=repr(value))


def _absent(value: Any) -> dict[str, Absence]:
    if not isinstance(value, dict):
        raise BadInput("not absentees", expected="pupil → code", found=repr(value))
    return {pupil: _absence(one) for pupil, one in value.items()}


def _absence(value: Any) -> Absence:
    if isinstance(value, str):
        return Absence(value)
    if isinstance(value, dict) and value.keys() <= {"code", "late"} and "code" in value:
        return Absence(**value)
    raise BadInput("not an absence", expected='"Н" or {"code": "ОП", "late": 5}', found=repr(value))


def _people(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise BadInput("not accounts", expected="a list of ids", found=repr(value))


def _map(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise BadInput("not an object", expected="names and values", found=repr(value))


def _evidence(value: Any) -> Evidence | None:
    if value is None:
        return None
    known = {one.name for one in attrs.fields(Evidence)}
    if not isinstance(value, dict) or not value.keys() <= known:
        raise BadInput("not evidence", expected=", ".join(sorted(known)), found=repr(value))
    read = dict(value)
    for bound in ("lo", "hi"):
        if read.get(bound) is not None:
            read[bound] = parse_instant(read[bound])
    return Evidence(**read)


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "absent": _absent,
    "accept": _truth,
    "day": _day,
    "due": _day,
    "entry": _number,
    "evidence": _evidence,
    "examiners": _people,
    "held": _day,
    "none_set": _truth,
    "noticed": _moment,
    "texts": _map,
    "values": _map,
}

_TRUTH: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _word(name: str, word: str) -> Any:
    """What a word of the command line stands for, in the form that JSON would have."""
    if name in ("accept", "none_set"):
        if word.casefold() not in _TRUTH:
            raise BadInput(
                "neither yes nor no", where=f"--{name.replace('_', '-')}", found=repr(word)
            )
        return _TRUTH[word.casefold()]
    if name in ("entry", "value") and word.isascii() and word.isdecimal():
        return int(word)
    if name == "examiners":
        return word.split(",")
    if name == "absent":
        return dict(_missing(one) for one in word.split(",") if one)
    if name in ("values", "texts"):
        return dict(_halves(one, f"--{name}", "name=value") for one in word.split(","))
    if name == "evidence":
        raise BadInput("evidence on the command line", where="--evidence", mend="Use JSON.")
    return word


def _missing(text: str) -> tuple[str, Any]:
    pupil, code = _halves(text, "--absent", "p-3=Б or p-4=ОП:5")
    code, _, late = code.partition(":")
    if late and not (late.isascii() and late.isdecimal()):
        raise BadInput("not minutes", where="--absent", expected="such as ОП:5", found=text)
    return pupil, {"code": code, "late": int(late)} if late else code


def _halves(text: str, where: str, expected: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise BadInput("not a pair", where=where, expected=expected, found=repr(text))
    return name, value
