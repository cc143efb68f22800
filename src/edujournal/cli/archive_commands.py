"""The commands about closing and archiving a year, their options and their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edujournal.cli.options import Place, Shown

_NO_SHOWN = Shown()

_Year = Annotated[str, Parameter(help="Academic year, such as 2026.")]
_Name = Annotated[
    str, Parameter(help="What the origins of the logs begin with, such as school26.example.")
]
_Public = Annotated[
    tuple[str, ...],
    Parameter(
        negative=(),
        help="Public key of the log or of a witness, as text or as a file; may be repeated.",
    ),
]


def close(
    *journals: Annotated[str, Parameter(help="Journals, such as 7A/alg/2026.")],
    year: Annotated[
        str | None, Parameter(help="Academic year: all its journals that are still open.")
    ] = None,
    by: Annotated[str, Parameter(help="Account that acts.")],
    role: Annotated[str | None, Parameter(help="Role to act in, if a certain one.")] = None,
    complete: Annotated[
        bool, Parameter(negative=(), help="Close none while a record is still owed in one of them.")
    ] = False,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Close journals, by acts of the school book, and tell what is still owed in them."""
    from edujournal.cli.archiving import close

    return close(journals, place, shown, year=year, by=by, role=role, complete=complete)


def archive(
    folder: Annotated[Path, Parameter(help="New folder for the archive.")],
    /,
    *,
    year: _Year,
    checkpoints: Annotated[
        Path | None, Parameter(help="Folder with checkpoints, apart from the store.")
    ] = None,
    public: _Public = (),
    document: Annotated[
        tuple[Path, ...],
        Parameter(
            negative=(), help="File to be put in, such as a certified sheet; may be repeated."
        ),
    ] = (),
    name: _Name = "edujournal",
    by: Annotated[
        str | None,
        Parameter(help="Account that hands over: it goes on record for each class that is done."),
    ] = None,
    role: Annotated[str | None, Parameter(help="Role to act in, if a certain one.")] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Write a year as a folder that verifies itself: books, seals, keys, rules, copies, a checker.

    Seal before. What the archive proves is told at once.
    """
    from edujournal.cli.archiving import archive

    return archive(
        folder, place, shown, year=year, checkpoints=checkpoints, public=public,
        documents=document, name=name, by=by, role=role,
    )  # fmt: skip


def verify_archive(
    folder: Annotated[Path, Parameter(help="Folder of the archive.")],
    /,
    *,
    public: _Public = (),
    anchor: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Checkpoint from print, as SIZE:ROOT; may be repeated."),
    ] = (),
    authority: Annotated[
        tuple[Path, ...],
        Parameter(
            negative=(),
            help="Root certificate of an authority of time, in PEM; may be repeated.",
        ),
    ] = (),
    shown: Shown = _NO_SHOWN,
) -> int:
    """Check an archive with the library: its files, its books, its signatures, its own checker.

    The keys in the archive are believed where none is named.
    """
    from edujournal.cli.archiving import verify_archive

    return verify_archive(folder, shown, public=public, anchors=anchor, authority=authority)


_Store = Annotated[str, Parameter(help="sqlite:///FILE, file:DIR, or any SQLAlchemy URL.")]
_School = Annotated[
    str | None, Parameter(help="Id of the school, if the store has several and one is meant.")
]


def backup(
    folder: Annotated[Path, Parameter(help="New folder for the copy.")],
    /,
    *,
    store: _Store,
    school: _School = None,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Copy a store into a folder while it is written to, and verify the copy.

    The copy is itself a store, file:FOLDER, with the school's data and the regulations.
    """
    from edujournal.cli.backups import backup

    return backup(folder, store, school, shown)


def restore(
    folder: Annotated[Path, Parameter(help="Folder that edujournal backup has made.")],
    /,
    *,
    store: _Store,
    school: _School = None,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Copy a backup into a store that has no book of the school yet, and verify it there."""
    from edujournal.cli.backups import restore

    return restore(folder, store, school, shown)


def dispose(
    folder: Annotated[Path, Parameter(help="Folder of the archive; it is not changed.")],
    out: Annotated[Path, Parameter(help="New folder for what is left.")],
    /,
    *,
    at: Annotated[
        str | None,
        Parameter(help="Moment to look at, such as 2032-01-09T09:00:00+03:00; by default now."),
    ] = None,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Make an archive without the books that nothing keeps any longer; their hashes stay.

    The regulations and the calendar in the archive tell what is due. What is left verifies as
    before, and names what is gone; the old folder is yours to destroy.
    """
    from edujournal.cli.archiving import dispose

    return dispose(folder, out, shown, at=at)


def erase_people(
    folder: Annotated[Path, Parameter(help="Folder of the archive; it is not changed.")],
    out: Annotated[Path, Parameter(help="New folder for what is left.")],
    /,
    *,
    ground: Annotated[str, Parameter(help="Why they are erased; every verdict tells it.")],
    person: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(), help="Id of a pupil or an account; may be repeated; by default everybody."
        ),
    ] = (),
    shown: Shown = _NO_SHOWN,
) -> int:
    """Make an archive without people of its register; salted hashes of their lines stay.

    What is left verifies as before, and tells how many were erased and why; the old folder is yours
    to destroy. Entries name people by their ids, as they always did.
    """
    from edujournal.cli.archiving import erase_people

    return erase_people(folder, out, shown, ground=ground, people=person)
