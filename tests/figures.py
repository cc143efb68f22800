"""How long the searches of the trust table are, and what a run reached.

A test of a row of ``docs/explanation/trust.md`` asks :func:`cases` how many cases to try and, when all
of them held, tells :func:`figure` what was reached. A run that wants the figures names a file in
``EDUJOURNAL_FIGURES``; ``docs/trust_page.py`` makes the page of it.
"""

from __future__ import annotations

import json
import os
import random

#: A fraction of every search, while one writes; the figures of such a run are for nobody.
SCALE = "EDUJOURNAL_TRUST_SCALE"

#: Set by ``pytest --soak``: the searches of a night.
SOAK = "EDUJOURNAL_SOAK"

#: The file that figures are added to, one JSON object a line.
FIGURES = "EDUJOURNAL_FIGURES"

#: Begins another search than the fixed one; printed whenever it is not set in a soak.
SEED = "EDUJOURNAL_TRUST_SEED"


def figure(row: str, what: str, value: float | str, unit: str = "") -> None:
    """Tell what a test of *row* reached.

    Counts of the same *what* from several tests or processes are added up by the page.

    Args:
        row: Row of the table: "R1".
        what: What was counted or measured: "crash states".
        value: The number, or a word such as "none".
        unit: Unit of a measure ("entries/s", "MiB", "s"), or what a count counts. Of several measures
            the page shows the least and the greatest; counts are added up.
    """
    path = os.environ.get(FIGURES)
    if not path:
        return
    line = json.dumps({"row": row, "what": what, "figure": value, "unit": unit})
    # One write to a file opened for appending: processes do not tear each other's lines.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def soaking() -> bool:
    """Whether this is a run for a night."""
    return bool(os.environ.get(SOAK))


def cases(usual: int, night: int | None = None) -> int:
    """How many cases to try: *usual* in every run, *night* in a soak; a fraction while one writes."""
    wanted = night if night is not None and soaking() else usual
    return max(1, round(wanted * float(os.environ.get(SCALE, "1"))))


def seed(fixed: int) -> int:
    """Where a search begins: the same in every run, a new one in each soak, or the one asked for."""
    asked = os.environ.get(SEED)
    if asked:
        return int(asked) + fixed
    if not soaking():
        return fixed
    begun = random.SystemRandom().randrange(1 << 32)
    print(f"{SEED}={begun} (part {fixed}) repeats this search")  # noqa: T201
    return begun + fixed
