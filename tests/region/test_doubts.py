"""How much of a journal is judged for what columns could not prove."""

from __future__ import annotations

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.people import Actor
from edujournal.regions.doubts import WHOLE, Doubt

BOOK = "journal/7A/alg/2026"


def entry(number, about, kind="mark", values=()):
    """An entry about an occasion."""
    return Entry(BOOK, number, kind, about, None, dict(values), {}, Actor("t-1", ""), "", 0)


def test_an_entry_in_doubt_is_judged_and_the_others_at_its_occasion_are_read():
    """Others are opened with it, since it is judged by what stood there when it came."""
    doubt = Doubt()
    doubt.add("lesson:l1", 3)
    doubt.add("lesson:l2", WHOLE)
    doubt.asked.add("lesson:l3")
    doubt.widen(BookState(BOOK))
    entries = [entry(2, "lesson:l1"), entry(3, "lesson:l1"), entry(4, "lesson:l2"),
               entry(5, "lesson:l3")]  # fmt: skip

    assert {"lesson:l1", "lesson:l2", "lesson:l3"} == doubt.asked
    assert [False, True, True, False] == list(map(doubt.judges, entries))
    assert {2, 5} == doubt.proven(entries)


def test_a_lesson_and_the_works_held_at_it_stand_and_fall_together():
    """Each is opened with the other; all is judged only where one of them is in doubt as a whole."""
    state = BookState(BOOK)
    for number, (work, lesson) in enumerate([("a", "l1"), ("b", "l1"), ("c", "l2")], 1):
        state.apply(entry(number, f"work:{work}", "work", {"kind": "control", "lesson": lesson}))
    whole, single = Doubt(), Doubt()
    whole.add("work:a", WHOLE)
    single.add("work:c", 7)
    for one in (whole, single):
        one.widen(state)

    assert {"work:a", "lesson:l1", "work:b"} == whole.whole == whole.asked
    assert (set(), {"work:c", "lesson:l2"}) == (single.whole, single.asked)
