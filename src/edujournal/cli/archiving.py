"""``edujournal close``, ``archive``, ``verify-archive``: a year is done, kept, and believed later."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from attrs import asdict
from rich import box
from rich.table import Table

from edujournal import __version__
from edujournal.adapters.archives import FolderArchive, write_archive
from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.schools.documents import from_json
from edujournal.adapters.schools.kept import kept_regulation_texts, regulation_text
from edujournal.adapters.schools.people import people_of, without_people
from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.archiving.bags import digest_of
from edujournal.archiving.disposing import dispose as due_left
from edujournal.archiving.disposing import is_due
from edujournal.archiving.package import Beside, checker_digest, pack
from edujournal.archiving.reading import Judged, judge
from edujournal.archiving.register import COMMITMENTS, register
from edujournal.archiving.register import erase_people as left_of_people
from edujournal.archiving.results import results_of
from edujournal.cli.findings import FindingTable
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened, opened
from edujournal.cli.verifying import public_keys, public_text, read_authority, show_stamps
from edujournal.errors import BadInput
from edujournal.ledger.checkpoints import origin_of
from edujournal.model.drafts import Archiving, Closing
from edujournal.model.ids import JournalId, year_of_book
from edujournal.model.time import instant, zone
from edujournal.ports import Keeps
from edujournal.rules.loading import parse, shipped
from edujournal.rules.scenes import closing_of, sheet_to_archive
from edujournal.rules.verdicts import Outcome
from edujournal.views import due as dues
from edujournal.views.due import DueList

#: Root of a seal log, as a sheet has it.
_ROOT = re.compile("[0-9A-Fa-f]{64}")


def close(
    journals: Sequence[str],
    place: Place,
    shown: Shown,
    *,
    year: str | None,
    by: str,
    role: str | None,
    complete: bool,
) -> int:
    """Close journals, or all of a year that are still open, and tell what is still owed in them.

    1 where a closing is refused; with *complete*, nothing is closed while something is owed.
    """
    printer = Printer(shown)
    with opened(place, writes=True) as there:
        named = _to_close(there, journals, year)
        books = {one.book for one in named}
        # Asked before the act, of the moment at which the head decides.
        owed = dues.due(one for one in there.journals.due() if one.book in books) if named else None
        if complete and owed is not None and owed.items:
            if printer.json:
                for journal in named:
                    printer.line({"journal": str(journal), "closed": False, **_owed(journal, owed)})
            else:
                printer.text(printer.say("closed_journals", n=0), "bold")
                FindingTable(printer, there).due(owed)
            return 1
        drafts = [Closing(journal=one) for one in named]
        receipts = there.journals.record_many(drafts, by, role=role) if drafts else []
        refused = [one for one in receipts if one.number is None]
        if printer.json:
            for journal, one in zip(named, receipts, strict=True):
                said = {"journal": str(journal), "closed": one.number is not None}
                printer.line(said | _owed(journal, owed))
            return 1 if refused else 0
        printer.text(printer.say("closed_journals", n=len(named) - len(refused)), "bold")
        table = FindingTable(printer, there)
        for one in refused:
            for finding in one.verdict.remarks:
                table.sentence(finding)
        if owed is not None and owed.items:
            table.due(owed)
    return 1 if refused else 0


def _owed(journal: JournalId, owed: DueList | None) -> dict[str, int]:
    """How much is still to be recorded in a journal, and how much of it is overdue."""
    items = [] if owed is None else [one for one in owed.items if one.book == journal.book]
    missing = sum(one.outcome is Outcome.MISSING for one in items)
    return {"pending": len(items) - missing, "missing": missing}


def _to_close(there: Opened, journals: Sequence[str], year: str | None) -> list[JournalId]:
    if bool(journals) is (year is not None):
        raise BadInput(
            "what is to be closed?", where="close", expected="journals, or --year with all of it"
        )
    if year is None:
        return [JournalId.parse(one) for one in journals]
    office = there.journals.state(f"school/{year}")
    # One in which nothing was recorded feeds the sheet of its class as well, and must be closed.
    found = {one for one in there.journals.facts().journals() if one.year == year}
    found.update(
        JournalId.parse(book)
        for book, _ in there.journals.store.books(there.school.id)
        if book.startswith("journal/") and year_of_book(book) == year
    )
    return sorted(one for one in found if closing_of(str(one), office) is None)


def archive(
    folder: Path,
    place: Place,
    shown: Shown,
    *,
    year: str,
    checkpoints: Path | None,
    public: Sequence[str],
    documents: Sequence[Path],
    name: str,
    by: str | None,
    role: str | None,
) -> int:
    """Write the archive of a year, and judge it where it lies; 4 where it is damaged.

    With *by* it goes on record for each class whose journals are closed; 1 where that is refused.
    """
    printer = Printer(shown)
    keys = [public_text(one) for one in public]
    public_keys(keys)
    with opened(place) as there:
        school = there.school
        if by is not None:
            there.journals.facts().account(by)  # a mistyped one is told before anything is written
        origin = origin_of(name, school.id, year)
        kept = None if checkpoints is None else FolderCheckpoints(checkpoints)
        # Checkpoints are read before the books: none of them may know more than the archive has.
        beside = Beside(
            origin=origin,
            notes=() if kept is None else tuple(kept.notes(origin)),
            stamps=() if kept is None else tuple(kept.stamps(origin)),
            keys=keys,
            school=without_people(school),
            people=register(people_of(school), os.urandom),
            regulations=tuple(regulation_files(there.journals.store, school.id, place.regulation)),
            documents=((one.name, _bytes(one)) for one in documents),
        )
        at = there.journals.now()
        store = there.journals.store
        write_archive(folder, pack(store, school.id, year, beside, at=at, version=__version__))
    files = FolderArchive(folder)
    found = judge(files, Ed25519Verifier)
    if not printer.json:
        printer.text(printer.say("archived", folder=folder, year=year), "bold")
    code = _show(printer, found, digest=digest_of(files))
    if code or by is None:
        return code
    with opened(place, writes=True) as there:
        return _hand_over(there, printer, files, year, at, by=by, role=role)


def _hand_over(
    there: Opened,
    printer: Printer,
    files: FolderArchive,
    year: str,
    at: int,
    *,
    by: str,
    role: str | None,
) -> int:
    """Put the archive on record for each class that owes it; 1 where the act is refused.

    A journal that was closed after the instant *at*, when the archive was begun, may be open in it.
    """
    facts, office = there.journals.facts(), there.journals.state(f"school/{year}")
    then = there.journals.state(f"school/{year}", at)
    people = sha256(files[COMMITMENTS]).hexdigest() if COMMITMENTS in files else None
    drafts = []
    for group in facts.calendar(year).groups:
        sheet = sheet_to_archive(group.id, year, facts, then) if group.kind == "class" else None
        if sheet is None:
            continue
        done = (one.hi > (sheet.closed or 0) for one in office.about("archiving", sheet.name))
        if not any(done):
            journals = facts.journals_of_sheet(facts.calendar(year), group.id)
            drafts.append(Archiving(
                group=group.id, year=year, digest=digest_of(files), people=people,
                journals=journals, results=results_of(files, {one.group for one in journals}),
            ))  # fmt: skip
    receipts = there.journals.record_many(drafts, by, role=role) if drafts else []
    refused = [one for one in receipts if one.number is None]
    if printer.json:
        for draft, one in zip(drafts, receipts, strict=True):
            printer.line({"sheet": draft.group, "archived": one.number is not None})
    else:
        printer.text(printer.say("handed_over", n=len(drafts) - len(refused)), "bold")
        table = FindingTable(printer, there)
        for one in refused:
            for finding in one.verdict.remarks:
                table.sentence(finding)
    return 1 if refused else 0


def verify_archive(
    folder: Path,
    shown: Shown,
    *,
    public: Sequence[str],
    anchors: Sequence[str],
    authority: Sequence[Path] = (),
) -> int:
    """Judge an archive; 4 where it is damaged."""
    keys = [public_text(one) for one in public] or None
    found = judge(
        FolderArchive(folder), Ed25519Verifier, keys, [_anchor(one) for one in anchors],
        [read_authority(authority)] if authority else [],
    )  # fmt: skip
    return _show(Printer(shown), found)


def dispose(folder: Path, out: Path, shown: Shown, *, at: str | None) -> int:
    """Write what is left of an archive, and judge it; 4 where the archive, or what is left, is damaged."""
    printer = Printer(shown)
    files = FolderArchive(folder)
    found = judge(files, Ed25519Verifier)
    if found.damages:
        return _show(printer, found)
    calendar = from_json(files["data/school.json"]).facts().calendar(found.year)
    regulations = tuple(
        parse(content, name)
        for name, content in files.items()
        if name.startswith("data/regulations/")
    )
    now = instant(datetime.now(UTC)) if at is None else moment(at)
    day = zone(calendar.zone).local_date(now or 0)
    left = due_left(files, lambda book: is_due(book, regulations, calendar, day))
    write_archive(out, left)
    return _show(printer, judge(FolderArchive(out), Ed25519Verifier))


def erase_people(
    folder: Path, out: Path, shown: Shown, *, ground: str, people: Sequence[str]
) -> int:
    """Write an archive without lines of its register, and judge it; 4 where the archive is damaged."""
    printer = Printer(shown)
    files = FolderArchive(folder)
    found = judge(files, Ed25519Verifier)
    if found.damages:
        return _show(printer, found)
    now = instant(datetime.now(UTC))
    write_archive(out, left_of_people(files, ground, now, people or None))
    return _show(printer, judge(FolderArchive(out), Ed25519Verifier))


def _show(printer: Printer, found: Judged, digest: str | None = None) -> int:
    damages = found.damages
    code = 4 if damages or not found.checker else 0
    if printer.json:
        printer.line(
            {
                "school": found.school, "year": found.year, "origin": found.origin,
                "assurance": found.assurance, "entries": found.assured.books.records,
                "damages": [asdict(one) for one in damages],
                "lacks": [asdict(one) for one in found.lacks],
                "stamps": [asdict(one) for year in found.assured.years for one in year.stamps],
                "stamps_unread": [one for year in found.assured.years for one in year.unread],
                "disposed": list(found.disposed), "results": found.results,
                "unproven": found.unproven, "people": found.people.people,
                "forgotten": len(found.people.erased), "grounds": list(found.people.grounds),
                "checker": found.checker,
                "checker_digest": checker_digest(),
                **({} if digest is None else {"digest": digest}),
            }
        )  # fmt: skip
        return code
    if damages:
        table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, expand=True)
        table.add_column(printer.say("book"), ratio=2, overflow="fold")
        table.add_column(printer.say("record"), justify="right", no_wrap=True)
        table.add_column(printer.say("what"), ratio=5, overflow="fold")
        for one in damages:
            what = f"{one.what}: {one.expected} → {one.found}"
            table.add_row(one.book, str(one.number or ""), what)
        printer.show(table, "")
    reports = found.assured.books
    printer.text(
        printer.say("verified", books=len(reports.books), n=reports.records)
        + printer.say("damages", n=len(damages)),
        "bold red" if damages else "bold",
    )
    printer.text(printer.say(f"assured_{found.assurance or 'none'}", school=found.school))
    if found.disposed:
        printer.paragraph(printer.say("disposed", n=len(found.disposed)))
    if found.results:
        words = printer.say("kept_results", n=found.results, unproven=found.unproven)
        printer.paragraph(words)
    if found.people.people:
        printer.paragraph(printer.say("registered", n=found.people.people))
    if found.people.erased:
        grounds = ", ".join(found.people.grounds)
        words = printer.say("forgotten", n=len(found.people.erased), grounds=grounds)
        printer.paragraph(words)
    show_stamps(printer, found.assured)
    for what in ("checkpoint", "seal", "witness"):
        lacks = [one for one in found.lacks if one.what == what]
        if lacks:
            count = sum(one.count for one in lacks)
            printer.text(printer.say(f"lacks_{what}", years=found.year, n=count), "dim")
    if digest is not None:
        printer.text(printer.say("archive_digest", digest=digest), "dim")
    told = "checker_same" if found.checker else "checker_other"
    printer.text(printer.say(told, digest=checker_digest()), "dim" if found.checker else "bold red")
    return code


def regulation_files(
    store: object, school: str, named: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the regulations: those that are named, else those that the store carries."""
    for one in named:
        yield (f"{one}.toml" if one in shipped() else Path(one).name), regulation_text(one)
    if not named and isinstance(store, Keeps):
        for place, content in enumerate(kept_regulation_texts(store, school), 1):
            yield f"{place}.toml", content


def _anchor(text: str) -> tuple[int, str]:
    size, _, root = text.partition(":")
    if not (size.isascii() and size.isdigit() and _ROOT.fullmatch(root)):
        raise BadInput(
            "not a checkpoint from print", where="--anchor", expected="SIZE:ROOT", found=text
        )
    return int(size), root.lower()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput("a file that cannot be read", where=str(file), found=str(error)) from error
