"""Pseudonymised exports: nothing of a person in any byte, nothing in common between two of them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.exchange.csvset import commit, plan_import, read_set, write_set
from edujournal.adapters.exchange.pseudonyms import Few, Pseudonymised, Pseudonyms, pseudonymised
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput
from edujournal.model.people import Account
from edujournal.model.time import HOUR, moment
from edujournal.samples.quarter import keep, quarter
from tests.journals.conftest import Hands, HostSchool

pytestmark = pytest.mark.search

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def kept():
    """The quarter of the sample school."""
    story = quarter()
    return story, keep(MemoryStore(), story)


def export(journals, key=KEY, **options) -> Pseudonymised:
    """An export of all the books."""
    books = [journals.state(book) for book in journals.books()]
    return pseudonymised(journals.facts(), books, key, **options)


@pytest.fixture(scope="module")
def made(kept, tmp_path_factory):
    """An export, and its files."""
    folder = tmp_path_factory.mktemp("export")
    found = export(kept[1])
    write_set(folder, found.school, found.entries)
    return found, folder


def bytes_of(folder) -> str:
    """Every name of a file, and every byte in it."""
    return "\n".join(f"{path.name}\n{path.read_text('utf-8')}" for path in sorted(folder.iterdir()))


def words(text) -> set[str]:
    """Everything between separators."""
    return set(re.split(r"[\s,;:/#\"=+]+", text))


def test_no_id_name_or_text_of_the_school_is_in_any_byte(kept, made):
    """Every id of the sample school, every name, title and text: none is in a file or a file's name."""
    story, journals = kept
    facts, found = journals.facts(), words(bytes_of(made[1]))
    ids = {facts.school}
    ids |= {row.pupil for row in facts.memberships}
    ids |= {one.id for one in facts.accounts} | {one.person for one in facts.accounts if one.person}
    ids |= {one.id for one in facts.lessons}
    for calendar in facts.calendars:
        ids |= {one.id for one in calendar.groups} | {one.id for one in calendar.weeks}
        ids |= {one.id for one in calendar.holiday_sets} | {one.id for one in calendar.schedules}
    states = [journals.state(book) for book in journals.books()]
    ids |= {
        work.id for state in states if state.book.startswith("journal/") for work in state.works()
    }
    # Some accounts of the sample are called as the roles that they hold.
    ids -= {span.role for one in facts.accounts for span in one.roles}
    assert len(ids) > 1000
    assert set() == ids & found
    whole = bytes_of(made[1])
    said = {
        text for state in states for entry in state.entries for text in entry.texts.values() if text
    }
    said |= {*story.school.names.values()}
    said |= {
        one.title
        for calendar in facts.calendars
        for one in (*calendar.groups, *calendar.subjects)
        if one.title
    }
    assert len(said) > 300
    assert [] == [text for text in said if len(text) > 3 and text in whole]


CANARY = "canary7"


def planted(name: str) -> str:
    """An id that can be recognised wherever it turns up."""
    return f"{CANARY}-{name}"


