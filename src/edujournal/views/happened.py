"""Happened: what became of a record, in words: when it came, how late, why it cannot be decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.verdicts import Finding, Outcome
from edujournal.texts import sentences
from edujournal.views.naming import Naming

if TYPE_CHECKING:
    from edujournal.views.speaking import Speaker


class Happened:
    """What became of the record that a finding is about.

    *Version added: 0.1.*
    """

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
        """The parts of a sentence, to be joined by commas."""
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
            unsure = [self._undecidable()] if outcome is Outcome.UNDECIDABLE else []
            return [*self._recorded(), told, *unsure]
        return self._told(outcome)

    def _told(self, outcome: Outcome) -> list[str]:
        finding = self._finding
        if finding.code == "missing" and (lacking := self._lacking(outcome)):
            return lacking
        if finding.code == "uncleared":
            return self._uncleared(outcome)
        if finding.record == "login":
            return self._login(outcome)
        if finding.code == "too-few" and finding.entry is None:
            return self._too_few(outcome)
        if self._is_timing and finding.hi is not None:
            timed = self._timed(outcome)
            if timed:
                return [*self._recorded(), *timed, *self._window()]
        is_lost = outcome is Outcome.UNDECIDABLE and finding.code == "no-longer-known"
        if (outcome is Outcome.BROKEN or is_lost) and finding.code in sentences.BROKEN:
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

    def _uncleared(self, outcome: Outcome) -> list[str]:
        """What there is to say of a marker that waits to be cleared."""
        values = self._values()
        if outcome is Outcome.MET or self._finding.hi is not None:
            told = [self._say(sentences.CLEARED, **values), *self._recorded()]
            return [*told, *self._timed(outcome), *self._window()]
        pending = outcome is Outcome.PENDING
        told = [self._say(sentences.UNCLEARED_YET if pending else sentences.UNCLEARED, **values)]
        if outcome is Outcome.UNDECIDABLE:
            told.append(self._undecidable())
        return [*told, *self._window(), *self._owed()]

    def _login(self, outcome: Outcome) -> list[str]:
        """What there is to say of the use of a login: nothing of it was recorded."""
        finding, why = self._finding, self._finding.why
        if outcome is Outcome.BROKEN:
            several = {
                name: ", ".join(map(str, why.get(name, ()))) for name in ("persons", "places")
            }
            told = [self._say(sentences.BROKEN[finding.code], **several)]
        elif outcome is Outcome.UNDECIDABLE:
            told = [self._say(sentences.UNDECIDED, reason=self._reason(), asks=self._asks)]
        else:
            word = self._speaker.say_outcome(outcome)
            told = [self._say(sentences.OTHERWISE, outcome=word, asks=self._asks)]
        if finding.lo is not None and finding.hi is not None:
            shown = {
                "from_": self._times.instant(finding.lo),
                "until": self._times.instant(finding.hi),
            }
            times = why.get("times", 1)
            message = sentences.USED if times == 1 else sentences.USED_TIMES
            told.append(self._say(message, n=times, **shown))
        return told

    def _too_few(self, outcome: Outcome) -> list[str]:
        """What there is to say of a floor that is asked for."""
        message = {
            Outcome.MET: sentences.ENOUGH,
            Outcome.LATE: sentences.ENOUGH_LATE,
            Outcome.PENDING: sentences.NOT_ENOUGH_YET,
        }.get(outcome, sentences.BROKEN["too-few"])
        told = [self._say(message, **self._values())]
        if outcome is Outcome.UNDECIDABLE:
            told = [self._undecidable()]
        if outcome is Outcome.LATE:
            told += [*self._recorded(), *self._timed(outcome)]
        void = self._finding.why.get("void")
        if void is not None:
            told.append(self._say(sentences.EARLIER_VOID, number=void))
        owed = [] if outcome in (Outcome.MET, Outcome.LATE) else self._owed()
        return [*told, *self._window(), *owed]

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
            "account",
            "by",
            "closes",
            "count",
            "day",
            "found",
            "group",
            "level",
            "marker",
            "name",
            "persons",
            "places",
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
