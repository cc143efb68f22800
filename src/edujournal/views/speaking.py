"""Speaking: findings, verdicts and explanations as lines for people, in Russian or English.

Values become text here and nowhere earlier. The language is a parameter; times are on the clocks of
the school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from edujournal.errors import Unknown
from edujournal.model.facts import Facts
from edujournal.ports import Directory
from edujournal.rules.catalogue import BreachCode
from edujournal.rules.clauses import Regulation
from edujournal.rules.explaining import Explanation
from edujournal.rules.terms import Shift
from edujournal.rules.verdicts import Decision, Finding, Outcome, Severity, Verdict
from edujournal.texts import sentences
from edujournal.texts.catalogues import Messages
from edujournal.texts.times import Times
from edujournal.texts.words import (
    ANCHORS,
    DECISIONS,
    NOUNS,
    OUTCOMES,
    RECORDS,
    ROLES,
    SEVERITIES,
    SNAPS,
    STAGES,
)
from edujournal.views.explained import lines
from edujournal.views.happened import Happened
from edujournal.views.naming import Naming

#: What findings give as regulation where the library itself asks.
LIBRARY = "edujournal"

Regulations = Regulation | Sequence[Regulation] | None


class Speaker:
    """Says values of the rules in one language.

    *Version added: 0.1.*

    Args:
        language: ``en`` or ``ru``.

    Raises:
        Unknown: There is no such language.
        EdujournalError: The message catalogue is not compiled.
    """

    def __init__(self, language: str) -> None:
        self.messages = Messages(language)
        self.language = language

    # -- words -----------------------------------------------------------------------------------

    def say_outcome(self, outcome: Outcome) -> str:
        """Say an outcome in a word or two."""
        return self.messages.word(OUTCOMES, outcome)

    def say_decision(self, decision: Decision) -> str:
        """Say a decision in a word or two."""
        return self.messages.word(DECISIONS, decision)

    def say_severity(self, severity: Severity) -> str:
        """Say the weight of a breach in a word."""
        return self.messages.word(SEVERITIES, severity)

    def say_record(self, kind: str) -> str:
        """Say a kind of record, such as ``roll call``."""
        return self.messages.word(RECORDS, kind)

    def say_role(self, role: str) -> str:
        """Say a role; one of a regulation's own stands for itself."""
        return self.messages.word(ROLES, role)

    def say_stage(self, stage: str) -> str:
        """Say the stage of a result."""
        return self.messages.word(STAGES, stage)

    def say_code(self, code: str) -> str:
        """Say a breach code in a few words, for a heading; a host's own code stands for itself."""
        return self.messages.word(sentences.TITLES, code)

    def say_count(self, noun: str, n: int) -> str:
        """Say *n* of a noun, such as ``21 findings``.

        Raises:
            Unknown: That noun cannot be counted.
        """
        if noun not in NOUNS:
            raise Unknown("noun", noun, NOUNS)
        return self.messages.count(NOUNS[noun], n)

    def times(self, zone: str) -> Times:
        """Days, clocks, windows and durations on the clocks of *zone*."""
        return Times(self.messages, zone)

    def naming(self, facts: Facts | str, directory: Directory | None = None) -> Naming:
        """Names of journals, periods, occasions and people, by what is known of a school."""
        return Naming(self.messages, facts, directory)

    def breach_code(self, row: BreachCode) -> Mapping[str, str]:
        """The texts of a row of the catalogue: ``asks``, ``why``, ``kept``, ``broken``, ``mend``."""
        names = ("asks", "why", "kept", "broken", "mend")
        return {name: self.messages.gettext(getattr(row, name)) for name in names}

    # -- findings --------------------------------------------------------------------------------

    def say_finding(
        self,
        finding: Finding,
        facts: Facts | str,
        regulation: Regulations = None,
        directory: Directory | None = None,
    ) -> str:
        """Say a finding in one line: clause, record, whose, what happened, window, hands.

        Args:
            finding: The finding.
            facts: What the school's data says, or only the name of its time zone.
            regulation: The regulation in use. With several, or None, each line names its own.
            directory: Names of people; without it their ids are said.

        *Version added: 0.1.*
        """
        naming = self.naming(facts, directory)
        line = self.messages.say(
            sentences.LINE,
            clause=self._clause(finding, regulation),
            subject=self._subject(finding, naming),
            happened=", ".join(Happened(self, finding, naming).parts()),
        )
        if finding.severity is Severity.MUST:
            return line
        severity = self.say_severity(finding.severity)
        return self.messages.say(sentences.WEIGHED, line=line, severity=severity)

    def _clause(self, finding: Finding, regulation: Regulations) -> str:
        if finding.regulation == LIBRARY:
            return self.messages.say(sentences.ANY_JOURNAL)
        if isinstance(regulation, Regulation) and regulation.id == finding.regulation:
            return self.messages.say(sentences.CLAUSE, number=finding.clause)
        return self.messages.say(
            sentences.CLAUSE_OF, regulation=finding.regulation, number=finding.clause
        )

    def _subject(self, finding: Finding, naming: Naming) -> str:
        parts = [self.say_record(finding.record)]
        if finding.pupil is not None:
            parts.append(naming.member(finding.record, finding.pupil))
        parts.append(naming.occasion(finding.about, finding.book))
        return ", ".join(parts)

    # -- verdicts and explanations ---------------------------------------------------------------

    def say_verdict(
        self,
        verdict: Verdict,
        facts: Facts | str,
        regulation: Regulations = None,
        directory: Directory | None = None,
    ) -> str:
        """Say a verdict: the decision, then a line for each breach and each open question.

        *Version added: 0.1.*
        """
        decision = self.say_decision(verdict.decision)
        remarks = [
            self.say_finding(finding, facts, regulation, directory) for finding in verdict.remarks
        ]
        if not remarks:
            return decision
        return "\n".join([self.messages.say(sentences.HEADED, decision=decision), *remarks])

    def say_explanation(
        self,
        explanation: Explanation,
        facts: Facts | str,
        directory: Directory | None = None,
    ) -> tuple[str, ...]:
        """Say an explanation as lines; what belongs to the line before is indented by two spaces.

        *Version added: 0.1.*
        """
        return tuple(lines(self, explanation, self.naming(facts, directory)))

    # -- what rules name -------------------------------------------------------------------------

    def say_unknown(self, name: str) -> str:
        """Say what is not known: an anchor, a setting of the school, a record."""
        if name.startswith("given."):
            setting = name.removeprefix("given.")
            return self.messages.say(sentences.SETTING, name=setting)
        if name.startswith("record of "):
            record = self.say_record(name.removeprefix("record of "))
            return self.messages.say(sentences.RECORD_OF, record=record)
        return self.messages.word(ANCHORS, name)

    def say_shift(self, shift: Shift) -> str:
        """Say how far a term is from its anchor, such as ``plus 3 days``."""
        if shift.given is not None:
            sign = sentences.PLUS_SETTING if shift.sign > 0 else sentences.MINUS_SETTING
            return self.messages.say(sign, name=shift.given)
        count = self.messages.count(NOUNS[shift.unit.removesuffix("s")], abs(shift.number))
        sign = sentences.PLUS if shift.number >= 0 else sentences.MINUS
        return self.messages.say(sign, count=count)

    def say_snap(self, snap: str) -> str:
        """Say where on a day a term ends: ``end of that day``, ``at 13:00``."""
        if snap in SNAPS:
            return self.messages.word(SNAPS, snap)
        return self.messages.say(sentences.AT_CLOCK, clock=snap)

    def say_hands(self, hands: Iterable[str], naming: Naming, on: date | None = None) -> str:
        """Say accounts by name."""
        return ", ".join(sorted(naming.name("account", hand, on) for hand in hands))
