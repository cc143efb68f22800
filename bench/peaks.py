"""The memory of processes that audit a lake: the greatest that each of them ever held."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from bench.peers.columns import COLUMNS

#: Runs what is given, and prints last how many KiB the process has held at most. What Linux tells by
#: ``ru_maxrss`` would be no less than what the process held from which this one was started.
_PROGRAM: Final = """
import sys
from pathlib import Path

{work}

status = Path("/proc/self/status")
if status.exists():
    (line,) = [one for one in status.read_text().splitlines() if one.startswith("VmHWM:")]
    held = int(line.split()[1])
else:
    import resource
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held //= 1024 if sys.platform == "darwin" else 1
print(held)
"""

_KIB: Final = 1024

#: A command of edujournal; one that finds something ends with 1.
_COMMAND: Final = "from edujournal.cli import main\nassert main(sys.argv[1:]) in (0, 1)"

#: The schools' data and regulations, and nothing of their entries.
_SCHOOL: Final = """
from edujournal.adapters.exchange.lake import Lake
source = Lake(sys.argv[1]).schools()[0]
held = source.data.facts(), source.regulations, source.data.facts().journals()
"""


#: The columns of a school's entries that are compared, as a table.
_ENTRIES: Final = """
import pyarrow.parquet as pq
from edujournal.adapters.exchange.lake import Lake
source = Lake(sys.argv[1]).schools()[0]
held = pq.read_table(source.files(), columns=sys.argv[2:], partitioning=None)
"""


@frozen
class Peak:
    """What a process printed, and the MiB that it has held at most."""

    said: str
    mib: float


def peak(work: str, *arguments: str) -> Peak:
    """Run a program in a process of its own.

    Raises:
        CalledProcessError: It failed.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(work=work), *arguments],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    said, _, held = done.stdout.rstrip("\n").rpartition("\n")
    return Peak(said, int(held) / _KIB)


@frozen
class Made:
    """A lake of made schools.

    Attributes:
        root: Its folder.
        at: The moment of the audit.
        entries: How many entries it has.
    """

    root: Path
    at: str
    entries: int


def made(root: Path, schools: int, classes: int, days: int, workers: int = 2) -> Made:
    """Make a lake of schools by the command, with the truth beside it."""
    size = ("--classes", str(classes), "--pupils", "25", "--days", str(days))
    asked = ("generate", "--schools", str(schools), "--seed", "7", "--out", str(root), *size)
    told = json.loads(
        peak(_COMMAND, *asked, "--workers", str(workers), "--json").said.splitlines()[-1]
    )
    return Made(root, told["at"], told["entries"])


def loaded(modules: Sequence[str]) -> float:
    """MiB of a process that imports modules, and does nothing."""
    return peak("".join(f"import {name}\n" for name in modules)).mib


def school(of: Made) -> float:
    """MiB of a process that reads what is known of a school, and its regulation."""
    return peak(_SCHOOL, str(of.root)).mib


def read(of: Made) -> float:
    """MiB of a process that reads the columns of a school that are compared, and nothing else."""
    return peak(_ENTRIES, str(of.root), *COLUMNS).mib


def audited(of: Made, engine: str, out: Path, school: str | None = None) -> float:
    """MiB of a process that audits a lake, or a school of it, by the command; findings go to *out*."""
    only = () if school is None else ("--school", school)
    asked = ("audit", "--lake", str(of.root), "--at", of.at, "--engine", engine, "--out", str(out))
    return peak(_COMMAND, *asked, *only).mib
