"""The table of a kit's promises: what each one is, and what became of it in a run."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import edujournal

#: Of several outcomes of one promise, the first of these is told.
_WORST: Final = ("failed", "skipped", "passed")


class Outcomes:
    """What became of the promises that a run asked for.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}

    def note(self, asking: str, kit: str, promise: str, outcome: str, why: str) -> None:
        """Note one phase of one test.

        Args:
            asking: Node id of the class that asks.
            kit: Where the kit is, ``module:class``.
            promise: Name of the method.
            outcome: ``passed``, ``failed``, ``skipped``, or empty where nothing is known yet.
            why: The reason, where there is one.
        """
        if not outcome:
            return
        found = self._found.setdefault((asking, kit), {})
        before = found.get(promise)
        if before is None or _WORST.index(outcome) < _WORST.index(before[0]):
            found[promise] = outcome, why

    def skipped(self) -> Iterator[str]:
        """A line for each promise that was skipped, with its reason."""
        for (asking, _), found in sorted(self._found.items()):
            for promise, (outcome, why) in found.items():
                if outcome == "skipped":
                    yield f"{asking}::{promise}: {why}"

    def table(self) -> str:
        """The tables of all classes that asked, in Markdown."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# Promises"
        yield ""
        yield f"Asked by the conformance kit of edujournal {edujournal.__version__}."
        if not self._found:
            yield ""
            yield "No class of this run inherits the kit."
        for (asking, kit), found in sorted(self._found.items()):
            yield from _section(asking, kit, found)


def _section(asking: str, kit: str, found: dict[str, tuple[str, str]]) -> Iterator[str]:
    sentences = _sentences(kit)
    counts = {outcome: sum(one[0] == outcome for one in found.values()) for outcome in _WORST}
    told = f"{len(sentences)} promises: {counts['passed']} passed, {counts['failed']} failed, "
    told += f"{counts['skipped']} skipped"
    left = len(sentences) - len(found)
    yield from (
        "",
        f"## {asking.rpartition('::')[2]}",
        "",
        f"`{kit.rpartition(':')[2]}` has {told}{f', {left} not run' if left else ''}.",
        "",
        "| promise | what is promised | outcome |",
        "|---|---|---|",
    )
    for name, said in sentences.items():
        outcome, why = found.get(name, ("not run", ""))
        shown = outcome if outcome in {"passed", "skipped"} else f"**{outcome}**"
        reason = f": {_cell(why)}" if why else ""
        short = name.removeprefix("test_").replace("_", " ")
        yield f"| {short} | {_cell(said)} | {shown}{reason} |"


def _sentences(kit: str) -> dict[str, str]:
    """What each promise of a kit promises, in the kit's order."""
    from edujournal.testing.promises import sentence

    module, _, name = kit.partition(":")
    found: Any = getattr(import_module(module), name)
    return {promise: sentence(method) for promise, method in found.promises.items()}


def _cell(text: str) -> str:
    """Text that does not leave its cell."""
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")
