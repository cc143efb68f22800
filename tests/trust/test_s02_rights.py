"""trust-S2: who may write what: every hand, role, kind of record, place and state, against a second table.

The second table is written from the text of the regulation and its readings, and not from its rules:
2.2 the administration sets up and looks on; 2.3 a teacher keeps the journals of his own subject and
classes, being assigned on the day of the lesson or now; 2.4 a homeroom teacher reads and changes
nothing; 2.10 a substitute writes about the lesson that he gave, and a claim is made that day by a
teacher who was free; 3.3 anybody tells of a disclosure, 3.4 the administration acts on it, and whose
login it is vouches for himself; 1.7 the administration erases. What nobody is given is denied.
"""

from __future__ import annotations

import inspect
import random
from datetime import UTC, date, datetime, timedelta

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.people import Actor
from edujournal.rules.codes_of_rights import ROWS
from edujournal.testing.case_schools import school_of
from edujournal.testing.clocks import StandingClock
from tests.figures import cases, figure, seed

NOW = datetime(2026, 9, 15, 9, 30, tzinfo=UTC)  # 12:30 at the school
TODAY, YESTERDAY = date(2026, 9, 15), date(2026, 9, 14)

#: The last school day of the quarter: the day that a result of it is about.
LAST = date(2026, 10, 23)

#: Lesson → group, subject, day, first hour.
LESSONS = {
    "l1": ("7A", "alg", TODAY, 9),
    "l2": ("7A", "geo", TODAY, 10),
    "l3": ("7B", "alg", TODAY, 11),
    "l4": ("7A", "alg", YESTERDAY, 9),
    "l5": ("7B", "geo", TODAY, 10),
}

#: Account → what the school says of it.
ACCOUNTS = {
    "alg": "teaches 7A alg", "geo": "teaches 7A geo", "balg": "teaches 7B alg",
    "sub": "teaches 7B geo", "former": "teaches 7A alg to 2026-09-14",
    "successor": "teaches 7A alg from 2026-09-16", "leader": "leads 7A", "bleader": "leads 7B",
    "both": ["teaches 7A geo", "leads 7A"], "head": "head", "deputy": "deputy",
    "once": "head to 2026-08-31", "teaching-head": ["head", "teaches 7A alg"],
    "importer": "importer", "support": "support", "mother": "guardian of p-1", "nobody": "",
    "asleep": {"is": "teaches 7A alg", "active": "to 2026-09-09"},
}  # fmt: skip

#: Account → (group, subject) → days on which it teaches there, from the table above read by hand.
EVER = (date.min, date.max)
TEACHES = {
    "alg": {("7A", "alg"): EVER}, "teaching-head": {("7A", "alg"): EVER},
    "asleep": {("7A", "alg"): EVER}, "geo": {("7A", "geo"): EVER}, "both": {("7A", "geo"): EVER},
    "balg": {("7B", "alg"): EVER}, "sub": {("7B", "geo"): EVER},
    "former": {("7A", "alg"): (date.min, TODAY)},
    "successor": {("7A", "alg"): (date(2026, 9, 16), date.max)},
}  # fmt: skip
LEADS = {"leader": "7A", "both": "7A", "bleader": "7B"}
OFFICE = {"head": "head", "teaching-head": "head", "deputy": "deputy"}
OTHERS = {"importer": "importer", "support": "support", "mother": "guardian"}
ROLES = (None, "teacher", "substitute", "homeroom", "head", "deputy", "importer", "support", "guardian")  # fmt: skip

IN_JOURNAL = frozenset(
    ["mark", "roll", "topic", "homework", "comment", "work", "marker", "makeup", "correction",
     "annulment", "result"]
)  # fmt: skip
OF_OFFICE = frozenset(
    ["setup", "substitution", "confirmation", "approval", "closing", "archiving", "compromise", "restoration",
     "grant", "waiver", "erasure", "restriction", "release", "issue"]
)  # fmt: skip

DENIALS = {row.code for row in ROWS}


def teaches(account, place, day):
    """Whether *account* teaches a group and subject on a day."""
    since, until = TEACHES.get(account, {}).get(place, (date.max, date.min))
    return since <= day < until


def held(account, role, record, lesson):
    """Whether the account holds the role, today, or on the day that it is about for a teacher's."""
    if role == "homeroom":
        return account in LEADS
    if role in ("teacher", "substitute"):
        days = {TODAY}
        if lesson:
            days.add(LAST if record == "result" else LESSONS[lesson][2])
        return any(
            teaches(account, place, day) for place in TEACHES.get(account, ()) for day in days
        )
    return role in (OFFICE.get(account), OTHERS.get(account))


