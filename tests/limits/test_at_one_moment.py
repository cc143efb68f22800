"""Ceilings over several journals when two processes write at one moment, and what breaks them later."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.opening import open_store
from edujournal.testing.clocks import StandingClock
from tests.laws.test_stores import FourMethods
from tests.limits.conftest import regulation_of, school

pytestmark = pytest.mark.search

ONE_A_DAY = {
    "kind": "limit", "record": "work", "per": ["class", "day"], "where": {"control": True},
    "at_most": 1, "on_breach": "refuse", "lifts": [{"role": "head"}],
}  # fmt: skip
ROUNDS = 5
FIRST = date(2026, 9, 1)

#: Writes one control work a round, as soon as it is told to, and says what became of it. Between
#: judging and appending it waits for the other writer to come as far, but no longer than 0.15 s.
WRITER = """
import sys, time
from pathlib import Path
from datetime import UTC, datetime, timedelta, date
import edujournal as ej
from edujournal.adapters.stores.opening import open_store
from edujournal.errors import StoreBusy
from edujournal.writing import BookAct
sys.path.insert(0, sys.argv[5])
from tests.limits.conftest import regulation_of, school
from tests.limits.test_at_one_moment import FIRST, ONE_A_DAY, store_of

url, subject, by, start = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
here, round_ = Path(sys.argv[6]), ""
judge = BookAct.write

def judged_and_held(self, state, beside):
    found = judge(self, state, beside)
    (here / f"{round_}-{subject}").touch()
    until = time.monotonic() + 0.15
    while len(list(here.glob(f"{round_}-*"))) < 2 and time.monotonic() < until:
        time.sleep(0.001)
    return found

BookAct.write = judged_and_held
began = datetime(2026, 8, 31, 12, tzinfo=UTC)
journals = ej.Journals(
    store_of(url), school(), regulation_of(ONE_A_DAY),
    clock=lambda: began + timedelta(seconds=time.time() - start),
)
print("ready", flush=True)
for line in sys.stdin:
    n, round_ = int(line), line.strip()
    work = ej.NewWork(id=f"w{n}", kind="control", purpose="ordinary", journal=f"7A/{subject}/2026",
                      held=FIRST + timedelta(days=n))
    while True:
        try:
            print(journals.record_many([work], by=by)[0].decision.value, flush=True)
            break
        except StoreBusy:
            pass
