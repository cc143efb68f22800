"""Checkpoints, as C2SP has them (c2sp.org/tlog-checkpoint): the state of one log, to be signed.

The text of a checkpoint is three lines: the origin that names the log, the number of its leaves, and in
base64 the root of its tree. Lines after these are kept as they are.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final
from urllib.parse import quote

from attrs import frozen

from edujournal.errors import BadInput

_SIZE: Final = re.compile("0|[1-9][0-9]{0,18}", re.ASCII)
_HASH: Final = 32


@frozen
class Checkpoint:
    """The state of a log: how many leaves it has, and the root of the tree over them.

    *Version added: 0.1.*

    Attributes:
        origin: Names the log; see :func:`origin_of`.
        size: Number of leaves.
        root: Root of the tree, 32 bytes.
        extensions: Further lines.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint.

        Raises:
            BadInput: It is none.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not lines[0] or "" in lines[:-1]:
            raise BadInput(
                "not a checkpoint",
                expected="lines with origin, size and root, each ended by a line feed",
                found=repr(text[:60]),
            )
        origin, size, root, *extensions = lines[:-1]
        if not _SIZE.fullmatch(size):
            raise BadInput("not a size", where="line 2", expected="digits", found=repr(size[:40]))
        try:
            data = b64decode(root, validate=True)
        except ValueError as error:
            raise BadInput("not base64", where="line 3", found=repr(root[:60])) from error
        if len(data) != _HASH or b64encode(data).decode() != root:
            raise BadInput(
                "not a root", where="line 3", expected="32 bytes in base64", found=repr(root[:60])
            )
        return cls(origin, int(size), data, tuple(extensions))


def origin_of(name: str, school: str, year: str) -> str:
    """Origin of the seal log of one school and year.

    Args:
        name: What all logs of the keeper begin with, such as ``edujournal.example``.
        school: Id of the school; what a key's name may not have is written with ``%``.
        year: Academic year.

    *Version added: 0.1.*
    """
    return f"{name}/{quote(school, safe='')}/{quote(year, safe='')}"
