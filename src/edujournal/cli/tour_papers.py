"""What the tour leaves to be looked at: a report, papers, a guardian's letters, the year's archive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from edujournal import __version__
from edujournal.adapters.archives import FolderArchive, write_archive
from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.documents.html import write_html
from edujournal.adapters.documents.pdf import write_pdf
from edujournal.adapters.documents.report import write_report
from edujournal.adapters.notifiers.folder import FolderNotifier
from edujournal.adapters.outboxes import MemoryOutbox
from edujournal.adapters.schools.people import people_of, without_people
from edujournal.adapters.signers.ed25519 import Ed25519Signer, Ed25519Verifier
from edujournal.archiving.package import Beside, checker, pack
from edujournal.archiving.reading import judge
from edujournal.archiving.register import register
from edujournal.cli.archiving import regulation_files
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened
from edujournal.errors import BadInput, StoreDamaged
from edujournal.model.time import moment
from edujournal.notices.subscriptions import Channel, Subscription, Subscriptions
from edujournal.notifying import notify
from edujournal.papers.head_report import compose_report
from edujournal.papers.making import Papers
from edujournal.papers.paper import Paper
from edujournal.papers.stamping import stamp
from edujournal.samples.frame import YEAR, ZONE
from edujournal.samples.quarter import Quarter
from edujournal.sealing import Seals
from edujournal.views.gathered import Gathered

_JOURNAL, _CLASS, _PUPIL = "7A/alg/2026", "7A", "p-17"

#: What the logs of the sample school are named by, and their key.
_NAME = "tour.example"

#: The letters tell of the last weeks before the audit, the holidays among them.
_LOOKED_BACK = timedelta(days=21)

#: A pupil's guardian, who has asked for the week's print-out and a digest of the week.
_GUARDIAN = "g-17"


def leave(
    folder: Path, there: Opened, story: Quarter, found: Gathered, printer: Printer
) -> list[Path]:
    """Write what a school would hold in its hands into *folder*; give what is to be opened.

    Args:
        folder: Where.
        there: The journals of the quarter.
        story: The quarter.
        found: What its audit found.
        printer: Tells the language.

    Raises:
        BadInput: The folder cannot be written.
    """
    made = [folder / "report.html"]
    key = Ed25519Signer.generate(_NAME)
    seals = _sealed(folder, there, story, key)
    papers = Papers(there.journals, printer.language, there.school, at=story.audited)
    try:
        report = compose_report(
            found, there.journals, printer.language, there.school, at=story.audited
        )
        made[0].write_text(write_report(report), "utf-8")
        for name, paper in _papers(papers, story):
            certified = stamp(paper, seals, checker())
            html, pdf = folder / f"{name}.html", folder / f"{name}.pdf"
            html.write_text(write_html(paper, certified), "utf-8")
            pdf.write_bytes(write_pdf(paper, certified))
            made += [html, pdf]
    except OSError as error:
        raise BadInput(
            "a file that cannot be written", where=str(folder), found=str(error)
        ) from error
    _letters(folder / "letters", there, story, printer)
    made += sorted((folder / "letters").rglob("*.html"))
    return [*made, _archived(folder, there, story, seals, key)]


def _papers(papers: Papers, story: Quarter) -> Iterator[tuple[str, Paper]]:
    yield "page", papers.page(_JOURNAL)
    yield "sheet", papers.sheet(_CLASS)
    yield "diary", papers.diary(_PUPIL, _day(story).date() - _LOOKED_BACK)


def _day(story: Quarter) -> datetime:
    return moment(story.audited, ZONE)


def _sealed(folder: Path, there: Opened, story: Quarter, key: Ed25519Signer) -> Seals:
    """Seal the year and sign a checkpoint, by a key that nobody keeps: it is only a tour."""
    seals = Seals(
        there.journals.store,
        there.school.id,
        name=_NAME,
        signers=[key],
        checkpoints=FolderCheckpoints(folder / "checkpoints"),
        clock=lambda: _day(story),
    )
    seals.seal(YEAR)
    return seals


def _archived(
    folder: Path, there: Opened, story: Quarter, seals: Seals, key: Ed25519Signer
) -> Path:
    """Write the archive of the year, judge it, and give its checker.

    Raises:
        StoreDamaged: It is not whole.
    """
    store, school = there.journals.store, there.school
    beside = Beside(
        origin=seals.origin(YEAR),
        notes=tuple(seals.checkpoints(YEAR)),
        keys=(key.public,),
        school=without_people(school),
        people=register(people_of(school), os.urandom),
        regulations=tuple(regulation_files(store, school.id, ())),
        documents=[(f"{n}.pdf", (folder / f"{n}.pdf").read_bytes()) for n in ("page", "sheet")],
    )
    place = folder / "archive"
    write_archive(
        place, pack(store, school.id, YEAR, beside, at=story.audited, version=__version__)
    )
    found = judge(FolderArchive(place), Ed25519Verifier)
    if found.damages:
        raise StoreDamaged("an archive that is not whole", where=str(found.damages[0]))
    return place / "verify.py"


def _letters(folder: Path, there: Opened, story: Quarter, printer: Printer) -> None:
    """The last week before the audit: the diary to be signed, and what was new, in one letter."""
    since = _day(story).date() - _LOOKED_BACK
    asked = partial(Subscription, channel="print", account=_GUARDIAN)
    said = Subscriptions(
        since=since,
        channels=(Channel(name="print", kind="folder", addressed=False),),
        subscriptions=(
            asked(kinds=("diary",)),
            asked(
                kinds=("mark", "homework", "absence", "result", "message", "correction"),
                rhythm="weekly",
            ),
        ),
        language=printer.language,
    )
    notifiers = {"print": FolderNotifier(folder)}
    notify(
        there.journals, said, notifiers, MemoryOutbox(), story.audited, directory=there.school
    )  # fmt: skip
