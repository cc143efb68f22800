"""``edujournal generate``: schools made by number and seed, into a lake or into a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from edujournal.adapters.schools import keep, keep_regulations
from edujournal.adapters.schools.kept import regulation_text
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.opening import open_store
from edujournal.cli.options import Shown
from edujournal.cli.printing import Printer
from edujournal.cli.processes import pool
from edujournal.errors import BadInput
from edujournal.model.time import format_instant
from edujournal.ports import Store
from edujournal.samples.generated import Kept, Size, generate_one


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
    workers: int,
) -> int:
    """Make schools; 0."""
    if (out is None) == (store is None):
        raise BadInput("one place is needed", expected="either --out DIR or --store URL")
    if workers < 1 or (workers > 1 and out is None):
        raise BadInput(
            "no number of processes", where="--workers",
            expected="1 or more; 1 with --store, which they would share", found=str(workers),
        )  # fmt: skip
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
    numbers = range(1, schools + 1)
    with printer.progress(printer.say("generating")) as tick:
        made = (
            _into_store(numbers, seed, size, str(store))
            if out is None
            else _into_lake(numbers, seed, size, out, region, workers)
        )
        for done, one in enumerate(made, 1):
            tick(done, schools)
            entries, told = entries + one.entries, told + len(one.truth)
            latest = max(latest, one.audited)
            truth += one.truth
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


class _Made(NamedTuple):
    entries: int
    audited: int
    truth: list[dict[str, Any]]


def _into_store(numbers: Iterable[int], seed: int, size: Size, url: str) -> Iterator[_Made]:
    with open_store(url) as store:
        for number in numbers:
            kept = generate_one(number, seed, size)
            entries = _append(kept, store)
            keep(store, kept.school)
            keep_regulations(store, kept.school.id, kept.regulation)
            yield _made(kept, entries)


def _into_lake(
    numbers: Iterable[int], seed: int, size: Size, out: str, region: str, workers: int
) -> Iterator[_Made]:
    one_of = partial(_one_into_lake, seed=seed, size=size, out=out, region=region)
    if workers == 1:
        yield from map(one_of, numbers)
        return
    from edujournal.adapters.exchange.lake.layout import begin

    begin(Path(out))  # before several of them do
    with pool(workers) as executor:
        yield from executor.map(one_of, numbers)


def _one_into_lake(number: int, seed: int, size: Size, out: str, region: str) -> _Made:
    from edujournal.adapters.exchange.lake import export

    kept, store = generate_one(number, seed, size), MemoryStore()
    entries = _append(kept, store)
    rules = [regulation_text(kept.regulation)]
    export(Path(out), store, kept.school, rules, region, kept.municipality)
    return _made(kept, entries)


def _append(kept: Kept, store: Store) -> int:
    """Put the books of a school into a store; tell how many entries it has."""
    entries = 0
    for book, records in kept.books():
        store.append(kept.school.id, book, records, 0)
        entries += len(records)
    return entries


def _made(kept: Kept, entries: int) -> _Made:
    school = {"school": kept.school.id}
    return _Made(entries, kept.audited, [school | attrs.asdict(one) for one in kept.truth])
