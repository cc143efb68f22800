"""Compiles the message catalogues: as a build hook into the wheel, as a program into the tree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Write beside each ``.po`` under *root* its ``.mo``, where that is absent or older.

    Returns:
        Every ``.mo`` there is now, ordered.
    """
    compiled = []
    for source in sorted(root.glob("src/edujournal/texts/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        compiled.append(target)
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines, abort_invalid=True)
        # Written aside and moved: two runs of the tests may compile at once.
        aside = target.with_suffix(f".{os.getpid()}.new")
        with aside.open("wb") as out:
            write_mo(out, catalogue)
        aside.replace(target)
    return compiled


class Catalogues(BuildHookInterface[Any]):
    """Puts the compiled catalogues into the wheel."""

    PLUGIN_NAME = "catalogues"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Compile, and name the results to hatchling, which leaves out what git ignores."""
        root = Path(self.root)
        build_data["artifacts"] += [
            compiled.relative_to(root).as_posix() for compiled in compile_catalogues(root)
        ]


if __name__ == "__main__":
    for compiled in compile_catalogues():
        print(compiled.relative_to(ROOT))
