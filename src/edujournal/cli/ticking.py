"""``edujournal tick``: what time makes, recorded."""

from __future__ import annotations

from edujournal.cli.findings import Controls, FindingTable
from edujournal.cli.lines import Lines, journal_name
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.reading import echo
from edujournal.cli.stores import opened
from edujournal.rules.verdicts import Decision
from edujournal.ticking import Made


def tick(place: Place, shown: Shown, at: str | None) -> int:
    """Record what time makes; 1 where something was refused, or cannot be decided."""
    asked = moment(at)
    printer = Printer(shown)
    with opened(place, writes=True) as there:
        report = there.journals.tick(asked)
        echo(printer, there.facts, report.at)
        refused = [one for one in report.made if one.receipt.decision is Decision.REFUSED]
        if printer.json:
            lines = Lines(there.facts)
            for one in report.made:
                printer.line(_made(one, lines))
            for finding in report.undecided:
                printer.line(lines.finding(finding))
            for reminder in report.reminders:
                told = {
                    "reminder": reminder.key,
                    "role": reminder.role,
                    "accounts": sorted(reminder.accounts),
                    "effect": str(reminder.finding.effect),
                }
                printer.line(lines.finding(reminder.finding) | told)
        else:
            table = FindingTable(printer, there)
            done = len(report.made) - len(refused)
            printer.text(printer.say("tick_made", n=done, refused=len(refused)), "bold")
            for one in report.made:
                for finding in one.receipt.verdict.findings:
                    table.sentence(finding)
            if report.undecided:
                printer.text(printer.say("tick_left"))
                table.every(report.undecided)
            printer.text(printer.say("tick_told", n=len(report.reminders)))
        Controls(printer, there).say(one for one in report.controls if one.is_open(report.at))
    return 1 if refused or report.undecided else 0


def _made(one: Made, lines: Lines) -> dict[str, object]:
    due, receipt = one.due, one.receipt
    return {
        "made": due.what,
        "regulation": due.regulation,
        "clause": due.clause,
        "journal": journal_name(due.book),
        "about": due.about,
        "pupil": due.pupil,
        "since": lines.instant(due.since, due.book),
        "entry": receipt.number,
        "decision": str(receipt.decision),
        "repeated": receipt.repeated,
    }
