"""Canonical bytes: the strict profile of JSON in which bodies and private texts are written.

One value has one byte string, and it is the one that RFC 8785 gives: keys sorted, no blanks, text
as raw UTF-8 with the fewest escapes. The profile leaves out what could be read in two ways: floats,
integers of 2**53 and more, keys beyond ASCII, text that is not in normal form C, lone surrogates.

With the extra ``speed`` what is canonical is written and read by compiled code; what is not is left to
the code here, and so are all answers about it.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final, NoReturn

from edujournal.errors import BadInput, Problem
from edujournal.ledger.swift import UNREAD, swift

#: Largest integer, either sign: beyond it a reader that keeps numbers as doubles would err.
LARGEST: Final = 2**53 - 1

#: How deep objects and arrays may nest.
DEEPEST: Final = 32

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
)
_DECODER: Final = json.JSONDecoder()


def encode(value: Any) -> bytes:
    """Write *value* as canonical bytes.

    Args:
        value: Built of ``dict`` (with ``str`` keys), ``list``, ``str``, ``int``, ``bool`` and
            ``None``, of these types exactly: a tuple or an enum would not be read back as it was.

    Raises:
        BadInput: A value lies outside the profile; ``where`` is its path, such as ``$.by.account``.

    *Version added: 0.1.*
    """
    if not _is_plain(value, DEEPEST):
        _refuse(value)
    by = swift(LARGEST)
    data = None if by is None else by.write(value)
    if data is not None and (data.isascii() or _offence(value, "$", DEEPEST) is None):
        return data
    text = _ENCODER.encode(value)
    if not text.isascii():
        problem = _offence(value, "$", DEEPEST)
        if problem is not None:
            raise BadInput(problem)
    return text.encode()


def decode(data: bytes) -> Any:
    """Read canonical bytes; give the one value whose :func:`encode` they are.

    Raises:
        BadInput: The bytes are not canonical: not JSON, outside the profile, or written another way.

    *Version added: 0.1.*
    """
    by = swift(LARGEST)
    value = UNREAD if by is None else by.read(data)
    if value is not UNREAD and (data.isascii() or _offence(value, "$", DEEPEST) is None):
        return value
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8", where=f"byte {error.start}", found=error.reason) from error
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            "not JSON", where=f"byte {_offset(text, error.pos)}", found=error.msg
        ) from error
    except ValueError as error:
        raise BadInput(
            "a number outside the profile", expected="an integer below 2**53", found="more digits"
        ) from error
    except RecursionError as error:
        raise BadInput("nested too deeply", expected=f"at most {DEEPEST} levels") from error
    if encode(value) != data:
        _refuse_spelling(data, value, end < len(text))
    return value


def _is_plain(value: Any, room: int) -> bool:
    """Tell whether *value* has only the types, sizes and depth of the profile; text comes later."""
    kind = type(value)
    if kind is dict:
        if not room:
            return False
        for key, item in value.items():
            if type(key) is not str:
                return False
            of = type(item)
            if of is str or item is None or (of is int and -LARGEST <= item <= LARGEST):
                continue
            if not _is_plain(item, room - 1):
                return False
        return True
    if kind is list:
        return room > 0 and all(_is_plain(item, room - 1) for item in value)
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    return value is None or kind is str or kind is bool


def _offence(value: Any, path: str, room: int) -> Problem | None:
    """The first thing in *value* that the profile does not know, or None."""
    kind = type(value)
    if kind is str:
        return _text_offence(value, path)
    if kind is dict or kind is list:
        if not room:
            return Problem(path, "nested too deeply", f"at most {DEEPEST} levels")
        return _inner_offence(value, path, room - 1)
    if kind is int:
        if -LARGEST <= value <= LARGEST:
            return None
        digits = value.bit_length() // 3
        found = str(value) if digits < 100 else f"an integer of about {digits} digits"
        return Problem(path, "an integer too large", "an absolute value below 2**53", found)
    if kind is bool or value is None:
        return None
    mend = "Write fractions as text or as two integers." if isinstance(value, float) else ""
    return Problem(
        path,
        "a type that has no canonical bytes",
        "dict, list, str, int, bool or None",
        kind.__name__,
        mend,
    )


def _inner_offence(value: dict[Any, Any] | list[Any], path: str, room: int) -> Problem | None:
    if isinstance(value, list):
        for position, item in enumerate(value):
            problem = _offence(item, f"{path}[{position}]", room)
            if problem is not None:
                return problem
        return None
    for key, item in value.items():
        if type(key) is not str or not key.isascii():
            return Problem(path, "a key that is not ASCII text", "an ASCII key", ascii(key))
        problem = _offence(item, f"{path}.{key}", room)
        if problem is not None:
            return problem
    return None


def _text_offence(value: str, path: str) -> Problem | None:
    if value.isascii():
        return None
    try:
        value.encode()
    except UnicodeEncodeError as error:
        found = ascii(value[error.start])
        return Problem(path, "a lone surrogate in a text", "Unicode text", found)
    if not unicodedata.is_normalized("NFC", value):
        mend = "Normalise with unicodedata.normalize('NFC', …) where the text comes in."
        return Problem(path, "a text not in normal form C", "NFC", ascii(value[:40]), mend)
    return None


def _refuse(value: Any) -> NoReturn:
    problem = _offence(value, "$", DEEPEST)
    if problem is None:
        raise AssertionError("the quick check refused what the slow one accepts")
    raise BadInput(problem)


def _refuse_spelling(data: bytes, value: Any, trailing: bool) -> NoReturn:
    """Say where *data*, which reads as *value*, is not spelt as :func:`encode` spells it."""
    right = encode(value)
    pairs = enumerate(zip(data, right, strict=False))
    at = next((n for n, (a, b) in pairs if a != b), min(len(data), len(right)))
    if trailing and at == len(right):
        raise BadInput(
            "more after the value",
            where=f"byte {at}",
            expected="the end",
            found=repr(data[at : at + 20]),
        )
    raise BadInput(
        "not canonical (order, blanks, escapes or a key twice)",
        where=f"byte {at}",
        expected=repr(right[at : at + 20]),
        found=repr(data[at : at + 20]),
    )


def _offset(text: str, position: int) -> int:
    return len(text[:position].encode())
