"""Single bits that flip in the files of a sealed store: what R5 and R2 share."""

from __future__ import annotations

import random

from edujournal.adapters.signers.ed25519 import Ed25519Signer, Ed25519Verifier
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.files.names import file_name
from edujournal.errors import BadInput
from edujournal.ledger.assurance import Evidence, assure
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify_book
from edujournal.model.ids import seals_book
from edujournal.sealing import Seals
from edujournal.testing.clocks import StandingClock
from edujournal.testing.disks import MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records

YEAR = "2026"
LOG = seals_book(YEAR)
ORIGIN = f"edujournal/{SCHOOL}/{YEAR}"
KEY = Ed25519Signer.generate(ORIGIN)
FILES = ("log.jsonl", "head", "private.jsonl")


class Flips:
    """A small sealed store in memory, and every bit of it that may flip.

    Args:
        seed: Makes its records, and draws the bits.
    """

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.disk = MemoryDisk()
        store = FileStore("", disk=self.disk)
        made = make_records(Head(), 2, text=f"Да {seed}", key="k")
        made += make_records(head_of(made), 1)
        store.append(SCHOOL, BOOK, made[:2], 0)
        seals = Seals(store, SCHOOL, signers=[KEY], clock=StandingClock())
        self.note = bytes(seals.seal(YEAR).note)
        store.append(SCHOOL, BOOK, made[2:], 2)
        self.books = {book: list(store.read(SCHOOL, book)) for book in (BOOK, LOG)}
        self.heads = {book: store.head(SCHOOL, book) for book in self.books}
        self.whole = {path: bytes(data) for path, data in self.disk.files.items()}

    def bits(self):
        """Every bit of log, head and texts, of the journal and of the seals, and of the checkpoint."""
        found = [
            (book, path, bit)
            for book in self.books
            for path in (f"{file_name(SCHOOL)}/{file_name(book)}/{name}" for name in FILES)
            for bit in range(8 * len(self.whole[path]))
        ]
        found += [("checkpoint", "", bit) for bit in range(8 * len(self.note))]
        self.chance.shuffle(found)
        return found

    def noticed(self, book, path, bit):
        """Whether a flipped bit is found, or put right and reported."""
        if book == "checkpoint":
            return self._note_noticed(bit)
        self.disk.files[path][bit // 8] ^= 1 << bit % 8
        store = FileStore("", disk=self.disk)
        report = verify_book(store, SCHOOL, book, self.heads[book])
        found = report.assurance != "L1" or (
            # A slot that is not needed, or that the log itself makes up for.
            store.recoveries and self.books[book] == list(store.read(SCHOOL, book))
        )
        for name in [name for name in self.disk.files if name not in self.whole]:
            del self.disk.files[name]
        for name, data in self.whole.items():
            if self.disk.files[name] != data:
                self.disk.files[name][:] = data
        return bool(found)

    def _note_noticed(self, bit):
        note = bytearray(self.note)
        note[bit // 8] ^= 1 << bit % 8
        evidence = Evidence(ORIGIN, [bytes(note)], [Ed25519Verifier(KEY.public)])
        try:
            return assure(FileStore("", disk=self.disk), SCHOOL, {YEAR: evidence}).assurance != "L2"
        except BadInput:
            return True
