"""Summary sheets made from the beginning, by peers: the last result of each pupil, subject and period."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, Protocol

#: Class, subject, period, pupil.
Place = tuple[str, str, str, str]

_KEYS: Final = ("group", "subject", "period", "pupil")


class Fact(NamedTuple):
    """A result on record."""

    group: str
    subject: str
    period: str
    pupil: str
    number: int
    value: int


class Peer(Protocol):
    """Makes the cells of all sheets from facts that it was given."""

    def make(self) -> Any:
        """The cells, in the peer's own form."""

    def told(self, cells: Any) -> dict[Place, int]:
        """The cells by their places."""


class Columns:
    """Facts as columns, each text a number in a list of its kind: as they lie in a frame or a database.

    Attributes:
        names: The texts of each column of text.
        codes: The numbers that stand for them.
        number: Numbers of the entries within their books.
        value: What they say.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        import numpy as np

        some = list(facts)
        self.names: dict[str, list[str]] = {}
        self.codes: dict[str, Any] = {}
        for place, key in enumerate(_KEYS):
            known = {text: code for code, text in enumerate(sorted({one[place] for one in some}))}
            self.names[key] = list(known)
            self.codes[key] = np.array([known[one[place]] for one in some])
        self.number = np.array([one.number for one in some])
        self.value = np.array([one.value for one in some])

    @property
    def table(self) -> dict[str, Any]:
        """All columns by name."""
        return {**self.codes, "number": self.number, "value": self.value}

    def told(self, rows: Iterable[tuple[int, ...]]) -> dict[Place, int]:
        """Values by their places, of rows of codes and a value."""
        lists = [self.names[key] for key in _KEYS]
        return {
            tuple(names[code] for names, code in zip(lists, codes, strict=True)): value
            for *codes, value in rows
        }  # type: ignore[misc]


class ByPython:
    """A loop over the facts, which are in the order of their numbers."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = list(facts)

    def make(self) -> dict[Place, int]:
        """The cells."""
        found: dict[Place, int] = {}
        for group, subject, period, pupil, _, value in self._facts:
            found[group, subject, period, pupil] = value
        return found

    def told(self, cells: dict[Place, int]) -> dict[Place, int]:
        """The cells by their places."""
        return cells


class ByNumpy:
    """A cube of cells into which all values are put, the last one last."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._of = Columns(facts)

    def make(self) -> Any:
        """The cells; those of nobody are -1."""
        import numpy as np

        of = self._of
        cells = np.full([len(of.names[key]) for key in _KEYS], -1)
        cells[tuple(of.codes[key] for key in _KEYS)] = of.value
        return cells

    def told(self, cells: Any) -> dict[Place, int]:
        """The cells by their places."""
        places = zip(*(axis.tolist() for axis in (cells >= 0).nonzero()), strict=True)
        return self._of.told((*place, int(cells[place])) for place in places)


class ByPolars:
    """Groups of a frame, the last value of each."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        import polars as pl

        self._of = Columns(facts)
        self._frame = pl.DataFrame(self._of.table)

    def make(self) -> Any:
        """The cells as a frame."""
        import polars as pl

        return self._frame.group_by(_KEYS).agg(pl.col("value").sort_by("number").last())

    def told(self, cells: Any) -> dict[Place, int]:
        """The cells by their places."""
        return self._of.told(cells.rows())


class ByDuckdb:
    """The same as a statement of SQL over a table in memory."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        import duckdb
        import pyarrow as pa

        self._of = Columns(facts)
        self._connection = duckdb.connect(":memory:")
        self._connection.register("given", pa.table(self._of.table))
        self._connection.execute("create table facts as select * from given")

    def make(self) -> Any:
        """The cells as an Arrow table."""
        return self._connection.sql(
            'select "group", subject, period, pupil, arg_max(value, number) as value'
            " from facts group by all"
        ).to_arrow_table()

    def told(self, cells: Any) -> dict[Place, int]:
        """The cells by their places."""
        columns = (cells.column(name).to_pylist() for name in (*_KEYS, "value"))
        return self._of.told(zip(*columns, strict=True))


#: Peers: what they are, what makes one of facts, what must be installed for it.
PEERS: Final[tuple[tuple[str, Callable[[Iterable[Fact]], Peer], tuple[str, ...]], ...]] = (
    ("numpy, a cube of cells", ByNumpy, ("numpy",)),
    ("Polars, groups of a frame", ByPolars, ("numpy", "polars")),
    ("DuckDB, a statement over a table in memory", ByDuckdb, ("duckdb", "numpy", "pyarrow")),
    ("a loop in Python, a dictionary of cells", ByPython, ()),
)
