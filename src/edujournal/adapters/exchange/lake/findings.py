"""Findings as a Parquet file: a table of an audit, for whoever counts on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from edujournal.adapters.exchange.lake.layout import arrow, schema
from edujournal.rules.verdicts import Finding
from edujournal.synced_files import written_beside

#: Columns of the findings: name, type by Arrow's word for it, whether it may be null.
FINDINGS: Final[tuple[tuple[str, str, bool], ...]] = (
    ("region", "string", False),
    ("school", "string", False),
    ("regulation", "string", False),
    ("clause", "string", False),
    ("code", "string", False),
    ("outcome", "string", False),
    ("severity", "string", False),
    ("effect", "string", False),
    ("book", "string", False),
    ("about", "string", False),
    ("record", "string", False),
    ("pupil", "string", True),
    ("opens", "int64", True),
    ("closes", "int64", True),
    ("lo", "int64", True),
    ("hi", "int64", True),
    ("by", "string", True),
    ("entry", "int64", True),
)

_OF_FINDING: Final = tuple(name for name, _, _ in FINDINGS[2:])


#: Adds the findings of a school: its region, its id, what was found.
Put = Callable[[str, str, Sequence[Finding]], None]


@contextmanager
def findings_file(path: Path) -> Iterator[Put]:
    """Write a Parquet file of findings, school by school; it is there when it is whole.

    *Version added: 0.1.*

    Args:
        path: The file; a folder for it must be there. One that is there is replaced at the end, or
            stays where the block fails.

    Yields:
        What adds the findings of a school.

    Raises:
        BadInput: It cannot be written there.
        MissingExtra: The extra ``lake`` is not installed.
    """
    columns = schema(FINDINGS)
    with (
        written_beside(path) as part,
        arrow().parquet.ParquetWriter(part, columns, compression="zstd") as writer,
    ):

        def put(region: str, school: str, findings: Sequence[Finding]) -> None:
            told = [[region] * len(findings), [school] * len(findings)]
            told += [[_plain(getattr(one, name)) for one in findings] for name in _OF_FINDING]
            arrays = [arrow().array(of, one.type) for of, one in zip(told, columns, strict=True)]
            writer.write_table(arrow().Table.from_arrays(arrays, schema=columns))

        yield put


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
