"""The commands, their options and their help. What they do is in the modules they load when run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from edujournal import __version__
from edujournal.cli.archive_commands import (
    archive,
    backup,
    close,
    dispose,
    erase_people,
    restore,
    verify_archive,
)
from edujournal.cli.keeping_commands import erase, export, reads, retention
from edujournal.cli.notice_commands import notify
from edujournal.cli.options import Place, PlaceOrLake, Shown
from edujournal.cli.print_commands import prints
from edujournal.cli.region_commands import generate
from edujournal.cli.regulation_commands import regulations
from edujournal.cli.report_commands import report
from edujournal.cli.sealing_commands import Authority, Checkpoints, Name, Public, seal

__all__ = ["app"]

app = App(
    name="edujournal",
    help="Class journals of a school: kept, judged and audited under the regulation it declares.",
    version=__version__,
    help_format="plaintext",
)

app.command(regulations)
app.command(generate)
app.command(prints)
app.command(retention)
app.command(erase)
app.command(reads)
app.command(export)
app.command(notify)
app.command(close)
app.command(archive)
app.command(verify_archive)
app.command(report)
app.command(backup)
app.command(restore)
app.command(dispose)
app.command(erase_people)

_NO_SHOWN = Shown()
_NO_PLACE = PlaceOrLake()

At = Annotated[
    str | None,
    Parameter(help="Moment to look at, such as 2026-11-02T09:00:00+03:00; by default now."),
]
Since = Annotated[str | None, Parameter(help="First day, such as 2026-09-01.")]
By = Annotated[
    str | None, Parameter(help="Account that looks; the access log then tells of the look.")
]
Until = Annotated[str | None, Parameter(help="Day after the last one.")]


@app.command
def tour(
    *,
    folder: Annotated[
        str | None,
        Parameter(name="--dir", help="Folder for the database; by default a new edujournal-tour."),
    ] = None,
    shown: Shown = _NO_SHOWN,
) -> int:
    """See it all: a sample school keeps a quarter, with breaches planted, and is audited."""
    from edujournal.cli.touring import tour

    return tour(folder, shown)


@app.command(name="import")
def import_(
    folder: Annotated[str, Parameter(help="Folder of the journal CSV set.")],
    /,
    *,
    check: Annotated[
        bool, Parameter(negative=(), help="Only say what importing would come to.")
    ] = False,
    replace: Annotated[
        bool,
        Parameter(negative=(), help="Replace the school's data that the store carries."),
    ] = False,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Import a journal CSV set into a store, which is made if it is not there.

    Every fault of the files is listed, and nothing of a faulty set is imported. The same set
    imported twice is there once.
    """
    from edujournal.cli.importing import import_set

    return import_set(folder, place, shown, check=check, replace=replace)


@app.command
def record(
    record: Annotated[
        str | None,
        Parameter(help="Kind of record: mark, roll, topic, homework, work, result and others."),
    ] = None,
    /,
    *,
    by: Annotated[str, Parameter(help="Account that acts.")],
    role: Annotated[str | None, Parameter(help="Role to act in, if a certain one.")] = None,
    key: Annotated[
        str | None, Parameter(help="Client key: a repeat under the same key records nothing new.")
    ] = None,
    check: Annotated[
        bool, Parameter(negative=(), help="Only say what the verdict would be.")
    ] = False,
    place: Place,
    shown: Shown = _NO_SHOWN,
    **fields: Annotated[
        str, Parameter(help="Fields of the record: --lesson 7A-alg-0915 --pupil p-17 --value 5 …")
    ],
) -> int:
    """Record one thing in a journal, given as options or as one JSON object on standard input."""
    from edujournal.cli.recording import record_one

    return record_one(record, fields, by, role, key, place, shown, check=check)


