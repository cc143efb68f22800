"""The basis of a result: frozen with it, reckoned again from its own content, true or refused."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.rules.basis import digest_of, reckoned
from edujournal.rules.formulas import ATTEMPTS, KINDS
from edujournal.rules.verdicts import Outcome
from tests.results.conftest import Hand, facts_of, moment
from tests.results.test_proposals import DAYS, SHIPPED, A, mark, regulation, result, roll

BOOK = f"journal/{A}"
REST = [{"code": "r", "version": "2", "source": "hundred", "target": "five",
         "steps": [{"at": 0, "gives": 2}, {"at": 60, "gives": 4}]}]  # fmt: skip


def changed(basis, **more):
    """*basis* with some values replaced, and the digest made right again."""
    found = {name: one for name, one in {**basis, **more}.items() if name != "digest"}
    return {**found, "digest": digest_of(found)}


def codes(findings):
    """Code, outcome and entry of what is reported of results and what they rest on."""
    return [
        (one.code, str(one.outcome), one.entry)
        for one in findings
        if one.code in ("basis-changed", "false-basis")
    ]


# -- frozen values ---------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DAYS), st.integers(1, 5), st.sampled_from(["oral", "control", "bonus"]),
            st.integers(-6, 6), st.booleans(),
        ),
        max_size=6,
    ),
    st.sampled_from(ATTEMPTS), st.sampled_from(sorted(KINDS)), st.integers(0, 2), st.booleans(),
)  # fmt: skip
def test_a_basis_is_reckoned_again_from_its_own_content(written, policy, kind, drop, some):
    """Without regulation and journals: the same number for every formula, and canonical bytes."""
    hand = Hand(facts_of())
    for number, (day, value, work, back, points) in enumerate(written, 1):
        original = number - back if 0 < back < number else None
        given_as = {"value": value * 20, "scale": "hundred"} if points else {"value": value}
        hand.write(mark(day, kind=work, retake=original, **given_as))
    formula = {"attempts": policy, "kind": kind, "drop_lowest": drop, "conversions": ["r"]}
    formula |= {"scale": "hundred", "conversions": []} if kind == "share" else {}
    formula |= {"drop_only": ["oral"]} if some else {}
    found = hand.propose(regulation(formula, conversions=REST))["p-1"]

    assert found.mean == reckoned(found.basis)
    assert found.basis == decode(encode(found.basis))
    assert found.basis["digest"] == digest_of(found.basis)


def test_the_bytes_of_a_basis(hand):
    """Golden: what is frozen, name by name; a change here is a new version of the algorithm."""
    hand.write(mark("0907", 5), mark("0914", 2, "control"), mark("0921", 4, retake=2))
    hand.write(ej.Correction(journal=A, entry=1, values={"value": 4}, reason="x"))
    hand.write(mark("0914", 3, pupil="p-3", group="7B"), mark("1005", 5, pupil="p-3"))
    rules = regulation({"absence": [{"over": "0.1", "marker": "none"}], "scale": "five"})
    hand.write(*(roll(day, "u" if day < "0914" else None) for day in DAYS))
    found = hand.propose(rules)["p-1"].basis
    frozen = json.loads(encode(found))
    hashes = [one.pop("hash") for one in frozen["inputs"]]

    assert [hand.states[BOOK].entry(n).hash for n in (1, 2, 3)] == hashes
    assert frozen == {
        "absence": {"excused": 0, "lessons": 6, "over": "0.1", "unexcused": 1, "unknown": 0,
                    "untaken": 0, "warned": True},
        "algorithm": "1",
        "digest": digest_of(found),
        "formula": {"attempts": "last", "drop": 0, "kind": "weighted_mean", "name": "f0",
                    "rounding": "half_up", "scale": "five", "version": "1"},
        "inputs": [
            {"changes": [4], "day": "2026-09-07", "kind": "oral", "n": 1, "use": "counted",
             "value": "4", "weight": "1", "worth": "4"},
            {"day": "2026-09-14", "kind": "control", "n": 2, "use": "superseded", "value": "2",
             "weight": "3", "worth": "2"},
            {"day": "2026-09-21", "kind": "control", "n": 3, "of": 2, "use": "counted",
             "value": "4", "weight": "3", "worth": "4"},
        ],
        "mean": "4",
        "proposed": {"marker": "none"},
        "regulation": {"digest": rules.digest, "id": "marks"},
    }  # fmt: skip
    foreign = hand.propose(rules)["p-3"].basis["inputs"]
    assert [None, "journal/7B/alg/2026"] == [one.get("book") for one in foreign]


def test_a_basis_where_less_is_better_and_one_undecided(hand):
    """The direction of the scale is frozen, and so is what was not known."""
    hand.write(mark("0907", 2, scale="german"), mark("0914", 4, scale="german"))
    rules = regulation({"scale": "german", "drop_lowest": 1, "kind": "max"})
    found = hand.propose(rules)["p-1"]
    assert (Fraction(2), True, Fraction(2)) == (
        found.mean, found.basis["formula"]["lower"], reckoned(found.basis)
    )  # fmt: skip
    hand.write(
        ej.NewWork(id="w", kind="oral", journal=A),
        ej.Mark(journal=A, work="w", pupil="p-1", value=1, scale="german"),
    )
    open_one = hand.propose(rules)["p-1"].basis
    assert (["work.held"], {}) == (open_one["unknown"], open_one["proposed"])


@pytest.mark.parametrize(
    "broken",
    [
        {"formula": {"kind": "magic", "attempts": "last", "drop": 0}},
        {"formula": {"kind": "mean", "attempts": "all", "drop": 0}},
        {"formula": {"kind": "mean", "attempts": "last", "drop": "1"}},
        {"formula": {"kind": "mean"}}, {"formula": 5}, {"inputs": 5}, {"inputs": [{"n": 1}]},
        {"inputs": [{"n": 1, "worth": "x", "weight": "1"}]},
        {"inputs": [{"n": "1", "worth": "1", "weight": "1"}]},
        {"inputs": [{"n": 1, "worth": "1", "weight": "1", "day": "yesterday"}]},
    ],
)  # fmt: skip
def test_what_is_no_basis_is_told(hand, broken):
    """Whatever stands there, the answer is an error that says where."""
    hand.write(mark("0907", 5))
    basis = hand.propose(SHIPPED)["p-1"].basis
    with pytest.raises(BadInput) as raised:
        reckoned({**basis, **broken})
    assert raised.value.problems[0].where.startswith("basis")


# -- recorded with the decision --------------------------------------------------------------------


@pytest.fixture
def journals(make_journals, clock):
    """Journals with two marks of one pupil, on the day before the autumn holidays."""
    found = make_journals()
    for day, value in (("0907", 5), ("0914", 4)):
        clock.at = moment(int(day[:2]), int(day[2:]))
        found.record(mark(day, value), by="t")
    clock.at = moment(10, 22)
    return found


def proposal(journals, pupil="p-1", **more):
    """The proposal of one pupil."""
    return next(one for one in journals.proposals(A, "q1", **more) if one.pupil == pupil)


def test_a_decision_keeps_its_basis_in_the_body(journals):
    """The frozen values are in the hashed body, and read back as they were."""
    found = proposal(journals)
    receipt = journals.record(found.draft(), by="t")
    entry = list(journals.entries(BOOK))[-1]
    record = list(journals.store.read("s-1", BOOK))[-1]

    assert ej.Decision.ACCEPTED is receipt.decision
    assert (found.basis, 5) == (entry.values["basis"], entry.values["value"])
    assert found.basis == json.loads(record.body)["values"]["basis"]
    assert Fraction(9, 2) == reckoned(entry.values["basis"])


def test_a_decision_without_a_basis_has_the_body_that_it_always_had(journals):
    """Bodies of results that say no basis keep no trace of one."""
    journals.record(result(5), by="t")
    record = list(journals.store.read("s-1", BOOK))[-1]
    assert b'"values":{"stage":"period","value":5}' in record.body


def test_the_same_key_and_basis_are_the_same_act(journals):
    """A repeat under the client key gives the receipt of the first time."""
    draft = proposal(journals).draft()
    first, again = (journals.record(draft, by="t", key="k") for _ in range(2))
    assert (first.hash, False, True) == (again.hash, first.repeated, again.repeated)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda basis: {**basis, "mean": "5"}, "digest"),
        (lambda basis: changed(basis, mean="5"), "mean"),
        (lambda basis: changed(basis, proposed={"value": "4"}), "value"),
        (lambda basis: changed(basis, formula={**basis["formula"], "rounding": "none"}), "value"),
        (lambda basis: changed(basis, formula={"kind": "mean"}), "form"),
        (lambda basis: changed(basis, inputs=basis["inputs"][:1]), "mean"),
        (lambda basis: changed(basis, inputs=[{**one, "n": one["n"] + 1} for one in basis["inputs"]]), "input"),
        (lambda basis: changed(basis, inputs=[{**one, "hash": "0" * 64} for one in basis["inputs"]]), "input"),
        (lambda basis: changed(basis, inputs=[{**one, "changes": [9]} for one in basis["inputs"]]), "input"),
    ],
)  # fmt: skip
def test_a_false_basis_is_refused(journals, spoil, reason):
    """What does not agree with itself, or with the journal, is not written."""
    found = proposal(journals)
    draft = result(5, basis=spoil(found.basis))
    verdict = journals.check(draft, by="t")
    finding = next(one for one in verdict.findings if one.code == "false-basis")
    assert (ej.Decision.REFUSED, Outcome.BROKEN, reason) == (
        verdict.decision, finding.outcome, finding.why["reason"]
    )  # fmt: skip
    with pytest.raises(ej.Refused, match="false-basis"):
        journals.record(draft, by="t")


def test_a_basis_of_another_pupil_is_refused(journals, clock):
    """Nobody's result rests on the marks of somebody else."""
    verdict = journals.check(result(5, pupil="p-2", basis=proposal(journals).basis), by="t")
    assert "false-basis" in [one.code for one in verdict.breaches]


