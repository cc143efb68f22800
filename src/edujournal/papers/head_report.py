"""The report to the head: how the journals of a school are kept, in words and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from attrs import frozen

from edujournal.errors import BadInput, Unknown
from edujournal.journals import Journals
from edujournal.model.facts import Facts
from edujournal.papers.paper import Signatory
from edujournal.papers.press import Press
from edujournal.papers.worded import Worded
from edujournal.ports import Directory
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.clauses import Clause
from edujournal.rules.verdicts import REPORTED, Finding, Outcome
from edujournal.texts import reports, sentences
from edujournal.views.control import hands_of
from edujournal.views.counts import Row
from edujournal.views.gathered import KEEP, Gathered, Gathering, Kept, Sums
from edujournal.views.happened import Happened
from edujournal.views.ordering import natural
from edujournal.views.speaking import LIBRARY, Speaker

#: Which columns tell what became of records, in their order.
COLUMNS = (Outcome.LATE, Outcome.MISSING, Outcome.BROKEN, Outcome.EARLY, Outcome.UNDECIDABLE)


@frozen
class Line:
    """A line of a table of sums.

    *Version added: 0.1.*

    Attributes:
        key: What findings are chosen by when it is pressed.
        name: What it is called.
        sums: What its findings come to.
        more: What else is said of it.
    """

    key: str
    name: str
    sums: Sums
    more: str = ""


@frozen(kw_only=True)
class HeadReport(Worded):
    """A report to the head: all that a page shows, texts in its language.

    *Version added: 0.1.*

    Attributes:
        language: ``en`` or ``ru``.
        school: What the school is called.
        at: The moment, in words.
        days: The days looked at, in words.
        accountable: Who answers for the journals (clauses 1.2 and 1.3).
        gathered: All findings in sums.
        clauses: Sums by clause; *more* is the gist.
        accounts: Sums by teacher, the least punctual first.
        classes: Ids and names of classes.
        weeks: Mondays, and what they are called.
        statistics: Success and quality by class and by subject, by the name of the dimension.
        data: What the page's findings are made from, as JSON has it.
        words: Titles and labels.
    """

    language: str
    school: str
    at: str
    days: str
    accountable: Signatory
    gathered: Gathered
    clauses: Sequence[Line]
    accounts: Sequence[Line]
    classes: Sequence[tuple[str, str]]
    weeks: Sequence[tuple[date, str]]
    statistics: Mapping[str, Sequence[tuple[str, Row]]]
    data: Mapping[str, Any]
    words: Speaker


def head_report(
    journals: Journals,
    language: str,
    directory: Directory | None = None,
    *,
    heading: str = "",
    at: int | None = None,
    since: date | None = None,
    until: date | None = None,
    keep: int = KEEP,
    each: Callable[[Finding], None] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> HeadReport:
    """Compose the report to the head, findings taken in one pass.

    Args:
        journals: The journals.
        language: ``en`` or ``ru``.
        directory: Names; without it ids stand for themselves.
        heading: Name of the school; its id by default.
        at: The moment, UTC microseconds; now by default.
        since: First day; by default that of the moment's year.
        until: Day after the last one; by default that of this year.
        keep: How many findings are kept for each clause and teacher, and for each class and week.
        each: Called with each finding that an audit tells of or finds met, as it comes.
        progress: Called before each book with its name, its place and the number of books.

    Raises:
        BadInput: *keep* is less than 1, or the days are none.
        Unknown: There is no such language, or the school has no year.

    Source: clause 2.2. *Version added: 0.1.*
    """
    moment = journals.now() if at is None else at
    facts = journals.facts()
    first, end = _days(facts, moment, since, until)
    gathering = Gathering(facts, keep)
    for finding in journals.audit(
        moment, since=first, until=end, everything=True, progress=progress
    ):
        gathering.add(finding)
        if each is not None:
            each(finding)
    return compose_report(
        gathering.gathered(), journals, language, directory,
        heading=heading, at=moment, since=first, until=end,
    )  # fmt: skip


def compose_report(
    gathered: Gathered,
    journals: Journals,
    language: str,
    directory: Directory | None = None,
    *,
    heading: str = "",
    at: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> HeadReport:
    """Compose the report to the head of findings that are gathered already.

    Args:
        gathered: The findings, such as a program has gathered where it audits.
        journals: The journals.
        language: ``en`` or ``ru``.
        directory: Names; without it ids stand for themselves.
        heading: Name of the school; its id by default.
        at: The moment of the audit, UTC microseconds; now by default.
        since: First day of the audit; by default that of the moment's year.
        until: Day after the last one; by default that of this year.

    Raises:
        BadInput: The days are none.
        Unknown: There is no such language, or the school has no year.

    Source: clause 2.2. *Version added: 0.1.*
    """
    moment = journals.now() if at is None else at
    facts = journals.facts()
    first, end = _days(facts, moment, since, until)
    composer = _Composer(journals, facts, language, directory, heading)
    return composer.report(gathered, moment, first, end)


def _days(facts: Facts, at: int, since: date | None, until: date | None) -> tuple[date, date]:
    frame = facts.calendar_at(at)
    first, end = since or frame.since, until or frame.until
    if first >= end:
        raise BadInput(
            "no days", where="until", expected=f"a day after {first.isoformat()}",
            found=end.isoformat(),
        )  # fmt: skip
    return first, end


class _Composer:
    def __init__(
        self,
        journals: Journals,
        facts: Facts,
        language: str,
        directory: Directory | None,
        heading: str,
    ) -> None:
        self._journals, self._facts = journals, facts
        self._speaker = Speaker(language)
        self._naming = self._speaker.naming(facts, directory)
        self._press = Press(language, facts, directory, journals.regulations, heading)
        self._heading = heading or facts.school
        self._several = len(journals.regulations) > 1

    def report(self, gathered: Gathered, at: int, since: date, until: date) -> HeadReport:
        frame = self._facts.calendar_at(at)
        times = self._speaker.times(frame.zone)
        last = min(until - timedelta(days=1), frame.clocks.local_date(at))
        clauses = [
            Line(f"{regulation} {number}", self._named(regulation, number), sums,
                 self._gist(regulation, number))
            for (regulation, number), sums in sorted(
                gathered.clauses.items(), key=lambda one: (one[0][0] == LIBRARY, natural(one[0][1]))
            )
        ]  # fmt: skip
        accounts = [
            Line(account or "", self._account(account, last), sums)
            for account, sums in gathered.accounts.items()
        ]
        accounts.sort(key=lambda one: (_share(one.sums), one.name, one.key))
        classes = [
            (one, self._naming.group(one, f"class/{one}/{frame.year}", last))
            for one in sorted(gathered.classes, key=natural)
        ]
        # Weeks of which nothing can be said yet are no columns.
        weeks = [
            (one, times.short_day(one))
            for one, sums in sorted(gathered.weeks.items())
            if sums.punctual is not None or sums.of(*REPORTED)
        ]
        return HeadReport(
            language=self._speaker.language,
            school=self._heading,
            at=times.instant(at),
            days=self._speaker.messages.say(
                reports.NOTES["days"], since=times.day(since), until=times.day(last)
            ),
            accountable=self._press.accountable(last),
            gathered=gathered,
            clauses=clauses,
            accounts=accounts,
            classes=classes,
            weeks=weeks,
            statistics={one: self._statistics(one, at, last) for one in ("class", "subject")},
            data=self._data(gathered, clauses, accounts, classes, weeks),
            words=self._speaker,
        )

    # -- names -------------------------------------------------------------------------------------

    def _account(self, account: str | None, day: date) -> str:
        if account is None:
            return self._speaker.messages.say(reports.WORDS["nobody"])
        return self._naming.name("account", account, day)

    def _named(self, regulation: str, number: str) -> str:
        if regulation == LIBRARY:
            return "–"
        return f"{regulation} {number}" if self._several else number

    def _clause(self, regulation: str, number: str) -> Clause | None:
        for one in self._journals.regulations:
            if one.id == regulation:
                try:
                    return one.clause(number)
                except Unknown:
                    return None
        return None

    def _gist(self, regulation: str, number: str) -> str:
        if regulation == LIBRARY:
            return self._speaker.messages.say(sentences.ANY_JOURNAL)
        clause = self._clause(regulation, number)
        return "" if clause is None else clause.gist[self._speaker.language]

    def _statistics(self, by: str, at: int, day: date) -> list[tuple[str, Row]]:
        found = self._journals.statistics([by], at=at)
        book = f"class/-/{found.year}"
        noun = self._naming.group if by == "class" else self._naming.subject
        rows = [(noun(row.key[0], book, day), row) for row in found.rows if row.key[0]]
        whole = self._speaker.messages.say(reports.WORDS["total"])
        return [*rows, (whole, found.total)]

    # -- findings ----------------------------------------------------------------------------------

    def _data(
        self,
        gathered: Gathered,
        clauses: Sequence[Line],
        accounts: Sequence[Line],
        classes: Sequence[tuple[str, str]],
        weeks: Sequence[tuple[date, str]],
    ) -> dict[str, Any]:
        """Findings as rows of places in lists of names, so that no name is there twice."""
        outcomes = list(dict.fromkeys(one.finding.outcome for one in gathered.findings))
        codes = list(
            dict.fromkeys(
                (one.finding.regulation, one.finding.clause, one.finding.code)
                for one in gathered.findings
            )
        )
        places = _Places(
            {one.key: n for n, one in enumerate(clauses)},
            {one.key: n for n, one in enumerate(accounts)},
            {one: n for n, (one, _) in enumerate(classes)},
            {one: n for n, (one, _) in enumerate(weeks)},
            {one: n for n, one in enumerate(outcomes)},
            {one: n for n, one in enumerate(codes)},
        )
        return {
            "clauses": [[one.name, one.more] for one in clauses],
            "accounts": [one.name for one in accounts],
            "classes": [name for _, name in classes],
            "weeks": [name for _, name in weeks],
            "outcomes": [self._speaker.say_outcome(one) for one in outcomes],
            "outcomeNames": [str(one) for one in outcomes],
            "codes": [self._code(*one) for one in codes],
            "findings": [self._finding(one, places) for one in gathered.findings],
        }

    def _code(self, regulation: str, number: str, code: str) -> list[str]:
        """What explains a breach: a title, what is asked, why, how the clause is read, how to mend."""
        clause, row = self._clause(regulation, number), CATALOGUE.get(code)
        texts = {} if row is None else self._speaker.breach_code(row)
        language = self._speaker.language
        reading = "" if clause is None or clause.reading is None else clause.reading[language]
        mend = "" if clause is None or clause.mend is None else clause.mend[language]
        return [
            self._speaker.say_code(code),
            texts.get("asks", ""),
            texts.get("why", ""),
            reading,
            mend or texts.get("mend", ""),
        ]

    def _finding(self, kept: Kept, places: _Places) -> list[Any]:
        finding = kept.finding
        told = ", ".join(Happened(self._speaker, finding, self._naming).parts())
        subject = [self._speaker.say_record(finding.record)]
        if finding.pupil is not None:
            subject.append(self._naming.member(finding.record, finding.pupil))
        subject.append(self._naming.occasion(finding.about, finding.book))
        return [*places.of(kept), ", ".join(subject), told, int(finding.late_by or 0)]


@frozen
class _Places:
    """Where names stand in their lists."""

    clauses: Mapping[str, int]
    accounts: Mapping[str, int]
    classes: Mapping[str, int]
    weeks: Mapping[date, int]
    outcomes: Mapping[Outcome, int]
    codes: Mapping[tuple[str, str, str], int]

    def of(self, kept: Kept) -> list[Any]:
        """The places of a finding."""
        one = kept.finding
        hands = sorted(hands_of(one))
        return [
            self.clauses[f"{one.regulation} {one.clause}"],
            [self.accounts[hand] for hand in hands] or [self.accounts[""]],
            [self.classes[name] for name in kept.classes],
            None if kept.week is None else self.weeks[kept.week],
            self.outcomes[one.outcome],
            self.codes[one.regulation, one.clause, one.code],
        ]


def _share(sums: Sums) -> Fraction:
    """The share in time by which teachers are ordered; what cannot be told stands last."""
    found = sums.punctual
    return Fraction(2) if found is None else found