@app.command
def audit(
    *,
    at: At = None,
    since: Since = None,
    until: Until = None,
    everything: Annotated[
        bool,
        Parameter(name="--all", negative=(), help="Also what was met, and what is pending."),
    ] = False,
    out: Annotated[
        Path | None,
        Parameter(help="With columns: Parquet file for the findings, instead of showing them."),
    ] = None,
    place: PlaceOrLake = _NO_PLACE,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Judge every entry of every journal, and find what is missing.

    With --lake those of many schools, in columns: the findings are the same.
    """
    from edujournal.cli.auditing import audit

    return audit(place, shown, at, since, until, out, everything=everything)


@app.command
def due(
    account: Annotated[str | None, Parameter(help="Only what this account owes.")] = None,
    /,
    *,
    at: At = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """List what is still to be recorded, by whom and until when: open windows, and missed ones."""
    from edujournal.cli.reading import due

    return due(account, place, shown, at)


@app.command
def control(
    account: Annotated[str | None, Parameter(help="Only this account, clause by clause.")] = None,
    /,
    *,
    at: At = None,
    since: Since = None,
    until: Until = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Show how punctually and completely each teacher keeps the journals, clause by clause.

    By default for the stretch of days that ended last by the regulation's own rhythm.
    """
    from edujournal.cli.controlling import control

    return control(account, place, shown, at, since, until)


@app.command
def tick(
    *,
    at: Annotated[
        str | None,
        Parameter(help="Only what was due by this past moment; by default by now."),
    ] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Record what time makes by now, such as what becomes of ended markers; for the host's cron.

    It may be run as often as one likes: what was made once is not made again, and what was due long
    ago is made now. It ends with who is to be told of what.
    """
    from edujournal.cli.ticking import tick

    return tick(place, shown, at)


@app.command
def explain(
    what: Annotated[
        str,
        Parameter(
            allow_leading_hyphen=True,
            help="Breach code such as after-close, or clause such as 2.7; - reads a finding in JSON.",
        ),
    ],
    /,
    *,
    about: Annotated[
        str | None,
        Parameter(help="Occasion, such as lesson:7A-alg-0915 or period:q1: explain it there."),
    ] = None,
    journal: Annotated[
        str | None,
        Parameter(help="Journal of the occasion, such as 7A/alg/2026, if it is no lesson."),
    ] = None,
    pupil: Annotated[str | None, Parameter(help="Only what concerns this pupil.")] = None,
    at: At = None,
    store: Annotated[
        str | None, Parameter(help="Store in which the occasion is: sqlite:///FILE, file:DIR, …")
    ] = None,
    school: Annotated[
        str | None, Parameter(help="Id of the school, if the store has several.")
    ] = None,
    school_data: Annotated[
        str | None, Parameter(help="File or folder with the school's data.")
    ] = None,
    regulation: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Shipped id or TOML file; may be repeated."),
    ] = (),
    shown: Shown = _NO_SHOWN,
) -> int:
    """Explain a breach code, a clause, or what either says about an occasion, step by step."""
    from edujournal.cli.explaining import explain

    place = (
        None
        if store is None
        else Place(store=store, school=school, school_data=school_data, regulation=regulation)
    )
    return explain(what, about, journal, pupil, at, regulation, place, shown)


@app.command
def page(
    journal: Annotated[str, Parameter(help="Journal, such as 7A/alg/2026.")],
    /,
    *,
    since: Since = None,
    until: Until = None,
    at: At = None,
    by: By = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Show a page of a journal: pupils and lessons, topics and homework; by default one period."""
    from edujournal.cli.reading import page

    return page(journal, place, shown, since, until, at, by)


@app.command
def diary(
    pupil: Annotated[str, Parameter(help="Id of the pupil, such as p-17.")],
    /,
    *,
    week: Annotated[
        str | None, Parameter(help="Any day of the week, such as 2026-09-15; by default today.")
    ] = None,
    at: At = None,
    by: By = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Show a week of a pupil's diary."""
    from edujournal.cli.reading import diary

    return diary(pupil, place, shown, week, at, by)


@app.command
def seen(
    pupil: Annotated[str, Parameter(help="Id of the pupil, such as p-17.")],
    /,
    *,
    by: Annotated[str, Parameter(help="Account that confirms.")],
    behalf: Annotated[
        str | None,
        Parameter(name="--for", help="Guardian who has signed on paper, for whom it confirms."),
    ] = None,
    week: Annotated[
        str | None, Parameter(help="Any day of the week, such as 2026-09-15; by default today.")
    ] = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Confirm that a guardian has seen a week of a pupil's diary, as it is now."""
    from edujournal.cli.reading import seen

    return seen(pupil, place, shown, week, by, behalf)


@app.command
def sheet(
    group: Annotated[str, Parameter(help="Class, such as 7A.")],
    /,
    *,
    period: Annotated[
        str | None, Parameter(help="Period, such as q1; by default the last one with results.")
    ] = None,
    year: Annotated[str | None, Parameter(help="Academic year, if the school has several.")] = None,
    proposals: Annotated[
        bool,
        Parameter(negative=(), help="Also what the regulation's formula proposes, in brackets."),
    ] = False,
    at: At = None,
    by: By = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Show the summary sheet of a class: pupils, subjects and results of a period."""
    from edujournal.cli.reading import sheet

    return sheet(group, place, shown, period, year, at, by, proposals=proposals)


@app.command
def statistics(
    *,
    by: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            help="Dimension: pupil, class, subject, teacher, parallel, school or period; may be"
            " repeated. By default class.",
        ),
    ] = ("class",),
    period: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(), help="Period, such as q1; may be repeated. By default all that have begun."
        ),
    ] = (),
    stage: Annotated[
        str | None,
        Parameter(
            help="Stage of results: period, year, exam or final; by default the period's own."
        ),
    ] = None,
    group: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Only this group and those below it; may be repeated."),
    ] = (),
    year: Annotated[
        str | None, Parameter(help="Academic year; by default the present one.")
    ] = None,
    at: At = None,
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Count success, quality, degree of learning, means and attendance, with what lacks."""
    from edujournal.cli.counting import statistics

    return statistics(place, shown, by, period, stage, group, year, at)


@app.command
def verify(
    *,
    checkpoints: Annotated[
        Path | None, Parameter(help="Folder with checkpoints, apart from the store.")
    ] = None,
    public: Public = (),
    anchor: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Checkpoint from print, as YEAR:SIZE:ROOT; may be repeated."),
    ] = (),
    authority: Authority = (),
    name: Name = "edujournal",
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Read every record and check that nothing was cut, edited, swapped or lost."""
    from edujournal.cli.verifying import verify

    return verify(
        place, shown, checkpoints=checkpoints, public=public, anchors=anchor,
        authority=authority, name=name,
    )  # fmt: skip


@app.command
def key(
    name: Annotated[str, Parameter(help="Name of the key, such as school26.example.")],
    file: Annotated[Path, Parameter(help="File for the private key; it must not be there yet.")],
    /,
    *,
    witness: Annotated[bool, Parameter(negative=(), help="The key of a witness.")] = False,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Make a key that signs checkpoints; its public half is printed, and belongs to everybody."""
    from edujournal.cli.sealing import key

    return key(name, file, shown, witness=witness)


app.command(seal)


@app.command
def witness(
    request: Annotated[Path, Parameter(help="Request, as edujournal seal --ask has made it.")],
    /,
    *,
    key: Annotated[Path, Parameter(help="File with the private key of the witness.")],
    name: Annotated[str, Parameter(help="Name of the witness.")],
    memory: Annotated[Path, Parameter(help="Folder where the witness keeps what it has signed.")],
    public: Public,
    checkpoints: Annotated[Path, Parameter(help="Folder for the cosigned checkpoint.")],
    shown: Shown = _NO_SHOWN,
) -> int:
    """Cosign a checkpoint, if it only grew from the one that was cosigned before."""
    from edujournal.cli.sealing import witness

    return witness(
        request, shown, signer=key, name=name, memory=memory, public=public,
        checkpoints=checkpoints,
    )  # fmt: skip


@app.command
def prove(
    journal: Annotated[str, Parameter(help="Journal, such as 7A/alg/2026, or another book.")],
    entry: Annotated[int, Parameter(help="Number of the entry.")],
    /,
    *,
    checkpoints: Checkpoints,
    name: Name = "edujournal",
    out: Annotated[Path, Parameter(help="File for the proof.")],
    place: Place,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Write a proof that an entry is under a signed checkpoint, to be checked without the store."""
    from edujournal.cli.sealing import prove

    return prove(journal, entry, place, shown, checkpoints=checkpoints, name=name, out=out)


@app.command
def check(
    proof: Annotated[Path, Parameter(help="File with the proof.")],
    /,
    *,
    public: Public,
    name: Name = "edujournal",
    receipt: Annotated[
        str | None, Parameter(help="Hash from the receipt of the entry, 64 hex digits.")
    ] = None,
    shown: Shown = _NO_SHOWN,
) -> int:
    """Check a proof: the entry, its book, the seal, the checkpoint, the signature."""
    from edujournal.cli.sealing import check

    return check(proof, shown, public=public, name=name, receipt=receipt)
