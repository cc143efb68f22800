"""What a lake looks like on disk: folders, files, columns. The page of the reference says the same."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from edujournal.errors import BadInput, MissingExtra
from edujournal.ledger.bytes import decode, encode

#: The version of the layout that this library writes, and the only one that it reads.
FORMAT: Final = 1

#: Columns of the entries: name, type by Arrow's word for it, whether it may be null.
ENTRIES: Final[tuple[tuple[str, str, bool], ...]] = (
    ("region", "string", False),
    ("school", "string", False),
    ("year", "string", False),
    ("book", "string", False),
    ("number", "int64", False),
    ("act", "int64", False),
    ("kind", "string", False),
    ("about", "string", False),
    ("pupil", "string", True),
    ("account", "string", True),
    ("role", "string", True),
    ("recorded", "int64", False),
    ("lo", "int64", True),
    ("hi", "int64", False),
    ("target", "int64", True),
    ("variety", "string", False),
    ("value", "string", True),
    ("leans", "string", False),
    ("sign", "string", False),
    ("hash", "string", False),
    ("body", "binary", False),
    ("private", "binary", True),
)

#: Columns of the absences, a row for each pupil that a roll call names.
ABSENCES: Final[tuple[tuple[str, str, bool], ...]] = (
    ("region", "string", False),
    ("school", "string", False),
    ("year", "string", False),
    ("book", "string", False),
    ("number", "int64", False),
    ("about", "string", False),
    ("pupil", "string", False),
    ("code", "string", False),
)

#: Rows of a row group: what a reader skips, or reads, at once.
ROW_GROUP: Final = 65_536

_MARK: Final = "lake.json"

#: Where a school lies, among its documents.
PLACE: Final = "place.json"


def arrow() -> Any:
    """Give the library ``pyarrow``, with what reads and writes Parquet.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(
            "a lake needs the extra 'lake'", mend="pip install 'edujournal[lake]'."
        ) from error


@cache
def schema(columns: tuple[tuple[str, str, bool], ...]) -> Any:
    """The Arrow schema of *columns*."""
    pa = arrow()
    made = {"string": pa.string(), "int64": pa.int64(), "binary": pa.binary()}
    return pa.schema([pa.field(name, made[kind], nullable) for name, kind, nullable in columns])


def part(root: Path, table: str, region: str, school: str, year: str, number: int) -> Path:
    """The file of one export of one year."""
    return (
        root / table / f"region={quote(region, safe='')}" / f"school={quote(school, safe='')}"
        / f"year={quote(year, safe='')}" / f"part-{number:06d}.parquet"
    )  # fmt: skip


def documents(root: Path, region: str, school: str) -> Path:
    """The folder with the documents of one school: its data, its regulations, its cursor."""
    return (
        root / "schools" / f"region={quote(region, safe='')}" / f"school={quote(school, safe='')}"
    )


def named(folder: Path) -> str:
    """What a folder of a partition is for: the value after the sign of equality."""
    return unquote(folder.name.partition("=")[2])


def begin(root: Path) -> None:
    """Make an empty lake, or make sure that a lake is there.

    Raises:
        BadInput: The folder holds something else, or a lake of another format.
    """
    mark = root / _MARK
    if not mark.exists():
        if root.exists() and any(root.iterdir()):
            raise BadInput("a folder that is no lake", where=str(root), expected="a new folder")
        root.mkdir(parents=True, exist_ok=True)
        mark.write_bytes(encode({"edujournal_lake": FORMAT}) + b"\n")
    check(root)


def check(root: Path) -> None:
    """Make sure that a lake is there.

    Raises:
        BadInput: There is none, or one of another format.
    """
    mark = root / _MARK
    if not mark.is_file():
        raise BadInput(
            "no lake", where=str(root), expected=f"a folder with {_MARK}",
            mend="Make one with edujournal export --parquet or edujournal generate --out.",
        )  # fmt: skip
    try:
        found = decode(mark.read_bytes().strip())
    except BadInput:
        found = None
    if found != {"edujournal_lake": FORMAT}:
        raise BadInput(
            "a lake of another format", where=str(mark), expected=str(FORMAT), found=ascii(found)
        )
