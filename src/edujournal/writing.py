"""The pure middle of a write: drafts and facts in, records and receipts out. No clock, no I/O.

One act is one call. For each book it touches, the shell locks the head, hands the tail to
:meth:`BookAct.write`, appends what comes back, and lets go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import evolve, field, frozen

from edujournal.errors import BadInput, KeyReused, StoreDamaged, Unknown
from edujournal.ledger.books import BookState
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.commitments import SALT_SIZE, open_texts, seal_texts
from edujournal.ledger.index import BODY_VERSION, index_from
from edujournal.ledger.records import ZERO_HASH, Record
from edujournal.model.calendar import Calendar
from edujournal.model.calendar_plain import to_plain
from edujournal.model.drafts import Draft
from edujournal.model.entries import Content, Entry, Evidence
from edujournal.model.facts import Facts, Needs
from edujournal.model.ids import JournalId, class_book, school_book, year_of_book
from edujournal.model.people import Actor
from edujournal.model.time import tzdata_version
from edujournal.rules.clauses import Regulation
from edujournal.rules.judging import Judge, claims_of, judge_all
from edujournal.rules.provisional import provisional
from edujournal.rules.verdicts import Decision, Verdict

Entropy = Callable[[int], bytes]


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


@frozen
class Drafted:
    """A draft with its place in the act."""

    item: int
    content: Content
    evidence: Evidence | None


@lru_cache(maxsize=64)
def _digest(calendar: Calendar) -> str:
    return hashlib.sha256(b"edujournal/calendar/v1\n" + encode(to_plain(calendar))).hexdigest()


def calendar_digest(calendar: Calendar) -> str:
    """Digest of a year's frame, as it goes into every body: 64 hex digits.

    *Version added: 0.1.*
    """
    return _digest(calendar)


# -- before the lock -------------------------------------------------------------------------------


def needs_of(drafts: Sequence[Draft], actor: Actor) -> tuple[list[Drafted], Needs]:
    """What the drafts say, and what must be known to judge them."""
    drafted = [Drafted(item, draft.content(), draft.evidence) for item, draft in enumerate(drafts)]
    lessons: set[str] = set()
    days: set[str] = set()
    slots: set[str] = set()
    groups: set[str] = set()
    pupils: set[str] = set()
    accounts = {actor.account}
    if actor.on_behalf_of is not None:
        accounts.add(actor.on_behalf_of)
    for one in drafted:
        content = one.content
        if content.lesson is not None:
            lessons.add(content.lesson)
            if content.kind in ("homework", "correction", "annulment"):
                days.add(content.lesson)
            if content.kind == "substitution":
                slots.add(content.lesson)
        if content.journal is not None:
            groups.add(JournalId.parse(content.journal).group)
        if content.group is not None:
            groups.add(content.group)
        pupils.update(_pupils(content))
        accounts.update(_accounts(content))
        if one.evidence is not None and one.evidence.author is not None:
            accounts.add(one.evidence.author)
    return drafted, Needs(
        frozenset(lessons),
        frozenset(days),
        frozenset(groups),
        frozenset(accounts),
        frozenset(slots),
        frozenset(pupils),
    )


def _pupils(content: Content) -> set[str]:
    found = {content.pupil} if content.pupil is not None else set()
    rows = content.values.get("absent") or content.values.get("change", {}).get("absent", ())
    return found | {row["pupil"] for row in rows}


def _accounts(content: Content) -> set[str]:
    found = set(content.values.get("examiners", ()))
    for name in ("teacher", "account"):
        if name in content.values:
            found.add(content.values[name])
    return found


def book_of(content: Content, facts: Facts) -> str:
    """Name of the book in which *content* belongs.

    Raises:
        Unknown: Lesson, journal, group or year is not known; the nearest is named.
    """
    if content.lesson is not None:
        return facts.journal_of(facts.lesson(content.lesson)).book
    if content.journal is not None:
        journal = JournalId.parse(content.journal)
        facts.check_journal(journal)
        return journal.book
    if content.group is not None:
        calendar = facts.calendar_on(date.fromisoformat(content.values["day"]))
        calendar.group(content.group)
        return class_book(content.group, calendar.year)
    year = str(content.values["year"])
    facts.calendar(year)
    return school_book(year)


def check_known(content: Content, facts: Facts, regulations: Sequence[Regulation]) -> None:
    """Raise if *content* names something that neither the school nor a regulation knows.

    Raises:
        Unknown: What it is, and the nearest name known.
    """
    for pupil in sorted(_pupils(content)):
        facts.check_pupil(pupil)
    for account in sorted(_accounts(content)):
        facts.account(account)
    values = {**content.values, **content.values.get("change", {})}
    if content.kind in ("mark", "work", "correction"):
        _check(regulations, "work_kinds", "work_kind", values.get("kind"))
    if values.get("scale") is not None:
        _check(regulations, "scales", "scale", values["scale"])
    marker = values.get("marker", values.get("code") if content.kind == "marker" else None)
    _check(regulations, "markers", "marker", marker)
    for row in values.get("absent", ()):
        _check(regulations, "absences", "absence", row.get("code"))
    if content.kind == "setup":
        section = content.about.partition(":")[2]
        known = [one for regulation in regulations for one in regulation.sections]
        if known and section not in known:
            raise Unknown("section", section, known)
    purpose = values.get("purpose")
    purposes = [one for regulation in regulations for one in regulation.purposes]
    if purpose is not None and purpose not in purposes:
        raise Unknown("purpose", str(purpose), purposes)


def _check(regulations: Sequence[Regulation], table: str, method: str, code: object) -> None:
    """A code must be known to one of the regulations that have such a table at all."""
    having = [one for one in regulations if getattr(one, table)]
    if code is None or not having:
        return
    missing: Unknown | None = None
    for regulation in having:
        try:
            getattr(regulation, method)(code)
        except Unknown as error:
            missing = error
        else:
            return
    if missing is not None:
        raise missing


# -- inside the lock -------------------------------------------------------------------------------


@frozen(eq=False)
class Act:
    """One call of a writer: who, when, under which regulations, with which facts.

    Attributes:
        school: Id of the school.
        actor: Who acts.
        at: Instant of the act, read once.
        key: Client key, or None.
        judges: The regulations with the facts.
        entropy: Gives random bytes for salts.
    """

    school: str
    actor: Actor
    at: int
    key: str | None
    judges: Sequence[Judge]
    entropy: Entropy

    @property
    def facts(self) -> Facts:
        """What the school's data says."""
        return self.judges[0].facts


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
    drafted: tuple[Drafted, ...] = field(converter=tuple)

    def write(self, state: BookState) -> Written:
        """Judge the drafts one after another and make records of the accepted ones.

        *state* is left as it was; the caller applies the records it has appended.

        Raises:
            KeyReused: The key was used before for other values.
        """
        known = self._known(state)
        first = state.number + 1
        records: list[Record] = []
        receipts: dict[int, Receipt] = {}
        accepted: list[Entry] = []
        claims: list[Entry] = []
        try:
            for one in self.drafted:
                if one.item in known:
                    receipts[one.item] = self._repeat(one, known[one.item], state)
                    continue
                entry = self._entry(one, state, first)
                verdict, role, right = judge_all(
                    self.act.judges, entry, state, [*claims, *claims_of([entry])]
                )
                if verdict.decision is Decision.REFUSED:
                    receipts[one.item] = Receipt(
                        verdict, self.book, None, "", self.act.at, self.act.key
                    )
                    continue
                record, entry = self._record(evolve(
                    entry, by=evolve(entry.by, role=role or "none"), right=right
                ), state.hash)  # fmt: skip
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

    def _repeat(self, one: Drafted, entry: Entry, state: BookState) -> Receipt:
        """The receipt of a draft that was accepted under this key before."""
        now = self._entry(one, state, entry.act, number=entry.number)
        same = (
            (now.kind, now.about, now.pupil, now.target)
            == (entry.kind, entry.about, entry.pupil, entry.target)
            and encode(dict(now.values)) == encode(dict(entry.values))
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
        before = BookState(self.book)
        for old in state.entries[: entry.number - 1]:
            before.apply(old)
        peers = [
            old for old in state.entries if old.act == entry.act and old.number <= entry.number
        ]
        verdict, _, _ = judge_all(self.act.judges, entry, before, claims_of(peers))
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

    def _record(self, entry: Entry, previous: str) -> tuple[Record, Entry]:
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


def plan(
    drafted: Iterable[Drafted], act: Act, regulations: Sequence[Regulation]
) -> tuple[BookAct, ...]:
    """Sort the drafts of an act into books, and check that everything they name is known.

    Within a book substitutions come first: what another teacher records in the same act rests on them.

    Raises:
        Unknown: Something is not known; nothing has been written yet.
    """
    books: dict[str, list[Drafted]] = {}
    facts = act.facts
    facts.account(act.actor.account)
    if act.actor.on_behalf_of is not None:
        facts.account(act.actor.on_behalf_of)
    for one in drafted:
        if one.evidence is not None and one.evidence.author is not None:
            facts.account(one.evidence.author)
        check_known(one.content, facts, regulations)
        books.setdefault(book_of(one.content, facts), []).append(one)
    return tuple(
        BookAct(act, book, sorted(some, key=lambda one: one.content.kind != "substitution"))
        for book, some in books.items()
    )


# -- back from records -----------------------------------------------------------------------------


def entry_of(record: Record) -> Entry:
    """The entry that *record* keeps.

    Raises:
        StoreDamaged: A text does not match its commitment.
        BadInput: The body is not canonical.
    """
    body = decode(record.body)
    texts: Mapping[str, str | None] = {}
    if "texts" in body:
        texts = open_texts(body["texts"], record.private)
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
        record.hash,
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


def refusal_record(
    act: Act, book: str, number: int, previous: str, receipt: Receipt, kind: str, count: int
) -> Record:
    """The record of the access log that tells of a refusal.

    Args:
        act: The act that was refused.
        book: Name of the access log.
        number: Number of the new record there.
        previous: Hash of the record before it.
        receipt: Receipt of the refused draft.
        kind: Kind of record that was refused.
        count: How many such refusals of this account there were in this minute, this one included.
    """
    year = year_of_book(book)
    calendar = act.facts.calendar(year)
    broken = next(finding for finding in receipt.verdict.findings if finding.refuses)
    body = {
        "about": broken.about,
        "act": number,
        "at": act.at,
        "book": book,
        "by": {"account": act.actor.account, "right": "", "role": act.actor.role or "none"},
        "calendar": calendar_digest(calendar),
        "item": 0,
        "kind": "refusal",
        "n": number,
        "regulation": [
            {"digest": judge.regulation.digest, "id": judge.regulation.id} for judge in act.judges
        ],
        "school": act.school,
        "tzdata": tzdata_version(),
        "v": BODY_VERSION,
        "values": {
            "book": receipt.book,
            "clause": broken.clause,
            "code": broken.code,
            "count": count,
            "record": kind,
            "regulation": broken.regulation,
        },
        "year": year,
        "zone": calendar.zone,
    }
    data = encode(body)
    return Record(book, number, entry_hash(previous, data), data, None, index_from(body))


def minute(at: int) -> int:
    """The minute of an instant, as a number that grows by one a minute."""
    return at // 60_000_000


def check_key(key: str | None) -> str | None:
    """Give *key* back if it can be a client key.

    Raises:
        BadInput: It is empty, or longer than 200 characters.
    """
    if key is not None and not 0 < len(key) <= 200:
        raise BadInput("not a client key", expected="1 to 200 characters", found=repr(key[:200]))
    return key
