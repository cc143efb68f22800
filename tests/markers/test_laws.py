"""Laws of the tick, over journals in which anything was given, marked and taken back at any time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import edujournal as ej
from edujournal.errors import Refused

ALG = "7A/alg/2026"
WORDS = {"ru": "п", "en": "p"}
#: Markers whose successors may take each other's place.
MARKERS = [
    {"code": "A", "title": WORDS, "clause": "M.2", "scopes": ["lesson"], "fills_cell": False,
     "replaced_by": ["mark"], "expires": {"after": "+3 days", "marker": "B"}},
    {"code": "B", "title": WORDS, "clause": "M.2", "scopes": ["lesson"], "fills_cell": False,
     "replaced_by": ["mark", "C"], "expires": {"after": "+4 days", "value": "2"}},
    {"code": "C", "title": WORDS, "clause": "M.2", "scopes": ["lesson"], "fills_cell": False,
     "replaced_by": ["B"], "expires": {"after": "+5 days", "marker": "A"}},
]  # fmt: skip
FIRST = date(2026, 9, 16)

acts = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.sampled_from(["A", "B", "C", "INH", "mark", "annul"]),
        st.integers(0, 20),
    ),
    max_size=6,
)


def kept(new_desk, acts, *, daily):
    """A desk at which the acts were done in order of time, with a tick a day or one at the end."""
    desk = new_desk(markers=MARKERS)
    numbers = []
    for day in range(26):
        when = (FIRST + timedelta(days=day)).isoformat()
        for place, (_, what, which) in enumerate(one for one in acts if one[0] == day):
            moment = f"{when} 12:00:{place:02}"
            draft = ej.Marker(lesson="l1", pupil="p-1", code=what)
            if what == "mark":
                draft = ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=4)
            elif what == "annul":
                if not numbers:
                    continue
                number = numbers[which % len(numbers)]
                draft = ej.Annulment(journal=ALG, entry=number, reason="a slip")
            try:
                found = desk.write(moment, draft).number
            except Refused:
                continue
            if what != "annul":
                numbers.append(found)
        if daily or day == 25:
            report = desk.tick(f"{when} 23:00")
            assert all(one.receipt.number for one in report.made)
    return desk


def made(desk):
    """What time made, and of what, whenever it was recorded and wherever it stands."""
    entries = list(desk.journals.entries(f"journal/{ALG}"))
    names = {}
    for entry in entries:
        # A person's entry is named by its moment, one that time made by what it was made of.
        of = None if entry.target is None else names[entry.target]
        own = entry.at if entry.by.account != "system" else (of, entry.values["because"]["at"])
        names[entry.number] = own
    return sorted(
        (str(names[one.target]), one.kind, str(sorted(one.values.items())))
        for one in entries
        if one.by.account == "system"
    )


@settings(
    max_examples=max(8, settings().max_examples // 8),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(acts=acts)
def test_it_does_not_matter_when_a_tick_runs(new_desk, acts):
    """Every night, or once after four weeks: the same was made of the same, as of the same moments."""
    nightly, once = (kept(new_desk, acts, daily=daily) for daily in (True, False))
    assert made(nightly) == made(once)
    for desk in (nightly, once):
        assert () == desk.tick("2026-10-11 23:30").made
        assert not any("not-by-time" in one for one in desk.audit("2026-10-11 23:30"))


def test_what_time_made_takes_the_place_of_other_markers(new_desk):
    """Of three markers one ends first: what time makes of it, and then of that, settles the others."""
    desk = kept(new_desk, [(0, "A", 0), (1, "C", 0), (2, "INH", 0)], daily=False)
    assert [("marker", 1), ("mark", 4)] == [(one.kind, one.target) for one in desk.by_time()]
