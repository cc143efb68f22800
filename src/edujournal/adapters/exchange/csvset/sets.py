"""The journal CSV set: a folder of files with documented columns, read as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from attrs import field, frozen

from edujournal.adapters.exchange.csvset.columns import SHEETS
from edujournal.adapters.exchange.csvset.frame import Frame
from edujournal.adapters.exchange.csvset.index import KINDS
from edujournal.adapters.exchange.csvset.layout import Layout
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.reader import Reader
from edujournal.adapters.exchange.csvset.records import Records
from edujournal.adapters.exchange.csvset.rosters import Rosters
from edujournal.adapters.exchange.csvset.tables import Limits, Table
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadFile, BadInput, nearest
from edujournal.model.drafts import Draft
from edujournal.model.people import Account, RoleSpan

#: Role of the account that records what is imported, and the account's id where people.csv has none.
IMPORTER: Final = "importer"

_CHUNK: Final = 1 << 20


@frozen(eq=False)
class CsvSet:
    """A faultless journal CSV set. Its entries are read again whenever they are asked for.

    *Version added: 0.1.*

    Attributes:
        folder: Where the files are.
        digest: Digest of all its files, 64 hex digits: equal sets have equal digests.
        school: The school as the files tell of it.
        importer: Account that records what is imported.
        counts: Rows by file.
        kinds: Rows of works.csv and entries.csv by kind of record.
        precision: Rows by how finely their recording is known: ``instant``, ``day``, ``interval``,
            ``unknown``.
        extra: Unknown columns by file, each with the number of its cells that are not empty.
    """

    folder: Path
    digest: str
    school: PlainSchool
    importer: str
    counts: Mapping[str, int]
    kinds: Mapping[str, int]
    precision: Mapping[str, int]
    extra: Mapping[str, Mapping[str, int]]
    records: Records = field(repr=False)
    layout: Layout = field(repr=False)

    @property
    def importing_school(self) -> PlainSchool:
        """The school with the importer's account in it."""
        return with_importer(self.school, self.importer)

    def drafts(self) -> Iterator[tuple[Draft, str]]:
        """Yield every draft with its evidence, and the account by which it is imported.

        Works come first, then entries by the moment of their recording, or of their occasion where
        that is not known; in each act of an import substitutions come first. A change names the
        number that its target has in a book without other entries.
        """
        numbers = self.layout.numbers()
        with self.reader() as reader:
            for number in chain.from_iterable(map(self.layout.recorded, range(len(self.layout)))):
                target = self.records.targets.get(number)
                draft, _ = reader.draft(number, None if target is None else numbers[target])
                yield draft, self.importer

    def reader(self) -> Reader:
        """Open the files for reading rows again.

        Raises:
            BadFile: They are not what they were.
        """
        if digest_of(self.folder) != self.digest:
            raise changed(self.folder)
        return Reader(self.records)

    def extra_cells(self) -> Iterator[tuple[str, int, Mapping[str, str]]]:
        """Yield the cells of unknown columns: file, line, and the cells by column."""
        problems = Problems()
        for sheet in SHEETS:
            if sheet.name in self.extra:
                for row in Table(self.folder, sheet, Limits(), problems).rows():
                    if row.extra:
                        yield sheet.name, row.line, row.extra


def changed(folder: Path) -> BadFile:
    """The error of files that are not what they were when they were checked."""
    return BadFile(
        "the files have changed since they were checked",
        where=str(folder),
        mend="Read the set, or plan the import, again.",
    )


def with_importer(school: PlainSchool, importer: str) -> PlainSchool:
    """*school* with an account that may import, if it has none of that id."""
    if any(account.id == importer for account in school.accounts()):
        return school
    account = Account(importer, roles=(RoleSpan(IMPORTER),))
    return PlainSchool(
        school.id,
        school.calendars(),
        school.lessons(),
        school.memberships(),
        school.assignments(),
        (*school.accounts(), account),
        school.names,
        school.lacks,
    )


