"""The commands about keeping and erasing, their options and their help."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import Place, Shown
from edujournal.errors import BadInput

_NO_SHOWN = Shown()

At = Annotated[
    str | None,
    Parameter(help="Moment to look at, such as 2026-11-02T09:00:00+03:00; by default now."),
]


def retention(
    *,
    every: Annotated[
        bool,
        Parameter(
            name="--all", negative=(), help="Also what is not due, with the day on which it is."
        ),
    ] = False,
    at: At = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """List what has been kept as long as it must be and is due for disposal."""
    from edujournal.cli.keeping import retention

    return retention(place, shown, at, every=every)


def erase(
    id: Annotated[str | None, Parameter(help="Name of the act.")] = None,
    /,
    *,
    records: Annotated[
        str | None,
        Parameter(help="Entries: journal/7A/alg/2026=12+15; books are parted by commas."),
    ] = None,
    pupil: Annotated[
        str | None, Parameter(help="All entries about this pupil whose texts may go.")
    ] = None,
    due: Annotated[
        bool, Parameter(negative=(), help="All entries that are due for disposal.")
    ] = False,
    shred: Annotated[
        bool,
        Parameter(
            negative=(),
            help="With --pupil and --keys: all texts, by destroying the key they are ciphered under.",
        ),
    ] = False,
    ground: Annotated[str | None, Parameter(help="Why.")] = None,
    by: Annotated[str | None, Parameter(help="Account that acts.")] = None,
    role: Annotated[str | None, Parameter(help="Role to act in, if a certain one.")] = None,
    key: Annotated[
        str | None, Parameter(help="Client key: a repeat erases what a failure left.")
    ] = None,
    check: Annotated[
        bool,
        Parameter(
            negative=(), help="Only answer: what may go, what must be kept, until when, why."
        ),
    ] = False,
    at: At = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Erase texts by an act of the school book, or answer a request to erase them.

    The entries stay, without their texts, and the log verifies. What must be kept is refused, and
    the answer names the clause and the day.
    """
    from edujournal.cli.keeping import erase

    return erase(
        id, place, shown, records, pupil, ground, by, role, key, at,
        due=due, check=check, shred=shred,
    )  # fmt: skip


def reads(
    account: Annotated[str, Parameter(help="Account whose looks are asked about.")],
    /,
    *,
    since: Annotated[
        str | None, Parameter(help="First moment, such as 2026-11-02T09:00:00+03:00.")
    ] = None,
    until: Annotated[str | None, Parameter(help="Moment after the last one.")] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """List whose data an account looked at, when, and in which view, by the access log."""
    from edujournal.cli.keeping import reads

    return reads(account, place, shown, since, until)


def export(
    folder: Annotated[
        str | None, Parameter(help="Folder for the files; made if it is not there.")
    ] = None,
    /,
    *,
    parquet: Annotated[
        str | None,
        Parameter(help="Folder of a lake: what has come since the last export, as Parquet."),
    ] = None,
    region: Annotated[str, Parameter(help="With --parquet: region of the school.")] = "-",
    municipality: Annotated[
        str | None,
        Parameter(
            help="With --parquet: municipality of the school; by default as the lake has it."
        ),
    ] = None,
    pseudonymised: Annotated[
        bool,
        Parameter(
            negative=(),
            help="Ids under a key of this export's own; no names, no texts.",
        ),
    ] = False,
    small: Annotated[
        int, Parameter(help="Pupils below which a group, or the bearers of a code, are told of.")
    ] = 5,
    key_file: Annotated[
        str | None,
        Parameter(help="New file for the key; without it the key is forgotten."),
    ] = None,
    spreadsheet: Annotated[
        bool,
        Parameter(negative=(), help="To be opened in a spreadsheet: no cell can be a formula."),
    ] = False,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Write the journals as a journal CSV set, as they are or pseudonymised, or into a lake."""
    if (folder is None) == (parquet is None):
        raise BadInput("one place is needed", expected="either a folder or --parquet DIR")
    if parquet is not None:
        from edujournal.cli.regional import export_lake

        if pseudonymised or spreadsheet or key_file is not None:
            raise BadInput(
                "a lake is as the journals are", where="--parquet", expected="no more options"
            )
        return export_lake(parquet, place, shown, region, municipality)
    from edujournal.cli.exporting import export

    return export(
        str(folder), place, shown, key_file, small,
        pseudonymised=pseudonymised, spreadsheet=spreadsheet,
    )  # fmt: skip
