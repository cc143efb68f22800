"""``edujournal verify``: reads every record and tells what is not as it was acknowledged."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import asdict
from rich import box
from rich.table import Table

from edujournal.cli.lines import journal_name
from edujournal.cli.options import Place, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.stores import existing
from edujournal.errors import BadInput, Unknown
from edujournal.ledger.verify import BookReport, verify_books
from edujournal.ports import Keeps, Store


def verify(place: Place, shown: Shown) -> int:
    """Verify every book of a school, or of all schools of the store; 4 where one is damaged."""
    printer = Printer(shown)
    reports: list[tuple[str, BookReport]] = []
    with existing(place.store) as store, printer.progress("verify") as tick:
        schools = _schools(store, place.school)
        books = [(school, book) for school in schools for book, _ in _books(store, school)]
        for school in schools:
            for report in verify_books(store, school):
                reports.append((school, report))
                tick(len(reports), len(books))
                if printer.json:
                    printer.line(_line(school, report))
    if not printer.json:
        _show(printer, reports)
    return 4 if any(report.damaged for _, report in reports) else 0


def _books(store: Store, school: str) -> Iterable[tuple[str, object]]:
    return store.books(school)


def _schools(store: Store, named: str | None) -> list[str]:
    if not isinstance(store, Keeps):
        raise BadInput("a store that does not name its schools", where="--store")
    known = list(store.schools())
    if named is None:
        return known
    if named not in known:
        raise Unknown("school", named, known)
    return [named]


def _line(school: str, report: BookReport) -> dict[str, object]:
    return {
        "school": school,
        "journal": journal_name(report.book),
        "records": report.records,
        "head": asdict(report.head),
        "erased": report.erased,
        "assurance": report.assurance,
        "damaged": report.damaged,
        "damages": [asdict(damage) for damage in report.damages],
    }


def _show(printer: Printer, reports: list[tuple[str, BookReport]]) -> None:
    count = sum(report.records for _, report in reports)
    damaged = sum(report.damaged for _, report in reports)
    bad = [(school, report) for school, report in reports if report.damaged]
    if bad:
        table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, expand=True)
        table.add_column(printer.say("book"), ratio=2, overflow="fold")
        table.add_column(printer.say("record"), justify="right", no_wrap=True)
        table.add_column(printer.say("what"), ratio=5, overflow="fold")
        for _, report in bad:
            for damage in report.damages:
                what = f"{damage.what}: {damage.expected} → {damage.found}"
                table.add_row(journal_name(damage.book), str(damage.number or ""), what)
        printer.show(table, "")
    printer.text(
        printer.say("verified", books=len(reports), n=count) + printer.say("damages", n=damaged),
        "bold red" if damaged else "bold",
    )
    for _, report in reports if not bad and len(reports) <= 1 else ():
        printer.text(f"{report.book} {report.head.number} {report.head.hash}")
