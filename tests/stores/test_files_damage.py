"""The file store when somebody was at its files: every change is found, and located."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from edujournal.adapters.stores.files import FileStore
from edujournal.errors import StoreDamaged
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.disks import MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

pytestmark = pytest.mark.search

ROOM = "school-1/journal%2f7%41%2falg%2f2026"

# -- tampering -----------------------------------------------------------------------------------


def _lines(path):
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("edit", "record"),
    [
        (lambda lines: [lines[0], lines[1].replace(b'"5"', b'"4"'), *lines[2:]], 2),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:2], lines[1], *lines[3:]], 3),
        (lambda lines: [*lines[:3], lines[3].replace(b'"v":1', b'"v":2')], 4),
        (lambda lines: [*lines[:3], lines[3].upper()], 4),
        (lambda lines: [*lines[:3], b"\x00" * (len(lines[3]) - 1) + b"\n"], 4),
    ],
    ids=["edited", "swapped", "duplicated", "last edited", "upper case", "zeros"],
)
def test_an_edited_log_is_located_to_the_record(folder, edit, record):
    """Edited, swapped, doubled: reading stops before it, and verification names it."""
    path = folder / ROOM / "log.jsonl"
    path.write_bytes(b"".join(edit(_lines(path))))
    (damage,) = verify(FileStore(folder), SCHOOL).damages

    assert (BOOK, record, "unreadable") == (damage.book, damage.number, damage.what)
    with pytest.raises(StoreDamaged, match=rf"log\.jsonl.* record {record}\b"):
        list(FileStore(folder).read(SCHOOL, BOOK))


def test_a_line_of_another_book_or_school_is_located(folder):
    """A true line of another book, at the same place, does not become a record of this one."""
    store = FileStore(folder)
    for school, book in ((SCHOOL, "journal/7B/alg/2026"), ("school-2", BOOK)):
        other = make_records(Head(), 4, school=school, book=book)
        store.append(school, book, other, 0)
        path = folder / ROOM / "log.jsonl"
        true = path.read_bytes()
        lines = _lines(path)
        lines[2] = other[2].hash.encode() + b" " + other[2].body + b"\n"
        path.write_bytes(b"".join(lines))
        found = [d for d in verify(FileStore(folder), SCHOOL).damages if d.book == BOOK]
        path.write_bytes(true)

        assert [(3, "unreadable")] == [(d.number, d.what) for d in found]
    assert "L1" == verify(FileStore(folder), SCHOOL).assurance


def test_a_log_made_anew_without_its_head_is_damage(folder):
    """A consistent other log of the same length does not meet the head."""
    path = folder / ROOM / "log.jsonl"
    other = make_records(Head(), 2, text="Да", value="4")
    other += make_records(head_of(other), 2, value="4")
    path.write_bytes(b"".join(r.hash.encode() + b" " + r.body + b"\n" for r in other))

    with pytest.raises(StoreDamaged, match="does not end where its head says"):
        list(FileStore(folder).read(SCHOOL, BOOK))


def test_every_flipped_bit_is_detected():
    """20,000 flips over log, head and private file: an error, a report, or damage found by verify.

    And whatever can still be read are the acknowledged records.
    """
    made = make_records(Head(), 3, text="Да")
    disk = MemoryDisk()
    store = FileStore("", disk=disk)
    store.append(SCHOOL, BOOK, made[:2], 0)
    store.append(SCHOOL, BOOK, made[2:], 2)
    whole = {path: bytes(data) for path, data in disk.files.items()}
    targets = [f"{ROOM}/{name}" for name in ("log.jsonl", "head", "private.jsonl")]
    chance = random.Random(7)
    bits = [(path, bit) for path in targets for bit in range(8 * len(whole[path]))]
    bits = chance.sample(bits, 20_000)
    undetected = []
    for path, bit in bits:
        disk.files[path][bit // 8] ^= 1 << bit % 8
        store = FileStore("", disk=disk)
        whole_again = verify(store, SCHOOL).assurance == "L1"
        if whole_again and not (store.recoveries and made == list(store.read(SCHOOL, BOOK))):
            undetected.append((path, bit))
        for name, data in whole.items():
            if disk.files[name] != data:
                disk.files[name][:] = data

    assert [] == undetected


# -- lines and slots that nobody wrote -------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("log.jsonl", lambda data: data.replace(b"\n", b" ", 3)),
        ("log.jsonl", lambda data: data.replace(b"\n", b" ")),
        ("log.jsonl", lambda data: b"\n" * len(data)),
        ("log.jsonl", lambda data: b"x" * len(data)),
        ("private.jsonl", lambda data: b"x" * len(data)),
        ("private.jsonl", lambda data: data[:-1] + b" "),
        ("private.jsonl", lambda data: data.replace(b"2 {", b"1 {")),
        ("private.jsonl", lambda data: data.replace(b"2 {", b"9 {")),
        ("private.jsonl", lambda data: data.replace(b"2 {", b"2  ")),
        ("private.jsonl", lambda data: data[: len(data) // 2]),
        ("private.jsonl", lambda data: b""),
        ("head", lambda data: data[:-1]),
        ("head", lambda data: data + b" "),
        ("head", lambda data: data[:4096] + data[8192:] + data[4096:8192]),
        ("head", lambda data: data[:4096] + b" " * 4095 + b"\n" + b" " * 4095 + b"\n"),
        ("head", lambda data: data.replace(b"book/v1", b"book/v2")),
        ("head", lambda data: data.replace(b'"book"', b'"kook"')),
    ],
)
def test_files_that_nobody_wrote_are_damage(folder, name, edit):
    """Whatever the files are made of, readers get damage, never another exception nor other records."""
    made = list(FileStore(folder).read(SCHOOL, BOOK))
    path = folder / ROOM / name
    path.write_bytes(edit(path.read_bytes()))

    assert verify(FileStore(folder), SCHOOL).assurance is None
    seen = []
    with pytest.raises(StoreDamaged):
        seen.extend(_poured(FileStore(folder).read(SCHOOL, BOOK), seen))
    bodies = [record.body for record in made]
    assert bodies[: len(seen)] == [record.body for record in seen]
    for after in range(1, 4):
        seen = []
        with suppress(StoreDamaged):
            seen.extend(_poured(FileStore(folder).read(SCHOOL, BOOK, after), seen))
        assert bodies[after : after + len(seen)] == [record.body for record in seen]


def _poured(records, seen):
    """Put each record into *seen* as it comes, so that an error leaves those before it."""
    for record in records:
        seen.append(record)
    return ()


def test_slots_that_never_stood_side_by_side_are_damage(folder):
    """A slot put back from an older copy beside the newest one is told."""
    path = folder / ROOM / "head"
    old = path.read_bytes()
    made = list(FileStore(folder).read(SCHOOL, BOOK))
    for _ in range(3):
        batch = make_records(head_of(made), 1)
        FileStore(folder).append(SCHOOL, BOOK, batch, len(made))
        made += batch
    new = path.read_bytes()
    path.write_bytes(new[:8192] + old[8192:])

    with pytest.raises(StoreDamaged, match="do not belong together"):
        FileStore(folder).head(SCHOOL, BOOK)


def test_an_older_slot_that_cannot_be_read_costs_nothing(folder):
    """The slot that is not needed any more is written anew, and it is reported."""
    path = folder / ROOM / "head"
    data = bytearray(path.read_bytes())
    data[4096 + 20] ^= 1
    path.write_bytes(data)
    store = FileStore(folder)

    assert 4 == len(list(store.read(SCHOOL, BOOK)))
    assert [(ROOM + "/head", 0)] == [(r.file, r.size) for r in store.recoveries]
    assert () == FileStore(folder).recoveries
    assert "L1" == verify(FileStore(folder), SCHOOL).assurance


def test_a_book_whose_slots_are_gone_is_listed_last_as_damage(folder):
    """A head whose name can be read and whose slots cannot does not hide other books."""
    store = FileStore(folder)
    store.append(SCHOOL, "z", [make_record(book="z")], 0)
    path = folder / ROOM / "head"
    path.write_bytes(path.read_bytes()[:4096] + b" " * 8192)
    listing = iter(store.books(SCHOOL))

    assert "z" == next(listing)[0]
    with pytest.raises(StoreDamaged, match="neither slot"):
        next(listing)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"school":5}', b'{"school":"school-2"}'])
def test_a_school_without_its_name_is_damage(folder, content):
    """The file that names a school is believed only where it fits its folder."""
    (folder / "school-1" / "school.json").write_bytes(content)

    with pytest.raises(StoreDamaged):
        list(FileStore(folder).schools())
    with pytest.raises(StoreDamaged):
        FileStore(folder).append(SCHOOL, BOOK, [], 4)


def test_texts_are_found_in_a_long_book(tmp_path):
    """Reading on from any number finds the texts of every record after it, however many there are."""
    made = []
    for number in range(400):
        text = "ж" * (number * 7 % 300) if number % 3 == 0 else None
        made.append(make_record(head_of(made), text=text))
    store = FileStore(tmp_path)
    store.append(SCHOOL, BOOK, made, 0)

    for after in range(401):
        reading = store.read(SCHOOL, BOOK, after)
        assert made[after : after + 3] == [
            record for _, record in zip(range(3), reading, strict=False)
        ]
    assert made[1:] == list(store.read(SCHOOL, BOOK, 1))


def test_lines_longer_than_what_is_read_at_a_time_are_whole(tmp_path):
    """A record of megabytes goes in and out, between small ones, from any number on."""
    made = make_records(Head(), 1)
    for size in (200_000, 3_000_000, 1):
        made.append(make_record(head_of(made), text="ж" * size, odd="я" * size))
    store = FileStore(tmp_path)
    store.append(SCHOOL, BOOK, made, 0)

    for after in range(5):
        assert made[after:] == list(store.read(SCHOOL, BOOK, after))
