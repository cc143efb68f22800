"""Writes ``explanation/trust.md``, the page of what was tried to break the promises, out of figures.

A run of the tests adds figures to a file (``EDUJOURNAL_FIGURES``); this script puts them into
``explanation/trust-figures.json`` and writes the page from there::

    python docs/trust_page.py --run figures.jsonl --night soak.jsonl
"""

# ruff: noqa: E501 - the paragraphs of a page are not wrapped

from __future__ import annotations

import argparse
import json
import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

FOLDER: Final = Path(__file__).parent / "explanation"
PAGE: Final = FOLDER / "trust.md"
FIGURES: Final = FOLDER / "trust-figures.json"


class Row(NamedTuple):
    """One row of the table: what is tried, what is asked of a run and of a night, where it is tested."""

    id: str
    tried: str
    asked: str
    night: str
    tests: tuple[str, ...]


ROWS: Final = (
    Row(
        "R1",
        "power fails at any moment of appends, rotations and head updates; what was not synced is "
        "lost, torn, zero-filled or reordered, names included",
        "1,000,000 crash states: 0 acknowledged lost, 0 phantom, 0 unrecoverable",
        "100,000,000",
        ("tests/trust/test_r01_power.py",),
    ),
    Row(
        "R2",
        "the tests of this table find planted bugs, and the conformance kit finds wrong stores",
        "16 of 16 and 16 of 16",
        "",
        ("tests/trust/test_r02_planted.py", "tests/kit/test_wrong_stores.py"),
    ),
    Row(
        "R3",
        "`kill -9` at a random moment, with a pipe that tells what was acknowledged",
        "2,000 cycles a store, 20 of a server: 0 lost, 0 divergences",
        "10,000 and 200",
        ("tests/trust/test_r03_kills.py",),
    ),
    Row(
        "R4",
        "the n-th operation of the disk fails, for every n; a real limit of file size",
        "0 lost, 0 silent successes",
        "and a full disk",
        ("tests/trust/test_r04_failures.py",),
    ),
    Row(
        "R5",
        "one bit is flipped in log, head, texts, seals or archive",
        "200,000 flips, all found",
        "1,000,000",
        ("tests/trust/test_r05_flips.py",),
    ),
    Row(
        "R6",
        "a book of 100 records is cut at any byte",
        "the longest intact prefix is read; below the head it is told",
        "",
        ("tests/trust/test_r06_prefixes.py",),
    ),
    Row(
        "R7",
        "tail cut, record dropped, swapped, doubled, spliced, old true copy put back",
        "all found; evidence that was lacking is named",
        "",
        ("tests/trust",),
    ),
    Row(
        "R8",
        "8 processes append 250 each to one journal, 2 read, the lock file is deleted midway",
        "2,000 acknowledged: 0 lost, 0 gaps, 0 doubled, nobody starves",
        "16 × 5,000",
        ("tests/trust/test_r08_writers.py",),
    ),
    Row(
        "R9",
        "the history of clients with time-outs and retries is checked",
        "20,000 operations, 0 anomalies",
        "500,000",
        ("tests/trust/test_r09_histories.py",),
    ),
    Row(
        "R10",
        "a state machine on memory, files and SQL side by side",
        "2,000 × 50 steps, the same heads and states",
        "50,000 × 50",
        ("tests/trust/test_r10_side_by_side.py",),
    ),
    Row(
        "R11",
        "11 Russian zones × 5 zones of the server × every timing rule, about every border",
        "0 differences from an oracle that knows UTC only",
        "and 1,000,000 instants",
        ("tests/trust/test_r11_zones.py",),
    ),
    Row(
        "R12",
        "the clock goes back, forward, or stands still",
        "nothing reordered, each step recorded once",
        "",
        ("tests/trust/test_r12_clock.py",),
    ),
    Row(
        "S1",
        "state after a report of a stolen account is the state without the entries that it voids",
        "2,000 logs: 0 differences, bytes unchanged",
        "50,000",
        ("tests/laws/test_voided_logs.py", "tests/laws/test_voiding.py"),
    ),
    Row(
        "S2",
        "rights: every role × act × scope × state against a second table, written from the text",
        "some 7,200 cells, 0 differences; every way to write passes the guard",
        "1,000,000 random",
        ("tests/trust/test_s02_rights.py",),
    ),
    Row(
        "S3",
        "marked data of two schools through every public read, export, log line, error and repr",
        "0 leaks",
        "",
        ("tests/trust/test_s03_canaries.py",),
    ),
    Row(
        "S4",
        "hostile files for every import",
        "200 files or more, within 64 MiB and 1 s each, nothing outside the folder",
        "30 minutes of fuzzing",
        ("tests/trust/test_s04_hostile.py",),
    ),
    Row(
        "S5",
        "cells that a spreadsheet would run as formulas",
        "0 live in 10,000 cells; CSV for machines exact to the byte",
        "",
        ("tests/trust/test_s05_formulas.py",),
    ),
    Row(
        "S6",
        "proofs of RFC 6962 against the recursive definition, forged ones, published ones",
        "to n = 130, 0 forged accepted",
        "to n = 1,024",
        ("tests/ledger",),
    ),
    Row(
        "S8",
        "texts are erased, the book verified, the text guessed",
        "verifies; a salt that is missing without an erasure is found",
        "",
        ("tests/trust/test_s08_erasure.py",),
    ),
    Row(
        "S13",
        "the verifier of an archive against the main one, on good and on damaged books; "
        "single bytes of an archive edited",
        "the same verdict, always; 2,000 edits, all found",
        "100,000 edits",
        ("tests/trust/test_s13_archives.py", "tests/cli/test_archive_edits.py"),
    ),
    Row(
        "S14",
        "false zone data on the server, a server in another zone",
        "no verdict changes",
        "",
        ("tests/trust/test_s14_zone_data.py",),
    ),
    Row(
        "V1",
        "how fast a stream of records is verified, on one core",
        "100,000 entries a second, at most 64 MiB",
        "",
        ("tests/trust/test_v1_rate.py",),
    ),
)