def test_a_basis_that_was_overtaken_is_refused_and_made_anew(journals):
    """A mark corrected between the proposal and the decision."""
    found = proposal(journals)
    journals.record(ej.Correction(journal=A, entry=1, values={"value": 3}, reason="x"), by="t")
    assert "false-basis" in [one.code for one in journals.check(found.draft(), by="t").breaches]
    anew = proposal(journals)
    assert (Fraction(7, 2), 4) == (anew.mean, anew.value)
    assert ej.Decision.ACCEPTED is journals.record(anew.draft(), by="t").decision


def test_a_basis_of_another_regulation_is_reckoned_but_not_rounded(journals):
    """Whose rounding is not known cannot be checked; the number still is."""
    basis = proposal(journals).basis
    other = changed(basis, regulation={"id": "x", "digest": "0" * 64}, proposed={"value": "2"})
    assert "false-basis" not in [
        one.code for one in journals.check(result(5, basis=other), by="t").breaches
    ]


@pytest.mark.parametrize(
    "basis", [5, {}, {"digest": 7}, {"digest": "x", "mean": 4.5}, {"digest": "x", 5: 5},
              {"digest": "x", "inputs": [{"n": None}]}]
)  # fmt: skip
def test_what_no_body_can_keep_is_an_error_of_the_call(basis):
    """Floats, keys that are no texts, things that are no basis: told with their path."""
    with pytest.raises(BadInput) as raised:
        result(5, basis=basis).content()
    assert raised.value.problems[0].where.startswith("PeriodResult.basis")