def read_set(folder: str | Path, limits: Limits | None = None) -> CsvSet:
    """Read a journal CSV set: every file, every row, every reference between them.

    Args:
        folder: The folder with the files; see the reference of the journal CSV set.
        limits: How much is read before a file is held to be hostile.

    Raises:
        BadFile: Every fault of every file, each with file, line and column; nothing was imported.

    *Version added: 0.1.*
    """
    found, problems = look(Path(folder), limits or Limits())
    if found is None:
        raise BadFile(problems.all())
    return found


def look(folder: Path, limits: Limits) -> tuple[CsvSet | None, Problems]:
    """Read a set and gather its faults; the set is None where there are any."""
    problems = Problems(limits.problems)
    if not folder.is_dir():
        problems.add(str(folder), "no such folder", "a folder with the files of the set")
        return None, problems
    _check_files(folder, problems)
    digest = digest_of(folder)
    tables = {sheet.name: Table(folder, sheet, limits, problems) for sheet in SHEETS}
    for sheet in SHEETS:
        if sheet.needed and not tables[sheet.name].exists:
            problems.add(
                sheet.name, "a file that is missing", "columns " + ", ".join(sheet.required)
            )
    frame = Frame(tables["calendar.csv"], tables["groups.csv"], tables["subjects.csv"], problems)
    rosters = Rosters(frame, tables, problems)
    importer = _importer(rosters, problems)
    school = _school(frame, rosters, problems)
    records = Records(frame, rosters, None if school is None else school.facts(), tables, problems)
    if school is None or problems.count:
        return None, problems
    kinds = Counter(KINDS[kind] for kind in records.kinds)
    extra = {name: dict(table.extra) for name, table in tables.items() if table.extra}
    counts = {name: table.count for name, table in tables.items() if table.exists}
    found = CsvSet(
        folder, digest, school, importer, counts, dict(kinds), dict(records.precision), extra,
        records, Layout(records),
    )  # fmt: skip
    return found, problems


def digest_of(folder: Path) -> str:
    """Digest of the files of a set: names and bytes, in the order of the documentation."""
    whole = hashlib.sha256(b"edujournal/csvset/v1\n")
    for sheet in SHEETS:
        path = folder / sheet.name
        if not path.is_file():
            continue
        content = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                content.update(chunk)
        whole.update(f"{sheet.name} {content.hexdigest()}\n".encode())
    return whole.hexdigest()


def _check_files(folder: Path, problems: Problems) -> None:
    known = [sheet.name for sheet in SHEETS]
    for path in sorted(folder.iterdir()):
        if path.suffix.casefold() == ".csv" and path.name not in known:
            near = nearest(path.name.casefold(), known)
            problems.add(
                path.name,
                "an unknown file",
                ", ".join(known),
                mend=f"Did you mean {near!r}?" if near else "Take it out of the folder.",
            )


def _importer(rosters: Rosters, problems: Problems) -> str:
    """The account that may import; one is added where nobody may."""
    for id, account in sorted(rosters.accounts.items()):
        if any(span.role == IMPORTER for span in account.roles):
            return id
    if IMPORTER in rosters.accounts:
        problems.add(
            rosters.place_of(IMPORTER, "roles"),
            "an account 'importer' that may not import",
            "the role 'importer'",
            mend="Give it the role, or another account.",
        )
    return IMPORTER


def _school(frame: Frame, rosters: Rosters, problems: Problems) -> PlainSchool | None:
    if problems.count or not frame.calendars:
        return None
    try:
        return PlainSchool(
            frame.school,
            frame.calendars,
            rosters.lessons.values(),
            rosters.memberships,
            rosters.assignments,
            rosters.accounts.values(),
            rosters.names,
            frozenset(frame.lacks),
        )
    except BadInput as error:
        problems.take(*error.problems)
        return None