#: Units of what is measured and not counted: of several figures the least and the greatest are shown.
MEASURES: Final = frozenset({"entries/s", "MiB", "s", "ms", "times"})

#: So many units of one thing counted are told one by one; more of them are added up.
MANY: Final = 3

HEAD: Final = """\
# Trust, in figures

What the library promises about records is tried by tests that look for ways to break it.
This page lists every such test, what is asked of it, and the figures that the last run reached; it is written by `docs/trust_page.py` from [the figures of that run](trust-figures.json), and no figure is written by hand.
A row without a figure is said to be lacking.
The identifiers are those that the tests and the [ledger's page](ledger.md) use.
"""

TAIL: Final = """\
## How to run it

`nox -s tests` runs the column *every run*, and leaves the page with its own figures beside its log.
`nox -s trust` runs only the tests of this table and writes this page anew.
`nox -s soak` runs the column *a night*; arguments after `--` choose tests.
A search that begins at random prints its seed, and `EDUJOURNAL_TRUST_SEED` repeats it; what a night finds becomes a named case of the test.
What stands under *a night* may be the sum of several nights, each with seeds of its own: `--more` adds one to those before.
`EDUJOURNAL_TRUST_SCALE=0.01` makes every search shorter, for who is writing one.

## What no test can show

Until the next seal somebody who has the database *and* the process can change the unsealed tail.
A host that lies about who acts cannot be caught.
A drive that lies about having written cannot be tested: the simulated disk forgets what was not synced, and believes what was.

Back to the [explanation](index.md).
"""


def page(kept: Mapping[str, Any]) -> str:
    """Give the page as it should be, from the content of the file of figures."""
    return "\n".join(_lines(kept)).rstrip() + "\n"


