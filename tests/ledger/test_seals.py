"""Rounds of sealing, proofs that need no store, witnesses that are not to be talked over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime
from itertools import pairwise
from threading import Barrier

import pytest
from attrs import evolve

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.signers.ed25519 import Ed25519Signer, Ed25519Verifier
from edujournal.adapters.signers.witness import KeepingWitness
from edujournal.errors import BadInput, StaleHead, StoreBusy, StoreDamaged, StoreUnwritable, Unknown
from edujournal.ledger.assurance import assure
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.notes import parse_note, signed
from edujournal.ledger.proofs import Proof, check_proof
from edujournal.ledger.records import ZERO_HASH, Head
from edujournal.ledger.seals import Seal, SealLog, seal_of, seal_record
from edujournal.ledger.tree import Peaks, inclusion_proof, leaf_hash, root_of
from edujournal.model.ids import seals_book
from edujournal.model.time import instant
from edujournal.sealing import INTERVAL, Seals, SealTimes
from edujournal.testing.records import BOOK, SCHOOL, make_records
from tests.figures import figure
from tests.ledger.conftest import LOG_KEY, ORIGIN, OTHER, WITNESS_KEY, YEAR, Ticking

LOG = seals_book(YEAR)
KEYS = (Ed25519Verifier(LOG_KEY.public),)
NAME = "edujournal"


class Counting:
    """A store that counts what was read of each book."""

    def __init__(self, store):
        self.store = store
        self.read_of = {}

    def books(self, school):
        """Of the store."""
        return self.store.books(school)

    def head(self, school, book):
        """Of the store."""
        return self.store.head(school, book)

    def append(self, school, book, records, expect):
        """Of the store."""
        self.store.append(school, book, records, expect)

    def read(self, school, book, after=0):
        """Of the store, counted."""
        for record in self.store.read(school, book, after):
            self.read_of[book] = self.read_of.get(book, 0) + 1
            yield record


def test_a_round_seals_what_is_new_and_nothing_else(keeper):
    """Leaves only for books that grew; a round without news makes no leaf and no checkpoint."""
    seals = keeper.seals()
    assert [
        seal_of(one.body, SCHOOL, YEAR, one.number).book for one in keeper.store.read(SCHOOL, LOG)
    ] == [BOOK, OTHER, BOOK]
    assert seals.unsealed(YEAR) == {BOOK: 3}
    done = seals.seal(YEAR)
    assert (done.sealed, done.size) == ((BOOK,), 4)
    assert Checkpoint.parse(done.note.text) == Checkpoint(ORIGIN, 4, seals.log(YEAR).root)
    again = seals.seal(YEAR)
    assert (again.sealed, again.size, again.note) == ((), 4, None)
    assert seals.unsealed(YEAR) == {}
    sizes = [
        Checkpoint.parse(parse_note(one).text).size for one in keeper.checkpoints.notes(ORIGIN)
    ]
    assert sizes == [2, 3, 4]


def test_a_round_reads_only_what_came_after_the_last_seal(keeper):
    """The peaks in the last seal are enough to go on with the tree of a book."""
    counting = Counting(keeper.store)
    keeper.seals(store=counting).seal(YEAR)
    assert counting.read_of == {LOG: 3 + 1, BOOK: 3}
    whole = SealLog(SCHOOL, YEAR).next_seal(BOOK, keeper.store.read(SCHOOL, BOOK), 0)
    last = keeper.seals().log(YEAR).sealed[BOOK]
    assert (last.number, last.hash, last.peaks) == (whole.number, whole.hash, whole.peaks)


def test_a_damaged_book_is_not_sealed(keeper):
    """A seal is never put on what does not follow the last one."""
    broken = make_records(Head(9, "ab" * 32), 1)

    class Showing(Counting):
        def read(self, school, book, after=0):
            return iter(broken) if book == BOOK else self.store.read(school, book, after)

    before = keeper.store.head(SCHOOL, LOG)
    with pytest.raises(StoreDamaged, match="is not sealed"):
        keeper.seals(store=Showing(keeper.store)).seal(YEAR)
    assert keeper.store.head(SCHOOL, LOG) == before


def test_a_round_cut_short_before_its_checkpoint_is_finished_by_the_next(keeper):
    """Seals without a checkpoint get one, though nothing is new."""
    Seals(keeper.store, SCHOOL, clock=keeper.clock).seal(YEAR)
    assert keeper.seals().checkpoint(YEAR).text.split("\n")[1] == "3"
    done = keeper.seals().seal(YEAR)
    assert (done.sealed, Checkpoint.parse(done.note.text).size) == ((), 4)


def test_two_that_seal_at_one_moment_seal_once(keeper):
    """Who comes second tries again, and finds the work done."""
    first = keeper.seals()

    class Racing(Counting):
        raced = False

        def append(self, school, book, records, expect):
            if not self.raced:
                self.raced = True
                first.seal(YEAR)
            super().append(school, book, records, expect)

    done = keeper.seals(store=Racing(keeper.store)).seal(YEAR)
    assert (done.sealed, done.size) == ((), 4)

    class Busy(Counting):
        def append(self, school, book, records, expect):
            raise StaleHead(book, expect, expect + 1)

    keeper.write(BOOK, 1)
    with pytest.raises(StaleHead):
        keeper.seals(store=Busy(keeper.store)).seal(YEAR)


def test_a_round_is_due_by_time_and_by_moments(keeper):
    """After the interval, after a moment such as the end of a school day, never without news."""
    seals = keeper.seals()
    last = seals.log(YEAR).at
    assert last == instant(keeper.clock())
    assert not seals.is_due(YEAR)
    assert not seals.is_due(YEAR, [last + 1])
    keeper.clock.move(minutes=1)
    assert seals.is_due(YEAR, [last + 1])
    keeper.clock.move(microseconds=INTERVAL - 60_000_001)
    assert not seals.is_due(YEAR)
    keeper.clock.move(microseconds=1)
    assert seals.is_due(YEAR)
    seals.seal(YEAR)
    keeper.clock.move(days=30)
    assert not seals.is_due(YEAR)
    assert seals.years() == [YEAR]


def test_a_clock_set_back_does_not_stop_sealing(keeper):
    """What was sealed in the future is no reason to wait for it."""
    keeper.clock.move(days=-3)
    assert keeper.seals().is_due(YEAR)


def test_nothing_is_sealed_in_an_empty_year(keeper):
    """A year without books has an empty log, and no checkpoint of it."""
    done = keeper.seals().seal("2027")
    assert (done.sealed, done.size, done.note) == ((), 0, None)
    assert not keeper.seals().is_due("2027")


def test_every_sealed_entry_is_proven_without_the_store(keeper):
    """From the receipt's hash up to the signature; also of an entry before the last checkpoint."""
    seals = keeper.seals()
    seals.seal(YEAR)
    proven = 0
    for book in (BOOK, OTHER):
        for record in keeper.store.read(SCHOOL, book):
            proof = Proof.parse(bytes(seals.prove(book, record.number)))
            assert check_proof(proof, KEYS, NAME, record.hash) == KEYS
            assert proof.body == record.body
            proven += 1
    assert proven == 13
    first = parse_note(next(iter(keeper.checkpoints.notes(ORIGIN))))
    early = seals.prove(BOOK, 2, first)
    assert Checkpoint.parse(parse_note(early.checkpoint).text).size == 2
    assert check_proof(early, KEYS, NAME)
    with pytest.raises(BadInput, match="not under the checkpoint"):
        seals.prove(BOOK, 4, first)
    with pytest.raises(BadInput, match="not under the checkpoint"):
        seals.prove(BOOK, 99)
    with pytest.raises(BadInput, match="no such entry"):
        seals.prove(BOOK, 0)
    with pytest.raises(BadInput, match="no checkpoint"):
        Seals(keeper.store, SCHOOL, clock=keeper.clock).prove(BOOK, 1)


