"""Lakes for the tests of a region."""

from __future__ import annotations

from importlib import resources

import pytest

from edujournal.adapters.exchange.lake import Lake, export
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.regions.bulk import Report, audit_exactly, audit_region
from edujournal.regions.columnar import obstacle
from edujournal.rules.loading import load
from edujournal.samples.generated import Size, generate

#: The shipped regulations, and those under which journals can be audited in columns.
REGULATIONS = sorted(
    one.name.removesuffix(".toml")
    for one in (resources.files("edujournal.rules") / "regulations").iterdir()
    if one.name.endswith(".toml")
)
COLUMNAR = [name for name in REGULATIONS if obstacle(load(name), ()) is None]


def shipped(name):
    """The text of a shipped regulation."""
    return (resources.files("edujournal.rules") / "regulations" / f"{name}.toml").read_bytes()


def in_memory(kept):
    """The books of a made school in a store."""
    store = MemoryStore()
    for book, records in kept.books():
        store.append(kept.school.id, book, records, 0)
    return store


def audited(root, at, engine=None):
    """The findings of a lake by school, and how they were come by."""
    report = Report()
    schools = Lake(root).schools()
    if engine is None:
        found = audit_exactly(schools, at, report)
    else:
        found = audit_region(schools, at, engine, report)
    return {source.id: findings for source, findings in found}, report


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Two small made schools, a lake with them, and the latest moment at which one is looked at."""
    root = tmp_path_factory.mktemp("region") / "lake"
    schools = list(generate(2, 11, Size(classes=2, pupils=5, days=34)))
    for kept in schools:
        export(root, in_memory(kept), kept.school, [kept.regulation.read_bytes()], "north")
    return schools, root, max(kept.audited for kept in schools)
