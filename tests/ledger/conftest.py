"""What the tests of seals share: two books of a school, sealed in two rounds, and their keeper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, field

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.signers.ed25519 import Ed25519Cosigner, Ed25519Signer, Ed25519Verifier
from edujournal.adapters.signers.witness import KeepingWitness
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.assurance import Evidence
from edujournal.ledger.records import Head
from edujournal.sealing import Seals
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records

OTHER = "journal/7B/alg/2026"
YEAR = "2026"
ORIGIN = "edujournal/school-1/2026"
START = datetime(2026, 9, 15, 12, tzinfo=UTC)

LOG_KEY = Ed25519Signer.generate(ORIGIN)
WITNESS_KEY = Ed25519Cosigner.generate("witness.example")


@define
class Ticking:
    """A clock that a test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        """The moment that the test has set."""
        return self.at

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)


@define
class Keeper:
    """A school whose books are sealed: store, keys, folders."""

    store: object
    folder: object
    clock: Ticking = field(factory=Ticking)

    def __attrs_post_init__(self) -> None:
        """Two folders: what the school keeps elsewhere, and what the witness remembers."""
        self.checkpoints = FolderCheckpoints(self.folder / "checkpoints")
        self.memory = FolderCheckpoints(self.folder / "witness")

    checkpoints: FolderCheckpoints = field(init=False)
    memory: FolderCheckpoints = field(init=False)

    def seals(self, *, witnessed: bool = False, store: object = None) -> Seals:
        """Seals of the school, signed, and cosigned if asked."""
        witness = KeepingWitness(
            WITNESS_KEY.at(self.clock), self.memory, [Ed25519Verifier(LOG_KEY.public)]
        )
        return Seals(
            store or self.store,
            SCHOOL,
            signers=[LOG_KEY],
            checkpoints=self.checkpoints,
            witnesses=[witness] if witnessed else [],
            clock=self.clock,
        )

    def evidence(self, **more: object) -> dict[str, Evidence]:
        """What was kept elsewhere."""
        values = {
            "notes": list(self.checkpoints.notes(ORIGIN)),
            "keys": [Ed25519Verifier(LOG_KEY.public)],
            "witnesses": [Ed25519Verifier(WITNESS_KEY.public)],
        }
        return {YEAR: Evidence(ORIGIN, **(values | more))}

    def write(self, book: str, count: int, **options: object) -> None:
        """Put more records into a book."""
        head = self.store.head(SCHOOL, book)
        records = make_records(head, count, book=book, **options)
        self.store.append(SCHOOL, book, records, head.number)


def make_store(kind: str, folder):
    """An empty store of a kind."""
    if kind == "memory":
        return MemoryStore()
    if kind == "files":
        return FileStore(folder / "files")
    return SqlStore(f"sqlite:///{folder / 'school.db'}")


@pytest.fixture(params=["memory", "files", "sqlite"])
def kind(request) -> str:
    """Each kind of store."""
    return request.param


@pytest.fixture
def keeper(kind, tmp_path):
    """A school with two books of nine and four records, the last three of the first not sealed."""
    store = make_store(kind, tmp_path)
    made = make_records(Head(), 3, text="Хорошо")
    store.append(SCHOOL, BOOK, made, 0)
    store.append(SCHOOL, OTHER, make_records(Head(), 4, book=OTHER), 0)
    keeper = Keeper(store, tmp_path)
    keeper.seals(witnessed=True).seal(YEAR)
    keeper.clock.move(minutes=20)
    store.append(SCHOOL, BOOK, make_records(head_of(made), 3), 3)
    keeper.seals(witnessed=True).seal(YEAR)
    keeper.write(BOOK, 3)
    yield keeper
    if hasattr(store, "close"):
        store.close()
