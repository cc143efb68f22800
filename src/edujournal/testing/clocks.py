"""Clocks and salts for tests: nothing that a test sees is left to chance."""

from __future__ import annotations

import hashlib
from datetime import datetime

from edujournal.model.time import instant, moment


class StandingClock:
    """A clock that stands until it is set.

    *Version added: 0.1.*

    Args:
        at: What it shows: UTC microseconds since 1970, or an aware datetime.
    """

    def __init__(self, at: int | datetime = 0) -> None:
        self.at = _instant(at)

    def __call__(self) -> datetime:
        """Give the moment that it shows."""
        return moment(self.at, "UTC")

    def set(self, at: int | datetime) -> None:
        """Make it show *at*, which may be earlier than before."""
        self.at = _instant(at)

    def advance(self, microseconds: int) -> None:
        """Put it forward, or back when *microseconds* is negative."""
        self.at += microseconds


class CountedSalts:
    """Salts that are the same in every run, and different from each other.

    *Version added: 0.1.*

    Args:
        seed: Two of the same seed give the same salts.
    """

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._given = 0

    def __call__(self, size: int) -> bytes:
        """Give *size* bytes."""
        self._given += 1
        found = b""
        while len(found) < size:
            name = f"{self._seed}:{self._given}:{len(found)}"
            found += hashlib.sha256(name.encode()).digest()
        return found[:size]


def _instant(at: int | datetime) -> int:
    return at if isinstance(at, int) else instant(at)
