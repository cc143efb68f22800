"""Drafts from the shell: every kind of record from words and from JSON, and what cannot be meant."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import attrs
import pytest

import edujournal as ej
from edujournal.cli.drafts import READ, from_json, from_words
from edujournal.errors import BadInput, Unknown
from edujournal.model.drafts import DRAFTS
from edujournal.model.time import parse_instant

WORDS = [
    ("mark", "lesson=l1 pupil=p-1 kind=oral value=5", ej.Mark(lesson="l1", pupil="p-1", kind="oral", value=5)),
    ("mark", "lesson=l1 pupil=p-1 value=4-", ej.Mark(lesson="l1", pupil="p-1", value="4-")),
    ("roll", "lesson=l1 absent=p-1=Н,p-2=ОП:5",
     ej.RollCall(lesson="l1", absent={"p-1": "Н", "p-2": ej.Absence("ОП", 5)})),
    ("homework", "lesson=l1 none-set=yes", ej.Homework(lesson="l1", none_set=True)),
    ("homework", "lesson=l1 task=No.5 due=2026-09-16", ej.Homework(lesson="l1", task="No.5", due=date(2026, 9, 16))),
    ("makeup", "lesson=l1 pupil=p-1 value=4 protocol=12 examiners=t-1,t-2",
     ej.MakeUp(lesson="l1", pupil="p-1", value=4, protocol="12", examiners=["t-1", "t-2"])),
    ("correction", "journal=7A/alg/2026 entry=12 values=value=4,kind=oral texts=comment=typo",
     ej.Correction(journal="7A/alg/2026", entry=12, values={"value": 4, "kind": "oral"}, texts={"comment": "typo"})),
    ("confirmation", "lesson=l1 entry=3 accept=no", ej.Confirmation(lesson="l1", entry=3, accept=False)),
]  # fmt: skip


@pytest.mark.parametrize(("record", "words", "draft"), WORDS)
def test_words_become_a_draft(record, words, draft):
    """Options are read by the type of the field."""
    made = from_words(record, dict(word.split("=", 1) for word in words.split()))
    assert (type(draft), draft.content()) == (type(made), made.content())


@pytest.mark.parametrize("record", DRAFTS)
def test_every_field_of_every_draft_can_be_read(record):
    """A field of a new type is told here, and not by somebody at a shell."""
    assert set() == {str(one.type) for one in attrs.fields(DRAFTS[record])} - set(READ)


JSON = [
    ({"record": "mark", "lesson": "l1", "pupil": "p-1", "value": 4.5, "comment": None},
     ej.Mark(lesson="l1", pupil="p-1", value=Decimal("4.5"))),
    ({"record": "roll", "lesson": "l1", "absent": {"p-1": "Н", "p-2": {"code": "ОП", "late": 5, "left": 30}}},
     ej.RollCall(lesson="l1", absent={"p-1": "Н", "p-2": ej.Absence("ОП", 5, 30)})),
    ({"record": "correction", "journal": "7A/alg/2026", "entry": 3, "values": {"value": 4}, "texts": {"comment": "x"}},
     ej.Correction(journal="7A/alg/2026", entry=3, values={"value": 4}, texts={"comment": "x"})),
    ({"record": "makeup", "lesson": "l1", "pupil": "p-1", "value": "зачёт", "examiners": ["t-1"], "held": "2026-10-01"},
     ej.MakeUp(lesson="l1", pupil="p-1", value="зачёт", examiners=["t-1"], held=date(2026, 10, 1))),
    ({"record": "confirmation", "lesson": "l1", "entry": 3, "accept": False},
     ej.Confirmation(lesson="l1", entry=3, accept=False)),
    ({"record": "topic", "lesson": "l1", "topic": "Fractions",
      "evidence": {"lo": "2026-09-15T09:00:00+03:00", "hi": "2026-09-15T10:00:00+03:00", "author": "t-1"}},
     ej.Topic(lesson="l1", topic="Fractions",
              evidence=ej.Evidence(parse_instant("2026-09-15T06:00:00Z"), parse_instant("2026-09-15T07:00:00Z"), "t-1"))),
]  # fmt: skip


@pytest.mark.parametrize(("values", "draft"), JSON)
def test_a_json_object_becomes_a_draft(values, draft):
    """Numbers are exact; what is null is not given."""
    made = from_json(json.dumps(values))
    assert (type(draft), draft.content(), draft.evidence) == (
        type(made),
        made.content(),
        made.evidence,
    )


def test_moments_and_fences_are_read():
    """A report with its two moments, as a script would give it."""
    text = json.dumps({"account": "t-1", "year": "2026", "head": "2026-10-01T12:00:00+03:00",
                       "support": None, "void": {"journal/7A/alg/2026": 5}})  # fmt: skip
    draft = from_json(text, "compromise")
    assert parse_instant("2026-10-01T09:00:00Z") == draft.moments()[0]
    assert {"journal/7A/alg/2026": 5} == draft.void


MISTAKES = [
    ("mark", '{"lesson": "l1"', "not JSON"),
    ("mark", "[1]", "one JSON object"),
    ("mark", '{"record": "roll"}', "two kinds of record"),
    (None, '{"lesson": "l1"}', "does not say what it is"),
    ("mark", '{"lesson": "l1", "lesson": "l2"}', "a field given twice"),
    ("mark", '{"lessson": "l1"}', "Did you mean $.lesson?"),
    ("mark", '{"lesson": "l1"}', "$.pupil"),
    ("mark", '{"lesson": 5, "pupil": "p", "value": 5}', "not a text"),
    ("mark", '{"lesson": "l1", "pupil": "p", "value": true}', "not a mark's value"),
    ("homework", '{"lesson": "l1", "none_set": "yes"}', "neither true nor false"),
    ("homework", '{"lesson": "l1", "task": "x", "due": "16.09.2026"}', "not a day"),
    ("confirmation", '{"lesson": "l1", "entry": "3"}', "not a whole number"),
    ("correction", '{"journal": "7A/alg/2026", "entry": 3, "values": 5}', "not an object"),
    ("correction", '{"journal": "7A/alg/2026", "entry": 3, "texts": {"comment": 5}}', "not a text"),
    ("makeup", '{"lesson": "l1", "pupil": "p", "value": 5, "examiners": "t-1"}', "not a list"),
    ("roll", '{"lesson": "l1", "absent": {"p-1": 5}}', "not an absence"),
    ("roll", '{"lesson": "l1", "absent": {"p-1": {"late": 5}}}', "not an absence"),
    ("topic", '{"lesson": "l1", "topic": "x", "evidence": {"author_": "t"}}', "Did you mean 'author'?"),
    ("topic", '{"lesson": "l1", "topic": "x", "evidence": {"hi": "2026-09-15 10:00"}}', "$.evidence"),
    ("compromise", '{"account": "t", "year": "2026", "head": "yesterday"}', "$.head"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "text", "said"), MISTAKES)
def test_what_cannot_be_meant_is_told_with_its_path(record, text, said):
    """The path in the object, what was expected, the nearest name."""
    with pytest.raises(BadInput) as caught:
        from_json(text, record)
    assert said in str(caught.value)


WRONG = [
    ("homework", {"lesson": "l1", "none-set": "perhaps"}, "neither yes nor no"),
    ("confirmation", {"lesson": "l1", "entry": "three"}, "not a whole number"),
    ("roll", {"lesson": "l1", "absent": "p-1"}, "not a pair"),
    ("roll", {"lesson": "l1", "absent": "p-1=ОП:soon"}, "not a whole number"),
    ("topic", {"lesson": "l1", "topic": "x", "evidence": "yesterday"}, "Give the draft as JSON"),
    ("mark", {"lesson": "l1", "pupl": "p-1"}, "Did you mean --pupil?"),
    ("mark", {"lesson": "l1"}, "--pupil"),
]


@pytest.mark.parametrize(("record", "words", "said"), WRONG)
def test_a_wrong_option_is_told_by_its_name(record, words, said):
    """Options are named as they are typed."""
    with pytest.raises(BadInput) as caught:
        from_words(record, words)
    assert said in str(caught.value)


def test_an_unknown_kind_of_record_names_the_nearest():
    """`makr` is `mark`."""
    with pytest.raises(Unknown, match="mark"):
        from_words("makr", {})
