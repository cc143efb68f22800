"""One write judged, and a batch: the facts are in memory, fifteen rules are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import edujournal as ej
from bench.answers import Answer, Write, answer_of
from bench.figures import Section
from bench.measure import Way, measured
from bench.peers import engines, models, plain, windows
from bench.peers.plain import Peer
from bench.school import BOOK, REGULATION, SCHOOL, Hands, Tables, regulation, salt
from bench.size import Size
from bench.writes import WeekOfClass, week
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.rules.judging import Judge, judge_all
from edujournal.rules.provisional import provisional

#: Ways that are not edujournal: what they are, how one is made, what must be installed for it.
PEERS: tuple[tuple[str, Callable[[Tables], Peer], tuple[str, ...]], ...] = (
    ("floor: one function by hand, integers, deadlines kept", plain.floor, ()),
    ("15 functions over a row, deadlines kept", plain.callables, ()),
    (
        "one function by hand, zoneinfo each time",
        lambda tables: plain.by_hand(tables, windows.ByZoneinfo(tables)),
        (),
    ),
    ("pydantic model, deadlines kept", models.pydantic_model, ("pydantic",)),
    (
        "one function by hand, pendulum each time",
        lambda tables: plain.by_hand(tables, windows.ByPendulum(tables)),
        ("pendulum",),
    ),
    ("business-rules, deadlines kept", engines.business_rules, ("business_rules",)),
    ("rule-engine, deadlines kept", engines.rule_engine, ("rule_engine",)),
)

#: Peers that are too slow, and have nothing to keep, to be asked for a whole batch.
_SINGLE = ("business_rules", "rule_engine")


def peers(writes: Sequence[Write], tables: Tables, *, batch: bool = False) -> list[Way]:
    """The peers over *writes*."""
    return [
        Way(title, _over(make, tables, writes), len(writes), needs=needs, repeats=True)
        for title, make, needs in PEERS
        if not (batch and set(needs) & set(_SINGLE))
    ]


def _over(
    make: Callable[[Tables], Peer], tables: Tables, writes: Sequence[Write]
) -> Callable[[], Callable[[], object]]:
    made: list[Peer] = []

    def prepare() -> Callable[[], object]:
        if not made:
            made.append(make(tables))
        judge = made[0]

        def run() -> None:
            for write in writes:
                judge(write)

        return run

    return prepare


def judged(writes: Sequence[Write], of: WeekOfClass) -> list[Answer]:
    """What edujournal answers to *writes*."""
    facts = of.school.facts()
    return [
        answer_of(ej.judge(regulation(), one.draft(), facts, of.state, by=one.actor(), at=one.at))
        for one in writes
    ]


def check(writes: Sequence[Write], of: WeekOfClass) -> None:
    """Stop if a peer answers otherwise than edujournal: then it would not do the same work."""
    expected = judged(writes, of)
    for title, make, needs in PEERS:
        if all(find_spec(name) for name in needs):
            judge = make(of.tables)
            assert [judge(one) for one in writes] == expected, f"{title}: other answers"


def _pure(writes: Sequence[Write], of: WeekOfClass) -> Callable[[], Callable[[], object]]:
    asked = [(one.draft(), one.actor(), one.at) for one in writes]
    rules, facts, state = regulation(), of.school.facts(), of.state

    def run() -> None:
        for draft, actor, at in asked:
            ej.judge(rules, draft, facts, state, by=actor, at=at)

    return lambda: run


def kept_judge(writes: Sequence[Write], of: WeekOfClass) -> Callable[[], None]:
    """What judges *writes* by a Judge that is kept."""
    asked = [(one.draft(), one.actor(), one.at) for one in writes]
    judges, state = (Judge(regulation(), of.school.facts()),), of.state

    def run() -> None:
        for draft, actor, at in asked:
            judge_all(judges, provisional(draft.content(), None, state, actor, at), state)

    return run


def _opened(of: WeekOfClass, clock: Hands) -> ej.Journals:
    """Journals in memory that hold the week's roll calls and have read them."""
    store = MemoryStore()
    store.append(SCHOOL, BOOK, of.records, 0)
    journals = ej.Journals(store, of.school, REGULATION, clock=clock, entropy=salt)
    first = of.lessons[0]
    clock.at = first.starts + 1
    journals.check(ej.Mark(lesson=first.id, pupil="p-1", kind="oral", value=5), by="t-1")
    return journals


def _record(writes: Sequence[Write], of: WeekOfClass) -> Callable[[], Callable[[], object]]:
    asked = [(one.draft(), one.actor(), one.at) for one in writes]

    def prepare() -> Callable[[], object]:
        clock = Hands()
        journals = _opened(of, clock)

        def run() -> None:
            for draft, actor, at in asked:
                clock.at = at
                journals.record(draft, by=actor)

        return run

    return prepare


def one_write(size: Size) -> Section:
    """A write judged, one after another."""
    of = week()
    writes, accepted = of.writes(), of.accepted()
    check(writes, of)
    run = kept_judge(writes, of)
    ways = [
        *peers(writes, of.tables),
        Way("edujournal: judge, all worked out anew", _pure(writes, of), len(writes), ours=True),
        Way(
            "edujournal: the same, by a kept Judge",
            lambda: run,
            len(writes),
            ours=True,
            repeats=True,
        ),
        Way(
            "edujournal: Journals.record on memory",
            _record(accepted * 4, of),
            4 * len(accepted),
            ours=True,
        ),
    ]
    return measured(
        "write",
        "One write judged: 15 rules, facts in memory",
        "write",
        ways,
        size.rounds,
        (
            (
                "A peer answers with the rules that are broken; edujournal gives findings with window,"
                " hand and evidence."
            ),
            (
                "Journals.record also makes canonical bytes, hash, commitment and receipt, and keeps"
                " the entry."
            ),
        ),
    )


def batch(size: Size) -> Section:
    """Many marks of a week entered on Friday evening."""
    of = week()
    at, evening = of.evening()
    writes = evening[: size.batch]
    check(writes, of)
    drafts = [one.draft() for one in writes]
    run = kept_judge(writes, of)

    def prepare() -> Callable[[], object]:
        clock = Hands()
        journals = _opened(of, clock)
        clock.at = at
        return lambda: journals.record_many(drafts, by="t-1")

    ways = [
        *peers(writes, of.tables, batch=True),
        Way(
            "edujournal: judged by a kept Judge",
            lambda: run,
            len(writes),
            ours=True,
            repeats=True,
        ),
        Way("edujournal: record_many on memory", prepare, len(writes), ours=True),
    ]
    return measured(
        "batch",
        f"A batch of {len(writes):,} marks, most of them late",
        "entry",
        ways,
        size.rounds,
    )
