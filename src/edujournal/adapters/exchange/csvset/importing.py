"""Importing a journal CSV set: a plan that is judged first, and a commit of exactly that plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from attrs import field, frozen

from edujournal.adapters.exchange.csvset.judging import DryRun, Progress, Told, refusals, told
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.reader import Reader
from edujournal.adapters.exchange.csvset.sets import IMPORTER, CsvSet, look
from edujournal.adapters.exchange.csvset.tables import Limits
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.client_keys import KeysRead, find_key
from edujournal.errors import BadFile, BadInput, Problem
from edujournal.journals import Journals
from edujournal.journals_core import RegulationSource, present, regulations_of
from edujournal.model.drafts import Draft
from edujournal.model.time import instant
from edujournal.planning import beside_of
from edujournal.rules.clauses import Regulation
from edujournal.rules.verdicts import REPORTED, Decision


@frozen(eq=False)
class ImportPlan:
    """What an import would do, before it does anything.

    *Version added: 0.1.*

    Attributes:
        folder: Where the files are.
        digest: Digest of the files; empty where there is no such folder.
        problems: Everything that keeps the set from being imported; empty if it can be.
        school: The school as the files tell of it, with the importer's account; None where the
            files are faulty. The journals that the plan is committed to must know as much.
        importer: Account that records what is imported.
        regulations: The regulations that the rows were judged by.
        counts: Rows by file.
        kinds: Rows by kind of record.
        precision: Rows by how finely their recording is known.
        extra: Unknown columns by file, each with the number of its cells that are not empty.
        findings: What the verdicts will report: (regulation, clause, code, outcome), and how often.
        acts: Acts in which the rows are recorded.
    """

    folder: Path
    digest: str
    problems: tuple[Problem, ...]
    school: PlainSchool | None = None
    importer: str = IMPORTER
    regulations: tuple[Regulation, ...] = field(default=(), repr=False)
    counts: Mapping[str, int] = field(factory=dict)
    kinds: Mapping[str, int] = field(factory=dict)
    precision: Mapping[str, int] = field(factory=dict)
    extra: Mapping[str, Mapping[str, int]] = field(factory=dict)
    findings: Mapping[Told, int] = field(factory=dict)
    acts: int = 0
    _set: CsvSet | None = field(default=None, repr=False)

    def files(self) -> CsvSet:
        """The set itself.

        Raises:
            BadFile: It is faulty; every fault is listed.
        """
        if self._set is None or self.problems:
            raise BadFile(self.problems)
        return self._set


@frozen
class ImportReport:
    """What a commit has done.

    *Version added: 0.1.*

    Attributes:
        digest: Digest of the files.
        recorded: Rows recorded now.
        repeated: Rows that an earlier run had recorded.
        findings: What the verdicts of the rows recorded now reported, and how often.
    """

    digest: str
    recorded: int
    repeated: int
    findings: Mapping[Told, int] = field(factory=dict, hash=False)


def plan_import(
    folder: str | Path,
    regulation: RegulationSource | Sequence[RegulationSource],
    *,
    at: datetime | int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Read a set, and judge every row as if it were recorded now; nothing is written.

    Args:
        folder: The folder with the files; see the reference of the journal CSV set.
        regulation: Regulation, or several, under which the journals are kept.
        at: The moment of the import; now by default.
        limits: How much is read before a file is held to be hostile.
        progress: Called now and then with the number of rows judged, and of all.

    Returns:
        The plan; where its *problems* are not empty it can be looked at, and not committed.

    Raises:
        BadRegulation: The regulation cannot be loaded.

    *Version added: 0.1.*
    """
    place = Path(folder)
    regulations = regulations_of(regulation)
    moment = instant(present()) if at is None else at
    found, problems = look(place, limits or Limits())
    if found is None:
        return ImportPlan(place, "", problems.all(), regulations=regulations)
    run = DryRun(
        found, regulations, moment if isinstance(moment, int) else instant(moment), problems
    )
    run.run(progress)
    return ImportPlan(
        place,
        found.digest,
        problems.all(),
        found.importing_school,
        found.importer,
        regulations,
        found.counts,
        found.kinds,
        found.precision,
        found.extra,
        dict(run.told),
        len(found.layout),
        found,
    )


def commit(
    journals: Journals, plan: ImportPlan, *, progress: Progress | None = None
) -> ImportReport:
    """Record exactly what was planned.

    A set is recorded once: a second run changes nothing, and one that broke off is completed by
    running it again.

    Args:
        journals: Journals of the same school under the same regulations.
        plan: What :func:`plan_import` has given.
        progress: Called after each act with the number of rows recorded, and of all.

    Raises:
        BadFile: The plan has problems, or the files are not what they were, or the journals hold
            something by which a row is refused: every such row is told, and nothing was recorded.
            Only where somebody writes into the same books meanwhile, earlier acts stand.
        BadInput: The journals are of another school, or kept under other regulations.
        StoreError: The act in hand was not acknowledged; earlier acts stand.

    *Version added: 0.1.*
    """
    found = plan.files()
    _check_same(journals, plan, found)
    run = _Commit(journals, found)
    total = len(found.records)
    run.check(plan)
    with found.reader() as reader:
        for place in range(len(found.layout)):
            run.act(place, reader)
            if progress is not None:
                progress(run.recorded + run.repeated, total)
    return ImportReport(found.digest, run.recorded, run.repeated, dict(run.told))


