"""Law 2: what was said of the past is never changed by what comes later."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from edujournal.testing import strategies as some
from edujournal.testing.scripts import play

SOME = settings(max_examples=max(1, settings().max_examples // 3))


def said(journals, at, as_of):
    """Everything that can be asked of a past moment: findings, states, what was due."""
    found = {
        "audit": list(journals.audit(at, everything=True, as_of=as_of)),
        "due": journals.due(at=as_of - 1),
    }
    for book in journals.books():
        state = journals.state(book, as_of)
        found[book] = [
            (entry, state.reading(entry), state.stands(entry), state.is_doubtful(entry))
            for entry in state.entries
        ]
    return {name: rows for name, rows in found.items() if rows}


@SOME
@given(data=st.data())
def test_more_entries_change_no_answer_about_the_past(opened, data):
    """Audit, states and due list as of a moment stay what they were at that moment."""
    school = data.draw(some.working_schools())
    script = data.draw(some.scripts(school, opened.regulation, least=8, most=24))
    journals, clock = opened(school)
    cut = data.draw(st.integers(1, len(script) - 1))
    play(journals, clock, script[:cut])
    now = script[cut].at
    late = now + data.draw(st.sampled_from((0, 40 * 86_400_000_000)))
    before = said(journals, late, now)
    if script[cut - 1].at < now:
        assert before["audit"] == list(journals.audit(late, everything=True))
    play(journals, clock, script[cut:])
    fresh, _ = opened(school, journals.store)

    assert before == said(journals, late, now)
    assert before == said(fresh, late, now)
