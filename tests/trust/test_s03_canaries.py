"""trust-S3: nothing of one school is seen by another, and no private text in a repr, an error or a log.

Two schools keep their books in one store. Everything of the one bears a mark, everything of the other
another; what persons typed about persons bears a third. Then everything public is asked.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from sqlalchemy import create_engine

import edujournal as ej
from edujournal.adapters.exchange.csvset import write_set
from edujournal.adapters.exchange.pseudonyms import pseudonymised
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import EdujournalError
from edujournal.papers.making import Papers
from edujournal.sealing import Seals
from edujournal.testing.case_schools import school_of
from edujournal.testing.clocks import StandingClock
from tests.figures import figure

OURS, THEIRS, SECRET = "rosso", "azzurro", "segreto"
NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def school(mark):
    """A class whose every id bears a mark."""
    problems = []
    group = f"{mark}7A"
    found = school_of(
        {
            "school": f"{mark}-school", "days": "2026-09-01 to 2027-05-31",
            "weeks": {f"{mark}-w": [1, 2, 3, 4, 5]},
            "periods": {f"{mark}-q": {"q1": "quarter 2026-09-01 to 2026-10-25"}},
            "holidays": {f"{mark}-h": {}}, "groups": {group: "class grade 7"},
            "subjects": [f"{mark}-alg", f"{mark}-geo"], "sections": ["bells"],
            "lessons": {
                f"{mark}-l{n}": f"{group} {mark}-alg 2026-09-{13 + n} 0{7 + n}:00-0{7 + n}:45" for n in (1, 2)
            },
            "pupils": {group: [f"{mark}-p1", f"{mark}-p2"]},
            "accounts": {
                f"{mark}-t": f"teaches {group} {mark}-alg", f"{mark}-head": "head",
                f"{mark}-sub": f"teaches {group} {mark}-geo", f"{mark}-lead": f"leads {group}",
            },
        },
        "school", problems,
    )  # fmt: skip
    assert [] == problems
    return found


def kept(store, mark):
    """The journals of a school, with something of everything in them."""
    journals = ej.Journals(store, school(mark), "ru-school26-2023", clock=StandingClock(NOW))
    journal = f"{mark}7A/{mark}-alg/2026"
    teacher, head = f"{mark}-t", f"{mark}-head"
    private = f"{mark}-{SECRET}"
    lesson, pupil = f"{mark}-l2", f"{mark}-p1"
    for by, draft in (
        (head, ej.SetUp(section="bells", year="2026")),
        (head, ej.Substitution(lesson=f"{mark}-l1", teacher=f"{mark}-sub")),
        (teacher, ej.RollCall(lesson=lesson, absent={f"{mark}-p2": "Б"})),
        (teacher, ej.Topic(lesson=lesson, topic=f"{mark}-topic")),
        (teacher, ej.Homework(lesson=lesson, task=f"{mark}-task", nature="письменно")),
        (teacher, ej.NewWork(id=f"{mark}-work", kind="control", lesson=lesson, title=f"{mark}-title")),
        (teacher, ej.Mark(lesson=lesson, pupil=pupil, kind="oral", value=4, comment=private)),
        (teacher, ej.Comment(lesson=lesson, pupil=pupil, comment=private)),
        (teacher, ej.MakeUp(lesson=lesson, pupil=f"{mark}-p2", value=5, protocol=private)),
        (
            teacher,
            ej.Correction(journal=journal, entry=5, values={"value": "5"}, reason=private),
        ),
        (
            head,
            ej.Waiver(id=f"{mark}-w", clauses=["2.6"], since=NOW, until=NOW + DAY, year="2026", ground=private),
        ),
        (
            head,
            ej.Issue(
                id=f"{mark}-copy", year="2026", paper="page", of=f"{mark}7A", digest="0" * 64,
                made_of={f"journal/{journal}": 1}, shows={f"journal/{journal}": [1]}, to=private,
            ),
        ),
        (
            head,
            ej.Archiving(group=f"{mark}7A", year="2026", journals=[journal], digest="0" * 64),
        ),
        (head, ej.Disclosure(event=f"{mark}-e", account=teacher, noticed=NOW, to="head", year="2026")),
    ):  # fmt: skip
        receipts = journals.record_many(
            [draft], by=by, key=f"{mark}-key-{draft.__class__.__name__}"
        )
        del receipts
    with suppress(ej.Refused):
        journals.record(ej.Mark(lesson=lesson, pupil=pupil, kind="oral", value=17), by=teacher)
    journals.page(journal, by=teacher)
    store.keep(journals.school.id, f"{mark}-document", f"{mark}-content".encode())
    Seals(store, journals.school.id, clock=StandingClock(NOW)).seal("2026")
    return journals


KINDS = {
    "memory": lambda _: MemoryStore(),
    "files": lambda folder: FileStore(folder / "store"),
    "SQLite": lambda folder: SqlStore(f"sqlite:///{folder / 'school.db'}"),
}


@pytest.fixture(scope="module", params=KINDS)
def both(request, tmp_path_factory):
    """A store with two schools, and the journals of each; to be asked, not to be broken."""
    with KINDS[request.param](tmp_path_factory.mktemp("both")) as store:
        yield kept(store, OURS), kept(store, THEIRS)


@pytest.fixture(params=KINDS)
def breakable(request, tmp_path):
    """The same, to be broken."""
    with KINDS[request.param](tmp_path) as store:
        yield kept(store, OURS), kept(store, THEIRS)


# -- everything public -----------------------------------------------------------------------------

JOURNAL = "{0}7A/{0}-alg/2026"
BOOK = "journal/{0}7A/{0}-alg/2026"

#: Verb of journals → how it is asked; ``m`` is the mark of the ids that are handed in.
READS = {
    "audit": lambda j, m: list(j.audit(everything=True)),
    "beside_state": lambda j, m: j.beside_state(BOOK.format(m)),
    "books": lambda j, m: j.books(),
    "check": lambda j, m: j.check(ej.Topic(lesson=f"{m}-l2", topic="x"), by=f"{m}-t"),
    "check_many": lambda j, m: j.check_many([ej.Topic(lesson=f"{m}-l2", topic="x")], by=f"{m}-t"),
    "diary": lambda j, m: j.diary(f"{m}-p1"),
    "disposable": lambda j, m: j.disposable(),
    "due": lambda j, m: [*j.due(), *j.due(f"{m}-t")],
    "entries": lambda j, m: list(j.entries(BOOK.format(m))),
    "erasable": lambda j, m: j.erasable(pupil=f"{m}-p1"),
    "facts": lambda j, m: j.facts(),
    "issued": lambda j, m: j.issued("2026"),
    "keeps_sheets": lambda j, m: j.keeps_sheets,
    "live": lambda j, m: [
        j.live.page(JOURNAL.format(m), by=f"{m}-t"),
        j.live.diary(f"{m}-p1"),
        j.live.sheet(f"{m}7A", by=f"{m}-t"),
        *j.live.due(),
        j.live.statistics(("class", "teacher", "pupil")),
    ],
    "now": lambda j, m: j.now(),
    "page": lambda j, m: j.page(JOURNAL.format(m), by=f"{m}-t"),
    "proposals": lambda j, m: j.proposals(JOURNAL.format(m), "q1"),
    "reads_of": lambda j, m: j.reads_of(f"{m}-t"),
    "reminders": lambda j, m: j.reminders(),
    "retention": lambda j, m: j.retention(),
    "setup_gaps": lambda j, m: j.setup_gaps("2026"),
    "sheet": lambda j, m: j.sheet(f"{m}7A", by=f"{m}-t"),
    "state": lambda j, m: j.state(BOOK.format(m)),
    "state_of": lambda j, m: j.state_of(BOOK.format(m)),
    "statistics": lambda j, m: j.statistics(("class", "teacher", "pupil")),
    "verify": lambda j, m: j.verify(),
}

#: Verbs that write: asked with ids of another school, they refuse or do not know.
WRITES = {
    "acknowledge": lambda j, m: j.acknowledge(f"{m}-p1", by=f"{m}-t"),
    "record": lambda j, m: j.record(ej.Topic(lesson=f"{m}-l2", topic="x"), by=f"{m}-t"),
    "record_many": lambda j, m: j.record_many([ej.Topic(lesson=f"{m}-l2", topic="x")], by=f"{m}-t"),
    "erase": lambda j, m: j.erase("e", {BOOK.format(m): [5]}, "закон", f"{m}-head"),
    "shred": lambda j, m: j.shred("e", f"{m}-p1", "закон", f"{m}-head"),
    "note_reading": lambda j, m: j.note_reading("page", "x", [f"{m}-p1"], f"{m}-t", "2026"),
    "tick": lambda j, m: j.tick(),
}

#: Steps between the shells and the pure middle: they take and give what the verbs above do.
INNER = {
    "carry_out", "confirm", "draft", "erase_now", "forget", "judges", "names", "note", "note_look",
    "noted", "prepared", "settle", "take", "with_seen", "writable",
}  # fmt: skip


#: Kind of paper → how it is composed.
PAPERS = {
    "class-book": lambda p, m: p.class_book(f"{m}7A"),
    "diary": lambda p, m: p.diary(f"{m}-p1"),
    "extract": lambda p, m: p.extract(f"{m}-p1"),
    "page": lambda p, m: p.page(JOURNAL.format(m)),
    "sheet": lambda p, m: p.sheet(f"{m}7A"),
    "verification": lambda p, m: p.verification(f"{m}7A"),
    "work-sheet": lambda p, m: p.work_sheet(f"{m}-t"),
}


def strings(value, seen):
    """Every text inside a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes | bytearray):
        yield bytes(value).decode("utf-8", "replace")
    elif isinstance(value, int | float | date | type | None.__class__) or id(value) in seen:
        return
    else:
        seen[id(value)] = value
        inside = ()
        if isinstance(value, Mapping):
            inside = [*value, *value.values()]
        elif isinstance(value, list | tuple | set | frozenset | Iterator):
            inside = value
        elif attrs.has(type(value)):
            inside = [getattr(value, one.name, None) for one in attrs.fields(type(value))]
        elif hasattr(value, "__dict__"):
            inside = [one for name, one in vars(value).items() if name not in ("store", "school")]
        for one in inside:
            yield from strings(one, seen)


