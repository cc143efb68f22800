"""A whole book audited: each entry judged as it came, then what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import edujournal as ej
from bench.book import Book, Finding, book, ours
from bench.figures import Section
from bench.measure import Way, measured
from bench.peers import ruled
from bench.peers.ruled import Judge, Rule
from bench.peers.ruled_walks import by_rules
from bench.peers.walks import by_pydantic, walk
from bench.peers.windows import ByPendulum, ByZoneinfo, Kept, Windows
from bench.school import BOOK, REGULATION, SCHOOL, Hands, Tables, regulation
from bench.size import Size
from edujournal.audits.exact import audit_book, is_reported
from edujournal.rules import judging


def walked(of: Book, make: Callable[[Tables], Windows]) -> list[Finding]:
    """What a peer's loop finds."""
    return walk(of.rows, of.tables, make(of.tables), of.at)


def modelled(of: Book) -> list[Finding]:
    """What a peer's loop over pydantic models finds."""
    return by_pydantic(of.rows, of.tables, Kept(of.tables), of.at)()


def judged(of: Book, engine: Callable[[Sequence[Rule]], Judge]) -> list[Finding]:
    """What a loop finds in which an engine judges each row."""
    return by_rules(of.rows, of.tables, of.at, engine)


def audited(of: Book) -> list[ej.Finding]:
    """What edujournal finds in the entries."""
    judges = (judging.Judge(regulation(), of.school.facts()),)
    return [one for one in audit_book(judges, BOOK, of.entries, of.at) if is_reported(one)]


def read_and_audited(of: Book) -> list[ej.Finding]:
    """What it finds when it reads the store first, checking the chain and every commitment."""
    journals = ej.Journals(of.store, of.school, REGULATION, clock=Hands(of.at))
    return list(journals.audit(books=[BOOK]))


#: Peers: what they are, what they do, what must be installed for them.
PEERS: tuple[tuple[str, Callable[[Book], list[Finding]], tuple[str, ...]], ...] = (
    ("floor: a loop by hand, integers, deadlines kept", lambda of: walked(of, Kept), ()),
    ("the loop, zoneinfo for each row", lambda of: walked(of, ByZoneinfo), ()),
    ("the loop, a pydantic model for each row, deadlines kept", modelled, ("pydantic",)),
    ("the loop, pendulum for each row", lambda of: walked(of, ByPendulum), ("pendulum",)),
    (
        "the loop, rules of business-rules for each row, deadlines kept",
        lambda of: judged(of, ruled.business_rules),
        ("business_rules",),
    ),
    (
        "the loop, rules of rule-engine for each row, deadlines kept",
        lambda of: judged(of, ruled.rule_engine),
        ("rule_engine",),
    ),
)


def check(of: Book) -> None:
    """Stop if a peer finds something else than edujournal."""
    expected = ours(audited(of))
    assert ours(read_and_audited(of)) == expected, "the audit of the store differs"
    for title, find, needs in PEERS:
        if all(find_spec(name) for name in needs):
            assert find(of) == expected, f"{title}: other findings"


def audit(size: Size) -> Section:
    """A book of the smaller and one of the greater size."""
    small, great = (book(entries) for entries in size.books)
    check(small)
    check(great)
    ways = [
        Way(f"{title}; {len(great.entries):,} entries", _of(find, great), len(great.entries),
            needs=needs)
        for title, find, needs in PEERS
    ]  # fmt: skip
    for title, find in (("entries in memory", audited), ("read from a store", read_and_audited)):
        ways += [
            Way(
                f"edujournal: {title}; {len(of.entries):,} entries",
                _of(find, of),
                len(of.entries),
                ours=True,
            )
            for of in (great, small)
        ]
    return measured(
        "audit",
        "A book audited",
        "entry",
        ways,
        size.audits,
        (
            (
                f"{SCHOOL}: 25 entries a lesson (roll call, topic, homework, marks; every 20th lesson a"
                " control work), 2 % late."
            ),
            (
                "A peer's rows lie before it as tuples; read from a store, edujournal decodes canonical"
                " bytes and checks chain and commitments."
            ),
            (
                "An engine of rules is asked about each row and each absence; what is missing is looked"
                " for by hand. Validators of frames are asked about a lake, below: they compare a row"
                " with its window, and know nothing of rows that are not there."
            ),
            "The cost of an entry is flat when the letters of the two sizes differ little.",
        ),
    )


def _of(find: Callable[[Book], object], of: Book) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: find(of)
