"""S8: erase k fields, verify, guess. The log stays whole; what is gone cannot be guessed back."""

from __future__ import annotations

import os
import random
from hashlib import sha256
from itertools import product

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.ledger.bytes import decode
from edujournal.ledger.commitments import COMMITMENT_DOMAIN, commitment
from edujournal.ledger.verify import verify
from edujournal.testing.clocks import StandingClock
from edujournal.testing.records import SCHOOL, head_of, make_records
from edujournal.testing.simulated import SimDisk
from tests.figures import cases, figure, seed

BOOK = "journal/7A/alg/2026"
LESSON = "7A-alg-0915"
AT = 1_789_450_200_000_000  # during the lesson of 15 September 2026

#: Every remark that a teacher of this school ever makes: few enough to try them all.
LIKELY = [" ".join(words) for words in product(
    ("Молодец", "Шумел", "Не готов", "Опоздал", "Работал хорошо", "Отвлекался"),
    ("на уроке", "у доски", "с соседом", "весь урок", "в начале"),
    ("", "опять", "впервые", "жаль", "прошу поговорить дома"),
)]  # fmt: skip


def stores(folder):
    """Every kind of store that the package brings."""
    yield MemoryStore()
    yield FileStore(folder / "files")
    yield SqlStore(f"sqlite:///{folder / 'journal.db'}")


@pytest.mark.parametrize("seed", range(3))
def test_any_number_of_fields_can_be_erased_and_the_log_verifies(tmp_path, seed):
    """On every store, for random numbers of fields: whole after it, and each one is accounted for."""
    chosen = random.Random(seed)
    school = ej.samples.school()
    erased = 0
    for store in stores(tmp_path):
        journals = ej.Journals(store, school, "ru-school26-2023", StandingClock(AT), os.urandom)
        pupils = sorted(
            journals.facts().roll(
                journals.facts().calendar("2026"), "7A", journals.facts().lesson(LESSON).day
            )
        )
        journals.record_many(
            [ej.Comment(lesson=LESSON, pupil=chosen.choice(pupils), comment=chosen.choice(LIKELY))
             for _ in range(60)], by="t-ivanova",
        )  # fmt: skip
        left = set(range(1, 61))
        for act in range(4):
            gone = set(chosen.sample(sorted(left), chosen.randint(1, 12)))
            left -= gone
            journals.erase(f"e-{act}", {BOOK: sorted(gone)}, "заявление", "head")
            report = verify(store, "s-26")
            assert "L1" == report.assurance
            assert 60 - len(left) == sum(one.erased for one in report.books)
        erased += 60 - len(left)
        assert [n in left for n in range(1, 61)] == [
            r.private is not None for r in store.read("s-26", BOOK)
        ]
        close = getattr(store, "close", lambda: None)
        close()
    figure("S8", "fields erased, the log whole after each act", erased, "fields")


class Without:
    """A store as it is when somebody took texts out of it and left no act."""

    def __init__(self, store, gone):
        self._store, self._gone = store, gone
        self.books = store.books

    def read(self, school, book, after=0):
        """The records; those in the list without their private part."""
        for record in self._store.read(school, book, after):
            yield evolve(record, private=None) if (book, record.number) in self._gone else record


def test_each_missing_salt_without_an_erasure_is_located():
    """Whichever field is taken out, it is found at its book and number, and no other."""
    store = MemoryStore()
    journals = ej.Journals(store, ej.samples.school(), "ru-school26-2023", StandingClock(AT))
    journals.record_many(
        [ej.Comment(lesson=LESSON, pupil="p-17", comment=text) for text in LIKELY[:40]],
        by="t-ivanova",
    )
    journals.erase("e", {BOOK: range(1, 11)}, "заявление", "head")
    located = 0
    for number in range(11, 41):
        found = [
            (d.book, d.number, d.what)
            for d in verify(Without(store, {(BOOK, number)}), "s-26").damages
        ]
        assert [(BOOK, number, "lost")] == found
        located += 1
    figure("S8", "salts taken out without an erasure, each located", located, "of 30")


