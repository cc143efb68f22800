"""What somebody with the whole store can do to it, and by what it is found (trust-R7, T2-T5).

Two kinds of hands: a clumsy one that changes rows or lines and nothing else, and a skilful one that
makes the chains, the heads and the seal log anew so that the store is whole in itself.
"""

from __future__ import annotations

import json
import sqlite3

import pytest
from attrs import evolve

from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import StoreError
from edujournal.ledger.assurance import Evidence, assure, split
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.index import index_from
from edujournal.ledger.notes import signed
from edujournal.ledger.records import ZERO_HASH, Head, Record
from edujournal.model.ids import seals_book
from edujournal.sealing import Seals
from edujournal.testing.records import BOOK, SCHOOL, make_records
from tests.figures import figure
from tests.ledger.conftest import LOG_KEY, ORIGIN, OTHER, WITNESS_KEY, YEAR, Ticking, make_store

LOG = seals_book(YEAR)
FOREIGN = "school-2"


def edited(body: bytes) -> bytes:
    """The same entry with a better mark, as canonical as before."""
    return body.replace(b'"value":"5"', b'"value":"2"')


# -- the clumsy hand -------------------------------------------------------------------------------


def change_list(rows: list, what: str, foreign: object) -> None:
    """Edit, drop, swap, double or splice in a list of (hash, body) or of lines."""
    if what == "edit":
        rows[4] = (
            edited(rows[4])
            if isinstance(rows[4], bytes)
            else evolve(rows[4], body=edited(rows[4].body))
        )
    elif what == "delete":
        del rows[4]
    elif what == "swap":
        rows[3], rows[4] = rows[4], rows[3]
    elif what == "double":
        rows.insert(4, rows[3])
    elif what == "cut":
        del rows[7:]
    else:
        rows[4] = foreign


def clumsy(keeper, kind: str, what: str) -> None:
    """Change stored rows of the first book, and nothing else."""
    source = {"splice": (SCHOOL, OTHER), "splice school": (FOREIGN, BOOK)}.get(what)
    if what == "splice school":
        keeper.store.append(
            FOREIGN, BOOK, make_records(keeper.store.head(FOREIGN, BOOK), 9, school=FOREIGN), 0
        )
    if kind == "memory":
        books = keeper.store._books
        foreign = (
            None
            if source is None
            else evolve(books[source][3 if source[1] == OTHER else 4], book=BOOK)
        )
        rows = list(books[SCHOOL, BOOK])
        change_list(rows, what, foreign)
        # Its head is where its list ends: a cut is seen below a seal only.
        books[SCHOOL, BOOK] = rows[:5] if what == "cut" else rows
    elif kind == "files":
        keeper.store.close()
        paths = {school: keeper.folder / "files" / school for school in (SCHOOL, FOREIGN)}
        name = {BOOK: "journal%2f7%41%2falg%2f2026", OTHER: "journal%2f7%42%2falg%2f2026"}
        log = paths[SCHOOL] / name[BOOK] / "log.jsonl"
        lines = log.read_bytes().splitlines(keepends=True)
        foreign = b""
        if source is not None:
            other = (paths[source[0]] / name[source[1]] / "log.jsonl").read_bytes()
            foreign = other.splitlines(keepends=True)[3]
        change_list(lines, what, foreign)
        log.write_bytes(b"".join(lines))
    else:
        keeper.store.close()
        base = sqlite3.connect(keeper.folder / "school.db")
        with base:
            change_rows(base, what, source)
        base.close()


def change_rows(base: sqlite3.Connection, what: str, source: tuple[str, str] | None) -> None:
    """The same on rows of a table."""
    of = "FROM edujournal_entries WHERE school=? AND book=? AND number=?"
    move = "UPDATE edujournal_entries SET number=? WHERE school=? AND book=? AND number=?"
    place = (SCHOOL, BOOK)
    if what == "edit":
        (body,) = base.execute(f"SELECT body {of}", (*place, 5)).fetchone()
        base.execute(
            "UPDATE edujournal_entries SET body=? WHERE school=? AND book=? AND number=5",
            (edited(body), *place),
        )
    elif what == "delete":
        base.execute(f"DELETE {of}", (*place, 5))
    elif what == "cut":
        base.execute("DELETE FROM edujournal_entries WHERE school=? AND book=? AND number>7", place)
    elif what == "swap":
        for number, to in ((4, 99), (5, 4), (99, 5)):
            base.execute(move, (to, *place, number))
    elif what == "double":
        for number in range(9, 4, -1):
            base.execute(move, (number + 1, *place, number))
        names = [row[1] for row in base.execute("PRAGMA table_info(edujournal_entries)")]
        columns = ", ".join(names)
        chosen = ", ".join("5" if name == "number" else name for name in names)
        base.execute(
            f"INSERT INTO edujournal_entries ({columns}) SELECT {chosen} {of}", (*place, 4)
        )
    else:
        hash_, body = base.execute(
            f"SELECT hash, body {of}", (*source, 4 if source[1] == OTHER else 5)
        ).fetchone()
        base.execute(
            "UPDATE edujournal_entries SET hash=?, body=? WHERE school=? AND book=? AND number=5",
            (hash_, body, *place),
        )


