"""``edujournal record``: one draft in, one verdict out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from edujournal.cli.drafts import from_json, from_words
from edujournal.cli.findings import FindingTable
from edujournal.cli.lines import Lines, journal_name
from edujournal.cli.options import Place, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput
from edujournal.model.drafts import DRAFTS, Draft
from edujournal.model.ids import year_of_book
from edujournal.plain_files import bounded
from edujournal.rules.verdicts import Decision, Verdict
from edujournal.views.issued import touching
from edujournal.writing import Receipt


def record_one(
    record: str | None,
    fields: Mapping[str, str],
    by: str,
    role: str | None,
    key: str | None,
    place: Place,
    shown: Shown,
    *,
    check: bool,
) -> int:
    """Record a draft, or only judge it; 0 where there is nothing to remark."""
    draft = _draft(record, fields)
    with opened(place, writes=not check) as there:
        journals = there.journals
        if check:
            verdict = journals.check(draft, by, role)
            _tell(there, verdict, None, shown)
        else:
            receipt = journals.record_many([draft], by, key, role)[0]
            verdict = receipt.verdict
            _tell(there, verdict, receipt, shown, _touched(there, draft, receipt))
    return 0 if verdict.decision is Decision.ACCEPTED else 1


def _draft(record: str | None, fields: Mapping[str, str]) -> Draft:
    if fields:
        if record is None:
            raise BadInput(
                "a draft that does not say what it is",
                where="command line",
                expected=", ".join(DRAFTS),
                mend="Name the kind of record first: edujournal record mark --lesson …",
            )
        return from_words(record, fields)
    if sys.stdin.isatty():
        raise BadInput(
            "nothing to record",
            where="command line",
            expected="fields as options, or one JSON object on standard input",
        )
    return from_json(bounded(sys.stdin.buffer, "standard input"), record)


def _touched(there: Opened, draft: Draft, receipt: Receipt) -> list[str]:
    """Names of issued copies that show what the act has changed or made void."""
    kind = draft.content().kind
    if receipt.number is None or kind not in (
        "annulment",
        "compromise",
        "confirmation",
        "correction",
    ):
        return []
    copies = there.journals.issued(year_of_book(receipt.book))
    if kind in ("annulment", "correction"):
        return [one.id for one in touching(copies, receipt.book, [receipt.number])]
    return [one.id for one in copies if any(each.what == "void" for each in one.touched)]


def _tell(
    there: Opened,
    verdict: Verdict,
    receipt: Receipt | None,
    shown: Shown,
    touched: Sequence[str] = (),
) -> None:
    printer = Printer(shown)
    facts = there.facts
    if printer.json:
        lines = Lines(facts)
        told: dict[str, object] = {"decision": str(verdict.decision)}
        if receipt is not None:
            told |= {
                "school": facts.school,
                "journal": journal_name(receipt.book),
                "entry": receipt.number,
                "hash": receipt.hash or None,
                "at": lines.instant(receipt.at, receipt.book),
                "key": receipt.key,
                "repeated": receipt.repeated,
            }
            if touched:
                told["copies_touched"] = list(touched)
        told["findings"] = [lines.finding(one) for one in verdict.remarks]
        printer.line(told)
        return
    table = FindingTable(printer, there)
    printer.text(table.decision(verdict), "bold")
    if receipt is not None and receipt.number is not None:
        name = "repeated" if receipt.repeated else "recorded"
        printer.text(printer.say(name, book=journal_name(receipt.book), n=receipt.number))
    elif receipt is not None:
        printer.text(printer.say("refused"))
    if touched:
        printer.paragraph(printer.say("copies_touched", ids=", ".join(touched)))
    for finding in verdict.remarks:
        table.sentence(finding)
