"""Explained: the lines of an explanation, from the clause down to who may lift the breach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from edujournal.rules.explaining import Evaluated, Explanation, RightRow, Window
from edujournal.rules.terms import Shift, Step, Value
from edujournal.rules.verdicts import NotKnown, Outcome
from edujournal.texts import sentences
from edujournal.texts.times import Times
from edujournal.texts.words import (
    COMBINATIONS,
    FEATURES,
    PURPOSES,
    QUORUMS,
    ROLLS,
    SCOPES,
)
from edujournal.views.happened import Happened
from edujournal.views.naming import Naming
from edujournal.views.ordering import natural

if TYPE_CHECKING:
    from edujournal.views.speaking import Speaker

_INDENT = "  "


def lines(speaker: Speaker, explanation: Explanation, naming: Naming) -> Iterator[str]:
    """Yield the lines of *explanation*; those that belong to the line before are indented."""
    yield from _Explained(speaker, explanation, naming).lines()


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)


class _Explained:
    def __init__(self, speaker: Speaker, explanation: Explanation, naming: Naming) -> None:
        self._speaker = speaker
        self._say = speaker.messages.say
        self._explanation = explanation
        self._naming = naming
        self._book = self._book_of(explanation)
        self._times: Times = naming.times(self._book)

    @staticmethod
    def _book_of(explanation: Explanation) -> str:
        if explanation.finding is not None:
            return explanation.finding.book
        return "" if explanation.occasion is None else explanation.occasion.book

    def lines(self) -> Iterator[str]:
        yield self._heading()
        yield from _indented(self._clause())
        yield self._say(sentences.ABOUT, text=self._about())
        finding, windows = self._explanation.finding, self._explanation.windows
        if finding is not None:
            happened = Happened(self._speaker, finding, self._naming).parts()
            yield self._say(sentences.FOUND, text=", ".join(happened))
        for window in windows:
            if len(windows) > 1:
                yield self._say(sentences.IF_CLAUSE, number=window.duty.clause)
                yield from _indented(self._window(window))
            else:
                yield from self._window(window)
        yield from self._measured()
        yield from self._locks()
        yield from self._rights()
        yield from self._ways_out()

    # -- what is asked ---------------------------------------------------------------------------

    def _heading(self) -> str:
        clause, row = self._explanation.clause, self._explanation.code
        if clause is None:
            return self._say(sentences.ANY_JOURNAL)
        title = self._explanation.regulation.title[self._speaker.language]
        number = clause.number
        heading = self._say(sentences.CLAUSE_OF, regulation=title, number=number)
        finding = self._explanation.finding
        if row is None or finding is None or finding.outcome is Outcome.MET:
            return heading
        return f"{heading}: {self._speaker.say_code(row.code)}"

    def _clause(self) -> Iterator[str]:
        clause, row = self._explanation.clause, self._explanation.code
        language = self._speaker.language
        if clause is not None:
            yield self._say(sentences.ASKS, text=clause.gist[language])
            if clause.reading is not None:
                yield self._say(sentences.READING, text=clause.reading[language])
        elif row is not None:
            texts = self._speaker.breach_code(row)
            yield self._say(sentences.ASKS, text=texts["asks"])
            yield self._say(sentences.REASON, text=texts["why"])

    def _about(self) -> str:
        explanation, finding = self._explanation, self._explanation.finding
        parts = [self._speaker.say_record(explanation.record)]
        if finding is not None:
            if finding.pupil is not None:
                parts.append(self._naming.member(finding.record, finding.pupil))
            parts.append(self._naming.occasion(finding.about, finding.book))
        elif explanation.occasion is not None:
            parts.append(self._naming.occasion(explanation.occasion.name, self._book))
        return ", ".join(parts)

    # -- windows ---------------------------------------------------------------------------------

    def _window(self, window: Window) -> Iterator[str]:
        if window.because:
            features = ", ".join(self._feature(name, value) for name, value in window.because)
            yield self._say(sentences.BECAUSE, features=features)
        if window.opens is None:
            yield self._say(sentences.ALWAYS_OPEN)
        else:
            yield self._say(sentences.OPENS)
            yield from _indented(self._steps(window.opens))
        if window.closes is None:
            yield self._say(sentences.NEVER_DUE)
        else:
            yield self._say(sentences.CLOSES)
            yield from _indented(self._steps(window.closes))
        if window.reopened is not None and isinstance(window.duty.closes, int):
            closes = self._times.end(window.duty.closes)
            yield self._say(sentences.REOPENED, number=window.reopened, closes=closes)
        yield from self._owing(window)
        if window.outcome is not None and len(self._explanation.windows) > 1:
            outcome = self._speaker.say_outcome(window.outcome)
            yield self._say(sentences.COMPARED, outcome=outcome)

    def _feature(self, name: str, value: object) -> str:
        shown = str(value)
        if isinstance(value, bool):
            shown = self._say(sentences.YES if value else sentences.NO)
        elif name == "purpose":
            shown = self._speaker.messages.word(PURPOSES, shown)
        elif name == "stage":
            shown = ", ".join(self._speaker.say_stage(one) for one in shown.split(", "))
        elif name == "role":
            shown = ", ".join(self._speaker.say_role(one) for one in shown.split(", "))
        elif name == "work_kind":
            kind = self._explanation.regulation.find_work_kind(shown)
            shown = shown if kind is None else kind.title[self._speaker.language]
        feature = self._speaker.messages.word(FEATURES, name)
        return self._say(sentences.FEATURE, feature=feature, value=shown)

    def _owing(self, window: Window) -> Iterator[str]:
        duty = window.duty
        if duty.hands:
            hands = self._speaker.say_hands(duty.hands, self._naming)
            yield self._say(sentences.OWED_BY, hands=hands)
        yield self._say(sentences.WANTED, quorum=self._quorum(window))
        lacking = sorted(
            (one for one in window.owing - window.done if one is not None), key=natural
        )
        if lacking:
            members = ", ".join(self._naming.member(duty.record, one) for one in lacking)
            yield self._say(sentences.LACKING, members=members)

    def _quorum(self, window: Window) -> str:
        quorum = window.duty.quorum
        if quorum.of == "members":
            members = ", ".join(
                self._naming.member(window.duty.record, one) for one in quorum.members
            )
            return self._say(sentences.WANTED_OF, members=members)
        return self._speaker.messages.word(QUORUMS, quorum.of or quorum.how)

    def _steps(self, bound: Evaluated) -> Iterator[str]:
        for step in bound.steps:
            yield self._say(
                sentences.STEP, step=self._step(step), value=self._value(step.value, step)
            )

    def _step(self, step: Step) -> str:
        word, how = self._speaker.messages.word, step.how
        if step.what == "anchor":
            is_fixed = how.startswith("date:")
            return self._say(sentences.FIXED_DAY) if is_fixed else self._speaker.say_unknown(how)
        if step.what == "shift":
            return self._speaker.say_shift(Shift.parse(how))
        if step.what == "roll":
            return word(ROLLS, how)
        if step.what == "snap":
            return self._speaker.say_snap(how)
        return word(COMBINATIONS, step.what)

    def _value(self, value: Value, step: Step) -> str:
        if isinstance(value, NotKnown):
            if value.what in step.how:  # the step itself names what is not known
                return self._say(sentences.NOT_KNOWN_AT_ALL)
            thing = self._speaker.say_unknown(value.what)
            return self._say(sentences.VALUE_NOT_KNOWN, thing=thing)
        if isinstance(value, date):
            return self._times.day(value)
        return self._times.end(value) if step.how == "end_of_day" else self._times.instant(value)

    def _measured(self) -> Iterator[str]:
        """What a limit has counted, one by one, and what it comes to."""
        measured, finding = self._explanation.measured, self._explanation.finding
        if measured is None or finding is None:
            return
        yield self._say(sentences.COUNTED if measured.counted else sentences.NOTHING_COUNTED)
        for one in measured.counted:
            entry = one.found.entry
            parts = [self._speaker.say_record(entry.kind)]
            if entry.pupil is not None and measured.pupil is None:
                parts.append(self._naming.member(entry.kind, entry.pupil))
            what = ", ".join([*parts, self._naming.occasion(entry.about, entry.book)])
            yield _INDENT + (what if one.sure else self._say(sentences.COUNTED_MAYBE, what=what))
        level = finding.why.get("level")
        if level is not None:
            message = sentences.AT_MOST if finding.code == "too-many" else sentences.AT_LEAST
            yield self._say(message, found=finding.why.get("found", "–"), level=level)

    def _locks(self) -> Iterator[str]:
        finding = self._explanation.finding
        for bound in self._explanation.locks:
            code = "locked" if finding is None else finding.code
            heading = {"locked": sentences.LOCKED, "awaits-approval": sentences.NEEDS_AGREEMENT}
            yield self._say(heading.get(code, sentences.TERM_ENDS))
            yield from _indented(self._steps(bound))

    # -- rights and ways out ---------------------------------------------------------------------

    def _rights(self) -> Iterator[str]:
        rows = self._explanation.rights
        for sentence, allows in ((sentences.MAY, True), (sentences.MAY_NOT, False)):
            some = [self._right(row) for row in rows if row.allows is allows]
            if some:
                yield self._say(sentence, roles="; ".join(some))

    def _right(self, row: RightRow) -> str:
        return self._say(
            sentences.RIGHT,
            role=self._speaker.say_role(row.role),
            scope=self._speaker.messages.word(SCOPES, row.scope),
            number=row.clause,
        )

    def _ways_out(self) -> Iterator[str]:
        explanation, finding = self._explanation, self._explanation.finding
        if finding is None or not finding.is_breach:
            return
        clause, row = explanation.clause, explanation.code
        own = None if clause is None else clause.mend
        if own is not None and (row is None or finding.outcome is Outcome.MISSING):
            yield self._say(sentences.MEND, text=own[self._speaker.language])
        elif row is not None:
            yield self._say(sentences.MEND, text=self._speaker.breach_code(row)["mend"])
        if explanation.lifts:
            roles = ", ".join(self._speaker.say_role(role) for role in explanation.lifts)
            yield self._say(sentences.LIFT, roles=roles)
        elif finding.outcome in (Outcome.LATE, Outcome.EARLY):
            yield self._say(sentences.NOBODY_LIFTS)
