"""Conditions of markers at their edges: what is not known, what is near, what never applies."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import BadInput, Refused
from edujournal.ledger.books import BookState
from edujournal.model.entries import Evidence
from edujournal.rules.judging import Judge
from edujournal.rules.provisional import provisional

ALG = "7A/alg/2026"
BOOK = f"journal/{ALG}"
EXEMPT = ej.Marker(journal=ALG, pupil="p-1", code="EX", ground="certificate 14")
DEBT = ej.Marker(lesson="l1", pupil="p-1", code="точка", until=date(2026, 9, 22))
INCOMPLETE = ej.Marker(lesson="l1", pupil="p-1", code="I")


def heard(receipt, *codes):
    """Code and outcome of the findings about markers."""
    return [(one.code, str(one.outcome)) for one in receipt.verdict.findings if one.code in codes]


# -- what is not known -----------------------------------------------------------------------------


def test_an_imported_marker_of_an_unknown_role_cannot_be_decided(desk):
    """Who set it in which role nobody says: undecidable, and accepted."""
    draft = evolve(EXEMPT, evidence=Evidence(author=None))
    receipt = desk.write("2026-09-10 10:00", draft, by="imp")
    assert [("marker-role", "undecidable")] == heard(receipt, "marker-role")
    told = evolve(EXEMPT, pupil="p-1", evidence=Evidence(author="deputy", role="deputy"))
    assert [("marker-role", "met")] == heard(
        desk.write("2026-09-10 10:01", told, by="imp"), "marker-role"
    )


def test_an_imported_breach_is_a_remark(desk):
    """History cannot be refused: the marker without a ground comes in and says so."""
    draft = evolve(EXEMPT, ground=None, evidence=Evidence(author="deputy", role="deputy"))
    receipt = desk.write("2026-09-10 10:00", draft, by="imp")
    assert [("no-ground", "broken")] == heard(receipt, "no-ground")


def test_an_erased_ground_cannot_be_decided(desk):
    """It was there when it was judged; now nobody can tell what it said."""
    desk.write("2026-09-10 10:00", EXEMPT, by="deputy")
    entry = next(desk.journals.entries(BOOK))
    erased = evolve(entry, texts={"ground": None})
    found = Judge(desk.regulation, desk.journals.facts()).judge(erased, BookState(BOOK)).findings
    assert ["undecidable"] == [str(one.outcome) for one in found if one.code == "no-ground"]


def test_a_term_counted_from_an_unknown_moment_is_not_known(desk):
    """A marker known only to be older than its import has no end that anybody could name."""
    desk.write("2026-09-20 10:00", evolve(INCOMPLETE, evidence=Evidence(author="t")), by="imp")
    assert "M.2 uncleared undecidable lesson:l1 p-1" in list(desk.audit("2027-01-01 00:00"))
    assert () == desk.tick("2027-01-01 00:00").made


def test_a_change_of_one_without_a_known_term_cannot_be_decided(new_desk):
    """Nobody can say whether it had ended: the change is accepted with that remark."""
    desk = new_desk()
    desk.write("2026-09-15 09:10", INCOMPLETE)
    receipt = desk.write("2026-10-15 09:10", ej.Annulment(journal=ALG, entry=1, reason="handed in"))
    assert [("marker-ended", "undecidable")] == heard(receipt, "marker-ended")


def test_a_change_known_to_the_day_of_the_end_cannot_be_decided(desk):
    """The interval of its recording holds the end."""
    desk.write("2026-09-15 09:10", INCOMPLETE)
    at = desk.moment
    change = ej.Annulment(
        journal=ALG, entry=1, reason="handed in",
        evidence=Evidence(at("2026-09-18 12:00"), at("2026-09-19 12:00"), "t", "teacher"),
    )  # fmt: skip
    receipt = desk.write("2026-10-15 09:10", change, by="imp")
    assert [("marker-ended", "undecidable")] == heard(receipt, "marker-ended")


def test_what_time_made_is_judged_by_what_is_known_now(new_desk):
    """Where the school takes its setting back, an audit says that nobody can tell any more."""
    desk = new_desk(given={"incomplete_days": 3})
    desk.write("2026-09-15 09:10", INCOMPLETE)
    desk.tick("2026-10-01 00:00")
    assert [] == [one for one in desk.audit("2026-10-01 00:00") if "not-by-time" in one]
    other = new_desk(store=desk.store)
    assert ["M.2 not-by-time undecidable lesson:l1 p-1"] == [
        one for one in other.audit("2026-10-01 00:00") if "not-by-time" in one
    ]
    shorter = new_desk(store=desk.store, given={"incomplete_days": 2})
    assert ["M.2 not-by-time broken lesson:l1 p-1"] == [
        one for one in shorter.audit("2026-10-01 00:00") if "not-by-time" in one
    ]


# -- debts -----------------------------------------------------------------------------------------


def test_a_debt_without_a_day_is_due_and_never_overdue(desk):
    """Nobody has said by when: it waits, and is in the list without a deadline."""
    desk.write("2026-09-15 09:10", evolve(DEBT, until=None))
    (found,) = [one for one in desk.journals.due("t", desk.moment("2027-05-01 12:00"))
                if one.code == "uncleared"]  # fmt: skip
    assert ("pending", None, "p-1") == (str(found.outcome), found.closes, found.pupil)


def test_a_debt_is_due_for_pupil_and_guardian_and_for_no_other(desk):
    """The pupil's own account sees it as the teacher does; another teacher does not."""
    desk.write("2026-09-15 09:10", DEBT)
    at = desk.moment("2026-09-16 12:00")
    assert {"t": 1, "mum": 1, "other": 0} == {
        who: sum(one.code == "uncleared" for one in desk.journals.due(who, at))
        for who in ("t", "mum", "other")
    }