def test_a_result_and_its_basis_are_corrected_together(journals):
    """The new basis is judged as a first one would be; the old one stays in its entry."""
    journals.record(proposal(journals).draft(), by="t")
    journals.record(ej.Correction(journal=A, entry=2, values={"value": 3}, reason="x"), by="t")
    anew = proposal(journals)
    assert (4, True) == (anew.value, anew.outdated)
    change = {"value": 4, "basis": anew.basis}
    verdict = journals.check(ej.Correction(journal=A, entry=3, values=change, reason="x"), by="t")
    assert [] == [one.code for one in verdict.breaches if one.code == "false-basis"]
    change = {"value": 4, "basis": {**anew.basis, "mean": "1"}}
    verdict = journals.check(ej.Correction(journal=A, entry=3, values=change, reason="x"), by="t")
    assert "false-basis" in [one.code for one in verdict.breaches]


# -- changed afterwards ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "touches"),
    [
        (ej.Correction(journal=A, entry=1, values={"value": 2}, reason="x"), True),
        (ej.Annulment(journal=A, entry=1, reason="x"), True),
        (mark("0914", 3, retake=2), True),
        (mark("0921", 3), True),
        (mark("1109", 3, retake=2), True),
        (ej.MakeUp(pupil="p-1", lesson="7A-0928", value=5, protocol="1"), True),
        (mark("1109", 3), False),
        (mark("0921", 3, pupil="p-2"), False),
        (mark("0921", "зачёт", scale="credit"), False),
        (ej.Marker(lesson="7A-0921", pupil="p-1", code="точка"), False),
        (ej.Topic(lesson="7A-0921", topic="x"), False),
        (ej.Correction(journal=A, entry=3, values={"value": 4}, reason="x"), False),
        (ej.Correction(journal=A, entry=4, values={"value": 4}, reason="x"), False),
    ],
)
def test_what_changes_under_a_result_is_listed(journals, clock, draft, touches):
    """Advice at the very entry that does it, the same when judged and when audited."""
    clock.at = moment(10, 23)
    journals.record(proposal(journals).draft(), by="t")
    journals.record(mark("0914", 3, pupil="p-2"), by="t")
    journals.record(ej.RollCall(lesson="7A-0928", absent={"p-1": "Б"}), by="t")
    clock.at = moment(11, 20)
    verdict = journals.check(draft, by="t")
    receipt = journals.record(draft, by="t")
    expected = [("basis-changed", "broken", receipt.number)] if touches else []

    assert expected == codes(verdict.findings)
    assert expected == codes(journals.audit())
    if touches:
        finding = next(one for one in verdict.findings if one.code == "basis-changed")
        assert ("advice", 3, [3]) == (
            str(finding.severity),
            finding.why["target"],
            finding.why["results"],
        )
        assert ej.Decision.ACCEPTED_WITH_REMARKS is verdict.decision


