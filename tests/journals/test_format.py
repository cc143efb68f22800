"""The format of records, pinned byte for byte: later versions write these very bytes."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore

REGULATION = {
    "format": 1,
    "id": "pin",
    "title": {"ru": "п", "en": "p"},
    "work_kinds": [{"code": "oral", "title": {"ru": "у", "en": "o"}}],
    "clauses": [
        {
            "number": "1",
            "gist": {"ru": "а", "en": "a"},
            "rules": [
                {
                    "kind": "rights",
                    "role": "teacher",
                    "may": "write",
                    "records": ["mark", "homework", "correction", "roll"],
                    "scope": "own_journal",
                },
                {"kind": "rights", "role": "importer", "may": "import", "records": ["mark"]},
            ],
        }
    ],
}

#: Hash, body and private text of each record of the script below.
PINNED = [
    (
        "5452c69b68e5266c9e88307d9a8e4de482ee5028d68f975a8e7c0972090a1647",
        (
            '{"about":"lesson:l1","act":1,"at":1789453800000000,"book":"journal/7A/alg/2026","by"'
            ':{"account":"t-1","right":"1","role":"teacher"},"calendar":"cccccccccccccccccccccccc'
            'cccccccccccccccccccccccccccccccccccccccc","item":0,"key":"k-1","kind":"mark","n":1,"'
            'pupil":"p-1","regulation":[{"digest":"89db9599144f08add831540cf4589b5d9a6c17657cb968'
            'd7590f93a18839edfd","id":"pin"}],"school":"s-1","texts":{"comment":"969f84997e18dffe'
            'd78bb8e4f12c6f158bcf7a988bf4360c9c21102c5e58bc8a"},"tzdata":"2026a","v":1,"values":{'
            '"kind":"oral","value":5},"year":"2026","zone":"Europe/Moscow"}'
        ),
        '{"comment":{"salt":"00000000000000000000000000000000","text":"Хорошо"}}',
    ),
    (
        "a7a00a30c97f599aff39d8853f71a3852f181487e39134d81bb6fff5c8e2a8e1",
        (
            '{"about":"lesson:l1","act":1,"at":1789453800000000,"book":"journal/7A/alg/2026","by"'
            ':{"account":"t-1","right":"1","role":"teacher"},"calendar":"cccccccccccccccccccccccc'
            'cccccccccccccccccccccccccccccccccccccccc","item":1,"key":"k-1","kind":"roll","n":2,"'
            'regulation":[{"digest":"89db9599144f08add831540cf4589b5d9a6c17657cb968d7590f93a18839'
            'edfd","id":"pin"}],"school":"s-1","tzdata":"2026a","v":1,"values":{"absent":[{"code"'
            ':"Н","pupil":"p-2"},{"code":"ОП","late":10,"pupil":"p-3"}]},"year":"2026","zone":"Eu'
            'rope/Moscow"}'
        ),
        None,
    ),
    (
        "7ee2e9fd8c0c6149e8f9137170b676ac8a523be471f91f2a50b0ca6a8cb104fd",
        (
            '{"about":"lesson:l1","act":1,"at":1789453800000000,"book":"journal/7A/alg/2026","by"'
            ':{"account":"t-1","right":"1","role":"teacher"},"calendar":"cccccccccccccccccccccccc'
            'cccccccccccccccccccccccccccccccccccccccc","item":2,"key":"k-1","kind":"homework","n"'
            ':3,"regulation":[{"digest":"89db9599144f08add831540cf4589b5d9a6c17657cb968d7590f93a1'
            '8839edfd","id":"pin"}],"school":"s-1","texts":{"nature":"5cce38be27f19a031385a010440'
            '97404cdbe49c63597eab01a39dbd0a67cc6d1","task":"4e8577f34a38c3beaebcfc8220cb902a8524d'
            'af3c5261f426ba664d824ad7c1f"},"tzdata":"2026a","v":1,"values":{"due":"2026-09-16"},"'
            'year":"2026","zone":"Europe/Moscow"}'
        ),
        (
            '{"nature":{"salt":"01010101010101010101010101010101","text":"письменно"},"task":{"sa'
            'lt":"02020202020202020202020202020202","text":"№ 5"}}'
        ),
    ),
    (
        "d1f7cf9f9314381fa40670ae23b861177826ee3c612ed122b2187fc59c9cc6bd",
        (
            '{"about":"lesson:l1","act":4,"at":1789453800000000,"book":"journal/7A/alg/2026","by"'
            ':{"account":"t-1","right":"1","role":"teacher"},"calendar":"cccccccccccccccccccccccc'
            'cccccccccccccccccccccccccccccccccccccccc","item":0,"kind":"correction","n":4,"pupil"'
            ':"p-1","regulation":[{"digest":"89db9599144f08add831540cf4589b5d9a6c17657cb968d7590f'
            '93a18839edfd","id":"pin"}],"school":"s-1","target":1,"texts":{"reason":"1b587ddce74b'
            '0bbef10526bbf48c9f20d6c6b03307c77e77e1ef911e500e2553"},"tzdata":"2026a","v":1,"value'
            's":{"change":{"value":4}},"year":"2026","zone":"Europe/Moscow"}'
        ),
        '{"reason":{"salt":"03030303030303030303030303030303","text":"описка"}}',
    ),
    (
        "179931d69b188d0da19b7793666a2d50abdd565ac46a1f2f169e8709d8fe9375",
        (
            '{"about":"lesson:l1","act":5,"at":1789453800000000,"book":"journal/7A/alg/2026","by"'
            ':{"account":"importer","right":"1","role":"importer"},"calendar":"cccccccccccccccccc'
            'cccccccccccccccccccccccccccccccccccccccccccccc","evidence":{"by":"t-1","hi":5,"lo":1'
            ',"role":"teacher","source":"old.csv"},"item":0,"kind":"mark","n":5,"pupil":"p-4","re'
            'gulation":[{"digest":"89db9599144f08add831540cf4589b5d9a6c17657cb968d7590f93a18839ed'
            'fd","id":"pin"}],"school":"s-1","tzdata":"2026a","v":1,"values":{"kind":"oral","valu'
            'e":3},"year":"2026","zone":"Europe/Moscow"}'
        ),
        None,
    ),
]


def test_records_are_these_bytes(school, clock, monkeypatch):
    """One script gives these bodies, these private texts and these hashes, for ever."""
    monkeypatch.setattr("edujournal.writing.tzdata_version", lambda: "2026a")
    monkeypatch.setattr("edujournal.writing.calendar_digest", lambda _: "c" * 64)
    salts = count()
    journals = ej.Journals(
        MemoryStore(), school, REGULATION, clock=clock,
        entropy=lambda size: bytes([next(salts)]) * size,
    )  # fmt: skip
    journals.record_many(
        [
            ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5, comment="Хорошо"),
            ej.RollCall(lesson="l1", absent={"p-2": "Н", "p-3": ej.Absence("ОП", 10)}),
            ej.Homework(lesson="l1", task="№ 5", nature="письменно", due=date(2026, 9, 16)),
        ],
        by="t-1",
        key="k-1",
    )
    journals.record(
        ej.Correction(journal="7A/alg/2026", entry=1, values={"value": 4}, reason="описка"),
        by=ej.Actor("t-1", "teacher"),
    )
    journals.record(
        ej.Mark(
            lesson="l1",
            pupil="p-4",
            kind="oral",
            value=3,
            evidence=ej.Evidence(1, 5, "t-1", "teacher", "old.csv"),
        ),
        by="importer",
    )
    found = [
        (one.hash, one.body.decode(), one.private.decode() if one.private else None)
        for one in journals.store.read("s-1", "journal/7A/alg/2026")
    ]
    assert PINNED == found


@pytest.mark.parametrize("number", range(1, 6))
def test_a_pinned_record_reads_back_as_the_entry_it_was(number):
    """Old bytes give the same entry: number, hash, texts, evidence."""
    from edujournal.ledger.index import index_of
    from edujournal.ledger.records import Record
    from edujournal.writing import entry_of

    digest, body, private = PINNED[number - 1]
    record = Record(
        "journal/7A/alg/2026", number, digest, body.encode(),
        None if private is None else private.encode(), index_of(body.encode()),
    )  # fmt: skip
    entry = entry_of(record)
    assert (number, digest, 1_789_453_800_000_000) == (entry.number, entry.hash, entry.at)
    wanted = {1: "comment", 3: "task", 4: "reason"}.get(number)
    assert (wanted in entry.texts) if wanted else not entry.texts
    assert (number == 5) == (entry.evidence == ej.Evidence(1, 5, "t-1", "teacher", "old.csv"))
