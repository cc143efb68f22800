"""Agreement to changes: whose it is, what hangs on it, and what an import tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.people import Account, Kleene, RoleSpan
from edujournal.model.time import HOUR, instant
from edujournal.views.history import history
from tests.journals.test_locks import JOURNAL, NOON, REGULATION, correction, mark

IMPORTS = ["mark", "correction", "approval"]

#: A moment after the border, UTC microseconds.
AFTER = instant(NOON + timedelta(hours=19))


def spans(*roles):
    """Roles held for ever."""
    return tuple(RoleSpan(role) for role in roles)


@pytest.fixture
def closed(school, clock):
    """Journals with one mark whose change needs two of head and deputies; the day is over."""
    school.rows["accounts"] += [
        Account("deputy-1", roles=spans("support", "deputy")),
        Account("deputy-2", roles=spans("deputy")),
        Account("head-again", person="ivanova", roles=spans("deputy")),
        Account("t-1-again", person="petrova", roles=spans("deputy")),
    ]
    school.rows["accounts"] = [
        evolve(one, person={"head": "ivanova", "t-1": "petrova"}.get(one.id))
        for one in school.rows["accounts"] if one.person is None
    ] + [one for one in school.rows["accounts"] if one.person is not None]  # fmt: skip
    rights = REGULATION["clauses"][0]
    rules = [
        {**one, "records": IMPORTS} if one.get("may") == "import" else one
        for one in rights["rules"]
    ]
    rules.append({"kind": "rights", "role": "support", "may": "write", "records": ["approval"]})
    clauses = [{**rights, "rules": rules}, REGULATION["clauses"][-1]]
    clock.at = NOON
    journals = ej.Journals(MemoryStore(), school, {**REGULATION, "clauses": clauses}, clock=clock)
    journals.record(mark(), by="t-1")
    clock.at = NOON + timedelta(hours=20)
    return journals


def value(journals):
    """What the first entry reads; None where it is taken back."""
    state = journals.state(f"journal/{JOURNAL}")
    first = state.entries[0]
    return state.reading(first).values["value"] if state.stands(first) else None


def agreed(journals, number=2):
    """Whether others have agreed to the change."""
    state = journals.state(f"journal/{JOURNAL}")
    return state.agreement(state.entries[number - 1])


def approval(**evidence):
    """An approval of the second entry; imported where something is told of its recording."""
    told = ej.Evidence(**evidence) if evidence else None
    return ej.Approval(journal=JOURNAL, entry=2, evidence=told)


def undecided(journals):
    """What an audit says that it cannot decide about agreement."""
    return [
        one.entry for one in journals.audit()
        if (one.code, one.outcome) == ("awaits-approval", ej.Outcome.UNDECIDABLE)
    ]  # fmt: skip


def test_an_annulment_waits_for_agreement_like_a_correction(closed):
    """What is closed is not taken back by one hand either."""
    closed.record(ej.Annulment(journal=JOURNAL, entry=1, reason="slip"), by="t-1")
    assert 5 == value(closed)
    closed.record(approval(), by="head")
    assert 5 == value(closed)
    closed.record(approval(), by="deputy-2")
    assert value(closed) is None


def test_an_imported_approval_counts_for_its_author(closed):
    """The account that the import names agreed, in the role that it names or that it could act in."""
    closed.record(correction(), by="t-1")
    closed.record(approval(author="head", role="head"), by="importer")
    assert (5, Kleene.NO) == (value(closed), agreed(closed))
    closed.record(approval(author="deputy-1"), by="importer")
    assert (4, Kleene.YES) == (value(closed), agreed(closed))
    assert [] == undecided(closed)
    assert "deputy" == closed.state(f"journal/{JOURNAL}").entries[-1].values["role"]
    assert "counts" == history(1, closed.state(f"journal/{JOURNAL}"))[1].standing


def test_who_imports_agrees_to_nothing(closed):
    """Two imported approvals of one author are one agreement, and the importer's is none."""
    closed.record(correction(), by="t-1")
    for _ in range(2):
        closed.record(approval(author="head"), by="importer")
    assert (5, Kleene.NO) == (value(closed), agreed(closed))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([{"author": "head"}, {"hi": 1}], Kleene.UNKNOWN),
        ([{"hi": 1}, {"hi": 1}], Kleene.UNKNOWN),
        ([{"hi": 1}], Kleene.NO),
        ([{"hi": 1, "role": "teacher"}, {"author": "head"}], Kleene.NO),
        ([{"author": "t-2"}, {"author": "head"}], Kleene.UNKNOWN),
        ([{"author": "t-2", "role": "teacher"}, {"author": "head"}], Kleene.NO),
        ([{"author": "head"}, {"author": "deputy-2"}, {"hi": 1}], Kleene.YES),
    ],
)
def test_an_approval_of_nobody_knows_whom_is_undecidable(closed, told, expected):
    """It decides nothing where enough others agreed, or where it would not be enough."""
    closed.record(correction(), by="t-1")
    for one in told:
        closed.record(approval(**one), by="importer")
    assert expected is agreed(closed)
    assert (4 if expected is Kleene.YES else 5) == value(closed)
    assert ([2] if expected is Kleene.UNKNOWN else []) == undecided(closed)
    standing = {Kleene.YES: "counts", Kleene.NO: "waits", Kleene.UNKNOWN: "undecidable"}
    state = closed.state(f"journal/{JOURNAL}")
    assert standing[expected] == history(1, state)[1].standing


