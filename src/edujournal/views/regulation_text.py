"""A regulation as a page that a teacher can read, and its lints as sentences. Markdown, made last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.clauses import (
    ApprovalRule,
    Clause,
    LimitRule,
    LockRule,
    LoginRule,
    MarkerKind,
    PublicationRule,
    QuantityRule,
    Quorum,
    Regulation,
    RelationRule,
    ReminderStep,
    RightsRule,
    Rule,
    Selector,
    TimingRule,
)
from edujournal.rules.linting import Lint
from edujournal.rules.numbers import written
from edujournal.rules.predicates import PREDICATES
from edujournal.rules.rule_kinds import Level
from edujournal.rules.terms import Anchored, Combined, Shift, Term
from edujournal.rules.verdicts import Effect
from edujournal.texts import regulations as texts
from edujournal.texts import sentences
from edujournal.texts.catalogues import Message
from edujournal.texts.words import (
    COMBINATIONS,
    FEATURES,
    GROUP_KINDS,
    MONTHS,
    PERIOD_KINDS,
    PURPOSES,
    QUORUMS,
    ROLLS,
    SCOPES,
    SUBSTITUTIONS,
)
from edujournal.views.speaking import Speaker

_MAY = {
    ("write", True): texts.MAY_WRITE,
    ("read", True): texts.MAY_READ,
    ("import", True): texts.MAY_IMPORT,
    ("write", False): texts.MAY_NOT_WRITE,
    ("read", False): texts.MAY_NOT_READ,
    ("import", False): texts.MAY_NOT_IMPORT,
}


def regulation_page(speaker: Speaker, regulation: Regulation) -> str:
    """Give a regulation as a page in Markdown: what each clause asks, how it is read, its rules.

    Args:
        speaker: Says it, in its language.
        regulation: The regulation.

    *Version added: 0.1.*
    """
    return "\n".join(_Page(speaker, regulation).lines()) + "\n"


def say_lint(speaker: Speaker, lint: Lint, regulation: Regulation) -> str:
    """Say one lint in a line: its weight, its place, what it is.

    *Version added: 0.1.*
    """
    names = dict(lint.names)
    if "role" in names:
        names["role"] = speaker.say_role(names["role"])
    if "record" in names:
        names["record"] = speaker.say_record(names["record"])
    say = speaker.messages.say
    if lint.rule is not None:
        place = say(texts.PLACE, clause=lint.clause, rule=str(lint.rule + 1))
    elif lint.clause:
        place = say(texts.PLACE_OF_CLAUSE, clause=lint.clause)
    else:
        place = say(texts.PLACE_OF_ALL)
    weight = speaker.messages.word(texts.LINT_WEIGHTS, lint.weight)
    said = speaker.messages.say(texts.LINTS[lint.kind], **names)
    return f"{regulation.id}: {place}: {weight}: {said}"


class _Page:
    def __init__(self, speaker: Speaker, regulation: Regulation) -> None:
        self.speaker = speaker
        self.regulation = regulation
        self.language = speaker.language
        self.say = speaker.messages.say
        self.word = speaker.messages.word

    def lines(self) -> Iterator[str]:
        regulation = self.regulation
        yield f"# {regulation.title[self.language]}"
        yield ""
        if regulation.source:
            yield self.say(texts.SOURCE, source=regulation.source)
        days = self._in_force()
        if days:
            yield self.say(texts.IN_FORCE, days=days)
        yield f"`{regulation.id}`"
        yield ""
        yield self.say(texts.USUAL_EFFECTS)
        yield from self._ladder()
        yield from self._control()
        yield from self._keeping()
        for clause in regulation.clauses:
            yield ""
            yield from self._clause(clause)
        yield ""
        yield f"## {self.say(texts.VOCABULARY)}"
        for heading, rows in (
            (texts.SCALES, regulation.scales),
            (texts.WORK_KINDS, regulation.work_kinds),
            (texts.MARKERS, regulation.markers),
            (texts.ABSENCES, regulation.absences),
        ):
            if rows:
                yield ""
                yield f"**{self.say(heading)}**"
                yield ""
                for row in rows:
                    parts = [f"- `{row.code}` – {row.title[self.language]}"]
                    if isinstance(row, MarkerKind):
                        parts.extend(self._of_marker(row))
                    yield "; ".join(parts)
        yield from self._formulas()
        yield from self._penalties()

    def _ladder(self) -> Iterator[str]:
        """Who is told of what lacks, and when."""
        if not self.regulation.reminders:
            return
        yield from ("", f"**{self.say(texts.TOLD)}**", "")
        for step in self.regulation.reminders:
            yield f"- {self._step(step)}"

    def _control(self) -> Iterator[str]:
        """How often the administration looks at it all, and which roles do."""
        rhythm = self.regulation.control
        if rhythm is None:
            return
        roles = self._roles(rhythm.roles)
        if rhythm.within is None:
            said = self.say(texts.CONTROLLED, every=self._length(rhythm.every), roles=roles)
        else:
            said = self.say(
                texts.CONTROLLED_WITHIN, every=self._length(rhythm.every), roles=roles,
                within=self._length(rhythm.within),
            )  # fmt: skip
        if rhythm.clause is not None:
            said = self.say(texts.CONTROLLED_BY, said=said, number=rhythm.clause)
        yield from ("", f"**{self.say(texts.CONTROL)}**", "", f"- {said}")

    def _keeping(self) -> Iterator[str]:
        """How long what is written is kept, from when on that is counted, by which clause."""
        if self.regulation.retention:
            yield from ("", f"**{self.say(texts.KEEPING)}**", "")
        for one in self.regulation.retention:
            what = one.name if one.title is None else one.title[self.language]
            message = texts.KEPT_FOR[one.counted] if one.years else texts.NEED_NOT_BE_KEPT
            years = self.speaker.say_count("year", one.years)
            said = self.say(message, what=what, years=years)
            if one.clause is not None:
                said = self.say(texts.CONTROLLED_BY, said=said, number=one.clause)
            if one.lifts:
                lifted = self._roles(lift.role for lift in one.lifts)
                said = f"{said}; {self.say(texts.LIFTED, roles=lifted)}"
            yield f"- {said}"

    def _length(self, shift: Shift) -> str:
        if shift.given is not None:
            return self.say(sentences.SETTING, name=shift.given)
        return self.speaker.say_count(shift.unit.removesuffix("s"), shift.number)

    def _step(self, step: ReminderStep, message: Message = texts.STEP) -> str:
        shift = step.after
        if shift.given is not None:
            after = self.speaker.say_shift(shift)
        elif shift.number == 0 or (shift.number < 0 and message is texts.STEP_IN_TURN):
            # Nobody can be told of a breach before there is one.
            after = self.say(texts.AT_ONCE)
        else:
            count = self.speaker.say_count(shift.unit.removesuffix("s"), abs(shift.number))
            before = shift.number < 0
            after = self.say(texts.BEFORE_THAT if before else texts.AFTER_THAT, count=count)
        return self.say(message, role=self.speaker.say_role(step.role), after=after)

    def _formulas(self) -> Iterator[str]:
        """How results are proposed, with the reading of the text."""
        if not self.regulation.formulas:
            return
        yield from ("", f"**{self.say(texts.FORMULAS)}**", "")
        for one in self.regulation.formulas:
            parts = [f"- `{one.name}`"]
            if one.title is not None:
                parts.append(f" – {one.title[self.language]}")
            if one.reading is not None:
                parts.append(f". {one.reading[self.language]}")
            yield "".join(parts)

    def _penalties(self) -> Iterator[str]:
        """What a work that was handed in late loses."""
        if not self.regulation.penalties:
            return
        yield from ("", f"**{self.say(texts.PENALTIES)}**", "")
        for one in self.regulation.penalties:
            of, unit = self.word(texts.PENALTY_OF, one.of), self.word(texts.PENALTY_UNITS, one.unit)
            if one.each is not None:
                said = self.say(texts.PENALTY_EACH, share=written(one.each), of=of, unit=unit)
            else:
                steps = "; ".join(
                    self.say(texts.LEVEL_FROM, at=written(step.at), gives=step.gives)
                    for step in one.steps
                )
                said = self.say(texts.PENALTY_STEPS, of=of, unit=unit, steps=steps)
            if one.at_most != 1:
                said = self.say(texts.PENALTY_AT_MOST, said=said, share=written(one.at_most))
            parts = [f"- `{one.name}`: {said}"]
            if one.when.fields:
                parts.append(self.say(texts.WHEN, features=self._features(one.when)))
            if one.reading is not None:
                parts.append(one.reading[self.language])
            if one.clause is not None:
                said = self.say(texts.CONTROLLED_BY, said="; ".join(parts), number=one.clause)
                parts = [said]
            yield "; ".join(parts)

    def _in_force(self) -> str:
        times = self.speaker.times("UTC")
        force, parts = self.regulation.in_force, []
        if force.since is not None:
            parts.append(self.say(texts.IN_FORCE_FROM, since=times.day(force.since)))
        if force.until is not None:
            parts.append(self.say(texts.IN_FORCE_UNTIL, until=times.day(force.until)))
        return " ".join(parts)

    def _clause(self, clause: Clause) -> Iterator[str]:
        yield f"## {self.say(texts.CLAUSE_HEADING, number=clause.number)}"
        yield ""
        yield clause.gist[self.language]
        for message, name, words in (
            (texts.HOW_READ, "reading", clause.reading),
            (texts.HOW_MENDED, "mend", clause.mend),
        ):
            if words is not None:
                yield ""
                yield self.say(message, **{name: words[self.language]})
        yield ""
        if clause.kept_by is not None:
            yield f"- {self.word(texts.KEPT_BY, clause.kept_by)}"
        elif not clause.rules:
            yield f"- {self.say(texts.NOTHING)}"
        for rule in clause.rules:
            said = self._rule(rule)
            severity = getattr(rule, "severity", None)
            if severity is not None and severity != "must":
                weight = self.speaker.say_severity(severity)
                said = self.say(texts.WEIGHED, rule=said, severity=weight)
            yield f"- {said}"

    # -- rules -----------------------------------------------------------------------------------

    def _rule(self, rule: Rule) -> str:
        if isinstance(rule, RightsRule):
            return "; ".join((self._right(rule), *self._effects(rule)))
        if isinstance(rule, LoginRule):
            said = self.word(texts.LOGINS, rule.one)
            return "; ".join((said, *self._effects(rule)))
        parts = [self._says(rule)]
        when = getattr(rule, "when", None)
        if isinstance(when, Selector) and when.fields:
            parts.append(self.say(texts.WHEN, features=self._features(when)))
        parts.extend(self._more(rule))
        parts.extend(self._effects(rule))
        return "; ".join(parts)

    def _says(self, rule: Rule) -> str:
        record = self.speaker.say_record(getattr(rule, "record", ""))
        if isinstance(rule, TimingRule):
            return self.say(texts.WINDOW, record=record, window=self._window(rule))
        if isinstance(rule, QuantityRule):
            window = self.say(texts.BY, closes=self._term(rule.by))
            return self.say(texts.WINDOW, record=record, window=window)
        if isinstance(rule, RelationRule):
            row = CATALOGUE[PREDICATES[rule.predicate].code]
            asks = self.speaker.breach_code(row)["asks"].rstrip(".")
            message = texts.REQUIRES if rule.requires else texts.EXCLUDES
            return self.say(message, record=record, asks=asks)
        if isinstance(rule, LockRule):
            return self.say(texts.LOCKED, record=record, moment=self._term(rule.since))
        if isinstance(rule, PublicationRule):
            return self.say(texts.SEEN, record=record, moment=self._term(rule.since))
        if isinstance(rule, ApprovalRule):
            return self.say(
                texts.APPROVED, record=record, moment=self._term(rule.after),
                count=str(rule.count), roles=self._roles(rule.roles),
            )  # fmt: skip
        return self._limit(rule, record) if isinstance(rule, LimitRule) else record

    def _limit(self, rule: LimitRule, record: str) -> str:
        levels = [
            self.say(message, level=self._level(level))
            for message, level in ((texts.AT_LEAST, rule.at_least), (texts.AT_MOST, rule.at_most))
            if level is not None
        ]
        per = ", ".join(self.word(texts.PER, one) for one in rule.per)
        taken = self.word(texts.TAKEN, rule.take)
        return self.say(texts.LIMIT, record=record, taken=taken, per=per, levels=", ".join(levels))

    def _level(self, level: Level) -> str:
        if level.number is not None:
            return written(level.number)
        steps = "; ".join(
            self.say(texts.LEVEL_FROM, at=written(step.at), gives=step.gives)
            for step in level.steps
        )
        return self.say(texts.LEVEL_BY, feature=self.word(texts.LEVELS, level.by), steps=steps)

    def _window(self, rule: TimingRule) -> str:
        opens = None if rule.opens is None else self._term(rule.opens)
        closes = None if rule.closes is None else self._term(rule.closes)
        if opens is not None and closes is not None:
            return self.say(texts.FROM_UNTIL, opens=opens, closes=closes)
        if closes is not None:
            return self.say(texts.UNTIL, closes=closes)
        if opens is not None:
            return self.say(texts.FROM, opens=opens)
        return self.say(sentences.NEVER_DUE)

    def _more(self, rule: Rule) -> Iterator[str]:
        if isinstance(rule, TimingRule) and rule.quorum.how != "none":
            yield self.say(texts.WANTED, quorum=self._quorum(rule.quorum))
        if isinstance(rule, QuantityRule):
            yield self.say(texts.WANTED, quorum=self._quorum(rule.each))
        if isinstance(rule, LimitRule):
            if rule.where.fields:
                yield self.say(texts.WHEN, features=self._features(rule.where))
            if rule.before is not None:
                yield self.say(texts.BEFORE, record=self.speaker.say_record(rule.before))
            if rule.by is not None:
                yield self.say(texts.BY, closes=self._term(rule.by))
        instead = getattr(rule, "instead_of", None)
        if instead is not None:
            yield self.say(texts.INSTEAD, number=instead)
        lifts = getattr(rule, "lifts", ())
        if lifts:
            yield self.say(texts.LIFTED, roles=self._roles(lift.role for lift in lifts))

    # -- effects ---------------------------------------------------------------------------------

    def _effects(self, rule: Rule) -> Iterator[str]:
        """What a breach leads to, where that is not what the head of the page says."""
        if isinstance(rule, TimingRule) and rule.opens is not None:
            early = self._told(rule.on_early, texts.EARLY_TOLD_AT_ONCE, texts.EARLY_TOLD_IN_TURN)
            refused = rule.on_early is Effect.REFUSE
            yield early or self.say(texts.EARLY_NOT_WRITTEN if refused else texts.EARLY_REMARKED)
        effect = getattr(rule, "on_breach", None)
        if isinstance(rule, RightsRule):
            if effect is Effect.REMARK:
                yield self.say(texts.REMARKED)
        elif effect is Effect.REFUSE:
            yield self.say(texts.NOT_WRITTEN)
        if isinstance(effect, Effect):
            told = self._told(effect, texts.TOLD_AT_ONCE, texts.TOLD_IN_TURN)
            if told is not None:
                yield told
        becomes = getattr(rule, "becomes", None)
        if effect is Effect.CONVERT and becomes is not None:
            yield self.say(texts.BECOMES, marker=self._marker(becomes))
        if getattr(rule, "when_missing", "missing") == "undecidable":
            yield self.say(texts.NOT_DECIDED)

    def _told(self, effect: Effect, at_once: Message, in_turn: Message) -> str | None:
        """Who is told of a breach; None where nobody is."""
        ladder = self.regulation.reminders
        if effect is Effect.ESCALATE:
            return self.say(
                in_turn, steps=", ".join(self._step(step, texts.STEP_IN_TURN) for step in ladder)
            )
        if effect is Effect.NOTIFY:
            return self.say(at_once, roles=self._roles(step.role for step in ladder[:1]))
        return None

    def _marker(self, code: str) -> str:
        kind = self.regulation.find_marker(code)
        return f"«{code}»" if kind is None else f"«{kind.code}» ({kind.title[self.language]})"

    def _of_marker(self, kind: MarkerKind) -> Iterator[str]:
        """What becomes of a marker, and what a breach of its conditions leads to."""
        ends = kind.expires
        if ends is not None:
            becomes = f"«{ends.value}»" if ends.marker is None else self._marker(ends.marker)
            if ends.after is not None:
                after = self.speaker.say_shift(ends.after)
                yield self.say(texts.MARKER_BECOMES_AFTER, after=after, successor=becomes)
            elif ends.by is None:
                yield self.say(texts.MARKER_BECOMES_AS_SAID, successor=becomes)
            else:
                yield self.say(texts.MARKER_BECOMES, moment=self._term(ends.by), successor=becomes)
        if kind.on_breach is Effect.REMARK:
            yield self.say(texts.REMARKED)
        told = self._told(kind.on_breach, texts.TOLD_AT_ONCE, texts.TOLD_IN_TURN)
        if told is not None:
            yield told

    def _quorum(self, quorum: Quorum) -> str:
        if quorum.of == "members":
            return self.say(texts.MEMBERS, members=self._roles(quorum.members))
        return self.word(QUORUMS, quorum.of or quorum.how)

    def _right(self, rule: RightsRule) -> str:
        records = ", ".join(self.speaker.say_record(one) for one in rule.records)
        return self.say(
            _MAY[rule.action, rule.may is not None],
            role=self.speaker.say_role(rule.role),
            scope=self.word(SCOPES, rule.scope),
            records=records,
        )

    def _roles(self, roles: Iterable[str]) -> str:
        return ", ".join(self.speaker.say_role(one) for one in roles)

    def _features(self, when: Selector) -> str:
        said = []
        for name, values in when.fields:
            shown = ", ".join(self._feature(name, value) for value in values)
            feature = self.word(FEATURES, name)
            said.append(self.say(texts.IS, feature=feature, values=shown))
        return ", ".join(said)

    def _feature(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return self.say(sentences.YES if value else sentences.NO)
        tables = {
            "group_kind": GROUP_KINDS,
            "period_kind": PERIOD_KINDS,
            "purpose": PURPOSES,
            "substitution": SUBSTITUTIONS,
        }
        if name in tables:
            return self.word(tables[name], str(value))
        if name == "stage":
            return self.speaker.say_stage(str(value))
        if name == "role":
            return self.speaker.say_role(str(value))
        kind = self.regulation.find_work_kind(str(value)) if name == "work_kind" else None
        return str(value) if kind is None else kind.title[self.language]

    # -- terms -----------------------------------------------------------------------------------

    def _term(self, term: Term) -> str:
        if isinstance(term, Combined):
            parts = "; ".join(self._term(part) for part in term.terms)
            return f"{self.word(COMBINATIONS, term.how)} ({parts})"
        return ", ".join(self._anchored(term))

    def _anchored(self, term: Anchored) -> Iterator[str]:
        if term.anchor.startswith("date:"):
            month, day = term.anchor.removeprefix("date:").split("-")
            yield self.say(
                texts.DAY_OF_YEAR, day=str(int(day)), month=self.say(MONTHS[int(month) - 1])
            )
        else:
            yield self.speaker.say_unknown(term.anchor)
        if term.shift is not None:
            yield self.speaker.say_shift(term.shift)
        if term.count == "included":
            yield self.say(texts.COUNTED_IN)
        if term.pause != "none":
            yield self.say(texts.PAUSED, pause=self.word(texts.PAUSES, term.pause))
        if term.roll != "none":
            yield self.word(ROLLS, term.roll)
        if term.snap != "none":
            yield self.speaker.say_snap(term.snap)
