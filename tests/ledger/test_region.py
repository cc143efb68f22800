"""A region over its schools: a witness that keeps what it cosigned in a store, and seals that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve

from edujournal.adapters.checkpoints import FolderCheckpoints, StoreCheckpoints
from edujournal.adapters.signers.ed25519 import Ed25519Cosigner, Ed25519Signer, Ed25519Verifier
from edujournal.adapters.signers.witness import KeepingWitness
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import BadInput, StoreBusy, StoreDamaged
from edujournal.ledger.assurance import Evidence, assure
from edujournal.ledger.kept import check_under_region, kept_book, note_of
from edujournal.ledger.notes import parse_note
from edujournal.ledger.records import Head
from edujournal.sealing import Seals
from edujournal.testing.records import make_records

YEAR, BOOK, REGION = "2026", "journal/7A/alg/2026", "region-77"
SCHOOLS = ("school-1", "школа-2", "school-3")


def now():
    """The present moment."""
    return datetime.now(UTC)


@pytest.fixture(params=["memory", "files", "sqlite"])
def store(request, tmp_path):
    """The region's store."""
    made = {
        "memory": MemoryStore,
        "files": lambda: FileStore(tmp_path / "region"),
        "sqlite": lambda: SqlStore(f"sqlite:///{tmp_path}/region.db"),
    }[request.param]()
    yield made
    getattr(made, "close", lambda: None)()


class Region:
    """Schools of one keeper, each witnessed by the region; the region's own seals."""

    def __init__(self, store, folder):
        self.store = store
        self.key, self.own = (
            Ed25519Signer.generate(n) for n in ("schools.example", "region.example")
        )
        self.cosigner = Ed25519Cosigner.generate("region.example/witness").at(now)
        self.memory = StoreCheckpoints(store, REGION, now)
        logs = [Ed25519Verifier(self.key.public)]
        self.witness = KeepingWitness(self.cosigner, self.memory, logs)
        self.books = MemoryStore()
        self.schools = {
            school: Seals(
                self.books, school, name=self.key.name, signers=[self.key],
                checkpoints=FolderCheckpoints(folder / "schools"), witnesses=[self.witness], clock=now,
            )
            for school in SCHOOLS
        }  # fmt: skip
        self.seals = Seals(
            store, REGION, name=self.own.name, signers=[self.own],
            checkpoints=FolderCheckpoints(folder / "kept"), clock=now,
        )  # fmt: skip

    def grow(self, school, count=3):
        """A few more entries of a school, and a round of seals there."""
        head = self.books.head(school, BOOK)
        records = make_records(head, count, book=BOOK, school=school)
        self.books.append(school, BOOK, records, head.number)
        self.schools[school].seal(YEAR)

    def proofs(self, school, number):
        """Proof of an entry, and of the region's record of the school's checkpoint."""
        proof = self.schools[school].prove(BOOK, number)
        size = int(parse_note(proof.checkpoint).text.split("\n")[1])
        return proof, self.seals.prove(*self.memory.place(self.schools[school].origin(YEAR), size))

    @property
    def keys(self):
        """Who has signed what, as checking asks."""
        school, region = (Ed25519Verifier(one.public) for one in (self.key, self.own))
        return (self.key.name, [school]), (self.own.name, [region])


@pytest.fixture
def region(store, tmp_path):
    """A region with three schools that have grown in turn."""
    made = Region(store, tmp_path)
    for count in (3, 1):
        for school in SCHOOLS:
            made.grow(school, count)
    made.seals.seal(YEAR)
    return made


def test_an_entry_is_proven_under_the_region(region):
    """In two steps: the entry under its school's checkpoint, that under the region's."""
    schools, own = region.keys
    for school in SCHOOLS:
        for number in (1, 4):
            proof, kept = region.proofs(school, number)
            (key,) = check_under_region(proof, schools, kept, own)
            assert key.name == region.own.name


