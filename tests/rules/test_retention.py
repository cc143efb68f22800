"""Retention as a regulation's data: which term is whose, what cannot be meant, how it is shown."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from edujournal.errors import BadRegulation
from edujournal.model.calendar import Calendar
from edujournal.model.periods import Week
from edujournal.rules.clauses import Retention
from edujournal.rules.linting import lint
from edujournal.rules.loading import load, structure
from edujournal.rules.retention import kept_until, retention_of, term_of
from edujournal.views.regulation_text import regulation_page
from edujournal.views.speaking import Speaker

WORDS = {"ru": "x", "en": "x"}
PLAIN = {
    "format": 1,
    "id": "r",
    "title": WORDS,
    "rights_clause": "1",
    "clauses": [
        {
            "number": "1",
            "gist": WORDS,
            "rules": [
                {"kind": "rights", "role": "head", "may": "write", "records": ["erasure", "waiver"]}
            ],
        }
    ],
    "retention": [
        {"name": "remarks", "of": "journal", "records": ["comment", "message"], "years": 0},
        {
            "name": "journals",
            "of": "journal",
            "years": 5,
            "clause": "1",
            "lifts": [{"role": "head"}],
        },
        {"name": "sheets", "of": "sheet", "years": 25, "counted": "year_end"},
    ],
}


def frame(since: date, until: date) -> Calendar:
    """A year."""
    return Calendar(
        school="s", year="y", zone="UTC", since=since, until=until, groups=(), period_systems=(),
        holiday_sets=(), weeks=(Week("w", frozenset({1})),), staff_week="w",
    )  # fmt: skip


YEAR = frame(date(2026, 9, 1), date(2027, 6, 1))


def test_the_first_retention_that_is_for_a_record_holds():
    """Narrower ones stand first; a part without any has none."""
    regulation = structure(PLAIN)
    names = [
        None if (one := retention_of(regulation, part, kind)) is None else one.name
        for part, kind in (
            ("journal", "comment"),
            ("journal", "topic"),
            ("class", "message"),
            ("sheet", ""),
        )
    ]
    assert ["remarks", "journals", None, "sheets"] == names


@pytest.mark.parametrize(
    ("years", "counted", "calendar", "until"),
    [
        (5, "january", YEAR, date(2033, 1, 1)),
        (5, "year_end", YEAR, date(2032, 6, 1)),
        (0, "january", YEAR, date(2026, 9, 1)),
        # A year that ends with December ends in that very year.
        (5, "january", frame(date(2027, 1, 1), date(2028, 1, 1)), date(2033, 1, 1)),
        (1, "year_end", frame(date(2027, 9, 1), date(2028, 2, 29)), date(2029, 3, 1)),
        (4, "year_end", frame(date(2027, 9, 1), date(2028, 2, 29)), date(2032, 2, 29)),
    ],
)
def test_years_are_counted_from_the_end_of_the_academic_year(years, counted, calendar, until):
    """From 1 January after it, or from the day after its last; nothing need not be kept at all."""
    one = Retention(name="x", of="journal", years=years, counted=counted)
    assert until == kept_until(one, calendar)


def test_of_several_regulations_the_one_that_keeps_longest_is_named():
    """Each may ask for its own; what must be kept by one is kept."""
    longer = deepcopy(PLAIN) | {
        "id": "longer",
        "retention": [{"name": "all", "of": "journal", "years": 7}],
    }
    both = [structure(PLAIN), structure(longer)]
    term = term_of(both, "journal", "topic", YEAR)

    assert (date(2035, 1, 1), "longer", "", "all") == (
        term.until,
        term.regulation,
        term.clause,
        term.retention,
    )
    assert "r" == term_of(both[:1], "journal", "topic", YEAR).regulation
    assert term_of(both, "school", "waiver", YEAR) is None


@pytest.mark.parametrize(
    ("place", "field", "value", "where"),
    [
        (1, "of", "journals", "retention[1].of"),
        (1, "counted", "june", "retention[1].counted"),
        (1, "years", -1, "retention[1].years"),
        (1, "years", "5", "retention[1].years"),
        (0, "records", ["remark"], "retention[0].records"),
        (1, "clause", "9", "retention[1].clause"),
        (1, "name", "remarks", "retention"),
        (0, "records", [], "retention[1]"),
        (1, "on_breach", "shout", "retention[1].on_breach"),
        (1, "while", 3, "retention[1].while"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_path(place, field, value, where):
    """A fault is found when the file is read: the path, and what would have been right."""
    broken = deepcopy(PLAIN)
    broken["retention"][place][field] = value
    with pytest.raises(BadRegulation) as caught:
        structure(broken)

    assert f"regulation.{where}" in [problem.where for problem in caught.value.problems]


def test_a_child_replaces_a_retention_of_its_name():
    """A school that keeps journals for ten years says one row."""
    own = structure(
        {
            "format": 1, "id": "own", "title": WORDS, "extends": "ru-school26-2023",
            "retention": [{"name": "journals", "of": "journal", "years": 10}],
        }
    )  # fmt: skip
    assert 10 == retention_of(own, "journal", "topic").years
    assert 0 == retention_of(own, "journal", "comment").years
    dropped = structure(
        {
            "format": 1,
            "id": "own",
            "title": WORDS,
            "extends": "ru-school26-2023",
            "without": ["2.15"],
        }
    )
    assert (5, None) == ((one := retention_of(dropped, "journal", "topic")).years, one.clause)


def test_texts_that_may_be_erased_at_will_are_worth_a_look():
    """The right to erase without any retention is noted; so is one who is to lift and gives no waivers."""
    bare = deepcopy(PLAIN) | {"retention": []}
    other = deepcopy(PLAIN)
    other["retention"][1]["lifts"] = [{"role": "deputy"}]

    assert "erased-at-will" in [one.kind for one in lint(structure(bare))]
    assert "erased-at-will" not in [one.kind for one in lint(structure(PLAIN))]
    assert ("cannot-lift", "1", "deputy") in [
        (one.kind, one.clause, one.names.get("role")) for one in lint(structure(other))
    ]
    for id in ("ru-school26-2023", "ru-minpros-model"):
        assert not {"erased-at-will", "cannot-lift"} & {one.kind for one in lint(load(id))}


def test_the_page_of_a_regulation_says_how_long_things_are_kept():
    """Years, from when they are counted, the clause, and who may let go earlier."""
    page = regulation_page(Speaker("en"), load("ru-school26-2023"))
    russian = regulation_page(Speaker("ru"), load("ru-school26-2023"))

    assert "- remarks to pupils: need not be kept (cl. 1.7)" in page
    assert (
        "- journals: 5 years, counted from 1 January after the end of the academic year (cl. 2.15); "
        "may be lifted by head"
    ) in page
    assert (
        "- сводные ведомости: 25 лет, считая с 1 января после окончания учебного года (п. 2.15)"
        in russian
    )
    assert "counted from the end of the academic year" in regulation_page(
        Speaker("en"), structure(PLAIN)
    )
