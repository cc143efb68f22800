"""A quarter of the sample school with planted breaches, and how it comes into a store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby

from attrs import field, frozen

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.journals import Journals
from edujournal.model.drafts import Comment, Draft
from edujournal.model.ids import access_book
from edujournal.model.time import moment
from edujournal.ports import Store
from edujournal.rules.verdicts import Finding
from edujournal.samples import school
from edujournal.samples.breaches import BREACHES
from edujournal.samples.frame import YEAR, ZONE
from edujournal.samples.keeping import Keeping, Stroke, Written
from edujournal.samples.planting import FindingKey, Planted, Plot, RefusalKey
from edujournal.samples.refusals import REFUSALS

#: What comes first in an act: marks rest on them.
_FIRST = {"roll": 0, "work": 1}

#: Regulation under which the sample school keeps its journals.
REGULATION = "ru-school26-2023"


@frozen
class Quarter:
    """A quarter as it was kept.

    *Version added: 0.1.*

    Attributes:
        school: The school.
        acts: What was recorded, in the order of time; strokes of one hand at one moment are one act.
        planted: What was planted: all that an audit may find, and all that the access log tells.
        audited: Instant at which the quarter is looked at: the first morning after the holidays.
    """

    school: PlainSchool
    acts: tuple[Stroke, ...] = field(repr=False)
    planted: tuple[Planted, ...] = field(repr=False)
    audited: int

    @property
    def findings(self) -> list[FindingKey]:
        """What an audit must find, in order, and nothing else."""
        return sorted((one.finding for one in self.planted if not one.is_refused), key=str)

    @property
    def refusals(self) -> list[RefusalKey]:
        """What the access log must tell, in order, and nothing else."""
        return sorted(one.refusal for one in self.planted if one.is_refused)


def quarter() -> Quarter:
    """Make the quarter of the whole sample school; the same every time."""
    whole = school()
    keeping = Keeping(whole.facts())
    plot = Plot(keeping)
    for spoil in (*BREACHES, *REFUSALS):
        spoil(plot)
    praise = Comment(lesson="7A-alg-0915", pupil="p-17", comment="Решила у доски, молодец!")
    plot.add("comment", "7A-alg-0915", plot.lesson("7A-alg-0915").ends, "t-ivanova", praise)
    return Quarter(
        whole,
        tuple(_acts(plot)),
        tuple(plot.planted),
        keeping.at(date(2026, 11, 2), "09:00"),
    )


def _acts(plot: Plot) -> Iterator[Stroke]:
    """Strokes of one hand, at one moment, about one thing, are one act; who is there comes first."""
    strokes = sorted(
        plot.strokes.items(),
        key=lambda one: (one[1].at, one[1].by, one[0][1], _FIRST.get(one[0][0], 9), one[0][0]),
    )
    for _, together in groupby(
        strokes, key=lambda one: (one[1].at, one[1].by, one[1].role or "", one[0][1])
    ):
        same = [stroke for _, stroke in together]
        drafts = [draft for stroke in same for draft in stroke.drafts]
        yield Stroke(same[0].at, same[0].by, drafts, same[0].role)


def keep(
    store: Store, kept: Quarter, progress: Callable[[int, int], None] | None = None
) -> Journals:
    """Bring a quarter into an empty store by the ordinary way of writing, under a clock of its own.

    Args:
        store: An empty store.
        kept: The quarter.
        progress: Called now and then with the number of acts done and of all.

    Returns:
        The journals; their clock stands at the moment of the audit.
    """
    journals = Journals(store, kept.school, REGULATION, clock=(clock := Hands()), entropy=Shaken())
    for done, act in enumerate(kept.acts):
        if progress is not None and done % 50 == 0:
            progress(done, len(kept.acts))
        clock.at = act.at
        journals.record_many(
            [_written(draft, journals) for draft in act.drafts], act.by, role=act.role
        )
    clock.at = kept.audited
    if progress is not None:
        progress(len(kept.acts), len(kept.acts))
    return journals


def _written(draft: Written, journals: Journals) -> Draft:
    if isinstance(draft, Draft):
        return draft

    def find(book: str, kind: str, about: str, pupil: str | None) -> int:
        state = journals.state(book)
        return next(
            entry.number
            for entry in state.about(kind, about)
            if pupil is None or entry.pupil == pupil
        )

    return draft(find)


class Hands:
    """A clock whose hands are set by hand."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self) -> datetime:
        """The moment at which they stand."""
        return moment(self.at, ZONE)


class Shaken:
    """Salts that come out the same every time: for a sample, and for nothing else."""

    def __init__(self) -> None:
        self._drawn = 0

    def __call__(self, size: int) -> bytes:
        """Give that many bytes."""
        self._drawn += 1
        return hashlib.shake_128(f"edujournal sample {self._drawn}".encode()).digest(size)


def finding_key(finding: Finding) -> FindingKey:
    """What a finding of an audit is known by."""
    return (
        finding.clause,
        finding.code,
        str(finding.outcome),
        finding.book,
        finding.about,
        finding.pupil,
        finding.record,
    )


def refusal_keys(journals: Journals) -> list[RefusalKey]:
    """What the access log tells, in order."""
    return sorted(
        (
            entry.values["clause"],
            entry.values["code"],
            entry.values["book"],
            entry.about,
            entry.values["record"],
            entry.by.account,
        )
        for entry in journals.entries(access_book(YEAR))
    )
