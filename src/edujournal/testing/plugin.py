"""The pytest plugin: case files of folders that are named, and a table of the promises that were asked.

It comes with the package, by its entry point, into every run of pytest in the same environment; so it
loads nothing but the standard library and pytest until it is asked for something.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

#: Name of the option, and of the folders and the fixture in the configuration.
REPORT: Final = "--edujournal-report"
CASES: Final = "edujournal_cases"
STORE: Final = "edujournal_store"

#: Written to standard output, at the end of the run.
ON_SCREEN: Final = "-"

#: Where an item keeps what the report needs, also between processes.
PROPERTY: Final = "edujournal_promise"

# What a promise compares is shown when it fails.
pytest.register_assert_rewrite(
    "edujournal.testing.awaiting",
    "edujournal.testing.following",
    "edujournal.testing.lasting",
    "edujournal.testing.machines",
    "edujournal.testing.outcomes",
    "edujournal.testing.promises",
    "edujournal.testing.schools",
    "edujournal.testing.stores",
)

_OUTCOMES: Final = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option, and the two settings."""
    group = parser.getgroup("edujournal", "edujournal: the conformance kit")
    group.addoption(
        REPORT,
        nargs="?",
        const=ON_SCREEN,
        metavar="FILE",
        help="write a table of the kit's promises, in Markdown, to FILE or at the end of the run",
    )
    parser.addini(CASES, "folders whose *.case.toml are collected", type="paths", default=[])
    parser.addini(
        STORE,
        "fixture that gives a function opening your store, to which each case is put as well",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a file of the report that was meant to be something else."""
    named = config.getoption(REPORT)
    if named is None:
        return
    path = Path(named)
    if named != ON_SCREEN and (path.is_dir() or path.suffix == ".py" or "::" in named):
        raise pytest.UsageError(
            f"{REPORT} {named} looks like tests to run: write {REPORT}=FILE, or put it last"
        )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a case file of a folder that is named in ``edujournal_cases``."""
    if not file_path.name.endswith(".case.toml"):
        return None
    folders = [Path(folder).resolve() for folder in parent.config.getini(CASES)]
    if not any(file_path.resolve().is_relative_to(folder) for folder in folders):
        return None
    from edujournal.testing.case_items import CaseFile

    found: pytest.Collector = CaseFile.from_parent(parent, path=file_path)
    return found


def pytest_itemcollected(item: pytest.Item) -> None:
    """Remember of each promise which class asks for it, and of which kit it is."""
    asking = getattr(item, "cls", None)
    promises = getattr(asking, "promises", None)
    name = getattr(item, "originalname", None)
    if asking is None or promises is None or name not in promises:
        return
    kit = next(one for one in asking.__mro__ if "promises" in vars(one))
    place = item.nodeid.rpartition("::")[0]
    item.user_properties.append((PROPERTY, [place, f"{kit.__module__}:{kit.__qualname__}", name]))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin without an outcome."""
    from edujournal.testing.promise_table import Outcomes

    session.config.stash[_OUTCOMES] = Outcomes()
    session.config.pluginmanager.register(_Listening(session.config), f"{__name__}.listening")


class _Listening:
    """Hears every report, those of other processes too."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a promise."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                self._config.stash[_OUTCOMES].note(*_strings(value), *_outcome(report))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, once, in the process that heard of everything."""
    named = session.config.getoption(REPORT)
    if named not in {None, ON_SCREEN} and not hasattr(session.config, "workerinput"):
        Path(named).write_text(session.config.stash[_OUTCOMES].table(), "utf-8")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say of each skipped promise why; show the report, or say where it is."""
    outcomes = config.stash.get(_OUTCOMES, None)
    if outcomes is None:
        return
    skipped = list(outcomes.skipped())
    if skipped:
        terminalreporter.section("promises that were not asked")
        for line in skipped:
            terminalreporter.write_line(line)
    named = config.getoption(REPORT)
    if named is None:
        return
    terminalreporter.section("promises")
    terminalreporter.write_line(outcomes.table() if named == ON_SCREEN else f"written to {named}")


def _strings(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]


def _outcome(report: pytest.TestReport) -> tuple[str, str]:
    """What became of a phase of a test, and why: passed, failed or skipped."""
    why = getattr(report, "wasxfail", None)
    if why is not None:
        return "failed", f"expected to fail: {why}" if why else "expected to fail"
    if report.skipped:
        said = report.longrepr
        reason = said[2] if isinstance(said, tuple) else str(said)
        return "skipped", reason.removeprefix("Skipped: ")
    if report.failed:
        return "failed", "" if report.when == "call" else f"in its {report.when}"
    return ("passed", "") if report.when == "call" else ("", "")
