"""``edujournal backup`` and ``restore``: a store copied while it lives, and brought back."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.opening import open_store
from edujournal.archiving.copying import copy_school
from edujournal.cli.options import Shown
from edujournal.cli.printing import Printer
from edujournal.cli.stores import existing
from edujournal.cli.verifying import schools_of
from edujournal.errors import BadInput
from edujournal.ledger.verify import verify
from edujournal.ports import Store


def backup(folder: Path, store: str, school: str | None, shown: Shown) -> int:
    """Copy schools into a new store of files, which is there as a whole or not at all; verify it."""
    place = folder.absolute()
    if place.exists():
        raise BadInput("a folder that is there already", where=str(place), expected="a new folder")
    aside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with existing(store) as source, FileStore(aside) as target:
            code = _copy(source, target, schools_of(source, school), Printer(shown))
        aside.replace(place)
    finally:
        if aside.exists():
            rmtree(aside)
    return code


def restore(folder: Path, store: str, school: str | None, shown: Shown) -> int:
    """Copy schools of a backup into a store that has none of their books; verify it."""
    with existing(f"file:{folder}") as source, open_store(store) as target:
        return _copy(source, target, schools_of(source, school), Printer(shown))


def _copy(source: Store, target: Store, schools: list[str], printer: Printer) -> int:
    code = 0
    for school in schools:
        with printer.progress("copy") as tick:
            heads = copy_school(source, target, school, lambda n: tick(n, n))
        report = verify(target, school)
        entries = sum(head.number for head in heads.values())
        damages = sum(one.damaged for one in report.books)
        code = 4 if damages else code
        if printer.json:
            printer.line(
                {
                    "school": school, "books": len(heads), "entries": entries,
                    "assurance": report.assurance, "damages": damages,
                }
            )  # fmt: skip
        else:
            told = printer.say("copied", school=school, books=len(heads), n=entries)
            printer.text(
                told + printer.say("damages", n=damages), "bold red" if damages else "bold"
            )
    return code
