"""The command ``edujournal``: a school's journals from the shell.

``app`` is the cyclopts application, :func:`main` the entry point. Both load what they need when they
are used, so that ``edujournal --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edujournal.cli.commands import app

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with *arguments*, by default those of the process.

    Returns:
        Exit code: 0 clean, 1 findings or a refusal, 2 misuse, 3 could not finish, 4 damaged.

    *Version added: 0.1.*
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from edujournal.cli.running import run
    except ModuleNotFoundError as error:
        if error.name not in ("cyclopts", "rich"):
            raise
        print(
            f"edujournal: {error.name} is not installed. Run: pip install 'edujournal[cli]'",
            file=sys.stderr,
        )
        return 3
    return run(given)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load the application when it is first asked for."""
        if name != "app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from edujournal.cli.commands import app

        return app
