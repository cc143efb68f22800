"""What a regulation says of markers is checked when it is loaded; each fault is told with its path."""

from __future__ import annotations

import pytest

from edujournal.errors import BadRegulation
from edujournal.rules.loading import structure

WORDS = {"ru": "п", "en": "p"}
#: What a marker says whose end is at fault in no other way.
ENDS = {"clause": "2.8", "scopes": ["work"]}


def regulation(**marker):
    """A child of the shipped regulation with one marker more."""
    return {
        "id": "ours",
        "title": WORDS,
        "extends": "ru-school26-2023",
        "markers": [{"code": "x", "title": WORDS, **marker}],
    }


def faults(**marker):
    """Path and text of each fault in what is said of the marker ``x``."""
    with pytest.raises(BadRegulation) as caught:
        structure(regulation(**marker), "f")
    found = caught.value.problems
    return [(one.where.removeprefix("f.markers[4]"), one.what, one.mend) for one in found]


@pytest.mark.parametrize(
    ("marker", "path", "what"),
    [
        ({"family": "results"}, ".family", "unknown family of markers"),
        ({"scopes": ["lessons"]}, ".scopes", "unknown scope of a marker"),
        ({"scopes": []}, ".scopes", "a marker for nothing"),
        ({"clause": "9.9"}, ".clause", "unknown clause"),
        ({"set_by": ["techer"]}, ".set_by", "unknown role"),
        ({"replaced_by": ["makup"]}, ".replaced_by", "unknown marker"),
        ({"in_mean": True}, ".in_mean", "nothing to take into the mean"),
        ({"value": "6"}, ".value", "unknown value of the default scale"),
        ({"clause": "2.8", "expires": {"after": "+3 days"}}, ".expires", "an end without a successor"),
        (
            {**ENDS, "expires": {"after": "+3 days", "marker": "н/а", "value": "2"}},
            ".expires",
            "an end without a successor",
        ),
        (
            {**ENDS, "expires": {"after": "+3 days", "by": {"anchor": "period.end", "snap": "end_of_day"},
                         "value": "2"}},
            ".expires",
            "an end said twice",
        ),
        ({**ENDS, "expires": {"after": "-3 days", "value": "2"}}, ".expires.after",
         "an end before the beginning"),
        ({**ENDS, "expires": {"after": "+3 days", "marker": "н/я"}}, ".expires.marker", "unknown marker"),
        ({**ENDS, "expires": {"after": "+3 days", "value": "9"}}, ".expires.value",
         "unknown value of the default scale"),
        ({**ENDS, "expires": {"by": {"anchor": "period.end"}, "value": "2"}}, ".expires.by",
         "a day where an instant is needed"),
        ({"expires": {"after": "+3 days", "value": "2"}, "scopes": ["work"]}, ".clause",
         "an end that no clause asks for"),
        ({"expires": {"after": "+3 days", "value": "2"}, "clause": "2.8"}, ".scopes",
         "a mark for a whole subject, which has no cell"),
        ({"suggested_for": {"grade": 1, "subjct": "pe"}}, ".suggested_for.subjct",
         "unknown feature of a group or a subject"),
        ({"suggested_for": {"subject": "pe"}}, ".suggested_for",
         "a suggestion for nobody in particular"),
        ({"always_for": {"grad": 1}}, ".always_for.grad", "unknown feature"),
        ({"learned": 7.5}, ".learned", "not an exact number"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_path(marker, path, what):
    """A marker that means nothing is refused when the regulation is loaded, not when it is used."""
    assert [(path, what)] == [(where, why) for where, why, _ in faults(**marker)]


def test_a_near_name_is_offered():
    """A slip of the pen is answered with the name that was meant."""
    assert ["Did you mean 'н/а'?"] == [
        mend for _, _, mend in faults(**ENDS, expires={"after": "+3 days", "marker": "н/б"})
    ]


def test_a_well_formed_marker_is_taken():
    """Every attribute together makes a regulation that loads."""
    loaded = structure(
        regulation(
            family="debt", value="1", in_mean=True, set_by=["teacher"], replaced_by=["mark", "н/а"],
            expires={"after": "+10 school_days", "value": "1"}, scopes=["work"],
            suggested_for={"profile": "special", "subject": "pe"}, always_for={"grade": 1}, learned="7", clause="2.8",
        )
    )  # fmt: skip
    assert "x" == loaded.marker("x").code