CLUMSY = ("edit", "delete", "swap", "double", "cut", "splice", "splice school")


@pytest.mark.parametrize("what", CLUMSY)
def test_a_changed_row_or_line_is_found_and_located(keeper, kind, what):
    """Without any evidence from elsewhere: the chain, or the head, names the place."""
    clumsy(keeper, kind, what)
    damages = None
    try:
        store = keeper.store if kind == "memory" else make_store(kind, keeper.folder)
    except StoreError as error:
        damages = [str(error)]
    else:
        found = assure(store, SCHOOL)
        assert found.assurance in (None, "L0")
        damages = [one for one in found.damages if one.book == BOOK]
        first = min(one.number for one in damages)
        last = 5 if kind == "memory" else 7
        assert first in {"cut": (last, last + 1), "delete": (4, 5, 6)}.get(what, (4, 5)), damages
        if hasattr(store, "close"):
            store.close()
    assert damages
    figure("R7", "changed rows or lines found and located", 1, f"{kind}: {what}")


# -- the skilful hand ------------------------------------------------------------------------------


def rechained(records: list[Record], book: str) -> list[Record]:
    """Number and chain records anew, as if they had been written so."""
    made, previous = [], ZERO_HASH
    for number, record in enumerate(records, 1):
        body = decode(record.body) | {"n": number, "book": book, "school": SCHOOL, "act": number}
        data = encode(body)
        hash_ = entry_hash(previous, data)
        made.append(Record(book, number, hash_, data, record.private, index_from(body)))
        previous = hash_
    return made


def rewritten(keeper, kind: str, what: str, folder):
    """A store that is whole in itself, made from the true one with something changed."""
    books = {book: list(keeper.store.read(SCHOOL, book)) for book, _ in keeper.store.books(SCHOOL)}
    true = books[BOOK]
    if what == "edit":
        true[4] = evolve(true[4], body=edited(true[4].body))
    elif what == "delete":
        del true[4]
    elif what == "swap":
        true[3], true[4] = true[4], true[3]
    elif what == "insert":
        true.insert(4, evolve(true[4], body=edited(true[4].body)))
    elif what == "cut":
        del true[5:]
    elif what == "cut unsealed":
        del true[7:]
    elif what == "splice":
        true[4] = books[OTHER][3]
    elif what == "drop book":
        del books[BOOK]
    if BOOK in books:
        books[BOOK] = rechained(books[BOOK], BOOK)
    folder.mkdir()
    store = make_store(kind, folder)
    for book, records in books.items():
        if book != LOG:
            store.append(SCHOOL, book, records, 0)
    return store, books[LOG]


def seal_like(store, log: list[Record], keeper) -> None:
    """Make the seal log anew over the changed books, with as many rounds as there were."""
    seals = Seals(store, SCHOOL, clock=keeper.clock)
    seals.seal(YEAR)
    while store.head(SCHOOL, LOG).number < len(log):
        head = store.head(SCHOOL, OTHER)
        store.append(SCHOOL, OTHER, make_records(head, 1, book=OTHER), head.number)
        seals.seal(YEAR)


SKILFUL = ("edit", "delete", "swap", "insert", "cut", "splice", "drop book")


@pytest.mark.parametrize("what", SKILFUL)
def test_a_store_made_anew_under_the_true_seal_log_is_found_by_its_seals(
    keeper, kind, what, tmp_path
):
    """Chains and heads are whole; the seals, left as they were, are not met, and the place is named."""
    store, log = rewritten(keeper, kind, what, tmp_path / "false")
    store.append(SCHOOL, LOG, log, 0)
    found = assure(store, SCHOOL)
    assert found.assurance != "L1"
    places = {(one.book, one.what) for one in found.damages}
    assert (BOOK, "receipt") in places
    # The first seal covers three entries, the second six: the damage lies where the next seal is.
    numbers = [one.number for one in found.damages if one.book == BOOK]
    assert min(numbers) in ({0} if what == "drop book" else {5, 6}), found.damages
    if hasattr(store, "close"):
        store.close()
    figure("R7", "stores made anew found by their seals", 1, f"{kind}: {what}")