def test_time_makes_nothing_of_a_debt(desk):
    """The regulation names no successor: it is overdue, and that is all."""
    desk.write("2026-09-15 09:10", DEBT)
    assert () == desk.tick("2026-12-01 00:00").made


def test_the_day_of_a_debt_is_put_off_before_it_ends_and_not_after(desk):
    """A term that has passed is not moved away; the ground may still be put right."""
    desk.write("2026-09-15 09:10", DEBT)
    later = ej.Correction(journal=ALG, entry=1, values={"until": date(2026, 9, 29)}, reason="ill")
    assert [("marker-ended", "met")] == heard(desk.write("2026-09-21 12:00", later), "marker-ended")
    more = ej.Correction(journal=ALG, entry=1, values={"until": date(2026, 10, 29)}, reason="ill")
    with pytest.raises(Refused):
        desk.write("2026-09-29 00:00", more)
    words = ej.Correction(journal=ALG, entry=1, texts={"ground": "essay"}, reason="said too little")
    assert [] == heard(desk.write("2026-10-01 12:00", words), "marker-ended")


def test_what_was_cleared_may_be_changed_at_any_time(desk):
    """Its term does not matter any more."""
    desk.write("2026-09-15 09:10", INCOMPLETE)
    desk.write("2026-09-15 10:00", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=4))
    receipt = desk.write("2026-10-15 09:10", ej.Annulment(journal=ALG, entry=1, reason="a slip"))
    assert [] == heard(receipt, "marker-ended")


def test_a_plain_marker_has_no_term_to_be_changed_after(desk):
    """«осв» is taken back whenever it was wrong."""
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="осв"))
    receipt = desk.write("2026-12-15 09:10", ej.Annulment(journal=ALG, entry=1, reason="a slip"))
    assert [] == heard(receipt, "marker-ended")


def test_a_debt_at_the_lesson_is_cleared_by_a_mark_for_a_work_held_there(desk):
    """One cell holds the lesson and the works of it; another lesson is another cell."""
    desk.write("2026-09-15 09:05", ej.NewWork(id="c1", kind="control", purpose="ordinary",
                                              lesson="l1"))  # fmt: skip
    desk.write("2026-09-15 09:10", DEBT)
    desk.write("2026-09-16 09:10", ej.Mark(lesson="l2", pupil="p-1", kind="oral", value=5))
    assert "2.8 uncleared missing lesson:l1 p-1" in list(desk.audit("2026-09-25 00:00"))
    desk.write("2026-09-16 09:20", ej.Mark(work="c1", journal=ALG, pupil="p-1", value=5))
    assert "2.8 uncleared missing lesson:l1 p-1" not in list(desk.audit("2026-09-25 00:00"))


