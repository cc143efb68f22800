"""Law 1 for all six kinds of rules: timing, rights, quantity, relations, markers and formulas."""

from __future__ import annotations

from collections import Counter

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.audits.compare import compare as differences
from edujournal.rules.basis import digest_of
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.loading import load
from edujournal.testing import strategies as some
from edujournal.testing.clocks import CountedSalts, StandingClock
from edujournal.testing.scripts import OfEarlier, ScriptedAct, play
from tests.laws.conftest import DATA, WORDS
from tests.laws.test_single_is_bulk import BY_LATER_ACTS
from tests.laws.test_single_is_bulk import compare as held

#: What the regulation of the laws says, and limits, conditions on markers, and on what rests on
#: a formula: every kind of rule that is judged at a write.
SIX = {
    **DATA,
    "id": "six",
    "markers": [
        {"code": "INH", "title": WORDS, "clause": "6.3", "scopes": ["lesson", "work"],
         "set_by": ["teacher"], "needs_ground": True, "fills_cell": False,
         "coexists_with_mark": False, "replaced_by": ["mark"],
         "expires": {"after": "+3 days", "value": "2"}},
        {"code": "EX", "title": WORDS, "clause": "6.3", "scopes": ["period", "subject"],
         "set_by": ["deputy"], "in_denominator": False, "fulfils_period": True},
        {"code": "вето", "title": WORDS, "clause": "6.3", "set_by": ["head"]},
    ],
    "clauses": [
        *DATA["clauses"],
        {"number": "6.1", "gist": WORDS, "rules": [
            {"kind": "limit", "record": "work", "per": ["class", "day"], "at_most": 1},
            {"kind": "limit", "record": "mark", "per": ["pupil", "journal", "week"], "at_most": 1},
            {"kind": "limit", "record": "mark", "per": ["pupil", "subject", "period"],
             "at_least": 1, "before": "result"},
            {"kind": "limit", "record": "work", "per": ["journal", "year"], "take": "gap",
             "at_least": 2, "unit": "school_days"},
        ]},
        {"number": "6.2", "gist": WORDS, "rules": [
            {"kind": "relation", "record": "result", "requires": "basis"},
            {"kind": "relation", "record": "result", "requires": "proposal"},
            {"kind": "relation", "record": "result", "requires": "decider"},
        ]},
        {"number": "6.3", "gist": WORDS, "rules": [
            {"kind": "rights", "role": "deputy", "may": "write", "records": ["marker"]},
        ]},
    ],
}  # fmt: skip
REGULATION = load(SIX)

#: Families and codes that the law must have met, kept and broken.
KINDS = {
    "timing": {"after-close"},
    "rights": {"not-your-journal", "no-right"},
    "quantity": {"too-many", "too-few"},
    "relations": {"no-plan-link", "says-nothing", "no-nature"},
    "markers": {"marker-role", "no-ground", "marker-scope", "beside-mark"},
    "formulas": {"no-basis", "differs-from-proposal"},
}


@frozen
class OfProposal(OfEarlier):
    """A decision on what the formula proposes when the script is played.

    Attributes:
        journal: Which journal.
        period: Which period.
        what: Decide as proposed, otherwise, without the basis, or with one that is made up.
    """

    draft: object = None
    book: str = ""
    journal: str = ""
    period: str = ""
    what: str = "as proposed"

    def resolve(self, journals):
        """A result with its basis; None where nothing is proposed."""
        found = [
            one for one in journals.proposals(self.journal, self.period)
            if one.value is not None and one.basis is not None
        ]  # fmt: skip
        if not found:
            return None
        proposal = found[self.nth % len(found)]
        draft = proposal.draft()
        if self.what == "otherwise":
            return proposal.draft(5 if proposal.value != 5 else 4)
        if self.what == "without":
            return evolve(draft, basis=None)
        if self.what == "made up":
            basis = {name: one for name, one in draft.basis.items() if name != "digest"}
            basis["mean"] = "7/2"
            return evolve(draft, basis={**basis, "digest": digest_of(basis)})
        return draft


