"""Answers that were given lately, so that what comes again at once is not worked out again."""

from __future__ import annotations

from typing import Final, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: How many answers are kept; entries about one thing come close to each other.
MOST: Final = 4_096


class Recent(dict[_Key, _Value]):
    """Answers by what was asked. Too many are forgotten at once: it does not grow with a school."""

    def keep(self, key: _Key, value: _Value) -> _Value:
        """Keep and give *value*."""
        if len(self) >= MOST:
            self.clear()
        self[key] = value
        return value
