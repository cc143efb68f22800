"""Runs one command and turns whatever happens into an exit code and, at worst, one clear line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Final

from cyclopts.exceptions import CycloptsError

from edujournal.cli.commands import app
from edujournal.errors import (
    BadInput,
    EdujournalError,
    KeyReused,
    MissingExtra,
    Refused,
    StoreDamaged,
    StoreError,
    Unknown,
)

CLEAN: Final = 0
FOUND: Final = 1
MISUSE: Final = 2
UNFINISHED: Final = 3
DAMAGED: Final = 4


def run(arguments: Sequence[str]) -> int:
    """Run the command line *arguments* and give its exit code."""
    try:
        command, bound, _ = app.parse_args(arguments, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        _say(f"{error} Try: edujournal --help")
        return MISUSE
    return finish(lambda: command(*bound.args, **bound.kwargs), debug="--debug" in arguments)


def finish(work: Callable[[], int | None], *, debug: bool = False) -> int:
    """Do *work* and give the exit code for what came of it.

    Args:
        work: Gives an exit code, or None for 0.
        debug: Whether to show where an error came from.
    """
    try:
        code = work() or CLEAN
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone; what is still in the buffer must not fail a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNFINISHED
    except KeyboardInterrupt:
        _say("interrupted")
        return UNFINISHED
    except EdujournalError as error:
        if debug:
            traceback.print_exc()
        _say(str(error))
        return code_of(error)
    except Exception as error:  # noqa: BLE001 - the last place that can say anything about it
        if debug:
            traceback.print_exc()
        told = " ".join(str(error).split())
        _say(
            f"could not finish: {type(error).__name__}{': ' if told else ''}{told}"
            f"{'' if debug else ' (--debug shows where)'}"
        )
        return UNFINISHED
    return code


def code_of(error: EdujournalError) -> int:
    """The exit code for an error of the library."""
    if isinstance(error, Refused):
        return FOUND
    if isinstance(error, StoreDamaged):
        return DAMAGED
    if isinstance(error, StoreError | MissingExtra):
        return UNFINISHED
    if isinstance(error, BadInput | Unknown | KeyReused):
        return MISUSE
    return UNFINISHED


def _say(text: str) -> None:
    for line in text.splitlines() or [""]:
        print(f"edujournal: {line}", file=sys.stderr)