"""


#: Places, each with whether two processes can judge at one moment there: files and SQLite have one
#: writer at a time in the whole school, a server has one in each book, and a store without a lock of
#: a book has as many as there are.
PLACES = [
    ("file:{}/books", False),
    ("sqlite:///{}/books.db", False),
    ("least file:{}/books", True),
    ("postgresql", True),
]


def store_of(url):
    """The store at a URL; of the four methods only where it begins with ``least``."""
    store = open_store(url.removeprefix("least "))
    return FourMethods(store) if url.startswith("least ") else store


@pytest.mark.parametrize(("place", "at_once"), PLACES)
def test_two_processes_at_one_moment(place, at_once, tmp_path, request):
    """Of two works for one day one is refused or, where neither could see the other, the audit names
    one of them: that which came last. Never is a breach left unsaid, and never are both refused.
    """
    url = place.format(tmp_path)
    if place == "postgresql":
        url = request.getfixturevalue(place).render_as_string(hide_password=False)
    store_of(url).close()  # there is a store before the two begin
    start, met = str(time.time()), tmp_path / "met"
    met.mkdir()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, subject, by, start, str(request.config.rootpath),
             str(met)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for subject, by in (("alg", "t"), ("rus", "r"))
    ]  # fmt: skip
    try:
        assert ["ready\n"] * 2 == [one.stdout.readline() for one in writers]
        told = []
        for n in range(ROUNDS):
            for one in writers:
                one.stdin.write(f"{n}\n")
            for one in writers:
                one.stdin.flush()
            told.append([one.stdout.readline().strip() for one in writers])
    finally:
        for one in writers:
            one.stdin.close()
            one.wait(30)
            one.stdout.close()
    both = [n for n, answers in enumerate(told) if answers == ["accepted"] * 2]
    assert not [answers for answers in told if "accepted" not in answers]

    clock = StandingClock()
    clock.set(datetime(2026, 12, 1, 12, tzinfo=UTC))
    with closing(store_of(url)) as store:
        journals = ej.Journals(store, school(), regulation_of(ONE_A_DAY), clock=clock)
        found = [one for one in journals.audit() if one.clause == "X.1"]
        entries: dict[str, list[ej.Entry]] = {}
        for subject in ("alg", "rus"):
            for entry in journals.entries(f"journal/7A/{subject}/2026"):
                entries.setdefault(entry.about, []).append(entry)
    last = {
        about: max(some, key=lambda one: (one.at, one.book))
        for about, some in entries.items() if len(some) == 2
    }  # fmt: skip
    assert {f"work:w{n}" for n in both} == last.keys()
    assert sorted((about, one.book, one.number) for about, one in last.items()) == sorted(
        (one.about, one.book, one.entry) for one in found
    )
    assert {ej.Outcome.BROKEN} >= {one.outcome for one in found}
    assert at_once == bool(both)


# -- what breaks a ceiling later -------------------------------------------------------------------


def opened(*rules, data=None):
    """Journals of the small school on the tenth of September, noon; its data may be changed."""
    clock = StandingClock(datetime(2026, 9, 10, 9, tzinfo=UTC))
    made = ej.Journals(MemoryStore(), data or school(), regulation_of(*rules), clock=clock)
    return made, clock


def work(id, subject, held):
    """A control work of 7A on a day of September."""
    return ej.NewWork(
        id=id, kind="control", purpose="ordinary", journal=f"7A/{subject}/2026",
        held=date(2026, 9, held),
    )  # fmt: skip


def moved(subject, entry, held):
    """The work is moved to another day."""
    return ej.Correction(
        journal=f"7A/{subject}/2026", entry=entry, values={"held": date(2026, 9, held)}, reason="x"
    )


def over(journals):
    """Where an audit finds a ceiling broken: book, entry, outcome, and whether it is told anew."""
    return [
        (one.book.split("/")[2], one.entry, one.outcome.value, bool(one.why.get("later")))
        for one in journals.audit() if one.clause == "X.1"
    ]  # fmt: skip


def two_stores():
    """Two journals that do not see each other, and how to bring both together in one store."""
    clock = StandingClock(datetime(2026, 9, 10, 9, tzinfo=UTC))
    made = [
        ej.Journals(MemoryStore(), school(), regulation_of(ONE_A_DAY), clock=clock)
        for _ in range(2)
    ]

    def together():
        one, other = made
        for book, _ in other.store.books(other.school.id):
            if not book.startswith("school/"):
                one.store.append(
                    one.school.id, book, list(other.store.read(other.school.id, book)), 0
                )
        return ej.Journals(one.store, school(), regulation_of(ONE_A_DAY), clock=clock)

    return made, clock, together


@pytest.mark.parametrize(
    ("first", "second", "named"), [(0, 0, "rus"), (0, 1, "rus"), (1, 0, "alg")]
)
def test_what_neither_could_see_is_named_once(first, second, named):
    """Of two at one microsecond the one of the book that comes last; else the later one."""
    (alg, rus), clock, together = two_stores()
    start = clock.at
    clock.at = start + first
    alg.record(work("a", "alg", 15), by="t")
    clock.at = start + second
    rus.record(work("r", "rus", 15), by="r")
    clock.at = start + 10
    assert [(named, 1, "broken")] == [one[:3] for one in over(together())]


def test_a_waiver_excuses_what_is_told_anew():
    """What the head allowed for that time is excused, also where only an audit sees the breach."""
    (alg, rus), clock, together = two_stores()
    waiver = ej.Waiver(
        id="w", clauses=["X.1"], year="2026", ground="moved",
        since=datetime(2026, 9, 10, tzinfo=UTC), until=datetime(2026, 9, 11, tzinfo=UTC),
    )  # fmt: skip
    clock.at -= 10
    alg.record(waiver, by="head")
    clock.at += 10
    alg.record(work("a", "alg", 15), by="t")
    rus.record(work("r", "rus", 15), by="r")
    assert [("rus", 1, "excused", True)] == over(together())


def test_a_change_that_became_void_brings_the_breach_back():
    """One work was moved out of the way of another by a stolen login: both are on the day again."""
    journals, clock = opened(ONE_A_DAY)
    journals.record(work("a", "alg", 15), by="t")
    clock.advance(1)
    informed = datetime.fromtimestamp(clock.at / 1e6, UTC)
    clock.advance(1)
    journals.record(moved("alg", 1, 16), by="t")
    clock.advance(1)
    journals.record(work("r", "rus", 15), by="r")
    assert [] == over(journals)
    clock.advance(1)
    journals.record(
        ej.Compromise(account="t", year="2026", head=informed, support=informed), by="head"
    )
    clock.advance(1)
    assert [("rus", 1, "broken", True)] == over(journals)


def test_a_move_of_the_timetable_is_told_of_the_later_work():
    """Two works at two lessons; the timetable moves one lesson to the day of the other."""
    data = school()
    journals, clock = opened(ONE_A_DAY, data=data)
    lessons = {one.id: one for one in data.lessons()}
    a, r = (next(iter(sorted(id for id in lessons if id.startswith(k)))) for k in ("a1", "r1"))
    apart = lessons[a].day != lessons[r].day
    r = r if apart else sorted(id for id in lessons if id.startswith("r1"))[1]
    for id, journal, by in (("a", a, "t"), ("r", r, "r")):
        clock.advance(1)
        draft = ej.NewWork(id=id, kind="control", purpose="ordinary", lesson=journal)
        journals.record(draft, by=by)
    assert [] == over(journals)
    shift = lessons[a].day - lessons[r].day
    changed = [
        evolve(one, day=one.day + shift, starts=one.starts + _micro(shift), ends=one.ends + _micro(shift))
        if one.id == r else one
        for one in data.lessons()
    ]  # fmt: skip
    later = ej.Journals(
        journals.store, evolve(data, lessons=changed), journals.regulations, clock=clock
    )
    assert [("rus", 1, "broken", False)] == over(later)


def _micro(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def test_a_correction_of_a_work_is_named_and_not_the_work():
    """What moved it onto the day is the act that broke the ceiling; told once, where it stands."""
    soft = {**ONE_A_DAY, "on_breach": "remark"}
    journals, clock = opened(soft)
    for draft, by in (
        (work("a", "alg", 15), "t"), (work("r", "rus", 16), "r"), (moved("alg", 1, 16), "t"),
        (ej.Correction(journal="7A/rus/2026", entry=1, texts={"title": "x"}, reason="x"), "r"),
    ):  # fmt: skip
        clock.advance(1)
        journals.record(draft, by=by)
    assert [("alg", 2, "broken", False)] == over(journals)


def test_what_was_put_right_is_told_no_more_anew():
    """An entry that broke a ceiling stays a breach when it came; nothing is said a second time."""
    soft = {**ONE_A_DAY, "on_breach": "remark"}
    journals, clock = opened(soft)
    for draft, by in (
        (work("a", "alg", 15), "t"), (work("r", "rus", 15), "r"), (moved("rus", 1, 16), "r"),
    ):  # fmt: skip
        clock.advance(1)
        journals.record(draft, by=by)
    assert [("rus", 1, "broken", False)] == over(journals)


def test_works_too_close_that_neither_could_see():
    """A distance is looked at again like a ceiling."""
    gap = {
        "kind": "limit", "record": "work", "per": ["class", "year"], "where": {"control": True},
        "take": "gap", "at_least": 2, "unit": "school_days",
    }  # fmt: skip
    clock = StandingClock(datetime(2026, 9, 10, 9, tzinfo=UTC))
    one, other = (
        ej.Journals(MemoryStore(), school(), regulation_of(gap), clock=clock) for _ in range(2)
    )
    one.record(work("a", "alg", 15), by="t")
    other.record(work("r", "rus", 16), by="r")
    book = "journal/7A/rus/2026"
    one.store.append(one.school.id, book, list(other.store.read(one.school.id, book)), 0)
    found = [f for f in one.audit() if f.clause == "X.1"]
    assert [("too-close", book, 1, True)] == [
        (f.code, f.book, f.entry, f.why["later"]) for f in found
    ]
