"""``python -m bench``: measure, print a table, keep and compare figures, write the page."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from attrs import evolve

from bench.figures import Figures, Section
from bench.page import PAGE, page
from bench.report import compared, table
from bench.sections import (
    audited,
    coded,
    crowded,
    hashed,
    held,
    joined,
    judged,
    kept,
    kinds,
    lakes,
    live,
    paged,
    phases,
    reading_parts,
    remembered,
    scanned,
    served,
    started,
    summed,
    writing_parts,
)
from bench.size import FULL, QUICK, Size


def _apart(name: str) -> Callable[[Size], Section]:
    """The parts of a piece of work."""
    make = {
        **writing_parts.WHOLES,
        **reading_parts.WHOLES,
        "memory-parts": phases.in_memory,
        "peak": held.memory,
    }[name]
    return lambda size: make(size).section(size.rounds)


SECTIONS: Final[dict[str, Callable[[Size], Section]]] = {
    "write": judged.one_write,
    "write-parts": _apart("write-parts"),
    "batch": judged.batch,
    "audit": audited.audit,
    "lake": lakes.audit,
    "phases": phases.phases,
    "kinds": kinds.audit,
    "memory": remembered.audit,
    "memory-parts": _apart("memory-parts"),
    "peak": held.memory,
    "join": joined.join,
    "scan": scanned.scan,
    "scan-postgresql": scanned.scan_server,
    "scan-parts": _apart("scan-parts"),
    "append": kept.singles,
    "append100": kept.groups,
    "append-parts": _apart("append-parts"),
    "files-parts": _apart("files-parts"),
    "files100-parts": _apart("files100-parts"),
    "postgresql": served.singles,
    "postgresql100": served.groups,
    "postgresql-parts": served.parts,
    "writers-files": crowded.on_files,
    "writers-sqlite": crowded.on_sqlite,
    "writers-postgresql": crowded.on_postgresql,
    "page": paged.page,
    "page-parts": _apart("page-parts"),
    "live": live.sheets,
    "live-parts": _apart("live-parts"),
    "kept": live.kept,
    "kept-parts": _apart("kept-parts"),
    "sheets": summed.made,
    "sheets-parts": _apart("sheets-parts"),
    "bytes": hashed.made,
    "dump": coded.dumped,
    "dump-parts": _apart("dump-parts"),
    "load": coded.loaded,
    "load-parts": _apart("load-parts"),
    "verify": hashed.checked,
    "start": started.start,
    "command": started.command,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run with rough figures")
    parser.add_argument(
        "--only", action="append", choices=SECTIONS, help="measure this section; may be repeated"
    )
    parser.add_argument("--rounds", type=int, help="so many rounds of each section")
    parser.add_argument(
        "--dir", type=Path, help="put stores into this folder for a while: choose the disk"
    )
    parser.add_argument("--out", type=Path, help="write the figures to this file, as JSON")
    parser.add_argument(
        "--from", type=Path, dest="source", help="measure nothing; take the figures of this file"
    )
    parser.add_argument("--against", type=Path, help="compare with the figures of this file")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.as_posix()}")
    asked = parser.parse_args(arguments)
    old = Figures.load(asked.against) if asked.against else None
    if asked.source:
        figures = Figures.load(asked.source)
    else:
        size = evolve(QUICK if asked.quick else FULL, folder=asked.dir)
        if asked.rounds:
            size = evolve(size, rounds=asked.rounds, starts=asked.rounds, audits=asked.rounds)
        figures = _measure(size, asked.only or list(SECTIONS), quick=asked.quick)
    for line in table(figures):
        print(line)
    if old is not None:
        print()
        for line in compared(figures, old):
            print(line)
    if asked.out:
        figures.dump(asked.out)
    if asked.page:
        PAGE.write_text(page(figures), "utf-8")


def _measure(size: Size, names: Sequence[str], *, quick: bool) -> Figures:
    return Figures(tuple(SECTIONS[name](size) for name in SECTIONS if name in names), quick)


if __name__ == "__main__":
    main()