def test_a_proof_proves_one_entry_and_no_other(keeper):
    """Whatever part of a proof is exchanged for that of another, it proves nothing."""
    seals = keeper.seals()
    seals.seal(YEAR)
    proofs = [seals.prove(BOOK, 2), seals.prove(BOOK, 8), seals.prove(OTHER, 2)]
    names = [field.name for field in Proof.__attrs_attrs__ if field.name != "school"]
    tried = 0
    for good, other in [*pairwise(proofs), *pairwise(reversed(proofs))]:
        for name in names:
            if getattr(good, name) != getattr(other, name):
                with pytest.raises(BadInput):
                    check_proof(evolve(good, **{name: getattr(other, name)}), KEYS, NAME)
                tried += 1
    good = proofs[0]
    for bad in (
        evolve(good, school="school-2"),
        evolve(good, place=-1),
        evolve(good, number=3),
        evolve(good, entry_path=good.entry_path[:-1]),
        evolve(good, seal_path=(*good.seal_path, good.seal_path[0])),
        evolve(good, seal=good.body),
    ):
        with pytest.raises(BadInput):
            check_proof(bad, KEYS, NAME)
    assert tried >= 20
    with pytest.raises(BadInput, match="not that of the receipt"):
        check_proof(good, KEYS, NAME, proofs[1].hash)
    with pytest.raises(BadInput, match="no key that was given"):
        check_proof(good, [Ed25519Verifier(Ed25519Signer.generate(ORIGIN).public)], NAME)
    with pytest.raises(BadInput, match="no key that was given"):
        check_proof(good, [], NAME)


