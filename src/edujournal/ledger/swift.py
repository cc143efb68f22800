"""Canonical bytes by msgspec, where it is installed: the same bytes and the same values, sooner.

Nothing is decided here. What is not plainly canonical to it is left to the plain way, which decides and
says why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import GenericAlias
from typing import Annotated, Any, Final

from attrs import frozen

#: Levels of objects and arrays that are read at once; what nests deeper is read the plain way.
_LEVELS: Final = 6

#: Stands for what was not read.
UNREAD: Final = object()


@frozen(eq=False)
class Swift:
    """Writes and reads JSON in one pass of compiled code.

    Attributes:
        encode: Gives the bytes of a value whose types are plain, keys sorted.
        decode: Gives the value of bytes if it has no types, numbers or depth but plain ones.
        failures: What either raises where it cannot.
    """

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    failures: tuple[type[Exception], ...]

    def write(self, value: Any) -> bytes | None:
        """The bytes of a plain value; None where its text has none."""
        try:
            return self.encode(value)
        except self.failures:
            return None

    def read(self, data: bytes) -> Any:
        """The value of *data* if they are the bytes that it is written as, else :data:`UNREAD`."""
        try:
            value = self.decode(data)
            return value if self.encode(value) == data else UNREAD
        except self.failures:
            return UNREAD


@cache
def swift(largest: int) -> Swift | None:
    """What msgspec makes of it; None where it is not installed.

    Args:
        largest: Largest integer, either sign.
    """
    try:
        msgspec: Any = import_module("msgspec")
    except ImportError:
        return None
    number = Annotated[int, msgspec.Meta(ge=-largest, le=largest)]
    flat: Any = str | bool | number | None
    kind = flat
    for _ in range(_LEVELS):
        kind = flat | GenericAlias(dict, (str, kind)) | GenericAlias(list, (kind,))
    return Swift(
        msgspec.json.Encoder(order="sorted").encode,
        msgspec.json.Decoder(kind).decode,
        (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError),
    )
