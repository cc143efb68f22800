"""Stamps of time over checkpoints: asked of a real authority, kept, held to the log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.signers.ed25519 import Ed25519Signer, Ed25519Verifier
from edujournal.adapters.stampers.rfc3161 import Rfc3161Authority, Rfc3161Stamper
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.cli import main
from edujournal.errors import BadInput, NotStamped
from edujournal.ledger.assurance import Evidence, assure
from edujournal.ledger.records import Head
from edujournal.model.time import instant
from edujournal.sealing import Seals, SealTimes
from edujournal.testing.records import SCHOOL, make_records
from tests.ledger.authorities import Authority

YEAR = "2026"
BOOK = "journal/7A/alg/2026"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An authority that answers."""
    with Authority(tmp_path_factory.mktemp("authority")).serving() as found:
        yield found


@pytest.fixture
def authority(served):
    """The same, in order again, and asked nothing yet."""
    served.status, served.spoil = 200, bytes
    served.asked.clear()
    return served


@pytest.fixture
def key():
    """The log's key."""
    return Ed25519Signer.generate("school26.example")


@pytest.fixture
def sealing(authority, key, tmp_path):
    """Seals over a store in memory, with the authority; the store grows by `grow`."""
    store = MemoryStore()
    reader = Rfc3161Authority([authority.root])
    return Seals(
        store, SCHOOL, name=key.name, signers=[key],
        checkpoints=FolderCheckpoints(tmp_path / "elsewhere"),
        stampers=[Rfc3161Stamper(authority.url, reader)], clock=lambda: datetime.now(UTC),
    )  # fmt: skip


def grow(store, count=3):
    """Append to the book."""
    head = store.head(SCHOOL, BOOK)
    store.append(SCHOOL, BOOK, make_records(head, count, book=BOOK), head.number)


def evidence(sealing, key, authority, *, notes=True, stamps=None):
    """What was kept elsewhere."""
    origin, kept = sealing.origin(YEAR), sealing._checkpoints
    return Evidence(
        origin,
        tuple(kept.notes(origin)) if notes else (),
        (Ed25519Verifier(key.public),),
        stamps=tuple(kept.stamps(origin)) if stamps is None else stamps,
        authorities=(Rfc3161Authority([authority.root]),),
    )


def found(store, told):
    """The report of the year."""
    return assure(store, SCHOOL, {YEAR: told}).years[0]


def test_a_round_is_stamped_once_and_tells_since_when(sealing, authority, key):
    """A token for each new checkpoint, none without news; verification gives size and moment."""
    begun = instant(datetime.now(UTC)) - 2_000_000
    for count in (3, 2):
        grow(sealing.store, count)
        sealing.seal(YEAR)
        sealing.seal(YEAR)
    assert len(authority.asked) == 2
    report = found(sealing.store, evidence(sealing, key, authority))
    assert ("L2", ()) == (report.assurance, report.damages)
    assert [1, 2] == [one.size for one in report.stamps]
    assert all(begun <= one.at <= instant(datetime.now(UTC)) + 2_000_000 for one in report.stamps)


def test_no_text_goes_to_the_authority(sealing, authority):
    """It sees a digest: neither the school's name nor the root."""
    grow(sealing.store)
    done = sealing.seal(YEAR)
    (asked,) = authority.asked
    assert b"school" not in asked
    assert done.note.text.splitlines()[2].encode() not in asked


def test_a_stamp_stands_without_its_checkpoint(sealing, authority, key):
    """Who deletes the checkpoint does not get rid of the stamp: it is held to the log."""
    grow(sealing.store)
    sealing.seal(YEAR)
    told = evidence(sealing, key, authority, notes=False)
    assert [1] == [one.size for one in found(sealing.store, told).stamps]


