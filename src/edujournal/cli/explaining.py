"""``edujournal explain``: what a code or a clause asks, and what it comes to on an occasion."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from edujournal.cli.lines import Lines
from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.stores import Opened, opened
from edujournal.errors import BadInput, Unknown
from edujournal.ledger.books import BookState
from edujournal.model.ids import JournalId, school_book, split_about
from edujournal.plain_files import bounded, json_of
from edujournal.planning import Beside, around_of, beside_of
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.clauses import QuantityRule, Regulation, TimingRule
from edujournal.rules.explaining import (
    Explanation,
    explain_occasion,
    occasion_named,
)
from edujournal.rules.explaining import explain as explain_finding
from edujournal.rules.loading import load, shipped
from edujournal.rules.verdicts import Finding
from edujournal.views.speaking import Speaker


def explain(
    what: str,
    about: str | None,
    journal: str | None,
    pupil: str | None,
    at: str | None,
    named: Sequence[str],
    place: Place | None,
    shown: Shown,
) -> int:
    """Explain a code or a clause, in general or on an occasion; 0 whatever it says."""
    printer = Printer(shown)
    if what == "-":
        what, about, journal, pupil = _from_finding(bounded(sys.stdin.buffer, "standard input"))
    if about is None:
        if place is None:
            regulations: Sequence[Regulation] = [load(one) for one in named or shipped()]
        else:
            with opened(place) as there:
                regulations = there.journals.regulations
        _in_general(what, regulations, printer)
        return 0
    if place is None:
        raise BadInput(
            "an occasion without a store", where="--about", mend="Name the store: --store URL"
        )
    with opened(place) as there:
        _known(what, there.journals.regulations)
        book = _book(about, journal, there)
        on_it = _OnOccasion(there, book, about, pupil, moment(at))
        found = list(on_it.findings(what))
        if not found:
            found = [(None, one) for one in on_it.asked(what)]
        if not found:
            raise Unknown("clause for this occasion", what, where=about)
        _tell(found, there, printer)
    return 0


def _from_finding(content: bytes) -> tuple[str, str | None, str | None, str | None]:
    """Code, occasion, journal and pupil of a finding as ``audit --json`` writes it."""
    values = json_of(content, "standard input", BadInput)
    try:
        return values["code"], values["about"], values["journal"], values["pupil"]
    except (KeyError, TypeError) as error:
        raise BadInput(
            "not a finding", where="standard input", expected="a line of edujournal audit --json"
        ) from error


# -- in general ------------------------------------------------------------------------------------


def _known(what: str, regulations: Sequence[Regulation]) -> None:
    numbers = [clause.number for one in regulations for clause in one.clauses]
    if what not in CATALOGUE and what not in numbers:
        raise Unknown("breach code or clause", what, [*CATALOGUE, *numbers])


def _in_general(what: str, regulations: Sequence[Regulation], printer: Printer) -> None:
    _known(what, regulations)
    if what in CATALOGUE:
        _code(what, printer)
        return
    for regulation in regulations:
        for clause in regulation.clauses:
            if clause.number != what:
                continue
            told = {
                "regulation": regulation.id,
                "clause": clause.number,
                "gist": clause.gist[printer.language],
                "reading": clause.reading[printer.language] if clause.reading else None,
                "mend": clause.mend[printer.language] if clause.mend else None,
            }
            if printer.json:
                printer.line(told)
                continue
            printer.title(f"{regulation.title[printer.language]}, {clause.number}")
            for name, text in told.items():
                if name in ("gist", "reading", "mend") and text is not None:
                    printer.paragraph(printer.say("asks" if name == "gist" else name, text=text))


def _code(code: str, printer: Printer) -> None:
    speaker = Speaker(printer.language)
    texts = speaker.breach_code(CATALOGUE[code])
    if printer.json:
        printer.line({"code": code, "title": speaker.say_code(code), **texts})
        return
    printer.title(f"{code}: {speaker.say_code(code)}")
    for name, text in texts.items():
        printer.paragraph(printer.say(name, text=text))


# -- on an occasion --------------------------------------------------------------------------------


def _book(about: str, journal: str | None, there: Opened) -> str:
    """The book in which entries about an occasion stand."""
    kind, id = split_about(about)
    facts = there.facts
    if kind == "lesson":
        return facts.journal_of(facts.lesson(id)).book
    if journal is not None and journal.startswith(("school/", "class/", "journal/")):
        return journal
    if journal is not None:
        return JournalId.parse(journal).book
    if kind in ("account", "event", "section") and len(facts.calendars) == 1:
        return school_book(facts.calendars[0].year)
    raise BadInput(
        "an occasion of no journal",
        where="--about",
        found=about,
        mend="Name the journal: --journal 7A/alg/2026, or the book: --journal school/2026.",
    )


class _OnOccasion:
    """What is said of one occasion, and what is asked."""

    def __init__(
        self, there: Opened, book: str, about: str, pupil: str | None, at: int | None
    ) -> None:
        self._there = there
        self._book = book
        self._about = about
        self._pupil = pupil
        self._at = there.journals.now() if at is None else at
        self._state = there.journals.state(book)

    def findings(self, what: str) -> Iterator[tuple[Finding | None, Explanation]]:
        """Yield what an audit says of it, met and pending included, each explained."""
        journals = self._there.journals
        names = beside_of(self._book, self._there.facts, journals.regulations)
        beside = {name: journals.state(name) for name in names}
        now = around_of(self._book, self._state, beside)
        school = now.school or BookState(self._book)
        for finding in journals.audit(self._at, books=[self._book], everything=True):
            if (
                finding.about == self._about
                and what in (finding.code, finding.clause)
                and self._pupil in (None, finding.pupil)
            ):
                regulation = self._regulation(finding)
                entry = self._state.entry(finding.entry or 0)
                around = now
                if entry is not None:
                    around = Beside(self._book, beside).around(entry, BookState(self._book))
                yield (
                    finding,
                    explain_finding(
                        finding, regulation, self._there.facts, self._state, school=school,
                        around=around,
                    ),
                )  # fmt: skip

    def _regulation(self, finding: Finding) -> Regulation:
        known = self._there.journals.regulations
        return next((one for one in known if one.id == finding.regulation), known[0])

    def asked(self, what: str) -> Iterator[Explanation]:
        """Yield what a clause asks of it, where nothing is said."""
        for regulation in self._there.journals.regulations:
            for clause in regulation.clauses:
                if clause.number != what:
                    continue
                records = [
                    rule.record
                    for rule in clause.rules
                    if isinstance(rule, TimingRule | QuantityRule)
                ]
                for record in dict.fromkeys(records):
                    occasion = occasion_named(
                        self._about, self._book, record, self._there.facts, self._state
                    )
                    if occasion is not None:
                        yield from (
                            one
                            for one in explain_occasion(
                                regulation, occasion, record, self._there.facts, self._state,
                                self._pupil,
                            )
                            if one.clause is not None and one.clause.number == what
                        )  # fmt: skip


def _tell(
    found: Sequence[tuple[Finding | None, Explanation]], there: Opened, printer: Printer
) -> None:
    speaker = Speaker(printer.language)
    lines = Lines(there.facts)
    for finding, explanation in found:
        told = speaker.say_explanation(explanation, there.facts, there.school)
        if printer.json:
            values: dict[str, Any] = {} if finding is None else lines.finding(finding)
            printer.line({**values, "explanation": list(told)})
            continue
        printer.title(told[0])
        for text in told[1:]:
            printer.paragraph(text)