@pytest.mark.parametrize("what", [*SKILFUL, "cut unsealed"])
def test_a_store_made_anew_with_its_seal_log_is_found_by_a_checkpoint(keeper, kind, what, tmp_path):
    """Without evidence it passes as L1, and says that no checkpoint was there; with one it is found."""
    store, log = rewritten(keeper, kind, what, tmp_path / "false")
    seal_like(store, log, keeper)
    alone = assure(store, SCHOOL)
    assert alone.assurance == "L1"
    assert "checkpoint" in {one.what for one in alone.lacks}
    found = assure(store, SCHOOL, keeper.evidence())
    if what == "cut unsealed":
        # The entries that were cut came after the last seal: the limit that the docs state.
        assert found.assurance is None or found.assurance == "L3"
    else:
        assert found.assurance is None
        assert {(one.book, one.what) for one in found.damages} == {(LOG, "checkpoint")}
        figure(
            "R7", "stores made anew with their seals found by a checkpoint", 1, f"{kind}: {what}"
        )
    if hasattr(store, "close"):
        store.close()


def test_an_old_true_copy_is_found_by_a_later_checkpoint(keeper, kind, tmp_path):
    """A backup put back is whole and true, but shorter than what was signed."""
    copy = make_store(kind, (tmp_path / "copy").mkdir() or tmp_path / "copy")
    for book, _ in keeper.store.books(SCHOOL):
        copy.append(SCHOOL, book, list(keeper.store.read(SCHOOL, book)), 0)
    keeper.seals().seal(YEAR)
    assert assure(copy, SCHOOL).assurance == "L1"
    found = assure(copy, SCHOOL, keeper.evidence())
    assert found.assurance is None
    (damage,) = found.damages
    assert (damage.book, damage.number, damage.what) == (LOG, 3, "checkpoint")
    if hasattr(copy, "close"):
        copy.close()
    figure("R7", "old true copies found by a checkpoint", 1, kind)


def test_whoever_holds_the_key_too_is_found_by_the_witness_or_by_paper(keeper, kind, tmp_path):
    """A false log signed with the true key: the school's own checkpoints were replaced with it."""
    note = keeper.seals().checkpoint(YEAR)
    anchor = Checkpoint.parse(note.text)
    store, log = rewritten(keeper, kind, "edit", tmp_path / "false")
    seal_like(store, log, keeper)
    forged = Seals(store, SCHOOL, clock=keeper.clock).log(YEAR)
    false = bytes(signed(str(Checkpoint(ORIGIN, forged.size, forged.root)), [LOG_KEY]))
    key, witness = Ed25519Verifier(LOG_KEY.public), Ed25519Verifier(WITNESS_KEY.public)
    own = {YEAR: Evidence(ORIGIN, [false], [key])}
    assert assure(store, SCHOOL, own).assurance == "L2"
    assert "witness" in {one.what for one in assure(store, SCHOOL, own).lacks}
    cosigned = list(keeper.memory.notes(ORIGIN))
    told = {YEAR: Evidence(ORIGIN, [false, *cosigned], [key], [witness])}
    assert assure(store, SCHOOL, told).assurance is None
    paper = {YEAR: Evidence(ORIGIN, [false], [key], anchors=[anchor])}
    assert assure(store, SCHOOL, paper).assurance is None
    (pair,) = split([false, bytes(note)], [key])
    assert {one.root for one in pair} == {anchor.root, forged.root}
    assert list(split([bytes(note), bytes(note)], [key])) == []
    if hasattr(store, "close"):
        store.close()
    figure("R7", "false logs under the true key found by witness and paper", 1, kind)


# -- what is true ----------------------------------------------------------------------------------


def test_what_nobody_touched_is_true_at_the_level_of_its_evidence(keeper):
    """L1 alone, L2 with a signed checkpoint, L3 with a witness or with paper; what lacks is named."""
    alone = assure(keeper.store, SCHOOL)
    assert alone.assurance == "L1"
    assert [str(one) for one in alone.lacks] == [
        f"2026: no seal for {BOOK} (3)",
        f"2026: no checkpoint for {LOG} (3)",
        f"2026: no witness for {LOG}",
    ]
    unwitnessed = keeper.evidence(witnesses=())
    found = assure(keeper.store, SCHOOL, unwitnessed)
    assert found.assurance == "L2"
    assert [one.what for one in found.lacks] == ["seal", "witness"]
    (year,) = found.years
    assert (year.size, year.signed, year.witnessed, year.assurance) == (3, 3, 0, "L2")
    keeper.seals(witnessed=True).seal(YEAR)
    found = assure(keeper.store, SCHOOL, keeper.evidence())
    assert (found.assurance, list(found.lacks), list(found.damages)) == ("L3", [], [])
    anchor = Checkpoint.parse(keeper.seals().checkpoint(YEAR).text)
    printed = {YEAR: Evidence(ORIGIN, anchors=[anchor])}
    assert assure(keeper.store, SCHOOL, printed).assurance == "L3"
    keeper.write(OTHER, 2)
    Seals(keeper.store, SCHOOL, clock=keeper.clock).seal(YEAR)
    late = assure(keeper.store, SCHOOL, keeper.evidence())
    assert [(one.what, one.count) for one in late.lacks] == [("checkpoint", 1)]


