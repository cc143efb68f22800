"""The audit of a region: columns first, then the exact audit of what columns cannot prove clean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic

from attrs import define, field, fields_dict

from edujournal.model.entries import Entry
from edujournal.regions import plan
from edujournal.regions.columnar import far_kinds, obstacle
from edujournal.regions.doubts import Doubt
from edujournal.regions.files import Written
from edujournal.regions.ports import Engine, OfSchool
from edujournal.regions.proving import ROUNDS, Proving, Sample
from edujournal.regions.school import Audited, in_order
from edujournal.regions.tables import Tables
from edujournal.rules.verdicts import Finding
from edujournal.writing import entry_in


@define
class Report:
    """How an audit of a region was come by.

    *Version added: 0.1.*

    Attributes:
        schools: Schools audited.
        entries: Entries in their books.
        judged: Entries judged by rules, to prove keys.
        asked: Values of windows that were asked for.
        evaluated: Terms that were evaluated for them, one for each distinct key.
        untimely: Entries whose findings columns gave.
        suspects: Occasions that the exact audit decided of.
        opened: Entries at them.
        doubted: Those of them that were judged by rules, since nothing proves them.
        books: Books that were audited exactly as a whole.
        obstacles: Why nothing of a school could be a column, by school.
    """

    schools: int = 0
    entries: int = 0
    judged: int = 0
    asked: int = 0
    evaluated: int = 0
    untimely: int = 0
    suspects: int = 0
    opened: int = 0
    doubted: int = 0
    books: int = 0
    obstacles: dict[str, str] = field(factory=dict)

    def add(self, other: Report) -> None:
        """Count in how another audit, of other schools, was come by."""
        for name in fields_dict(Report):
            if name != "obstacles":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        self.obstacles.update(other.obstacles)


def audit_exactly(
    sources: Iterable[OfSchool], at: int, report: Report
) -> Iterator[tuple[OfSchool, list[Finding]]]:
    """Audit every school by the exact audit, one after another.

    Args:
        sources: The schools.
        at: Instant that parts pending from missing, UTC microseconds.
        report: Takes down how it was come by.

    *Version added: 0.1.*
    """
    for source in sources:
        one = Audited(source, None, at)
        found = in_order(one.journals.audit(at))
        report.schools += 1
        report.books += len(one.journals.books())
        report.entries += sum(head.number for _, head in one.store.books(source.id))
        yield source, found


def audit_region(
    sources: Iterable[OfSchool], at: int, engine: Engine, report: Report
) -> Iterator[tuple[OfSchool, list[Finding]]]:
    """Audit every school of a region in columns; give the findings of the exact audit.

    What windows, rolls and hands a school has is reckoned by its regulations' own rules, each distinct
    key once; comparing, counting and looking for what is not there is the engine's. Occasions that
    columns cannot prove clean are opened and judged exactly. Schools are taken together as far as the
    engine has room for them.

    Args:
        sources: The schools.
        at: Instant that parts pending from missing, UTC microseconds.
        engine: What joins.
        report: Takes down how it was come by.

    Yields:
        Each school with its findings, in one order.

    *Version added: 0.1.*
    """
    for some in _together(sources, engine.at_once):
        if not any(source.files() for source in some):  # nothing has been recorded in them
            yield from audit_exactly(some, at, report)
            continue
        with TemporaryDirectory(prefix="edujournal-region-") as folder:
            yield from _Region(some, at, engine, report, Path(folder)).findings()


def _together(sources: Iterable[OfSchool], room: int) -> Iterator[list[OfSchool]]:
    """Schools in order, as many at a time as find room: what is held does not grow with the region."""
    some: list[OfSchool] = []
    left = room
    for source in sources:
        size = sum(file.stat().st_size for file in source.files())
        if some and size > left:
            yield some
            some, left = [], room
        some.append(source)
        left -= size
    if some:
        yield some


Doubts = dict[str, dict[str, Doubt]]


class _Region(Generic[OfSchool]):
    def __init__(
        self, sources: Sequence[OfSchool], at: int, engine: Engine, report: Report, folder: Path
    ) -> None:
        self.at, self.engine, self.report, self.folder = at, engine, report, folder
        self.sources = {source.id: source for source in sources}
        self.entries = engine.scan([file for one in sources for file in one.files()])
        self.absences = engine.scan([file for one in sources for file in one.files("absences")])
        self.schools: dict[str, Audited] = {}
        self.tables: dict[str, Tables] = {}
        self.exact: dict[str, set[str]] = {}

    def findings(self) -> Iterator[tuple[OfSchool, list[Finding]]]:
        self._open()
        written = self._reckon()
        self._prove(written)
        frames = plan.Frames(
            self.entries, self.absences,
            **{name: self.engine.scan([file]) for name, file in written.close().items()},
        )  # fmt: skip
        late = self._numbers(plan.untimely(frames))
        doubts: Doubts = defaultdict(lambda: defaultdict(Doubt))
        for school, book, about, number in self._rows(plan.suspects(frames), *plan.PLACE, "number"):
            doubts[school][book].add(about, number)
        for school, book, about in self._rows(plan.lacking(frames), *plan.PLACE):
            doubts[school][book].asked.add(about)
        yield from self._decide(doubts, late)

    # -- what there is ---------------------------------------------------------------------------

    def _open(self) -> None:
        """Find the books; of some nothing can be a column."""
        heads: dict[str, dict[str, int]] = defaultdict(dict)
        for school, book, last, count in self._rows(
            plan.numbers(self.entries), "school", "book", "last", "n"
        ):
            heads[school][book] = last
            self.report.entries += count
        for id, source in self.sources.items():
            one = self.schools[id] = Audited(source, heads.get(id, {}), self.at)
            # What the school's data has lost, or never had, has no occasions.
            journals = {journal.book for journal in one.facts.journals()}
            self.exact[id] = set(one.books()) - journals
            found = [obstacle(regulation, one.facts.calendars) for regulation in source.regulations]
            reasons = [reason for reason in found if reason is not None]
            if reasons or not found:
                self.report.obstacles[id] = ", ".join(reasons)
                self.exact[id].update(one.books())
        for school, book in self._hanging():
            self.exact[school].add(book)
        self.report.schools += len(self.sources)

    def _hanging(self) -> Iterator[tuple[str, str]]:
        """Books with a record that may hang on any other: by what it says, or by a regulation."""
        yield from self._rows(plan.leaning(self.entries), "school", "book")
        far = {
            id: frozenset[str]().union(*map(far_kinds, source.regulations))
            for id, source in self.sources.items()
        }
        kinds = frozenset[str]().union(*far.values())
        if kinds:
            rows = self._rows(plan.holding(self.entries, kinds), "school", "book", "kind")
            yield from ((school, book) for school, book, kind in rows if kind in far[school])

    def _works(self) -> Mapping[str, Mapping[str, list[Entry]]]:
        found: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for school, entry in self._whole(plan.of_kind(self.entries, "work")):
            found[school][entry.book].append(entry)
        for books in found.values():
            for some in books.values():
                some.sort(key=lambda one: one.number)
        return found

    # -- what rules say --------------------------------------------------------------------------

    def _reckon(self) -> Written:
        """Write down what rules say of the occasions of every school."""
        works = self._works()
        codes: dict[str, list[str]] = defaultdict(list)
        for school, code in self._rows(
            self.absences.select("school", "code").unique(), "school", "code"
        ):
            codes[school].append(code)
        records: dict[str, list[Any]] = defaultdict(list)
        for school, *rest in self._rows(plan.records_at(self.entries), "school", *plan.RECORD[1:]):
            records[school].append(rest)
        written = Written(self.folder)
        for id, one in self.schools.items():
            if id in self.report.obstacles:
                continue
            tables = self.tables[id] = Tables(id, one.judges, works.get(id, {}), self.at)
            written.put("occasions", tables.occasions())
            written.put("members", tables.members())
            written.put("absent", tables.absent(codes[id]))
            written.put("windows", tables.windows(records[id]))
            written.put("owed", tables.owed())
        return written

    def _prove(self, written: Written) -> None:
        """Judge one entry of each that no rule can tell apart, and write down what that proves."""
        occasions = self.engine.scan([written.done("occasions")])
        samples: dict[str, list[Sample]] = defaultdict(list)
        for school, *rest in self._rows(
            plan.samples(self.entries, occasions), "school", *Sample._fields
        ):
            samples[school].append(Sample(*rest))
        proving = {
            id: Proving(
                tables, samples[id], self.schools[id].wary,
                {book: self.schools[id].beside(book) for book in tables.shelves},
            )
            for id, tables in self.tables.items()
        }  # fmt: skip
        for round_ in range(ROUNDS):
            wanted = [(id, *place) for id, one in proving.items() for place in one.wanted(round_)]
            if not wanted:
                break
            drawn: dict[str, list[Entry]] = defaultdict(list)
            for school, entry in self._wanted(wanted, plan.ENTRY):
                drawn[school].append(entry)
            for id, entries in drawn.items():
                proving[id].judge(entries)
        for one in proving.values():
            hands, said = one.rows()
            written.put("hands", hands)
            written.put("said", said)
            self.report.judged += one.judged

    # -- what is left ----------------------------------------------------------------------------

    def _decide(
        self, doubts: Doubts, late: Mapping[str, Mapping[str, set[tuple[str, int]]]]
    ) -> Iterator[tuple[OfSchool, list[Finding]]]:
        numbers: list[tuple[str, str, int]] = []
        for id, tables in self.tables.items():
            for book, shelf in tables.shelves.items():
                if book in self.exact[id]:
                    continue
                # What is void reopens the window of what is said there anew.
                reopened = frozenset(doubts[id][book].asked if self.schools[id].wary else ())
                for about, number in late[id].get(book, ()):
                    if about in reopened or self.schools[id].may_be_waived(book, about):
                        doubts[id][book].add(about, number)
                    else:
                        numbers.append((id, book, number))
                doubts[id][book].widen(shelf.state)
        opened = self._opened(doubts)
        timed: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for school, entry in self._wanted(numbers, plan.ENTRY):
            if not doubts[school][entry.book].judges(entry):
                timed[school][entry.book].append(entry)
                self.report.untimely += 1
        for id, one in self.schools.items():
            yield self.sources[id], in_order(self._of_school(id, one, doubts, opened, timed))
            if id in self.tables:
                terms = [judge.terms for judge in one.judges]
                self.report.asked += sum(some.asked for some in terms)
                self.report.evaluated += sum(some.calls for some in terms)

    def _of_school(
        self,
        id: str,
        one: Audited,
        doubts: Doubts,
        opened: Mapping[str, Mapping[str, list[Entry]]],
        timed: Mapping[str, Mapping[str, list[Entry]]],
    ) -> Iterator[Finding]:
        whole = sorted(self.exact[id])
        self.report.books += len(whole)
        yield from one.whole(whole)
        tables = self.tables.get(id)
        for book, shelf in {} if tables is None else tables.shelves.items():
            if book in self.exact[id]:
                continue
            doubt = doubts[id][book]
            if doubt.asked:
                entries = opened.get(id, {}).get(book, [])
                self.report.suspects += len(doubt.asked)
                self.report.doubted += sum(map(doubt.judges, entries))
                yield from one.scopes(book, entries, doubt)
            yield from one.untimely(shelf, timed[id][book])

    def _opened(self, doubts: Doubts) -> Mapping[str, Mapping[str, list[Entry]]]:
        """The entries at the occasions that the exact audit decides of."""
        found: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        places = [
            (id, book, name)
            for id, books in doubts.items()
            for book, doubt in books.items()
            if book not in self.exact[id]
            for name in doubt.asked
        ]
        for school, entry in self._wanted(places, plan.PLACE):
            found[school][entry.book].append(entry)
            self.report.opened += 1
        for books in found.values():
            for some in books.values():
                some.sort(key=lambda one: one.number)
        return found

    # -- to the engine and back ------------------------------------------------------------------

    def _rows(self, frame: Any, *names: str) -> Iterator[tuple[Any, ...]]:
        for batch in self.engine.collect(frame.select(*names)).to_batches():
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)

    def _whole(self, frame: Any) -> Iterator[tuple[str, Entry]]:
        for school, digest, body, private in self._rows(frame, "school", "hash", "body", "private"):
            yield school, entry_in(body, private, digest)

    def _wanted(
        self, rows: Sequence[tuple[Any, ...]], by: list[str]
    ) -> Iterator[tuple[str, Entry]]:
        if rows:
            file = Written.wanted(self.folder, rows, by)
            yield from self._whole(plan.whole(self.entries, self.engine.scan([file]), by))

    def _numbers(self, frame: Any) -> Mapping[str, Mapping[str, set[tuple[str, int]]]]:
        found: dict[str, dict[str, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
        for school, book, number, about in self._rows(frame, *plan.ENTRY, "about"):
            found[school][book].add((about, number))
        return found