def test_a_seal_of_another_school_does_not_come_under_a_key_that_signs_for_both(keeper):
    """One key for all schools of a region: the log of one is no proof of what stands in another."""
    foreign, other = "school-2", "edujournal/school-2/2026"
    (entry,) = make_records(Head(), 1, school=foreign)
    tree = Peaks().add([leaf_hash(bytes.fromhex(entry.hash))])
    head = keeper.store.head(SCHOOL, LOG)
    forged = seal_record(foreign, YEAR, Seal(BOOK, 1, entry.hash, tree, 0), 4, head.hash)
    keeper.store.append(SCHOOL, LOG, [forged], 3)
    with pytest.raises(StoreDamaged, match="another log"):
        keeper.seals().seal(YEAR)
    assert [str(one) for one in assure(keeper.store, SCHOOL).damages if one.what == "seal"]

    # Even signed: by whoever has the key and does not look.
    leaves = [leaf_hash(one.body) for one in keeper.store.read(SCHOOL, LOG)]
    parts = {
        "school": foreign,
        "book": BOOK,
        "number": 1,
        "previous": ZERO_HASH,
        "body": entry.body,
        "entry_path": (),
        "seal": forged.body,
        "place": 3,
        "seal_path": inclusion_proof(leaves, 3),
    }
    mine = signed(str(Checkpoint(ORIGIN, 4, root_of(leaves))), [LOG_KEY])
    with pytest.raises(BadInput, match="a checkpoint of another log"):
        check_proof(Proof(**parts, checkpoint=bytes(mine)), KEYS, NAME)
    theirs = signed(str(Checkpoint(other, 4, root_of(leaves))), [LOG_KEY])
    assert check_proof(Proof(**parts, checkpoint=bytes(theirs)), KEYS, NAME)
    with pytest.raises(BadInput, match="a checkpoint of another log"):
        check_proof(Proof(**parts, checkpoint=bytes(theirs)), KEYS, "another.example")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("school", "school-2", "another log"),
        ("book", "seals/2025", "another log"),
        ("n", 2, "another place"),
        ("n", True, "another place"),
    ],
)
def test_a_seal_is_of_one_place_in_one_log(field, value, told):
    """School, year and number are part of what is read, never left open."""
    seal = Seal(BOOK, 1, "ab" * 32, Peaks(1, (bytes(32),)), 0)
    body = seal_record(SCHOOL, YEAR, seal, 1, ZERO_HASH).body
    assert seal_of(body, SCHOOL, YEAR, 1) == seal
    with pytest.raises(BadInput, match=told):
        seal_of(encode(decode(body) | {field: value}), SCHOOL, YEAR, 1)
    for book in (LOG, "journal/7A/alg/2025"):
        strange = seal_record(SCHOOL, YEAR, evolve(seal, book=book), 1, ZERO_HASH)
        with pytest.raises(BadInput, match="does not seal"):
            seal_of(strange.body, SCHOOL, YEAR, 1)