@pytest.mark.parametrize(
    ("lo", "hi", "counts"),
    [
        (None, instant(NOON) + HOUR, True),
        (instant(NOON), instant(NOON) + 1, True),
        (instant(NOON), AFTER, False),
        (AFTER - 1, AFTER, False),
    ],
)
def test_an_imported_change_is_held_to_its_own_moment(closed, lo, hi, counts):
    """What was surely changed before agreement was needed counts, however late it comes in."""
    told = ej.Evidence(lo=lo, hi=hi, author="t-1")
    closed.record(evolve(correction(), evidence=told), by="importer")
    assert (4 if counts else 5) == value(closed)
    waiting = [one.entry for one in closed.audit(everything=True) if one.code == "awaits-approval"]
    assert ([] if counts else [2]) == waiting


def test_of_a_change_by_nobody_knows_whom_nobody_is_surely_another(closed):
    """Whoever agreed to an imported change without an author may have made it."""
    closed.record(evolve(correction(), evidence=ej.Evidence(hi=AFTER)), by="importer")
    for by in ("head", "deputy-2"):
        closed.record(approval(), by=by)
    assert (5, Kleene.UNKNOWN) == (value(closed), agreed(closed))


@pytest.mark.parametrize(
    "actor",
    [
        "t-1-again",  # the same person by another account
        ej.Actor("t-1", on_behalf_of="deputy-2"),  # the same hand for another
    ],
)
def test_nobody_agrees_with_oneself(closed, actor):
    """Neither by another account of the same person, nor on behalf of somebody else."""
    closed.record(correction(), by="t-1")
    with pytest.raises(ej.Refused, match="not-another"):
        closed.record(approval(), by=actor)


def test_one_person_agrees_once(closed):
    """A second account does not make two of one."""
    closed.record(correction(), by="t-1")
    closed.record(approval(), by="head")
    with pytest.raises(ej.Refused, match="not-another"):
        closed.record(approval(), by="head-again")
    closed.record(approval(), by="deputy-2")
    assert 4 == value(closed)


@pytest.mark.parametrize("number", [1, 2, 99])
def test_what_is_no_change_is_not_agreed_to(closed, number):
    """A mark, and a change that is still to come, are not approved: not in advance either."""
    with pytest.raises(ej.Refused, match="no-such-target"):
        closed.record(ej.Approval(journal=JOURNAL, entry=number), by="head")


def test_the_role_that_is_needed_is_the_one_acted_in(closed):
    """Who may approve in two roles acts in the one that the change asks for."""
    closed.record(correction(), by="t-1")
    receipt = closed.record(approval(), by="deputy-1")
    kept = closed.state(f"journal/{JOURNAL}").entries[receipt.number - 1]
    assert "deputy" == kept.by.role
    assert "support" == closed.record(approval(), by="deputy-1", role="support").verdict.findings[
        0
    ].why.get("role")
    assert Kleene.NO is agreed(closed)


def test_an_approval_that_is_void_agrees_to_nothing(closed, school):
    """What a stolen login agreed to waits again."""
    closed.record(correction(), by="t-1")
    for by in ("head", "deputy-2"):
        closed.record(approval(), by=by)
    assert 4 == value(closed)
    state = closed.state(f"journal/{JOURNAL}")
    state.fences = fenced("deputy-2")
    assert Kleene.NO is state.agreement(state.entries[1])


def fenced(account):
    """The fences of a report of *account*: everything it did is void."""
    from edujournal.ledger.validity import Act, Fence, Fences

    fence = Fence(Act(1, 0), account, void={"school/2026": 1}, doubtful={"school/2026": 1})
    return Fences({account: [fence]})
