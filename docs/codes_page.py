"""Writes ``reference/breach-codes.md``, the page of breach codes, out of their catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from edujournal.rules.catalogue import CATALOGUE, BreachCode

PAGE = Path(__file__).parent / "reference" / "breach-codes.md"
HEAD = """\
# Breach codes

Every finding bears one of these codes, whether it says *met* or *broken*.
A code never changes its meaning.
Which clause asks for it, and how much a breach weighs, is said by the regulation.
What a finding is made of, and how it becomes a line for people, is told in [views and texts](views.md).
This page is written by `python docs/codes_page.py` from the catalogue; a test fails when it is behind.
"""
FAMILIES = {
    "timing": "Timing: a record and its window",
    "quantity": "Quantity: what must be there",
    "rights": "Rights: who may write",
    "relations": "Relations: what an entry requires or excludes",
    "markers": "Markers: what a special result may be, and until when",
    "locks": "Locks: what is closed",
    "integrity": "Integrity: what any journal asks",
}


def row(code: BreachCode) -> Iterator[str]:
    """Give the section of one code."""
    yield from ("", f"### `{code.code}`", "", f"{code.asks} {code.why}", "")
    yield f"- Kept: {code.kept}"
    yield f"- Broken: {code.broken}"
    yield f"- To mend: {code.mend}"
    yield f"- Since: {code.since}"


def page() -> str:
    """Give the page as it should be."""
    families = dict.fromkeys((*FAMILIES, *(code.family for code in CATALOGUE.values())))
    lines = ["", "| code | asks |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {CATALOGUE[name].asks} |" for name in sorted(CATALOGUE)]
    for family in families:
        codes = [code for code in CATALOGUE.values() if code.family == family]
        if codes:
            lines += ["", f"## {FAMILIES.get(family, family.capitalize())}"]
            for code in sorted(codes, key=lambda one: one.code):
                lines += row(code)
    lines += ["", "Back to the [reference](index.md)."]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"written: {PAGE.name}")