@pytest.mark.parametrize("locking", [True, False], ids=["locked", "lock file deleted"])
def test_a_witness_of_two_processes_signs_one_of_two_histories(tmp_path, locking):
    """Two forks shown at one moment: one is cosigned at most, even where a lock lets two in."""

    class Memory(FolderCheckpoints):
        def locked(self, origin):
            return super().locked(origin) if locking else nullcontext()

    tried = 30
    for turn in range(tried):
        folder, barrier = tmp_path / str(turn), Barrier(2)

        def show(root, folder=folder, barrier=barrier):
            witness = KeepingWitness(WITNESS_KEY.at(Ticking()), Memory(folder), KEYS)
            note = signed(str(Checkpoint(ORIGIN, 1, root)), [LOG_KEY])
            barrier.wait()
            try:
                return witness.cosign(note, ())
            except (BadInput, StoreBusy):
                return None

        with ThreadPoolExecutor(2) as pool:
            given = [one for one in pool.map(show, (b"a" * 32, b"b" * 32)) if one is not None]
        assert len(given) == 1 if locking else len(given) <= 1
    figure("R7", "pairs of forks shown to a witness at one moment, both cosigned", 0, f"of {tried}")


def test_a_witness_waits_no_longer_than_it_must(tmp_path, monkeypatch):
    """Who holds the memory for long is named as the reason; a folder that is none says so."""
    monkeypatch.setattr("edujournal.adapters.checkpoints.folder._PATIENCE", 0.05)
    memory = FolderCheckpoints(tmp_path)
    with (
        memory.locked(ORIGIN),
        pytest.raises(StoreBusy),
        FolderCheckpoints(tmp_path).locked(ORIGIN),
    ):
        pass
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    with pytest.raises(StoreUnwritable), FolderCheckpoints(blocked).locked(ORIGIN):
        pass


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"[" * 100_000, b'{"v":1}', b"\xff"],
)
def test_what_is_no_proof_is_refused(data):
    """Bytes that are no proof get a clear answer."""
    with pytest.raises(BadInput, match="not a proof"):
        Proof.parse(data)


def test_fields_of_a_proof_are_what_they_are(keeper):
    """A field of another type, a hash that is none, another version: refused."""
    import json

    good = json.loads(bytes(keeper.seals().prove(BOOK, 1)))
    for name, value in {"n": "1", "place": True, "entry_path": "x", "v": 2, "seal": 5}.items():
        with pytest.raises(BadInput):
            Proof.parse(json.dumps(good | {name: value}).encode())
    for name, value in {"entry_path": [5], "seal_path": ["xy"], "previous": "z"}.items():
        with pytest.raises(BadInput, match="not a proof"):
            Proof.parse(json.dumps(good | {name: value}).encode())


def test_a_witness_cosigns_what_grows_and_nothing_else(keeper):
    """A shorter log, another log of the same size, another history, a stranger's note: refused."""
    seals = keeper.seals(witnessed=True)
    (witness,) = seals._witnesses
    assert witness.seen(ORIGIN) == 3
    assert len(seals.seal(YEAR).note.signatures) == 2
    assert witness.seen(ORIGIN) == 4
    log = seals.log(YEAR)
    same = signed(str(Checkpoint(ORIGIN, 4, log.root)), [LOG_KEY])
    assert len(witness.cosign(same, ()).signatures) == 2
    for size, root in ((4, bytes(32)), (2, root_of(log.leaves[:2])), (5, bytes(32))):
        with pytest.raises(BadInput, match="does not grow"):
            witness.cosign(signed(str(Checkpoint(ORIGIN, size, root)), [LOG_KEY]), ())
    stranger = Ed25519Signer.generate(ORIGIN)
    with pytest.raises(BadInput, match="no known log has signed"):
        witness.cosign(signed(str(Checkpoint(ORIGIN, 4, log.root)), [stranger]), ())
    assert witness.seen(ORIGIN) == 4


def test_a_log_that_is_not_the_one_signed_before_is_not_signed(keeper, tmp_path):
    """A store put back to an older state cannot get a new checkpoint over the old one."""
    seals = keeper.seals()
    seals.seal(YEAR)
    note = signed(str(Checkpoint(ORIGIN, 9, bytes(32))), [LOG_KEY])
    keeper.checkpoints.keep(ORIGIN, bytes(note))
    keeper.write(BOOK, 1)
    with pytest.raises(StoreDamaged, match="not the one that was signed"):
        seals.seal(YEAR)
    with pytest.raises(StoreDamaged, match="not the one that was signed"):
        seals.prove(BOOK, 1)


