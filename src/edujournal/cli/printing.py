"""Where things are printed: answers to standard output, all the rest to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from textwrap import wrap
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.rule import Rule
from rich.text import Text

from edujournal.cli.lines import line
from edujournal.cli.options import Shown
from edujournal.cli.phrases import phrase
from edujournal.rules.numbers import shown as rounded
from edujournal.texts.catalogues import Messages
from edujournal.texts.reports import DECIMAL

#: Tells how much of how much is done.
Tick = Callable[[int, int], None]


class Printer:
    """Prints for people, or as JSON Lines for programs.

    Args:
        shown: How to show it.
    """

    def __init__(self, shown: Shown) -> None:
        self.language = shown.lang
        self.json = shown.json
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=False)
        self._notes = Console(file=sys.stderr, highlight=False)

    @property
    def width(self) -> int:
        """Columns of the screen."""
        return self._out.width

    def say(self, name: str, /, **values: object) -> str:
        """A phrase in the language chosen."""
        return phrase(self.language, name, **values)

    def number(self, value: Fraction | None, digits: int) -> str:
        """A number rounded to *digits* places, as the language writes it; a dash for none."""
        if value is None:
            return "–"
        return rounded(value, digits).replace(".", Messages(self.language).say(DECIMAL))

    def show(self, *things: RenderableType) -> None:
        """Print for people."""
        for thing in things:
            self._out.print(thing)

    def text(self, text: str, style: str = "") -> None:
        """Print a line for people, its brackets as they stand."""
        self._out.print(Text(text, style))

    def paragraph(self, text: str, style: str = "") -> None:
        """Print a line for people that may be long: what runs over hangs under its beginning."""
        indent = " " * (len(text) - len(text.lstrip()))
        for part in wrap(
            text.strip(),
            max(self.width, 20),
            initial_indent=indent,
            subsequent_indent=f"{indent}    ",
            break_on_hyphens=False,
        ):
            self.text(part, style)

    def copied(self, text: str) -> None:
        """Print a line that is there to be copied: it is not broken, however long it is."""
        self._out.print(Text(text), soft_wrap=True)

    def title(self, text: str) -> None:
        """Print the title of a part."""
        self._out.print()
        self._out.print(Rule(Text(text, "bold"), align="left", characters="─"))

    def line(self, values: Mapping[str, Any]) -> None:
        """Print a line for programs."""
        self._out.file.write(line(values) + "\n")

    def note(self, text: str) -> None:
        """Say something beside the answer."""
        self._notes.print(Text(text), soft_wrap=True)

    @contextmanager
    def progress(self, what: str) -> Iterator[Tick]:
        """Show a bar while something long is going on; nothing where nobody looks."""
        if not self._notes.is_terminal:
            yield _nothing
            return
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._notes,
            transient=True,
        )
        with bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _nothing(_done: int, _total: int) -> None:
    """Tell nobody."""