def test_no_canary_comes_through_whatever_it_was_planted_in(tmp_path):
    """Ids, names, titles and texts of every kind that a host or a person can choose, each a canary."""
    school, clock = HostSchool(), Hands()
    calendar = next(school.calendars())
    rename = {id: planted(id) for id in ("7A", "7A.1", "q", "h", "w", "autumn")}
    frame = evolve(
        calendar, school=planted("school"), staff_week=rename["w"],
        groups=[evolve(one, id=rename[one.id], parents=[rename[p] for p in one.parents], title=planted("title"),
                       periods=rename["q"], holidays=rename["h"], week=rename["w"]) for one in calendar.groups],
        period_systems=[evolve(one, id=rename["q"], periods=tuple(evolve(p, title=planted("t")) for p in one.periods))
                        for one in calendar.period_systems],
        holiday_sets=[evolve(one, id=rename["h"], holidays=tuple(evolve(f, id=rename["autumn"], title=planted("t"))
                                                                 for f in one.holidays)) for one in calendar.holiday_sets],
        weeks=[evolve(one, id=rename["w"]) for one in calendar.weeks],
    )  # fmt: skip
    plain = PlainSchool(
        planted("school"), [frame],
        [evolve(one, id=planted(one.id), group=rename[one.group], teacher=planted("t-1")) for one in school.lessons()],
        [evolve(one, pupil=planted(one.pupil), group=rename[one.group]) for one in school.memberships()],
        [evolve(one, account=planted(one.account), group=rename[one.group]) for one in school.assignments()],
        [evolve(one, id=planted(one.id), person=planted(f"person-{one.id}"), shared_with=(planted("friend"),))
         for one in school.accounts()] + [Account(planted("mother"), pupils=(planted("p-1"),))],
        {("pupil", planted("p-1")): planted("name"), ("account", planted("t-1")): planted("name")},
    )  # fmt: skip
    journals = ej.Journals(MemoryStore(), plain, "ru-school26-2023", clock=clock)
    place, teacher = {"lesson": planted("l1")}, planted("t-1")
    text = f"{CANARY} text"
    journal = f"{rename['7A']}/alg/2026"
    drafts = [
        ej.RollCall(
            absent={planted("p-2"): "УП", planted("p-3"): ej.Absence("ОП", late=5)}, **place
        ),
        ej.Topic(topic=text, plan=planted("plan"), **place),
        ej.Homework(task=text, nature=text, **place),
        ej.NewWork(id=planted("work"), kind="control", title=text, **place),
        ej.Mark(pupil=planted("p-1"), work=planted("work"), value=4, comment=text, **place),
        ej.Mark(pupil=planted("p-4"), kind="oral", value=5, comment=text, **place),
        ej.Comment(pupil=planted("p-1"), comment=text, **place),
        ej.MakeUp(pupil=planted("p-2"), value=4, protocol=text, examiners=[teacher], **place),
        ej.Correction(
            journal=journal, entry=6, values={"value": 4}, texts={"comment": text}, reason=text
        ),
        ej.Correction(journal=journal, entry=2, texts={"topic": text}, reason=text),
        ej.Correction(
            journal=journal, entry=1, values={"absent": {planted("p-5"): "Н"}}, reason=text
        ),
        ej.Annulment(journal=journal, entry=5, reason=text),
    ]
    receipts = journals.record_many(drafts, by=teacher, key=planted("key"))
    assert not [one for one in receipts if one.number is None]
    message = ej.Message(group=rename["7A"], pupil=planted("p-1"), message=text, day=frame.since,
                         evidence=ej.Evidence(source=planted("file")))  # fmt: skip
    journals.record(message, by=planted("importer"))
    journals.record(ej.Waiver(id=planted("waiver"), clauses=["2.15"], since=clock.at, year="2026", ground=text,
                              until=clock.at + timedelta(days=1)), by=planted("head"))  # fmt: skip
    found = export(journals)
    write_set(tmp_path, found.school, found.entries)

    assert CANARY in repr([list(journals.entries(book)) for book in journals.books()])
    assert CANARY not in bytes_of(tmp_path).casefold()
    assert CANARY not in repr(
        (found.entries, found.few, found.school.accounts(), found.school.lessons())
    )
    kinds = Counter(entry.kind for entry in found.entries)
    assert {"roll": 1, "topic": 1, "homework": 1, "work": 1, "mark": 2, "makeup": 1, "correction": 2,
            "annulment": 1} == dict(kinds)  # fmt: skip
    assert read_set(tmp_path).counts["entries.csv"] == sum(kinds.values()) - 1