def leaks(value, marks):
    """Which marks stand anywhere in a value, or in how it is shown."""
    texts = [*strings(value, {}), repr(value), str(value)]
    return {mark for mark in marks for text in texts if mark in text}


def shown(error):
    """All that a log would have of an error: its text, its chain, every cause."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


def test_every_public_verb_is_in_the_tables():
    """A new one has to be asked as well."""
    public = {name for name in dir(ej.Journals) if not name.startswith("_")}
    assert public - INNER <= READS.keys() | WRITES.keys()
    assert not (READS.keys() | WRITES.keys()) - public


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_of_one_school(both, name):
    """Composed of one school it has no mark of the other; asked by the other's ids it knows nothing."""
    ours, _ = both
    papers = Papers(ours, "ru")
    paper = PAPERS[name](papers, OURS)

    assert {OURS} == leaks(bytes(paper).decode(), {OURS, THEIRS})
    with pytest.raises(ej.Unknown) as caught:
        PAPERS[name](papers, THEIRS)
    assert SECRET not in shown(caught.value)


@pytest.mark.parametrize("name", READS)
def test_a_verb_of_journals_sees_one_school(both, name):
    """Whatever it gives has no mark of the other school, in any field; and shows no private text."""
    for journals, own, other in ((both[0], OURS, THEIRS), (both[1], THEIRS, OURS)):
        found = READS[name](journals, own)
        assert set() == leaks(found, [other])
        assert SECRET not in repr(found)
        assert SECRET not in str(found)
    figure("S3", "verbs of journals asked", 1)


