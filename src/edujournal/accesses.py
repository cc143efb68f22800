"""The access log: who was refused what, and who read what. A chain of its own for each year.

An access is a value; it is counted by the minute, so that a flood of them cannot flood the log, and
becomes a record like any other. Only ids and codes go into it: no text, and no pupil of a refusal.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

from edujournal.ledger.bytes import encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.index import BODY_VERSION, index_from
from edujournal.ledger.records import ZERO_HASH, Head, Record
from edujournal.model.calendar import Calendar
from edujournal.model.entries import Entry
from edujournal.model.ids import access_book, seen_book, year_of_book
from edujournal.model.people import Actor
from edujournal.model.time import MINUTE, tzdata_version
from edujournal.rules.clauses import Regulation
from edujournal.rules.verdicts import Decision
from edujournal.writing import Receipt, calendar_digest

#: Kinds of record in an access log: a write that was refused, personal data that were read.
REFUSED: Final = "refused"
READ: Final = "read"

#: Kind of record in the log of confirmations: a guardian has seen a week of a diary.
SEEN: Final = "seen"


@frozen
class Access:
    """One access.

    *Version added: 0.1.*

    Attributes:
        kind: :data:`REFUSED`, :data:`READ` or :data:`SEEN`.
        year: Academic year, whose access log keeps it.
        actor: Who it was, in which role, for whom.
        about: What it was about, such as ``lesson:7A-alg-0915``.
        told: Values that all accesses have in common which are counted together: of a refusal
            ``record``, ``regulation``, ``clause`` and ``code``; of a reading ``view``, ``of`` and
            ``pupils``.
        first: Values of the first of those counted together: of a refusal ``book``.
    """

    kind: str
    year: str
    actor: Actor
    about: str
    told: Mapping[str, Any] = field(factory=dict, hash=False)
    first: Mapping[str, str] = field(factory=dict, hash=False)

    @property
    def log(self) -> str:
        """Name of the log that keeps it."""
        return seen_book(self.year) if self.kind == SEEN else access_book(self.year)

    @property
    def sort(self) -> tuple[object, ...]:
        """What it is counted by, with the minute."""
        return self.kind, self.year, self.actor, encode(dict(self.told))


def refused(actor: Actor, record: str, receipt: Receipt) -> Access:
    """The access that a refused write is.

    Args:
        actor: Who wrote.
        record: Kind of record that was refused.
        receipt: The receipt, with the verdict.
    """
    broken = next(finding for finding in receipt.verdict.findings if finding.refuses)
    return Access(
        REFUSED,
        year_of_book(receipt.book),
        actor,
        broken.about,
        {
            "clause": broken.clause,
            "code": broken.code,
            "record": record,
            "regulation": broken.regulation,
        },
        {"book": receipt.book},
    )


def refusals(
    actor: Actor, receipts: Iterable[Receipt], records: Iterable[str]
) -> list[Access]:  # fmt: skip
    """The refusals among *receipts*; *records* are the kinds of record in the same order."""
    return [
        refused(actor, record, receipt)
        for receipt, record in zip(receipts, records, strict=True)
        if receipt.decision is Decision.REFUSED
    ]


def reading(actor: Actor, view: str, of: str, pupils: Iterable[str], year: str) -> Access:
    """The access that a look at personal data is: one, however many pupils are in it.

    Args:
        actor: Who looked.
        view: What was looked at, such as ``page``, ``diary`` or ``sheet``.
        of: Which one, such as ``7A/alg/2026``.
        pupils: Whose data were in it.
        year: Academic year, whose access log keeps it.
    """
    told = {"of": of, "pupils": sorted(set(pupils)), "view": view}
    return Access(READ, year, actor, f"{view}:{of}", told)


@frozen
class Counted:
    """Accesses of one sort in one minute that no record tells of yet.

    *Version added: 0.1.*

    Attributes:
        access: The first of them.
        since: Beginning of the minute, UTC microseconds.
        count: How many they are. The counts of all records of a sort and minute add up.
    """

    access: Access
    since: int
    count: int


class Tally:
    """Counts accesses and says which are due to be written.

    The first of a sort in a minute is, and again whenever their number has doubled; what is left over
    is due once the minute is past. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[object, int], list[Any]] = {}
        self._lock = threading.Lock()

    def take(self, accesses: Iterable[Access], at: int) -> list[Counted]:
        """Count *accesses* that happened at the instant *at*; give what is due now.

        A sort whose number doubles within one call is given once, with all of them.
        """
        since = at - at % MINUTE
        with self._lock:
            due = self._rest(since)
            grown: dict[tuple[object, int], int] = {}
            for one in accesses:
                kept = self._seen.setdefault((one.sort, since), [one, 0, 0])
                grown.setdefault((one.sort, since), kept[1])
                kept[1] += 1
            for key, before in grown.items():
                first, seen, told = kept = self._seen[key]
                if seen.bit_length() != before.bit_length():
                    due.append(Counted(first, since, seen - told))
                    kept[2] = seen
            return due

    def _rest(self, since: int) -> list[Counted]:
        """What was left over in minutes other than that beginning at *since*."""
        past = [key for key in self._seen if key[1] != since]
        rest = []
        for key in past:
            first, seen, told = self._seen.pop(key)
            if seen > told:
                rest.append(Counted(first, key[1], seen - told))
        return rest


