"""Findings as a Parquet file: a table of an audit, for whoever counts on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from edujournal.adapters.exchange.lake.layout import arrow, schema
from edujournal.errors import BadInput
from edujournal.rules.verdicts import Finding

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


class FindingsFile:
    """A Parquet file of findings, written school by school; it is there when it is whole.

    *Version added: 0.1.*

    Args:
        path: The file; a folder for it must be there. One that is there is replaced at the end.

    Raises:
        BadInput: It cannot be written there.
        MissingExtra: The extra ``lake`` is not installed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._schema = schema(FINDINGS)
        try:
            self._writer = arrow().parquet.ParquetWriter(
                self._part, self._schema, compression="zstd"
            )
        except OSError as error:
            raise BadInput(
                "a file that cannot be written", where=str(path), found=str(error)
            ) from error

    def put(self, region: str, school: str, findings: Sequence[Finding]) -> None:
        """Add the findings of a school."""
        if not findings:
            return
        columns: dict[str, list[Any]] = {
            "region": [region] * len(findings),
            "school": [school] * len(findings),
        }
        for name in _OF_FINDING:
            columns[name] = [_plain(getattr(one, name)) for one in findings]
        self._writer.write_table(arrow().Table.from_pydict(columns, schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink()


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
