"""Figures of the page on trust: what a run of the tests reached."""

from __future__ import annotations

import json
import os
from pathlib import Path


def figure(row: str, what: str, value: float, unit: str) -> None:
    """Add one figure to the file that ``EDUJOURNAL_FIGURES`` names; without it, do nothing.

    A line is written in one call, so that processes side by side do not mix theirs.
    """
    path = os.environ.get("EDUJOURNAL_FIGURES")
    if path:
        line = json.dumps({"row": row, "what": what, "figure": value, "unit": unit}) + "\n"
        descriptor = os.open(Path(path), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
