"""Corrections, annulments and approvals of books: written by the names of rows, read back as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.exchange.csvset import read_set, write_set
from edujournal.model.entries import Evidence
from edujournal.model.time import instant

#: Values that speak of entries by their numbers.
OWN = ("retake", "basis")

LESSON, JOURNAL = "7A-alg-0915", "7A/alg/2026"
BOOK = f"journal/{JOURNAL}"
PUPIL = "p-17"
NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)

#: Names entries by their numbers and hashes, which are of no account in other journals.
BASIS = {"digest": "0" * 64, "inputs": [{"book": BOOK, "hash": "0" * 64, "n": 1}]}

#: What is recorded, and the corrections of it: values, and texts.
RECORDS = [
    (ej.Substitution(lesson=LESSON, teacher="t-ivanova"), {"teacher": "deputy"}, {}),
    (
        ej.Mark(lesson=LESSON, pupil=PUPIL, value=5, kind="oral", scale="5", comment="хорошо"),
        {"value": 4, "kind": "test", "scale": None},
        {"comment": ""},
    ),
    (ej.Mark(lesson=LESSON, pupil=PUPIL, value=3, kind="oral"), {"value": "зач", "scale": "credit"}, {}),
    (ej.Marker(lesson=LESSON, pupil=PUPIL, code="н/а"), {"code": "осв"}, {"ground": "справка"}),
    (
        ej.RollCall(lesson=LESSON, absent={PUPIL: "Н"}),
        {"absent": {PUPIL: None, "p-18": ej.Absence("ОП", 5)}},
        {},
    ),
    (ej.Topic(lesson=LESSON, topic=".", plan="7"), {"plan": None}, {"topic": "Дроби"}),
    (
        ej.Homework(lesson=LESSON, task="№ 1", nature="письменно", due=date(2026, 9, 16)),
        {"due": date(2026, 9, 17)},
        {"task": "№ 2", "nature": ""},
    ),
    (
        ej.NewWork(id="w;1", kind="control", lesson=LESSON, weight=2, points="10.5"),
        {"kind": "essay", "purpose": "ordinary", "weight": "0.5", "points": None},
        {"title": "Сочинение"},
    ),
    (
        ej.MakeUp(
            lesson=LESSON, pupil=PUPIL, value=4, protocol="№ 3", examiners=["t-ivanova"]
        ),
        {"value": 5, "held": date(2026, 9, 20), "examiners": ["deputy", "t-ivanova"]},
        {"protocol": "№ 4"},
    ),
    (ej.Comment(lesson=LESSON, pupil=PUPIL, comment="Болтал"), {}, {"comment": "Молчал"}),
    (
        ej.PeriodResult(journal=JOURNAL, period="q1", pupil=PUPIL, value=4, basis=BASIS),
        {"value": None, "marker": "осв", "stage": "year", "basis": None},
        {},
    ),
]  # fmt: skip


def book():
    """A book in which each record is corrected, each correction agreed to, and more.

    It is made by hand: what a regulation would say of all this is not the question here.
    """
    drafts = []
    for draft, values, texts in RECORDS:
        number = len(drafts) + 1
        drafts += [
            draft,
            ej.Correction(
                journal=JOURNAL, entry=number, values=values, texts=texts, reason="описка; так"
            ),
            ej.Approval(journal=JOURNAL, entry=number + 1),
        ]
    drafts += [
        ej.Confirmation(lesson=LESSON, entry=1, accept=False),
        ej.Mark(lesson=LESSON, pupil=PUPIL, value=5, kind="oral", retake=4),
        ej.Annulment(journal=JOURNAL, entry=16),
        ej.Correction(journal=JOURNAL, entry=22, texts={"title": "Изложение"}),
    ]
    for number, draft in enumerate(drafts, 1):
        content = draft.content()
        yield ej.Entry(
            BOOK, number, content.kind, content.about, content.pupil, content.values, content.texts,
            ej.Actor("t-ivanova", "teacher"), "2.3", instant(NOW) + number * 60_000_000,
            act=number, target=content.target,
        )  # fmt: skip


def said(records):
    """What each record says, with what the one says that it changes or tries again; in no order.

    Args:
        records: Records with the number each has in its book.
    """
    by_number = dict(records)

    def words(record):
        values = {name: one for name, one in record.values.items() if name not in OWN}
        change = {name: one for name, one in values.pop("change", {}).items() if name not in OWN}
        return record.kind, *(sorted(some.items()) for some in (values, change, record.texts))

    return sorted(
        repr((words(one), other and words(by_number[other])))
        for one in by_number.values()
        for other in [one.target or one.values.get("retake")]
    )


def test_every_change_comes_back_with_what_it_changes(tmp_path):
    """Values and texts that are changed or taken away, reasons, and which record is meant."""
    entries = list(book())
    write_set(tmp_path, ej.samples.school(["7A"]), entries)
    found = read_set(tmp_path)

    assert said((entry.number, entry) for entry in entries) == said(
        (number, draft.content()) for number, (draft, _) in enumerate(found.drafts(), 1)
    )
    moments = sorted(draft.evidence.lo for draft, _ in found.drafts())
    assert [entry.at for entry in entries] == moments
    assert {("t-ivanova", "teacher")} == {
        (draft.evidence.author, draft.evidence.role) for draft, _ in found.drafts()
    }


@pytest.mark.parametrize(
    ("records", "what"),
    [
        pytest.param(
            [ej.Topic(lesson=LESSON, topic="x")], "a draft of which nothing is known", id="evidence"
        ),
        pytest.param(
            [ej.Annulment(journal=JOURNAL, entry=1, evidence=Evidence())],
            "a draft that speaks of an entry by its number",
            id="a number",
        ),
        pytest.param(
            [ej.Mark(lesson=LESSON, pupil=PUPIL, value=5, retake=1, evidence=Evidence())],
            "a draft that speaks of an entry by its number",
            id="a retake",
        ),
        pytest.param(list(book())[1:2], "a change of an entry that is not there", id="target"),
        pytest.param(
            [evolve(one, kind="vouch") for one in book()][:1],
            "a vouch is not part of a CSV set",
            id="kind",
        ),
        pytest.param(
            [evolve(one, values={**one.values, "mood": "x"}) for one in book()][:1],
            "something that a CSV set has no column for",
            id="value",
        ),
        pytest.param(
            [
                *list(book())[3:4],
                evolve(list(book())[4], values={"change": {"retake": 1}}),
            ],
            "a correction of 'retake' of a mark is not part of a CSV set",
            id="change",
        ),
        pytest.param(
            [
                *list(book())[30:31],
                evolve(list(book())[31], values={"change": {"basis": BASIS}}),
            ],
            "a correction of 'basis' of a result is not part of a CSV set",
            id="basis",
        ),
        pytest.param(
            [ej.Topic(lesson=LESSON, topic="a\0b", evidence=Evidence())],
            "a text that is not Unicode, or has a NUL",
            id="NUL",
        ),
        pytest.param(
            [ej.Topic(lesson=LESSON, topic="\ud800", evidence=Evidence())],
            "a text that is not Unicode, or has a NUL",
            id="surrogate",
        ),
        pytest.param(
            [ej.Topic(lesson=LESSON, topic="x" * 100_000, evidence=Evidence())],
            "a row too long for a CSV set",
            id="long",
        ),
        pytest.param(
            [ej.Topic(lesson=LESSON, topic="x", evidence=Evidence(source=" x"))],
            "a value that is empty, or has space at its ends",
            id="blanks",
        ),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(tmp_path, records, what):
    """The writer leaves nothing out in silence, and a set that was there stays as it was."""
    school = ej.samples.school(["7A"])
    write_set(tmp_path, school)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ej.BadInput, match=what):
        write_set(tmp_path, school, records)

    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_the_separator_is_one_that_is_read(tmp_path):
    """A set parted by what the reader does not know would be no set."""
    with pytest.raises(ej.BadInput, match="not a separator"):
        write_set(tmp_path, ej.samples.school(["7A"]), separator="\t")