def test_a_debt_for_a_work_is_cleared_by_its_own_marks_only(desk):
    """A work that stands alone, and one at a lesson where another kind of mark was given."""
    desk.write("2026-09-15 09:04", ej.NewWork(id="e1", kind="essay", journal=ALG,
                                              held=date(2026, 9, 15)))  # fmt: skip
    desk.write("2026-09-15 09:05", ej.NewWork(id="c1", kind="control", purpose="ordinary",
                                              lesson="l1"))  # fmt: skip
    for work in ("e1", "c1"):
        desk.write("2026-09-15 09:10", ej.Marker(work=work, journal=ALG, pupil="p-1", code="точка",
                                                 until=date(2026, 9, 22)))  # fmt: skip
    desk.write("2026-09-15 09:20", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5))

    def open_debts():
        return [one for one in desk.audit("2026-09-25 00:00") if "uncleared" in one]

    assert [
        "2.8 uncleared missing work:e1 p-1",
        "2.8 uncleared missing work:c1 p-1",
    ] == open_debts()
    desk.write("2026-09-16 09:20", ej.Mark(lesson="l1", pupil="p-1", kind="control", value=4))
    desk.write("2026-09-16 09:21", ej.Mark(work="e1", journal=ALG, pupil="p-1", value=4))
    assert [] == open_debts()


def test_an_audit_of_some_days_looks_at_the_markers_of_these_days(desk):
    """By the day of what the marker is about."""
    desk.write("2026-09-15 09:10", DEBT)
    missing = "2.8 uncleared missing lesson:l1 p-1"
    spans = {(15, 16): True, (16, 20): False, (1, 15): False}
    for (first, last), there in spans.items():
        days = {"since": date(2026, 9, first), "until": date(2026, 9, last)}
        assert there is (missing in list(desk.audit("2026-12-01 00:00", **days)))


def test_a_regulation_says_nothing_of_days_on_which_it_does_not_hold(new_desk):
    """A marker of before its time has no term under it."""
    desk = new_desk(given={"incomplete_days": 3})
    desk.write("2026-09-15 09:10", INCOMPLETE)
    later = new_desk(store=desk.store, in_force={"since": date(2026, 10, 1)},
                     given={"incomplete_days": 3})  # fmt: skip
    assert () == later.tick("2026-12-01 00:00").made


# -- beside ----------------------------------------------------------------------------------------


def test_a_marker_that_gives_way_to_a_mark_is_no_hindrance(new_desk):
    """One that stands alone and is named as replaced by a mark lets the mark in."""
    words = {"ru": "п", "en": "p"}
    alone = {"code": "A", "title": words, "clause": "M.1", "coexists_with_mark": False}
    way = {**alone, "code": "W", "replaced_by": ["mark"]}
    desk = new_desk(markers=[alone, way])
    mark = ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=4)
    desk.write("2026-09-15 09:10", ej.Marker(lesson="l1", pupil="p-1", code="W"))
    assert [] == heard(desk.write("2026-09-15 09:11", mark), "beside-mark")
    desk.write("2026-09-16 09:10", ej.Marker(lesson="l2", pupil="p-1", code="A"))
    with pytest.raises(Refused):
        desk.write("2026-09-16 09:11", evolve(mark, lesson="l2"))


def test_a_result_of_another_stage_is_another_cell(new_desk):
    """Exempt for the quarter, and a mark for the year in the same column: no contradiction."""
    desk = new_desk()
    desk.write("2026-10-20 12:00", ej.Marker(journal=ALG, period="q1", pupil="p-1", code="EX",
                                             ground="certificate"), by="deputy")  # fmt: skip
    year = ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4, stage="year")
    assert [] == heard(desk.write("2026-10-21 12:00", year), "beside-mark")
    quarter = ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4)
    with pytest.raises(Refused):
        desk.write("2026-10-21 12:01", quarter)