def in_role(account, role, record, lesson, about):
    """Whether the text lets somebody in *role* write the record."""
    if record == "disclosure" or (record == "vouch" and about == account):
        return True
    if role == "teacher":
        if record not in IN_JOURNAL:
            return False
        group, subject, day, _ = LESSONS[lesson]
        days = {TODAY, LAST if record == "result" else day}
        return any(teaches(account, (group, subject), one) for one in days)
    if role == "substitute":
        if record == "substitution":
            return about == account and claims(account, lesson)
        return record in IN_JOURNAL - {"result"} and (account, lesson) == ("sub", "l4")
    return role in ("head", "deputy") and record in OF_OFFICE


def claims(account, lesson):
    """Whether a teacher may claim, today, to have given a lesson of today: no other was his then."""
    _, _, day, hour = LESSONS[lesson]
    busy = any(
        teaches(account, (one, other), when)
        for id, (one, other, when, at) in LESSONS.items()
        if id != lesson and (when, at) == (day, hour)
    )
    return day == TODAY and not busy


def allowed(account, role, record, lesson, about):
    """The second table."""
    if account == "asleep":
        return False
    roles = ROLES[1:] if role is None else (role,)
    mine = [one for one in roles if held(account, one, record, lesson)]
    if role is None and (record == "disclosure" or (record == "vouch" and about == account)):
        return True
    return any(in_role(account, one, record, lesson, about) for one in mine)


# -- the first table, asked by writing -------------------------------------------------------------


@pytest.fixture(scope="module")
def journals():
    """A school with an entry of each teacher, a substitution, a claim and a correction."""
    problems = []
    school = school_of(
        {
            "school": "s-1", "days": "2026-09-01 to 2027-05-31", "weeks": {"w": [1, 2, 3, 4, 5]},
            "periods": {"q": {"q1": "quarter 2026-09-01 to 2026-10-25"}}, "holidays": {"h": {}},
            "groups": {"7A": "class grade 7", "7B": "class grade 7"}, "subjects": ["alg", "geo"],
            "lessons": {
                id: f"{group} {subject} {day} {hour:02}:00-{hour:02}:45"
                for id, (group, subject, day, hour) in LESSONS.items()
            },
            "pupils": {"7A": ["p-1", "p-2"], "7B": ["p-3"]}, "accounts": ACCOUNTS,
            "sections": ["bells"],
        },
        "school", problems,
    )  # fmt: skip
    assert [] == problems
    clock = StandingClock(NOW)
    kept = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=clock)
    kept.record(ej.Substitution(lesson="l4", teacher="sub"), by="head")
    for lesson, account, pupil in (
        ("l1", "alg", "p-1"), ("l2", "geo", "p-1"), ("l3", "balg", "p-3"), ("l4", "sub", "p-1"), ("l5", "sub", "p-3"),
    ):  # fmt: skip
        kept.record(ej.Mark(lesson=lesson, pupil=pupil, kind="oral", value=4), by=account)
    return kept


def journal(lesson):
    """The journal of a lesson."""
    group, subject, _, _ = LESSONS[lesson]
    return f"{group}/{subject}/2026"


def target(journals, lesson):
    """The number of the mark about a lesson."""
    return next(
        entry.number
        for entry in journals.entries(f"journal/{journal(lesson)}")
        if (entry.kind, entry.lesson) == ("mark", lesson)
    )


