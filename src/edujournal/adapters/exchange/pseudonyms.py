"""Pseudonymised exports: ids under a key of this export's own, no names, no texts.

Whoever has the key can work out which pseudonym an id has; whoever has not cannot, and two exports
under two keys have no pseudonym in common. The contents stay what they are: rows of marks and days can
be matched with what somebody knows otherwise, the more easily the smaller the group.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from attrs import evolve, frozen

from edujournal.adapters.exchange.csvset.drafting import VALUES
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.errors import BadInput
from edujournal.ledger.books import BookState
from edujournal.model.calendar import Calendar
from edujournal.model.entries import CHANGES, Entry, Evidence
from edujournal.model.facts import Facts
from edujournal.model.ids import JournalId, about, class_book, school_book, split_about
from edujournal.model.people import Account, Actor, Assignment, Membership

#: Begins what a pseudonym is the keyed hash of, so that it can never be one of something else.
PSEUDONYM_DOMAIN: Final = b"edujournal/pseudonym/v1\n"

#: Bytes of a key: as many as the hash has.
KEY_SIZE: Final = 32

#: Pupils below which a group, or the bearers of a code, are told to be few.
SMALL: Final = 5

#: What begins a pseudonym, by what it stands for.
_LETTERS: Final[Mapping[str, str]] = {
    "account": "a",
    "group": "g",
    "holidays": "h",
    "lesson": "l",
    "person": "n",
    "plan": "r",
    "pupil": "p",
    "ring": "b",
    "school": "s",
    "system": "y",
    "week": "k",
    "work": "w",
}

#: Kinds of record that go out. Of the others nothing is left without texts, or they are the school's own.
KINDS: Final = frozenset(
    {
        "annulment",
        "approval",
        "confirmation",
        "correction",
        "excuse",
        "homework",
        "makeup",
        "mark",
        "marker",
        "result",
        "roll",
        "substitution",
        "topic",
        "work",
    }
)

#: Values that go out as they are; those that name somebody or something are looked at one by one.
_PLAIN: Final = frozenset(
    {
        "accept",
        "code",
        "day",
        "due",
        "held",
        "kind",
        "marker",
        "none",
        "points",
        "purpose",
        "retake",
        "scale",
        "since",
        "stage",
        "until",
        "value",
        "weight",
    }
)


class Pseudonyms:
    """Pseudonyms under one key: HMAC-SHA-256 of what an id stands for and the id, 80 bits of it.

    *Version added: 0.1.*

    Args:
        key: :data:`KEY_SIZE` random bytes, of one export only.

    Raises:
        BadInput: The key has another length.
    """

    def __init__(self, key: bytes) -> None:
        if type(key) is not bytes or len(key) != KEY_SIZE:
            # The key itself is shown to nobody.
            raise BadInput("not a key", expected=f"{KEY_SIZE} random bytes")
        self._key = key
        self._made: dict[tuple[str, str], str] = {}

    def of(self, noun: str, id: str) -> str:
        """The pseudonym of *id*, which stands for a *noun* such as ``pupil``."""
        found = self._made.get((noun, id))
        if found is None:
            said = PSEUDONYM_DOMAIN + noun.encode() + b"\n" + id.encode()
            digest = hmac.digest(self._key, said, sha256)
            found = f"{_LETTERS[noun]}-{b32encode(digest[:10]).decode().lower()}"
            self._made[noun, id] = found
        return found

    def some(self, noun: str, ids: Iterable[str]) -> tuple[str, ...]:
        """The pseudonyms of several ids, in an order that tells nothing of theirs."""
        return tuple(sorted(self.of(noun, id) for id in ids))


@frozen
class Few:
    """So few pupils that one of them may be recognised.

    *Version added: 0.1.*

    Attributes:
        what: ``group``, ``absence``, ``marker`` or ``excuse``.
        name: Pseudonym of the group, or the code.
        pupils: How many pupils are in it, or bear it.
    """

    what: str
    name: str
    pupils: int


@frozen(eq=False)
class Pseudonymised:
    """What a pseudonymised export is made of; ``write_set`` of the journal CSV set takes it.

    *Version added: 0.1.*

    Attributes:
        school: The school without names and titles, its ids replaced; logins of guardians are left out.
        entries: Entries without texts, book by book in the order of pseudonyms, ids replaced.
        few: Groups and codes with fewer pupils than were asked for: look at them before you hand it on.
    """

    school: PlainSchool
    entries: tuple[Entry, ...]
    few: tuple[Few, ...]


def pseudonymised(
    facts: Facts, books: Iterable[BookState], key: bytes, *, small: int = SMALL
) -> Pseudonymised:
    """Make a pseudonymised export of journals and class books.

    Ids of the school, of pupils, accounts, persons, groups, lessons, works, rows of thematic plans and
    of parts of the calendar are replaced; names, titles and texts are left out. Years, subjects, periods,
    codes of the regulation, days and moments stay. What is void, what time made, messages and remarks are
    left out.

    Args:
        facts: What the school's data says.
        books: Journals and class books, as ``journals.state(book)`` gives them.
        key: Key of this export, :data:`KEY_SIZE` random bytes. Without it nobody can tell
            whose a pseudonym is: keep it apart, or forget it.
        small: Pupils below which groups and codes are told of.

    Raises:
        BadInput: The key has another length.

    *Version added: 0.1.*
    """
    names = Pseudonyms(key)
    entries: list[Entry] = []
    for state in sorted(books, key=lambda state: _book(state.book, names)):
        if state.book.startswith(("journal/", "class/")):
            entries += _entries(state, names)
    authors = {one.by.account for one in entries} | {
        one.evidence.author for one in entries if one.evidence is not None
    }
    school = _school(facts, names, authors)
    return Pseudonymised(school, tuple(entries), tuple(_few(facts, names, entries, small)))


# -- the school ------------------------------------------------------------------------------------


def _school(facts: Facts, names: Pseudonyms, authors: set[str | None]) -> PlainSchool:
    of = names.of
    accounts = [
        Account(
            of("account", one.id),
            None if one.person is None else of("person", one.person),
            one.roles,
            one.since,
            one.until,
        )
        for one in facts.accounts
        if not one.pupils or of("account", one.id) in authors
    ]
    return PlainSchool(
        of("school", facts.school),
        [_calendar(one, names) for one in facts.calendars],
        [
            evolve(
                one,
                id=of("lesson", one.id),
                group=of("group", one.group),
                teacher=None if one.teacher is None else of("account", one.teacher),
                substitute=None if one.substitute is None else of("account", one.substitute),
            )
            for one in facts.lessons
        ],
        [
            Membership(of("pupil", one.pupil), of("group", one.group), one.since, one.until)
            for one in facts.memberships
        ],
        [
            Assignment(
                of("account", one.account), of("group", one.group), one.subject, one.role,
                one.since, one.until,
            )
            for one in facts.assignments
        ],
        accounts,
        lacks=facts.lacks,
    )  # fmt: skip


def _calendar(calendar: Calendar, names: Pseudonyms) -> Calendar:
    of = names.of
    return evolve(
        calendar,
        school=of("school", calendar.school),
        groups=[
            evolve(
                one,
                id=of("group", one.id),
                parents=names.some("group", one.parents),
                periods=of("system", one.periods),
                holidays=of("holidays", one.holidays),
                week=of("week", one.week),
                pupil=None if one.pupil is None else of("pupil", one.pupil),
                title="",
            )
            for one in calendar.groups
        ],
        subjects=[evolve(one, title="") for one in calendar.subjects],
        period_systems=[
            evolve(
                one,
                id=of("system", one.id),
                periods=tuple(evolve(period, title="") for period in one.periods),
            )
            for one in calendar.period_systems
        ],
        holiday_sets=[
            evolve(
                one,
                id=of("holidays", one.id),
                holidays=tuple(
                    evolve(free, id=of("holidays", free.id), title="") for free in one.holidays
                ),
            )
            for one in calendar.holiday_sets
        ],
        weeks=[evolve(one, id=of("week", one.id)) for one in calendar.weeks],
        staff_week=of("week", calendar.staff_week),
        schedules=[evolve(one, id=of("ring", one.id)) for one in calendar.schedules],
        bell_rules=[evolve(one, schedule=of("ring", one.schedule)) for one in calendar.bell_rules],
    )


# -- entries ---------------------------------------------------------------------------------------


def _book(book: str, names: Pseudonyms) -> str:
    if book.startswith("journal/"):
        return _journal(book, names).book
    kind, _, rest = book.partition("/")
    group, _, year = rest.rpartition("/")
    return class_book(names.of("group", group), year) if kind == "class" else school_book(year)


def _journal(journal: str, names: Pseudonyms) -> JournalId:
    group, subject, year = JournalId.parse(journal)
    return JournalId(names.of("group", group), subject, year)


def _entries(state: BookState, names: Pseudonyms) -> Iterator[Entry]:
    """The entries of a book that go out; a change goes with what it changes."""
    out: dict[int, Entry] = {}
    for entry in state.entries:
        if entry.kind not in KINDS or "because" in entry.values or state.is_void(entry):
            continue
        if entry.target is not None and entry.target not in out:
            continue
        made = _entry(entry, out.get(entry.target or 0), names)
        if made is None:
            continue
        out[entry.number] = made
        yield made


def _entry(entry: Entry, target: Entry | None, names: Pseudonyms) -> Entry | None:
    values = _values(entry.values, names)
    if entry.kind == "correction" and target is not None:
        allowed = VALUES.get(target.kind, {}).values()
        change = {name: one for name, one in values["change"].items() if name in allowed}
        if not change:
            return None
        values = {"change": change}
    evidence = entry.evidence
    if evidence is not None:
        author = None if evidence.author is None else names.of("account", evidence.author)
        evidence = Evidence(evidence.lo, evidence.hi, author, evidence.role)
    by = entry.by
    return evolve(
        entry,
        book=_book(entry.book, names),
        about=_about(entry.about, names),
        pupil=None if entry.pupil is None else names.of("pupil", entry.pupil),
        values=values,
        texts={},
        by=Actor(
            names.of("account", by.account),
            by.role,
            None if by.on_behalf_of is None else names.of("account", by.on_behalf_of),
        ),
        evidence=evidence,
        key=None,
        hash="",
        beside={},
    )


def _about(name: str, names: Pseudonyms) -> str:
    kind, id = split_about(name)
    return about(kind, names.of(kind, id)) if kind in ("lesson", "work", "group") else name


def _values(values: Mapping[str, Any], names: Pseudonyms) -> dict[str, Any]:
    """What is known to name nobody, and pseudonyms of what names somebody; nothing else."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or name in _PLAIN:
            found[name] = value
        elif name == "lesson":
            found[name] = names.of("lesson", value)
        elif name == "teacher":
            found[name] = names.of("account", value)
        elif name == "examiners":
            found[name] = list(names.some("account", value))
        elif name == "plan":
            found[name] = names.of("plan", value)
        elif name == "absent":
            rows = [{**row, "pupil": names.of("pupil", row["pupil"])} for row in value]
            found[name] = sorted(rows, key=lambda row: str(row["pupil"]))
        elif name == "change":
            found[name] = _values(value, names)
    return found