def test_a_correction_into_a_marker_is_judged_as_one(desk):
    """The code changed afterwards must pass the same conditions as one that is new."""
    desk.write("2026-10-20 12:00",
               ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", marker="осв"))  # fmt: skip
    change = {"journal": ALG, "entry": 1, "values": {"marker": "EX"}, "reason": "certificate came"}
    with pytest.raises(Refused):
        desk.write("2026-10-21 12:00", ej.Correction(**change), by="deputy")
    receipt = desk.write(
        "2026-10-21 12:01", ej.Correction(**change, texts={"ground": "certificate"}), by="deputy"
    )
    assert [("marker-role", "met"), ("no-ground", "met")] == heard(
        receipt, "marker-role", "no-ground"
    )


def test_a_change_of_nothing_is_no_marker(desk):
    """A correction whose target is not there is refused for that, and for nothing else."""
    verdict = desk.journals.check(
        ej.Correction(journal=ALG, entry=99, values={"code": "EX"}, reason="?"), by="t"
    )
    codes = {one.code for one in verdict.findings}
    assert "no-such-target" in codes
    assert not codes & {"marker-role", "no-ground", "marker-scope", "beside-mark"}


# -- drafts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"lesson": "l1", "period": "q1"}, "a marker for two things"),
        ({"work": "w", "journal": ALG, "period": "q1"}, "a marker for two things"),
        ({"lesson": "l1", "stage": "year"}, "a stage of nothing"),
        ({"journal": ALG, "period": "q1", "stage": "month"}, "unknown stage"),
        ({"lesson": "l1", "since": date(2026, 9, 1)}, "a first day of what has its own"),
        ({"journal": ALG, "since": date(2026, 9, 1), "until": date(2026, 9, 1)},
         "a marker that holds on no day"),
        ({}, "no place for the entry"),
    ],
)  # fmt: skip
def test_a_marker_without_a_meaning_is_misuse(fields, what):
    """The form is checked before anything is judged."""
    with pytest.raises(BadInput, match=what):
        ej.Marker(pupil="p-1", code="осв", **fields).content()


@pytest.mark.parametrize("fields", [{"until": date(2026, 9, 1)}, {"ground": "why"}])
def test_a_mark_has_neither_term_nor_ground(fields):
    """Both belong to markers only."""
    with pytest.raises(BadInput, match="neither term nor ground"):
        ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", value=4, **fields).content()


def test_the_form_of_what_was_there_before_is_what_it_was():
    """A marker at a lesson says what it said in the first format: no field more, no byte less."""
    content = ej.Marker(lesson="l1", pupil="p-1", code="осв").content()
    assert {"code": "осв"} == dict(content.values)
    result = ej.PeriodResult(journal=ALG, period="q1", pupil="p-1", marker="осв").content()
    assert {"marker": "осв", "stage": "period"} == dict(result.values)


def test_a_marker_for_the_subject_has_the_day_of_its_recording(new_desk):
    """Whom it concerns is asked of that day's roll: who has left is refused."""
    pupils = {"7A": {"p-2": "to 2026-09-05", "p-3": False, "p-4": False}, "7A.1": False}
    desk = new_desk(school={"pupils": pupils})
    desk.clock.set(desk.moment("2026-09-10 10:00"))
    verdict = desk.journals.check(evolve(EXEMPT, pupil="p-2"), by="deputy")
    assert "off-the-roll" in [one.code for one in verdict.breaches]
    desk.clock.set(desk.moment("2026-09-04 10:00"))
    verdict = desk.journals.check(evolve(EXEMPT, pupil="p-2"), by="deputy")
    assert "off-the-roll" not in [one.code for one in verdict.breaches]
    entry = provisional(
        EXEMPT.content(), None, BookState(BOOK), ej.Actor("deputy"), desk.moment("2026-09-10 10:00")
    )
    assert "subject:alg" == entry.about
