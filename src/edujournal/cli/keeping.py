"""``edujournal retention`` and ``erase``: what is due, what may go, and what went."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table

from edujournal.cli.drafts import entries_in
from edujournal.cli.findings import FindingTable
from edujournal.cli.lines import Lines, journal_name
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.reading import echo
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput
from edujournal.model.time import format_instant
from edujournal.retaining import ACTS, Erasable, Kept
from edujournal.rules.verdicts import Decision
from edujournal.texts.catalogues import Messages
from edujournal.texts.times import Times
from edujournal.views.speaking import Speaker


def retention(place: Place, shown: Shown, at: str | None, *, every: bool) -> int:
    """List what is kept, or only what is due; 1 where anything is due and not disposed of."""
    asked = moment(at)
    printer = Printer(shown)
    with opened(place) as there:
        looked = there.journals.now() if asked is None else asked
        found = there.journals.retention(looked)
        rows = [one for one in found if every or _is_open(one)]
        echo(printer, there.facts, looked)
        if printer.json:
            for one in rows:
                printer.line(_line_of_kept(one))
        elif rows:
            printer.show(_table_of_kept(printer, there, rows), "")
        if not printer.json:
            printer.text(printer.say("kept_due", n=sum(map(_is_open, found))), "bold")
    return 1 if any(map(_is_open, found)) else 0


def _is_open(one: Kept) -> bool:
    """Due, and something of it is left; of a sheet nobody here can tell."""
    return one.due and one.left != ()


def _line_of_kept(one: Kept) -> dict[str, object]:
    return {
        "what": journal_name(one.what),
        "regulation": one.regulation,
        "clause": one.clause or None,
        "retention": one.retention,
        "records": list(one.records),
        "until": None if one.until is None else one.until.isoformat(),
        "due": one.due,
        "left": None if one.left is None else list(one.left),
    }


def _table_of_kept(printer: Printer, there: Opened, rows: Sequence[Kept]) -> Table:
    titles = {
        (regulation.id, one.name): one.name if one.title is None else one.title[printer.language]
        for regulation in there.journals.regulations
        for one in regulation.retention
    }
    times = Times(Messages(printer.language), "UTC")
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, expand=True)
    table.add_column(printer.say("book"), ratio=3, overflow="fold")
    table.add_column(printer.say("what"), ratio=3, overflow="fold")
    table.add_column(printer.say("clause"), no_wrap=True)
    table.add_column(printer.say("kept_until"), no_wrap=True)
    table.add_column(printer.say("kept_left"), justify="right", no_wrap=True)
    for one in rows:
        until = "?" if one.until is None else times.day(one.until)
        left = "" if one.left is None else str(len(one.left))
        title = titles[one.regulation, one.retention]
        style = "bold" if _is_open(one) else ""
        table.add_row(journal_name(one.what), title, one.clause, until, left, style=style)
    return table


def erase(
    id: str | None,
    place: Place,
    shown: Shown,
    records: str | None,
    pupil: str | None,
    ground: str | None,
    by: str | None,
    role: str | None,
    key: str | None,
    at: str | None,
    *,
    due: bool,
    check: bool,
    shred: bool,
) -> int:
    """Erase, or answer; 1 where something must be kept, or was refused."""
    asked = moment(at)
    if shred and (pupil is None or place.keys is None):
        raise BadInput(
            "no key to destroy", where="--shred", expected="--pupil, and --keys with the keys"
        )
    if (records is not None) + (pupil is not None) + due != 1:
        raise BadInput(
            "it is not said what to erase", where="command line",
            expected="--records, --pupil or --due, one of them",
        )  # fmt: skip
    if not check and (at is not None or id is None or ground is None or by is None):
        raise BadInput(
            "an act that lacks something", where="command line",
            expected="a name, --ground and --by, and no --at",
            mend="Ask first with --check.",
        )  # fmt: skip
    printer = Printer(shown)
    with opened(place, writes=not check) as there:
        journals = there.journals
        looked = journals.now() if asked is None else asked
        named = None if records is None else entries_in(records)
        answers = (
            journals.disposable(looked) if due else journals.erasable(named, pupil=pupil, at=looked)
        )
        if shred:
            # The grounds of acts are not ciphered under the key of the pupil.
            answers = [one for one in answers if one.kind not in ACTS]
        kept = [one for one in answers if not one.may]
        if check or pupil is not None:
            echo(printer, there.facts, looked)
            _answer(printer, there, answers if check else kept)
        if check:
            return 1 if kept else 0
        going = named if named is not None else [one for one in answers if one.may]
        refused = False
        if going or shred:
            act = (str(ground), str(by))
            receipts = (
                journals.shred(str(id), str(pupil), *act, key=key, role=role)
                if shred
                else journals.erase(str(id), going, *act, pupil=pupil, key=key, role=role)
            )
            table = FindingTable(printer, there)
            for one in receipts:
                refused = refused or one.decision is Decision.REFUSED
                if printer.json:
                    lines = Lines(there.facts)
                    printer.line(
                        {
                            "decision": str(one.decision),
                            "journal": journal_name(one.book),
                            "entry": one.number,
                            "repeated": one.repeated,
                            "findings": [lines.finding(each) for each in one.verdict.remarks],
                        }
                    )
                    continue
                printer.text(table.decision(one.verdict), "bold")
                for finding in one.verdict.remarks:
                    table.sentence(finding)
        if not printer.json and not refused:
            printer.text(printer.say("erased", n=len(answers) - len(kept)), "bold")
    return 1 if refused or kept else 0


def _answer(printer: Printer, there: Opened, answers: Sequence[Erasable]) -> None:
    """Each answer as a line."""
    speaker = Speaker(printer.language)
    times = Times(Messages(printer.language), "UTC")
    for one in answers:
        if printer.json:
            printer.line(
                {
                    "journal": journal_name(one.book),
                    "entry": one.number,
                    "record": one.kind,
                    "pupil": one.pupil,
                    "texts": list(one.texts),
                    "may": one.may,
                    "until": None if one.term is None else one.term.until.isoformat(),
                    "regulation": None if one.term is None else one.term.regulation,
                    "clause": None if one.term is None else one.term.clause or None,
                }
            )
            continue
        name = f"{journal_name(one.book)}, {one.number}, {speaker.say_record(one.kind)}"
        if one.may:
            said = printer.say("may_go", name=name)
        elif one.term is None:
            said = printer.say("year_lost", name=name)
        else:
            said = printer.say(
                "must_stay", name=name, day=times.day(one.term.until),
                regulation=one.term.regulation, clause=one.term.clause or "–",
            )  # fmt: skip
        printer.paragraph(f"• {said}")
    if not printer.json and not answers:
        printer.text(printer.say("no_texts"))


def reads(account: str, place: Place, shown: Shown, since: str | None, until: str | None) -> int:
    """List the looks of an account."""
    first, last = moment(since, "--since"), moment(until, "--until")
    printer = Printer(shown)
    with opened(place) as there:
        facts = there.facts
        facts.account(account)
        found = there.journals.reads_of(account, first, last)
        if printer.json:
            for one in found:
                at = format_instant(one.since, facts.calendar_at(one.since).zone)
                printer.line(
                    {
                        "account": one.actor.account,
                        "role": one.actor.role,
                        "for": one.actor.on_behalf_of,
                        "view": one.view,
                        "of": one.of,
                        "pupils": list(one.pupils),
                        "since": at,
                        "count": one.count,
                    }
                )
            return 0
        table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, expand=True)
        for name, ratio in (("time", 3), ("what", 3), ("pupil", 6)):
            table.add_column(printer.say(name), ratio=ratio, overflow="fold")
        table.add_column(printer.say("count"), justify="right", no_wrap=True)
        for one in found:
            times = Times(Messages(printer.language), facts.calendar_at(one.since).zone)
            names = ", ".join(there.school.name("pupil", pupil) for pupil in one.pupils)
            what = f"{one.view} {one.of}"
            table.add_row(times.instant(one.since), what, names, str(one.count))
        if found:
            printer.show(table, "")
        pupils = {pupil for one in found for pupil in one.pupils}
        printer.text(printer.say("reads", n=len(found), pupils=len(pupils)), "bold")
    return 0