def test_a_log_that_was_written_anew_does_not_fit_its_stamp(sealing, authority, key):
    """Whoever holds store and key and writes other entries is told by the old token."""
    grow(sealing.store)
    sealing.seal(YEAR)
    told = evidence(sealing, key, authority)
    other = MemoryStore()
    grow(other, 4)
    Seals(other, SCHOOL, name=key.name, signers=[key], clock=sealing._clock).seal(YEAR)
    report = found(other, Evidence(told.origin, stamps=told.stamps, authorities=told.authorities))
    assert ["stamp"] == [one.what for one in report.damages]
    assert ((), None) == (report.stamps, report.assurance)


def test_a_changed_token_is_damage_or_says_the_same(sealing, authority, key):
    """Whatever byte is changed: nobody is told another moment, and most are damage."""
    grow(sealing.store)
    sealing.seal(YEAR)
    ((size, token),) = sealing._checkpoints.stamps(sealing.origin(YEAR))
    right = found(sealing.store, evidence(sealing, key, authority)).stamps
    caught = 0
    for place in range(0, len(token), 7):
        spoiled = bytearray(token)
        spoiled[place] ^= 1
        told = evidence(sealing, key, authority, stamps=((size, bytes(spoiled)),))
        report = found(sealing.store, told)
        caught += ["stamp"] == [one.what for one in report.damages]
        assert report.damages or right == report.stamps
    assert caught > len(token) // 7 * 0.9


@pytest.mark.parametrize("size", [0, 2, 99])
def test_a_token_of_another_size_is_damage(sealing, authority, key, size):
    """It says of the log what the log does not say: too long a log was cut."""
    grow(sealing.store)
    sealing.seal(YEAR)
    ((_, token),) = sealing._checkpoints.stamps(sealing.origin(YEAR))
    report = found(sealing.store, evidence(sealing, key, authority, stamps=((size, token),)))
    assert ["stamp"] == [one.what for one in report.damages]


def test_a_stranger_is_not_believed(sealing, authority, key, tmp_path):
    """Only authorities whose root was named count; without any a token that fits is named and no more."""
    grow(sealing.store)
    sealing.seal(YEAR)
    told = evidence(sealing, key, authority)
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    strange = Evidence(
        told.origin, told.notes, told.keys,
        stamps=told.stamps, authorities=(Rfc3161Authority([other.root]),),
    )  # fmt: skip
    assert ["stamp"] == [one.what for one in found(sealing.store, strange).damages]
    nobody = Evidence(told.origin, told.notes, told.keys, stamps=told.stamps)
    report = found(sealing.store, nobody)
    assert ((), (), (1,)) == (report.damages, report.stamps, report.unread)


def test_a_token_over_another_text_is_damage_without_any_authority(sealing, authority, key):
    """Nobody is asked who gave it: it bears another digest than that of the checkpoint."""
    grow(sealing.store)
    sealing.seal(YEAR)
    other = Rfc3161Stamper(authority.url, Rfc3161Authority([authority.root])).stamp(b"other")
    for stamps in (((1, other),), ((1, b""),), ((0, other),)):
        report = found(sealing.store, Evidence(sealing.origin(YEAR), stamps=stamps))
        assert (["stamp"], ()) == ([one.what for one in report.damages], report.unread)


@pytest.mark.parametrize("wrong", ["status", "garbage", "cut", "long"])
def test_what_fails_is_asked_again_by_the_next_round(sealing, authority, wrong):
    """Sealed and signed it is; the stamp is missing, the command says so, the next round gets it."""
    grow(sealing.store)
    spoils = {
        "garbage": lambda _: b"no stamp",
        "cut": lambda told: told[:-1],
        "long": lambda told: told + bytes(1 << 20),
    }
    authority.status, authority.spoil = (
        (500 if wrong == "status" else 200),
        spoils.get(wrong, bytes),
    )
    with pytest.raises(NotStamped):
        sealing.seal(YEAR)
    kept = sealing._checkpoints
    assert (1, 0) == tuple(len(list(f(sealing.origin(YEAR)))) for f in (kept.notes, kept.stamps))
    authority.status, authority.spoil = 200, bytes
    assert sealing.seal(YEAR).note is None
    assert [1] == [size for size, _ in kept.stamps(sealing.origin(YEAR))]


