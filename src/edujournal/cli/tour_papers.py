"""What the tour leaves on paper: papers as HTML and PDF, and the week's print-out for a guardian."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from edujournal.adapters.documents.html import write_html
from edujournal.adapters.documents.pdf import write_pdf
from edujournal.adapters.notifiers.folder import FolderNotifier
from edujournal.adapters.outboxes import MemoryOutbox
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened
from edujournal.errors import BadInput
from edujournal.model.time import moment
from edujournal.notices.subscriptions import Channel, Subscription, Subscriptions
from edujournal.notifying import notify
from edujournal.papers.making import Papers
from edujournal.papers.paper import Paper
from edujournal.samples.frame import ZONE
from edujournal.samples.quarter import Quarter

_JOURNAL, _CLASS = "7A/alg/2026", "7A"

#: The letters tell of the last weeks before the audit, the holidays among them.
_LOOKED_BACK = timedelta(days=21)

#: A pupil's guardian, who has asked for the week's print-out and a digest of the week.
_GUARDIAN = "g-17"


def leave(folder: Path, there: Opened, story: Quarter, printer: Printer) -> list[Path]:
    """Write papers and letters of the quarter into *folder*; give what was written.

    Raises:
        BadInput: The folder cannot be written.
    """
    made: list[Path] = []
    papers = Papers(there.journals, printer.language, there.school, at=story.audited)
    try:
        for name, paper in _papers(papers):
            html, pdf = folder / f"{name}.html", folder / f"{name}.pdf"
            html.write_text(write_html(paper), "utf-8")
            pdf.write_bytes(write_pdf(paper))
            made += [html, pdf]
    except OSError as error:
        raise BadInput(
            "a file that cannot be written", where=str(folder), found=str(error)
        ) from error
    _letters(folder / "letters", there, story, printer)
    return [*made, *sorted((folder / "letters").rglob("*.html"))]


def _papers(papers: Papers) -> Iterator[tuple[str, Paper]]:
    yield "page", papers.page(_JOURNAL)
    yield "sheet", papers.sheet(_CLASS)


def _letters(folder: Path, there: Opened, story: Quarter, printer: Printer) -> None:
    """The last week before the audit: the diary to be signed, and what was new, in one letter."""
    since = moment(story.audited, ZONE).date() - _LOOKED_BACK
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
