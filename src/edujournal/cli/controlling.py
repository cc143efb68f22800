"""``edujournal control``: how punctually and completely each teacher keeps the journals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from rich import box
from rich.table import Table

from edujournal.cli.options import Place, Shown, day, moment
from edujournal.cli.printing import Printer
from edujournal.cli.reading import echo
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput
from edujournal.model.facts import Facts
from edujournal.rules.controlling import ControlDue, controls_due
from edujournal.rules.numbers import written
from edujournal.rules.rhythm import Stretch
from edujournal.rules.verdicts import Outcome
from edujournal.views.control import ControlRow, control_report
from edujournal.views.speaking import LIBRARY, Speaker

#: Outcomes that have a column of their own.
_COLUMNS = (Outcome.LATE, Outcome.MISSING, Outcome.BROKEN, Outcome.EARLY, Outcome.UNDECIDABLE)


def control(
    account: str | None,
    place: Place,
    shown: Shown,
    at: str | None,
    since: str | None,
    until: str | None,
) -> int:
    """Show the control report of some days, or of the last stretch of the regulation's rhythm."""
    first, last, asked = day(since, "--since"), day(until, "--until"), moment(at)
    printer = Printer(shown)
    with opened(place) as there:
        if account is not None:
            there.facts.account(account)
        looked = there.journals.now() if asked is None else asked
        if first is None and last is None:
            stretches = _last(controls_due(there.journals.regulations, there.facts, looked))
        else:
            frame = there.facts.calendar_at(looked)
            stretches = [Stretch(first or frame.since, last or frame.until)]
        echo(printer, there.facts, looked)
        for stretch in stretches:
            rows = [
                row
                for row in _rows(there, stretch, looked)
                if account is None or row.account == account
            ]
            if printer.json:
                for row in rows:
                    printer.line(_values(row, stretch))
            else:
                printer.title(_heading(printer, stretch, there.facts, looked))
                if account is None:
                    last_day = stretch.until - timedelta(days=1)
                    printer.show(_by_account(printer, there, rows, last_day), "")
                printer.show(_by_clause(printer, there, rows, account))
    return 0


def _last(due: Sequence[ControlDue]) -> list[Stretch]:
    """The stretches that ended last."""
    if not due:
        raise BadInput(
            "no stretch of days has ended yet", where="control",
            expected="a regulation with a rhythm of control, or days",
            mend="Name days with --since and --until, or give the regulation a rhythm: "
            'control = { every = "+1 months" }.',
        )  # fmt: skip
    ended = max(one.since for one in due)
    return list(dict.fromkeys(one.stretch for one in due if one.since == ended))


def _rows(there: Opened, stretch: Stretch, at: int) -> list[ControlRow]:
    books = [one for one in there.journals.books() if stretch.concerns(one)]
    return control_report(
        there.journals.audit(
            at, since=stretch.since, until=stretch.until, books=books, everything=True
        )
    )


def _values(row: ControlRow, stretch: Stretch) -> dict[str, Any]:
    delay = row.median_delay
    return {
        "since": stretch.since.isoformat(),
        "until": stretch.until.isoformat(),
        "groups": None if stretch.groups is None else sorted(stretch.groups),
        "account": row.account,
        "regulation": row.regulation,
        "clause": row.clause,
        "punctual": None if row.punctual is None else written(row.punctual),
        "median_delay": None if delay is None else delay / 1_000_000,
        "outcomes": {str(one): row.outcomes[one] for one in Outcome if one in row.outcomes},
    }


def _heading(printer: Printer, stretch: Stretch, facts: Facts, at: int) -> str:
    times = Speaker(printer.language).times(facts.calendar_at(at).zone)
    last = stretch.until - timedelta(days=1)
    text = printer.say("control", since=times.day(stretch.since), until=times.day(last))
    return text if stretch.groups is None else f"{text}: {', '.join(sorted(stretch.groups))}"


def _by_account(printer: Printer, there: Opened, rows: Iterable[ControlRow], day: date) -> Table:
    """A row for each account, and one for all together."""
    say = printer.say
    table = _table(printer, say("account"))
    for row in rows:
        if row.clause is not None:
            continue
        whole = row.account is None
        name = there.school.name("account", row.account, day) if row.account else say("control_all")
        table.add_row(name, *_cells(printer, there, row), style="bold" if whole else "")
    return table


def _by_clause(
    printer: Printer, there: Opened, rows: Iterable[ControlRow], account: str | None
) -> Table:
    """A row for each clause, of one account or of all together."""
    table = _table(printer, printer.say("clause"))
    several = len(there.journals.regulations) > 1
    for row in rows:
        if row.account != account or row.clause is None or row.regulation is None:
            continue
        own = "–" if row.regulation == LIBRARY else row.clause
        named = f"{row.regulation} {row.clause}" if several and own != "–" else own
        table.add_row(named, *_cells(printer, there, row))
    return table


def _table(printer: Printer, first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(first)
    for name in ("punctual", *_COLUMNS, "delay"):
        table.add_column(printer.say(f"control_{name}"), justify="right")
    return table


def _cells(printer: Printer, there: Opened, row: ControlRow) -> tuple[str, ...]:
    times = Speaker(printer.language).times(there.facts.calendars[0].zone)
    punctual, delay = row.punctual, row.median_delay
    return (
        printer.number(None if punctual is None else punctual * 100, 1),
        *(str(row.outcomes.get(one, 0) or "") for one in _COLUMNS),
        "" if delay is None else times.duration(delay),
    )
