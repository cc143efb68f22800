"""What the tests of archives share: a sealed school packed, damaged, and judged by both readers."""

from __future__ import annotations

import runpy
from hashlib import sha256
from importlib import resources

from attrs import evolve

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.signers.ed25519 import Ed25519Cosigner, Ed25519Signer, Ed25519Verifier
from edujournal.adapters.signers.witness import KeepingWitness
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.archiving.package import MANIFEST, TAG_MANIFEST, Beside, manifest, pack
from edujournal.archiving.reading import judge
from edujournal.errors import BadInput, StoreTooNew
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.index import index_from
from edujournal.ledger.records import Head, Record
from edujournal.sealing import Seals
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_records

YEAR = "2026"
OTHER = "journal/7B/alg/2026"
#: Two journals of one class with results among its marks.
RESULTS = ("journal/8A/alg/2026", "journal/8A/eng/2026")
OFFICE = "school/2026"
ORIGIN = f"edujournal/{SCHOOL}/{YEAR}"
AT = 1_790_000_000_000_000
LOG_KEY = Ed25519Signer.generate(ORIGIN)
WITNESS_KEY = Ed25519Cosigner.generate("witness.example")
STRANGER = Ed25519Signer.generate(ORIGIN)

PROGRAM = resources.files("edujournal.archiving") / "verify.py"
# Under the name by which its branches are counted.
READER = runpy.run_path(str(PROGRAM), run_name="edujournal.archiving.verify")


def a_store():
    """Two journals with texts, one of them erased by an act of the school book."""
    store = MemoryStore()
    made = make_records(Head(), 3, text="Хорошо, «5» {так}")
    store.append(SCHOOL, BOOK, made, 0)
    store.append(SCHOOL, BOOK, make_records(head_of(made), 2), 3)
    store.append(SCHOOL, OTHER, make_records(Head(), 4, book=OTHER, text="да"), 0)
    for book in RESULTS:
        give_results(store, book)
    (act,) = make_records(Head(), 1, book=OFFICE)
    body = decode(act.body)
    body |= {"kind": "erasure", "values": {"records": [{"book": OTHER, "n": 2}]}}
    store.append(SCHOOL, OFFICE, [remade(act, body)], 0)
    store.erase(SCHOOL, OTHER, [2])
    return store


#: What the entries of a journal with results are: kind, what about, and which entry they change.
GIVEN = (
    ("mark", None, None), ("result", "period:2026-q1", None), ("mark", None, None),
    ("marker", "period:2026-q1", None), ("correction", "entry:2", 2), ("correction", "entry:1", 1),
    ("marker", "subject:alg", None), ("result", "period:2026-year", None), ("annulment", "entry:8", 8),
)  # fmt: skip
#: The numbers of those that are kept with the results.
KEPT = (2, 4, 5, 7, 8, 9)


def give_results(store, book):
    """Put results, what stands for them, what changes them, and other entries into a journal."""
    for kind, about, target in GIVEN:
        head = store.head(SCHOOL, book)
        (record,) = make_records(Head(head.number, head.hash), 1, book=book)
        body = decode(record.body)
        body |= {"kind": kind, "about": about or body["about"], "target": target}
        store.append(SCHOOL, book, [remade(record, body, head.hash or "0" * 64)], head.number)


def remade(record, body, previous="0" * 64):
    """The record with another body, its hash made anew."""
    data = encode(body)
    return Record(
        record.book,
        record.number,
        entry_hash(previous, data),
        data,
        record.private,
        index_from(body),
    )


def sealed(store, folder, *, witnessed=True):
    """Seal twice, with entries between and after; give what lies beside the store."""
    clock = StandingClock()
    kept, memory = FolderCheckpoints(folder / "kept"), FolderCheckpoints(folder / "memory")
    witness = KeepingWitness(WITNESS_KEY.at(clock), memory, [Ed25519Verifier(LOG_KEY.public)])
    seals = Seals(
        store, SCHOOL, signers=[LOG_KEY], checkpoints=kept, clock=clock,
        witnesses=[witness] if witnessed else [],
    )  # fmt: skip
    seals.seal(YEAR)
    more(store, BOOK, 2)
    seals.seal(YEAR)
    give_results(store, RESULTS[0])
    more(store, OTHER, 1)
    keys = [LOG_KEY.public, WITNESS_KEY.public]
    return Beside(
        origin=ORIGIN, notes=list(kept.notes(ORIGIN)), keys=keys, regulations=[("r.toml", b"x")]
    )


def more(store, book, count):
    """Put more entries into a book."""
    head = store.head(SCHOOL, book)
    store.append(SCHOOL, book, make_records(head, count, book=book), head.number)


def packed(folder, **changes):
    """An archive as a mapping of names to bytes."""
    store = a_store()
    beside = evolve(sealed(store, folder, witnessed=changes.pop("witnessed", True)), **changes)
    return dict(pack(store, SCHOOL, YEAR, beside, at=AT, version="0.1.0"))


def unsealed():
    """An archive without a seal: nothing but its own form speaks against what a skilful hand writes."""
    return dict(pack(a_store(), SCHOOL, YEAR, Beside(origin=ORIGIN), at=AT, version="0.1.0"))


def relisted(files):
    """The same files with manifests made anew, as a skilful hand makes them."""
    files = {name: files[name] for name in files if name not in (MANIFEST, TAG_MANIFEST)}
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = manifest({n: h for n, h in hashes.items() if n.startswith("data/")})
    tags = {n: h for n, h in hashes.items() if not n.startswith("data/")}
    tags[MANIFEST] = sha256(files[MANIFEST]).hexdigest()
    files[TAG_MANIFEST] = manifest(tags)
    return files


def by_library(files, keys=None, anchors=()):
    """Level, and what is damaged, as the library finds it; one word where nothing can be said."""
    try:
        found = judge(files, Ed25519Verifier, keys, anchors)
    except (BadInput, StoreTooNew):
        return "unreadable"
    return found.assurance, bool(found.damages), {one.book for one in found.damages}


def by_program(files, keys=None, anchors=()):
    """The same by ``verify.py``."""
    try:
        found = READER["check"](files, keys, anchors)
    except READER["Unreadable"]:
        return "unreadable"
    return found["level"] or None, bool(found["damages"]), {one[0] for one in found["damages"]}


def erase_now(store, number):
    """Erase a text of the first journal, by an act of the school book."""
    head = store.head(SCHOOL, OFFICE)
    (act,) = make_records(Head(head.number, head.hash), 1, book=OFFICE)
    body = decode(act.body)
    body |= {"kind": "erasure", "values": {"records": [{"book": BOOK, "n": number}]}}
    store.append(SCHOOL, OFFICE, [remade(act, body, head.hash)], head.number)
    store.erase(SCHOOL, BOOK, [number])
