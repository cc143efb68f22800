"""Every name that the rules know has a word: no table of the code has a row without one."""

from __future__ import annotations

import pytest

from edujournal.model.groups import GROUP_KINDS
from edujournal.model.people import ADMINISTRATION
from edujournal.rules.anchors import ANCHORS
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.checking import SCOPES
from edujournal.rules.clauses import FEATURES, RECORDS
from edujournal.rules.loading import load
from edujournal.rules.predicates import PREDICATES
from edujournal.rules.terms import ROLLS, SNAPS, UNITS
from edujournal.rules.verdicts import Decision, Outcome, Severity
from edujournal.texts import sentences, words

REGULATION = load("ru-school26-2023")


@pytest.mark.parametrize(
    ("names", "table"),
    [
        (ANCHORS, words.ANCHORS),
        ({row.reads for row in PREDICATES.values()}, words.ANCHORS),
        (CATALOGUE, sentences.TITLES),
        (CATALOGUE, sentences.BROKEN),
        (set(Decision), words.DECISIONS),
        (FEATURES, words.FEATURES),
        (GROUP_KINDS, words.GROUP_KINDS),
        (set(Outcome), words.OUTCOMES),
        (REGULATION.purposes, words.PURPOSES),
        (RECORDS, words.RECORDS),
        (REGULATION.roles, words.ROLES),
        (ADMINISTRATION, words.ROLES),
        (ROLLS - {"none"}, words.ROLLS),
        (SCOPES, words.SCOPES),
        (REGULATION.sections, words.SECTIONS),
        (set(Severity), words.SEVERITIES),
        (SNAPS - {"none"}, words.SNAPS),
        ({unit.removesuffix("s") for unit in UNITS}, words.NOUNS),
    ],
    ids=[
        "anchors", "reads", "titles", "sentences", "decisions", "features", "groups", "outcomes",
        "purposes", "records", "roles", "administration", "rolls", "scopes", "sections", "severities",
        "snaps", "units",
    ],
)  # fmt: skip
def test_every_name_of_the_rules_has_a_word(names, table):
    """Whoever adds a name adds the word for it, in edujournal/texts."""
    assert set() == set(names) - set(table)


def test_titles_and_sentences_are_of_codes_that_are():
    """No word is kept for a breach code that the catalogue does not have."""
    assert set(CATALOGUE) == set(sentences.TITLES) == set(sentences.BROKEN)
