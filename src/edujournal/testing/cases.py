"""Running cases: each act judged singly and recorded, all audited in bulk, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from attrs import frozen

from edujournal.errors import EdujournalError, Refused
from edujournal.journals import Journals
from edujournal.ledger.records import Head
from edujournal.model.drafts import Draft
from edujournal.model.people import Actor
from edujournal.ports import SchoolData, Sessions
from edujournal.rules.clauses import Regulation
from edujournal.rules.verdicts import REPORTED, Decision, Finding, Verdict
from edujournal.testing.case_proposals import with_basis
from edujournal.testing.casefile import ActSaid, Case, Expected, Said, load_cases
from edujournal.testing.clocks import CountedSalts, StandingClock
from edujournal.writing import Receipt

__all__ = ["Answers", "Case", "CaseFailed", "MakeJournals", "load_cases", "run_case", "same"]


class MakeJournals(Protocol):
    """Opens journals over one and the same place, each time with a handle of its own.

    *Version added: 0.1.*
    """

    def __call__(
        self,
        school: SchoolData,
        regulation: Sequence[Regulation],
        clock: Callable[[], Any],
        entropy: Callable[[int], bytes],
    ) -> Journals:
        """Open them; called several times for one case."""


class CaseFailed(AssertionError):
    """What was said of a case is not what it expects; the message names case, place and clause.

    *Version added: 0.1.*
    """


@frozen
class Answers:
    """Everything that was said of a case, to be compared with what another store led to.

    *Version added: 0.1.*

    Attributes:
        verdicts: A verdict for each record of each act; the name of the error where one was raised.
        audits: The findings of each audit.
        heads: Where each book ends, by its name.
    """

    verdicts: tuple[Verdict | str, ...]
    audits: tuple[tuple[Finding, ...], ...]
    heads: Mapping[str, Head]


class FiveGetters:
    """School data through the five getters alone, and sessions where there are such.

    Whatever else the source can do is hidden.
    """

    def __init__(self, source: SchoolData) -> None:
        self.id = source.id
        self.lacks = getattr(source, "lacks", ())
        self.calendars = source.calendars
        self.lessons = source.lessons
        self.memberships = source.memberships
        self.assignments = source.assignments
        self.accounts = source.accounts
        if isinstance(source, Sessions):
            self.sessions = source.sessions


def run_case(case: Case, make_journals: MakeJournals) -> Answers:
    """Judge each act of *case* singly, record it, audit in bulk, and read back with a fresh handle.

    Single verdicts are given three times: by ``check`` with school data through the five getters
    alone, by the write itself, and by the audit that reads the stored entry. They must be one.

    *Version added: 0.1.*

    Args:
        case: The case.
        make_journals: Opens the journals, anew each time, over one place that is empty at first.

    Returns:
        All that was said, for :func:`same`.

    Raises:
        CaseFailed: Something said is not what the case expects, or two ways gave two answers.
    """
    run = _Run(case, make_journals)
    for act in case.acts:
        run.act(act)
    return run.audits()


def same(case: Case, answers: Mapping[str, Answers]) -> None:
    """Tell that several stores led to one answer.

    Raises:
        CaseFailed: They did not; the message names the clause.

    *Version added: 0.1.*
    """
    (name, first), *others = answers.items()
    for other, second in others:
        where = f"{case.id}: {name} against {other}"
        for one, two in zip(first.verdicts, second.verdicts, strict=True):
            _equal(case, where, _of(one), _of(two))
        for ours, theirs in zip(first.audits, second.audits, strict=True):
            _equal(case, where, ours, theirs)
        if first.heads != second.heads:
            raise CaseFailed(f"{where}: heads differ: {first.heads} and {second.heads}")


def _of(said: Verdict | str) -> Sequence[Finding | str]:
    return (said,) if isinstance(said, str) else said.findings


class _Run:
    def __init__(self, case: Case, make_journals: MakeJournals) -> None:
        self.case = case
        self.clock = StandingClock()
        self._make = make_journals
        self._salts = CountedSalts(case.id)
        self.journals = self._open(case.school)
        self.getters = self._open(FiveGetters(case.school))
        self.verdicts: list[Verdict | str] = []
        self.numbers: dict[str, int | None] = {}
        self.kept: dict[tuple[str, int], tuple[Finding, ...]] = {}

    def _open(self, school: SchoolData) -> Journals:
        return self._make(school, self.case.regulations, self.clock, self._salts)

    def act(self, act: ActSaid) -> None:
        """Check, record, and compare with what is expected."""
        self.clock.set(act.at)
        by = Actor(act.by, act.role, act.behalf)
        where = f"{self.case.id}: {act.where}"
        raised = act.said[0].raises
        try:
            drafts = [self._draft(one) for one in act.said]
            checked = self.getters.check_many(drafts, by)
            receipts = self._record(drafts, by, act.key)
        except EdujournalError as error:
            name = type(error).__name__
            if name != raised:
                raise CaseFailed(
                    f"{where}: expected {raised or 'a verdict'}, {name}: {error}"
                ) from (error)
            self.verdicts.append(name)
            return
        if raised is not None:
            raise CaseFailed(f"{where}: expected {raised}, found {receipts[0].verdict}")
        for said, verdict, receipt in zip(act.said, checked, receipts, strict=True):
            _equal(self.case, f"{where}: check against record", verdict.findings,
                   receipt.verdict.findings)  # fmt: skip
            self._compare(where, said.expect, receipt.verdict.findings)
            if said.decision is not receipt.decision:
                raise CaseFailed(f"{where}: expected {said.decision}, found {receipt.verdict}")
            self.verdicts.append(receipt.verdict)
            if receipt.number is not None:
                self.kept[receipt.book, receipt.number] = receipt.verdict.findings
        if act.name is not None:
            self.numbers[act.name] = receipts[0].number

    def _draft(self, said: Said) -> Draft:
        draft = said.draft(self.numbers)
        return draft if said.basis is None else with_basis(draft, said.basis, self.getters)

    def _record(self, drafts: list[Any], by: Actor, key: str | None) -> list[Receipt]:
        if len(drafts) > 1:
            return self.journals.record_many(drafts, by, key)
        try:
            return [self.journals.record(drafts[0], by, key)]
        except Refused as error:
            return [Receipt(error.verdict, "", None, "", self.clock.at, key)]

    def audits(self) -> Answers:
        """Audit, with the handle that wrote and with fresh ones, and compare."""
        case = self.case
        fresh = self._open(FiveGetters(case.school))
        found: list[tuple[Finding, ...]] = []
        for said in case.audits:
            self.clock.set(said.at)
            where = f"{case.id}: {said.where}"
            findings = tuple(self.journals.audit(said.at, everything=True))
            _equal(case, f"{where}: a fresh handle", findings,
                   tuple(fresh.audit(said.at, everything=True)))  # fmt: skip
            chosen = [one for one in findings if not said.clauses or one.clause in said.clauses]
            self._compare(where, said.expect, chosen, everything=said.everything)
            found.append(findings)
        self._proposed(fresh)
        self._single_is_bulk(fresh)
        report = fresh.verify()
        if any(report.damages):
            raise CaseFailed(f"{case.id}: {report}")
        heads = dict(fresh.store.books(case.school.id))
        return Answers(tuple(self.verdicts), tuple(found), heads)

    def _proposed(self, fresh: Journals) -> None:
        """Compare what is proposed, by the handle that wrote and by a fresh one."""
        for said in self.case.proposals:
            where = f"{self.case.id}: {said.where}"
            found = said.ask(self.journals)
            if found != said.ask(fresh):
                raise CaseFailed(f"{where}: a fresh handle proposes something else")
            unmet = said.unmet(found)
            if unmet:
                raise CaseFailed("\n".join([f"{where}: not what the case expects", *unmet]))

    def _single_is_bulk(self, fresh: Journals) -> None:
        """What was said of each entry as it came is what an audit says of it.

        That a later act made it void is said beside that; what a fence makes void is not judged.
        """
        bulk: dict[tuple[str, int], list[Finding]] = {place: [] for place in self.kept}
        fenced: set[tuple[str, int]] = set()
        for finding in fresh.audit(self.clock.at, everything=True):
            if finding.entry is None:
                continue
            if finding.code not in _BY_LATER_ACTS and "later" not in finding.why:
                bulk[finding.book, finding.entry].append(finding)
            elif "report" in finding.why:
                fenced.add((finding.book, finding.entry))
        for (book, number), findings in self.kept.items():
            if (book, number) in fenced:
                continue
            where = f"{self.case.id}: {book}#{number}: single against bulk"
            _equal(self.case, where, findings, bulk[book, number])

    def _compare(
        self,
        where: str,
        expect: Iterable[Expected],
        findings: Iterable[Finding],
        *,
        everything: bool = False,
    ) -> None:
        lacking, over = _unmatched(expect, findings, everything=everything)
        if lacking or over:
            raise CaseFailed(
                "\n".join(
                    [
                        f"{where}: not what the case expects",
                        *(f"  - {self._clause(one.clause)}: expected {one}" for one in lacking),
                        *(f"  + {self._clause(one.clause)}: found {_shown(one)}" for one in over),
                    ]
                )
            )

    def _clause(self, number: str) -> str:
        return clause_words(self.case, number)


#: Codes of findings that speak of an entry by what came after it.
_BY_LATER_ACTS = frozenset({"void", "rests-on-void"})


def clause_words(case: Case, number: str) -> str:
    """A clause's number with what it asks, where a regulation of the case has it."""
    for regulation in case.regulations:
        for clause in regulation.clauses:
            if clause.number == number:
                return f"clause {number} ({clause.gist.en.rstrip('.')})"
    return f"clause {number}"


