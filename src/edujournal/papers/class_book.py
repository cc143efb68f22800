"""The journal of a class for a whole year as one paper: roll, subjects, every page, the summary sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.papers.journal_page import page_facts, page_parts, page_sources
from edujournal.papers.paper import Chapter, Paper, PaperColumn, Part, Table
from edujournal.papers.press import Press, alphabetical, basis_of, last_instant, shown_by
from edujournal.papers.summary import begun, sheet_parts, sheet_sources
from edujournal.views.cells import Source
from edujournal.views.page import Page, spans_of
from edujournal.views.sheet import Sheet


def class_book(
    press: Press,
    group: str,
    pages: Sequence[Page],
    sheet: Sheet,
    states: Mapping[str, BookState],
    *,
    size: str = "A4",
) -> Paper:
    """Compose the journal of a class for its year.

    Args:
        press: The press.
        group: The class.
        pages: Pages of its journals and those of its groups: subject by subject, in each the periods.
        sheet: Its summary sheet.
        states: What all of these books say, by name.
        size: ``A4`` or ``A3``.

    Source: clauses 1.1, 2.15. *Version added: 0.1.*
    """
    calendar = press.facts.calendar(sheet.year)
    last = date.fromordinal(calendar.until.toordinal() - 1)
    homeroom = press.hands(group, None, "homeroom", last)
    return Paper(
        kind="class-book",
        of=f"{group}/{sheet.year}",
        school=press.facts.school,
        year=sheet.year,
        language=press.language,
        at=last_instant(states.values()),
        heading=press.heading,
        title=press.title("class-book"),
        facts=(
            (press.label("class"), press.group(group, calendar, last)),
            (press.label("year"), press.year(calendar)),
            (press.label("homeroom"), ", ".join(homeroom)),
        ),
        parts=tuple(_parts(press, group, pages, sheet, calendar)),
        signatories=(
            press.signatory("homeroom", homeroom), *press.administration(last),
        ),
        accountable=press.accountable(last),
        basis=basis_of(states.values()),
        shows=shown_by(_sources(pages, sheet)),
        size=size,
        landscape=True,
    )  # fmt: skip


def _parts(
    press: Press, group: str, pages: Sequence[Page], sheet: Sheet, calendar: Calendar
) -> Iterator[Part]:
    yield _roll(press, group, calendar)
    yield _subjects(press, pages, calendar)
    for page in pages:
        subject = press.subject(page.journal.subject, calendar)
        name = press.group(page.journal.group, calendar)
        yield Chapter(title=f"{subject}, {name}", facts=page_facts(press, page, calendar))
        yield from page_parts(press, page, calendar)
    yield Chapter(title=press.title("sheet"))
    yield from sheet_parts(press, sheet, begun(sheet), calendar)


def _roll(press: Press, group: str, calendar: Calendar) -> Table:
    times = press.times(calendar)
    spans = spans_of(group, calendar, press.facts, (calendar.since, calendar.until))
    named = sorted(
        ((press.pupil(pupil), pupil) for pupil in spans),
        key=lambda one: (alphabetical(one[0]), one[1]),
    )
    rows = []
    for number, (name, pupil) in enumerate(named, 1):
        first, last = spans[pupil][0][0], spans[pupil][-1][1]
        joined = "" if first is None or first <= calendar.since else times.day(first)
        left = "" if last is None or last >= calendar.until else times.day(last)
        rows.append((str(number), name, joined, left))
    heads = (("number", "number"), ("pupil", "name"), ("joined", "number"), ("left", "number"))
    return Table(
        title=press.label("pupils"),
        columns=tuple(PaperColumn(head=press.label(name), width=width) for name, width in heads),
        rows=tuple(rows),
    )


def _subjects(press: Press, pages: Sequence[Page], calendar: Calendar) -> Table:
    """Who taught what, in the order in which they did."""
    rows = []
    for journal in dict.fromkeys(page.journal for page in pages):
        taught = [
            row
            for row in press.facts.assignments
            if (row.group, row.subject, row.role) == (journal.group, journal.subject, "teacher")
        ]
        taught.sort(key=lambda row: (row.since or date.min, row.account))
        names = dict.fromkeys(press.account(row.account) for row in taught)
        rows.append(
            (
                press.subject(journal.subject, calendar),
                press.group(journal.group, calendar),
                ", ".join(names),
            )
        )
    heads = (("subject", "name"), ("class", "name"), ("teacher", "text"))
    return Table(
        title=press.label("subjects"),
        columns=tuple(PaperColumn(head=press.label(name), width=width) for name, width in heads),
        rows=tuple(rows),
    )


def _sources(pages: Sequence[Page], sheet: Sheet) -> Iterator[Source]:
    for page in pages:
        yield from page_sources(page)
    yield from sheet_sources(sheet, begun(sheet))