def test_evidence_that_is_none_is_a_damage(keeper):
    """A note that does not parse, of another log, or with a false signature: named, never passed over."""
    good = next(iter(keeper.checkpoints.notes(ORIGIN)))
    other = bytes(signed(str(Checkpoint("other/2026", 2, bytes(32))), [LOG_KEY]))
    for bad in (b"nonsense", other, good.replace(b"\n2\n", b"\n3\n")):
        found = assure(keeper.store, SCHOOL, keeper.evidence(notes=[bad]))
        assert {one.what for one in found.damages} == {"signature"}
        assert found.assurance is None
    foreign = keeper.evidence(anchors=[Checkpoint("other/2026", 2, bytes(32))])
    assert {one.what for one in assure(keeper.store, SCHOOL, foreign).damages} == {"signature"}
    for year in ("2025", "2031"):
        lost = {
            year: Evidence(
                "edujournal/school-1/" + year,
                anchors=[Checkpoint("edujournal/school-1/" + year, 2, bytes(32))],
            )
        }
        (damage,) = assure(keeper.store, SCHOOL, lost).damages
        assert (damage.book, damage.what) == (seals_book(year), "checkpoint")


def test_a_log_with_false_seals_is_found(keeper, tmp_path):
    """A false root, a seal that goes back, a record that is no seal: each is named by its number."""
    log = list(keeper.store.read(SCHOOL, LOG))
    for change in ("root", "peaks", "back", "kind"):
        body = json.loads(log[2].body)
        if change == "root":
            body["values"]["root"] = "ab" * 32
        elif change == "peaks":
            body["values"]["peaks"] = []
        elif change == "back":
            body["values"] = json.loads(log[0].body)["values"]
        else:
            body["kind"] = "mark"
        records = rechained([*log[:2], evolve(log[2], body=encode(body))], LOG)
        store = make_store("memory", tmp_path)
        for book in (BOOK, OTHER):
            store.append(SCHOOL, book, list(keeper.store.read(SCHOOL, book)), 0)
        store.append(SCHOOL, LOG, records, 0)
        found = assure(store, SCHOOL)
        assert [(one.book, one.number, one.what) for one in found.damages] == [(LOG, 3, "seal")]


def test_a_seal_with_the_right_hash_and_a_false_tree_is_found(keeper, tmp_path):
    """The tree over a book is worked out again, not believed."""
    from edujournal.ledger.seals import seal_of, seal_record
    from edujournal.ledger.tree import Peaks

    log = list(keeper.store.read(SCHOOL, LOG))
    false = evolve(seal_of(log[0].body, SCHOOL, YEAR, 1), peaks=Peaks(3, (b"x" * 32, b"y" * 32)))
    store = make_store("memory", tmp_path)
    store.append(SCHOOL, BOOK, list(keeper.store.read(SCHOOL, BOOK)), 0)
    store.append(SCHOOL, LOG, [seal_record(SCHOOL, YEAR, false, 1, ZERO_HASH)], 0)
    found = assure(store, SCHOOL)
    assert [(one.book, one.number, one.what) for one in found.damages] == [(BOOK, 3, "seal")]


@pytest.mark.parametrize("bad", ["z" * 64, "ab " * 21 + "a", "é" * 64, "AB" * 32, ""])
def test_what_is_no_hash_stops_no_verification(bad, tmp_path):
    """A row whose hash is no hash at all is a damage with its place, and the rest is read on."""
    store = MemoryStore()
    store.append(SCHOOL, BOOK, make_records(Head(), 5), 0)
    Seals(store, SCHOOL, clock=Ticking()).seal(YEAR)
    rows = store._books[SCHOOL, BOOK]
    store._books[SCHOOL, BOOK] = [evolve(one, hash=bad) if one.number == 3 else one for one in rows]
    (damage,) = [one for one in assure(store, SCHOOL).damages if one.number == 3]
    assert (damage.book, damage.what) == (BOOK, "hash")


@pytest.mark.parametrize("texts", [["a"], "a", 5, {"comment": 5}])
def test_what_is_no_commitment_stops_no_verification(texts, tmp_path):
    """The same of texts: the place is named."""
    store = MemoryStore()
    rows = make_records(Head(), 3, text="Хорошо")
    rows[1] = evolve(rows[1], body=encode(decode(rows[1].body) | {"texts": texts}))
    store.append(SCHOOL, BOOK, rechained(rows, BOOK), 0)
    (damage,) = assure(store, SCHOOL).damages
    assert (damage.book, damage.number, damage.what) == (BOOK, 2, "body")
