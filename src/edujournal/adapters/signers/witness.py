"""A witness: remembers the last checkpoint of each log that it saw, and signs only what grew from it."""

from __future__ import annotations

from collections.abc import Sequence

from edujournal.errors import BadInput, StoreBusy
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.notes import Note, Signature, Signer, Verifier, parse_note, signed_by
from edujournal.ledger.tree import EMPTY_ROOT, grows
from edujournal.ports import WitnessMemory


class KeepingWitness:
    """Cosigns checkpoints, as c2sp.org/tlog-witness asks: never two that do not follow each other.

    What it signs is kept before anybody gets it, so that a witness that dies has promised nothing that
    it does not remember. It looks and keeps as one act: however many processes a witness has, of two
    histories that are shown to it at one moment it signs one.

    *Version added: 0.1.*

    Args:
        signer: The witness's key.
        memory: Where it keeps what it has signed; its own, and nobody else's.
        logs: Public keys of the logs that it knows.
    """

    def __init__(self, signer: Signer, memory: WitnessMemory, logs: Sequence[Verifier]) -> None:
        self._signer = signer
        self._memory = memory
        self._logs = tuple(logs)

    def seen(self, origin: str) -> int:
        """See :meth:`edujournal.ports.Witness.seen`."""
        last = self._last(origin)
        return 0 if last is None else last.size

    def cosign(self, note: Note, proof: Sequence[bytes]) -> Note:
        """See :meth:`edujournal.ports.Witness.cosign`."""
        known = Checkpoint.parse(note.text)
        if not signed_by(note, self._logs):
            raise BadInput(
                "a checkpoint that no known log has signed",
                where=known.origin,
                expected=", ".join(one.name for one in self._logs) or "a public key",
                found=", ".join(one.name for one in note.signatures),
            )
        with self._memory.locked(known.origin):
            return self._cosign(note, known, proof)

    def _cosign(self, note: Note, known: Checkpoint, proof: Sequence[bytes]) -> Note:
        """Look at what was seen, and keep what is signed; nobody else does meanwhile."""
        before = set(self._memory.notes(known.origin))
        last = self._last(known.origin)
        size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
        if not grows(size, root, known.size, known.root, proof):
            raise BadInput(
                "a checkpoint that does not grow from the one seen before",
                where=known.origin,
                expected=f"{size} leaves with root {root.hex()} at the beginning, and the proof",
                found=f"{known.size} leaves with root {known.root.hex()}",
                mend="Keep both: two signed histories of one log are the evidence.",
            )
        data = note.text.encode()
        own = Signature(self._signer.name, self._signer.key_id, self._signer.sign(data))
        cosigned = note.with_signature(own)
        self._memory.keep(known.origin, bytes(cosigned))
        # A lock file that somebody deletes lets two in: whoever finds what was not there before gives
        # nothing away.
        if not set(self._memory.notes(known.origin)) <= before | {bytes(cosigned)}:
            raise StoreBusy(
                "somebody else has cosigned for this witness at the same moment",
                where=known.origin,
                mend="Ask again.",
            )
        return cosigned

    def _last(self, origin: str) -> Checkpoint | None:
        last = None
        for data in self._memory.notes(origin):
            last = Checkpoint.parse(parse_note(data).text)
        return last
