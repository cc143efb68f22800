"""The checks of this project: ``nox`` runs the default ones, ``nox -l`` lists all."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import nox

nox.needs_version = ">=2024.10.9"
nox.options.error_on_external_run = True
# The tests come last, so that their figures are the last thing on the screen.
nox.options.sessions = ["lint", "typing", "contracts", "tests"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
BUILT = TemporaryDirectory(prefix="edujournal-wheel-")


#: Two at a time, and the same examples each time.
PARALLEL = (
    *("--hypothesis-profile=ci", "--numprocesses=2", "--dist=worksteal"),
    # What to look at when the whole takes too long.
    *("--durations=20", "--durations-min=5"),
)

#: Where the tests with figures are.
FIGURED = ("tests/trust", "tests/laws", "tests/ledger", "tests/kit/test_wrong_stores.py")


def group(name: str) -> list[str]:
    """The requirements of one dependency group of ``pyproject.toml``."""
    return nox.project.dependency_groups(PYPROJECT, name)


def wheel(session: nox.Session) -> str:
    """Build the wheel, once a run, by way of the sdist, so that the sdist is proven complete.

    Returns:
        The wheel's path.
    """
    folder = Path(BUILT.name)
    if not any(folder.glob("*.whl")):
        session.install("build")
        session.run("python", "-m", "build", "--outdir", str(folder), silent=True)
    (path,) = folder.glob("*.whl")
    return str(path)


def install(session: nox.Session, *groups: str) -> None:
    """Install the wheel with all extras, and what the dependency groups name."""
    path = wheel(session)
    session.install(f"{path}[all]", *(line for name in groups for line in group(name)))
    # In an environment that is used again, pip takes a wheel of the same version for the same.
    session.install("--force-reinstall", "--no-deps", path)


def figured(folder: Path, part: str) -> dict[str, str]:
    """Name a new file for the figures of a run, for the tests to add to."""
    path = folder / f"figures-{part}.jsonl"
    path.write_text("", "utf-8")
    return {"EDUJOURNAL_FIGURES": str(path)}


def written(session: nox.Session, figures: dict[str, str], part: str, into: str) -> None:
    """Write the page of trust out of figures."""
    source = figures["EDUJOURNAL_FIGURES"]
    session.run("python", "docs/trust_page.py", f"--{part}", source, "--into", into)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, all rules; formatting; the fragments of the changelog."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("towncrier", "build", "--draft", "--version", "unreleased", silent=True)


@nox.session
def typing(session: nox.Session) -> None:
    """Strict typing of the sources; the typing tests as two checkers read them."""
    install(session, "typing")
    session.run("mypy", "src", "tests/typing")
    session.run("basedpyright", "tests/typing")


@nox.session
def contracts(session: nox.Session) -> None:
    """Which module may import which."""
    session.install(*group("contracts"))
    session.run("lint-imports", "--no-cache", "--no-logo", env={"PYTHONPATH": "src"})


@nox.session
def docs(session: nox.Session) -> None:
    """Every snippet of the documentation runs, every link leads somewhere: the part of `tests` alone."""
    install(session, "tests")
    session.run("pytest", "tests/docs", *PARALLEL, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, on the built wheel: with branch coverage; the searches, which are long, without."""
    install(session, "tests")
    scratch = Path(session.create_tmp())
    wheels = {"EDUJOURNAL_TESTS_WHEEL": "1"}
    figures = figured(scratch, "run")
    counted = ("--cov", "--cov-report=term")
    counting = wheels | figures | {"COVERAGE_FILE": str(scratch / "coverage")}
    if session.posargs:
        session.run("pytest", *PARALLEL, *counted, *session.posargs, env=counting)
        return
    try:
        session.run("pytest", "-m", "not search", *PARALLEL, *counted, env=counting)
    finally:
        # Counting branches would make the searches three times as long, and show few lines more.
        session.run("pytest", "-m", "search", *PARALLEL, env=wheels | figures)
        written(session, figures, "run", str(scratch))


@nox.session
def trust(session: nox.Session) -> None:
    """The searches for broken promises, and the page that tells their figures."""
    install(session, "tests")
    figures = figured(Path(session.create_tmp()), "run")
    session.run("pytest", *FIGURED, *PARALLEL, *session.posargs, env=figures)
    written(session, figures, "run", "docs/explanation")


@nox.session
def lowest(session: nox.Session) -> None:
    """The tests, on the lowest versions that the package declares to work with."""
    path = wheel(session)
    session.install("uv")
    session.run("uv", "pip", "install", "--resolution=lowest-direct", f"{path}[all]")
    session.run("uv", "pip", "install", *group("tests"))
    session.run("uv", "pip", "list")
    session.run("pytest", "--hypothesis-profile=ci", "--numprocesses=2", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure, beside peers that do the same work: figures as ratios of one run."""
    install(session, "bench")
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """The tests at a length for a night: long searches, and what is marked `soak`."""
    install(session, "tests")
    figures = figured(Path(session.create_tmp()), "night")
    session.run(
        "pytest",
        *("--soak", "--hypothesis-profile=soak", "--numprocesses=2"),
        *session.posargs,
        env=figures,
    )
    written(session, figures, "night", "docs/explanation")


@nox.session
def dask(session: nox.Session) -> None:
    """The audit of a region by the executor of Dask's client."""
    install(session, "tests", "dask")
    session.run("pytest", "tests/region/test_mapping.py", *session.posargs)


@nox.session
def spark(session: nox.Session) -> None:
    """The audit of a region on a cluster of Spark; needs Java."""
    install(session, "tests", "spark")
    session.run("pytest", "--soak", "tests/region/test_spark.py", *session.posargs)


@nox.session
def reference(session: nox.Session) -> None:
    """Write the pages of the reference that are made from the sources."""
    install(session)
    session.run("python", "docs/names_page.py")
    session.run("python", "docs/store_report.py")