def test_records_that_are_no_seals_do_not_follow_in_a_log(keeper):
    """A log takes seals in order, each later than the one before of its book."""
    log = keeper.seals().log(YEAR)
    with pytest.raises(StoreDamaged, match="the seal log is broken"):
        log.take(make_records(Head(), 1, book=LOG))
    head = log.head
    with pytest.raises(StoreDamaged, match="is no seal"):
        log.take(make_records(head, 1, book=LOG))
    log.head = head
    with pytest.raises(StoreDamaged, match="goes back"):
        log.take(log.records_of([log.sealed[OTHER]]))


def test_a_folder_keeps_checkpoints_of_its_logs_only(keeper):
    """The same note twice is one file; another log's is refused; a folder that is none says so."""
    note = bytes(keeper.seals().seal(YEAR).note)
    before = len(list(keeper.checkpoints.notes(ORIGIN)))
    keeper.checkpoints.keep(ORIGIN, note)
    assert len(list(keeper.checkpoints.notes(ORIGIN))) == before
    with pytest.raises(BadInput, match="another log"):
        keeper.checkpoints.keep("other", note)
    assert list(keeper.checkpoints.notes("other")) == []
    blocked = keeper.folder / "blocked"
    blocked.write_bytes(b"")
    with pytest.raises(StoreUnwritable):
        type(keeper.checkpoints)(blocked).keep(ORIGIN, note)
    more = bytes(
        parse_note(note).with_signature(
            signed(parse_note(note).text, [WITNESS_KEY.at(keeper.clock)]).signatures[0]
        )
    )
    keeper.checkpoints.keep(ORIGIN, more)
    assert list(keeper.checkpoints.notes(ORIGIN))[-1] == more


# -- rounds by tick --------------------------------------------------------------------------------

#: It is 17:20 of 15 September 2026 there, and the keeper has just sealed.
EVENING = SealTimes("Asia/Yekaterinburg", daily=("14:30", "18:00"))


def ticking(keeper, times, **more):
    """Seals of the school that are made by tick."""
    return Seals(
        keeper.store, SCHOOL, signers=[LOG_KEY], checkpoints=keeper.checkpoints,
        clock=keeper.clock, times=times, **more,
    )  # fmt: skip


def test_a_tick_seals_once_for_each_time_of_the_local_day(keeper):
    """Not a second before 18:00 there, once however often it is asked, and not without news."""
    seals = ticking(keeper, EVENING)
    keeper.clock.move(minutes=39, seconds=59)
    assert seals.tick().rounds == ()
    assert seals.unsealed(YEAR) == {BOOK: 3}
    keeper.clock.move(seconds=1)
    (done,) = seals.tick().rounds
    assert (done.sealed, done.note is not None) == ((BOOK,), True)
    keeper.write(BOOK, 1)
    keeper.clock.move(hours=20, minutes=29)
    assert [(), ()] == [seals.tick().rounds for _ in range(2)]
    keeper.clock.move(minutes=1)
    assert [(BOOK,)] == [one.sealed for one in seals.tick().rounds]
    keeper.clock.move(days=9)
    assert seals.tick().rounds == ()


def test_a_tick_makes_up_for_moments_that_no_tick_has_met(keeper):
    """Days later, at whatever time, by another process: one round and no more."""
    keeper.clock.move(days=5, hours=1)
    keeper.write(OTHER, 2)
    (done,) = ticking(keeper, EVENING).tick().rounds
    assert set(done.sealed) == {BOOK, OTHER}
    assert ticking(keeper, EVENING).tick().rounds == ()


def test_a_tick_looks_up_to_a_past_moment_and_never_ahead(keeper):
    """Up to a moment before 18:00 nothing is due; a moment to come is refused."""
    seals, begun = ticking(keeper, EVENING), instant(keeper.clock())
    keeper.clock.move(hours=2)
    found = seals.tick(begun + 39 * 60_000_000)
    assert (found.rounds, found.at) == ((), begun + 39 * 60_000_000)
    with pytest.raises(BadInput, match="has not come"):
        seals.tick(instant(keeper.clock()) + 1)
    assert len(seals.tick(keeper.clock()).rounds) == 1