def _lines(kept: Mapping[str, Any]) -> Iterator[str]:
    yield HEAD
    lacking = [row.id for row in ROWS if not kept["run"]["rows"].get(row.id)]
    yield f"{len(ROWS) - len(lacking)} of {len(ROWS)} rows have figures."
    if lacking:
        yield f"Lacking: {', '.join(lacking)}."
    for part, told in (("run", "The last run"), ("night", "The last night")):
        about = kept[part]["about"]
        if about:
            yield f"{told}: Python {about['python']} on {about['system']}, {about['cores']} cores, {about['date']}."
    for row in ROWS:
        yield f"\n## {row.id}\n"
        yield f"{row.tried[0].upper()}{row.tried[1:]}.\n"
        yield "| | asked | reached |"
        yield "|---|---|---|"
        yield f"| every run | {row.asked} | {_reached(kept['run']['rows'].get(row.id))} |"
        if row.night:
            yield f"| a night | {row.night} | {_reached(kept['night']['rows'].get(row.id))} |"
        yield f"\nTested by {', '.join(f'`{path}`' for path in row.tests)}.\n"
    yield TAIL


def _reached(found: Sequence[Mapping[str, Any]] | None) -> str:
    if not found:
        return "*lacking*"
    return "; ".join(f"{one['what']}: {_number(one)}" for one in found)


def _number(one: Mapping[str, Any]) -> str:
    values = one["figures"]
    shown = [f"{value:,}" if isinstance(value, int | float) else str(value) for value in values]
    return "–".join(shown) + (f" {one['unit']}" if one["unit"] else "")


def gathered(lines: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Add up the counts of each row, and give the least and greatest of its measures, ordered."""
    known = {row.id for row in ROWS}
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for line in lines:
        if line["row"] not in known:
            raise ValueError(f"no row {line['row']} in the table")
        units = found.setdefault((line["row"], line["what"]), {})
        units.setdefault(line["unit"], []).append(line["figure"])
    rows: dict[str, list[dict[str, Any]]] = {}
    for (row, what), told in sorted(found.items()):
        units = told if len(told) <= MANY else {"": [one for some in told.values() for one in some]}
        for unit, values in units.items():
            figures = _joined(values, measured=unit in MEASURES)
            rows.setdefault(row, []).append({"what": what, "figures": figures, "unit": unit})
    return rows


def _joined(values: list[Any], *, measured: bool) -> list[Any]:
    if any(isinstance(value, str) for value in values):
        return sorted({str(value) for value in values})
    return sorted({min(values), max(values)}) if measured else [sum(values)]


def about() -> dict[str, Any]:
    """Where and when the figures were reached."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "date": datetime.now(UTC).date().isoformat(),
    }


def lines_of(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The figures of *rows* as the lines of a file of figures."""
    for row, found in rows.items():
        for one in found:
            for figure in one["figures"]:
                yield {"row": row, "what": one["what"], "figure": figure, "unit": one["unit"]}


def merged(kept: dict[str, Any], part: str, path: Path, *, more: bool = False) -> None:
    """Replace the rows of *part* for which *path* has figures; *more* adds to what they had."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = {line["row"] for line in lines}
    before = {row: found for row, found in kept[part]["rows"].items() if more and row in rows}
    kept[part]["rows"] |= gathered([*lines_of(before), *lines])
    kept[part]["rows"] = {
        row.id: kept[part]["rows"][row.id] for row in ROWS if row.id in kept[part]["rows"]
    }
    kept[part]["about"] = about()


def load(path: Path = FIGURES) -> dict[str, Any]:
    """Read the file of figures; an empty one where there is none."""
    if not path.exists():
        return {part: {"about": {}, "rows": {}} for part in ("run", "night")}
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, help="figures of a usual run")
    parser.add_argument("--night", type=Path, help="figures of a soak")
    parser.add_argument("--more", type=Path, help="figures of a soak, added to those before")
    parser.add_argument("--into", type=Path, default=FOLDER, help="write page and figures there")
    asked = parser.parse_args(arguments)
    kept = load()
    for part, path in (("run", asked.run), ("night", asked.night), ("night", asked.more)):
        if path is not None:
            merged(kept, part, path, more=path is asked.more)
    told = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    # Nothing that was reached is worth a line break of its own.
    told = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", told)
    (asked.into / FIGURES.name).write_text(f"{told}\n", "utf-8")
    (asked.into / PAGE.name).write_text(page(kept), "utf-8")
    print(f"written: {PAGE.name}")


if __name__ == "__main__":
    main()
