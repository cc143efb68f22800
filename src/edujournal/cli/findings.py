"""Findings as tables and sentences for people, and what is owed, by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened
from edujournal.errors import Unknown
from edujournal.model.time import format_instant
from edujournal.rules.clauses import Clause
from edujournal.rules.controlling import ControlDue
from edujournal.rules.verdicts import BREACHES, Finding, Outcome, Severity, Verdict
from edujournal.texts import sentences
from edujournal.texts.times import Times
from edujournal.views.due import DueItem, DueList
from edujournal.views.happened import Happened
from edujournal.views.ordering import natural
from edujournal.views.speaking import LIBRARY, Speaker

_STYLES = {Outcome.UNDECIDABLE: "yellow", Outcome.VOID: "dim", Outcome.MET: "green"}


class FindingTable:
    """Shows findings in one language, with the names that the school gives.

    Args:
        printer: Where to.
        there: The journals, and the names of what is in them.
    """

    def __init__(self, printer: Printer, there: Opened) -> None:
        self._printer = printer
        self._there = there
        self._speaker = Speaker(printer.language)
        self._naming = self._speaker.naming(there.facts, there.school)
        self._regulations = there.journals.regulations

    def decision(self, verdict: Verdict) -> str:
        """A decision in words."""
        return self._speaker.say_decision(verdict.decision).capitalize()

    def sentence(self, finding: Finding) -> None:
        """Print one finding as a sentence."""
        line = self._speaker.say_finding(
            finding, self._there.facts, list(self._regulations), self._there.school
        )
        if len(self._regulations) == 1:
            line = self._speaker.say_finding(
                finding, self._there.facts, self._regulations[0], self._there.school
            )
        self._printer.paragraph(f"• {line}", _style(finding))

    # -- an audit ----------------------------------------------------------------------------------

    def audit(self, findings: Sequence[Finding]) -> None:
        """Print all findings, and how many there are by clause."""
        if not findings:
            self._printer.text(self._printer.say("all_clean"), "bold green")
            return
        self.every(findings)
        self.by_clause(findings)

    def every(self, findings: Iterable[Finding]) -> None:
        """Print a table with a row for each finding."""
        say = self._printer.say
        table = _table()
        table.add_column(say("clause"), no_wrap=True)
        table.add_column(say("record"), ratio=2)
        table.add_column(say("finding"), ratio=3)
        for finding in findings:
            table.add_row(
                Text(self._clause(finding), _style(finding)),
                self._subject(finding),
                Text(self._happened(finding), _style(finding)),
            )
        self._printer.show("", table)

    def by_clause(self, findings: Iterable[Finding]) -> None:
        """Print how many findings there are of each clause, and of which kind."""
        say = self._printer.say
        counts: dict[tuple[str, str], Counter[str]] = {}
        for finding in findings:
            of = counts.setdefault((finding.regulation, finding.clause), Counter())
            of[self._kind(finding)] += 1
        table = _table()
        table.add_column(say("clause"), no_wrap=True)
        table.add_column(say("gist"), ratio=3)
        table.add_column(say("finding"), ratio=2)
        table.add_column(say("count"), justify="right", no_wrap=True)
        for place in sorted(counts, key=lambda one: (one[0] == LIBRARY, natural(one[1]))):
            found = counts[place]
            kinds = "\n".join(f"{kind}: {n}" for kind, n in sorted(found.items()))
            table.add_row(self._named(*place), self._gist(*place), kinds, str(found.total()))
        total = sum(found.total() for found in counts.values())
        self._printer.title(say("clauses"))
        self._printer.show(table)
        self._printer.text(f"{say('total')}: {total}", "bold")

    def _kind(self, finding: Finding) -> str:
        """A word or three for what is wrong; for what is not, the outcome."""
        if finding.outcome in BREACHES:
            return self._speaker.say_code(finding.code)
        return self._speaker.say_outcome(finding.outcome)

    def _gist(self, regulation: str, number: str) -> str:
        if regulation == LIBRARY:
            return self._speaker.messages.say(sentences.ANY_JOURNAL)
        clause = self._find(regulation, number)
        return "" if clause is None else clause.gist[self._printer.language]

    def _find(self, regulation: str, number: str) -> Clause | None:
        for one in self._regulations:
            if one.id == regulation:
                try:
                    return one.clause(number)
                except Unknown:
                    return None
        return None

    def _named(self, regulation: str, number: str) -> str:
        if regulation == LIBRARY:
            return "–"
        return number if len(self._regulations) == 1 else f"{regulation} {number}"

    def _clause(self, finding: Finding) -> str:
        return self._named(finding.regulation, finding.clause)

    def _subject(self, finding: Finding) -> str:
        parts = [self._speaker.say_record(finding.record)]
        if finding.pupil is not None:
            parts.append(self._naming.member(finding.record, finding.pupil))
        parts.append(self._naming.occasion(finding.about, finding.book))
        return ", ".join(parts)

    def _happened(self, finding: Finding) -> str:
        told = ", ".join(Happened(self._speaker, finding, self._naming).parts())
        if finding.severity is Severity.MUST:
            return told
        return f"{told} [{self._speaker.say_severity(finding.severity)}]"

    # -- what is owed ------------------------------------------------------------------------------

    def due(self, owed: DueList, account: str | None = None) -> None:
        """Print what is owed, account by account, or by one account only."""
        of = [one for one in owed.accounts if account in (None, one.account)]
        if not of:
            self._printer.text(self._printer.say("due_none"), "bold green")
        for one in of:
            name = self._printer.say("nobody")
            if one.account is not None:
                name = f"{self._naming.name('account', one.account)} ({one.account})"
            self._printer.title(name)
            self._printer.show(self._items(one.items))

    def _items(self, items: Iterable[DueItem]) -> Table:
        say = self._printer.say
        table = _table()
        table.add_column(say("closes"), ratio=2)
        table.add_column(say("clause"), no_wrap=True)
        table.add_column(say("record"), ratio=4)
        for item in items:
            overdue = item.outcome is Outcome.MISSING
            until = ""
            if item.closes is not None:
                until = self._naming.times(item.book).end(item.closes)
            if overdue:
                until = f"{until}\n{say('overdue')}" if until else say("overdue")
            table.add_row(
                Text(until, "red" if overdue else ""),
                self._named(item.regulation, item.clause),
                self._owed(item),
            )
        return table

    def _owed(self, item: DueItem) -> str:
        what = self._speaker.say_record(item.record)
        where = self._naming.occasion(item.about, item.book)
        if not item.pupils:
            return f"{what}, {where}"
        names = sorted(self._naming.member(item.record, one) for one in item.pupils)
        shown = ", ".join(names[:3])
        if len(names) > 3:
            shown = f"{shown} {self._printer.say('more', n=len(names) - 3)}"
        return f"{what}, {where}: {shown}"


class Controls:
    """Says which control reports are to be looked at.

    Args:
        printer: Where to.
        there: The journals, and the names of what is in them.
    """

    def __init__(self, printer: Printer, there: Opened) -> None:
        self._printer = printer
        self._there = there
        self._speaker = Speaker(printer.language)

    def say(self, due: Iterable[ControlDue]) -> None:
        """Print a line for each of them, or an object."""
        for one in due:
            zone = self._there.facts.calendar(one.year).zone
            if self._printer.json:
                self._printer.line(self._values(one, zone))
            else:
                self._printer.paragraph(f"• {self._line(one, self._speaker.times(zone))}")

    def _values(self, one: ControlDue, zone: str) -> dict[str, Any]:
        groups = one.stretch.groups
        return {
            "control": one.key,
            "regulation": one.regulation,
            "clause": one.clause,
            "since": one.stretch.since.isoformat(),
            "until": one.stretch.until.isoformat(),
            "groups": None if groups is None else sorted(groups),
            "opens": format_instant(one.since, zone),
            "closes": None if one.closes is None else format_instant(one.closes, zone),
            "roles": list(one.roles),
            "accounts": sorted(one.accounts),
        }

    def _line(self, one: ControlDue, times: Times) -> str:
        say, stretch = self._printer.say, one.stretch
        last = stretch.until - timedelta(days=1)
        line = say("control", since=times.day(stretch.since), until=times.day(last))
        if stretch.groups is not None:
            line = f"{line}: {', '.join(sorted(stretch.groups))}"
        if one.closes is not None:
            line = f"{line}; {say('control_by', until=times.end(one.closes))}"
        return f"{line}; {', '.join(self._speaker.say_role(role) for role in one.roles)}"


def _style(finding: Finding) -> str:
    if finding.outcome in BREACHES:
        return "red" if finding.severity is Severity.MUST else "yellow"
    return _STYLES.get(finding.outcome, "")


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, expand=True)
