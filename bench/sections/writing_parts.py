"""Where the time of a write goes: one that is judged, one made bytes, one kept on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.book import book
from bench.parts import Part, Whole
from bench.school import BOOK, SCHOOL
from bench.sections import coded, judged, kept, live
from bench.size import Size
from bench.writes import week
from edujournal import journals as shell
from edujournal import locking, writing
from edujournal.adapters.stores.files import books, disk
from edujournal.adapters.stores.files import store as store_of_files
from edujournal.adapters.stores.files.keys import KeyIndex
from edujournal.adapters.stores.files.store import FileStore
from edujournal.adapters.stores.sql import transactions
from edujournal.adapters.stores.sql.rows import Rows
from edujournal.journals_core import Core
from edujournal.ledger.books import BookState
from edujournal.ledger.records import Record
from edujournal.ports import Store
from edujournal.projections.keeping import SheetKeeper
from edujournal.rules import (
    approvals,
    basis_kept,
    integrity,
    judging,
    limiting,
    locks,
    markers,
    relations,
    retention,
    rights,
    scenes,
    timing,
    waivers,
)

#: How often the week's marks are judged in a sample.
_TIMES: Final = 20

JUDGED: Final = (
    Part("the draft made an entry", ((judged, "provisional"),)),
    Part("what it is about", ((scenes.Occasions, "of"),)),
    Part("the hand: role and right", ((rights, "of_entry"),)),
    Part(
        "whether it can be: the lesson held, the pupil on the roll, the value on the scale",
        ((integrity, "of_entry"), (basis_kept, "of_entry")),
    ),
    Part("which windows it has", ((judging.Judge, "duties"),)),
    Part(
        "whether it is in time",
        ((timing, "of_entry"), (judging, "reopened"), (judging, "says_something")),
    ),
    Part("how it stands to other entries", ((relations, "of_entry"),)),
    Part(
        "limits, markers, locks, approvals, keeping, waivers",
        (
            (limiting, "of_entry"), (markers, "of_entry"), (locks, "of_entry"),
            (approvals, "of_entry"), (retention, "of_entry"), (waivers, "excused"),
        ),
    ),
    Part("the verdict out of findings", ((judging, "verdict"),)),
)  # fmt: skip


def judged_write(_size: Size) -> Whole:
    """Marks judged by a kept Judge."""
    of = week()
    writes = of.writes()
    run = judged.kept_judge(writes, of)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield lambda: [run() for _ in range(_TIMES)]

    return Whole(
        "write-parts",
        "Where the time of one judged write goes",
        "write",
        _TIMES * len(writes),
        work,
        JUDGED,
        "what leads from one to the next, findings put in order; and the timers",
        (
            "A kept Judge, facts in memory; the timers cost what the last row is less than the first.",
        ),
    )


#: What makes a record; the entry is there.
RECORDED: Final = (
    Part("the body built, texts committed to", ((writing.BookAct, "_body"),)),
    Part("its canonical bytes", ((writing, "encode"),)),
    Part("the chained hash", ((writing, "entry_hash"),)),
    Part("the index", ((writing, "index_from"),)),
)


def made_record(size: Size) -> Whole:
    """Records made of entries."""
    of = book(size.books[0])
    by = coded.writer(of)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield lambda: coded.written(of, by)

    return Whole(
        "dump-parts",
        "Where the time of one entry to bytes goes",
        "entry",
        len(of.entries),
        work,
        RECORDED,
        "the record and the entry with its hash, as objects",
    )


#: What a write goes through before a store is asked, and after it.
_SHELL: Final = (
    Part("the school asked for what must be known", ((Core, "draft"), (shell.Journals, "_settle"))),
    Part("judged", ((writing, "judge_all"),)),
    Part(
        "body, canonical bytes, hash, index",
        tuple(place for part in RECORDED for place in part.places),
    ),
    Part("the book as it stands brought up to date", ((Core, "take"), (BookState, "apply"))),
    Part("the access log, of refusals", ((locking.Locking, "note"),)),
)

STATEMENTS: Final = (
    Part(
        "statements: the head locked, other books looked at", ((Rows, "lock_head"), (Rows, "tail"))
    ),
    Part("statements: entry, head, order of the school", ((Rows, "put"), (Rows, "keep"))),
    Part("the commit, until it is on the disk", ((transactions, "commit"),)),
)

_FILES: Final = (
    Part("waiting for the disk", ((disk, "_sync"), (disk, "sync_folder"))),
    Part("the folder of the school locked", ((disk, "_lock_folder"),)),
    Part("the head read, and whether the book is whole", ((FileStore, "_settled"),)),
    Part("the order of the school", ((FileStore, "_order"),)),
    Part("client keys", ((KeyIndex, "note"),)),
    Part(
        "the batch checked, each record hashed again",
        ((store_of_files, "check_batch"), (store_of_files, "check_links")),
    ),
    Part("lines of the log and of the texts made", ((books, "log_line"), (books, "private_line"))),
    Part("the log, the texts, the head written", ((books.BookFolder, "append"),)),
)


def recorded(size: Size) -> Whole:
    """One mark after another by ``record_many`` on SQLite."""
    asked = kept.drafts(size.singles + 1)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        with TemporaryDirectory(dir=size.folder) as folder, kept.in_database(Path(folder)) as store:
            over = kept.journals(store)
            over.record_many(asked[:1], by="t-1")
            yield lambda: [over.record_many([one], by="t-1") for one in asked[1:]]

    return Whole(
        "append-parts",
        "Where the time of a durable record on SQLite goes",
        "entry",
        size.singles,
        work,
        (*_SHELL, *STATEMENTS),
        "sessions of SQLAlchemy, locks, receipts",
        ("record_many with one mark a call, as in the table of durable appends.",),
    )


def filed(size: Size) -> Whole:
    """One record after another appended to files."""
    return _filed(
        size, "files-parts", "Where the time of a durable append to files goes", size.singles, 1
    )


def filed_groups(size: Size) -> Whole:
    """A hundred records after another appended to files."""
    title = "Where the time of a durable append of 100 entries to files goes"
    return _filed(size, "files100-parts", title, size.groups, 100)


def _filed(size: Size, name: str, title: str, commits: int, each: int) -> Whole:
    groups = kept.grouped(kept.records((commits + 1) * each), each)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        with TemporaryDirectory(dir=size.folder) as folder, kept.in_files(Path(folder)) as store:
            appended(store, groups[:1])
            yield lambda: appended(store, groups[1:])

    return Whole(
        name,
        title,
        "entry",
        commits * each,
        work,
        _FILES,
        "files opened and closed; and the timers",
        (
            (
                f"An append of marks waits for the disk {waits(size)} times: for the log, and then for"
                " the head that says where it ends. The least that keeps bytes waits once."
            ),
        ),
    )


def appended(store: Store, groups: Sequence[Sequence[Record]]) -> None:
    """Append one group of records after another."""
    for some in groups:
        store.append(SCHOOL, BOOK, some, some[0].number - 1)


def waits(size: Size) -> int:
    """How often an append of one mark to a book of files waits for the disk; counted."""
    some = kept.records(2)
    counted = 0
    real = disk._sync  # noqa: SLF001 - counted where it is called

    def count(handle: int) -> None:
        nonlocal counted
        counted += 1
        real(handle)

    with TemporaryDirectory(dir=size.folder) as folder, kept.in_files(Path(folder)) as store:
        store.append(SCHOOL, BOOK, some[:1], 0)
        disk._sync = count  # type: ignore[misc]  # noqa: SLF001 - put back below
        try:
            store.append(SCHOOL, BOOK, some[1:], 1)
        finally:
            disk._sync = real  # type: ignore[misc]  # noqa: SLF001 - as it was
    return counted


def kept_sheets(size: Size) -> Whole:
    """Results recorded on SQLite with sheets kept in the same transaction."""
    return Whole(
        "kept-parts",
        "Where the time of a durable result with its sheet kept goes",
        "entry",
        size.singles,
        lambda: live.recording(live.results, size, keeps=True),
        (Part("results of the journal found and written", ((SheetKeeper, "hand_over"),)),
         *_SHELL, *STATEMENTS),
        "sessions of SQLAlchemy, locks, receipts",
    )  # fmt: skip


#: Each by the name of its section.
WHOLES: Final[dict[str, Callable[[Size], Whole]]] = {
    "write-parts": judged_write,
    "dump-parts": made_record,
    "append-parts": recorded,
    "files-parts": filed,
    "files100-parts": filed_groups,
    "kept-parts": kept_sheets,
}
