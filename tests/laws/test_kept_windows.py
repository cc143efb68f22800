"""What is worked out once for many occasions is what each of them would have been given by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edujournal.gathering import gather_all
from edujournal.model.occasions import Work
from edujournal.rules.judging import Judge
from edujournal.rules.loading import load, shipped
from edujournal.rules.scenes import of_lesson, of_period, of_work
from edujournal.rules.term_values import Terms
from edujournal.rules.windows import held
from edujournal.testing import strategies as some


def occasions(facts, regulation):
    """Every lesson, a work of each kind at it, and every period of every journal."""
    for journal in sorted(facts.journals(), key=str):
        for lesson in facts.lessons_of(journal):
            yield of_lesson(lesson, facts)
            for kind in (None, *regulation.work_kinds):
                code = None if kind is None else kind.code
                work = Work(f"{lesson.id}#{code}", code, held=lesson.day, lesson=lesson.id)
                yield of_work(work, journal, facts)
        for period in facts.calendar(journal.year).periods(journal.group):
            yield of_period(journal, period.id, facts)


def told(groups):
    """The rules that hold, with their bounds."""
    return [
        [(one.clause.number, one.place, one.opens, one.closes) for one in group] for group in groups
    ]


@given(data=st.data())
def test_windows_that_are_kept_are_those_that_would_be_worked_out_anew(data):
    """Whatever was asked before, and in whatever order: same rules, same instants."""
    facts = gather_all(data.draw(some.working_schools()))
    regulation = load(data.draw(st.sampled_from(sorted(shipped()))))
    judge = Judge(regulation, facts)
    asked = [
        (occasion, record) for occasion in occasions(facts, regulation)
        for record in sorted(regulation.timing)
    ]  # fmt: skip
    picked = data.draw(st.lists(st.sampled_from(asked), max_size=60)) if asked else []
    for occasion, record in (*picked, *picked[::-1]):
        terms = Terms(regulation, facts)
        anew = held(record, terms.ground(occasion), terms)
        assert told(anew) == told(judge.windows(occasion, record)), (occasion.name, record)
    assert judge.terms.calls <= judge.terms.asked
