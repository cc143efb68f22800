"""Stamps: what an authority of time says of a checkpoint, and when.

A stamp is over the text of a checkpoint, so that it can be held to the log itself: whoever has the log
can say what the text of each size must be. It tells *when* that state was there, against whoever holds
the store and the key. It remembers nothing: a school that keeps two histories can have both stamped.
That is what a witness is for.
"""

from __future__ import annotations

from typing import Protocol

from attrs import frozen


@frozen
class Stamp:
    """A state of a log that an authority has seen.

    *Version added: 0.1.*

    Attributes:
        size: Number of leaves.
        at: When the authority saw it, UTC microseconds.
    """

    size: int
    at: int


class StampReader(Protocol):
    """Reads the tokens of one authority or several.

    *Version added: 0.1.*
    """

    def stamped(self, text: bytes, token: bytes) -> int:
        """Tell when a text was there, UTC microseconds.

        Raises:
            BadInput: The token is not over this text, or not from an authority that is trusted.
        """
