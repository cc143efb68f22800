"""Ids of keys: whose a key is can be found from its id by whoever knows the name, and only so."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import Final

from edujournal.errors import BadInput

#: Bytes of a key.
SECRET_SIZE: Final = 32

_ID: Final = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})")


def place_of(name: str) -> str:
    """What ids of all keys of *name* begin with: 32 hex digits."""
    return sha256(b"edujournal/key-name/v1\n" + name.encode()).hexdigest()[:32]


def new_id(name: str) -> str:
    """An id for a new key of *name*, never used before."""
    return f"{place_of(name)}-{os.urandom(16).hex()}"


def parts_of(id: str) -> tuple[str, str]:
    """The two parts of an id.

    Raises:
        BadInput: It is none.
    """
    found = _ID.fullmatch(id)
    if found is None:
        raise BadInput("not an id of a key", expected="32-32 hex digits", found=repr(id)[:80])
    return found[1], found[2]
