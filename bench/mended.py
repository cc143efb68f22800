"""The school that is audited in memory: a fiftieth of it corrected, one login known to others."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import frozen

import edujournal as ej
from bench.region import Region, in_columns, region, windows_of
from bench.school import FOREVER, MINUTE, Hands, salt
from edujournal.adapters.exchange.lake import InStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.entries import CHANGES
from edujournal.model.ids import JournalId
from edujournal.model.time import moment, zone
from edujournal.regions.bulk import Report
from edujournal.regions.school import in_order

#: One of so many entries is corrected.
EVERY: Final = 50

_HOUR: Final = 60 * MINUTE

#: An entry that came too early or too late: its book and its number.
Place = tuple[str, int]


@frozen(eq=False)
class Arrays:
    """What is compared of each entry that has a window, as columns of whole numbers.

    Attributes:
        lo: First instant at which it may have been recorded.
        hi: End of the possible instants.
        opens: Beginning of its window.
        closes: End of its window.
        places: Its book and number.
    """

    lo: Any
    hi: Any
    opens: Any
    closes: Any
    places: list[Place]


@frozen(eq=False)
class Mended:
    """A made school in memory after all its corrections.

    Attributes:
        store: Where its books are.
        of: The school as it was made.
        entries: How many entries it has.
        corrected: How many of them are corrections that came last.
        fenced: The account whose login was known to others.
        occasions: How many occasions its entries are about.
        at: The moment of the audit.
    """

    store: MemoryStore
    of: Region
    entries: int
    corrected: int
    fenced: str
    occasions: int
    at: int

    def columns(self) -> InStore[Any]:
        """The store as columns, which are made when they are asked for."""
        return InStore(self.store, self.of.source.data, self.of.source.regulations)


@cache
def mended(classes: int, days: int) -> Mended:
    """The school of so many classes and school days, corrected at its end, before the audit."""
    of = region(classes, days)
    store, clock = MemoryStore(), Hands(of.kept.audited - 6 * _HOUR)
    marks = []
    for book, records in of.kept.books():
        store.append(of.source.id, book, records, 0)
        marks += [
            (book, one.number)
            for one in records
            if one.index.kind == "mark" and one.index.about.startswith("lesson:")
        ]
    journals = ej.Journals(store, of.source.data, of.source.regulations, clock=clock, entropy=salt)
    wanted = marks[:: max(1, len(marks) * EVERY // of.entries)]
    by_hand: dict[str, list[ej.Correction]] = defaultdict(list)
    for book, number in wanted:
        journal = JournalId.parse(book)
        by_hand[_teacher(of, journal)].append(
            ej.Correction(journal=journal, entry=number, values={"value": 4}, reason="Опечатка")
        )
    # One login is known to others while all are corrected: what is done by it then is void.
    fenced = min(by_hand)
    told = clock.at
    receipts = []
    for account, drafts in by_hand.items():
        clock.at += MINUTE
        receipts += journals.record_many(drafts, by=account)
    assert all(one.number is not None for one in receipts), "a correction was refused"
    clock.at += _HOUR
    where = of.zone
    journals.record(
        ej.Compromise(
            account=fenced, year="2026", head=moment(told, where), support=moment(told, where)
        ),
        by="head",
    )
    heads = [head.number for _, head in store.books(of.source.id)]
    about = {
        (book, record.index.about)
        for book, _ in store.books(of.source.id)
        for record in store.read(of.source.id, book)
    }
    return Mended(store, of, sum(heads), len(receipts), fenced, len(about), of.kept.audited)


def _teacher(of: Region, journal: JournalId) -> str:
    """Who teaches the journal at the end of the year."""
    facts = of.source.data.facts()
    last = zone(of.zone).local_date(of.kept.audited)
    days = [last, *(one.day for one in reversed(facts.lessons_of(journal)))]
    return next(min(found) for day in days if (found := _hands(facts, journal, day)))


def _hands(facts: Any, journal: JournalId, day: date) -> frozenset[str]:
    return frozenset(facts.hands(journal.group, journal.subject, "teacher", day))


# -- ways ------------------------------------------------------------------------------------------


def arrays(of: Mended) -> Arrays:
    """The entries beside their windows as arrays, made once: no part of what is measured."""
    import numpy as np
    import polars as pl

    with TemporaryDirectory(prefix="edujournal-bench-") as folder:
        windows = pl.read_parquet(windows_of(of.of, Path(folder)))
        entries = pl.read_parquet(of.of.files, hive_partitioning=False)
    frame = entries.join(
        windows, on=["school", "book", "about", "kind", "variety"], maintain_order="left"
    ).filter(pl.col("kind").is_in(CHANGES).not_())

    def column(name: str, otherwise: int) -> Any:
        return np.ascontiguousarray(frame[name].fill_null(otherwise).to_numpy(), dtype=np.int64)

    return Arrays(
        column("lo", -FOREVER), column("hi", FOREVER), column("opens", -FOREVER),
        column("closes", FOREVER), list(zip(frame["book"], frame["number"], strict=True)),
    )  # fmt: skip


def compared(of: Arrays) -> list[Place]:
    """Two comparisons and a list of what they find: the least that any audit does."""
    import numpy as np

    places = of.places
    outside = np.flatnonzero((of.lo >= of.closes) | (of.hi <= of.opens))
    return [places[one] for one in outside.tolist()]


def remembered(of: Mended, how: str, report: Report | None = None) -> list[ej.Finding]:
    """All that edujournal finds in the store: by an engine, or entry by entry."""
    if how == "python":
        journals = ej.Journals(of.store, of.of.source.data, of.of.source.regulations)
        return in_order(journals.audit(of.at))
    with of.columns() as source:
        return in_columns(source, of.at, how, report)


@cache
def prepared(of: Mended) -> InStore[Any]:
    """The store as columns that are there already; they last as long as the process."""
    source = of.columns()
    source.files()
    return source


def outside(of: Mended, findings: list[ej.Finding]) -> list[Place]:
    """Of what edujournal finds, the entries that came too early or too late, but for corrections."""
    changes = {
        (book, one.number)
        for book, _ in of.store.books(of.of.source.id)
        for one in of.store.read(of.of.source.id, book)
        if one.index.kind in CHANGES
    }
    return sorted(
        {
            (one.book, one.entry)
            for one in findings
            if one.entry is not None
            and one.code in ("before-open", "after-close")
            and one.book.startswith("journal/")
            and (one.book, one.entry) not in changes
        }
    )
