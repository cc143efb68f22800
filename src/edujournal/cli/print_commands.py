"""The commands that print papers, their options and their help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Group, Parameter

from edujournal.cli.options import Place, Shown, day

prints = App(
    name="print",
    help="Print papers of the journals, as PDF or HTML: pages, sheets, diaries and others.",
    help_format="plaintext",
)

_NO_SHOWN = Shown()
_MADE = Group("How to make the paper", sort_key=0)

Size = Literal["A4", "A3"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Made:
    """How a paper is made, and what certifies it."""

    out: Annotated[Path, Parameter(group=_MADE, help="File to be written: NAME.pdf, or NAME.html.")]
    heading: Annotated[
        str, Parameter(group=_MADE, help="Name of the school, above the title; its id by default.")
    ] = ""
    fonts: Annotated[
        Path | None, Parameter(group=_MADE, help="Folder with more fonts, for other scripts.")
    ] = None
    at: Annotated[
        str | None,
        Parameter(
            group=_MADE,
            help="Moment to look at, such as 2026-11-02T09:00:00+03:00; by default now.",
        ),
    ] = None
    by: Annotated[
        str | None,
        Parameter(group=_MADE, help="Account that prints; the access log then tells of it."),
    ] = None
    checkpoints: Annotated[
        Path | None,
        Parameter(group=_MADE, help="Folder with checkpoints: the paper is certified by the last."),
    ] = None
    name: Annotated[
        str, Parameter(group=_MADE, help="What the logs of these schools are named by.")
    ] = "edujournal"
    checker: Annotated[
        Path | None,
        Parameter(group=_MADE, help="The verify.py of an archive, whose digest is printed."),
    ] = None
    sign: Annotated[
        tuple[Path, ...],
        Parameter(
            group=_MADE,
            negative=(),
            help="Key as PKCS #12 that signs the PDF, its password in EDUJOURNAL_SIGN_PASSWORD; may"
            " be repeated.",
        ),
    ] = ()
    issue: Annotated[
        str | None,
        Parameter(group=_MADE, help="Name of the copy: it is put into the register, by --by."),
    ] = None
    to: Annotated[str | None, Parameter(group=_MADE, help="To whom the copy is issued.")] = None
    signed_by: Annotated[
        tuple[str, ...],
        Parameter(group=_MADE, negative=(), help="Account that signs it; may be repeated."),
    ] = ()


Size4 = Annotated[Size, Parameter(help="Size of the paper.")]
Since = Annotated[str | None, Parameter(help="First day, by default this week's Monday.")]
Until = Annotated[str | None, Parameter(help="Day after the last one; by default a week later.")]
Year = Annotated[str | None, Parameter(help="Academic year, if the school has several.")]


@prints.command
def page(
    journal: Annotated[str, Parameter(help="Journal, such as 7A/alg/2026.")],
    /,
    *,
    since: Annotated[str | None, Parameter(help="First day, such as 2026-09-01.")] = None,
    until: Annotated[str | None, Parameter(help="Day after the last one.")] = None,
    size: Size4 = "A4",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print a page of a journal, by default of the period in which the moment lies."""
    from edujournal.cli.options import day
    from edujournal.cli.prints import print_paper

    first, last = day(since, "--since"), day(until, "--until")
    return print_paper(
        lambda papers: papers.page(journal, first, last, size=size), made, place, shown
    )


@prints.command
def sheet(
    group: Annotated[str, Parameter(help="Class, such as 7A.")],
    /,
    *,
    period: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(), help="Period, such as q1; may be repeated. By default all with results."
        ),
    ] = (),
    year: Year = None,
    size: Annotated[Size, Parameter(help="Size of the paper.")] = "A3",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print the summary sheet of a class, as it is certified and archived."""
    from edujournal.cli.prints import print_paper

    return print_paper(
        lambda papers: papers.sheet(group, year, periods=period, size=size), made, place, shown
    )


@prints.command
def diary(
    pupil: Annotated[str, Parameter(help="Id of the pupil, such as p-17.")],
    /,
    *,
    week: Annotated[
        str | None, Parameter(help="Any day of the week, such as 2026-09-15; by default today.")
    ] = None,
    size: Size4 = "A4",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print a week of a pupil's diary, for those who read on paper."""
    from edujournal.cli.prints import print_paper

    wanted = day(week, "--week")
    return print_paper(lambda papers: papers.diary(pupil, wanted, size=size), made, place, shown)


@prints.command(name="class-book")
def class_book(
    group: Annotated[str, Parameter(help="Class, such as 7A.")],
    /,
    *,
    year: Year = None,
    size: Size4 = "A4",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print the journal of a class for a year: roll, subjects, every page, the summary sheet."""
    from edujournal.cli.prints import print_paper

    return print_paper(lambda papers: papers.class_book(group, year, size=size), made, place, shown)


@prints.command(name="work-sheet")
def work_sheet(
    account: Annotated[str, Parameter(help="Account of the teacher, such as t-ivanova.")],
    /,
    *,
    since: Since = None,
    until: Until = None,
    size: Size4 = "A4",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print the work sheet of a teacher: lessons and rolls of a week, with room to write."""
    from edujournal.cli.prints import print_paper

    first, last = day(since, "--since"), day(until, "--until")
    return print_paper(
        lambda papers: papers.work_sheet(account, first, last, size=size), made, place, shown
    )


@prints.command
def extract(
    pupil: Annotated[str, Parameter(help="Id of the pupil, such as p-17.")],
    /,
    *,
    on: Annotated[
        str | None, Parameter(help="Day on which the pupil leaves; by default today.")
    ] = None,
    size: Size4 = "A4",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print what a pupil takes along to another school: results, and the marks given since."""
    from edujournal.cli.prints import print_paper

    leaves = day(on, "--on")
    return print_paper(lambda papers: papers.extract(pupil, leaves, size=size), made, place, shown)


@prints.command
def verification(
    group: Annotated[str, Parameter(help="Class, such as 7A.")],
    /,
    *,
    since: Since = None,
    until: Until = None,
    size: Size4 = "A4",
    made: Made,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Print the sheet by which a class's journals are compared with paper after an outage."""
    from edujournal.cli.prints import print_paper

    first, last = day(since, "--since"), day(until, "--until")
    return print_paper(
        lambda papers: papers.verification(group, first, last, size=size), made, place, shown
    )


@prints.command
def issued(
    *,
    year: Year = None,
    touched: Annotated[
        bool, Parameter(negative=(), help="Only copies that show what was changed since.")
    ] = False,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """List the copies that were issued, and what was changed since of what they show."""
    from edujournal.cli.prints import issued

    return issued(year, place, shown, touched=touched)
