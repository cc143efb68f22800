"""``edujournal audit``, ``due``, ``page``, ``diary``, ``seen``, ``sheet``: what the journals say."""

from __future__ import annotations

from collections.abc import Callable

from edujournal.audits.exact import is_reported
from edujournal.cli.findings import Controls, FindingTable
from edujournal.cli.lines import Lines
from edujournal.cli.options import Place, Shown, day, moment
from edujournal.cli.pages import Pages
from edujournal.cli.printing import Printer
from edujournal.cli.stores import opened
from edujournal.cli.viewed import cells_of_diary, cells_of_page, cells_of_sheet, lines_of_seen
from edujournal.errors import BadInput, Unknown
from edujournal.journals import Journals
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.people import Actor
from edujournal.model.time import format_instant, zone
from edujournal.rules.controlling import controls_due
from edujournal.rules.verdicts import Finding
from edujournal.views import diary as diaries
from edujournal.views import due as dues
from edujournal.views import page as pages
from edujournal.views import sheet as sheets


def audit(
    place: Place,
    shown: Shown,
    at: str | None,
    since: str | None,
    until: str | None,
    *,
    everything: bool,
) -> int:
    """Audit the journals; 1 where anything is found."""
    first, last = day(since, "--since"), day(until, "--until")
    printer = Printer(shown)
    with opened(place) as there:
        journals, facts = there.journals, there.facts
        asked = moment(at)
        looked = journals.now() if asked is None else asked
        lines = Lines(facts)
        found: list[Finding] = []
        reported = False
        with printer.progress(printer.say("auditing")) as tick:
            for finding in journals.audit(
                looked,
                since=first,
                until=last,
                everything=everything,
                progress=lambda _, done, total: tick(done, total),
            ):
                reported = reported or is_reported(finding)
                if printer.json:
                    printer.line(lines.finding(finding))
                else:
                    found.append(finding)
        echo(printer, facts, looked)
        if not printer.json:
            FindingTable(printer, there).audit(found)
    return 1 if reported else 0


def echo(printer: Printer, facts: Facts, at: int) -> None:
    """Say which moment was looked at: among the answers for people, beside them for programs."""
    place = _zone_at(facts, at)
    if printer.json:
        printer.note(f"at {format_instant(at, place)}")
    else:
        from edujournal.texts.catalogues import Messages
        from edujournal.texts.times import Times

        shown = Times(Messages(printer.language), place).instant(at)
        printer.text(printer.say("as_of", at=shown), "dim")


def _zone_at(facts: Facts, at: int) -> str:
    """The school's zone in the year of an instant, or in its latest year."""
    if not facts.calendars:
        raise BadInput("a school without a calendar", where=facts.school)
    for calendar in facts.calendars:
        if calendar.since <= zone(calendar.zone).local_date(at) < calendar.until:
            return calendar.zone
    return facts.calendars[-1].zone


def due(account: str | None, place: Place, shown: Shown, at: str | None) -> int:
    """List what is owed; 1 where something is overdue."""
    printer = Printer(shown)
    with opened(place) as there:
        journals, facts = there.journals, there.facts
        if account is not None:
            facts.account(account)
        asked = moment(at)
        looked = journals.now() if asked is None else asked
        findings = journals.due(account, looked)
        echo(printer, facts, looked)
        owed = dues.due(findings)
        if printer.json:
            lines = Lines(facts)
            for finding in findings:
                printer.line(lines.finding(finding))
        else:
            FindingTable(printer, there).due(owed, account)
        Controls(printer, there).say(
            one
            for one in controls_due(journals.regulations, facts, looked)
            if one.is_open(looked) and (account is None or account in one.accounts)
        )
    return 1 if any(item.outcome == "missing" for item in owed.items) else 0


# -- views -----------------------------------------------------------------------------------------


def _states(journals: Journals, at: int | None) -> Callable[[str], BookState]:
    """Gives the state of a book at a moment, that moment included."""
    return lambda book: journals.state(book, None if at is None else at + 1)


def page(
    journal: str,
    place: Place,
    shown: Shown,
    since: str | None,
    until: str | None,
    at: str | None,
    by: str | None = None,
) -> int:
    """Show a page."""
    first, last, looked = day(since, "--since"), day(until, "--until"), moment(at)
    named = JournalId.parse(journal)
    printer = Printer(shown)
    with opened(place, writes=by is not None) as there:
        journals, facts = there.journals, there.facts
        calendar = facts.check_journal(named)
        if named not in facts.journals():
            raise Unknown("journal", journal, map(str, facts.journals()))
        if first is None and last is None:
            first, last = pages.period_at(named, facts, looked or journals.now())
        state = _states(journals, looked)(named.book)
        found = pages.page(named, state, facts, first, last)
        if by is not None:
            pupils = [row.pupil for row in found.rows]
            journals.note_reading("page", str(named), pupils, by, named.year)
        if printer.json:
            for values in cells_of_page(found, journals.regulations):
                printer.line(values)
        else:
            drawn = Pages(printer, there.school, facts, calendar.zone, journals.regulations)
            drawn.page(found)
    return 0


