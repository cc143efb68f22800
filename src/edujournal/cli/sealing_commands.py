"""The command that seals, and the options of all that has to do with seals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import Place, Shown

_NO_SHOWN = Shown()

Name = Annotated[str, Parameter(help="What the logs of these schools are named by, and their key.")]
Public = Annotated[
    tuple[str, ...],
    Parameter(
        negative=(),
        help="Public key of a log or of a witness, as text or as a file; may be repeated.",
    ),
]
Authority = Annotated[
    tuple[Path, ...],
    Parameter(
        negative=(), help="Root certificate of an authority of time, in PEM; may be repeated."
    ),
]
Checkpoints = Annotated[Path, Parameter(help="Folder with checkpoints, apart from the store.")]


def seal(
    *,
    key: Annotated[Path, Parameter(help="File with the private key of the log.")],
    checkpoints: Checkpoints,
    name: Name = "edujournal",
    year: Annotated[str | None, Parameter(help="Academic year; by default every one.")] = None,
    witness: Annotated[
        str | None, Parameter(help="Public key of the witness that is to be asked.")
    ] = None,
    ask: Annotated[
        Path | None, Parameter(help="Folder for requests to that witness, one for each log.")
    ] = None,
    stamp: Annotated[
        str | None, Parameter(help="Where an authority of time answers (RFC 3161).")
    ] = None,
    authority: Authority = (),
    daily: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            help="Seal only what is due since this time of the day, HH:MM; may be repeated.",
        ),
    ] = (),
    every: Annotated[
        int | None, Parameter(help="Seal only what is due after so many minutes.")
    ] = None,
    zone: Annotated[
        str | None, Parameter(help="Zone whose clocks --daily means, such as Asia/Yekaterinburg.")
    ] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Seal what is new in every book, and sign a checkpoint over all seals of the year.

    With --daily or --every only what is due: for the host's cron, as often as one likes.
    """
    from edujournal.cli.sealing import seal

    return seal(
        place, shown, signer=key, checkpoints=checkpoints, name=name, year=year,
        witness=witness, ask=ask, stamp=stamp, authority=authority, daily=daily, every=every,
        zone=zone,
    )  # fmt: skip
