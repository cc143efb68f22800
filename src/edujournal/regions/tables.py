"""What rules say of one school, as columns: occasions, rolls, windows, what is owed. Pure values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Occasion
from edujournal.model.people import Actor
from edujournal.model.time import zone
from edujournal.regions.columnar import PLAIN, Staff, shelved
from edujournal.rules.judging import Judge
from edujournal.rules.predicates import is_absent
from edujournal.rules.scenes import occasion_of, of_lesson, of_period, of_work
from edujournal.rules.term_values import Held
from edujournal.rules.verdicts import NotKnown
from edujournal.rules.windows import fits

#: Before, and after, everything that is recorded.
ALWAYS: Final = 2**62

_NOBODY: Final = Actor("", "")

#: Tables that are made of rules, with the names of their columns.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "occasions": ("school", "book", "about", "lesson", "roll", "epoch", "since", "until", "shelf",
                  "odd"),
    "members": ("school", "roll", "pupil"),
    "absent": ("school", "code", "agreed"),
    "windows": ("school", "book", "about", "kind", "variety", "opens", "closes", "after"),
    "owed": ("school", "book", "about", "kind", "whose", "lesson", "roll"),
    "hands": ("school", "book", "kind", "account", "role", "epoch"),
    "said": ("school", "shelf", "kind", "variety", "sign"),
}  # fmt: skip

Row = tuple[Any, ...]


def blank(book: str, number: int, act: int | None = None) -> Entry:
    """What stands for the entries up to *number* that are not looked at, within an *act* or not."""
    return Entry(book, number, "", "", None, {}, {}, _NOBODY, "", 0, act=act or number)


def sparse(book: str, entries: Iterable[Entry], last: int = 0) -> Iterator[Entry]:
    """Entries in their places, up to number *last* at least, with a blank wherever some are left out.

    Args:
        book: Name of the book.
        entries: Some of its entries, in order.
        last: Number of its last entry.
    """
    number = act = 0
    for entry in entries:
        if number + 1 < entry.number:
            # An act that goes on after what is left out stays one: it is judged by what it claims.
            yield blank(book, entry.number - 1, act if act == entry.act else None)
        yield entry
        number, act = entry.number, entry.act
    if number < last:
        yield blank(book, last)


def alike(judges: Sequence[Judge]) -> Mapping[str, str]:
    """Kinds of work that no rule about a mark's time tells apart, each with the first of them.

    Rules read of a kind whether it is control and whether it is written; where one names kinds, all
    of them are told apart.
    """
    for judge in judges:
        for _, _, rule in judge.regulation.timing.get("mark", ()):
            if "work_kind" in rule.when.names():
                return {}
    signs: dict[str, tuple[object, ...]] = {}
    codes = {one.code: None for judge in judges for one in judge.regulation.work_kinds}
    for code in codes:
        rows = [
            next((one for one in judge.regulation.work_kinds if one.code == code), None)
            for judge in judges
        ]
        signs[code] = tuple(None if one is None else (one.control, one.written) for one in rows)
    first: dict[tuple[object, ...], str] = {}
    for code, sign in signs.items():
        first.setdefault(sign, code)
    return {code: first[sign] for code, sign in signs.items()}


class Shelf:
    """One journal, as far as columns are made of it: its occasions and its works.

    Args:
        journal: Which.
        judges: The regulations with the facts.
        works: The declarations of works in it, in order.
        days: Days on which something changes for its hands.
    """

    def __init__(
        self, journal: JournalId, judges: Sequence[Judge], works: Sequence[Entry], days: list[Any]
    ) -> None:
        self.journal, self.judges, self.days = journal, judges, days
        self.facts: Facts = judges[0].facts
        self.book = journal.book
        self.state = BookState(self.book)
        for entry in sparse(self.book, works):
            self.state.apply(entry)
        self.declared: dict[str, int] = {}
        for entry in works:
            self.declared.setdefault(entry.about, entry.number)
        self.occasions = {one.name: one for one in self._occasions()}
        self._works: dict[str, list[tuple[str | None, int]]] = {}
        for work in self.state.works():
            number = self.declared[f"work:{work.id}"]
            self._works.setdefault(f"lesson:{work.lesson}", []).append((work.kind, number))
        self._alike = alike(judges)
        self._kept: dict[tuple[str, str], list[Row] | None] = {}
        self._asked_of: dict[tuple[str, str], Sequence[tuple[Held, ...]]] = {}

    def _occasions(self) -> Iterator[Occasion]:
        for lesson in self.facts.lessons_of(self.journal):
            if not lesson.cancelled:
                yield of_lesson(lesson, self.facts)
        for work in self.state.works():
            yield of_work(work, self.journal, self.facts)
        for period in self.facts.calendar(self.journal.year).periods(self.journal.group):
            yield of_period(self.journal, period.id, self.facts)

    def probe(self, kind: str, about: str, variety: str) -> Entry:
        """An entry of which only place, kind and variety are known."""
        name = "stage" if kind == "result" else "kind"
        values = {name: variety} if variety else {}
        return Entry(self.book, 0, kind, about, None, values, {}, _NOBODY, "", 0)

    def windows(self, about: str, kind: str, variety: str) -> list[Row] | None:
        """The windows of a record: beginning, end, number that must come first; None if not known."""
        if about not in self.occasions:
            return None
        occasion = self.occasions[about]
        if kind == "result":  # its stage chooses among the rules
            return _windows(self._asked(occasion, kind, self.probe(kind, about, variety)), None)
        if kind != "mark" or occasion.work is not None:
            after = self.declared[about] if kind != "work" and occasion.work is not None else None
            return _windows(self._held(occasion, kind), after)
        works = self._works.get(about, ())
        after = max((number for one, number in works if one == (variety or None)), default=None)
        # Of kinds that no rule tells apart one is asked, where no work is declared at the lesson.
        key = (about, variety if works else self._alike.get(variety, variety))
        if key not in self._kept:
            probe = self.probe(kind, about, variety)
            try:
                implied = occasion_of(probe, self.facts, self.state)
            except Unknown:
                return None
            self._kept[key] = _windows(self._asked(implied, kind), after)
        return self._kept[key]

    def _held(self, occasion: Occasion, kind: str) -> Sequence[tuple[Held, ...]]:
        """What rules say of a kind of record about an occasion: asked for windows, and for what is owed."""
        key = (occasion.name, kind)
        found = self._asked_of.get(key)
        if found is None:
            found = self._asked_of[key] = self._asked(occasion, kind)
        return found

    def _asked(
        self, occasion: Occasion, kind: str, probe: Entry | None = None
    ) -> Sequence[tuple[Held, ...]]:
        if len(self.judges) == 1:
            return self.judges[0].windows(occasion, kind, probe)
        return [one for judge in self.judges for one in judge.windows(occasion, kind, probe)]

    def owed(self, at: int) -> Iterator[Row]:
        """What is owed when the instant *at* has come: place, kind, of whom. Asked after the windows."""
        kinds = [
            kind for kind in PLAIN
            if any(kind in judge.regulation.timing for judge in self.judges)
        ]  # fmt: skip
        for name, occasion in self.occasions.items():
            for kind in kinds:
                for choices in self._held(occasion, kind) if fits(kind, occasion) else ():
                    first = next((one for one in choices if one.quorum.how != "none"), None)
                    if first is None:
                        continue
                    ends = [one.closes for one in choices]
                    if any(
                        isinstance(one, NotKnown) or (isinstance(one, int) and one <= at)
                        for one in ends
                    ):
                        whose = "once" if first.quorum.how == "once" else first.quorum.of
                        yield name, kind, whose
        self._asked_of.clear()
        self._kept.clear()


def _windows(held: Iterable[Sequence[Held]], after: int | None) -> list[Row] | None:
    found: list[Row] = []
    for choices in held:
        first = choices[0]
        if not first.judged:
            continue
        if len(choices) > 1 or isinstance(first.opens, NotKnown):
            return None
        if isinstance(first.closes, NotKnown):
            return None
        found.append((first.opens, first.closes, after))
    return found or [(None, None, after)]


class Tables:
    """The columns of one school.

    Args:
        school: Id of the school.
        judges: The regulations with the facts.
        works: The declarations of works, by book.
        at: The instant of the audit.
    """

    def __init__(
        self, school: str, judges: Sequence[Judge], works: Mapping[str, Sequence[Entry]], at: int
    ) -> None:
        self.school, self.judges, self.at = school, judges, at
        self.facts: Facts = judges[0].facts
        self.staff = Staff(self.facts)
        self._rolls: dict[frozenset[str], str] = {}
        self._days: dict[tuple[str, Any], str] = {}
        self._shelved = any(shelved(judge.regulation) for judge in judges)
        self.shelves = {
            journal.book: Shelf(
                journal, judges, works.get(journal.book, ()), self.staff.days(journal)
            )
            for journal in sorted(self.facts.journals())
        }

    def occasions(self) -> Iterator[Row]:
        """Every occasion of every journal: see :data:`COLUMNS`."""
        for book, shelf in self.shelves.items():
            tz = zone(self.facts.calendar(shelf.journal.year).zone)
            bounds = [-ALWAYS, *map(tz.start_of_day, shelf.days), ALWAYS]
            for name, occasion in shelf.occasions.items():
                lesson = occasion.lesson
                day = occasion.day
                odd = day is None or (
                    name.startswith(("lesson:", "work:"))
                    and (lesson is None or lesson.cancelled or bool(self.facts.substitutes(lesson)))
                )
                epoch = 0 if day is None else bisect_right(shelf.days, day)
                yield (
                    self.school, book, name, *self._where(occasion), epoch, bounds[epoch],
                    bounds[epoch + 1], book if self._shelved else "", odd,
                )  # fmt: skip

    def _where(self, occasion: Occasion) -> tuple[str, str]:
        """Place of the lesson of an occasion and key of its roll, each empty where there is none."""
        lesson = "" if occasion.lesson is None else occasion.lesson.about
        return lesson, "" if occasion.day is None else self._roll(occasion)

    def _roll(self, occasion: Occasion) -> str:
        key = (str(occasion.group), occasion.day)
        if key not in self._days and occasion.day is not None:
            roll = self.facts.roll(occasion.calendar, str(occasion.group), occasion.day)
            self._days[key] = self._rolls.setdefault(frozenset(roll), str(len(self._rolls)))
        return self._days[key]

    def members(self) -> Iterator[Row]:
        """Every roll that occasions have, each once; asked after :meth:`occasions`."""
        for roll, key in self._rolls.items():
            for pupil in sorted(roll):
                yield self.school, key, pupil

    def absent(self, codes: Iterable[str]) -> Iterator[Row]:
        """Codes of absence, of those in use, by which somebody was not there, and if all say so."""
        for code in codes:
            said = [is_absent({"code": code}, judge.regulation) for judge in self.judges]
            if any(said):
                yield self.school, code, all(said)

    def windows(self, records: Iterable[Row]) -> Iterator[Row]:
        """The windows of *records*: book, place, kind, variety."""
        for book, about, kind, variety in records:
            shelf = self.shelves.get(book)
            found = None if shelf is None else shelf.windows(about, kind, variety)
            for opens, closes, after in found or ():
                yield self.school, book, about, kind, variety, opens, closes, after

    def owed(self) -> Iterator[Row]:
        """What is owed at the instant of the audit: see :data:`COLUMNS`."""
        for shelf in self.shelves.values():
            for name, kind, whose in shelf.owed(self.at):
                occasion = shelf.occasions[name]
                yield self.school, shelf.book, name, kind, whose, *self._where(occasion)