def diary(
    pupil: str,
    place: Place,
    shown: Shown,
    week: str | None,
    at: str | None,
    by: str | None = None,
) -> int:
    """Show a week of a diary."""
    wanted, looked = day(week, "--week"), moment(at)
    printer = Printer(shown)
    with opened(place, writes=by is not None) as there:
        journals, facts = there.journals, there.facts
        facts.check_pupil(pupil)
        now = looked or journals.now()
        where = _zone_at(facts, now)
        wanted = wanted or zone(where).local_date(now)
        state = _states(journals, looked)
        states = {book: state(book) for book in diaries.diary_books(pupil, facts)}
        found = diaries.diary(pupil, states, facts, wanted, journals.regulations, now)
        found = journals.with_seen(found, facts, None if looked is None else looked + 1)
        if by is not None:
            journals.note_reading("diary", pupil, [pupil], by)
        if printer.json:
            for values in cells_of_diary(found, journals.regulations):
                printer.line(values)
        else:
            Pages(printer, there.school, facts, where, journals.regulations).diary(found)
    return 0


def seen(
    pupil: str, place: Place, shown: Shown, week: str | None, by: str, behalf: str | None
) -> int:
    """Confirm that a week of a diary was seen, and tell who has seen it by now."""
    wanted = day(week, "--week")
    printer = Printer(shown)
    with opened(place, writes=True) as there:
        journals, facts = there.journals, there.facts
        found = journals.acknowledge(pupil, wanted, by=Actor(by, on_behalf_of=behalf))
        where = _zone_at(facts, journals.now())
        if printer.json:
            for values in lines_of_seen(found, where):
                printer.line(values)
        else:
            Pages(printer, there.school, facts, where, journals.regulations).seen(found)
    return 0


def sheet(
    group: str,
    place: Place,
    shown: Shown,
    period: str | None,
    year: str | None,
    at: str | None,
    by: str | None = None,
    *,
    proposals: bool = False,
) -> int:
    """Show a summary sheet."""
    looked = moment(at)
    printer = Printer(shown)
    with opened(place, writes=by is not None) as there:
        journals, facts = there.journals, there.facts
        calendar = _calendar(facts, year, looked or journals.now())
        calendar.group(group)
        state = _states(journals, looked)
        states = {book: state(book) for book in sheets.sheet_books(group, facts, calendar)}
        found = sheets.sheet(group, states, facts, calendar, journals.regulations)
        chosen = period or _with_results(found)
        known = {one.id: one for one in calendar.periods(group)}
        if chosen not in known and chosen not in {column.period for column in found.columns}:
            raise Unknown("period", str(chosen), known)
        if proposals:
            given = [
                one
                for book in states
                if chosen in {each.id for each in calendar.periods(JournalId.parse(book).group)}
                for one in journals.proposals(book, chosen, at=looked)
            ]
            found = sheets.sheet(group, states, facts, calendar, journals.regulations, given)
        if by is not None:
            pupils = [row.pupil for row in found.rows]
            journals.note_reading("sheet", f"{group}/{calendar.year}", pupils, by, calendar.year)
        if printer.json:
            for values in cells_of_sheet(found, period, journals.regulations):
                printer.line(values)
        else:
            title = known[chosen].title if chosen in known else ""
            drawn = Pages(printer, there.school, facts, calendar.zone, journals.regulations)
            drawn.sheet(found, chosen, title or chosen)
    return 0


def _calendar(facts: Facts, year: str | None, at: int) -> Calendar:
    if year is not None:
        return facts.calendar(year)
    _zone_at(facts, at)
    now = [one for one in facts.calendars if one.since <= zone(one.zone).local_date(at) < one.until]
    return (now or list(facts.calendars))[-1]


def _with_results(found: sheets.Sheet) -> str:
    """The last period that has results, or else the first one."""
    periods = list(dict.fromkeys(column.period for column in found.columns))
    having = {
        column.period
        for place, column in enumerate(found.columns)
        if any(row.cells[place].result is not None for row in found.rows)
    }
    return next((one for one in reversed(periods) if one in having), periods[0] if periods else "")
