"""Places of a journal: the lessons and works of a stretch of days, and what stood there at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from edujournal.errors import Unknown
from edujournal.ledger.books import BookState, changed, declared_work
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId
from edujournal.model.occasions import Lesson, Work

#: A stretch of days, half-open.
Days = tuple[date, date]


@frozen(eq=False)
class AsOf:
    """A book as it was before a moment: what was recorded, annulled or voided later does not count.

    *Version added: 0.1.*

    Attributes:
        state: What the book says.
        before: The moment: an instant and the name of the book that is asked for. What another book
            recorded at that very instant comes first if its name does. None takes the book as it is.
    """

    state: BookState
    before: tuple[int, str] | None = None

    def has(self, entry: Entry) -> bool:
        """Tell whether *entry* had been recorded."""
        return self.before is None or (entry.at, entry.book) < self.before

    def stands(self, entry: Entry) -> bool:
        """Tell whether *entry* had been recorded and was neither annulled nor void."""
        if not self.has(entry):
            return False
        if self.state.stands(entry):
            return True
        if self.before is None:
            return False
        voided = self.state.voided_at(entry)
        if voided is not None and voided <= self.before[0]:
            return False
        by = self.state.annulled_by(entry.number)
        annulment = None if by is None else self.state.entry(by)
        return annulment is None or not self.has(annulment)

    def of_pupil(self, kind: str, about: str, pupil: str) -> Iterator[Entry]:
        """Entries of *kind* about an occasion and a pupil that stood, as written, in order."""
        if self.before is None:
            yield from self.state.of_pupil(kind, about, pupil)
            return
        for entry in self.state.ever(kind, about, pupil):
            if self.stands(entry):
                yield entry

    def about(self, kind: str, about: str) -> Iterator[Entry]:
        """Entries of *kind* about an occasion that stood, as written, in order."""
        if self.before is None:
            yield from self.state.about(kind, about)
            return
        for entry in self.state.ever(kind, about):
            if self.stands(entry):
                yield entry

    def of_kind(self, kind: str) -> Iterator[Entry]:
        """Entries of *kind* that stood, as written, in order."""
        if self.before is None:
            yield from self.state.of_kind(kind)
            return
        for entry in self.state.ever(kind):
            if self.stands(entry):
                yield entry

    def corrections(self, entry: Entry) -> tuple[Entry, ...]:
        """Corrections of *entry* that stood, in order."""
        return tuple(one for one in self.state.corrections(entry.number) if self.has(one))

    def reading(self, entry: Entry) -> Entry:
        """*entry* as it read."""
        if self.before is None:
            return self.state.reading(entry)
        values, texts = dict(entry.values), dict(entry.texts)
        for change in self.corrections(entry):
            values = changed(values, change.values.get("change", {}))
            texts.update(
                (name.removeprefix("new."), text)
                for name, text in change.texts.items()
                if name.startswith("new.")
            )
        return entry.with_values(values, texts)

    def works(self) -> Iterator[tuple[Entry, Work]]:
        """Every work that was declared, with its entry as it read."""
        for entry in self.of_kind("work"):
            now = self.reading(entry)
            yield now, declared_work(entry.about.partition(":")[2], now.values)


@frozen
class Place:
    """One lesson or work of a journal.

    *Version added: 0.1.*

    Attributes:
        name: Name of the occasion.
        day: Day on which it is held.
        lesson: The lesson; of a work the one at which it is held, or None.
        work: The work, or None.
        entry: The entry that declares the work, as it read, or None.
    """

    name: str
    day: date
    lesson: Lesson | None = None
    work: Work | None = None
    entry: Entry | None = None


def places(journal: JournalId, days: Days, book: AsOf, facts: Facts) -> Iterator[Place]:
    """The lessons of *journal* that are held in *days*, then the works, as far as days are known.

    *Version added: 0.1.*
    """
    since, until = days
    for lesson in facts.lessons_of(journal):
        if since <= lesson.day < until and not lesson.cancelled:
            yield Place(lesson.about, lesson.day, lesson)
    for entry, work in book.works():
        day, lesson_of = day_of_work(work, facts)
        if day is not None and since <= day < until:
            yield Place(entry.about, day, lesson_of, work, entry)


def day_of_work(work: Work, facts: Facts) -> tuple[date | None, Lesson | None]:
    """The day on which *work* is held, and its lesson; None for what is not known."""
    if work.lesson is None:
        return work.held, None
    try:
        lesson = facts.lesson(work.lesson)
    except Unknown:
        # Not fetched, or lost by the school's data since: its day is not known.
        return None, None
    return lesson.day, lesson


def books_of(states: Mapping[str, BookState], before: tuple[int, str] | None) -> dict[str, AsOf]:
    """Other books as they were before a moment."""
    return {name: AsOf(state, before) for name, state in states.items()}