def drafts(journals):
    """Every kind of record at every place: record, lesson, whose it is about, draft."""
    for lesson, (group, _, _, _) in LESSONS.items():
        pupil = "p-3" if group == "7B" else "p-1"
        entry = target(journals, lesson)
        where = journal(lesson)
        yield from (
            ("mark", lesson, None, ej.Mark(lesson=lesson, pupil=pupil, kind="oral", value=5)),
            ("roll", lesson, None, ej.RollCall(lesson=lesson)),
            ("topic", lesson, None, ej.Topic(lesson=lesson, topic="Дроби")),
            ("homework", lesson, None, ej.Homework(lesson=lesson, task="§ 5")),
            ("comment", lesson, None, ej.Comment(lesson=lesson, pupil=pupil, comment="Да")),
            ("work", lesson, None, ej.NewWork(id=f"w-{lesson}", kind="control", lesson=lesson)),
            ("marker", lesson, None, ej.Marker(lesson=lesson, pupil=pupil, code="точка")),
            ("makeup", lesson, None, ej.MakeUp(lesson=lesson, pupil=pupil, value=4, protocol="7")),
            ("result", lesson, None, ej.PeriodResult(journal=where, period="q1", pupil=pupil, value=4)),
            (
                "correction", lesson, None,
                ej.Correction(journal=where, entry=entry, values={"value": "5"}, reason="описка"),
            ),
            ("annulment", lesson, None, ej.Annulment(journal=where, entry=entry, reason="нет")),
            ("closing", lesson, None, ej.Closing(journal=where)),
            ("approval", lesson, None, ej.Approval(journal=where, entry=entry)),
            ("confirmation", lesson, None, ej.Confirmation(lesson=lesson, entry=1)),
            (
                "grant", lesson, None,
                ej.Grant(id="g", account="geo", journal=where, since=NOW, until=NOW + DAY, ground="да"),
            ),
        )  # fmt: skip
        for teacher in ("geo", "sub", "both"):
            draft = ej.Substitution(lesson=lesson, teacher=teacher)
            yield "substitution", lesson, teacher, draft
    for account in ("alg", "head", "mother"):
        yield (
            "vouch",
            None,
            account,
            ej.Vouch(account=account, book="school/2026", entry=1, year="2026"),
        )
        for kind, draft in (("compromise", ej.Compromise), ("restoration", ej.Restoration)):
            given = {"head": NOW} if kind == "compromise" else {}
            yield kind, None, account, draft(account=account, year="2026", **given)
    records = {f"journal/{journal('l1')}": [1]}
    yield from (
        ("setup", None, None, ej.SetUp(section="bells", year="2026")),
        (
            "archiving", None, None,
            ej.Archiving(group="7A", year="2026", journals=[str(journal("l1"))], digest="0" * 64),
        ),
        (
            "disclosure", None, None,
            ej.Disclosure(event="e", account="alg", noticed=NOW, to="head", year="2026"),
        ),
        (
            "waiver", None, None,
            ej.Waiver(id="w", clauses=["2.6"], since=NOW, until=NOW + DAY, year="2026", ground="да"),
        ),
        ("erasure", None, None, ej.Erasure(id="e", year="2026", records=records, ground="да")),
        ("restriction", None, None, ej.Restriction(id="r", year="2026", records=records, ground="да")),
        ("release", None, None, ej.Release(id="r", year="2026", ground="да")),
        (
            "issue", None, None,
            ej.Issue(
                id="i", year="2026", paper="sheet", of="7A/2026", digest="0" * 64,
                made_of={f"journal/{journal('l1')}": 1},
            ),
        ),
    )  # fmt: skip


DAY = timedelta(days=1)


def denied(verdict):
    """Whether the rights table says no."""
    return any(one.code in DENIALS and str(one.outcome) == "broken" for one in verdict.findings)


def test_every_hand_at_every_record_against_the_second_table(journals):
    """Each cell: the guard of a write says what the text says."""
    cells, differ = 0, []
    for record, lesson, about, draft in drafts(journals):
        for account in ACCOUNTS:
            for role in ROLES:
                said = not denied(journals.check(draft, by=account, role=role))
                if said != allowed(account, role, record, lesson, about):
                    differ.append((record, lesson, about, account, role, said))
                cells += 1
    assert [] == differ
    assert cells >= 7_200
    figure("S2", "cells", cells)
    figure("S2", "differences", 0)


def test_every_way_to_write_passes_the_guard(journals):
    """One record, many, asked before, for another, awaited: what is denied is denied everywhere."""
    before = {
        book: head for book, head in journals.store.books("s-1") if not book.startswith("access")
    }
    ways = 0
    for record, lesson, about, draft in drafts(journals):
        for account in ("nobody", "mother", "leader"):
            if allowed(account, None, record, lesson, about):
                continue
            behind = Actor("alg", on_behalf_of=account)
            for options in ({"by": account}, {"by": account, "key": "k"}, {"by": behind}):
                with pytest.raises(ej.Refused) as caught:
                    journals.record(draft, **options)
                assert denied(caught.value.verdict)
                ways += 1
            (receipt,) = journals.record_many([draft], by=account)
            assert (ej.Decision.REFUSED, True) == (receipt.decision, denied(receipt.verdict))
            ways += 1
    after = {
        book: head for book, head in journals.store.books("s-1") if not book.startswith("access")
    }
    assert before == after
    figure("S2", "writes that the guard refused, by every way to write", ways)


def test_every_public_verb_that_takes_drafts_is_one_of_these():
    """A new way to write has to come by here."""
    verbs = {
        name
        for kind in (ej.Journals, ej.AsyncJournals)
        for name, method in inspect.getmembers(kind, callable)
        if not name.startswith("_")
        and {"draft", "drafts"} & set(inspect.signature(method).parameters)
    }
    asking = {"check", "check_many", "draft", "prepared"}
    assert {"record", "record_many"} == verbs - asking


@pytest.mark.soak
def test_random_cells_against_the_second_table(journals):
    """A million cells at random, in the same world."""
    chance = random.Random(seed(0))
    made = list(drafts(journals))
    accounts, wanted = list(ACCOUNTS), cases(20_000, 1_000_000)
    for _ in range(wanted):
        record, lesson, about, draft = chance.choice(made)
        account, role = chance.choice(accounts), chance.choice(ROLES)
        said = not denied(journals.check(draft, by=account, role=role))
        assert said == allowed(account, role, record, lesson, about), (
            record,
            lesson,
            account,
            role,
        )
    figure("S2", "cells at random", wanted)
