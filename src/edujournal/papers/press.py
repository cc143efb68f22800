"""The press: what every paper of a school is composed with, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.facts import Facts
from edujournal.model.ids import class_book
from edujournal.model.people import ADMINISTRATION, Kleene
from edujournal.papers.paper import Basis, Notes, Signatory
from edujournal.ports import Directory
from edujournal.rules.clauses import Regulation
from edujournal.texts.catalogues import Message, Messages
from edujournal.texts.papers import LABELS, NOTES, TITLES
from edujournal.texts.times import Times
from edujournal.texts.words import ROLES
from edujournal.views.cells import Cell, Source, cell_text
from edujournal.views.naming import Naming
from edujournal.views.page import Row
from edujournal.views.sheet import SheetRow

_Row = TypeVar("_Row", Row, SheetRow)


class Press:
    """Composes papers from views: names things, orders rows, tells who signs.

    *Version added: 0.1.*

    Args:
        language: ``en`` or ``ru``.
        facts: What the school's data says.
        directory: Names; without it ids stand for themselves.
        regulations: Regulations that say how markers are printed, and what signs mean.
        heading: Name of the school, as it stands above a title; its id by default.

    Raises:
        Unknown: There is no such language.
    """

    def __init__(
        self,
        language: str,
        facts: Facts,
        directory: Directory | None = None,
        regulations: Sequence[Regulation] = (),
        heading: str = "",
    ) -> None:
        self.language = language
        self.messages = Messages(language)
        self.facts = facts
        self.regulations = regulations
        self.heading = heading or facts.school
        self.naming = Naming(self.messages, facts, directory)

    # -- words -------------------------------------------------------------------------------------

    def title(self, kind: str) -> str:
        """The title of a kind of paper."""
        return self.messages.say(TITLES[kind])

    def label(self, name: str) -> str:
        """A label, or the head of a column."""
        return self.messages.say(LABELS[name])

    def note(self, name: str, /, **values: object) -> str:
        """A sentence."""
        return self.messages.say(NOTES[name], **values)

    def word(self, table: Mapping[str, Message], name: str) -> str:
        """A word of a table."""
        return self.messages.word(table, name)

    def times(self, calendar: Calendar) -> Times:
        """Times on the clocks of the school."""
        return Times(self.messages, calendar.zone)

    def days(self, since: date, until: date, calendar: Calendar) -> str:
        """Say a stretch of days, the last one included."""
        times, last = self.times(calendar), date.fromordinal(until.toordinal() - 1)
        return f"{times.day(since)} – {times.day(last)}"

    def year(self, calendar: Calendar) -> str:
        """Say an academic year as the two years that it touches, such as ``2026/2027``."""
        last = date.fromordinal(calendar.until.toordinal() - 1).year
        first = calendar.since.year
        return calendar.year if first == last else f"{first}/{last}"

    # -- cells and rows ----------------------------------------------------------------------------

    def cell(self, cell: Cell, form: str) -> str:
        """Write a cell; a dash where the pupil was not on the roll."""
        text = cell_text(cell, self.regulations, form)
        return "–" if cell.member is False and not text else text

    def pupil(self, pupil: str, on: date | None = None) -> str:
        """The name of a pupil."""
        return self.naming.name("pupil", pupil, on)

    def group(self, group: str, calendar: Calendar, on: date | None = None) -> str:
        """The name of a group in a year."""
        return self.naming.group(group, class_book(group, calendar.year), on)

    def subject(self, subject: str, calendar: Calendar, on: date | None = None) -> str:
        """The name of a subject in a year."""
        return self.naming.subject(subject, class_book("-", calendar.year), on)

    def class_of(self, pupil: str, calendar: Calendar, day: date) -> str | None:
        """The class to which a pupil belongs on a day, else that year's last before it; or None."""
        classes = {one.id for one in calendar.groups if one.kind == "class"}
        rows = [
            row
            for row in self.facts.memberships_of(pupil)
            if row.group in classes
            and (row.since is None or row.since <= day)
            and (row.until is None or row.until > calendar.since)
        ]
        rows.sort(key=lambda row: (row.until or date.max, row.since or date.min, row.group))
        return rows[-1].group if rows else None

    def by_name(self, rows: Iterable[_Row]) -> list[tuple[str, _Row]]:
        """Rows with the names of their pupils, in the order of the alphabet."""
        named = [(self.pupil(row.pupil), row) for row in rows]
        return sorted(named, key=lambda one: (alphabetical(one[0]), one[1].pupil))

    def legend(self, texts: Iterable[str]) -> Notes | None:
        """What the signs among *texts* mean, by the regulations; None where nothing needs a word."""
        shown = {part for text in texts for part in _parts(text)}
        lines = dict(line for one in self.regulations for line in self._signs(one, shown))
        if not lines:
            return None
        return Notes(title=self.label("legend"), lines=("; ".join(lines.values()),), small=True)

    def _signs(self, regulation: Regulation, shown: set[str]) -> Iterator[tuple[str, str]]:
        for marker in regulation.markers:
            forms = {marker.code, *(marker.printed or {}).values()}
            for sign in sorted(forms & shown):
                yield sign, f"{sign} – {marker.title[self.language]}"
        for absence in regulation.absences:
            if absence.code in shown:
                yield absence.code, f"{absence.code} – {absence.title[self.language]}"

    # -- people ------------------------------------------------------------------------------------

    def account(self, account: str | None) -> str:
        """The name of an account; nothing for none."""
        return "" if account is None else self.naming.name("account", account)

    def hands(self, group: str, subject: str | None, role: str, day: date) -> list[str]:
        """Names of those who hold a role in a group on a day, in the order of the alphabet."""
        found = self.facts.hands(group, subject, role, day)
        return sorted((self.account(one) for one in found), key=alphabetical)

    def signatory(self, role: str, names: Sequence[str] = ()) -> Signatory:
        """One who signs in a role, or several in one office."""
        return Signatory(_capital(self.word(ROLES, role)), ", ".join(names))

    def office(self, role: str, day: date) -> Signatory:
        """Who holds a role of the whole school on a day."""
        names = [
            self.account(one.id)
            for one in self.facts.accounts
            if one.holds(role, day, day) is Kleene.YES and one.active(day, day) is Kleene.YES
        ]
        return self.signatory(role, sorted(names, key=alphabetical))

    def administration(self, day: date) -> tuple[Signatory, ...]:
        """The administration, those of lower office first."""
        return tuple(self.office(role, day) for role in reversed(ADMINISTRATION))

    def accountable(self, day: date) -> Signatory:
        """Who answers for the records (clauses 1.2, 1.3): the head."""
        return self.office(ADMINISTRATION[0], day)


def alphabetical(name: str) -> str:
    """A key by which names are put in the order of the alphabet, also those with ё."""
    return name.casefold().replace("ё", "е\N{COMBINING DIAERESIS}")


def basis_of(states: Iterable[BookState]) -> tuple[Basis, ...]:
    """The books of *states*, and how far each goes; empty ones say nothing."""
    return tuple(Basis(one.book, one.number, one.hash) for one in states if one.number)


def last_instant(states: Iterable[BookState]) -> int:
    """Instant of the last entry of *states*, UTC microseconds; 0 without any."""
    return max((one.entries[-1].at for one in states if one.number), default=0)


def shown_by(sources: Iterable[Source]) -> dict[str, frozenset[int]]:
    """The entries that *sources* come from and that stand, with their corrections, book by book."""
    found: dict[str, set[int]] = {}
    for one in sources:
        if one.stands:
            found.setdefault(one.book, set()).update((one.entry, *one.corrected))
    return {book: frozenset(found[book]) for book in sorted(found)}


def _parts(text: str) -> Iterator[str]:
    """The signs of a cell, apart from their minutes."""
    for part in text.replace("/", " ").split():
        yield part
        yield part.rstrip("0123456789+-")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
