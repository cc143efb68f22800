"""Drafts out of what a shell can say: words on the command line, or one JSON object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import attrs

from edujournal.cli.options import iso_day
from edujournal.errors import BadInput, Unknown, nearest
from edujournal.model.drafts import DRAFTS, Absence, Draft
from edujournal.model.entries import Evidence
from edujournal.model.time import moment, parse_instant
from edujournal.plain_files import json_of


def from_words(record: str, words: Mapping[str, str]) -> Draft:
    """Make a draft of options: ``lesson=7A-alg-0915``, ``none-set=yes``, ``absent=p-3=Б,p-4=ОП:5``.

    Raises:
        Unknown: There is no such kind of record.
        BadInput: An option is none of this kind of record, or its value cannot be what it claims.
    """
    fields = _fields(record)
    values: dict[str, Any] = {}
    for option, word in words.items():
        name = option.replace("-", "_")
        told = _WORDS.get(str(fields[name].type)) if name in fields else None
        values[name] = word if told is None else _at(f"--{option}", told, word)
    return _draft(record, values, lambda name: f"--{name.replace('_', '-')}", "command line")


def from_json(content: bytes | str, record: str | None = None) -> Draft:
    """Make a draft of one JSON object, such as ``{"record": "mark", "lesson": …, "value": 5}``.

    Raises:
        Unknown: There is no such kind of record.
        BadInput: It is no JSON object, or a field cannot be what it claims.
    """
    values = json_of(content, "standard input", BadInput, decimals=True)
    if not isinstance(values, dict):
        raise BadInput(
            "not a draft",
            where="standard input",
            expected="one JSON object",
            found=repr(values)[:40],
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
        raise BadInput("two kinds of record", where="$.record", expected=record or "", found=named)
    return _draft(named, values, lambda name: f"$.{name}", "$")


def _fields(record: str) -> Mapping[str, attrs.Attribute[Any]]:
    if record not in DRAFTS:
        raise Unknown("kind of record", record, DRAFTS)
    return {one.name: one for one in attrs.fields(DRAFTS[record])}


def _draft(
    record: str, values: Mapping[str, Any], shown: Callable[[str], str], whole: str
) -> Draft:
    fields = _fields(record)
    read: dict[str, Any] = {}
    for name, value in values.items():
        if name not in fields:
            near = nearest(name, fields)
            raise BadInput(
                f"not a field of {record}",
                where=shown(name),
                expected=", ".join(fields),
                mend=f"Did you mean {shown(near)}?" if near else "",
            )
        read[name] = _at(shown(name), READ[str(fields[name].type)], value)
    missing = [
        one.name for one in fields.values() if one.default is attrs.NOTHING and one.name not in read
    ]
    if missing:
        raise BadInput(
            f"{record} lacks something", where=whole, expected=", ".join(map(shown, missing))
        )
    draft: Draft = DRAFTS[record](**read)
    return draft


def _at(where: str, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except BadInput as error:
        raise BadInput([replace(one, where=where) for one in error.problems]) from error


# -- one value of JSON -----------------------------------------------------------------------------


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise BadInput("not a text", expected="text", found=repr(value))


def _value(value: Any) -> Any:
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        return value
    raise BadInput("not a mark's value", expected="a number or a code", found=repr(value))


def _day(value: Any) -> date:
    return iso_day(value, "")


def _moment(value: Any) -> datetime:
    return moment(parse_instant(value), "UTC")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise BadInput("neither true nor false", expected="true or false", found=repr(value))


def _number(value: Any) -> int:
    if type(value) is int:
        return value
    raise BadInput("not a whole number", expected="such as 12", found=repr(value))


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise BadInput("not an object", expected="names and values", found=repr(value))


def _texts(value: Any) -> dict[str, str]:
    return {name: _text(one) for name, one in _object(value).items()}


def _numbers(value: Any) -> dict[str, int]:
    return {name: _number(one) for name, one in _object(value).items()}


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(one) for one in value)
    raise BadInput("not a list", expected="a list of texts", found=repr(value))


def _absent(value: Any) -> dict[str, Absence]:
    return {pupil: _absence(one) for pupil, one in _object(value).items()}


def _absence(value: Any) -> Absence:
    if isinstance(value, str):
        return Absence(value)
    if isinstance(value, dict) and value.keys() <= {"code", "late", "left"} and "code" in value:
        return Absence(**value)
    raise BadInput("not an absence", expected='"Н" or {"code": "ОП", "late": 5}', found=repr(value))


def _evidence(value: Any) -> Evidence:
    read = dict(_object(value))
    known = {one.name for one in attrs.fields(Evidence)}
    for name in read:
        if name not in known:
            near = nearest(name, known)
            raise BadInput(
                "not a field of evidence",
                expected=", ".join(sorted(known)),
                found=repr(name),
                mend=f"Did you mean {near!r}?" if near else "",
            )
    for bound in ("lo", "hi"):
        if read.get(bound) is not None:
            read[bound] = parse_instant(read[bound])
    return Evidence(**read)


def _entries(value: Any) -> dict[str, list[int]]:
    found = _object(value)
    for book, numbers in found.items():
        if not isinstance(numbers, list) or any(type(number) is not int for number in numbers):
            raise BadInput(
                "not numbers of entries", expected=f'{{"{book}": [12, 15]}}', found=repr(numbers)
            )
    return found


def _worked_out(value: Any) -> Any:
    raise BadInput("worked out when it is recorded", found=repr(value)[:60], mend="Leave it out.")


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


#: How a field of a draft is read, by its type as the draft declares it.
READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Entries": _entries,
    "Evidence | None": _or_none(_evidence),
    "Mapping[str, Any]": _object,
    "Mapping[str, Any] | None": _or_none(_object),
    "Mapping[str, Mapping[int, str]]": _worked_out,
    "Mapping[str, int]": _numbers,
    "Mapping[str, str | Absence]": _absent,
    "Mapping[str, str]": _texts,
    "MarkValue": _value,
    "MarkValue | None": _or_none(_value),
    "Sequence[str]": _list,
    "Sequence[str | JournalId]": _list,
    "bool": _truth,
    "date": _day,
    "date | None": _or_none(_day),
    "datetime": _moment,
    "datetime | None": _or_none(_moment),
    "int": _number,
    "int | None": _or_none(_number),
    "str": _text,
    "str | JournalId": _text,
    "str | JournalId | None": _or_none(_text),
    "str | None": _or_none(_text),
}


# -- one word of the command line ------------------------------------------------------------------

_TRUTH: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes_or_no(word: str) -> bool:
    if word.casefold() not in _TRUTH:
        raise BadInput("neither yes nor no", expected="yes or no", found=repr(word))
    return _TRUTH[word.casefold()]


def _whole(word: str) -> int:
    if not (word.isascii() and word.isdecimal()):
        raise BadInput("not a whole number", expected="such as 12", found=repr(word))
    return int(word)


def _number_or_code(word: str) -> int | str:
    return int(word) if word.isascii() and word.isdecimal() else word


def _pairs(word: str, expected: str = "name=value") -> dict[str, str]:
    found = {}
    for part in word.split(","):
        name, sign, value = part.partition("=")
        if not sign or not name or not value:
            raise BadInput("not a pair", expected=expected, found=repr(part))
        found[name] = value
    return found


def _values(word: str) -> dict[str, int | str]:
    return {name: _number_or_code(value) for name, value in _pairs(word).items()}


def _missed(word: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pupil, told in _pairs(word, "p-3=Б or p-4=ОП:5").items():
        code, sign, late = told.partition(":")
        found[pupil] = {"code": code, "late": _whole(late)} if sign else code
    return found


def entries_in(word: str) -> dict[str, list[int]]:
    """Book → numbers of entries, of ``journal/7A/alg/2026=12+15``, books parted by commas.

    Raises:
        BadInput: It is not of this form.
    """
    told = _pairs(word, "journal/7A/alg/2026=12+15")
    return {book: [_whole(number) for number in told[book].split("+")] for book in told}


def _no_words(word: str) -> Any:
    raise BadInput("too much for an option", found=word, mend="Give the draft as JSON.")


#: What a word stands for, in the form that JSON has, by the type of the field; else itself.
_WORDS: Final[Mapping[str, Callable[[str], Any]]] = {
    "Entries": entries_in,
    "Evidence | None": _no_words,
    "Mapping[str, Any]": _values,
    "Mapping[str, Any] | None": _no_words,
    "Mapping[str, int]": _values,
    "Mapping[str, str | Absence]": _missed,
    "Mapping[str, str]": _pairs,
    "MarkValue": _number_or_code,
    "MarkValue | None": _number_or_code,
    "Sequence[str]": lambda word: word.split(","),
    "Sequence[str | JournalId]": lambda word: word.split(","),
    "bool": _yes_or_no,
    "int": _whole,
    "int | None": _whole,
}
