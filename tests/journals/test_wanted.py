"""What must be fetched for a kind of record: asked of the regulations once, not with every write."""

from __future__ import annotations

from collections import Counter

import edujournal as ej
from edujournal.rules import wanted
from edujournal.rules.loading import load

BESIDE = "ru-federal-school-day"


def test_what_a_kind_of_record_wants_is_asked_once(journals, school, clock, monkeypatch):
    """Any number of writes, one look through each regulation for each kind."""
    asked: Counter[tuple[str, str]] = Counter()
    inner = wanted.wants

    def counted(regulation, kind):
        asked[regulation.id, kind] += 1
        return inner(regulation, kind)

    monkeypatch.setattr(wanted, "wants", counted)
    both = ej.Journals(
        journals.store, school, [journals.regulations[0], load(BESIDE)], clock=lambda: clock.at
    )
    for number in range(12):
        both.record(ej.Mark(lesson="l1", pupil=f"p-{number + 1}", kind="oral", value=5), by="t-1")
    both.record(ej.Topic(lesson="l1", topic="Sums"), by="t-1")

    names = [one.id for one in both.regulations]
    assert {(name, kind): 1 for name in names for kind in ("mark", "topic")} == dict(asked)


def test_all_regulations_together_want_what_each_of_them_wants():
    """What one regulation alone would have fetched is fetched beside another."""
    first, second = load("ru-school26-2023"), load(BESIDE)
    together = wanted.Wanted([first, second])
    for kind in sorted({*first.timing, *second.timing}):
        assert together.of(kind) == wanted.wants(first, kind) | wanted.wants(second, kind)
