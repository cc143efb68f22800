"""The report for a region: its findings in sums, and school by school what lies behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from edujournal.gathering import gather_all
from edujournal.model.ids import class_book
from edujournal.model.time import zone
from edujournal.papers.head_report import COLUMNS, Line
from edujournal.papers.worded import Worded
from edujournal.ports import Directory, SchoolData
from edujournal.regions.rolling import RollUp, SchoolTally, Tally
from edujournal.rules.clauses import Regulation
from edujournal.rules.numbers import shown as rounded
from edujournal.texts import reports, sentences
from edujournal.views.control import hands_of
from edujournal.views.gathered import Kept
from edujournal.views.happened import Happened
from edujournal.views.naming import Naming
from edujournal.views.ordering import natural
from edujournal.views.speaking import LIBRARY, Speaker


@frozen
class UnitLine:
    """A line of the table of municipalities, or of schools.

    *Version added: 0.1.*

    Attributes:
        name: What it is called.
        where: The region, or the municipality, in which it lies.
        tally: What there is.
    """

    name: str
    where: str
    tally: Tally


@frozen(kw_only=True)
class RegionReport(Worded):
    """A report for a region: all that a page shows, texts in its language.

    *Version added: 0.1.*

    Attributes:
        language: ``en`` or ``ru``.
        heading: What the region is called.
        at: The moment, in words.
        total: All together.
        municipalities: Sums by municipality, the worst first; empty where none is named.
        schools: Sums by school, the worst first.
        clauses: Sums by clause; *more* is the gist.
        data: What lies behind each school, in the order of *schools*, as JSON has it.
        words: Titles and labels.
    """

    language: str
    heading: str
    at: str
    total: Tally
    municipalities: Sequence[UnitLine]
    schools: Sequence[UnitLine]
    clauses: Sequence[Line]
    data: Mapping[str, Any]
    words: Speaker = field(repr=False)


class RegionReporting:
    """Takes schools one by one, each with the names that its data has; of the rest it keeps sums.

    *Version added: 0.1.*

    Args:
        language: ``en`` or ``ru``.
        heading: What the region is called; the names of the regions by default.
        at: Instant of the audit, UTC microseconds.

    Raises:
        Unknown: There is no such language.
    """

    def __init__(self, language: str, heading: str, at: int) -> None:
        self._speaker = Speaker(language)
        self._heading, self._at = heading, at
        self._zones: set[str] = set()
        self._clauses: dict[tuple[str, str], Line] = {}
        self._schools: list[tuple[UnitLine, dict[str, Any]]] = []

    def add(self, one: SchoolTally, data: SchoolData, regulations: Sequence[Regulation]) -> None:
        """Take the sums of a school.

        Args:
            one: The sums.
            data: What is known of the school; a directory as well, where it has names.
            regulations: The regulations under which it is kept.
        """
        facts = gather_all(data)
        naming = self._speaker.naming(facts, data if isinstance(data, Directory) else None)
        # A school of which nothing is known yet has no calendar, and then no classes either.
        frame = facts.calendar_at(self._at) if facts.calendars else None
        year = "" if frame is None else frame.year
        day = zone("UTC" if frame is None else frame.zone).local_date(self._at)
        if frame is not None:
            self._zones.add(frame.zone)
            day = min(frame.until, day)
        for regulation, number in one.clauses:
            if (regulation, number) not in self._clauses:
                gist = self._gist(regulation, number, regulations)
                shown = "–" if regulation == LIBRARY else f"{regulation} {number}"
                self._clauses[regulation, number] = Line(shown, shown, one.whole.sums, gist)
        where = one.region if one.municipality in ("", "-") else one.municipality
        self._schools.append(
            (
                UnitLine(one.school, where, one.whole),
                {
                    "classes": [
                        [naming.group(id, class_book(id, year), day), *self._row(tally)]
                        for id, tally in sorted(one.classes.items(), key=lambda pair: natural(pair[0]))
                    ],
                    "teachers": [
                        [self._account(id, naming, day), *self._row(tally)]
                        for id, tally in sorted(one.teachers.items(), key=lambda pair: _worst(pair[1]))
                    ],
                    "findings": [self._finding(kept, naming) for kept in one.findings],
                },
            )
        )  # fmt: skip

    def report(self, rolled: RollUp) -> RegionReport:
        """The report of the schools that were taken, with the sums above them."""
        schools = sorted(self._schools, key=lambda pair: (_worst(pair[0].tally), pair[0].name))
        named = any(name not in ("", "-") for _, name in rolled.municipalities)
        municipalities = [
            UnitLine(name, region, tally)
            for (region, name), tally in rolled.municipalities.items() if named
        ]  # fmt: skip
        municipalities.sort(key=lambda one: (_worst(one.tally), one.where, one.name))
        zone = self._zones.copy().pop() if len(self._zones) == 1 else "UTC"
        clauses = [
            Line(line.key, line.name, rolled.clauses[key], line.more)
            for key, line in sorted(
                self._clauses.items(),
                key=lambda pair: (pair[0][0] == LIBRARY, pair[0][0], natural(pair[0][1])),
            )
        ]
        return RegionReport(
            language=self._speaker.language,
            heading=self._heading or ", ".join(sorted(rolled.regions)),
            at=f"{self._speaker.times(zone).instant(self._at)} ({zone})",
            total=rolled.total,
            municipalities=municipalities,
            schools=[line for line, _ in schools],
            clauses=clauses,
            data={"schools": [{"name": line.name, **behind} for line, behind in schools]},
            words=self._speaker,
        )

    # -- what lies behind a school -----------------------------------------------------------------

    def _row(self, tally: Tally) -> list[Any]:
        """Entries, breaches for each thousand of them in words and for sorting, outcomes."""
        per = tally.per_thousand
        said = "–" if per is None else rounded(per, 1).replace(
            ".", self._speaker.messages.say(reports.DECIMAL)
        )  # fmt: skip
        return [tally.entries, said, *(tally.sums.of(one) for one in COLUMNS)]

    def _account(self, account: str, naming: Naming, day: date) -> str:
        if not account:
            return self._speaker.messages.say(reports.WORDS["nobody"])
        return naming.name("account", account, day)

    def _gist(self, regulation: str, number: str, known: Sequence[Regulation]) -> str:
        if regulation == LIBRARY:
            return self._speaker.messages.say(sentences.ANY_JOURNAL)
        one = next((each for each in known if each.id == regulation), None)
        return "" if one is None else one.clause(number).gist[self._speaker.language]

    def _finding(self, kept: Kept, naming: Naming) -> list[str]:
        """Kind, where, what happened: who did it or owes it is among the last."""
        finding = kept.finding
        clause = "" if finding.regulation == LIBRARY else f"{finding.clause} · "
        kind = f"{clause}{self._speaker.say_code(finding.code)}"
        outcome = self._speaker.say_outcome(finding.outcome)
        subject = [self._speaker.say_record(finding.record)]
        if finding.pupil is not None:
            subject.append(naming.member(finding.record, finding.pupil))
        subject.append(naming.occasion(finding.about, finding.book))
        told = Happened(self._speaker, finding, naming).parts()
        hands = sorted(naming.name("account", hand) for hand in hands_of(finding))
        return [f"{kind} ({outcome})", ", ".join(subject), ", ".join(told), ", ".join(hands)]


def _worst(tally: Tally) -> Fraction:
    """By what units are ordered: the most breaches for each thousand entries first."""
    per = tally.per_thousand
    return Fraction(1) if per is None else -per