def test_a_work_that_weighs_otherwise_moves_every_result_that_rests_on_it(make_journals, clock):
    """A changed weight is a changed input of all its marks; a work without marks moves nothing."""
    journals = make_journals()
    clock.at = moment(9, 14)
    journals.record(ej.NewWork(id="w", kind="oral", lesson="7A-0914"), by="t")
    journals.record(ej.NewWork(id="v", kind="oral", held=moment_day(9, 15), journal=A), by="t")
    journals.record(mark("0914", 4, work="w", kind=None), by="t")
    clock.at = moment(10, 22)
    journals.record(proposal(journals).draft(), by="t")
    for entry, touched in ((1, True), (2, False)):
        draft = ej.Correction(journal=A, entry=entry, values={"weight": 2}, reason="x")
        assert touched == bool(codes(journals.check(draft, by="t").findings))


def moment_day(month, day):
    """A day of 2026."""
    return datetime.fromtimestamp(moment(month, day) / 1_000_000, UTC).date()


def test_two_results_on_one_mark_are_told_at_once(journals, clock):
    """Period and exam may rest on the same mark: one finding names both."""
    basis = proposal(journals).basis
    journals.record_many([result(5, basis=basis), result(5, basis=basis, stage="exam")], by="t")
    verdict = journals.check(ej.Annulment(journal=A, entry=1, reason="x"), by="t")
    found = [one.why["results"] for one in verdict.findings if one.code == "basis-changed"]
    assert [[3, 4]] == found


