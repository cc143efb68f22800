"""A dry run: every row of a set judged by the very code that records it, with nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from attrs import evolve

from edujournal.accesses import Access, refused
from edujournal.adapters.exchange.csvset.problems import Problems, shown
from edujournal.adapters.exchange.csvset.reader import Reader
from edujournal.adapters.exchange.csvset.sets import IMPORTER, CsvSet
from edujournal.adapters.exchange.csvset.tables import Row
from edujournal.errors import EdujournalError, Problem, Unknown
from edujournal.ledger.books import BookState
from edujournal.ledger.drafted import Drafted
from edujournal.model.entries import Content
from edujournal.model.people import Actor
from edujournal.planning import Act, around_of, beside_of, check_known
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.clauses import Regulation
from edujournal.rules.judging import Judge
from edujournal.rules.limits import reach
from edujournal.rules.verdicts import REPORTED, Finding, Verdict
from edujournal.writing import BookAct

#: Called with the number of rows done, and of all.
Progress = Callable[[int, int], None]

#: What a verdict reports: regulation, clause, code, outcome.
Told = tuple[str, str, str, str]

#: The column that a refusal speaks of.
_COLUMNS: Final = {
    "in-the-future": "recorded",
    "lesson-not-held": "lesson",
    "no-such-original": "retake",
    "no-such-target": "target",
    "off-the-roll": "pupil",
    "off-the-scale": "value",
}

#: The columns in which something stands that nobody knows.
_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "absence code": ("absent", "code"),
    "academic year": ("journals", "year"),
    "group": ("journals",),
    "kind of work": ("work_kind", "kind"),
    "marker": ("code",),
    "pupil": ("absent",),
    "purpose": ("purpose",),
    "scale": ("scale",),
    "section": ("section",),
}

#: Values that name something of the regulation, each looked up by itself.
_NAMING: Final = ("kind", "scale", "marker", "code", "purpose")

#: Rows between two reports of progress.
_STEP: Final = 1_000


class DryRun:
    """Judges the rows of a set as if they were recorded at one moment.

    Args:
        found: The set.
        regulations: Under which regulations.
        at: Instant of the import.
        problems: Takes what would be refused, and codes that no regulation knows.
        open_book: Gives the state of a book, which it may change; of an empty one by default.

    Attributes:
        told: What the verdicts report, and how often.
        refused: What was refused, for the access log where the rows were meant to be recorded.
    """

    def __init__(
        self,
        found: CsvSet,
        regulations: Sequence[Regulation],
        at: int,
        problems: Problems,
        open_book: Callable[[str], BookState] = BookState,
    ) -> None:
        self._set = found
        self._regulations = regulations
        self._problems = problems
        self._facts = found.importing_school.facts()
        judges = tuple(Judge(one, self._facts) for one in regulations)
        actor = Actor(found.importer, IMPORTER)
        # Salts are of no account here: nothing is kept.
        self._act = Act(found.school.id, actor, at, None, judges, bytes)
        self._open = open_book
        self._states: dict[str, BookState] = {}
        self._beside: dict[str, tuple[str, ...]] = {}
        # Whether a limit looks at other journals, so that none is done before all are.
        self._looks_aside = bool(reach(regulations) - {"journal"})
        self._named: set[tuple[object, ...]] = set()
        self._changed = set(found.records.targets.values())
        self._numbers: dict[int, int] = {}
        self.told: Counter[Told] = Counter()
        self.refused: list[Access] = []

    def run(
        self,
        progress: Progress | None = None,
        done: Container[int] = (),
        known: Mapping[int, int] | None = None,
    ) -> None:
        """Judge the rows in the order of their recording.

        Args:
            progress: Called now and then.
            done: Rows that are in the books already.
            known: Of these, the numbers of the entries of those that others change.
        """
        batches = [
            (book, some)
            for book, rows in self._batches()
            if (some := [number for number in rows if number not in done])
        ]
        last = {book: place for place, (book, _) in enumerate(batches)}
        total = sum(len(rows) for _, rows in batches)
        self._numbers = dict(known or {})
        judged = 0
        with self._set.reader() as reader:
            for place, (book, rows) in enumerate(batches):
                if progress is not None and (judged == 0 or judged % _STEP + len(rows) >= _STEP):
                    progress(judged, total)
                self._judge(book, self._drafted(rows, reader), reader)
                judged += len(rows)
                is_done = last[book] == place and book.startswith("journal/")
                if is_done and not self._looks_aside:
                    self._states.pop(book, None)
        if progress is not None:
            progress(total, total)

    def _batches(self) -> list[tuple[str, list[int]]]:
        """What is recorded in one book in one act, in the order of recording.

        Book by book where no book is judged with another beside it: then few are open at once.
        """
        records, layout = self._set.records, self._set.layout
        batches: list[tuple[str, list[int]]] = []
        for place in range(len(layout)):
            books: dict[int, list[int]] = {}
            for number in layout.recorded(place):
                books.setdefault(records.books[number], []).append(number)
            batches += [(records.book_names[book], rows) for book, rows in books.items()]
        alone = all(name.startswith("journal/") for name in records.book_names)
        if alone and not self._looks_aside:
            batches.sort(key=lambda one: one[0])
        return batches

    def _drafted(self, rows: Sequence[int], reader: Reader) -> list[Drafted]:
        """Drafts of rows, numbered as the rows are; without what names codes that nobody knows."""
        targets = self._set.records.targets
        found = []
        for number in rows:
            target = targets.get(number)
            if target is not None and target not in self._numbers:
                continue  # what it changes was refused, and is told
            draft, row = reader.draft(number, None if target is None else self._numbers[target])
            content = draft.content()
            if self._check_codes(row, content):
                found.append(Drafted(number, content, draft.evidence))
        return found

    def _judge(self, book: str, drafted: Sequence[Drafted], reader: Reader) -> None:
        """Judge the rows of one act in one book."""
        state = self._state(book)
        if book not in self._beside:
            self._beside[book] = beside_of(book, self._facts, self._regulations)
        beside = {name: self._state(name) for name in self._beside[book]}
        try:
            written = BookAct(self._act, book, drafted).write(state, around_of(book, state, beside))
        except EdujournalError as error:
            if len(drafted) > 1:
                for one in drafted:
                    self._judge(book, [one], reader)
                return
            place = reader.row(drafted[0].item).at()
            self._problems.take(*(replace(it, where=place) for it in error.problems))
            return
        for entry in written.entries:
            state.apply(entry)
        kinds = {one.item: one.content.kind for one in drafted}
        for number, receipt in written.receipts.items():
            if receipt.number is None:
                self.refused.append(refused(self._act.actor, kinds[number], receipt))
                self._problems.take(*refusals(reader.row(number), receipt.verdict))
                continue
            if number in self._changed:
                self._numbers[number] = receipt.number
            for finding in receipt.verdict.findings:
                if finding.outcome in REPORTED:
                    self.told[told(finding)] += 1

    def _state(self, book: str) -> BookState:
        found = self._states.get(book)
        if found is None:
            found = self._states[book] = self._open(book)
        return found

    def _check_codes(self, row: Row, content: Content) -> bool:
        before = self._problems.count
        change = content.values.get("change")
        values = content.values if change is None else change
        for name in _NAMING:
            code = values.get(name)
            named = (content.kind, change is None, name, code)
            if code is not None and named not in self._named:
                part = {name: code}
                if self._knows(row, _part(content, part if change is None else {"change": part})):
                    self._named.add(named)
        for absent in values.get("absent", ()):
            part = {"absent": [absent]}
            self._knows(row, _part(content, part if change is None else {"change": part}))
        if content.kind in ("setup", "waiver", "grant"):
            self._knows(row, content)
        return self._problems.count == before

    def _knows(self, row: Row, content: Content) -> bool:
        """Note what *content* names and nobody knows."""
        try:
            check_known(content, self._facts, self._regulations)
        except Unknown as error:
            columns = _NAMED.get(error.noun, ())
            column = next((one for one in columns if one in row.cells), "")
            self._problems.take(replace(error.problems[0], where=row.at(column)))
            return False
        return True


def told(finding: Finding) -> Told:
    """What a finding says, without where."""
    return finding.regulation, finding.clause, finding.code, str(finding.outcome)


def refusals(row: Row, verdict: Verdict) -> Iterator[Problem]:
    """Yield a fault for each finding by which a row is refused."""
    for finding in verdict.findings:
        if not finding.refuses:
            continue
        column = _COLUMNS.get(finding.code, "")
        if column == "pupil" and "pupil" not in row.cells:
            column = "absent"
        known = CATALOGUE[finding.code]
        cell = row.cells.get(column)
        found = finding.pupil or "" if column == "absent" else cell
        yield Problem(
            row.at(column if cell is not None else ""),
            f"refused by {finding.regulation} {finding.clause}: {finding.code}",
            known.asks.removesuffix("."),
            "" if found is None else shown(found),
            known.mend,
        )


def _part(content: Content, values: Mapping[str, Any]) -> Content:
    """*content* with one code only, so that each is looked up though another is unknown."""
    return evolve(content, pupil=None, values=values)
