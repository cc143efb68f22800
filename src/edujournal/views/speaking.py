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
from edujournal.rules.catalogue import CATALOGUE, BreachCode
from edujournal.rules.clauses import Regulation
from edujournal.rules.explaining import Explanation
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
    STAGES,
)
from edujournal.views.explained import lines
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
            happened=", ".join(_Happened(self, finding, naming).parts()),
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

    def say_hands(self, hands: Iterable[str], naming: Naming, on: date | None = None) -> str:
        """Say accounts by name."""
        return ", ".join(sorted(naming.name("account", hand, on) for hand in hands))


class _Happened:
    """What became of the record that a finding is about, in parts to be joined by commas."""

    def __init__(self, speaker: Speaker, finding: Finding, naming: Naming) -> None:
        self._speaker = speaker
        self._say = speaker.messages.say
        self._finding = finding
        self._naming = naming
        self._times = naming.times(finding.book)
        row = CATALOGUE.get(finding.code)
        self._asks = finding.code if row is None else speaker.breach_code(row)["asks"].rstrip(".")
        self._is_timing = row is not None and row.family == "timing"
        self._changed = finding.code == "changed-after-close"

    def parts(self) -> list[str]:
        finding, why = self._finding, self._finding.why
        outcome = finding.outcome
        if outcome is Outcome.EXCUSED and "was" in why:
            waiver = self._say(sentences.EXCUSED, waiver=why.get("waiver", ""))
            return [*self._told(Outcome(why["was"])), waiver]
        if outcome is Outcome.VOID and "report" in why:
            told = self._say(sentences.VOID_BY_REPORT, report=why["report"])
            return [told, *self._recorded()]
        if outcome is Outcome.VOID and "declined" in why:
            return [self._say(sentences.VOID_BY_DECLINING), *self._recorded()]
        if finding.code == "awaits-approval" and "roles" in why:
            roles = ", ".join(self._speaker.say_role(role) for role in why["roles"])
            told = self._say(sentences.AWAITS, roles=roles, count=why.get("count", 1))
            return [*self._recorded(), told]
        return self._told(outcome)

    def _told(self, outcome: Outcome) -> list[str]:
        finding = self._finding
        if finding.code == "missing" and (lacking := self._lacking(outcome)):
            return lacking
        if self._is_timing and finding.hi is not None:
            timed = self._timed(outcome)
            if timed:
                return [*self._recorded(), *timed, *self._window()]
        if outcome is Outcome.BROKEN and finding.code in sentences.BROKEN:
            told = self._say(sentences.BROKEN[finding.code], **self._values())
        elif outcome is Outcome.UNDECIDABLE:
            told = self._say(sentences.UNDECIDED, reason=self._reason(), asks=self._asks)
        else:
            word = self._speaker.say_outcome(outcome)
            told = self._say(sentences.OTHERWISE, outcome=word, asks=self._asks)
        return [told, *self._recorded()]

    def _lacking(self, outcome: Outcome) -> list[str]:
        """What there is to say of a record that is owed."""
        if outcome is Outcome.MET:
            return [self._say(sentences.IS_RECORDED), *self._window()]
        told = {
            Outcome.MISSING: [self._say(sentences.NOT_RECORDED)],
            Outcome.PENDING: [self._say(sentences.NOT_RECORDED_YET)],
            Outcome.UNDECIDABLE: [self._say(sentences.NOT_RECORDED), self._undecidable()],
        }.get(outcome)
        if told is None:
            return []
        void = self._finding.why.get("void")
        if void is not None:
            told = [*told, self._say(sentences.EARLIER_VOID, number=void)]
        return [*told, *self._window(), *self._owed()]

    def _timed(self, outcome: Outcome) -> list[str]:
        finding, hi = self._finding, self._finding.hi
        exact = hi is not None and finding.lo is not None and hi - finding.lo <= 1
        if outcome is Outcome.MET:
            return [self._say(sentences.IN_TIME)]
        if outcome is Outcome.UNDECIDABLE:
            return [self._undecidable()]
        if outcome is Outcome.LATE and finding.lo is not None and finding.closes is not None:
            told = sentences.LATE if exact else sentences.LATE_OR_MORE
            if self._changed:
                told = sentences.AFTER if exact else sentences.AFTER_OR_MORE
            return [self._say(told, time=self._times.between(finding.closes, finding.lo))]
        if outcome is Outcome.EARLY and hi is not None and finding.opens is not None:
            told = sentences.EARLY if exact else sentences.EARLY_OR_MORE
            return [self._say(told, time=self._times.between(hi - 1, finding.opens))]
        return []

    def _recorded(self) -> list[str]:
        finding = self._finding
        if finding.hi is None:
            return []
        parts = [self._times.recorded(finding.lo, finding.hi, changed=self._changed)]
        if finding.by is not None:
            name = self._naming.name("account", finding.by)
            parts.append(self._say(sentences.HAND, hand=name))
        return parts

    def _window(self) -> list[str]:
        finding = self._finding
        if finding.opens is None and finding.closes is None:
            return []
        window = self._times.window(finding.opens, finding.closes)
        return [self._say(sentences.WINDOW, window=window)]

    def _owed(self) -> list[str]:
        if not self._finding.hands:
            return []
        hands = self._speaker.say_hands(self._finding.hands, self._naming)
        return [self._say(sentences.OWED, hands=hands)]

    def _undecidable(self) -> str:
        return self._say(sentences.UNDECIDABLE, reason=self._reason())

    def _reason(self) -> str:
        why = self._finding.why
        if "unknown" in why:
            things = dict.fromkeys(self._speaker.say_unknown(str(one)) for one in why["unknown"])
            return self._say(sentences.NOT_KNOWN, things=", ".join(things))
        if "either" in why:
            return self._say(sentences.EITHER, clauses=", ".join(map(str, why["either"])))
        return self._say(sentences.COARSE if why.get("evidence") else sentences.NO_PROOF)

    def _values(self) -> dict[str, object]:
        """The values that sentences may name; a dash for what this finding does not tell."""
        finding, why = self._finding, dict(self._finding.why)
        names = (
            "by",
            "closes",
            "day",
            "group",
            "report",
            "role",
            "roles",
            "scale",
            "target",
            "value",
        )
        values: dict[str, object] = dict.fromkeys(names, "–")
        values.update({name: value for name, value in why.items() if value not in (None, "")})
        if finding.by is not None:
            values["by"] = self._naming.name("account", finding.by)
        if finding.closes is not None:
            values["closes"] = self._times.instant(finding.closes)
        if why.get("role"):
            values["role"] = self._speaker.say_role(str(why["role"]))
        if isinstance(why.get("day"), date):
            values["day"] = self._times.day(why["day"])
        if why.get("group"):
            values["group"] = self._naming.group(str(why["group"]), finding.book)
        return values
