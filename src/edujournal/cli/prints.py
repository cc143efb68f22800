"""``edujournal print``: papers of the journals, written as PDF or HTML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.documents.html import write_html
from edujournal.adapters.documents.pdf import write_pdf
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.print_commands import Made
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput
from edujournal.papers.making import Papers
from edujournal.papers.paper import Paper, Stamp
from edujournal.papers.stamping import stamp
from edujournal.sealing import Seals


def print_paper(compose: Callable[[Papers], Paper], made: Made, place: Place, shown: Shown) -> int:
    """Compose a paper, certify it where checkpoints are named, write it, and say what it is."""
    form = _form(made.out)
    printer = Printer(shown)
    with opened(place, writes=made.by is not None) as there:
        papers = Papers(
            there.journals,
            shown.lang,
            there.school,
            heading=made.heading,
            by=made.by,
            at=moment(made.at),
        )
        paper = compose(papers)
        certified = _stamp(paper, made, there)
    if form == "pdf":
        data = write_pdf(paper, certified, fonts=made.fonts)
    else:
        data = write_html(paper, certified).encode()
    try:
        made.out.write_bytes(data)
    except OSError as error:
        raise BadInput(
            "a file that cannot be written", where=str(made.out), found=str(error)
        ) from error
    _show(printer, paper, certified, made.out, data)
    return 0


def _form(out: Path) -> str:
    form = out.suffix.lower().removeprefix(".")
    if form not in ("pdf", "html"):
        raise BadInput(
            "no form of paper", where="--out", expected="NAME.pdf or NAME.html", found=str(out)
        )
    return form


def _stamp(paper: Paper, made: Made, there: Opened) -> Stamp | None:
    if made.checkpoints is None:
        return None
    seals = Seals(
        there.journals.store,
        there.school.id,
        name=made.name,
        checkpoints=FolderCheckpoints(made.checkpoints),
        clock=_now,
    )
    return stamp(paper, seals, None if made.checker is None else _bytes(made.checker))


def _show(printer: Printer, paper: Paper, certified: Stamp | None, out: Path, data: bytes) -> None:
    if printer.json:
        printer.line(
            {
                "kind": paper.kind,
                "of": paper.of,
                "file": str(out),
                "digest": paper.digest,
                "sha256": sha256(data).hexdigest(),
                "origin": None if certified is None else certified.origin,
                "size": None if certified is None else certified.size,
                "root": None if certified is None else certified.root,
            }
        )
        return
    printer.text(printer.say("printed", title=paper.title, of=paper.of, file=out), "bold")
    printer.text(paper.digest, "dim")
    if certified is not None:
        printer.text(printer.say("proof_by", origin=certified.origin, size=certified.size), "dim")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput("a file that cannot be read", where=str(file), found=str(error)) from error


def _now() -> datetime:
    return datetime.now(UTC)
