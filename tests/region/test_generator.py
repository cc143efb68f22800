"""Made schools: the same for the same seed, written as the ordinary way writes, with all faults known."""

from __future__ import annotations

from collections import Counter

import pytest

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.verify import verify
from edujournal.samples.generated import Size, generate, makeups, markers

SMALL = Size(classes=2, pupils=6, days=36)


def told(one):
    """What a finding, or the truth about it, is known by."""
    return (
        one.regulation, one.clause, one.code, str(one.outcome), str(one.severity), one.book, one.about,
        one.record, one.pupil, one.entry, one.by, one.lo, one.hi,
    )  # fmt: skip


def kept_in_memory(kept):
    """The made school in a store, as journals."""
    store = MemoryStore()
    for book, records in kept.books():
        store.append(kept.school.id, book, records, 0)
    return ej.Journals(store, kept.school, kept.regulation)


@pytest.mark.parametrize("seed", [1, 26])
def test_an_audit_finds_what_is_wrong_and_nothing_else(seed):
    """The exact audit of a made school and its ground truth are the same, number by number."""
    (kept,) = generate(1, seed, SMALL)
    found = list(kept_in_memory(kept).audit(kept.audited))

    assert Counter(map(told, kept.truth)) == Counter(map(told, found))
    windows = {told(one): (one.opens, one.closes) for one in found}
    for one in kept.truth:
        opens, closes = windows[told(one)]
        assert one.closes in (None, closes)
        assert one.opens in (None, opens)


def test_a_make_up_of_one_who_is_exempt_is_known_to_stand_beside_the_exemption(monkeypatch):
    """It comes once in a school of full size; here many are exempt, and many make up what they miss."""
    monkeypatch.setattr(makeups, "AT_ABSENCE", {"made up": 2000, "made up with a document": 2000})
    monkeypatch.setattr(markers, "EXEMPT", {"the whole year": 300, "some weeks": 300})
    (kept,) = generate(1, 3, Size(classes=1, pupils=12, days=25))
    found = list(kept_in_memory(kept).audit(kept.audited))

    assert Counter(map(told, kept.truth)) == Counter(map(told, found))
    assert any(one.code == "beside-mark" and one.record == "makeup" for one in kept.truth)


def test_the_same_seed_makes_the_same_bytes_and_another_seed_another_school():
    """A school hangs on the seed and its own number, not on the schools made before it."""
    first, second = (dict(kept.books()) for kept in generate(2, 5, SMALL))
    again = [dict(kept.books()) for kept in generate(2, 5, SMALL)]
    (other,) = (dict(kept.books()) for kept in generate(1, 6, SMALL))

    assert [first, second] == again
    assert first != second
    assert first != other


def test_made_records_are_whole():
    """Chains hold, and what stands in a record is what the library would have written."""
    (kept,) = generate(1, 3, SMALL)
    report = verify(kept_in_memory(kept).store, kept.school.id)

    assert report.records > 500
    assert [] == [damage for book in report.books for damage in book.damages]


def test_a_made_year_has_what_schools_have():
    """Subgroups, two shifts, transfers, a successor, cancelled and substituted lessons."""
    (kept,) = generate(1, 1, Size(classes=8, pupils=25, days=30))
    facts = kept.school.facts()
    (frame,) = facts.calendars
    ways = Counter(row.pupil for row in facts.memberships if "-" not in row.group)

    assert {"class", "subgroup"} == {one.kind for one in frame.groups}
    assert {1, 2} == {one.shift for one in frame.groups}
    assert 2 in ways.values()
    assert any(row.since is not None for row in facts.assignments)
    assert any(one.cancelled for one in facts.lessons)
    assert any(one.substitute for one in facts.lessons)
    busy = Counter((one.starts, one.teacher) for one in facts.lessons)
    assert 1 == max(busy.values())
