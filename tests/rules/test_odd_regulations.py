"""Odd regulations: several at once, one not in force, one without rights, rules about what is not known."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.entries import Evidence
from edujournal.rules.catalogue import CATALOGUE, breach_code
from edujournal.rules.loading import structure
from edujournal.rules.reminders import told
from edujournal.rules.scenes import of_lesson
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity
from edujournal.testing.case_schools import school_of

SCHOOL = """
days = "2026-09-01 to 2027-05-31"
zone = "Europe/Moscow"
year = "2026"
weeks = { five = [1, 2, 3, 4, 5] }

[periods.quarters]
q1 = "quarter 2026-09-01 to 2026-10-25"

[holidays.usual]
autumn = "2026-10-26 to 2026-11-04"

[groups]
"7A" = { is = "class grade 7", periods = "quarters" }
"7A.1" = { is = "subgroup of 7A", periods = "quarters" }

[pupils]
"7A" = ["p-1", "p-2"]
"7A.1" = ["p-1"]

[accounts]
t = "teaches 7A alg"
free = "teaches 7A geo"
busy = "teaches 7A.1 eng"
leader = "leads 7A"
head = "head"
importer = "importer"
mother = "guardian of p-1"

[lessons]
l1 = "7A alg 2026-09-15 09:00-09:45"
l2 = "7A alg 2026-09-16 09:00-09:45"
e1 = "7A.1 eng 2026-09-15 09:00-09:45"
"""

WORDS = {"ru": "п", "en": "p"}
DAY = {"anchor": "day", "snap": "end_of_day"}
WHOLE = {"kind": "rights", "role": "teacher", "may": "write", "records": ["mark", "roll"]}


def at(text: str) -> int:
    """An instant on the clocks of Moscow."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Moscow"))
    return int(moment.timestamp()) * 1_000_000


