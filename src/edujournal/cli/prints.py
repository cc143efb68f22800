"""``edujournal print``: papers of the journals, written as PDF or HTML."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.documents.html import write_html
from edujournal.adapters.documents.pdf import write_pdf
from edujournal.adapters.documents.signing import sign_pdf
from edujournal.cli.lines import journal_name
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.print_commands import Made
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput, Refused
from edujournal.papers.issuing import issue_of
from edujournal.papers.making import Papers
from edujournal.papers.paper import Paper, Stamp
from edujournal.papers.stamping import stamp
from edujournal.plain_files import LARGEST_PAPER, read_plain
from edujournal.rules.verdicts import Decision
from edujournal.sealing import Seals
from edujournal.synced_files import write_file
from edujournal.texts.papers import TITLES
from edujournal.views.issued import IssuedCopy
from edujournal.views.speaking import Speaker


def print_paper(compose: Callable[[Papers], Paper], made: Made, place: Place, shown: Shown) -> int:
    """Compose a paper, certify it where checkpoints are named, write it, and say what it is."""
    form = _form(made.out)
    if made.issue is not None and made.by is None:
        raise BadInput("a copy that nobody issues", where="--issue", expected="--by and an account")
    if made.issue is None and (made.to is not None or made.signed_by):
        raise BadInput(
            "what only an issued copy has", where="--to, --signed-by",
            expected="--issue and a name of the copy",
        )  # fmt: skip
    if made.sign and form != "pdf":
        raise BadInput("only a PDF is signed", where="--sign", expected="--out NAME.pdf")
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
            data = _signed(write_pdf(paper, certified, fonts=made.fonts), made)
        else:
            data = write_html(paper, certified).encode()
        _issue(there, paper, certified, made, data)
    _show(printer, paper, certified, made.out, data)
    return 0


def _signed(data: bytes, made: Made) -> bytes:
    """Let each key sign, one after another; all have one password, or none."""
    password = os.environ.get("EDUJOURNAL_SIGN_PASSWORD")
    for key in made.sign:
        data = sign_pdf(data, _bytes(key), password.encode() if password else None)
    return data


def _issue(there: Opened, paper: Paper, certified: Stamp | None, made: Made, data: bytes) -> None:
    """Write the file; where it is issued, only if that may be recorded, and then record it."""
    if made.issue is None or made.by is None:
        write_file(made.out, data)
        return
    draft = issue_of(
        paper,
        made.issue,
        stamp=certified,
        file=data,
        signed_by=made.signed_by,
        to=made.to,
    )
    verdict = there.journals.check(draft, made.by)
    if verdict.decision is Decision.REFUSED:
        raise Refused(verdict)
    write_file(made.out, data)
    there.journals.record(draft, by=made.by)


def issued(year: str | None, place: Place, shown: Shown, *, touched: bool) -> int:
    """List issued copies; 1 where one of them shows what was changed since."""
    printer = Printer(shown)
    with opened(place) as there:
        copies = [one for one in there.journals.issued(year) if one.touched or not touched]
        speaker = Speaker(printer.language)
        naming = speaker.naming(there.facts, there.school)
        for copy in copies:
            if printer.json:
                printer.line(_line(copy))
                continue
            printer.text(
                printer.say(
                    "issued_copy",
                    id=copy.id,
                    paper=speaker.messages.word(TITLES, copy.paper),
                    of=copy.of,
                    version=copy.version,
                    at=naming.times(copy.source.book).instant(copy.source.at),
                    by=naming.name("account", copy.source.by or "?"),
                ),
                "bold",
            )
            for one in copy.touched:
                told = printer.say(f"touched_{one.what}", act=one.act)
                about = naming.occasion(one.about, one.book)
                who = "" if one.pupil is None else f", {naming.name('pupil', one.pupil)}"
                printer.paragraph(f"• {speaker.say_record(one.kind)}{who}, {about}: {told}")
    return 1 if any(one.touched for one in copies) else 0


def _line(copy: IssuedCopy) -> dict[str, object]:
    return {
        "id": copy.id,
        "paper": copy.paper,
        "of": copy.of,
        "version": copy.version,
        "latest": copy.latest,
        "digest": copy.digest,
        "file": copy.file,
        "by": copy.source.by,
        "entry": copy.source.entry,
        "signed_by": list(copy.signed_by),
        "to": copy.to,
        "pupil": copy.pupil,
        "touched": [
            {
                "journal": journal_name(one.book), "entry": one.entry, "record": one.kind,
                "about": one.about, "pupil": one.pupil, "what": one.what, "act": one.act,
            }
            for one in copy.touched
        ],
    }  # fmt: skip


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
    return read_plain(file, LARGEST_PAPER, BadInput)


def _now() -> datetime:
    return datetime.now(UTC)