@st.composite
def scripts_of_six(draw, school):
    """What hands do, with decisions on proposals and marks in plenty among it."""
    script = list(draw(some.scripts(school, REGULATION, least=6, most=16)))
    facts = school.facts()
    lessons = [one for one in school.lessons() if not one.cancelled and one.before == ()]
    if not lessons:
        return script
    at = max(act.at for act in script)
    for _ in range(draw(st.integers(2, 6))):
        lesson = draw(st.sampled_from(lessons))
        calendar = facts.calendar_of(lesson)
        journal = str(facts.journal_of(lesson))
        pupils = sorted(facts.roll(calendar, lesson.group, lesson.day)) or ["p-1"]
        pupil = draw(st.sampled_from(pupils))
        hands = [
            row.account for row in facts.assignments
            if (row.group, row.subject) == (lesson.group, lesson.subject)
        ]  # fmt: skip
        by = draw(st.sampled_from([*hands, "head", "deputy", "t-1"]))
        what = draw(st.sampled_from(("mark", "mark", "marker", "decision", "decision")))
        if what == "mark":
            marks = [ej.Mark(lesson=lesson.id, pupil=pupil, kind="oral", value=value)
                     for value in draw(st.lists(st.integers(2, 5), min_size=1, max_size=2))]  # fmt: skip
            drafts, at_ = tuple(marks), lesson.starts + draw(st.integers(0, 10)) * 60_000_000
        elif what == "marker":
            place = draw(st.sampled_from(("lesson", "period", "subject")))
            periods = calendar.periods(lesson.group)
            where = {"lesson": lesson.id} if place == "lesson" else {"journal": journal}
            if place == "period" and periods:
                where["period"] = draw(st.sampled_from(periods)).id
            code = draw(st.sampled_from(("INH", "EX", "вето", "осв")))
            ground = draw(st.sampled_from((None, "справка")))
            drafts = (ej.Marker(pupil=pupil, code=code, ground=ground, **where),)
            at_ = lesson.starts + draw(st.integers(0, 10)) * 60_000_000
        else:
            periods = [one for one in calendar.periods(lesson.group) if lesson.day in one]
            if not periods:
                continue
            how = draw(st.sampled_from(("as proposed", "otherwise", "without", "made up")))
            drafts = (OfProposal(
                journal=journal, period=draw(st.sampled_from(periods)).id, what=how,
                nth=draw(st.integers(0, 3)),
            ),)  # fmt: skip
            by = draw(st.sampled_from([*hands, *hands, by]))
            # What comes after a decision may change what it rests on.
            after = ej.Mark(lesson=lesson.id, pupil=pupil, kind="oral", value=2)
            at = max(at, lesson.starts) + 60_000_000
            at_ = at
            script.append(ScriptedAct(at, ej.Actor(by), drafts))
            drafts = (after,) if draw(st.booleans()) else (OfEarlier(ej.Correction(
                journal=journal, entry=1, values={"value": 3}, reason="описка",
            ), f"journal/{journal}", ("mark",), draw(st.integers(0, 5))),)  # fmt: skip
            at_ = at = at + 60_000_000
        script.append(ScriptedAct(at_, ej.Actor(by), drafts))
    return script


def opened(school, store=None, regulations=None):
    """Journals under the regulation with everything, and a clock that stands."""
    clock = StandingClock()
    journals = ej.Journals(
        MemoryStore() if store is None else store, school, regulations or [REGULATION],
        clock=clock, entropy=CountedSalts(),
    )  # fmt: skip
    return journals, clock


@given(data=st.data())
def test_single_is_bulk_for_every_kind_of_rule(data):
    """Check, record and audit say the same of each entry, whichever kind of rule speaks."""
    school = data.draw(some.working_schools())
    held(opened, school, data.draw(scripts_of_six(school)))


@settings(
    max_examples=200, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def _walk(met, data):
    school = data.draw(some.working_schools())
    journals, clock = opened(school)
    for played in play(journals, clock, data.draw(scripts_of_six(school))):
        for receipt in played.receipts:
            for one in receipt.verdict.findings:
                met[one.code, one.outcome.value in ("met", "excused")] += 1


@pytest.fixture(scope="module")
def met():
    """How often each code was kept and broken in two hundred runs that are always the same."""
    found = Counter()
    _walk(found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_law_speaks_of_every_kind_of_rule(met, kind):
    """A law that never meets a rule says nothing of it: each is met kept, and met broken."""
    for code in KINDS[kind]:
        assert code in CATALOGUE
        assert met[code, True], f"{code} is never kept"
        assert met[code, False], f"{code} is never broken"


def test_the_law_meets_a_made_up_basis(met):
    """What has no finding when it is kept is met broken."""
    assert met["false-basis", False]
    assert met["basis-changed", False]


@given(data=st.data())
def test_a_regulation_compared_with_itself_differs_in_nothing(data):
    """compare(A, A) is empty on stored journals, also where A has another name and was loaded anew."""
    school = data.draw(some.working_schools())
    journals, clock = opened(school)
    play(journals, clock, data.draw(scripts_of_six(school)))
    other = load({**SIX, "id": "another"})
    found = list(journals.audit(clock.at))
    again, _ = opened(school, journals.store)
    renamed, _ = opened(school, journals.store, [other])
    assert differences(found, list(again.audit(clock.at))).is_empty
    late = [one for one in renamed.audit(clock.at) if one.code not in BY_LATER_ACTS]
    same = [one for one in found if one.code not in BY_LATER_ACTS]
    assert differences(same, late).is_empty
