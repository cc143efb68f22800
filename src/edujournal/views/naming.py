"""Naming: what an entry is about, and whose it is, in words. Names of people come from a directory."""

from __future__ import annotations

from datetime import date

from edujournal.errors import Unknown
from edujournal.model.calendar import Calendar, Period
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, split_about, year_of_book
from edujournal.ports import Directory
from edujournal.texts import sentences
from edujournal.texts.catalogues import Messages
from edujournal.texts.times import Times
from edujournal.texts.words import PERIOD_KINDS, ROLES, SECTIONS
from edujournal.views.columns import find_lesson


class Naming:
    """Names things in one language, by what is known of a school.

    *Version added: 0.1.*

    Args:
        messages: The language.
        facts: What the school's data says; or only the name of its time zone.
        directory: Names; without it ids and titles stand for themselves.
    """

    def __init__(
        self, messages: Messages, facts: Facts | str, directory: Directory | None = None
    ) -> None:
        self.messages = messages
        self.facts = None if isinstance(facts, str) else facts
        self._zone = facts if isinstance(facts, str) else ""
        self._directory = directory

    def calendar(self, book: str) -> Calendar | None:
        """The frame of the year of *book*; None where it is not known."""
        if self.facts is None:
            return None
        try:
            return self.facts.calendar(year_of_book(book))
        except Unknown:
            return None

    def times(self, book: str) -> Times:
        """Times on the clocks of the school, in the year of *book*."""
        calendar = self.calendar(book)
        if calendar is None and self.facts is not None and self.facts.calendars:
            calendar = self.facts.calendars[0]
        return Times(self.messages, self._zone or (calendar.zone if calendar else "UTC"))

    def name(self, kind: str, id: str, on: date | None = None) -> str:
        """The name of a pupil or an account; its id where nobody knows it."""
        return id if self._directory is None else self._directory.name(kind, id, on)

    def group(self, id: str, book: str, on: date | None = None) -> str:
        """The name of a group: by the directory, else by the calendar, else its id."""
        found = self.name("group", id, on)
        calendar = self.calendar(book)
        if found != id or calendar is None:
            return found
        return next((one.title or id for one in calendar.groups if one.id == id), id)

    def subject(self, id: str, book: str, on: date | None = None) -> str:
        """The name of a subject: by the directory, else by the calendar, else its id."""
        found = self.name("subject", id, on)
        calendar = self.calendar(book)
        if found != id or calendar is None:
            return found
        return next((one.title or id for one in calendar.subjects if one.id == id), id)

    def journal(self, book: str, on: date | None = None) -> str:
        """The journal whose book it is, such as ``algebra 7A``; the book's name for another book."""
        if not book.startswith("journal/"):
            return book
        group, subject, _ = JournalId.parse(book)
        return self.messages.say(
            sentences.JOURNAL,
            subject=self.subject(subject, book, on),
            group=self.group(group, book, on),
        )

    def period(self, id: str, book: str) -> str:
        """The name of a period: its title, else its kind and number, else its id."""
        calendar = self.calendar(book)
        if calendar is None or not book.startswith("journal/"):
            return id
        group = JournalId.parse(book).group
        known = {one.id: one for one in calendar.groups}
        periods = calendar.periods(group) if group in known else ()
        return next((self.period_title(one) for one in periods if one.id == id), id)

    def period_title(self, period: Period) -> str:
        """The title of *period*, else its kind and number."""
        if period.title:
            return period.title
        if period.kind not in PERIOD_KINDS:
            return period.id
        kind = self.messages.word(PERIOD_KINDS, period.kind)
        return kind if period.kind == "year" else f"{kind} {period.index}"

    def occasion(self, about: str, book: str) -> str:
        """What an entry of *book* is about, such as ``algebra 7A, 15 Sep 2026, lesson 2``."""
        say, (kind, id) = self.messages.say, split_about(about)
        if kind == "lesson":
            return self._lesson(id, book)
        if kind == "work":
            return say(sentences.WORK, journal=self.journal(book), id=id)
        if kind == "period":
            return say(sentences.PERIOD, journal=self.journal(book), period=self.period(id, book))
        if kind == "subject":
            return say(sentences.SUBJECT, journal=self.journal(book))
        if kind == "section":
            section = self.messages.word(SECTIONS, id)
            return say(sentences.SECTION, section=section, year=year_of_book(book))
        if kind == "group":
            return say(sentences.CLASS, group=self.group(id, book))
        if kind == "sheet":
            return say(sentences.SHEET, group=self.group(id, book))
        if kind == "account":
            return say(sentences.ACCOUNT, account=self.name("account", id))
        if kind == "journal":
            return self.journal(f"journal/{id}")
        plain = {
            "entry": sentences.ENTRY,
            "erasure": sentences.ERASURE,
            "event": sentences.EVENT,
            "grant": sentences.GRANT,
            "issue": sentences.ISSUE,
            "restriction": sentences.RESTRICTION,
            "waiver": sentences.WAIVER,
        }
        return say(plain[kind], id=id) if kind in plain else about

    def _lesson(self, id: str, book: str) -> str:
        lesson = None if self.facts is None else find_lesson(id, self.facts)
        if lesson is None:
            return self.messages.say(sentences.LESSON, id=id)
        return self.messages.say(
            sentences.AT_LESSON,
            journal=self.journal(book, lesson.day),
            day=self.times(book).day(lesson.day),
            slot=lesson.slot,
        )

    def member(self, record: str, member: str, on: date | None = None) -> str:
        """One of those for whom a record is owed: a pupil, or the addressee of a report."""
        if record == "disclosure":
            return self.messages.word(ROLES, member)
        return self.name("pupil", member, on)
