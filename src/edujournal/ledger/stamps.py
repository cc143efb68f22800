"""Stamps: what an authority of time says of a checkpoint, and when.

A stamp is over the text of a checkpoint, so that it can be held to the log itself: whoever has the log
can say what the text of each size must be. It tells *when* that state was there, against whoever holds
the store and the key. It remembers nothing: a school that keeps two histories can have both stamped.
That is what a witness is for.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Protocol

from attrs import frozen

#: DER: an octet string of 32 bytes.
_OCTETS: Final = b"\x04\x20"


def is_over(text: bytes, token: bytes) -> bool:
    """Tell whether a token of RFC 3161 bears the SHA-256 of a text, whoever has made it.

    It is what can be said without the certificate of the authority: a token over another text is
    found, one that nobody has signed is not.

    *Version added: 0.1.*
    """
    return _OCTETS + sha256(text).digest() in token


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
