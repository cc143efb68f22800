"""``edujournal tour``: a school keeps a quarter, is audited, and everything is shown."""

from __future__ import annotations

import hashlib
import shlex
from collections import Counter
from itertools import count
from pathlib import Path

from rich import box
from rich.table import Table

from edujournal.adapters.schools import keep as keep_school
from edujournal.adapters.schools import keep_regulations
from edujournal.adapters.stores.opening import open_store
from edujournal.audits.exact import is_reported
from edujournal.cli.findings import FindingTable
from edujournal.cli.lines import Lines
from edujournal.cli.options import Shown
from edujournal.cli.pages import Pages
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened
from edujournal.cli.tour_papers import leave
from edujournal.errors import BadInput
from edujournal.model.ids import access_book
from edujournal.model.time import format_instant
from edujournal.rules.explaining import explain
from edujournal.rules.verdicts import Decision, Finding
from edujournal.samples.chapters import chapters
from edujournal.samples.frame import YEAR, ZONE
from edujournal.samples.quarter import REGULATION, Quarter, finding_key, keep, quarter
from edujournal.views.diary import diary, diary_books
from edujournal.views.due import due
from edujournal.views.gathered import Gathering
from edujournal.views.page import page
from edujournal.views.sheet import sheet, sheet_books
from edujournal.views.speaking import Speaker

#: What is shown as an example: a journal, its class, a pupil, a lesson, and a finding.
_JOURNAL, _CLASS, _PUPIL, _LESSON = "7A/alg/2026", "7A", "p-17", "7A-alg-0915"
_EXPLAINED = ("2.7", "after-close")

_FILE = "school.db"


def tour(folder: str | None, shown: Shown) -> int:
    """Keep the sample quarter in a database in *folder*, audit it, and show what there is to see.

    Without a folder it is a new one in the current folder.

    Returns:
        0 where the audit found what was planted and nothing else, else 3.
    """
    printer = Printer(shown)
    story = quarter()
    path = _place(_new_folder() if folder is None else Path(folder))
    url = f"sqlite:///{path.as_posix()}"
    planted = [one for one in story.planted if not one.is_refused]
    if not printer.json:
        facts = story.school.facts()
        printer.paragraph(
            printer.say(
                "tour",
                school=story.school.id,
                pupils=len({row.pupil for row in facts.memberships}),
                classes=sum(one.kind == "class" for one in facts.calendar(YEAR).groups),
                lessons=len(facts.lessons),
                planted=len(planted),
                refused=len(story.planted) - len(planted),
            )
        )
        printer.copied(printer.say("store", url=url))
    with open_store(url) as store:
        keep_school(store, story.school)
        keep_regulations(store, story.school.id, REGULATION)
        with printer.progress(printer.say("keeping")) as tick:
            journals = keep(store, story, tick)
        there = Opened(journals, story.school)
        gathering, findings = Gathering(there.facts), []
        # Once for the screen and for the report.
        for finding in journals.audit(everything=True):
            gathering.add(finding)
            if is_reported(finding):
                findings.append(finding)
        same = Counter(map(finding_key, findings)) & Counter(story.findings)
        at = format_instant(story.audited, ZONE)
        if printer.json:
            printer.note(f"at {at}")
            lines = Lines(there.facts)
            for finding in findings:
                printer.line(lines.finding(finding))
        else:
            _Tour(printer, there, story).show(findings, same.total())
            with printer.progress(printer.say("papers")):
                made = leave(path.parent, there, story, gathering.gathered(), printer)
            printer.title(printer.say("papers"))
            for file in made:
                printer.copied(file.as_posix())
            printer.title(printer.say("next"))
            for words in (f"audit --at {at}", "page 7A/rus/2026", "diary p-5", "verify"):
                printer.copied(f"edujournal {words} --store {shlex.quote(url)}")
    return 0 if same.total() == len(findings) == len(planted) else 3


def _new_folder() -> Path:
    """The first folder of ours that has no database yet."""
    names = (f"edujournal-tour{'' if number == 1 else f'-{number}'}" for number in count(1))
    return next(folder for name in names if not ((folder := Path(name)) / _FILE).exists())