def test_the_two_proofs_belong_together(region):
    """A record about another school, or an older checkpoint, does not stand in for the right one."""
    schools, own = region.keys
    proof, _ = region.proofs(SCHOOLS[0], 1)
    origin = region.schools[SCHOOLS[0]].origin(YEAR)
    older = region.seals.prove(*region.memory.place(origin, 1))
    for kept in (region.proofs(SCHOOLS[1], 1)[1], older):
        with pytest.raises(BadInput, match="another checkpoint"):
            check_under_region(proof, schools, kept, own)
    with pytest.raises(BadInput, match="no key"):
        check_under_region(proof, schools, region.proofs(SCHOOLS[0], 1)[1], (own[0], schools[1]))
    changed = evolve(older, body=older.body.replace(b"note", b"nota"))
    with pytest.raises(BadInput):
        check_under_region(proof, schools, changed, own)


def test_the_region_is_verified_like_a_school(region):
    """The same verification: books, seals, the region's checkpoint."""
    origin = region.seals.origin(YEAR)
    evidence = Evidence(
        origin, tuple(region.seals.checkpoints(YEAR)), (Ed25519Verifier(region.own.public),)
    )
    found = assure(region.store, REGION, {YEAR: evidence})
    assert ("L2", []) == (found.assurance, list(found.damages))


def test_a_school_is_verified_by_what_the_region_keeps(region):
    """A school whose folder of checkpoints burnt is shown whole by the region's records: L3."""
    school = SCHOOLS[1]
    origin = region.schools[school].origin(YEAR)
    evidence = Evidence(
        origin, tuple(region.memory.notes(origin)), (Ed25519Verifier(region.key.public),),
        (Ed25519Verifier(region.cosigner.public),),
    )  # fmt: skip
    assert "L3" == assure(region.books, school, {YEAR: evidence}).assurance


def test_a_school_that_shows_another_history_is_refused(region):
    """The school's key signs a second history: the region cosigns and keeps nothing of it."""
    school = SCHOOLS[0]
    other = MemoryStore()
    other.append(school, BOOK, make_records(Head(), 9, book=BOOK, school=school), 0)
    seals = Seals(
        other, school, name=region.key.name, signers=[region.key], witnesses=[region.witness],
        clock=now,
    )  # fmt: skip
    origin = seals.origin(YEAR)
    before = list(region.memory.notes(origin))
    with pytest.raises(BadInput, match="does not grow"):
        seals.seal(YEAR)
    assert before == list(region.memory.notes(origin))


def test_of_two_who_witness_at_one_moment_one_keeps(region):
    """The store takes the first; the other is told to ask again, and nothing of it is kept."""
    origin = region.schools[SCHOOLS[0]].origin(YEAR)
    notes = list(region.memory.notes(origin))
    fresh = StoreCheckpoints(MemoryStore(), REGION, now)
    again = StoreCheckpoints(fresh.store, REGION, now)
    with fresh.locked(origin):
        again.keep(origin, notes[0])
        with pytest.raises(StoreBusy, match="meanwhile"):
            fresh.keep(origin, notes[1])
    assert notes[:1] == list(fresh.notes(origin))
    fresh.keep(origin, notes[0])
    fresh.keep(origin, notes[1])
    assert notes == list(again.notes(origin))


def test_what_is_no_checkpoint_is_told(region):
    """Of another log, without a year, not kept, or in a record of another kind."""
    origin = region.schools[SCHOOLS[0]].origin(YEAR)
    (note, *_) = region.memory.notes(origin)
    with pytest.raises(BadInput, match="another log"):
        region.memory.keep("schools.example/school-9/2026", note)
    with pytest.raises(BadInput, match="origin"):
        kept_book("nothing")
    with pytest.raises(BadInput, match="no such checkpoint"):
        region.memory.place(origin, 99)
    with pytest.raises(BadInput, match="not a checkpoint"):
        note_of(b"{}")
    strange = StoreCheckpoints(MemoryStore(), REGION, now)
    book = kept_book(origin)
    strange.store.append(REGION, book, make_records(Head(), 1, book=book, school=REGION), 0)
    with pytest.raises(StoreDamaged, match="keeps no checkpoint"):
        list(strange.notes(origin))


def test_a_long_origin_has_a_book_of_its_own():
    """However long the id of a school, its book has a name that every store takes."""
    books = {kept_book(f"schools.example/{'%D1%88' * 128}{n}/2026") for n in range(3)}
    assert 3 == len(books)
    assert max(map(len, books)) < 400
