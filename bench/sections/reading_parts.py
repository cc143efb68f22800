"""Where the time of reading goes: a page, one entry out of its bytes, a school into columns, a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.book import book
from bench.classes import CLASS, classes
from bench.parts import Part, Whole
from bench.region import region, scanned
from bench.sections import live, paged, summed
from bench.size import Size
from edujournal import journals as shell
from edujournal import living, viewing, writing
from edujournal.adapters.exchange.lake import stored
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import rows
from edujournal.adapters.stores.sql.store import SqlStore
from edujournal.projections.followed import Followed
from edujournal.projections.sheets import LiveSheet
from edujournal.views import sheet as sheets
from edujournal.views.sheet import SheetFrame
from edujournal.writing import entry_of

#: From the bytes of a record to its entry.
PROVEN: Final = (
    Part("the body read, and written again: whether it is canonical", ((writing, "decode"),)),
    Part("texts, and whether they are those committed to", ((writing, "open_texts"),)),
    Part("the entry made an object", ((writing, "entry_in"),)),
)

_CHAIN: Final = Part("hash and chain", ((writing, "entry_hash"),))

_FILE: Final[Any] = stored._File  # noqa: SLF001 - what writes columns is nothing public


def loaded(size: Size) -> Whole:
    """Entries read out of their records."""
    of = book(size.books[0])

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield lambda: [entry_of(record) for record in of.records]

    return Whole(
        "load-parts",
        "Where the time of one entry from bytes goes",
        "entry",
        len(of.records),
        work,
        PROVEN,
        "the call; and the timers",
    )


def page_read(size: Size) -> Whole:
    """Books read one after another out of a database, by ``Journals.entries``."""
    wanted = paged.read(size.shelf)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        with TemporaryDirectory(dir=size.folder) as name:
            paged.fill_ours(folder := Path(name), wanted)
            with paged.by_journals(folder) as reading:
                reading(wanted[0])
                yield lambda: [reading(one) for one in wanted]

    return Whole(
        "page-parts",
        "Where the time of a page read goes",
        "entry",
        len(wanted) * paged.ENTRIES,
        work,
        (
            Part("rows out of the database", ((SqlStore, "_records"),)),
            Part("rows made records", ((rows, "record_of"),)),
            _CHAIN,
            *PROVEN,
        ),
        "what leads from one to the next; and the timers",
        ("Journals.entries on SQLite; nothing but these books lies in the database.",),
    )


def into_columns(size: Size) -> Whole:
    """The smaller school out of SQLite into columns."""
    of, _ = (region(number, days) for number, days in size.schools)

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield lambda: scanned(of)

    return Whole(
        "scan-parts",
        "Where the time of a school into columns goes",
        "entry",
        of.entries,
        work,
        (
            Part("rows out of the database", ((rows.Rows, "scanned"),)),
            Part("rows made records", ((rows, "record_of"),)),
            _CHAIN,
            *PROVEN,
            Part("the row of an entry: what rules can tell apart of it", ((stored, "row_of"),)),
            Part("columns written to Parquet", ((_FILE, "put"), (_FILE, "_flush"))),
        ),
        "what leads from one to the next; and the timers",
    )


def looked_at(size: Size) -> Whole:
    """The kept sheet of a class looked at after each entry."""

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        journals = classes(size.classes[0]).journals()
        journals.live.sheet(CLASS)
        yield lambda: live.looks(journals)

    return Whole(
        "live-parts",
        "Where the time of a sheet after an entry goes",
        "entry",
        live.ENTRIES,
        work,
        (
            Part("the entry recorded, which the table of sheets does not count",
                 ((shell.Journals, "record"),)),
            Part("the school's data asked for, to see whether they changed",
                 ((living, "gather_all"), (living, "_say_the_same"))),
            Part("stores asked for what is new in each journal",
                 ((MemoryStore, "read"), (Followed, "take"))),
            Part("results of the journals with new entries",
                 ((living, "results_of"), (living, "results_after"))),
            Part("the row of the pupil made again", ((SheetFrame, "row"),)),
            Part("the sheet put together", ((LiveSheet, "take"), (LiveSheet, "sheet"))),
        ),
        "what leads from one to the next",
    )  # fmt: skip


def made_anew(size: Size) -> Whole:
    """The sheets of all classes made out of a store in memory."""
    of = summed.summed(size.classes[1])

    @contextmanager
    def work() -> Iterator[Callable[[], object]]:
        yield of.sheets

    return Whole(
        "sheets-parts",
        "Where the time of sheets made from the beginning goes",
        "entry",
        len(of.facts),
        work,
        (
            Part("the school's data gathered", ((viewing, "gather_all"),)),
            Part("books read, proven and applied", ((shell.Journals, "state"),)),
            Part("results of the journals", ((sheets, "results_of"),)),
            Part("rolls and columns found", ((SheetFrame, "__init__"), (SheetFrame, "columns"))),
            Part("rows and cells", ((SheetFrame, "row"),)),
        ),
        "what leads from one to the next",
    )


#: Each by the name of its section.
WHOLES: Final[dict[str, Callable[[Size], Whole]]] = {
    "load-parts": loaded,
    "page-parts": page_read,
    "scan-parts": into_columns,
    "live-parts": looked_at,
    "sheets-parts": made_anew,
}