@pytest.mark.parametrize("name", READS | WRITES)
def test_ids_of_the_other_school_open_nothing(both, name):
    """With ids of the other school a verb gives nothing of it; an error names what was handed in."""
    ours, theirs = both
    before = dict(theirs.store.books(theirs.school.id))
    try:
        found = (READS | WRITES)[name](ours, THEIRS)
    except EdujournalError as error:
        text = shown(error)
        for id in (f"{THEIRS}-t", f"{THEIRS}-l2", f"{THEIRS}-p1", f"{THEIRS}-head", f"{THEIRS}7A",
                   f"{THEIRS}-alg"):  # fmt: skip
            text = text.replace(id, "")
        assert THEIRS not in text
        assert SECRET not in text
    else:
        secret = f"{THEIRS}-{SECRET}"
        assert not leaks(found, [secret, f"{THEIRS}-topic", f"{THEIRS}-task", f"{THEIRS}-p2"])
    assert before == dict(theirs.store.books(theirs.school.id))
    figure("S3", "verbs asked with ids of another school", 1)


def test_a_store_gives_one_school(both):
    """Every method of the store, with the id of one school."""
    ours, theirs = both
    store, own = ours.store, ours.school.id
    asked = {
        "books": list(store.books(own)),
        "head": store.head(own, BOOK.format(THEIRS)),
        "read": [list(store.read(own, book)) for book, _ in store.books(own)],
        "read theirs": list(store.read(own, BOOK.format(THEIRS))),
        "find_key": store.find_key(own, f"{THEIRS}-t", f"{THEIRS}-key-Topic"),
        "follow": list(store.follow(own)),
        "kept": store.kept(own, f"{THEIRS}-document"),
        "recoveries": getattr(store, "recoveries", ()),
        "seals": Seals(store, own, clock=StandingClock(NOW)).log("2026"),
    }
    for name, found in asked.items():
        assert set() == leaks(found, [THEIRS]), name
    with pytest.raises(EdujournalError):
        store.erase(own, BOOK.format(THEIRS), [1])
    assert list(theirs.entries(BOOK.format(THEIRS)))
    figure("S3", "methods of stores asked", len(asked) + 1)


