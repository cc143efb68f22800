"""Judging one entry: rights, integrity, timing and relations, each by its one definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from edujournal.ledger.books import BookState
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Lesson, Occasion
from edujournal.model.people import ADMINISTRATION
from edujournal.rules import approvals, integrity, locks, relations, rights, timing, waivers
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty, duties, member
from edujournal.rules.predicates import Scene
from edujournal.rules.reopening import reopened
from edujournal.rules.scenes import occasion_of
from edujournal.rules.term_values import Terms, reads
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity, Verdict, verdict


class Judge:
    """One regulation and one set of facts, with what was worked out once and serves many entries.

    *Version added: 0.1.*
    """

    def __init__(self, regulation: Regulation, facts: Facts) -> None:
        self.regulation = regulation
        self.facts = facts
        self.terms = Terms(regulation, facts)
        self._duties: dict[tuple[object, ...], tuple[tuple[Duty, ...], ...]] = {}
        self._reads: dict[str, frozenset[str]] = {}

    def reads(self, record: str) -> frozenset[str]:
        """What the windows of *record* read: ``facts``, ``state``, ``pupil``."""
        found = self._reads.get(record)
        if found is None:
            found = self._reads[record] = reads(self.regulation, record)
        return found

    def duties(
        self,
        occasion: Occasion,
        record: str,
        entry: Entry | None = None,
        state: BookState | None = None,
        pupil: str | None = None,
    ) -> tuple[tuple[Duty, ...], ...]:
        """Duties about *occasion* and *record*, worked out once for each occasion.

        Windows that start from what the book says are worked out anew each time.
        """
        if self.reads(record) - {"facts"}:
            return duties(
                self.regulation, occasion, self.facts, record=record, entry=entry,
                terms=self.terms, state=state, pupil=pupil,
            )  # fmt: skip
        stage = None if entry is None else entry.values.get("stage")
        event = occasion.event
        key = (
            occasion.book,
            occasion.name,
            record,
            occasion.work,
            stage,
            None if event is None else (event.kind, event.noticed, event.entry),
        )
        found = self._duties.get(key)
        if found is None:
            found = self._duties[key] = duties(
                self.regulation, occasion, self.facts, record=record, entry=entry, terms=self.terms
            )
        return found

    def judge(
        self, entry: Entry, state: BookState, around: Around = ALONE
    ) -> tuple[list[Finding], str, str]:
        """Judge *entry* as it comes after *state*.

        Args:
            entry: The entry; not yet applied to *state*.
            state: What the book says before it.
            around: The act, the school book, the class books.

        Returns:
            The findings, the role found for the hand, and the clause that gave it the right.
        """
        regulation, facts = self.regulation, self.facts
        scene = Scene(regulation, facts, state, around)
        target = None if entry.target is None else state.entry(entry.target)
        subject = target if entry.kind in CHANGES and target is not None else entry
        occasion = occasion_of(subject, facts, state)
        if not regulation.holds_on(occasion.day):
            return [], entry.by.role or "", ""
        hand, found = rights.of_entry(entry, subject.kind, occasion, scene)
        findings = [hand]
        acting = found
        if entry.evidence is not None:
            acting = integrity.import_right(entry, occasion, scene)
        role = entry.by.role or (acting.role if acting is not None else "")
        if found is not None and found.role == "substitute":
            findings.extend(_unconfirmed(entry, occasion, scene, found.clause))
        findings.extend(integrity.of_entry(entry, occasion, scene))
        if entry.kind in CHANGES:
            if target is not None:
                findings.extend(self._change(entry, target, occasion, state))
        else:
            for choices in self.duties(occasion, entry.kind, entry, state, entry.pupil):
                if choices[0].judged:
                    open_now, _ = reopened(choices, member(entry), occasion, state, regulation)
                    findings.append(timing.of_entry(open_now, entry, entry.pupil))
        findings.extend(relations.of_entry(entry, occasion, scene))
        findings.extend(locks.of_entry(entry, subject, occasion, scene, self.terms))
        findings.extend(approvals.of_entry(entry, subject, occasion, scene, self.terms))
        findings = waivers.excused(findings, entry, occasion, regulation, around)
        return findings, role, acting.clause if acting is not None else ""

    def _change(
        self, entry: Entry, target: Entry, occasion: Occasion, state: BookState
    ) -> Iterator[Finding]:
        """Judge a change by the window of what it changes.

        A pupil added to or taken off a roll call is late like the roll call itself; any other late
        change is only listed.
        """
        late = False
        for choices in self.duties(occasion, target.kind, target, state, target.pupil):
            if not choices[0].judged:
                continue
            listed = timing.of_entry(choices, entry, entry.pupil)
            late = late or listed.outcome is Outcome.LATE
            pupils = _moved(entry, target, state)
            for pupil in pupils:
                yield evolve(listed, pupil=pupil)
            if not pupils and listed.outcome is Outcome.LATE:
                yield evolve(
                    listed, code="changed-after-close", severity=Severity.ADVICE,
                    effect=Effect.REMARK,
                )  # fmt: skip
        other_hand = entry.author != target.author
        if (late or other_hand) and "reason" not in entry.texts:
            yield Finding(
                "no-reason", integrity.LIBRARY, integrity.CLAUSE, Severity.MUST, Outcome.BROKEN,
                Effect.REMARK if entry.evidence is not None else Effect.REFUSE,
                entry.book, entry.about, entry.pupil, entry.kind,
                lo=entry.lo, hi=entry.hi, by=entry.author, entry=entry.number,
                why={"other_hand": other_hand, "late": late},
            )  # fmt: skip


def _moved(entry: Entry, target: Entry, state: BookState) -> list[str]:
    """Pupils whom a correction of a roll call adds to the absentees, or takes off."""
    if target.kind != "roll" or entry.kind != "correction":
        return []
    before = {row["pupil"] for row in state.reading(target).values.get("absent", ())}
    return [
        row["pupil"]
        for row in entry.values.get("change", {}).get("absent", ())
        if ("code" in row) != (row["pupil"] in before)
    ]


def _unconfirmed(entry: Entry, occasion: Occasion, scene: Scene, clause: str) -> Iterator[Finding]:
    """An entry that rests on a claim which nobody ordered or confirmed is marked as such."""
    lesson = occasion.lesson
    if lesson is None or entry.author is None or lesson.substitute == entry.author:
        return
    for claim in unordered(lesson.about, scene.state, scene.around.claims, lesson):
        if claim.values.get("teacher") == entry.author:
            yield Finding(
                "unconfirmed-substitution", scene.regulation.id, clause,
                Severity.ADVICE, Outcome.PENDING, Effect.REMARK, entry.book, entry.about,
                entry.pupil, entry.kind, lo=entry.lo, hi=entry.hi, by=entry.author,
                entry=entry.number, why={"claim": claim.number},
            )  # fmt: skip
            return


def unordered(
    name: str, state: BookState, claimed: Sequence[Entry], lesson: Lesson | None
) -> Iterator[Entry]:
    """Claims of a substitution at the lesson *name* that nobody ordered and nobody has answered."""
    pairs = list(state.claims(name))
    pairs += [(one, None) for one in claimed if one.about == name and one.number > state.number]
    for claim, answer in pairs:
        if answer is not None or claim.by.role in ADMINISTRATION:
            continue
        if lesson is not None and lesson.substitute == claim.values.get("teacher"):
            continue
        yield claim


def claims_of(act: Iterable[Entry]) -> list[Entry]:
    """The substitutions among the entries of an act: what the others in it may rest on."""
    return [entry for entry in act if entry.kind == "substitution"]


def judge_all(
    judges: Sequence[Judge], entry: Entry, state: BookState, around: Around = ALONE
) -> tuple[Verdict, str, str]:
    """Judge *entry* by several regulations at once; every one is cited, breaches first.

    Returns:
        The verdict, the role found for the hand, and the clause that gave it the right.
    """
    findings: list[Finding] = []
    role, clause = entry.by.role or "", ""
    seen: set[tuple[str, str | None]] = set()
    for judge in judges:
        some, one_role, one_clause = judge.judge(entry, state, around)
        role, clause = role or one_role, clause or one_clause
        for finding in some:
            if finding.regulation == integrity.LIBRARY:
                if (finding.code, finding.pupil) in seen:
                    continue
                seen.add((finding.code, finding.pupil))
            findings.append(finding)
    findings.sort(key=_weight)
    return verdict(findings), role, clause


def _weight(finding: Finding) -> tuple[int, int]:
    if finding.refuses:
        rank = 0
    elif finding.is_breach:
        rank = 1
    elif finding.outcome is Outcome.UNDECIDABLE:
        rank = 2
    else:
        rank = 3
    return rank, finding.closes if finding.closes is not None else 2**62