def test_what_was_erased_cannot_be_guessed_though_every_likely_text_is_tried():
    """All likely texts, under every salt that can still be seen and the weak ones, give nothing.

    The same guesser reverses commitments without a salt, all of them: it is the salt that keeps them.
    """
    store = MemoryStore()
    journals = ej.Journals(
        store, ej.samples.school(), "ru-school26-2023", StandingClock(AT), os.urandom
    )
    chosen = random.Random(8)
    told = [chosen.choice(LIKELY) for _ in range(50)]
    journals.record_many(
        [ej.Comment(lesson=LESSON, pupil="p-17", comment=text) for text in told], by="t-ivanova"
    )
    journals.erase("e", {BOOK: range(1, 26)}, "заявление", "head")
    records = list(store.read("s-26", BOOK))
    wanted = {decode(r.body)["texts"]["comment"] for r in records[:25]}
    seen = [bytes.fromhex(decode(r.private)["comment"]["salt"]) for r in records[25:]]
    weak = [
        bytes(16),
        *(n.to_bytes(16) for n in range(256)),
        *(n.to_bytes(16, "little") for n in range(256)),
    ]
    salts = [b"", *seen, *weak]
    tried = hits = 0
    for salt in salts:
        for text in LIKELY:
            tried += 1
            hits += commitment(salt, text) in wanted
    assert 0 == hits
    bare = {sha256(COMMITMENT_DOMAIN + text.encode()).hexdigest() for text in told[:25]}
    reversed_ = {text for text in LIKELY if commitment(b"", text) in bare}
    assert set(told[:25]) == reversed_
    figure("S8", "guesses at erased texts that hit", hits, f"of {tried:,}")
    figure(
        "S8",
        "unsalted commitments that the same guesser reverses",
        len(reversed_),
        f"of {len(set(told[:25]))}",
    )


def test_power_that_fails_during_an_erasure_leaves_texts_whole_or_gone():
    """Crash states at every step: the log is whole, only named texts can be gone, and once told they are.

    Each state is read before anybody mends it, and again after the next writer did; torn, zeroed and
    reordered sectors of half-overwritten lines are among them.
    """
    chance = random.Random(seed(8))
    wanted, states = cases(10_000, 1_000_000), 0
    while states < wanted:
        made: list = []
        for _ in range(chance.randint(4, 14)):
            text = chance.choice([None, "Да", "Шумел на уроке " * chance.choice([1, 40])])
            made += make_records(head_of(made), 1, text=text)
        gone = set(chance.sample(range(1, len(made) + 1), chance.randint(1, 4)))
        expected = [r.private for r in made]

        def look(disk, told, expected=expected, gone=gone, made=made):
            nonlocal states
            for _ in range(6):
                states += 1
                left = disk.without_power(chance)
                for mended in (False, True):
                    store = FileStore("", disk=left)
                    if mended:
                        store.append(SCHOOL, BOOK, make_records(head_of(made), 1), len(made))
                    found = [r.private for r in store.read(SCHOOL, BOOK)][: len(made)]
                    assert all(
                        one is None or one == was for one, was in zip(found, expected, strict=True)
                    )
                    assert all(
                        one == was
                        for n, (one, was) in enumerate(zip(found, expected, strict=True), 1)
                        if n not in gone
                    )
                    if told:
                        assert all(found[n - 1] is None for n in gone)

        watched: list = []
        disk = SimDisk(
            each=lambda disk, watched=watched: [one(disk, told=False) for one in watched]
        )
        store = FileStore("", disk=disk)
        store.append(SCHOOL, BOOK, made, 0)
        watched.append(look)
        store.erase(SCHOOL, BOOK, gone)
        look(disk, told=True)
    figure("S8", "crash states during an erasure, each text whole or gone", states, "states")
