"""Proposals in cases: what a formula must give for which pupil, and decisions that rest on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from attrs import evolve, frozen

from edujournal.errors import Unknown
from edujournal.journals import Journals
from edujournal.model.drafts import Draft, PeriodResult
from edujournal.rules.numbers import exact, written
from edujournal.rules.proposals import STATUSES, Proposal
from edujournal.testing.tables import Table


@frozen
class ProposalExpected:
    """What is expected of one pupil's proposal. What is None may be anything.

    *Version added: 0.1.*
    """

    pupil: str
    status: str | None = None
    text: str | None = None
    mean: str | None = None
    marker: str | None = None
    decided: str | None = None
    differs: bool | None = None
    outdated: bool | None = None

    def unmet(self, found: Proposal) -> Iterator[str]:
        """Yield each thing in which *found* is another."""
        mean = None if found.mean is None else written(found.mean)
        for name, expected, value in (
            ("status", self.status, found.status),
            ("text", self.text, found.text),
            ("mean", self.mean, mean),
            ("marker", self.marker, found.marker),
            ("decided", self.decided, found.decided),
            ("differs", self.differs, found.differs),
            ("outdated", self.outdated, found.outdated),
        ):
            if expected is not None and expected != value:
                yield f"{self.pupil}: expected {name} {expected!r}, found {value!r}"


@frozen
class ProposalsSaid:
    """What is to be proposed at a moment for the pupils of a journal.

    *Version added: 0.1.*
    """

    where: str
    at: int
    journal: str
    period: str
    stage: str | None
    expect: tuple[ProposalExpected, ...]

    def ask(self, journals: Journals) -> list[Proposal]:
        """The proposals that *journals* give."""
        return journals.proposals(self.journal, self.period, self.stage, self.at)

    def unmet(self, found: Iterable[Proposal]) -> list[str]:
        """Everything in which *found* is not what is expected."""
        by_pupil = {one.pupil: one for one in found}
        lacking = [f"{one.pupil}: no proposal" for one in self.expect if one.pupil not in by_pupil]
        known = [one for one in self.expect if one.pupil in by_pupil]
        return lacking + [line for one in known for line in one.unmet(by_pupil[one.pupil])]


def proposals_said(table: Table, year: str, instant: Callable[[Table, str], int]) -> ProposalsSaid:
    """Read what is to be proposed: ``at``, ``journal``, ``period``, ``stage``, ``expect``."""
    journal = table.text("journal", needed=True)
    found = ProposalsSaid(
        table.where,
        instant(table, "at"),
        f"{journal}/{year}" if journal.count("/") == 1 else journal,
        table.text("period", needed=True),
        table.text("stage") or None,
        tuple(_expected(table)),
    )
    table.done()
    return found


def _expected(table: Table) -> Iterator[ProposalExpected]:
    """``"pupil text [mean]"``, a status in place of the text, or a table with the fields."""
    for i, one in enumerate(table.take("expect", list, needed=True) or ()):
        where = f"expect[{i}]"
        if isinstance(one, dict):
            row = Table(one, f"{table.where}.{where}", table.problems)
            texts = {name: row.text(name) or None for name in ("status", "text", "mean", "marker")}
            yield ProposalExpected(
                row.text("pupil", needed=True),
                decided=row.text("decided") or None,
                differs=row.take("differs", bool),
                outdated=row.take("outdated", bool),
                **texts,
            )
            row.done()
            continue
        words = one.split() if isinstance(one, str) else []
        mean = words[2] if len(words) == 3 else None
        if not 2 <= len(words) <= 3 or (mean is not None and exact(mean) is None):
            table.note(where, "not a proposal", "'pupil value [mean]', or a table", one)
        elif words[1] in STATUSES:
            yield ProposalExpected(words[0], status=words[1], mean=mean)
        else:
            yield ProposalExpected(words[0], text=words[1], mean=mean)


def basis_moment(table: Table, instant: Callable[[Table, str], int], at: int) -> int | None:
    """When the basis of a decision was made: ``basis = true`` is the act's own moment."""
    value = table.take("basis", bool, datetime)
    if isinstance(value, datetime):
        return instant(table, "basis")
    return at if value else None


def with_basis(draft: Draft, at: int, journals: Journals) -> Draft:
    """A decision with the basis of what is proposed for its pupil at the instant *at*.

    Raises:
        Unknown: Nothing is proposed for that pupil.
    """
    if not isinstance(draft, PeriodResult):
        return draft
    found = journals.proposals(str(draft.journal), draft.period, draft.stage, at)
    for one in found:
        if one.pupil == draft.pupil:
            return evolve(draft, basis=one.basis)
    raise Unknown("pupil", draft.pupil, (one.pupil for one in found))