def test_an_export_has_one_school(both, tmp_path):
    """Every byte of every file; under pseudonyms no id, no text of anybody."""
    ours, _ = both
    books = [book for book in ours.books() if not book.startswith(("access/", "seals/"))]
    entries = [
        entry
        for book in books
        for entry in ours.entries(book)
        if entry.kind not in ("setup", "waiver", "disclosure", "issue", "archiving")
    ]
    write_set(tmp_path / "plain", ours.school, entries)
    states = [ours.state(book) for book in books]
    made = pseudonymised(ours.facts(), states, b"k" * 32)
    write_set(tmp_path / "hidden", made.school, made.entries)
    files = 0
    for path in sorted((tmp_path / "plain").iterdir()):
        assert THEIRS not in path.read_text("utf-8")
        files += 1
    for path in sorted((tmp_path / "hidden").iterdir()):
        text = path.read_text("utf-8")
        assert not [mark for mark in (THEIRS, f"{OURS}-p", f"{OURS}-t", SECRET) if mark in text]
        files += 1
    figure("S3", "files of exports looked through", files)


def test_no_error_of_a_broken_store_shows_a_text(breakable):
    """A database without its tables, a damaged file: the error names the place and not what is there."""
    ours, _ = breakable
    draft = ej.Comment(lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", comment=f"{OURS}-{SECRET}")
    store = ours.store
    if isinstance(store, SqlStore):
        with store._transactions.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE edujournal_entries")
    elif isinstance(store, FileStore):
        for path in Path(store._disk.root).rglob("log.jsonl"):
            path.write_bytes(path.read_bytes().replace(b"rosso-topic", b"nosso-topic") + b"x")
        for path in Path(store._disk.root).rglob("private.jsonl"):
            path.write_bytes(path.read_bytes().replace(b"{", b"[", 1))
    else:
        store.append = store.read = _broken
    fresh = ej.Journals(store, ours.school, "ru-school26-2023", clock=StandingClock(NOW))
    for act in (
        lambda: fresh.record(draft, by=f"{OURS}-t"),
        lambda: list(fresh.entries(BOOK.format(OURS))),
        lambda: fresh.diary(f"{OURS}-p1"),
    ):
        with pytest.raises(EdujournalError) as caught:
            act()
        assert SECRET not in shown(caught.value)
        assert THEIRS not in shown(caught.value)
    figure("S3", "errors looked through", 3)


@pytest.mark.parametrize("own", [True, False], ids=["our engine", "the host's engine"])
def test_no_error_of_a_database_shows_what_was_to_be_kept(own, tmp_path):
    """A statement that fails with a record in it: neither the error nor its causes show the record."""
    url = f"sqlite:///{tmp_path / 'school.db'}"
    with SqlStore(url) as store:
        kept(store, OURS)
        with store._transactions.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER no BEFORE INSERT ON edujournal_entries BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
    engine = create_engine(url)
    with SqlStore(url if own else engine) as store:
        journals = ej.Journals(store, school(OURS), "ru-school26-2023", clock=StandingClock(NOW))
        draft = ej.Comment(lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", comment=f"{OURS}-{SECRET}")
        with pytest.raises(ej.StoreError) as caught:
            journals.record(draft, by=f"{OURS}-t")
        text = shown(caught.value)
    engine.dispose()
    assert "INSERT INTO edujournal_entries" in text
    assert SECRET not in text
    assert f"{OURS}-p1" not in text
    figure("S3", "errors looked through", 1)


def _broken(*_):
    raise ej.StoreError("broken")


def test_no_log_line_shows_anything(both, caplog):
    """With every logger at its most talkative, nothing that is asked leaves a mark in a line."""
    ours, _ = both
    with caplog.at_level(logging.DEBUG):
        for ask in READS.values():
            ask(ours, OURS)
        ours.record(
            ej.Comment(lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", comment=f"{OURS}-{SECRET}"),
            by=f"{OURS}-t",
        )
    lines = [record.getMessage() for record in caplog.records]
    assert not [line for line in lines for mark in (THEIRS, SECRET) if mark in line]
    figure("S3", "lines of logs that show anything", 0)


@pytest.mark.parametrize(
    "draft",
    [
        lambda: ej.Comment(lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", comment=f"{SECRET}\ud800"),
        lambda: ej.Comment(
            lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", comment=f"{SECRET}" * 2_000_000
        ),
        lambda: ej.Comment(lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", comment=[SECRET]),
        lambda: ej.Mark(lesson=f"{OURS}-l2", pupil=f"{OURS}-p1", kind="oral", value=5, comment=5),
        lambda: ej.Message(group=f"{OURS}7A", message=f"{SECRET}\x00\ud800", day=date(2026, 9, 15)),
    ],
)
def test_what_was_typed_stands_in_no_refusal(both, draft):
    """A text that cannot be kept is described and not repeated; a draft does not show what was typed."""
    ours, _ = both
    with pytest.raises((EdujournalError, TypeError)) as caught:
        ours.record(draft(), by=f"{OURS}-t")
    assert SECRET not in shown(caught.value)
    figure("S3", "refusals looked through", 1)


def test_drafts_and_entries_do_not_show_what_was_typed(both):
    """In a log or a debugger: kind and place, not the words."""
    ours, _ = both
    drafts = [
        ej.Comment(lesson="l", pupil="p", comment=SECRET),
        ej.Mark(lesson="l", pupil="p", kind="oral", value=5, comment=SECRET),
        ej.MakeUp(lesson="l", pupil="p", value=5, protocol=SECRET),
        ej.Correction(journal="a/b/2026", entry=1, values={"value": "5"}, reason=SECRET),
        ej.Annulment(journal="a/b/2026", entry=1, reason=SECRET),
        ej.Message(group="g", message=SECRET, day=date(2026, 9, 15)),
    ]
    for value in (
        *drafts,
        *ours.entries(BOOK.format(OURS)),
        *ours.store.read(ours.school.id, BOOK.format(OURS)),
    ):
        assert SECRET not in repr(value)
        assert SECRET not in str(value)
    figure("S3", "reprs of drafts, entries and records looked at", len(drafts))