class Asked:
    """An authority that may be down, and counts how often it has answered."""

    def __init__(self):
        self.down, self.count = False, 0

    def stamp(self, text):
        """A token of its own."""
        if self.down:
            raise NotStamped("out of reach")
        self.count += 1
        return f"{id(self)} {self.count}".encode()


@pytest.mark.parametrize("which", [0, 1])
def test_each_authority_is_asked_until_it_has_answered_and_then_no_more(tmp_path, key, which):
    """One of two fails: the next round asks it again, and not the other one."""
    some = [Asked(), Asked()]
    kept = FolderCheckpoints(tmp_path)
    store = MemoryStore()
    seals = Seals(
        store, SCHOOL, name=key.name, signers=[key], checkpoints=kept, stampers=some,
        clock=lambda: datetime.now(UTC),
    )  # fmt: skip
    grow(store)
    some[which].down = True
    with pytest.raises(NotStamped):
        seals.seal(YEAR)
    some[which].down = False
    for _ in range(2):
        seals.seal(YEAR)
    assert [1, 1] == [one.count for one in some]
    assert 2 == len(list(kept.stamps(seals.origin(YEAR))))


def test_a_tick_tells_of_all_that_was_done_where_an_authority_gives_no_stamp(tmp_path, key):
    """Every year is sealed, signed and in the answer, with what the authority said; the next tick asks it."""
    one, other = Asked(), Asked()
    kept = FolderCheckpoints(tmp_path)
    store = MemoryStore()
    seals = Seals(
        store, SCHOOL, name=key.name, signers=[key], checkpoints=kept, stampers=[one, other],
        clock=lambda: datetime.now(UTC), times=SealTimes("UTC", every=1),
    )  # fmt: skip
    years = ("2025", YEAR, "2027")
    for year in years:
        book = f"journal/7A/alg/{year}"
        store.append(SCHOOL, book, make_records(Head(), 2, book=book), 0)
    answers = iter([None, NotStamped("out of reach"), None])

    def stamp(_):
        said = next(answers)
        if said is not None:
            raise said
        return b"token"

    one.stamp = stamp
    found = seals.tick()
    assert list(years) == [done.year for done in found.rounds]
    assert all(done.sealed and done.note is not None for done in found.rounds)
    assert [None, "out of reach", None] == [
        done.missed and str(done.missed) for done in found.rounds
    ]
    assert ["out of reach"] == list(map(str, found.missed))
    assert [2, 0, 2] == [len(list(kept.stamps(seals.origin(year)))) for year in years]

    answers = iter([NotStamped("still out of reach"), None])
    (again,) = seals.tick().rounds
    assert (YEAR, (), None) == (again.year, again.sealed, again.note)
    assert "still out of reach" == str(again.missed)
    assert ((), ()) == (seals.tick().rounds, seals.tick().missed)
    assert [2, 2, 2] == [len(list(kept.stamps(seals.origin(year)))) for year in years]


def test_an_answer_to_another_request_is_refused(sealing, authority):
    """The same digest asked before: the number of the request tells the old answer from the new."""
    grow(sealing.store)
    reader = Rfc3161Authority([authority.root])
    stamper = Rfc3161Stamper(authority.url, reader)
    before = stamper.stamp(b"text")
    authority.spoil = lambda _: before
    with pytest.raises(NotStamped, match="Nonce"):
        stamper.stamp(b"text")


def test_nobody_answers(authority):
    """Out of reach is said so."""
    stamper = Rfc3161Stamper("http://127.0.0.1:9/", Rfc3161Authority([authority.root]), timeout=1)
    with pytest.raises(NotStamped, match="out of reach"):
        stamper.stamp(b"text")


