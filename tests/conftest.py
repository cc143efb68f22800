"""What tests of every room share: Hypothesis profiles, third-party data, compiled catalogues."""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.figures import SOAK
from tests.servers import mariadb, mariadb_server, postgresql, postgresql_server

__all__ = ["mariadb", "mariadb_server", "postgresql", "postgresql_server"]

ROOT = Path(__file__).parents[1]

#: Folders of tests whose every test goes through many examples, drawn or counted.
SEARCHES = ("laws", "trust")

# No deadlines and no complaint about slow generation: a busy machine is no fault of the test.
_ALWAYS = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", _ALWAYS, max_examples=50)
settings.register_profile("ci", _ALWAYS, max_examples=100, derandomize=True, database=None)
settings.register_profile("soak", _ALWAYS, max_examples=20_000)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `nox -s soak` ask for the tests that run for hours."""
    parser.addoption("--soak", action="store_true", help="run the tests marked `soak`, too")


def pytest_configure(config: pytest.Config) -> None:
    """Tell searches that there is a night; compile the message catalogues in the source tree.

    A wheel brings its own, and a test of the wheel must not be helped.
    """
    if config.getoption("--soak"):
        os.environ[SOAK] = "1"
    # What a command says does not hang on whose machine this is; tests of the locale set their own.
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name, "").startswith("ru"):
            os.environ[name] = "C.UTF-8"
    found = find_spec("edujournal")
    from_tree = found is not None and Path(found.origin or "").is_relative_to(ROOT / "src")
    worker_of_xdist = hasattr(config, "workerinput")
    if from_tree and not worker_of_xdist:
        runpy.run_path(str(ROOT / "hatch_build.py"))["compile_catalogues"]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the searches; leave the tests that run for hours to `nox -s soak`."""
    for item in items:
        if is_search(item):
            item.add_marker("search")
    if config.getoption("--soak"):
        return
    soak = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=soak)
    items[:] = [item for item in items if not item.get_closest_marker("soak")]


def is_search(item: pytest.Item) -> bool:
    """Whether *item* looks for a counterexample among many examples."""
    if item.get_closest_marker("counted"):
        return False
    drawn = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return drawn or item.path.relative_to(ROOT / "tests").parts[0] in SEARCHES


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Give the way to a folder of third-party data, for example ``shared_data("oulad")``.

    The data lie beside the project, or where EDUJOURNAL_TEST_DATA says. They are read in place,
    never written, never copied into the project. Where they are absent the test is skipped.
    """
    beside = Path("..") / "shared" / "data"
    stated = os.environ.get("EDUJOURNAL_TEST_DATA")

    def way(folder: str) -> Path:
        shown = Path(stated or beside) / folder
        found = ROOT / shown
        if not found.exists():
            pytest.skip(f"skip: {shown} not found")
        return found.resolve()

    return way
