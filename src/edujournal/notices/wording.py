"""Wording: what notices say, in one language. Values become text here and nowhere earlier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, split_about
from edujournal.model.time import MINUTE
from edujournal.notices import sayings
from edujournal.notices.arising import GONE, TOLD, revision_of
from edujournal.notices.parts import Draft, Part, Ready, States
from edujournal.ports import Directory
from edujournal.rules.clauses import Regulation
from edujournal.texts.catalogues import Message
from edujournal.texts.times import Times
from edujournal.views.cells import CellAbsence, absences_of, cell_of, cell_text
from edujournal.views.columns import bare, column_of, task_of
from edujournal.views.page import IN_CELL
from edujournal.views.speaking import Speaker


class Wording:
    """Says what notices tell.

    *Version added: 0.1.*

    Args:
        language: ``ru`` or ``en``.
        facts: What the school's data says.
        regulations: The regulations in use, for the words of codes and clauses.
        directory: Names of people; without it their ids are said.
        states: Gives what a book says.
        foot: Lines about the school, for the foot of letters.
    """

    def __init__(
        self,
        language: str,
        facts: Facts,
        regulations: Sequence[Regulation],
        directory: Directory | None,
        states: States,
        foot: tuple[str, ...] = (),
    ) -> None:
        self.language = language
        self.speaker = Speaker(language)
        self.say = self.speaker.messages.say
        self.naming = self.speaker.naming(facts, directory)
        self.facts = facts
        self.regulations = regulations
        self._directory = directory
        self._states = states
        self._foot = foot

    # -- letters ---------------------------------------------------------------------------------

    def news(self, ready: Sequence[Ready]) -> Draft:
        """The letter that tells what is new in a pupil's diary, day by day."""
        days: dict[date, dict[str, list[str]]] = {}
        briefs: list[str] = []
        for one in ready:
            state = self._states(one.notice.book)
            entry = state.entries[one.notice.number - 1]
            day = self.day_of(entry, state)
            subject = self.subject_of(entry, day)
            what = self.told(one, entry, state)
            days.setdefault(day, {}).setdefault(subject, []).append(what)
            briefs.append(f"{self.times(entry.book).short_day(day)} {subject} – {what}")
        pupil = self.naming.name("pupil", str(ready[0].notice.pupil))
        heads = (self.say(sayings.SUBJECT), self.say(sayings.NEWS))
        parts = tuple(
            Part(
                self._long(ready[0].notice.book, day),
                heads,
                tuple((subject, "\n".join(told)) for subject, told in subjects.items()),
            )
            for day, subjects in sorted(days.items())
        )
        if len(ready) == 1:
            what = self.say(sayings.KINDS[ready[0].notice.kind])
            subject = self.say(sayings.ONE, pupil=pupil, what=what)
        else:
            subject = self.say(sayings.SEVERAL, pupil=pupil)
        brief = f"{pupil}. {'; '.join(briefs)}"
        return Draft(subject, brief, parts, (self.say(sayings.FOOT), *self._foot))

    def duties(self, ready: Sequence[Ready]) -> Draft:
        """The letter that tells those who keep the journals what lacks, clause by clause."""
        rows: dict[str, list[tuple[str, ...]]] = {}
        for one in ready:
            reminder = one.reminder
            if reminder is None:
                raise TypeError("a duty is told by its reminder")
            role = self.say(sayings.AS_ROLE, role=self.speaker.say_role(reminder.role))
            # Where there is one regulation only, no line need name it.
            alone = self.regulations[0] if len(self.regulations) == 1 else self.regulations
            line = self.speaker.say_finding(reminder.finding, self.facts, alone, self._directory)
            rows.setdefault(role, []).append((line,))
        head = sayings.MISSING if ready[0].notice.kind == "missing" else sayings.ESCALATION
        subject = self.say(head, n=len(ready))
        parts = tuple(Part(role, (), tuple(lines)) for role, lines in rows.items())
        return Draft(subject, subject, parts, (self.say(sayings.DUTY_FOOT), *self._foot))

    def hint(self, *, of_duties: bool) -> Draft:
        """The letter that only says that there is something new: nobody on the way learns of whom."""
        subject = self.say(sayings.DUTY_HINT if of_duties else sayings.HINT)
        return Draft(subject, subject, (), self._foot)

    @property
    def foot(self) -> tuple[str, ...]:
        """The foot of a letter to one who asked for it."""
        return (self.say(sayings.FOOT), *self._foot)

    # -- what one notice tells -------------------------------------------------------------------

    def told(self, one: Ready, entry: Entry, state: BookState) -> str:
        """What a notice says of its entry, as the entry reads now."""
        pupil = str(one.notice.pupil)
        if revision_of(entry, pupil, state) == GONE:
            thing = self._read(entry, state, pupil) or self.say(sayings.THINGS[TOLD[entry.kind]])
            return self.say(sayings.GONE, what=thing)
        said = self._read(entry, state, pupil) or self.say(sayings.ERASED)
        return self.say(sayings.CHANGED, what=said) if one.notice.kind == "correction" else said

    def _read(self, entry: Entry, state: BookState, pupil: str) -> str:
        """What *entry* says; empty where nothing of it is left to be read."""
        if entry.kind == "roll":
            found = next((one for id, one in absences_of(entry, state) if id == pupil), None)
            return "" if found is None else self.absence(found)
        if entry.kind == "homework":
            return self._homework(entry, state)
        now = state.reading(entry)
        if entry.kind in ("message", "comment"):
            text = now.texts.get(entry.kind)
            saying = sayings.MESSAGE if entry.kind == "message" else sayings.REMARK
            return self.say(saying, text=text or self.say(sayings.ERASED))
        value = self._value(entry, state)
        if not value:
            return ""
        if entry.kind == "result":
            period = self.naming.period(split_about(entry.about)[1], entry.book)
            return self.say(sayings.RESULT, period=period, value=value)
        if entry.kind == "mark":
            work = self._kind(IN_CELL["mark"](entry, state).kind)  # type: ignore[attr-defined]
            if work:
                return self.say(sayings.MARK_FOR, value=value, work=work)
        plain: dict[str, Message] = {
            "mark": sayings.MARK, "marker": sayings.MARKER, "makeup": sayings.MADE_UP,
        }  # fmt: skip
        return self.say(plain[entry.kind], value=value)

    def _value(self, entry: Entry, state: BookState) -> str:
        thing = IN_CELL[entry.kind](entry, state)
        if state.stands(entry):
            return cell_text(cell_of([thing]), self.regulations, "diary")
        # What no longer counts stands in no cell; it is told by what it was.
        values = state.reading(entry).values
        return str(values.get("value") or values.get("marker") or values.get("code") or "")

    def _homework(self, entry: Entry, state: BookState) -> str:
        task = task_of(entry, state)
        text = task.task or self.say(sayings.ERASED)
        if task.none_set:
            return ""
        if task.due is None:
            return self.say(sayings.HOMEWORK, task=text)
        return self.say(sayings.HOMEWORK_BY, day=self.times(entry.book).day(task.due), task=text)

    def absence(self, absence: CellAbsence) -> str:
        """How a lesson was missed, in words."""
        titles = (one.find_absence(absence.code) for one in self.regulations)
        known = next((one.title[self.language] for one in titles if one is not None), absence.code)
        if not absence.late:
            return self.say(sayings.ABSENCE, reason=known)
        time = self.times("").duration(absence.late * MINUTE)
        return self.say(sayings.LATE, reason=known, time=time)

    def _kind(self, code: str | None) -> str:
        for one in self.regulations:
            for kind in one.work_kinds:
                if kind.code == code:
                    return kind.title[self.language]
        return code or ""

    # -- where and when --------------------------------------------------------------------------

    def times(self, book: str) -> Times:
        """Times on the clocks of the school."""
        return self.naming.times(book)

    def _long(self, book: str, day: date) -> str:
        return self.naming.times(book).long_day(day)

    def day_of(self, entry: Entry, state: BookState) -> date:
        """The day to which *entry* belongs: that of its occasion, else that of its recording."""
        if entry.kind == "message":
            return date.fromisoformat(state.reading(entry).values["day"])
        place = column_of(entry, state)
        if place is not None and entry.book.startswith("journal/"):
            column = bare(*place, JournalId.parse(entry.book), state, self.facts)
            if column.day is not None and column.kind != "result":
                return column.day
        calendar = self.naming.calendar(entry.book) or self.facts.calendar_at(entry.at)
        return calendar.clocks.local_date(entry.at)

    def subject_of(self, entry: Entry, day: date) -> str:
        """The subject of the journal, or the class of a class book."""
        if entry.book.startswith("journal/"):
            return self.naming.subject(JournalId.parse(entry.book).subject, entry.book, day)
        return self.naming.group(entry.book.split("/")[1], entry.book, day)
