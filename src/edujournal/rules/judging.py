"""Judging one entry: rights, integrity, timing and relations, each by its one definition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from attrs import evolve, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import CHANGES, Entry
from edujournal.model.facts import Facts
from edujournal.model.occasions import Occasion
from edujournal.model.people import ADMINISTRATION, BY_TIME, SYSTEM, Kleene
from edujournal.rules import (
    approvals,
    basis_kept,
    becoming,
    checks,
    integrity,
    limiting,
    locks,
    marker_terms,
    markers,
    quantity,
    relations,
    retention,
    rights,
    timing,
    waivers,
)
from edujournal.rules.around import ALONE, Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import Duty, duties, member
from edujournal.rules.predicates import Scene, absentees, before_and_after, says_something
from edujournal.rules.reopening import reopened
from edujournal.rules.scenes import Occasions
from edujournal.rules.term_values import Held, Terms, reads
from edujournal.rules.verdicts import Effect, Finding, Outcome, Severity, Verdict, verdict
from edujournal.rules.windows import held


@frozen
class Judged:
    """What one regulation says of one entry.

    Attributes:
        findings: Its answers.
        role: The role found for the hand; empty where none was looked for.
        clause: The clause that gave the hand its right; empty where none did.
        spoke: Whether it says anything about rights on that day.
    """

    findings: Sequence[Finding] = ()
    role: str = ""
    clause: str = ""
    spoke: bool = False


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
        self._table = rights.Table(regulation)
        self.occasions = Occasions(facts)

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
        around: Around = ALONE,
    ) -> tuple[tuple[Duty, ...], ...]:
        """Duties about *occasion* and *record*, worked out once for each occasion.

        Windows that start from what the book says are worked out anew each time.
        """
        if self.reads(record) - {"facts"}:
            return duties(
                self.regulation, occasion, self.facts, record=record, entry=entry,
                terms=self.terms, state=state, pupil=pupil, around=around,
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

    def windows(
        self, occasion: Occasion, record: str, entry: Entry | None = None
    ) -> tuple[tuple[Held, ...], ...]:
        """The rules behind :meth:`duties`, with their bounds by facts alone: whoever owes it.

        They are worked out once for all occasions that share what their bounds hang on.
        """
        handed = None if entry is None else entry.handed_in
        return held(record, self.terms.ground(occasion, handed), self.terms, entry)

    def judge(
        self,
        entry: Entry,
        state: BookState,
        around: Around = ALONE,
        occasion: Occasion | None = None,
    ) -> Judged:
        """Judge *entry* as it comes after *state*.

        Args:
            entry: The entry; not yet applied to *state*.
            state: What the book says before it.
            around: The act, the school book, the class books.
            occasion: What it is about, where that is known already.

        A regulation without any rights says nothing about hands; it comes beside one that does.
        """
        regulation, facts = self.regulation, self.facts
        scene = Scene(regulation, facts, state, around)
        subject = subject_of(entry, state)
        if occasion is None:
            occasion = self.occasions.of(subject, state)
        if not regulation.holds_on(occasion.day):
            return Judged()
        if "because" in entry.values:
            return self._by_time(entry, occasion, state)
        findings: list[Finding] = []
        acting = found = importing = None
        if regulation.rights:
            prefer = markers.setters(entry, state, regulation) or approvals.agreeing(entry, state)
            hand, found = rights.of_entry(entry, subject.kind, occasion, scene, self._table, prefer)
            findings.append(hand)
            acting = found
            if entry.evidence is not None:
                acting = importing = integrity.import_right(entry, occasion, scene, self._table)
        if found is not None and found.role == "substitute":
            findings.extend(_unconfirmed(entry, occasion, scene, found.clause))
        if found is not None and "role" in regulation.selects_by:
            own = subject is entry
            entry = _in_role(entry, found)
            subject = entry if own else subject
        findings.extend(integrity.of_entry(entry, occasion, scene, importing))
        findings.extend(basis_kept.of_entry(entry, occasion, scene))
        if entry.kind in CHANGES:
            if subject is not entry:
                findings.extend(self._change(entry, subject, occasion, state, around))
        else:
            # What says nothing is not in time, whenever it was said: another rule speaks of it.
            says = says_something(entry, regulation)
            for choices in self.duties(occasion, entry.kind, entry, state, entry.pupil, around):
                if choices[0].judged and says:
                    open_now, _ = reopened(choices, member(entry), occasion, state, regulation)
                    findings.append(timing.of_entry(open_now, entry, entry.pupil))
        findings.extend(relations.of_entry(entry, occasion, scene))
        findings.extend(limiting.of_entry(entry, subject, occasion, scene))
        role = "" if found is None else found.role
        findings.extend(markers.of_entry(entry, subject, occasion, scene, role, self.terms))
        if regulation.checks:
            findings.extend(checks.of_entry(entry, scene))
        findings.extend(locks.of_entry(entry, subject, occasion, scene, self.terms))
        findings.extend(approvals.of_entry(entry, subject, occasion, scene, self.terms))
        findings.extend(retention.of_entry(entry, occasion, scene))
        findings = waivers.excused(findings, entry, occasion, regulation, around)
        if acting is None:
            return Judged(findings, spoke=bool(regulation.rights))
        return Judged(findings, entry.by.role or acting.role, acting.clause, spoke=True)

    def _by_time(self, entry: Entry, occasion: Occasion, state: BookState) -> Judged:
        """Judge what time made by the regulation that it names; any other has nothing to say of it.

        Nobody but the actor ``system`` says what time made.
        """
        if entry.values["because"]["regulation"] != self.regulation.id:
            return Judged()
        if entry.values["because"]["what"] == "missing":
            found = becoming.of_entry(entry, occasion, self._missing(entry, occasion, state))
        else:
            found = marker_terms.by_time(entry, occasion, self.terms, state)
        if entry.evidence is not None or entry.by != BY_TIME:
            found = evolve(found, outcome=Outcome.BROKEN)
        return Judged([found], SYSTEM, found.clause, spoke=True)

    def _missing(self, entry: Entry, occasion: Occasion, state: BookState) -> Iterator[Finding]:
        """What was missing for the pupil of *entry* at its instant."""
        record = "result" if entry.kind == "result" else "mark"
        for choices in self.duties(occasion, record, None, state, entry.pupil):
            yield from quantity.completeness(
                choices, occasion, self.facts, state, self.regulation, entry.at, entry.pupil
            )

    def _change(
        self, entry: Entry, target: Entry, occasion: Occasion, state: BookState, around: Around
    ) -> Iterator[Finding]:
        """Judge a change by the window of what it changes.

        A pupil added to or taken off a roll call is late like the roll call itself, and so is a text
        that says something where nothing was said; any other late change is only listed.
        """
        late = False
        for choices in self.duties(occasion, target.kind, target, state, target.pupil, around):
            if not choices[0].judged:
                continue
            listed = timing.of_entry(choices, entry, entry.pupil)
            late = late or listed.outcome is Outcome.LATE
            pupils = self._moved(entry, target, state)
            for pupil in pupils:
                yield evolve(listed, pupil=pupil)
            if self._says_first(entry, target, state):
                yield listed
            elif not pupils and listed.outcome is Outcome.LATE:
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

    def _moved(self, entry: Entry, target: Entry, state: BookState) -> list[str]:
        """Pupils whom a correction of a roll call adds to the absentees, or takes off."""
        if target.kind != "roll" or entry.kind != "correction":
            return []
        before, after = before_and_after(entry, state)
        was, stays = (absentees(one, self.regulation) for one in (before, after))
        return sorted(was ^ stays)

    def _says_first(self, entry: Entry, target: Entry, state: BookState) -> bool:
        """Whether a correction is the first to say something: what was there said nothing."""
        if entry.kind != "correction" or says_something(state.reading(target), self.regulation):
            return False
        texts = {name.removeprefix("new."): text for name, text in entry.texts.items()}
        return says_something(
            target.with_values(target.values, {**target.texts, **texts}), self.regulation
        )


def _in_role(entry: Entry, found: rights.Right) -> Entry:
    """*entry* with the role that the rights table found, as it will be kept, where it names none."""
    if entry.role or found.allowed is not Kleene.YES:
        return entry
    if entry.evidence is not None:
        return evolve(entry, evidence=evolve(entry.evidence, role=found.role))
    return evolve(entry, by=evolve(entry.by, role=found.role))


def subject_of(entry: Entry, state: BookState) -> Entry:
    """The entry that *entry* changes, or *entry* itself."""
    target = state.entry(entry.target) if entry.kind in CHANGES and entry.target else None
    return entry if target is None else target


def _unconfirmed(entry: Entry, occasion: Occasion, scene: Scene, clause: str) -> Iterator[Finding]:
    """An entry that rests on a claim which nobody ordered or confirmed is marked as such."""
    lesson = occasion.lesson
    if lesson is None or entry.author is None:
        return
    if entry.author in scene.facts.substitutes(lesson):
        return
    for claim in unordered(
        lesson.about, scene.state, scene.around.claims, scene.facts.substitutes(lesson)
    ):
        if claim.values.get("teacher") == entry.author:
            yield Finding(
                "unconfirmed-substitution", scene.regulation.id, clause,
                Severity.ADVICE, Outcome.PENDING, Effect.REMARK, entry.book, entry.about,
                entry.pupil, entry.kind, lo=entry.lo, hi=entry.hi, by=entry.author,
                entry=entry.number, why={"claim": claim.number},
            )  # fmt: skip
            return


def unordered(
    name: str, state: BookState, claimed: Sequence[Entry], ordered: Collection[str]
) -> Iterator[Entry]:
    """Claims of a substitution at the lesson *name* that nobody ordered and nobody has answered.

    Args:
        name: Name of the lesson as an occasion.
        state: What the book says.
        claimed: Further claims, of the same act.
        ordered: Accounts that are ordered to stand in there.
    """
    pairs = list(state.claims(name))
    pairs += [(one, None) for one in claimed if one.about == name and one.number > state.number]
    for claim, answer in pairs:
        if answer is not None or claim.role in ADMINISTRATION:
            continue
        if claim.values.get("teacher") in ordered:
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
    spoke = False
    # The facts are one and the same for all of them, and so is what the entry is about.
    occasion = judges[0].occasions.of(subject_of(entry, state), state) if judges else None
    for judge in judges:
        if role and role != entry.by.role and entry.evidence is None:
            # One act is in one role, the one that the first regulation found.
            entry = evolve(entry, by=evolve(entry.by, role=role))
        judged = judge.judge(entry, state, around, occasion)
        role, clause = role or judged.role, clause or judged.clause
        spoke = spoke or judged.spoke
        for finding in judged.findings:
            if finding.regulation == integrity.LIBRARY:
                if (finding.code, finding.pupil) in seen:
                    continue
                seen.add((finding.code, finding.pupil))
            findings.append(finding)
    if not spoke:
        findings.append(_given_to_nobody(entry))
    findings.sort(key=_weight)
    return verdict(findings), role, clause


def _given_to_nobody(entry: Entry) -> Finding:
    """No regulation that holds on that day gives any rights: what is not given is denied."""
    return Finding(
        "no-right", integrity.LIBRARY, integrity.CLAUSE, Severity.MUST, Outcome.BROKEN,
        Effect.REFUSE, entry.book, entry.about, entry.pupil, entry.kind,
        lo=entry.lo, hi=entry.hi, by=entry.author, entry=entry.number, why={"rights": "none"},
    )  # fmt: skip


def _weight(finding: Finding) -> tuple[int, int]:
    if finding.outcome is Outcome.MET:
        rank = 3
    elif finding.refuses:
        rank = 0
    elif finding.is_breach:
        rank = 1
    elif finding.outcome is Outcome.UNDECIDABLE:
        rank = 2
    else:
        rank = 3
    return rank, finding.closes if finding.closes is not None else 2**62