def test_a_tick_without_times_decides_nothing_and_says_so(keeper):
    """Nobody has said when: the year with news is named, and nothing is sealed."""
    seals = ticking(keeper, None)
    keeper.clock.move(days=1)
    found = seals.tick()
    assert (found.rounds, found.undecided) == ((), (YEAR,))
    assert seals.unsealed(YEAR) == {BOOK: 3}
    seals.seal(YEAR)
    assert seals.tick().undecided == ()


def test_a_tick_seals_at_an_interval(keeper):
    """As long as may be, with no time of the day or beside one."""
    seals = ticking(keeper, SealTimes("UTC", every=INTERVAL))
    keeper.clock.move(microseconds=INTERVAL - 1)
    assert seals.tick().rounds == ()
    keeper.clock.move(microseconds=1)
    assert len(seals.tick().rounds) == 1


def test_a_tick_brings_to_its_end_what_a_round_has_left_undone(keeper):
    """Sealed, and killed before the checkpoint was kept: the next tick signs, long before the next time."""
    seals = ticking(keeper, EVENING)
    Seals(keeper.store, SCHOOL, clock=keeper.clock).seal(YEAR)
    assert Checkpoint.parse(seals.checkpoint(YEAR).text).size == 3
    (done,) = seals.tick().rounds
    assert (done.sealed, Checkpoint.parse(done.note.text).size) == ((), 4)
    assert seals.tick().rounds == ()


def test_a_tick_has_its_rounds_witnessed(keeper):
    """By the witness that the seals know, like a round by hand."""
    witness = KeepingWitness(WITNESS_KEY.at(keeper.clock), keeper.memory, KEYS)
    keeper.clock.move(days=1)
    (done,) = ticking(keeper, EVENING, witnesses=[witness]).tick().rounds
    assert len(done.note.signatures) == 2


def test_a_first_tick_seals_and_a_clock_set_back_does_not_keep_it_from_sealing(keeper):
    """A log without a seal is due at once, and so is one whose last seal is of later than now."""
    keeper.write("journal/7A/alg/2027", 1)
    seals = ticking(keeper, EVENING)
    assert ["2027"] == [one.year for one in seals.tick().rounds]
    keeper.clock.move(hours=-3)
    assert [YEAR] == [one.year for one in seals.tick().rounds]


@pytest.mark.parametrize(
    ("times", "at", "last"),
    [
        (("02:30",), "2026-03-29T01:29:00+00:00", "2026-03-28T01:30:00+00:00"),
        (("02:30",), "2026-03-29T01:30:00+00:00", "2026-03-29T01:30:00+00:00"),
        (("02:30",), "2026-10-25T01:45:00+00:00", "2026-10-25T00:30:00+00:00"),
        (("00:00", "23:59"), "2026-06-01T22:00:00+00:00", "2026-06-01T22:00:00+00:00"),
        (("00:00", "23:59"), "2026-06-01T21:59:59+00:00", "2026-06-01T21:59:00+00:00"),
    ],
)
def test_times_of_the_day_are_those_of_the_zone(times, at, last):
    """A skipped time is moved behind the gap, one shown twice comes once, midnight begins a day."""
    found = SealTimes("Europe/Berlin", daily=times).last(instant(datetime.fromisoformat(at)))
    assert found == instant(datetime.fromisoformat(last))


@pytest.mark.parametrize(
    "wrong",
    [{}, {"daily": ("24:00",)}, {"daily": ("6:00",)}, {"daily": (18,)}, {"every": 0}, {"every": True}, {"daily": ("18:00+03:00",)}],
)  # fmt: skip
def test_times_that_nobody_could_keep_to_are_refused(wrong):
    """No moment at all, no time of a day, no interval; and a zone that is none."""
    with pytest.raises(BadInput):
        SealTimes("UTC", **wrong)
    with pytest.raises(Unknown):
        SealTimes("Europe/Nowhere", daily=("18:00",))