def test_two_exports_have_no_pseudonym_in_common(kept):
    """Another key, other names for everything; the same key gives the same export."""
    one, other, again = export(kept[1]), export(kept[1], bytes(reversed(KEY))), export(kept[1])

    def names(found: Pseudonymised) -> set[str]:
        school = found.school
        groups = [group.id for calendar in school.calendars() for group in calendar.groups]
        return {
            school.id, *groups, *(row.pupil for row in school.memberships()),
            *(row.id for row in school.accounts()), *(row.id for row in school.lessons()),
            *(entry.about for entry in found.entries if entry.about.startswith("work:")),
        }  # fmt: skip

    assert len(names(one)) == len(names(other)) > 1000
    assert not names(one) & names(other)
    assert names(one) == names(again)
    assert one.entries == again.entries
    assert one.school == again.school


def test_without_the_key_ids_cannot_be_tried(kept):
    """An unkeyed hash of every id, and hashes under other keys, fit no pseudonym."""
    facts = kept[1].facts()
    pupils = sorted({row.pupil for row in facts.memberships})
    real = Pseudonyms(KEY)
    wanted = {real.of("pupil", pupil) for pupil in pupils}
    guesses = {
        Pseudonyms(key).of(noun, pupil)
        for key in (bytes(32), b"\xff" * 32, *(bytes([n]) * 32 for n in range(1, 50)))
        for noun in ("pupil", "account")
        for pupil in pupils
    }
    assert len(pupils) == len(wanted)
    assert not wanted & guesses
    for key in (b"", KEY[:-1], KEY + b"\0", "x" * 32):
        with pytest.raises(BadInput, match="not a key") as caught:
            Pseudonyms(key)
        assert repr(key)[2:-1] not in str(caught.value) or not key


def test_what_can_be_counted_is_what_it_was(kept, made):
    """Marks, absences and results by grade, subject, kind, code and day are the same numbers."""

    def counted(entries, facts) -> Counter:
        grades = {g.id: g.grade for calendar in facts.calendars for g in calendar.groups}
        found: Counter = Counter()
        for entry in entries:
            if not entry.book.startswith("journal/"):
                continue
            journal = ej.JournalId.parse(entry.book)
            place = (grades[journal.group], journal.subject, entry.kind, entry.at)
            found[*place, entry.values.get("value"), entry.values.get("kind")] += 1
            for row in entry.values.get("absent", ()):
                found[*place, row["code"], row.get("late")] += 1
        return found

    journals, (found, _) = kept[1], made
    states = [journals.state(book) for book in journals.books() if book.startswith("journal/")]
    out = {"mark", "roll", "result", "marker", "makeup", "work"}
    mine = [
        entry for state in states for entry in state.entries
        if entry.kind in out and not state.is_void(entry) and "because" not in entry.values
    ]  # fmt: skip
    theirs = [entry for entry in found.entries if entry.kind in out]
    assert counted(mine, journals.facts()) == counted(theirs, found.school.facts())
    assert len(mine) > 3000


def test_an_export_is_a_set_like_any_other(made, kept, tmp_path):
    """It is read without a fault and can be imported; its header is that of every set."""
    _, folder = made
    story = kept[0]
    plan = plan_import(folder, ["ru-school26-2023"], at=story.audited + 24 * HOUR)
    assert not plan.problems
    into = ej.Journals(
        MemoryStore(),
        plan.school,
        plan.regulations,
        clock=lambda: moment(story.audited + 24 * HOUR, "UTC"),
    )
    assert len(made[0].entries) == commit(into, plan).recorded
    with (folder / "people.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    assert not [row for row in rows if row["name"] or row["pupils"] or row["shared_with"]]


def test_few_pupils_are_told_of(kept):
    """Groups with fewer pupils than were asked for, and codes that so few bear."""
    plenty, some = export(kept[1], small=1), export(kept[1])
    assert () == plenty.few
    assert all(one.pupils < 5 for one in some.few)
    groups = [one for one in some.few if one.what == "group"]
    plan = Pseudonyms(KEY).of("group", "plan-p-59")
    assert Few("group", plan, 1) in groups
    assert {"group", "absence", "marker", "excuse"} >= {one.what for one in some.few}
    assert len(export(kept[1], small=30).few) > len(some.few)
