"""Shapes of bodies: bytes of a form that was seen before are read in one go, not taken apart.

Most bodies of a book differ in a few values only. A shape is a pattern made of one body that was read the
long way: its keys, their order and its punctuation stand in it letter by letter, and for each value there
is what canonical bytes may have there. Whatever it matches is therefore canonical, and its index stands in
the groups. Whatever it does not match, for whatever reason, is read the long way: a shape never refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from unicodedata import is_normalized

from attrs import frozen

from edujournal.ledger.bytes import encode
from edujournal.ledger.records import Record

#: Shapes that are remembered for one kind of record, and kinds.
_MOST: Final = 8
_KINDS: Final = 32

#: Where the kind of a record stands, and how many characters tell kinds apart. Only where to look depends
#: on it, never what is found.
_KIND: Final = '"kind":"'
_TOLD: Final = len(_KIND) + 6

#: Longest body of which a shape is made, in bytes, and how often its like must have come before: making
#: one costs as much as reading some hundred bodies the long way.
_LONGEST: Final = 4096
_SEEN: Final = 3

#: Patterns that are counted at a time.
_COUNTED: Final = 1024

#: What needs an escape, but for the quotation mark. A body that has any of it is read the long way: it is
#: cheaper to look for all of it once than for each letter, whether it may stand there.
_ESCAPES: Final = bytes(range(32)) + b"\\"

#: What canonical bytes may then have between quotation marks.
_TEXT: Final = '[^"]*+'

#: Any number of such texts in a list.
_TEXTS: Final = rf'\[(?:"{_TEXT}"(?:,"{_TEXT}")*+)?\]'

#: Integers of at most 16 digits, all below 2**53.
_INTEGER: Final = "(?:0|-?(?:[1-8][0-9]{15}|[1-9][0-9]{0,14}))"

#: What is taken out of a body: the place of the record, then what its index is made of.
_TAKEN: Final = (
    "$.school",
    "$.book",
    "$.n",
    "$.kind",
    "$.about",
    "$.pupil",
    "$.by.account",
    "$.by.role",
    "$.key",
    "$.item",
    "$.target",
    "$.at",
    "$.evidence.lo",
    "$.evidence.hi",
)

#: A group that never takes part, so that what is absent is None.
_ABSENT: Final = "(?:(?!)())?"

_NO_TEXTS: Final[Mapping[str, str]] = {}


@frozen
class _Shape:
    """One pattern, and how its groups are read.

    Attributes:
        fits: Matches the whole of a body.
        order: The groups of what stands in :data:`_TAKEN`.
        dated: Whether there is evidence of when it was originally recorded.
        texts: Names of its commitments.
        commitments: The groups of these.
    """

    fits: Callable[[str], re.Match[str] | None]
    order: tuple[int, ...]
    dated: bool
    texts: tuple[str, ...]
    commitments: tuple[int, ...]

    def read(self, body: re.Match[str], school: str, record: Record) -> Mapping[str, str] | None:
        """The commitments of a body, if all that it says is what the record says of it."""
        (
            own_school, book, number, kind, about, pupil, account, role, key, item, target, at, lo, hi,
        ) = body.group(*self.order)  # fmt: skip
        index = record.index
        recorded = int(at)
        if self.dated:
            first, until = None if lo is None else int(lo), int(hi)
        else:
            first, until = recorded, recorded + 1
        if (
            index.recorded == recorded
            and index.about == about
            and index.pupil == pupil
            and index.kind == kind
            and index.account == account
            and index.role == role
            and index.key == key
            and index.item == (0 if item is None else int(item))
            and index.target == (None if target is None else int(target))
            and index.lo == first
            and index.hi == until
            and record.number == int(number)
            and record.book == book
            and own_school == school
        ):
            if not self.texts:
                return _NO_TEXTS
            return {
                name: body[place] for name, place in zip(self.texts, self.commitments, strict=True)
            }
        return None


class Shapes:
    """Remembers the shapes of bodies that were read the long way.

    *Version added: 0.1.*
    """

    __slots__ = ("_counted", "_shapes")

    def __init__(self) -> None:
        self._shapes: dict[str, list[_Shape]] = {}
        self._counted: dict[str, int] = {}

    def read(self, school: str, record: Record) -> Mapping[str, str] | None:
        """Read a body of a known shape.

        Args:
            school: Id of the school that it has to be of.
            record: The record.

        Returns:
            Its commitments by name, where its bytes are canonical, its school, book and number are those
            of the record, and its index is the record's; None where that cannot be told in this way.
        """
        body = record.body
        if len(body.translate(None, _ESCAPES)) != len(body):
            return None
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return None
        if not text.isascii() and not is_normalized("NFC", text):
            return None
        shapes = self._shapes.get(_told(text))
        if shapes is None:
            return None
        for shape in shapes:
            found = shape.fits(text)
            if found is not None:
                if shape is not shapes[0]:
                    # What was of use last is likely to be of use next.
                    shapes.remove(shape)
                    shapes.insert(0, shape)
                return shape.read(found, school, record)
        return None

    def learn(self, record: Record, body: Mapping[str, Any]) -> None:
        """Take note of a body that was read the long way and is what it has to be.

        Args:
            record: The record.
            body: Its body, decoded.
        """
        if len(record.body) > _LONGEST:
            return
        made: list[str] = []
        pattern = "".join(_pattern(body, "$", made))
        count = self._counted[pattern] = self._counted.get(pattern, 0) + 1
        if count == _SEEN:
            shape = _shape(pattern, made, dated=body.get("evidence") is not None)
            told = _told(record.body.decode())
            if told in self._shapes or len(self._shapes) < _KINDS:
                shapes = self._shapes.setdefault(told, [])
                shapes.insert(0, shape)
                del shapes[_MOST:]
        if len(self._counted) > _COUNTED:
            self._counted.clear()


def _told(text: str) -> str:
    place = text.find(_KIND)
    return text[place : place + _TOLD]


def _shape(pattern: str, made: list[str], *, dated: bool) -> _Shape:
    groups = {path: place for place, path in enumerate(made, 1)}
    order = []
    for path in _TAKEN:
        if path not in groups:
            pattern += _ABSENT
            groups[path] = len(groups) + 1
        order.append(groups[path])
    texts = [path for path in made if path.startswith("$.texts.")]
    return _Shape(
        re.compile(pattern).fullmatch,
        tuple(order),
        dated,
        tuple(path.removeprefix("$.texts.") for path in texts),
        tuple(groups[path] for path in texts),
    )


def _pattern(value: Any, path: str, made: list[str]) -> Iterator[str]:
    """The pattern of a value, piece by piece; the paths of its groups go into *made*."""
    kind = type(value)
    if kind is dict:
        between = r"\{"
        for key in sorted(value):
            yield between + re.escape(encode(key).decode()) + ":"
            # A dot in a key would look like a path.
            below = f"{path}.{key}" if "." not in key else f"{path}.?"
            yield from _pattern(value[key], below, made)
            between = ","
        yield r"\}" if value else r"\{\}"
    elif kind is list and all(type(one) is str for one in value):
        yield _TEXTS
    elif kind is list:
        between = r"\["
        for one in value:
            yield between
            yield from _pattern(one, f"{path}.?", made)
            between = ","
        yield r"\]"
    elif path == "$.kind":
        # Each kind has shapes of its own: they are looked for by it.
        yield '"' + _group(re.escape(encode(value).decode()[1:-1]), path, made) + '"'
    elif kind is str:
        yield '"' + _group(_TEXT, path, made) + '"'
    elif kind is int and path != "$.v":
        yield _group(_INTEGER, path, made)
    else:
        # The version of a body is never left open; nor is what has two or three values only.
        yield encode(value).decode()


def _group(pattern: str, path: str, made: list[str]) -> str:
    if path in _TAKEN or path.startswith("$.texts."):
        made.append(path)
        return f"({pattern})"
    return pattern
