"""Requests to a witness, in the form of c2sp.org/tlog-witness: what it last saw, the proof, the note."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

from attrs import frozen

from edujournal.errors import BadInput
from edujournal.ledger.notes import Note, parse_note

_OLD: Final = re.compile("old (0|[1-9][0-9]{0,18})", re.ASCII)

#: A proof of consistency never has more hashes (c2sp.org/tlog-witness).
_MOST: Final = 63


@frozen
class Request:
    """Asks a witness to cosign a checkpoint.

    *Version added: 0.1.*

    Attributes:
        old: Size of the checkpoint that the witness cosigned last; 0 for none.
        proof: Consistency proof from there.
        note: The checkpoint, signed by the log.
    """

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        """The request as it is sent."""
        lines = [f"old {self.old}", *(b64encode(one).decode() for one in self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + bytes(self.note)

    @classmethod
    def parse(cls, data: bytes) -> Request:
        """Read a request.

        Raises:
            BadInput: It is none.
        """
        head, gap, rest = data.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
            proof = tuple(b64decode(line, validate=True) for line in lines)
        except ValueError as error:
            raise BadInput("not a request to a witness", found=str(error)) from error
        old = _OLD.fullmatch(first)
        if not gap or old is None or len(proof) > _MOST:
            raise BadInput(
                "not a request to a witness",
                expected="old SIZE, a proof in base64, an empty line, a signed checkpoint",
                found=repr(first[:60]),
            )
        return cls(int(old[1]), proof, parse_note(rest))
