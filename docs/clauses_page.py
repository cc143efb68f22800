"""Writes ``reference/clauses.md``: each clause of the shipped regulations, what it comes to, its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from edujournal.rules.clauses import Clause, Regulation
from edujournal.rules.loading import load, shipped
from edujournal.testing.casefile import SHOWS, Case, load_cases
from edujournal.texts.regulations import KEPT_BY

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "clauses.md"

#: The regulation whose every clause is accounted for, and the folder of its cases.
SCHOOL: Final = "ru-school26-2023"
OWN_CASES: Final = "tests/cases"

#: Folders of the cases of the other regulations, one a regulation.
OTHERS: Final = "tests/regulations/cases"

#: Clauses that must be shown from every side.
MUST: Final = (*(f"2.{number}" for number in range(2, 14)), "2.16", "3.1", "3.2", "3.3")

#: Where a clause cannot be shown to be something, the reason.
CANNOT: Final[Mapping[tuple[str, str], str]] = {
    ("2.4", "undecidable"): (
        "the homeroom role writes nothing at any moment, so that no unknown time matters"
    ),
}

HEAD = """\
# Clauses and their cases

A case is a small story about a school, written as data: what was recorded when and by whom, and \
what the regulation must say of it.
Each is judged before it is recorded, when it is recorded, and by an audit, over memory, files and \
SQLite, and has one answer everywhere.
A clause is shown *met*, *broken*, at its own *border* (one microsecond before, at and after; the \
first and the last day of an assignment), and *undecidable* where the evidence does not tell.
This page is written by `python docs/clauses_page.py` from the regulations and the cases; a test \
fails when it is behind, or when a clause lacks a case.
"""


def cases(folder: str = OWN_CASES) -> list[Case]:
    """The cases of a folder."""
    return load_cases(ROOT / folder)


def gaps(known: Iterable[Case]) -> list[tuple[str, str]]:
    """Clauses and what no case shows of them, without a reason."""
    known = list(known)
    return [
        (clause, shown)
        for clause in MUST
        for shown in SHOWS
        if (clause, shown) not in CANNOT
        and not any(clause in case.clauses and shown in case.shows for case in known)
    ]


def page() -> str:
    """Give the page as it should be."""
    lines = [HEAD]
    lines += _regulation(load(SCHOOL), cases(), OWN_CASES)
    for id in shipped():
        folder = f"{OTHERS}/{id}"
        if id != SCHOOL and (ROOT / folder).is_dir():
            lines += _regulation(load(id), cases(folder), folder)
    lines += ["", "Back to the [reference](index.md)."]
    return "\n".join(lines) + "\n"


def _regulation(regulation: Regulation, known: list[Case], folder: str) -> Iterator[str]:
    yield f"\n## {regulation.title.en}\n"
    yield f"`{regulation.id}`; cases in `{folder}`.\n"
    yield "| clause | asks | breach codes | met | broken | border | undecidable |"
    yield "|---|---|---|---|---|---|---|"
    for clause in regulation.clauses:
        own = [case for case in known if clause.number in case.clauses]
        shown = [_shown(clause, own, what, folder, regulation.id) for what in SHOWS]
        codes = ", ".join(f"[`{code}`](breach-codes.md#{code})" for code in _codes(clause, own))
        if clause.kept_by is not None:
            codes = f"*{KEPT_BY[clause.kept_by].text}*"
        yield f"| {clause.number} | {clause.gist.en} | {codes or '–'} | {' | '.join(shown)} |"


def _shown(clause: Clause, own: list[Case], what: str, folder: str, id: str) -> str:
    found = [case.id for case in own if what in case.shows]
    if found:
        return " ".join(f"[{name}](../../{folder}/{name}.case.toml)" for name in found)
    if id == SCHOOL and (clause.number, what) in CANNOT:
        return f"*{CANNOT[clause.number, what]}*"
    return "–"


def _codes(clause: Clause, own: Iterable[Case]) -> list[str]:
    """Breach codes that the clause's cases speak of."""
    found = {
        one.code
        for case in own
        for expected in (
            *(one.expect for act in case.acts for one in act.said),
            *(one.expect for one in case.audits),
        )
        for one in expected
        if one.clause == clause.number
    }
    return sorted(found)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"written: {PAGE.name}")
