"""Ordering: ids as people would put them, numbers in them counted and not spelt."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]{1,18})")


def natural(id: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts ``p-9`` before ``p-10``; different ids have different keys.

    *Version added: 0.1.*
    """
    return tuple(
        (0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part)
        for part in _DIGITS.split(id)
        if part
    )
