"""``edujournal verify``: reads every record and tells what is not as it was acknowledged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import asdict
from rich import box
from rich.table import Table

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.adapters.stampers.rfc3161 import Rfc3161Authority
from edujournal.cli.lines import journal_name
from edujournal.cli.options import Place, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.stores import existing
from edujournal.errors import BadInput, Unknown
from edujournal.ledger.assurance import Assurance, Assured, Evidence, YearReport
from edujournal.ledger.checkpoints import Checkpoint, origin_of
from edujournal.ledger.verify import BookReport, Report
from edujournal.model.ids import year_of_book
from edujournal.model.time import format_instant
from edujournal.plain_files import LARGEST_PAPER, read_plain, text_of
from edujournal.ports import Keeps, Store


def verify(
    place: Place,
    shown: Shown,
    *,
    checkpoints: Path | None = None,
    public: Sequence[str] = (),
    anchors: Sequence[str] = (),
    authority: Sequence[Path] = (),
    name: str = "edujournal",
) -> int:
    """Verify every book of a school, or of all schools of the store; 4 where one is damaged."""
    printer = Printer(shown)
    kept = None if checkpoints is None else FolderCheckpoints(checkpoints)
    keys = public_keys(public)
    authorities = (read_authority(authority),) if authority else ()
    reports: list[tuple[str, BookReport]] = []
    found: list[Assured] = []
    with existing(place.store, place.keys) as store, printer.progress("verify") as tick:
        schools = schools_of(store, place.school)
        books = [(school, book) for school in schools for book, _ in _books(store, school)]
        for school in schools:
            years = {year_of_book(book) for owner, book in books if owner == school}
            told = dict(anchor(one, name, school) for one in anchors)
            evidence = {
                year: _evidence(
                    origin_of(name, school, year), kept, keys, told.get(year), authorities
                )
                for year in years | told.keys()
            }
            run = Assurance(store, school, evidence)
            own = []
            for report in run.books():
                own.append(report)
                reports.append((school, report))
                tick(len(reports), len(books))
                if printer.json:
                    printer.line(_line(school, report))
            found.append(Assured(Report(school, tuple(own)), run.years()))
    if printer.json:
        for one in found:
            for year in one.years:
                printer.line(_year_line(one.books.school, year))
    else:
        _show(printer, reports, found)
    return 4 if any(one.assurance is None or any(one.damages) for one in found) else 0


def _evidence(
    origin: str,
    kept: FolderCheckpoints | None,
    keys: Sequence[Ed25519Verifier],
    printed: Checkpoint | None,
    authorities: Sequence[Rfc3161Authority],
) -> Evidence:
    return Evidence(
        origin,
        () if kept is None else tuple(kept.notes(origin)),
        tuple(one for one in keys if not one.is_witness),
        tuple(one for one in keys if one.is_witness),
        () if printed is None else (printed,),
        () if kept is None else tuple(kept.stamps(origin)),
        tuple(authorities),
    )


def read_authority(files: Sequence[Path]) -> Rfc3161Authority:
    """Who reads stamps, by root certificates in files of PEM.

    Raises:
        BadInput: A file cannot be read, or is no certificate.
    """
    try:
        return Rfc3161Authority([file.read_bytes() for file in files])
    except OSError as error:
        raise BadInput(
            "a file that cannot be read", where="--authority", found=str(error)
        ) from error


def schools_of(store: Store, named: str | None) -> list[str]:
    """The schools of a store, or the one that is named.

    Raises:
        BadInput: The store does not name its schools.
        Unknown: It has no such school.
    """
    if not isinstance(store, Keeps):
        raise BadInput("a store that does not name its schools", where="--store")
    known = list(store.schools())
    if named is None:
        return known
    if named not in known:
        raise Unknown("school", named, known)
    return [named]


def public_keys(texts: Sequence[str]) -> list[Ed25519Verifier]:
    """Public keys of options: as text, or each the only line of a file."""
    return [Ed25519Verifier(public_text(one)) for one in texts]


def public_text(text: str) -> str:
    """A public key of an option: as text, or the only line of a file.

    Raises:
        BadInput: The file cannot be read, or is no text.
    """
    path = Path(text)
    if not path.is_file():
        return text
    return text_of(read_plain(path, LARGEST_PAPER, BadInput), str(path), BadInput).strip()


def anchor(text: str, name: str, school: str) -> tuple[str, Checkpoint]:
    """A checkpoint from paper: ``YEAR:SIZE:ROOT``, the root in hex.

    Raises:
        BadInput: It is none.
    """
    year, _, rest = text.partition(":")
    size, _, root = rest.partition(":")
    if not size.isascii() or not size.isdigit() or len(root) != 64:
        raise BadInput(
            "not a checkpoint from print", where="--anchor", expected="YEAR:SIZE:ROOT", found=text
        )
    try:
        return year, Checkpoint(origin_of(name, school, year), int(size), bytes.fromhex(root))
    except ValueError as error:
        raise BadInput(
            "not a root", where="--anchor", expected="64 hex digits", found=root
        ) from error


def _books(store: Store, school: str) -> Iterable[tuple[str, object]]:
    return store.books(school)


def _line(school: str, report: BookReport) -> dict[str, object]:
    return {
        "school": school,
        "journal": journal_name(report.book),
        "records": report.records,
        "head": asdict(report.head),
        "erased": report.erased,
        "ciphered": report.ciphered,
        "assurance": report.assurance,
        "damaged": report.damaged,
        "damages": [asdict(damage) for damage in report.damages],
    }


def _year_line(school: str, year: YearReport) -> dict[str, object]:
    return {
        "school": school,
        "year": year.year,
        "seals": year.size,
        "signed": year.signed,
        "witnessed": year.witnessed,
        "assurance": year.assurance,
        "damages": [asdict(damage) for damage in year.damages],
        "lacks": [asdict(lack) for lack in year.lacks],
        "stamps": [asdict(stamp) for stamp in year.stamps],
        "stamps_unread": list(year.unread),
    }


def _show(
    printer: Printer, reports: list[tuple[str, BookReport]], found: Sequence[Assured]
) -> None:
    count = sum(report.records for _, report in reports)
    beside = [damage for one in found for year in one.years for damage in year.damages]
    damaged = sum(report.damaged for _, report in reports) + len(beside)
    bad = [(school, report) for school, report in reports if report.damaged]
    if bad or beside:
        table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, expand=True)
        table.add_column(printer.say("book"), ratio=2, overflow="fold")
        table.add_column(printer.say("record"), justify="right", no_wrap=True)
        table.add_column(printer.say("what"), ratio=5, overflow="fold")
        for damage in (*(one for _, report in bad for one in report.damages), *beside):
            what = f"{damage.what}: {damage.expected} → {damage.found}"
            table.add_row(journal_name(damage.book), str(damage.number or ""), what)
        printer.show(table, "")
    printer.text(
        printer.say("verified", books=len(reports), n=count) + printer.say("damages", n=damaged),
        "bold red" if damaged else "bold",
    )
    ciphered = sum(report.ciphered for _, report in reports)
    if ciphered:
        printer.text(printer.say("ciphered", n=ciphered))
    for _, report in reports if not bad and len(reports) <= 1 else ():
        printer.text(f"{report.book} {report.head.number} {report.head.hash}")
    for one in found:
        _show_assurance(printer, one)


def show_stamps(printer: Printer, found: Assured) -> None:
    """Say since when the log cannot have been changed, and over what nobody was asked."""
    for year in found.years:
        for stamp in year.stamps[-1:]:
            at = format_instant(stamp.at, "UTC")
            printer.text(printer.say("stamped", year=year.year, size=stamp.size, at=at))
        if year.unread:
            printer.text(printer.say("stamps_unread", year=year.year, n=len(year.unread)), "dim")


def _show_assurance(printer: Printer, found: Assured) -> None:
    """Say what was proven, and what evidence was not there to prove more."""
    level = found.assurance
    school = found.books.school
    if level is None:
        printer.text(printer.say("assured_none", school=school), "bold red")
        return
    printer.text(printer.say(f"assured_{level}", school=school))
    show_stamps(printer, found)
    for what in ("checkpoint", "seal", "witness"):
        lacks = [lack for lack in found.lacks if lack.what == what]
        if lacks:
            years = ", ".join(dict.fromkeys(lack.year for lack in lacks))
            count = sum(lack.count for lack in lacks)
            printer.text(printer.say(f"lacks_{what}", years=years, n=count), "dim")
