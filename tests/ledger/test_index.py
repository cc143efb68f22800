"""The index follows from the body, and from nothing else."""

from __future__ import annotations

import pytest

from edujournal.errors import BadInput, StoreTooNew
from edujournal.ledger.bytes import encode
from edujournal.ledger.index import index_from, index_of
from edujournal.ledger.records import Index

LEAST = {
    "v": 1,
    "kind": "roll",
    "about": "lesson:L-1",
    "by": {"account": "t-1", "role": "teacher"},
    "at": 1_700_000_000_000_000,
}
MOST = {
    **LEAST,
    "pupil": "p-1",
    "key": "k-1",
    "item": 3,
    "target": 7,
    "evidence": {"lo": 5, "hi": 9, "by": "t-2"},
}


def test_an_act_recorded_on_the_spot_has_its_own_instant_as_evidence():
    """Without evidence the interval is the one microsecond of recording."""
    at = LEAST["at"]

    assert Index("roll", "lesson:L-1", None, "t-1", "teacher", None, 0, at, at, at + 1, None) == (
        index_of(encode(LEAST))
    )


def test_every_field_is_taken_from_its_place():
    """A body with all optional fields gives an index with all of them."""
    assert Index(
        "roll", "lesson:L-1", "p-1", "t-1", "teacher", "k-1", 3, LEAST["at"], 5, 9, 7
    ) == index_of(encode(MOST))


def test_evidence_without_a_lower_bound_leaves_it_unknown():
    """Known only to be recorded before an instant."""
    index = index_from({**LEAST, "evidence": {"hi": 9}})

    assert (None, 9) == (index.lo, index.hi)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"v": None}, "$.v"),
        ({"v": 0}, "$.v"),
        ({"v": True}, "$.v"),
        ({"kind": None}, "$.kind"),
        ({"about": 5}, "$.about"),
        ({"pupil": 5}, "$.pupil"),
        ({"by": None}, "$.by"),
        ({"by": {"role": "teacher"}}, "$.by.account"),
        ({"by": {"account": "t-1", "role": 1}}, "$.by.role"),
        ({"at": "now"}, "$.at"),
        ({"at": True}, "$.at"),
        ({"key": 1}, "$.key"),
        ({"item": "1"}, "$.item"),
        ({"target": "7"}, "$.target"),
        ({"evidence": 5}, "$.evidence"),
        ({"evidence": {"lo": 5}}, "$.evidence.hi"),
        ({"evidence": {"lo": "5", "hi": 9}}, "$.evidence.lo"),
    ],
)
def test_a_wrong_field_is_told_by_its_path(change, where):
    """A body that is not one of ours is refused, with the field."""
    with pytest.raises(BadInput) as caught:
        index_from({**LEAST, **change})

    assert where == caught.value.problems[0].where


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused(body):
    """Bytes that are no body at all raise the same kind of error."""
    with pytest.raises(BadInput):
        index_of(body)


def test_a_body_of_a_later_version_asks_for_an_upgrade():
    """The next format is told apart from damage."""
    with pytest.raises(StoreTooNew, match=r"Upgrade"):
        index_from({**LEAST, "v": 2})
