"""``edujournal regulation …``: reads regulations, finds faults in them, and compares two on journals."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.markdown import Markdown

from edujournal.audits.compare import Comparison, compare
from edujournal.cli.findings import FindingTable
from edujournal.cli.lines import Lines
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.reading import echo
from edujournal.cli.stores import Opened, existing, school_of
from edujournal.errors import BadInput
from edujournal.journals import Journals
from edujournal.rules.linting import lint
from edujournal.rules.loading import content, load
from edujournal.rules.schema import json_schema
from edujournal.rules.verdicts import Finding
from edujournal.views.regulation_text import regulation_page, say_lint
from edujournal.views.speaking import Speaker


def lint_all(sources: Sequence[str], shown: Shown) -> int:
    """Say what deserves a look in each regulation; 1 where a fault or a gap is among it."""
    printer = Printer(shown)
    speaker = Speaker(printer.language)
    serious = False
    for source in sources:
        regulation = load(source)
        found = lint(regulation)
        serious = serious or any(one.weight != "note" for one in found)
        for one in found:
            if printer.json:
                printer.line(
                    {
                        "regulation": regulation.id,
                        "kind": one.kind,
                        "weight": one.weight,
                        "clause": one.clause,
                        "rule": one.rule,
                        "names": dict(one.names),
                        "text": say_lint(speaker, one, regulation),
                    }
                )
            else:
                styles = {"fault": "red", "gap": "yellow", "note": ""}
                printer.paragraph(say_lint(speaker, one, regulation), styles[one.weight])
        if not found and not printer.json:
            printer.text(printer.say("no_lints", id=regulation.id), "bold green")
    return 1 if serious else 0


def show(source: str, shown: Shown) -> int:
    """Print a regulation as a page: Markdown for programs, set for people on a screen."""
    printer = Printer(shown)
    page = regulation_page(Speaker(printer.language), load(source))
    if sys.stdout.isatty():
        printer.show(Markdown(page))
    else:
        sys.stdout.write(page)
    return 0


def export(source: str | None, shown: Shown) -> int:
    """Print a regulation with its parents laid under it as JSON; without one, the JSON Schema."""
    values: Any = json_schema()
    if source is not None:
        load(source)
        values = content(source)
    indent = None if shown.json else 2
    sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=indent, default=_day) + "\n")
    return 0


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no plain value")


def compare_two(before: str, after: str, place: Place, shown: Shown, at: str | None) -> int:
    """Audit the journals under two regulations and print what differs; 1 where anything does."""
    if place.regulation:
        raise BadInput(
            "regulations named twice", where="--regulation",
            expected="the two regulations that are compared, as arguments",
        )  # fmt: skip
    printer = Printer(shown)
    with existing(place.store) as store:
        school = school_of(store, place)
        found: list[list[Finding]] = []
        asked = moment(at)
        first, second = load(before), load(after)
        for regulation in (first, second):
            journals = Journals(store, school, regulation)
            asked = journals.now() if asked is None else asked
            with printer.progress(printer.say("auditing")) as tick:
                found.append(
                    list(journals.audit(asked, progress=lambda _, n, total: tick(n, total)))
                )
        both = Opened(Journals(store, school, [first, second]), school)
        echo(printer, both.facts, asked or 0)
        comparison = compare(*found)
        if printer.json:
            print_lines(printer, Lines(both.facts), comparison)
        else:
            print_tables(printer, both, comparison)
    return 0 if comparison.is_empty else 1


def print_lines(printer: Printer, lines: Lines, comparison: Comparison) -> None:
    """Print a line of JSON for each difference."""
    for what in ("appeared", "vanished"):
        for one in getattr(comparison, what):
            printer.line({"change": what, **lines.finding(one)})
    for old, new in comparison.changed:
        printer.line({"change": "changed", "was": str(old.outcome), **lines.finding(new)})


def print_tables(printer: Printer, there: Opened, comparison: Comparison) -> None:
    """Print the differences for people."""
    table = FindingTable(printer, there)
    if comparison.is_empty:
        printer.text(printer.say("same_findings", n=comparison.kept), "bold green")
        return
    for what in ("appeared", "vanished"):
        some = getattr(comparison, what)
        if some:
            printer.title(printer.say(what, n=len(some)))
            table.by_clause(some)
    if comparison.changed:
        printer.title(printer.say("changed", n=len(comparison.changed)))
        table.every([new for _, new in comparison.changed])
    printer.text(printer.say("unchanged", n=comparison.kept))