def access_records(
    counted: Sequence[Counted],
    head: Head,
    at: int,
    school: str,
    calendar: Calendar,
    regulations: Iterable[Regulation],
) -> list[Record]:
    """Records of one log of accesses, to be appended after *head*.

    Args:
        counted: What is due, all of one log.
        head: Where the log ends.
        at: Instant of writing, UTC microseconds.
        school: Id of the school.
        calendar: The frame of the year.
        regulations: Under which regulations the school is kept.
    """
    digests = [{"digest": one.digest, "id": one.id} for one in regulations]
    number, previous = head.number, head.hash or ZERO_HASH
    act = number + 1
    records = []
    for item, one in enumerate(counted):
        number += 1
        access, book = one.access, one.access.log
        by = {"account": access.actor.account, "right": "", "role": access.actor.role or "none"}
        if access.actor.on_behalf_of is not None:
            by["for"] = access.actor.on_behalf_of
        body = {
            "about": access.about,
            "act": act,
            "at": at,
            "book": book,
            "by": by,
            "calendar": calendar_digest(calendar),
            "item": item,
            "kind": access.kind,
            "n": number,
            "regulation": digests,
            "school": school,
            "tzdata": tzdata_version(),
            "v": BODY_VERSION,
            "values": {**access.told, **access.first, "count": one.count, "since": one.since},
            "year": access.year,
            "zone": calendar.zone,
        }
        data = encode(body)
        previous = entry_hash(previous, data)
        records.append(Record(book, number, previous, data, None, index_from(body)))
    return records


def by_log(counted: Iterable[Counted]) -> dict[str, list[Counted]]:
    """Sort what is due by the log that keeps it."""
    found: dict[str, list[Counted]] = {}
    for one in counted:
        found.setdefault(one.access.log, []).append(one)
    return found


@frozen
class Accesses:
    """Accesses of one sort in one minute, as the log tells of them.

    *Version added: 0.1.*

    Attributes:
        kind: :data:`REFUSED` or :data:`READ`.
        actor: Who it was.
        since: Beginning of the minute, UTC microseconds.
        told: The values that they have in common.
        count: How many they were.
    """

    kind: str
    actor: Actor
    since: int
    told: Mapping[str, Any] = field(hash=False)
    count: int


#: Values of a record of an access log that tell of the record, not of the accesses.
_OF_RECORD: Final = frozenset({"book", "count", "since"})


def added_up(entries: Iterable[Entry]) -> list[Accesses]:
    """Read an access log: how many accesses of each sort there were in each minute, in order.

    *Version added: 0.1.*

    Args:
        entries: Entries of access logs, such as ``journals.entries("access/2026")``.
    """
    found: dict[tuple[object, ...], Accesses] = {}
    for entry in entries:
        told = {name: value for name, value in entry.values.items() if name not in _OF_RECORD}
        since, count = entry.values["since"], entry.values["count"]
        sort = (entry.kind, entry.by, since, encode(told))
        before = found.get(sort)
        count += 0 if before is None else before.count
        found[sort] = Accesses(entry.kind, entry.by, since, told, count)
    return list(found.values())


@frozen
class Reading:
    """A look at personal data, as often as it happened within one minute.

    *Version added: 0.1.*

    Attributes:
        actor: Who looked, in which role, for whom.
        view: What was looked at, such as ``page``, ``diary`` or ``sheet``.
        of: Which one, such as ``7A/alg/2026``.
        pupils: Whose data were in it, ordered.
        since: Beginning of the minute, UTC microseconds.
        count: How often.
    """

    actor: Actor
    view: str
    of: str
    pupils: tuple[str, ...]
    since: int
    count: int


def readings(
    entries: Iterable[Entry], account: str, since: int | None = None, until: int | None = None
) -> list[Reading]:
    """The looks of *account* in access logs, in minutes that meet [*since*, *until*).

    *Version added: 0.1.*
    """
    mine = (one for one in entries if one.kind == READ and one.by.account == account)
    return [
        Reading(
            one.actor, one.told["view"], one.told["of"], tuple(one.told["pupils"]), one.since,
            one.count,
        )
        for one in added_up(mine)
        if (since is None or one.since + MINUTE > since) and (until is None or one.since < until)
    ]  # fmt: skip
