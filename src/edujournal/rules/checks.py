"""A host's own checks in Python: conditions under the host's prefix, judged like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType

from attrs import evolve, field, frozen

from edujournal.errors import BadRegulation
from edujournal.model.entries import Entry
from edujournal.model.people import Kleene
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.clauses import Regulation
from edujournal.rules.predicates import Scene
from edujournal.rules.rule_kinds import RECORDS
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity


@frozen(kw_only=True)
class Check:
    """A condition that a host adds to a regulation.

    *Version added: 0.1.*

    Attributes:
        code: Breach code; begins with the host's prefix and a dot, such as ``acme.no-red-ink``.
        record: Kind of record that it is about.
        clause: Clause number under which it is cited.
        holds: Tells of an entry and its scene whether the condition holds: true, false, or
            :class:`~edujournal.model.people.Kleene` where it may not be known. It reads nothing else.
        severity: Weight of a breach.
        on_breach: What a breach does to a write.
        version: Changes whenever the function answers otherwise; goes into the digest.
    """

    code: str
    record: str
    clause: str
    holds: Callable[[Entry, Scene], bool | Kleene] = field(eq=False)
    severity: Severity = Severity.MUST
    on_breach: Effect = Effect.REMARK
    version: str = "1"


def with_checks(regulation: Regulation, *checks: Check | ModuleType) -> Regulation:
    """Give *regulation* with a host's own checks.

    Args:
        regulation: The regulation; it is not changed.
        checks: Checks, or modules whose top-level checks are taken in the order of their codes.

    Raises:
        BadRegulation: A code has no prefix, is the library's, or is used twice; a record is not known.

    *Version added: 0.1.*
    """
    added = [one for source in checks for one in _checks(source)]
    taken = {one.code for one in regulation.checks}
    for check in added:
        prefix, dot, rest = check.code.partition(".")
        if not (prefix and dot and rest) or check.code in CATALOGUE:
            raise BadRegulation(
                "not a host's breach code", where=f"{regulation.id}.checks",
                expected="a prefix and a dot, such as acme.no-red-ink", found=repr(check.code),
            )  # fmt: skip
        if check.code in taken:
            raise BadRegulation(
                "said twice", where=f"{regulation.id}.checks", expected="each code once",
                found=repr(check.code),
            )  # fmt: skip
        if check.record not in RECORDS:
            raise BadRegulation(
                "unknown kind of record", where=f"{regulation.id}.checks.{check.code}.record",
                expected=f"one of {', '.join(sorted(RECORDS))}", found=repr(check.record),
            )  # fmt: skip
        taken.add(check.code)
    told = "".join(f"\n{one.code} {one.record} {one.clause} {one.version}" for one in added)
    digest = hashlib.sha256(f"{regulation.digest}{told}".encode()).hexdigest()
    return evolve(regulation, checks=(*regulation.checks, *added), digest=digest)


def _checks(source: Check | ModuleType) -> Iterable[Check]:
    if isinstance(source, Check):
        return [source]
    found = [one for one in vars(source).values() if isinstance(one, Check)]
    if not found:
        raise BadRegulation(
            "a module without checks", where=source.__name__, expected="at least one Check"
        )
    return sorted(found, key=lambda one: one.code)


def of_entry(entry: Entry, scene: Scene) -> Iterator[Finding]:
    """Judge *entry* by every check of the host that is about its kind of record."""
    for check in scene.regulation.checks:
        if not isinstance(check, Check) or check.record != entry.kind:
            continue
        held = check.holds(entry, scene)
        if held is Kleene.UNKNOWN:
            outcome = Outcome.UNDECIDABLE
        elif held is True or held is Kleene.YES:
            outcome = Outcome.MET
        else:
            outcome = Outcome.BROKEN
        yield Finding(
            check.code,
            scene.regulation.id,
            check.clause,
            check.severity,
            outcome,
            Effect.REMARK if entry.evidence is not None else check.on_breach,
            entry.book,
            entry.about,
            entry.pupil,
            entry.kind,
            lo=entry.lo,
            hi=entry.hi,
            by=entry.author,
            entry=entry.number,
        )