# -- small groups ----------------------------------------------------------------------------------


def _few(facts: Facts, names: Pseudonyms, entries: Iterable[Entry], small: int) -> Iterator[Few]:
    groups: dict[str, set[str]] = {}
    for row in facts.memberships:
        groups.setdefault(names.of("group", row.group), set()).add(row.pupil)
    for calendar in facts.calendars:
        for group in calendar.groups:
            if group.pupil is not None:
                groups.setdefault(names.of("group", group.id), set()).add(group.pupil)
    codes: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        for what, code, pupil in _codes(entry):
            codes.setdefault((what, code), set()).add(pupil)
    told = [("group", name, pupils) for name, pupils in sorted(groups.items())]
    told += [(what, code, pupils) for (what, code), pupils in sorted(codes.items())]
    for what, name, pupils in told:
        if len(pupils) < small:
            yield Few(what, name, len(pupils))


def _codes(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Codes that the entry gives pupils: reasons of absence, markers, excuses."""
    values = entry.values if entry.kind not in CHANGES else entry.values.get("change", {})
    for row in values.get("absent", ()):
        if "code" in row:
            yield "absence", row["code"], row["pupil"]
    for kind, name in (("marker", "code"), ("excuse", "code"), ("result", "marker")):
        code = entry.values.get(name)
        if entry.kind == kind and code is not None and entry.pupil is not None:
            yield "excuse" if kind == "excuse" else "marker", code, entry.pupil
