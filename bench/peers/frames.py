"""What came too early or too late in a lake, by validators of frames: pandera and Great Expectations."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from bench.peers.columns import Lake, Untimely, timed

#: What breaks each comparison.
LATE: Final = "after-close"
EARLY: Final = "before-open"

#: What a finding says of a row.
_TOLD: Final = ("book", "number", "clause")


def _frame(of: Lake) -> Any:
    """The entries with their windows, the calendar reckoned by Polars."""
    frame, at = timed(of)
    return frame.select(
        "book", "number", "lo", "hi",
        at.closes.alias("closes"), at.opens.alias("opens"), at.clause.alias("clause"),
    ).collect(engine="streaming")  # fmt: skip


@cache
def _schema() -> Any:
    import pandera.polars as pa
    import polars as pl

    kinds = dict.fromkeys(("number", "lo", "hi", "opens", "closes"), pl.Int64)
    kinds |= dict.fromkeys(("book", "clause"), pl.String)
    return pa.DataFrameSchema(
        {name: pa.Column(kind) for name, kind in kinds.items()},
        checks=[
            pa.Check(
                lambda data: data.lazyframe.select(pl.col("lo") < pl.col("closes")), name=LATE
            ),
            pa.Check(
                lambda data: data.lazyframe.select(pl.col("hi") > pl.col("opens")), name=EARLY
            ),
        ],
    )


def by_pandera(of: Lake) -> list[Untimely]:
    """A schema of the frame with two checks of whole rows; all that fails is told."""
    from pandera.errors import SchemaErrors

    try:
        _schema().validate(_frame(of), lazy=True)
    except SchemaErrors as error:
        return sorted(
            (*row, one.check.name)
            for one in error.schema_errors
            for row in one.failure_cases.select(_TOLD).rows()
        )
    return []


@cache
def _validation() -> Callable[[Any], Any]:
    # It would tell its makers that it is used.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        # It imports modules of the standard library that are about to go.
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations as gx
        from great_expectations.expectations import (
            ExpectColumnPairValuesAToBeGreaterThanB as Greater,
        )

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("lake").add_dataframe_asset("entries")
    rows = asset.add_batch_definition_whole_dataframe("all")
    pairs = (("closes", "lo", LATE), ("hi", "opens", EARLY))
    suite = gx.ExpectationSuite(
        "timely",
        expectations=[Greater(column_A=a, column_B=b, meta={"code": code}) for a, b, code in pairs],
    )
    asked = context.validation_definitions.add(
        gx.ValidationDefinition(name="timely", data=rows, suite=context.suites.add(suite))
    )
    complete = {"result_format": "COMPLETE", "unexpected_index_column_names": list(_TOLD)}
    return lambda frame: asked.run(batch_parameters={"dataframe": frame}, result_format=complete)


def by_great_expectations(of: Lake) -> list[Untimely]:
    """Two expectations of pairs of columns, over the frame as pandas has it."""

    def found() -> Iterator[Untimely]:
        for one in _validation()(_frame(of).to_pandas()).results:
            code = one.expectation_config.meta["code"]
            for row in one.result["unexpected_index_list"] or ():
                yield row["book"], int(row["number"]), row["clause"], code

    return sorted(found())
