"""Retention over stored journals: requests answered, acts refused, disposal when its day has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import edujournal as ej

BOOK = "journal/7A/alg/2026"
CLASS = "class/7A/2026"
DISPOSAL = datetime(2033, 1, 1, tzinfo=UTC) - timedelta(hours=3)


@pytest.fixture
def kept(journals, school, clock):
    """A topic, a mark with a remark and its correction, two remarks, a message, an excuse."""
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")
    journals.record(
        ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5, comment="Сам"), by="t-1"
    )
    journals.record(ej.Comment(lesson="l1", pupil="p-1", comment="Шумел"), by="t-1")
    journals.record(ej.Comment(lesson="l1", pupil="p-2", comment="Тихо"), by="t-1")
    journals.record(
        ej.Correction(
            journal="7A/alg/2026", entry=3, texts={"comment": "Не шумел"}, reason="ошибка"
        ),
        by="t-1",
    )
    message = ej.Message(
        group="7A", pupil="p-1", message="Зайдите", day=date(2026, 9, 15), evidence=ej.Evidence()
    )
    journals.record(message, by="importer")
    return journals


def told(answers) -> list[tuple]:
    """Answers in short."""
    return [
        (one.book, one.number, one.kind, one.term and one.term.until, one.may) for one in answers
    ]


def test_a_request_is_answered_entry_by_entry(kept):
    """What may go at once, and what must be kept, until when, by which clause."""
    answers = kept.erasable(pupil="p-1")
    start, end = date(2026, 9, 1), date(2033, 1, 1)

    assert [
        (CLASS, 1, "message", start, True),
        (BOOK, 2, "mark", end, False),
        (BOOK, 3, "comment", start, True),
        (BOOK, 5, "comment", start, True),
    ] == told(answers)
    must = answers[1].term
    assert ("ru-school26-2023", "2.15", "journals") == (
        must.regulation,
        must.clause,
        must.retention,
    )
    assert [("message",), ("comment",), ("comment",), ("new.comment", "reason")] == [
        a.texts for a in answers
    ]
    assert [(BOOK, 4, "comment", start, True)] == told(kept.erasable({BOOK: [4, 99]}))
    assert all(one.may for one in kept.erasable(at=DISPOSAL) if one.book == BOOK)
    with pytest.raises(ej.Unknown):
        kept.erasable(pupil="p-99")


def test_what_may_go_goes_and_the_rest_stays(kept):
    """The answers are handed on: one act, and afterwards nothing more of it can go."""
    receipts = kept.erase(
        "e-1",
        [one for one in kept.erasable(pupil="p-1") if one.may],
        "заявление",
        "head",
        pupil="p-1",
    )

    assert [("school/2026", 1)] == [(one.book, one.number) for one in receipts]
    assert "p-1" == next(kept.entries("school/2026")).pupil
    # The act itself is about the pupil, and its ground is a text like any other.
    assert [
        (BOOK, 2, "mark", date(2033, 1, 1), False),
        ("school/2026", 1, "erasure", date(2053, 1, 1), False),
    ] == told(kept.erasable(pupil="p-1"))
    assert "L1" == kept.verify().assurance


def test_an_erasure_before_its_time_is_refused_with_clause_and_day(kept):
    """One finding for each retention that it breaks; nothing is gone, and the refusal is logged."""
    draft = ej.Erasure(id="e", year="2026", records={BOOK: (1, 2, 3)}, ground="x")
    verdict = kept.check(draft, by="head")
    with pytest.raises(ej.Refused, match="must-be-kept"):
        kept.record(draft, by="head")

    found = [one for one in verdict.findings if one.code == "must-be-kept"]
    assert [("2.15", ej.Outcome.BROKEN, 2), ("1.7", ej.Outcome.MET, 2)] == [
        (one.clause, one.outcome, one.why["count"]) for one in found
    ]
    assert not kept.verify().books[-1].erased
    assert 1 == len(list(kept.entries("access/2026")))


def test_a_waiver_of_the_head_lets_it_go_and_is_named(kept, clock):
    """What was typed by mistake need not stay for years: the clause is named, the waiver too."""
    since = clock.at - timedelta(hours=1)
    draft = ej.Erasure(id="e", year="2026", records={BOOK: (1,)}, ground="диагноз в теме урока")
    waiver = {
        "clauses": ["2.15"],
        "since": since,
        "until": since + timedelta(days=1),
        "year": "2026",
        "ground": "x",
    }
    kept.record(ej.Waiver(id="w-2", **waiver), by="head")
    receipt = kept.record(draft, by="head")

    excused = [one for one in receipt.verdict.findings if one.outcome is ej.Outcome.EXCUSED]
    assert [("must-be-kept", "w-2")] == [(one.code, one.why["waiver"]) for one in excused]
    assert "L1" == kept.verify().assurance


def test_on_its_day_all_is_due_and_not_a_day_before(kept, clock):
    """The school's own clock tells the day; what was disposed of is due no more."""
    just_before = kept.retention(DISPOSAL - timedelta(microseconds=1))
    assert not [one for one in just_before if one.due]
    found = {(one.what, one.retention): one for one in kept.retention(DISPOSAL)}
    due = {name: one.left for name, one in found.items() if one.due}

    assert {(BOOK, "journals"): (1, 2), (CLASS, "class-books"): ()} == due
    assert date(2053, 1, 1) == found["sheet/7A/2026", "sheets"].until
    assert date(2053, 1, 1) == found[CLASS, "results"].until
    assert [(BOOK, 1), (BOOK, 2)] == [(one.book, one.number) for one in kept.disposable(DISPOSAL)]
    clock.at = DISPOSAL
    school = kept.facts().calendars[0]
    assert school.year == "2026"
    kept.erase("d-1", kept.disposable(), "истёк срок хранения", "head")
    assert {(BOOK, "journals"): (), (CLASS, "class-books"): ()} == {
        (one.what, one.retention): one.left for one in kept.retention() if one.due
    }
    assert "L1" == kept.verify().assurance


def test_a_year_that_the_school_has_lost_is_never_due(kept, school):
    """Without the year's end nobody can tell: nothing may go, and nothing is said to be due."""
    school.rows["calendars"] = []
    school.rows["lessons"] = []

    assert {None} == {one.until for one in kept.retention(DISPOSAL)}
    assert not [one for one in kept.retention(DISPOSAL) if one.due]
    assert {(False, None)} == {(one.may, one.term) for one in kept.erasable(at=DISPOSAL)}


def test_a_regulation_that_keeps_nothing_says_nothing(school, clock):
    """Without retention every text may go, and no entry is refused for it."""
    journals = ej.Journals(
        ej.open("memory:", school=school, regulation="ee-paevik").store,
        school,
        "ee-paevik",
        clock=clock,
    )
    journals.record(ej.Topic(lesson="l1", topic="Дроби"), by="t-1")

    assert [(BOOK, 1, "topic", None, True)] == told(journals.erasable())
    assert [] == journals.retention()