class _Commit:
    """One run of a commit."""

    def __init__(self, journals: Journals, found: CsvSet) -> None:
        self._journals = journals
        self._set = found
        self._changed = set(found.records.targets.values())
        self._numbers: dict[int, int] = {}
        self._keys = KeysRead()
        self._before = [self._recorded_before(place) for place in range(len(found.layout))]
        self.recorded = 0
        self.repeated = 0
        self.told: Counter[Told] = Counter()

    def check(self, plan: ImportPlan) -> None:
        """Judge what is not recorded yet by what the journals hold, where they hold anything.

        Raises:
            BadFile: Rows are refused; each is told.
        """
        journals, records = self._journals, self._set.records
        facts = self._set.importing_school.facts()
        near = {
            one
            for book in records.book_names
            for one in (book, *beside_of(book, facts, plan.regulations))
        }
        if near.isdisjoint(book for book, _ in journals.store.books(journals.school.id)):
            return
        done: set[int] = set()
        for place, before in enumerate(self._before):
            books = {book for book, _ in before}
            rows = self._set.layout.act(place)
            done.update(row for row in rows if records.book_names[records.books[row]] in books)
            self._remember(self._set.layout.recorded(place), before)
        problems = Problems()
        now = journals.now()
        run = DryRun(self._set, plan.regulations, now, problems, open_book=journals.state)
        run.run(done=done, known=self._numbers)
        journals.note(run.refused, facts, now)
        problems.check()

    def act(self, place: int, reader: Reader) -> None:
        """Record one act, unless it was recorded before."""
        rows = self._set.layout.act(place)
        if len(self._before[place]) == len(rows):
            self.repeated += len(rows)
            return
        targets = self._set.records.targets
        drafts: list[Draft] = []
        for number in rows:
            target = targets.get(number)
            draft, _ = reader.draft(number, None if target is None else self._numbers[target])
            drafts.append(draft)
        receipts = self._journals.record_many(
            drafts, self._set.importer, self._key(place), IMPORTER
        )
        problems: list[Problem] = []
        for number, receipt in zip(rows, receipts, strict=True):
            if receipt.decision is Decision.REFUSED:
                problems += refusals(reader.row(number), receipt.verdict)
                continue
            if number in self._changed and receipt.number is not None:
                self._numbers[number] = receipt.number
            if receipt.repeated:
                self.repeated += 1
                continue
            self.recorded += 1
            self.told.update(
                told(finding) for finding in receipt.verdict.findings if finding.outcome in REPORTED
            )
        if problems:
            stop = Problem(
                f"act {place + 1} of {len(self._set.layout)}",
                "the import has stopped: these rows are refused by what the journals hold",
                found=f"{self.recorded} rows recorded",
                mend="What was recorded stands; the rows that follow were not tried.",
            )
            raise BadFile([stop, *problems])

    def _key(self, place: int) -> str:
        return f"csvset/{self._set.digest}/{place}"

    def _recorded_before(self, place: int) -> Sequence[tuple[str, int]]:
        """Book and number of each record that an earlier run has made in an act."""
        journals, importer, key = self._journals, self._set.importer, self._key(place)
        return find_key(journals.store, journals.school.id, importer, key, self._keys)

    def _remember(self, rows: Sequence[int], places: Sequence[tuple[str, int]]) -> None:
        """Find the numbers of rows that others change among the records of their act.

        A book has all of its rows of the act, or none.
        """
        if not places or self._changed.isdisjoint(rows):
            return
        records = self._set.records
        numbers: dict[str, list[int]] = defaultdict(list)
        for book, number in sorted(places):
            numbers[book].append(number)
        by_book: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_book[records.book_names[records.books[row]]].append(row)
        for book, found in numbers.items():
            self._numbers.update(zip(by_book[book], found, strict=True))


def _check_same(journals: Journals, plan: ImportPlan, found: CsvSet) -> None:
    if journals.school.id != found.school.id:
        raise BadInput(
            "journals of another school",
            where=str(plan.folder),
            expected=repr(found.school.id),
            found=repr(journals.school.id),
        )
    given = [one.digest for one in journals.regulations]
    if given != [one.digest for one in plan.regulations]:
        raise BadInput(
            "journals under other regulations than the plan's",
            where=str(plan.folder),
            expected=", ".join(one.id for one in plan.regulations),
            found=", ".join(one.id for one in journals.regulations),
            mend="Plan the import again under these.",
        )
