"""Publication: from when on pupils and guardians see what was recorded, as the regulations have it."""

from __future__ import annotations

from collections.abc import Sequence

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.rules.anchors import Ground
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.predicates import Scene, looked_of
from edujournal.rules.scenes import occasion_or_none, worlds
from edujournal.rules.selecting import seen
from edujournal.rules.term_values import Terms


class Publication:
    """What pupils and guardians see at an instant; terms are worked out once for all entries.

    Source: clause 1.5. *Version added: 0.1.*

    Args:
        regulations: The regulations in use.
        facts: What the school's data says.
        at: The instant, UTC microseconds.
        around: Class books, for rules that select by excuses.
    """

    def __init__(
        self,
        regulations: Sequence[Regulation],
        facts: Facts,
        at: int,
        around: Around = ALONE,
    ) -> None:
        self._around = around
        self._facts = facts
        self._at = at
        self._terms = [(one, Terms(one, facts)) for one in regulations if one.publications]

    def shows(self, entry: Entry, state: BookState) -> bool:
        """Tell whether they see *entry* of *state*.

        They see at once what no rule speaks of. Where several rules speak, each must have been
        reached; one whose moment is not known has not been.
        """
        for regulation, terms in self._terms:
            rules = regulation.publications.get(entry.kind, ())
            if not rules:
                continue
            occasion = occasion_or_none(entry, self._facts, state)
            if occasion is None:  # lost by the school's data: nobody can tell
                return False
            if not regulation.holds_on(occasion.day):
                continue
            ground = Ground(occasion, self._facts, state, entry.pupil, regulation.given, entry.at)
            for _, rule in rules:
                names = rule.when.names()
                looked = looked_of(
                    entry, occasion, Scene(regulation, self._facts, state, self._around)
                )
                found = seen(names, looked)
                if not any(rule.when.allows(one) for one in worlds(found, names, regulation)):
                    continue
                since = terms.value(rule.since, ground)
                if not isinstance(since, int) or self._at < since:
                    return False
        return True
