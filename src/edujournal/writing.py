"""The pure middle of a write: drafts and facts in, records and receipts out. No clock, no I/O.

One act is one call. For each book it touches, the shell locks the head, brings the state up to date
with the tail, calls :meth:`BookAct.write`, appends what comes back, and lets go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from attrs import evolve, frozen

from edujournal.errors import KeyReused, StoreDamaged
from edujournal.ledger.books import BookState
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.commitments import SALT_SIZE, open_texts, seal_texts
from edujournal.ledger.drafted import Drafted
from edujournal.ledger.index import BODY_VERSION, index_from
from edujournal.ledger.past import Past
from edujournal.ledger.records import ZERO_HASH, Record
from edujournal.model.calendar import Calendar
from edujournal.model.calendar_plain import to_plain
from edujournal.model.entries import Entry, Evidence
from edujournal.model.ids import year_of_book
from edujournal.model.people import Actor
from edujournal.model.time import tzdata_version
from edujournal.planning import Act, Beside
from edujournal.rules.around import ALONE, Around
from edujournal.rules.judging import claims_of, judge_all
from edujournal.rules.provisional import provisional
from edujournal.rules.verdicts import Decision, Outcome, Verdict


@frozen
class Receipt:
    """What the caller of a write gets for each draft.

    *Version added: 0.1.*

    Attributes:
        verdict: What the regulations say of it.
        book: Book in which it stands, or would stand.
        number: Its number there; None when refused.
        hash: Hash of its record, 64 hex digits; empty when refused.
        at: Instant of the act, UTC microseconds.
        key: Client key of the act, or None.
        repeated: Whether the key was used before for the same values; nothing was written now.
    """

    verdict: Verdict
    book: str
    number: int | None
    hash: str
    at: int
    key: str | None = None
    repeated: bool = False

    @property
    def decision(self) -> Decision:
        """Accepted, accepted with remarks, or refused."""
        return self.verdict.decision


@lru_cache(maxsize=64)
def _digest(calendar: Calendar) -> str:
    return hashlib.sha256(b"edujournal/calendar/v1\n" + encode(to_plain(calendar))).hexdigest()


def calendar_digest(calendar: Calendar) -> str:
    """Digest of a year's frame, as it goes into every body: 64 hex digits.

    *Version added: 0.1.*
    """
    return _digest(calendar)


# -- inside the lock -------------------------------------------------------------------------------


@frozen(eq=False)
class Written:
    """What an act comes to in one book.

    Attributes:
        records: Records to append; empty when nothing was accepted.
        entries: The same as entries.
        receipts: A receipt for each draft, by its place in the act.
    """

    records: tuple[Record, ...]
    entries: tuple[Entry, ...]
    receipts: Mapping[int, Receipt]


#: Values that the library works out when it records, not the caller.
_WORKED_OUT: Final = frozenset({"void", "doubtful", "limits", "needs", "role", "taken"})


def _told(entry: Entry) -> dict[str, Any]:
    """The values of *entry* that its caller gave."""
    return {name: value for name, value in entry.values.items() if name not in _WORKED_OUT}


def _agreeing(entry: Entry, verdict: Verdict) -> Entry:
    """Keep with an imported approval the role in which its author could give it.

    A later reader needs then no rights to know whether it counts.
    """
    if entry.kind != "approval" or entry.evidence is None or entry.role or entry.author is None:
        return entry
    roles = [
        str(one.why["role"])
        for one in verdict.findings
        if "role" in one.why and one.by == entry.author and one.outcome is Outcome.MET
    ]
    return evolve(entry, values={**entry.values, "role": roles[0]}) if roles else entry


def _with_needs(entry: Entry, verdict: Verdict) -> Entry:
    """Keep with a change that waits for agreement whose agreement it needs."""
    waits = [one.why for one in verdict.findings if one.code == "awaits-approval"]
    if not waits:
        return entry
    needs = {
        "count": max(int(why["count"]) for why in waits),
        "roles": sorted({role for why in waits for role in why["roles"]}),
    }
    return evolve(entry, values={**entry.values, "needs": needs})


class _Past:
    """What stood before each of the entries that a repeated act has made; gone through once."""

    def __init__(self, book: str, state: BookState, beside: Around) -> None:
        self._own = Past(state)
        self._beside = Beside(book, {other.book: other for other in beside.others})

    def before(self, entry: Entry) -> tuple[BookState, Around]:
        """What the books said when *entry* came, the substitutions of its own act among it."""
        state = self._own.after(entry.number - 1)
        claims = [
            old
            for old in self._own.whole.ever("substitution")
            if old.act == entry.act and old.number <= entry.number
        ]
        return state, evolve(self._beside.around(entry, state), claims=claims)


@frozen(eq=False)
class BookAct:
    """The part of an act that concerns one book.

    Attributes:
        act: The act.
        book: Name of the book.
        drafted: The drafts, in the order in which they are judged.
    """

    act: Act
    book: str
    drafted: Sequence[Drafted]

    def write(self, state: BookState, beside: Around = ALONE) -> Written:
        """Judge the drafts one after another and make records of the accepted ones.

        Args:
            state: What the book says; up to date.
            beside: What the school and class books say; up to date as well.

        *state* is left as it was; the caller applies the records it has appended.

        Raises:
            KeyReused: The key was used before for other values.
        """
        known = self._known(state)
        past = _Past(self.book, state, beside)
        first = state.number + 1
        seen = beside.beside(self.book, self.act.at)
        records: list[Record] = []
        receipts: dict[int, Receipt] = {}
        accepted: list[Entry] = []
        claims: list[Entry] = []
        try:
            for one in self.drafted:
                if one.item in known:
                    receipts[one.item] = self._repeat(one, known[one.item], state, past)
                    continue
                entry = self._entry(one, state, first)
                if seen:
                    entry = evolve(entry, beside=seen)
                made = [*claims, *claims_of([entry])]
                around = evolve(beside, claims=made) if made else beside
                verdict, role, right = judge_all(self.act.judges, entry, state, around)
                if verdict.decision is Decision.REFUSED:
                    receipts[one.item] = Receipt(
                        verdict, self.book, None, "", self.act.at, self.act.key
                    )
                    continue
                entry = evolve(
                    _with_needs(_agreeing(entry, verdict), verdict), right=right,
                    by=evolve(entry.by, role=role or "none"),
                )  # fmt: skip
                record, entry = self.record(entry, state.hash)
                state.apply(entry)
                accepted.append(entry)
                claims.extend(claims_of([entry]))
                records.append(record)
                receipts[one.item] = Receipt(
                    verdict, self.book, record.number, record.hash, self.act.at, self.act.key
                )
        finally:
            state.rewind(first - 1)
        return Written(tuple(records), tuple(accepted), receipts)

    def _known(self, state: BookState) -> dict[int, Entry]:
        if self.act.key is None:
            return {}
        numbers = state.keyed(self.act.actor.account, self.act.key)
        return {state.entries[number - 1].item: state.entries[number - 1] for number in numbers}

    def _repeat(self, one: Drafted, entry: Entry, state: BookState, past: _Past) -> Receipt:
        """The receipt of a draft that was accepted under this key before."""
        now = self._entry(one, state, entry.act, number=entry.number)
        same = (
            (now.kind, now.about, now.pupil, now.target)
            == (entry.kind, entry.about, entry.pupil, entry.target)
            and encode(_told(now)) == encode(_told(entry))
            and set(now.texts) == set(entry.texts)
            and all(old is None or now.texts[name] == old for name, old in entry.texts.items())
            and (now.evidence is None) == (entry.evidence is None)
        )
        if not same:
            raise KeyReused(
                "a key used before for other values",
                where=f"{self.book}#{entry.number}",
                found=f"key {self.act.key!r}",
                mend="Take a new key for a new act.",
            )
        before, around = past.before(entry)
        verdict, _, _ = judge_all(self.act.judges, entry, before, around)
        return Receipt(
            verdict, self.book, entry.number, entry.hash, entry.at, self.act.key, repeated=True
        )

    def _entry(
        self, one: Drafted, state: BookState, first: int, number: int | None = None
    ) -> Entry:
        return provisional(
            one.content,
            one.evidence,
            state,
            self.act.actor,
            self.act.at,
            number=number,
            act=first,
            item=one.item,
            key=self.act.key,
        )

    def record(self, entry: Entry, previous: str) -> tuple[Record, Entry]:
        """The record that keeps *entry*, and the entry with its hash.

        Args:
            entry: The entry, with its number and what was found for its hand.
            previous: Hash of the record before; empty for the first one.
        """
        body, private = self._body(entry)
        data = encode(body)
        digest = entry_hash(previous or ZERO_HASH, data)
        record = Record(self.book, entry.number, digest, data, private, index_from(body))
        return record, evolve(entry, hash=digest)

    def _body(self, entry: Entry) -> tuple[dict[str, Any], bytes | None]:
        year = year_of_book(self.book)
        calendar = self.act.facts.calendar(year)
        by: dict[str, Any] = {
            "account": entry.by.account,
            "right": entry.right,
            "role": entry.by.role or "none",
        }
        if entry.by.on_behalf_of is not None:
            by["for"] = entry.by.on_behalf_of
        body: dict[str, Any] = {
            "about": entry.about,
            "act": entry.act,
            "at": entry.at,
            "book": self.book,
            "by": by,
            "calendar": calendar_digest(calendar),
            "item": entry.item,
            "kind": entry.kind,
            "n": entry.number,
            "regulation": [
                {"digest": judge.regulation.digest, "id": judge.regulation.id}
                for judge in self.act.judges
            ],
            "school": self.act.school,
            "tzdata": tzdata_version(),
            "v": BODY_VERSION,
            "values": dict(entry.values),
            "year": year,
            "zone": calendar.zone,
        }
        if entry.pupil is not None:
            body["pupil"] = entry.pupil
        if entry.key is not None:
            body["key"] = entry.key
        if entry.target is not None:
            body["target"] = entry.target
        if entry.beside:
            body["beside"] = [{"book": book, "n": n} for book, n in sorted(entry.beside.items())]
        if entry.evidence is not None:
            body["evidence"] = _evidence(entry.evidence)
        texts = {name: text for name, text in sorted(entry.texts.items()) if text is not None}
        private = None
        if texts:
            salts = [self.act.entropy(SALT_SIZE) for _ in texts]
            body["texts"], private = seal_texts(texts, salts)
        return body, private


def _evidence(evidence: Evidence) -> dict[str, Any]:
    found: dict[str, Any] = {"hi": evidence.hi}
    if evidence.lo is not None:
        found["lo"] = evidence.lo
    if evidence.author is not None:
        found["by"] = evidence.author
    if evidence.role is not None:
        found["role"] = evidence.role
    if evidence.source:
        found["source"] = evidence.source
    return found


# -- back from records -----------------------------------------------------------------------------


def entry_of(record: Record) -> Entry:
    """The entry that *record* keeps.

    Raises:
        StoreDamaged: A text does not match its commitment.
        BadInput: The body is not canonical.
    """
    return entry_in(record.body, record.private, record.hash)


def entry_in(data: bytes, private: bytes | None, digest: str) -> Entry:
    """The entry that a record keeps, by its *data*, their *private* part and their hash.

    Raises:
        StoreDamaged: A text does not match its commitment.
        BadInput: The body is not canonical.
    """
    body = decode(data)
    texts: Mapping[str, str | None] = {}
    if "texts" in body:
        texts = open_texts(body["texts"], private)
    by = body["by"]
    evidence = None
    if "evidence" in body:
        told = body["evidence"]
        evidence = Evidence(
            told.get("lo"), told["hi"], told.get("by"), told.get("role"), told.get("source", "")
        )
    return Entry(
        body["book"],
        body["n"],
        body["kind"],
        body["about"],
        body.get("pupil"),
        body["values"],
        texts,
        Actor(by["account"], by["role"], by.get("for")),
        by["right"],
        body["at"],
        evidence,
        body.get("key"),
        body.get("item", 0),
        body.get("act", body["n"]),
        body.get("target"),
        digest,
        {row["book"]: row["n"] for row in body.get("beside", ())},
    )


def entries_of(
    records: Iterable[Record], number: int = 0, previous: str = ZERO_HASH
) -> Iterator[Entry]:
    """Yield the entries of *records*, which follow record *number* with the hash *previous*.

    Raises:
        StoreDamaged: A record is out of order, or its hash does not follow from the one before.
    """
    for record in records:
        number += 1
        if record.number != number or entry_hash(previous, record.body) != record.hash:
            raise StoreDamaged(
                "a record that does not follow from the one before",
                where=f"{record.book}#{number}",
                expected=f"record {number} hashed over {previous[:16]}…",
                found=f"record {record.number} with hash {record.hash[:16]}…",
                mend="Run verify to find every damage; restore the book from a copy.",
            )
        previous = record.hash
        yield entry_of(record)


def check_places(key: str, places: Iterable[tuple[str, int]], books: Sequence[BookAct]) -> None:
    """Raise if *key* was used in a book that this act does not touch.

    Raises:
        KeyReused: It was; nothing has been written now.
    """
    touched = {one.book for one in books}
    for book, number in places:
        if book not in touched:
            raise KeyReused(
                "a key used before for other values", where=f"{book}#{number}",
                found=f"key {key!r}", mend="Take a new key for a new act.",
            )  # fmt: skip