def _place(folder: Path) -> Path:
    """Where the database goes.

    Raises:
        BadInput: There is one already, or no folder can be made there.
    """
    path = folder / _FILE
    if path.exists():
        raise BadInput(
            "the tour has been here before",
            where="--dir",
            found=str(path),
            mend="Remove the file, or name another folder with --dir.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise BadInput("not a folder", where="--dir", found=str(folder)) from error
    return path


class _Tour:
    """Shows a quarter that was kept."""

    def __init__(self, printer: Printer, there: Opened, story: Quarter) -> None:
        self._printer = printer
        self._there = there
        self._story = story
        self._facts = there.facts
        self._table = FindingTable(printer, there)
        self._pages = Pages(printer, there.school, there.facts, ZONE)

    def show(self, findings: list[Finding], same: int) -> None:
        """Show all of it, from the findings to what is still to be done."""
        say, journals = self._printer.say, self._there.journals
        books = dict(journals.store.books(self._there.school.id))
        digest = hashlib.sha256("".join(head.hash for head in books.values()).encode()).hexdigest()
        self._printer.text(
            say(
                "tour_kept",
                n=sum(head.number for head in books.values()),
                acts=len(self._story.acts),
                digest=digest[:16],
            )
        )
        self._table.by_clause(findings)
        planted = sum(not one.is_refused for one in self._story.planted)
        self._printer.text(
            say("tour_found", planted=planted, found=len(findings), same=same),
            "bold green" if same == planted == len(findings) else "bold red",
        )
        self._refusals()
        self._explained(next(one for one in findings if (one.clause, one.code) == _EXPLAINED))
        self._views()
        self._due()
        self._chapters()

    def _refusals(self) -> None:
        say = self._printer.say
        speaker = Speaker(self._printer.language)
        naming = speaker.naming(self._facts, self._there.school)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, expand=True)
        table.add_column(say("clause"), no_wrap=True)
        table.add_column(say("account"), ratio=2)
        table.add_column(say("record"), ratio=3)
        table.add_column(say("finding"), ratio=2)
        for entry in self._there.journals.entries(access_book(YEAR)):
            values = entry.values
            clause = values["clause"] if values["regulation"] == REGULATION else "–"
            where = naming.occasion(entry.about, values["book"])
            table.add_row(
                clause,
                naming.name("account", entry.by.account),
                f"{speaker.say_record(values['record'])}, {where}",
                speaker.say_code(values["code"]),
            )
        self._printer.title(say("refusals"))
        self._printer.show(table)

    def _explained(self, finding: Finding) -> None:
        journals = self._there.journals
        regulation = journals.regulations[0]
        explanation = explain(finding, regulation, self._facts, journals.state(finding.book))
        self._printer.title(self._printer.say("explained"))
        speaker = Speaker(self._printer.language)
        for text in speaker.say_explanation(explanation, self._facts, self._there.school):
            self._printer.paragraph(text)

    def _views(self) -> None:
        journals, facts = self._there.journals, self._facts
        calendar = facts.calendar(YEAR)
        period = calendar.period(_CLASS, "q1")
        state = journals.state(f"journal/{_JOURNAL}")
        self._pages.page(page(_JOURNAL, state, facts, period.since, period.until))
        states = {book: journals.state(book) for book in diary_books(_PUPIL, facts)}
        self._pages.diary(diary(_PUPIL, states, facts, facts.lesson(_LESSON).day))
        states = {book: journals.state(book) for book in sheet_books(_CLASS, facts, calendar)}
        self._pages.sheet(sheet(_CLASS, states, facts, calendar), period.id, period.title)

    def _chapters(self) -> None:
        """What an ordinary quarter does not have, act by act."""
        story = chapters()
        speaker = Speaker(self._printer.language)
        facts, school = story.journals.facts(), self._there.school
        naming = speaker.naming(facts, school)
        times = speaker.times(ZONE)
        regulation = story.journals.regulations[0]
        self._printer.title(self._printer.say("chapters"))
        self._printer.paragraph(regulation.title[self._printer.language])
        for chapter in story.chapters:
            self._printer.text("")
            self._printer.text(chapter.title[self._printer.language], "bold")
            for told in chapter.told:
                if told.verdict is None:
                    note = "" if told.note is None else told.note[self._printer.language]
                    self._printer.paragraph(f"  → {note}", "green")
                    continue
                who = naming.name("account", told.by)
                record = speaker.say_record(told.record)
                self._printer.paragraph(f"  {times.instant(told.at)}, {who}: {record}")
                said = speaker.say_verdict(told.verdict, facts, regulation, school)
                style = "red" if told.verdict.decision is Decision.REFUSED else ""
                for line in said.splitlines():
                    self._printer.paragraph(f"    {line}", style)

    def _due(self) -> None:
        self._printer.title(self._printer.say("due"))
        self._table.due(due(self._there.journals.due()))
