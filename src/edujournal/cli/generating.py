"""``edujournal generate``: schools made by number and seed, into a lake or into a store."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs

from edujournal.adapters.schools import keep, keep_regulations
from edujournal.adapters.schools.kept import regulation_text
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.opening import open_store
from edujournal.cli.options import Shown
from edujournal.cli.printing import Printer
from edujournal.errors import BadInput
from edujournal.model.time import format_instant
from edujournal.ports import Store
from edujournal.samples.generated import Kept, Size, generate


def generate_schools(
    schools: int,
    seed: int,
    out: str | None,
    store: str | None,
    shown: Shown,
    *,
    classes: int,
    pupils: int,
    days: int,
    region: str,
) -> int:
    """Make schools; 0."""
    if (out is None) == (store is None):
        raise BadInput("one place is needed", expected="either --out DIR or --store URL")
    if schools < 1:
        raise BadInput(
            "no school at all", where="--schools", expected="1 or more", found=str(schools)
        )
    try:
        size = Size(classes=classes, pupils=pupils, days=days)
    except ValueError as error:
        raise BadInput(
            "a school that cannot be", where="--classes, --pupils, --days",
            expected="1 to 60 classes of 4 to 40 pupils, 1 to 170 days", found=str(error),
        ) from error  # fmt: skip
    if out is not None:
        _is_new(Path(out))
    printer = Printer(shown)
    entries, told, latest = 0, 0, 0
    truth: list[dict[str, Any]] = []
    with ExitStack() as stack:
        there = None if store is None else stack.enter_context(open_store(store))
        with printer.progress(printer.say("generating")) as tick:
            for done, kept in enumerate(generate(schools, seed, size)):
                tick(done, schools)
                entries += _bring(kept, out, there, region)
                told, latest = told + len(kept.truth), max(latest, kept.audited)
                if out is not None:
                    truth += [
                        {
                            "school": kept.school.id,
                            "regulation": kept.regulation,
                            **attrs.asdict(one),
                        }
                        for one in kept.truth
                    ]
    if out is not None:
        from edujournal.adapters.exchange.lake import write_truth

        write_truth(Path(out), truth)
    moment = format_instant(latest, "UTC")
    if printer.json:
        printer.line({"schools": schools, "entries": entries, "findings": told, "at": moment})
    else:
        printer.text(printer.say("generated", n=schools, entries=entries, findings=told, at=moment))
    return 0


def _is_new(folder: Path) -> None:
    """Make sure that nothing is there: made schools of two runs have the same ids."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            "a folder that holds something", where="--out", expected="a new or empty folder",
            found=str(folder), mend="Name another folder, or take this one away first.",
        )  # fmt: skip


def _bring(kept: Kept, out: str | None, there: Any, region: str) -> int:
    """Put one school where it is wanted; tell how many entries it has."""
    store: Store = MemoryStore() if there is None else there
    entries = 0
    for book, records in kept.books():
        store.append(kept.school.id, book, records, 0)
        entries += len(records)
    if out is None:
        keep(there, kept.school)
        keep_regulations(there, kept.school.id, kept.regulation)
    else:
        from edujournal.adapters.exchange.lake import export

        export(Path(out), store, kept.school, [regulation_text(kept.regulation)], region)
    return entries
