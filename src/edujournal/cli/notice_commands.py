"""The command about notices, its options and its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import Place, Shown

_NO_SHOWN = Shown()


def notify(
    *,
    notices: Annotated[
        Path, Parameter(help="TOML file: channels, addresses, who has asked to be told of what.")
    ],
    outbox: Annotated[
        str | None,
        Parameter(
            help="Where it is kept what was told: file:DIR, or a database; by default that of the"
            " journals."
        ),
    ] = None,
    secrets: Annotated[
        Path | None,
        Parameter(help="TOML file with passwords and tokens, each a name and its value."),
    ] = None,
    again: Annotated[
        bool,
        Parameter(negative=(), help="Try now what waits for another try, and what was set aside."),
    ] = False,
    at: Annotated[
        str | None,
        Parameter(help="Past moment by which hours and waits are reckoned; by default now."),
    ] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Send guardians and teachers what is new and what is due by now; for the host's cron.

    It may be run as often as one likes: what was sent is not sent again, and what could not be sent
    goes with a later run. It prints no names, addresses or texts.
    """
    from edujournal.cli.notifying import notify

    return notify(place, shown, notices, outbox, secrets, at, again=again)
