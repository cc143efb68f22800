"""A school of thirty classes and a whole year, in which a login became known: all engines find what is known."""

from __future__ import annotations

import pytest

from edujournal.adapters.engines import engine
from edujournal.adapters.exchange.lake import export
from edujournal.samples.generated import generate_one
from edujournal.writing import entry_of
from tests.region.conftest import in_memory
from tests.region.test_made_kinds import as_known

#: A school whose login became known, and in which one who is exempt has made up what he missed.
NUMBER, SEED = 1, 1


@pytest.mark.soak
def test_of_a_full_size_school_every_engine_finds_what_is_known(tmp_path):
    """750 pupils, some 320,000 entries: DuckDB, Polars and the exact audit, row for row, and the truth."""
    kept = generate_one(NUMBER, SEED)
    kinds = {entry_of(record).kind for _, some in kept.books() for record in some}
    assert {"compromise", "restoration", "marker", "excuse", "makeup", "waiver"} <= kinds
    assert any(one.code == "void" for one in kept.truth)
    assert 700 < len({row.pupil for row in kept.school.facts().memberships}) < 800
    export(tmp_path, in_memory(kept), kept.school, [kept.regulation.read_bytes()], "made")
    exactly = as_known(kept, tmp_path)
    for name in ("duckdb", "polars"):
        counting = engine(name)
        try:
            assert exactly == as_known(kept, tmp_path, counting), name
        finally:
            counting.close()