def test_misuse_is_told(authority, key):
    """A place to keep tokens, an address, certificates."""
    reader = Rfc3161Authority([authority.root])
    stamper = Rfc3161Stamper(authority.url, reader)
    with pytest.raises(BadInput, match="place to keep"):
        Seals(MemoryStore(), SCHOOL, stampers=[stamper], clock=lambda: datetime.now(UTC))
    with pytest.raises(BadInput, match="address"):
        Rfc3161Stamper("file:///etc/passwd", reader)
    with pytest.raises(BadInput, match="no root"):
        Rfc3161Authority([])
    with pytest.raises(BadInput, match="certificate"):
        Rfc3161Authority([b"-----BEGIN CERTIFICATE-----\n"])


def test_openssl_reads_what_was_kept(sealing, authority, tmp_path):
    """The token is the authority's own, byte for byte: another program verifies it."""
    import subprocess

    grow(sealing.store)
    note = sealing.seal(YEAR).note
    (tmp_path / "text").write_bytes(note.text.encode())
    ((_, token),) = sealing._checkpoints.stamps(sealing.origin(YEAR))
    (tmp_path / "told.tsr").write_bytes(token)
    done = subprocess.run(
        [
            authority.openssl, "ts", "-verify", "-data", tmp_path / "text",
            "-in", tmp_path / "told.tsr", "-CAfile", authority.folder / "root.pem",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr


def test_the_commands(authority, tmp_path, capsys):
    """Seal with a stamp, verify with the root; one without the other is refused before any sealing."""
    folder = tmp_path / "store"
    from edujournal.adapters.stores.files import FileStore

    with FileStore(folder) as store:
        grow(store)
    assert main(["key", "school26.example", str(tmp_path / "key.pem")]) == 0
    root = authority.folder / "root.pem"
    common = [
        "seal", "--store", f"file:{folder}", "--key", tmp_path / "key.pem", "--name",
        "school26.example", "--checkpoints", tmp_path / "kept",
    ]  # fmt: skip
    assert main([*map(str, common), "--stamp", authority.url]) == 2
    assert not (tmp_path / "kept").exists()
    assert main([*map(str, common), "--stamp", authority.url, "--authority", str(root)]) == 0
    assert list(Path(tmp_path / "kept").rglob("*.tsr"))
    capsys.readouterr()
    verifying = [
        "verify", "--store", f"file:{folder}", "--name", "school26.example",
        "--checkpoints", tmp_path / "kept", "--authority", root,
    ]  # fmt: skip
    assert main([*map(str, verifying), "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [1] == [one["size"] for one in last["stamps"]]
    for language, said in (("en", "unchanged since"), ("ru", "с отметкой времени")):
        assert main([*map(str, verifying), "--lang", language]) == 0
        assert said in capsys.readouterr().out
    assert main([*map(str, verifying[:-1]), str(tmp_path / "nowhere.pem")]) == 2


def test_an_authority_out_of_reach_keeps_no_other_year_from_its_seals(authority, tmp_path, capsys):
    """Both years are sealed and signed; then the command says what it did not get."""
    from edujournal.adapters.stores.files import FileStore

    with FileStore(tmp_path / "store") as store:
        grow(store)
        other = "journal/7A/alg/2025"
        store.append(SCHOOL, other, make_records(store.head(SCHOOL, other), 1, book=other), 0)
    assert main(["key", "school26.example", str(tmp_path / "key.pem")]) == 0
    given = [
        "seal", "--store", f"file:{tmp_path / 'store'}", "--key", tmp_path / "key.pem", "--name",
        "school26.example", "--checkpoints", tmp_path / "kept", "--stamp", "http://127.0.0.1:9/",
        "--authority", authority.folder / "root.pem",
    ]  # fmt: skip
    assert main(list(map(str, given))) == 3
    told = capsys.readouterr()
    assert "out of reach" in told.err
    assert all(year in told.out for year in ("2025", YEAR))
    assert 2 == len(list((tmp_path / "kept").rglob("*.note")))