def rules(id: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Plain data of a regulation whose clauses 1, 2 … have a rule each."""
    return {
        "format": 1,
        "id": id,
        "title": WORDS,
        "work_kinds": [{"code": "oral", "title": WORDS}],
        "absences": [
            {"code": "Н", "title": WORDS, "excused": False},
            {"code": "Б", "title": WORDS, "excused": True},
        ],
        "clauses": [
            {"number": str(n), "gist": WORDS, "rules": [row]} for n, row in enumerate(rows, 1)
        ],
        **more,
    }


@pytest.fixture
def school() -> Any:
    """A class, a subgroup of it, and people of every sort."""
    problems: list[Any] = []
    found = school_of(tomllib.loads(SCHOOL), "here", problems)
    assert not problems
    return found


@pytest.fixture
def said(school):
    """Judge one draft under one regulation: the findings as ``clause code outcome``."""

    def of(
        *rows: dict[str, Any], draft: Any, by: str = "t", when: str = "2026-09-15 09:10"
    ) -> list[str]:
        found = ej.judge(
            structure(rules("x", *rows)), draft, school.facts(), BookState("journal/7A/alg/2026"),
            by=by, at=at(when),
        )  # fmt: skip
        return [f"{one.clause} {one.code} {one.outcome.value}" for one in found.findings]

    return of


def mark(**more: Any) -> ej.Mark:
    """A mark of the first pupil at the first lesson."""
    return ej.Mark(**{"lesson": "l1", "pupil": "p-1", "value": 5, "kind": "oral", **more})


# -- several at once -------------------------------------------------------------------------------

TIMED = {"kind": "timing", "record": "mark", "quorum": "none"}
FIRST = rules("first", WHOLE, {**TIMED, "closes": DAY})
STRICT = rules("strict", {**TIMED, "closes": {"anchor": "lesson.end"}})
LATER = rules(
    "later",
    {**TIMED, "closes": {"anchor": "lesson.start"}, "on_breach": "refuse"},
    in_force={"since": date(2026, 9, 16)},
)


@pytest.fixture
def kept(school):
    """Journals kept under the regulations given, at ten to ten on the first day."""

    def under(*regulations: dict[str, Any], when: str = "2026-09-15 09:50") -> ej.Journals:
        now = datetime.fromtimestamp(at(when) / 1e6, UTC)
        return ej.Journals(MemoryStore(), school, list(regulations), clock=lambda: now)

    return under


def cited(findings: Any) -> set[tuple[str, str, str]]:
    """Regulation, code and outcome of the findings about windows."""
    return {
        (one.regulation, one.code, one.outcome.value)
        for one in findings
        if one.code == "after-close"
    }


def test_two_regulations_are_both_cited_and_the_audit_says_the_same(kept):
    """On time under one and late under the other, when it is written and when it is read again."""
    journals = kept(FIRST, STRICT)
    receipt = journals.record(mark(), by="t")
    expected = {("first", "after-close", "met"), ("strict", "after-close", "late")}
    assert expected == cited(receipt.verdict.findings)
    assert expected == cited(journals.audit(everything=True))


def test_the_order_in_which_regulations_are_named_changes_no_finding(kept):
    """Neither comes before the other."""
    answers = []
    for order in ((FIRST, STRICT, LATER), (LATER, STRICT, FIRST)):
        journals = kept(*order)
        receipt = journals.record(mark(), by="t")
        answers.append((cited(receipt.verdict.findings), cited(journals.audit(everything=True))))
    assert answers[0] == answers[1]


def test_a_regulation_judges_what_happens_while_it_is_in_force(kept):
    """By the day of the lesson: nothing of it before its first day, all of it from that day on."""
    journals = kept(FIRST, LATER)
    receipt = journals.record(mark(), by="t")
    assert {("first", "after-close", "met")} == cited(receipt.verdict.findings)
    assert {("first", "after-close", "met")} == cited(journals.audit(everything=True))
    with pytest.raises(ej.Refused) as refused:
        kept(FIRST, LATER, when="2026-09-16 09:50").record(mark(lesson="l2"), by="t")
    assert "after-close" in str(refused.value)


def test_rights_that_nobody_gives_are_nobodys(kept, said):
    """Alone, a regulation without rights lets nobody write; so does one that is not in force yet."""
    with pytest.raises(ej.Refused) as refused:
        kept(STRICT).record(mark(), by="t")
    assert "no-right" in str(refused.value)
    with pytest.raises(ej.Refused):
        kept(rules("soon", WHOLE, in_force={"since": date(2026, 9, 16)})).record(mark(), by="t")
    assert any(one.endswith("no-right broken") for one in said(draft=mark()))


# -- rights ----------------------------------------------------------------------------------------


def right(role: str, scope: str, record: str = "mark", **more: Any) -> dict[str, Any]:
    """A right to write."""
    return {"kind": "rights", "role": role, "records": [record], "scope": scope,
            **(more or {"may": "write"})}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "by", "expected"),
    [
        (right("teacher", "own_journal"), "t", "not-your-journal met"),
        (right("teacher", "own_journal"), "free", "not-your-journal broken"),
        (right("homeroom", "own_class"), "leader", "no-right met"),
        (right("homeroom", "own_class"), "t", "no-right broken"),
        (right("guardian", "own_child"), "mother", "no-right met"),
        (right("guardian", "own_child"), "t", "no-right broken"),
        (right("head", "school"), "head", "no-right met"),
        (right("head", "school"), "mother", "no-right broken"),
        (right("anyone", "school"), "mother", "no-right met"),
        (right("homeroom", "own_class", may_not="write"), "leader", "reads-only broken"),
        (right("substitute", "substituted_lesson"), "free", "no-substitution broken"),
        (right("head", "own_account"), "head", "no-right broken"),
    ],
)
def test_a_right_reaches_as_far_as_its_scope(said, rule, by, expected):
    """Own journal, own class, own child, the school; what is not given is denied."""
    assert f"1 {expected}" in said(rule, draft=mark(), by=by)


def test_a_right_over_ones_child_is_over_no_other(said):
    """The mother of one pupil says nothing of another."""
    rule = right("guardian", "own_child")
    assert "1 no-right broken" in said(rule, draft=mark(pupil="p-2"), by="mother")


@pytest.mark.parametrize(
    ("teacher", "by", "when", "expected"),
    [
        ("free", "free", "2026-09-15 09:10", "met"),
        ("free", "free", "2026-09-16 09:10", "broken"),
        ("busy", "busy", "2026-09-15 09:10", "broken"),
        ("free", "busy", "2026-09-15 09:10", "broken"),
    ],
)
def test_a_substitution_is_claimed_by_who_is_free_on_that_day_for_himself(
    said, teacher, by, when, expected
):
    """A claim for another, of a busy teacher, or on another day grants nothing."""
    draft = ej.Substitution(lesson="l1", teacher=teacher)
    rule = right("teacher", "substituted_lesson", "substitution")
    assert f"1 not-free {expected}" in said(rule, draft=draft, by=by, when=when)


def test_a_claim_whose_day_is_not_known_is_not_decided(said):
    """It may have been made on the day of the lesson, or not; on other days it certainly was not."""
    rules_ = (
        right("teacher", "substituted_lesson", "substitution"),
        {"kind": "rights", "role": "importer", "may": "import", "records": ["substitution"]},
    )
    for lo, hi, expected in (
        ("2026-09-14 12:00", "2026-09-16 12:00", "undecidable"),
        ("2026-09-16 08:00", "2026-09-17 12:00", "broken"),
    ):
        draft = ej.Substitution(
            lesson="l1", teacher="free", evidence=Evidence(at(lo), at(hi), "free")
        )
        found = said(*rules_, draft=draft, by="importer", when="2026-09-18 09:00")
        assert f"1 not-free {expected}" in found


# -- relations, locks, approvals: for whom ---------------------------------------------------------


def relation(**more: Any) -> dict[str, Any]:
    """A relation about marks."""
    return {"kind": "relation", "record": "mark", **more}


@pytest.mark.parametrize(
    ("rule", "draft", "expected"),
    [
        (relation(requires="kind"), mark(), ["2 no-kind met"]),
        (relation(requires="kind"), mark(kind=None), ["2 no-kind broken"]),
        (relation(excludes="kind"), mark(), ["2 no-kind broken"]),
        (relation(excludes="kind"), mark(kind=None), ["2 no-kind met"]),
        (relation(requires="kind", when={"grade": 7}), mark(kind=None), ["2 no-kind broken"]),
        (relation(requires="kind", when={"grade": 8}), mark(kind=None), []),
        (relation(requires="kind", when={"profile": "maths"}), mark(kind=None), []),
    ],
)  # fmt: skip
def test_a_relation_asks_those_whom_it_is_about(said, rule, draft, expected):
    """Required or excluded; of others it says nothing."""
    assert expected == [one for one in said(WHOLE, rule, draft=draft) if one.startswith("2 ")]


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("monitoring", ["broken"]), ("ordinary", []), (None, ["undecidable"])],
)
def test_a_relation_whose_selector_is_not_known_is_not_decided(kept, purpose, expected):
    """Of a control work whose purpose nobody has said; written and read again alike."""
    rule = relation(excludes="kind", when={"purpose": "monitoring"})
    kinds = [{"code": "test", "title": WORDS, "control": True}]
    whole = {**WHOLE, "records": ["mark", "work"]}
    journals = kept(rules("x", whole, rule, work_kinds=kinds))
    journals.record(ej.NewWork(id="w", kind="test", purpose=purpose, lesson="l1"), by="t")
    receipt = journals.record(mark(work="w", kind=None), by="t")
    for findings in (receipt.verdict.findings, journals.audit(everything=True)):
        assert expected == [one.outcome.value for one in findings if one.code == "no-kind"]


@pytest.mark.parametrize(
    ("since", "when", "expected"),
    [
        (DAY, {}, ["2 locked broken"]),
        (DAY, {"grade": 7}, ["2 locked broken"]),
        (DAY, {"grade": 8}, []),
        ({"anchor": "conference", "snap": "end_of_day"}, {}, ["2 locked met"]),
    ],
)
def test_a_lock_falls_for_those_whom_it_is_about(said, since, when, expected):
    """A lock whose moment nobody has given has not fallen; one for another grade is none."""
    lock = {"kind": "lock", "record": "mark", "since": since, "when": when}
    found = said(WHOLE, lock, draft=mark(), when="2026-09-16 09:10")
    assert expected == [one for one in found if " locked " in one]


@pytest.mark.parametrize(
    ("when", "roles", "value"),
    [({}, [["head"]], 5), ({"grade": 7}, [["head"]], 5), ({"grade": 8}, [], 4)],
)
def test_a_change_waits_for_those_only_who_are_asked(kept, when, roles, value):
    """An approval for another grade holds nothing up."""
    approval = {"kind": "approval", "record": "mark", "roles": ["head"], "count": 1,
                "after": {"anchor": "lesson.end"}, "when": when}  # fmt: skip
    journals = kept(rules("x", WHOLE, approval))
    journals.record(mark(), by="t")
    receipt = journals.record(
        ej.Correction(journal="7A/alg/2026", entry=1, values={"value": 4}, reason="r"), by="t"
    )
    found = [one for one in receipt.verdict.findings if one.code == "awaits-approval"]
    assert roles == [one.why["roles"] for one in found]
    state = journals.state("journal/7A/alg/2026")
    assert value == state.reading(state.entries[0]).values["value"]


# -- asking without any port -----------------------------------------------------------------------


def test_duties_of_a_lesson_are_those_of_its_occasion(school):
    """A lesson or its occasion; the record asked for is the only one answered."""
    facts = school.facts()
    regulation = structure(
        rules(
            "x",
            {"kind": "timing", "record": "homework", "quorum": "none", "closes": DAY},
            {"kind": "timing", "record": "roll", "quorum": "once", "closes": DAY},
        )
    )
    found = ej.duties(regulation, facts.lesson("l1"), facts)
    assert {"homework", "roll"} == {one.record for choices in found for one in choices}
    assert found == ej.duties(regulation, of_lesson(facts.lesson("l1"), facts), facts)
    only = ej.duties(regulation, facts.lesson("l1"), facts, record="roll")
    assert [("roll", at("2026-09-16 00:00"))] == [
        (one.record, one.closes) for choices in only for one in choices
    ]


def test_a_breach_code_is_found_by_its_name():
    """An unknown one names the nearest."""
    assert all(code == breach_code(code).code for code in CATALOGUE)
    with pytest.raises(Unknown, match="after-close"):
        breach_code("after-closed")


# -- who is told -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "book", "expected"),
    [
        ("teacher", "journal/7A/alg/2026", {"t"}),
        ("homeroom", "journal/7A/alg/2026", {"leader"}),
        ("homeroom", "journal/7A.1/eng/2026", {"leader"}),
        ("homeroom", "school/2026", set()),
        ("guardian", "journal/7A/alg/2026", {"mother"}),
        ("head", "journal/7A/alg/2026", {"head"}),
        ("deputy", "journal/7A/alg/2026", set()),
    ],
)
def test_who_is_told_depends_on_the_role_and_the_book(school, role, book, expected):
    """A subgroup's homeroom teacher is that of its class; the school book has none."""
    finding = Finding(
        "after-close", "x", "1", Severity.MUST, Outcome.LATE, Effect.NOTIFY, book, "lesson:l1",
        "p-1", "mark", by="t",
    )  # fmt: skip
    assert expected == told(role, finding, school.facts(), at("2026-09-16 09:00"))
