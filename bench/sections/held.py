"""The memory that an audit of a lake takes: of one school, and of several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import peaks
from bench.figures import MEMORY, Row, Section
from bench.large import rows
from bench.measure import tell
from bench.peaks import Made
from bench.size import Size
from edujournal.adapters import engines
from edujournal.adapters.exchange.lake import Lake

#: Engines by which it is audited, with what each brings into a process.
ENGINES: Final = {
    "duckdb": ("duckdb", "narwhals", "pyarrow.parquet"),
    "polars": ("polars", "narwhals", "pyarrow.parquet"),
}


def checked(of: Made, engine: str, school: str | None) -> float:
    """MiB of the audit of a lake, or of a school of it.

    Raises:
        AssertionError: It found something else than the truth beside the lake.
    """
    with TemporaryDirectory() as folder:
        out = Path(folder) / "findings.parquet"
        held = peaks.audited(of, engine, out, school)
        truth = rows(of.root / "truth.parquet")
        if school is not None:
            truth = [one for one in truth if one.startswith(f"({school!r},")]
        assert rows(out) == truth, f"{engine}: other findings than the truth"
    return held


def memory(size: Size) -> Section:
    """A made region, audited whole, and its first school by itself; then one great school."""
    schools, classes, days = size.region
    with TemporaryDirectory(dir=size.folder) as folder:
        root = Path(folder)
        found = [
            Row(f"{engine} loaded, and nothing done", False, (peaks.loaded(modules),))
            for engine, modules in ENGINES.items()
        ]
        found += _of_region(
            root / "region", "one school", size.region, f"several schools; {schools} of {classes}"
        )
        found += _of_region(root / "great", "one great school", (1, *size.great))
    tell("")
    return Section(
        "peak",
        _TITLE,
        "process",
        tuple(found),
        (
            (
                f"Classes have 25 pupils, the year {days} school days. A process each, and the most that"
                " it ever held from its start to its end."
            ),
            (
                f"Schools are taken together as far as their files find room, which are {_room()} MiB:"
                " several small ones hold what a great one does, and more of them add nothing to it."
                " What is held are lessons, occasions, windows and opened entries, as objects of Python,"
                " beside what the engine holds of the columns."
            ),
        ),
        compared=False,
        measure=MEMORY,
    )


def _room() -> int:
    """Up to how many MiB of files schools are taken together, by all engines here."""
    (room,) = {engines.engine(name).at_once for name in ENGINES}
    return room >> 20


def _of_region(
    root: Path, one: str, region: tuple[int, int, int], several: str = ""
) -> Iterator[Row]:
    """The rows of a region: what is read of its first school, then what audits hold.

    Args:
        root: Where it is made.
        one: What its first school is called.
        region: How many schools it has, classes of each, school days.
        several: What all of it is called; empty where it has one school.
    """
    schools, classes, days = region
    tell(f"{_TITLE}: {schools} × {classes} classes are made")
    of = peaks.made(root, schools, classes, days)
    first = Lake(of.root).schools()[0].id
    asked = [(f"{one}; {classes} classes", first)]
    if several:
        asked.append((f"{several} classes", None))
    yield Row(f"data and regulation read, {asked[0][0]}", False, (peaks.school(of),))
    yield Row(f"entries read by pyarrow, {asked[0][0]}", False, (peaks.read(of),))
    for engine in ENGINES:
        for title, school in asked:
            tell(f"{_TITLE}: {engine}, {title}")
            yield Row(f"edujournal: {engine}, {title}", True, (checked(of, engine, school),))


_TITLE: Final = "The memory of an audit of a lake"