def _unmatched(
    expect: Iterable[Expected], findings: Iterable[Finding], *, everything: bool
) -> tuple[list[Expected], list[Finding]]:
    """What was expected and not found, and what was found and not expected.

    What is met or pending need not be expected, unless *everything* must be; beside what was expected
    of its clause in vain it is shown.
    """
    left = list(findings)
    lacking = []
    for one in sorted(expect, key=_vagueness):
        match = next((finding for finding in left if _matches(one, finding)), None)
        if match is None:
            lacking.append(one)
        else:
            left.remove(match)
    asked = {(one.clause, one.code) for one in lacking}
    return lacking, [
        one
        for one in left
        if everything or one.outcome in REPORTED or (one.clause, one.code) in asked
    ]


def _vagueness(one: Expected) -> int:
    return sum(getattr(one, name) is None for name in _OPTIONAL)


_OPTIONAL = ("about", "pupil", "record", "opens", "closes", "late_by", "by", "hands")


def _matches(one: Expected, finding: Finding) -> bool:
    said = (one.clause, one.code, one.outcome)
    return said == (finding.clause, finding.code, finding.outcome) and all(
        getattr(one, name) is None or getattr(one, name) == getattr(finding, name)
        for name in _OPTIONAL
    )


def _shown(finding: Finding | str) -> str:
    if isinstance(finding, str):
        return finding
    parts = [finding.clause, finding.code, finding.outcome, finding.about, finding.pupil]
    more = [
        f"{name}={getattr(finding, name)}"
        for name in ("record", "opens", "closes", "late_by", "by", "entry")
        if getattr(finding, name) is not None
    ]
    return " ".join([*(str(one) for one in parts if one), *more, str(dict(finding.why) or "")])


def _equal(
    case: Case, where: str, one: Sequence[Finding | str], two: Sequence[Finding | str]
) -> None:
    if list(one) == list(two):
        return
    lines = [
        f"  {sign} {clause_words(case, getattr(each, 'clause', ''))}: {_shown(each)}"
        for sign, each in _difference(one, two)
    ]
    raise CaseFailed("\n".join([f"{where}: two answers", *(lines or ["  in another order"])]))


def _difference(
    one: Sequence[Finding | str], two: Sequence[Finding | str]
) -> Iterator[tuple[str, Finding | str]]:
    left = list(two)
    for each in one:
        if each in left:
            left.remove(each)
        else:
            yield "-", each
    for each in left:
        yield "+", each


def decision_of(verdict: Verdict | str) -> Decision | str:
    """What became of a record, or the name of the error."""
    return verdict if isinstance(verdict, str) else verdict.decision
