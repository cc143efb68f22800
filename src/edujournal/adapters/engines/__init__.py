"""Engines: what joins and counts the columns of a region, one module each, loaded on use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from edujournal.errors import MissingExtra, Unknown

if TYPE_CHECKING:
    from edujournal.regions.ports import Engine

#: Engines by name: module, class, extra.
ENGINES: Final = {
    "duckdb": ("duckdb_engine", "DuckDBEngine", "lake"),
    "polars": ("polars_engine", "PolarsEngine", "lake"),
    "spark": ("spark_engine", "SparkEngine", "spark"),
}


def engine(name: str, **options: Any) -> Engine:
    """Start the engine *name*.

    Args:
        name: Which: ``duckdb``, ``polars``, ``spark``.
        options: What its class takes: ``master``, or ``session``, of Spark.

    Raises:
        Unknown: There is none of that name.
        MissingExtra: It is not installed.

    *Version added: 0.1.*
    """
    if name not in ENGINES:
        raise Unknown("engine", name, ["python", *ENGINES])
    module, kind, extra = ENGINES[name]
    try:
        made = getattr(import_module(f"edujournal.adapters.engines.{module}"), kind)(**options)
    except ImportError as error:
        raise MissingExtra(
            f"the engine {name} needs the extra {extra!r}",
            mend=f"pip install 'edujournal[{extra}]'.",
        ) from error
    found: Engine = made
    return found
