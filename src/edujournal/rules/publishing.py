"""Publication: from when on pupils and guardians see what was recorded, as the regulations have it."""

from __future__ import annotations

from collections.abc import Sequence

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.rules.anchors import Ground
from edujournal.rules.clauses import Regulation
from edujournal.rules.scenes import features, occasion_of, worlds
from edujournal.rules.term_values import Terms


def is_published(
    entry: Entry, state: BookState, facts: Facts, regulations: Sequence[Regulation], at: int
) -> bool:
    """Tell whether pupils and guardians see *entry* at the instant *at*.

    They see at once what no rule speaks of. Where several rules speak, each must have been reached;
    one whose moment is not known has not been.

    Source: clause 1.5. *Version added: 0.1.*

    Args:
        entry: An entry of *state*.
        state: What its book says.
        facts: What the school's data says.
        regulations: The regulations in use.
        at: The instant, UTC microseconds.
    """
    for regulation in regulations:
        rules = regulation.publications.get(entry.kind, ())
        if not rules:
            continue
        occasion = occasion_of(entry, facts, state)
        if not regulation.holds_on(occasion.day):
            continue
        ground = Ground(occasion, facts, state, entry.pupil, regulation.given, entry.at)
        terms = Terms(regulation, facts)
        for _, rule in rules:
            names = rule.when.names()
            seen = features(occasion, regulation, entry) if names else {}
            if not any(rule.when.allows(one) for one in worlds(seen, names, regulation)):
                continue
            since = terms.value(rule.since, ground)
            if not isinstance(since, int) or at < since:
                return False
    return True