def test_results_without_a_basis_are_never_said_to_rest_on_anything(journals):
    """Nothing is claimed of what nobody has stated."""
    journals.record(result(5), by="t")
    assert [] == codes(
        journals.check(ej.Annulment(journal=A, entry=1, reason="x"), by="t").findings
    )


def test_a_change_in_the_former_class_is_found_by_an_audit(make_journals, clock):
    """The result stands in 7A and rests on a mark in 7B: whoever corrects there sees no result."""
    journals = make_journals()
    clock.at = moment(9, 7)
    journals.record(mark("0907", 3, pupil="p-3", group="7B"), by="b")
    clock.at = moment(10, 22)
    journals.record(proposal(journals, "p-3").draft(), by="t")
    assert [] == codes(journals.audit())
    journals.record(
        ej.Correction(journal="7B/alg/2026", entry=1, values={"value": 5}, reason="x"), by="b"
    )
    assert [("basis-changed", "broken", 1)] == codes(journals.audit())
    (finding,) = [one for one in journals.audit() if one.code == "basis-changed"]
    assert ("period:q1", "p-3", BOOK, "journal/7B/alg/2026", 1) == (
        finding.about, finding.pupil, finding.book, finding.why["book"], finding.why["input"]
    )  # fmt: skip
    assert proposal(journals, "p-3").outdated
    days = {"since": moment_day(10, 1), "until": moment_day(11, 1)}
    assert 1 == len(codes(journals.audit(**days)))
    assert 0 == len(codes(journals.audit(since=moment_day(9, 1), until=moment_day(9, 8))))


def test_an_input_that_became_void_is_found_by_an_audit(make_journals, clock):
    """A login was known to others when the mark was written: another hand's result rests on nothing."""
    journals = make_journals()
    for day, value in (("0914", 2), ("0921", 5)):
        clock.at = moment(int(day[:2]), int(day[2:]))
        journals.record(mark(day, value), by="t")
    clock.at = moment(10, 22)
    journals.record(proposal(journals).draft(), by="t2")
    clock.at = moment(10, 23)
    told = datetime.fromtimestamp(moment(9, 20) / 1_000_000, UTC)
    journals.record(ej.Compromise(account="t", head=told, support=told, year="2026"), by="head")

    assert [("basis-changed", "broken", 3)] == codes(journals.audit())
    assert (2, True) == (proposal(journals).value, proposal(journals).outdated)


def test_proposals_are_the_same_for_asynchronous_hosts(make_journals, clock):
    """Both shells ask the same pure function."""
    plain = make_journals()
    clock.at = moment(9, 7)
    plain.record(mark("0907", 5), by="t")
    other = ej.AsyncJournals(plain.store, plain.school, "ru-school26-2023", clock=clock)
    assert plain.proposals(A, "q1") == asyncio.run(other.proposals(A, "q1"))
    before = datetime.fromtimestamp(moment(9, 6) / 1_000_000, UTC)
    for at in (before, moment(9, 6)):
        assert plain.proposals(A, "q1", at=at) == asyncio.run(other.proposals(A, "q1", at=at))
        assert "н/а" == proposal(plain, at=at).text


def test_proposals_look_at_a_moment(journals):
    """As of September only what was written by then counts."""
    assert (5, Fraction(9, 2)) == (proposal(journals).value, proposal(journals).mean)
    assert Fraction(5) == proposal(journals, at=moment(9, 10)).mean
