"""``edujournal export``: the journals as files, as they are or under pseudonyms."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from edujournal.adapters.exchange.csvset import write_set
from edujournal.adapters.exchange.csvset.columns import ENTRY_ROWS
from edujournal.adapters.exchange.pseudonyms import KEY_SIZE, Few, pseudonymised
from edujournal.cli.options import Place, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.private_files import write_private
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput
from edujournal.model.entries import Entry
from edujournal.model.ids import is_log
from edujournal.views.speaking import Speaker


def export(
    folder: str,
    place: Place,
    shown: Shown,
    key_file: str | None,
    small: int,
    *,
    pseudonymised: bool,
    spreadsheet: bool = False,
) -> int:
    """Write a journal CSV set; 1 where pupils may be recognised though it is pseudonymised."""
    if key_file is not None and not pseudonymised:
        raise BadInput(
            "a key for what has no pseudonyms", where="--key-file", expected="--pseudonymised"
        )
    printer = Printer(shown)
    with opened(place) as there:
        few: tuple[Few, ...] = ()
        left: Counter[str] = Counter()
        if pseudonymised:
            count, few = _under_pseudonyms(there, folder, key_file, small, spreadsheet=spreadsheet)
        else:
            count, left = _as_they_are(there, folder, spreadsheet=spreadsheet)
    if printer.json:
        printer.line({"folder": folder, "entries": count, "left_out": dict(left)})
        for one in few:
            printer.line({"few": one.what, "name": one.name, "pupils": one.pupils})
        return 1 if few else 0
    printer.text(printer.say("exported", n=count, folder=folder), "bold")
    for kind, n in sorted(left.items()):
        printer.text(printer.say("left_out", kind=Speaker(printer.language).say_record(kind), n=n))
    if pseudonymised:
        told = "key_forgotten" if key_file is None else "key_kept"
        printer.text(printer.say(told, file=key_file))
    for one in few:
        what = printer.say(f"few_{one.what}")
        printer.paragraph(f"• {printer.say('few', n=one.pupils, what=what, name=one.name)}")
    return 1 if few else 0


def _as_they_are(there: Opened, folder: str, *, spreadsheet: bool) -> tuple[int, Counter[str]]:
    """Write all that a set can say; give how much that is, and what it has no rows for."""
    journals = there.journals
    entries: list[Entry] = []
    left: Counter[str] = Counter()
    for book, _ in journals.store.books(there.school.id):
        for entry in () if is_log(book) else journals.entries(book):
            if entry.kind in ENTRY_ROWS or entry.kind == "work":
                entries.append(entry)
            else:
                left[entry.kind] += 1
    write_set(folder, there.school, entries, spreadsheet=spreadsheet)
    return len(entries), left


def _under_pseudonyms(
    there: Opened, folder: str, key_file: str | None, small: int, *, spreadsheet: bool
) -> tuple[int, tuple[Few, ...]]:
    journals = there.journals
    key = os.urandom(KEY_SIZE)
    states = [
        journals.state(book)
        for book, _ in journals.store.books(there.school.id)
        if not is_log(book)
    ]
    made = pseudonymised(there.facts, states, key, small=small)
    if key_file is not None:
        write_private(
            Path(key_file), f"{key.hex()}\n".encode(), "--key-file",
            "a new file: each export has a key of its own",
        )  # fmt: skip
    write_set(folder, made.school, made.entries, spreadsheet=spreadsheet)
    return len(made.entries), made.few
