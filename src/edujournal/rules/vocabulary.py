"""The vocabulary of a regulation: kinds of work, scales, conversions, markers, reason codes.

A code means something only within its regulation; nothing here is known to the library by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Final

from attrs import field, frozen

from edujournal.rules.numbers import ONE, ZERO, Step, exact
from edujournal.rules.rule_kinds import Words
from edujournal.rules.selectors import Selector
from edujournal.rules.terms import Anchored, Shift, Term
from edujournal.rules.verdicts import Effect

#: Kinds of scales.
SCALE_KINDS: Final = ("numeric", "letter", "credit", "points", "levels", "descriptive")

#: What a marker tells of: a result, attendance, a debt, or nothing that counts.
FAMILIES: Final = ("result", "attendance", "debt", "note")

#: What a marker may be given for.
MARKER_SCOPES: Final = ("lesson", "work", "subject", "period", "year")

#: Features of a group, and of a subject, by which a marker is suggested.
OF_GROUP: Final = frozenset(
    {"class", "grade", "group", "group_kind", "level", "parallel", "profile", "shift"}
)
OF_SUBJECT: Final = frozenset({"subject", "subject_tag"})


@frozen(kw_only=True)
class WorkKind:
    """A kind of work and what is known of it.

    *Version added: 0.1.*

    Attributes:
        code: The code.
        title: What people call it.
        control: Whether it is a control work.
        written: Whether it is done in writing.
        weight: How much a mark for it weighs in a weighted mean; 0 keeps it out.
        extra: Whether a mark for it only adds: to the sum, never to what the sum is divided by.
    """

    code: str
    title: Words
    control: bool = False
    written: bool = False
    weight: Fraction = ONE
    extra: bool = False


@frozen
class Reading:
    """A value of a scale, read.

    *Version added: 0.1.*

    Attributes:
        base: The value without its modifier.
        modifier: Such as ``-`` in ``5-``; empty where there is none.
    """

    base: str
    modifier: str = ""


@lru_cache(maxsize=4_096)
def _within(text: str, least: int | None, most: int | None, decimals: int) -> bool:
    """Tell whether *text* is a number between two others, with so many digits after the point."""
    number = exact(text)
    return (
        number is not None
        and (least is None or number >= least)
        and (most is None or number <= most)
        and (number * 10**decimals).denominator == 1
    )


@frozen(kw_only=True)
class Scale:
    """The values that a mark may have.

    *Version added: 0.1.*

    Attributes:
        code: Code of the scale.
        title: What people call it.
        kind: ``numeric``, ``letter``, ``credit``, ``points``, ``levels`` or ``descriptive``; None
            promises nothing beyond the other fields.
        values: The codes or numbers allowed, from the worst to the best where they are no numbers;
            or empty where *least* and *most* bound them.
        least: Least number.
        most: Greatest number.
        decimals: Digits allowed after the point.
        numbers: What values are worth in a mean, where they are no numbers themselves.
        modifiers: What may follow a value, such as ``+`` and ``-``, and what it adds to its worth.
        lower_is_better: Whether the least number is the best, as where 1 is the top mark.
        passing_from: The least good value that is a success.
        good_from: The least good value that counts for quality.
        learned: Degree of learning that a value stands for, in percent.
    """

    code: str
    title: Words
    kind: str | None = None
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    numbers: Mapping[str, Fraction] = field(factory=dict, hash=False)
    modifiers: Mapping[str, Fraction] = field(factory=dict, hash=False)
    lower_is_better: bool = False
    passing_from: str | None = None
    good_from: str | None = None
    learned: Mapping[str, Fraction] = field(factory=dict, hash=False)

    def read(self, value: object) -> Reading | None:
        """Take *value* apart; None if it does not belong to the scale."""
        if isinstance(value, bool):
            return None
        text = str(value)
        if self._has(text):
            return Reading(text)
        for modifier in sorted(self.modifiers, key=len, reverse=True):
            base = text.removesuffix(modifier)
            if modifier and base != text and self._has(base):
                return Reading(base, modifier)
        return None

    def _has(self, text: str) -> bool:
        if self.values:
            return text in self.values
        return _within(text, self.least, self.most, self.decimals)

    def allows(self, value: object) -> bool:
        """Tell whether *value* belongs to the scale."""
        return self.read(value) is not None

    def worth(self, value: object) -> Fraction | None:
        """What *value* is worth in a mean; None for one that is not counted, or not of the scale."""
        reading = self.read(value)
        return None if reading is None else self._worth(reading)

    def _worth(self, reading: Reading) -> Fraction | None:
        number = self.numbers.get(reading.base)
        if number is None:
            number = exact(reading.base)
        return None if number is None else number + self.modifiers.get(reading.modifier, ZERO)

    def rank(self, value: object) -> Fraction | None:
        """How good *value* is among those of the scale: the greater, the better.

        By what it is worth, else by its place among the values. None if it is not of the scale.
        """
        reading = self.read(value)
        if reading is None:
            return None
        if not self.is_counted:
            place = Fraction(self.values.index(reading.base))
            return place + self.modifiers.get(reading.modifier, ZERO)
        worth = self._worth(reading)
        return None if worth is None else -worth if self.lower_is_better else worth

    @cached_property
    def is_counted(self) -> bool:
        """Whether every value is worth a number, so that means can be taken."""
        return all(self._worth(Reading(value)) is not None for value in self.values)

    def is_passing(self, value: object) -> bool | None:
        """Tell whether *value* is a success; None where the regulation does not say."""
        return self._from(self.passing_from, value)

    def is_good(self, value: object) -> bool | None:
        """Tell whether *value* counts for quality; None where the regulation does not say."""
        return self._from(self.good_from, value)

    def _from(self, limit: str | None, value: object) -> bool | None:
        rank = self.rank(value)
        least = None if limit is None else self.rank(limit)
        return None if rank is None or least is None else rank >= least

    def learning(self, value: object) -> Fraction | None:
        """Degree of learning that *value* stands for, in percent; None where none is given."""
        reading = self.read(value)
        return None if reading is None else self.learned.get(reading.base)


@frozen(kw_only=True)
class Conversion:
    """A table by which a value of one scale is said in another.

    *Version added: 0.1.*

    Attributes:
        code: Code of the table.
        source: Code of the scale that is read.
        target: Code of the scale that is given.
        version: Version of the table; a converted value names it.
        values: What each value is, where the table lists them.
        steps: From which worth on which value is given.
        percent: Whether *steps* are percents of the greatest worth possible.
    """

    code: str
    source: str
    target: str
    version: str = "1"
    values: Mapping[str, str] = field(factory=dict, hash=False)
    steps: tuple[Step, ...] = ()
    percent: bool = False


@frozen(kw_only=True)
class Expiry:
    """What a marker becomes when its time has run out.

    *Version added: 0.1.*

    Attributes:
        after: How long it stands, counted from when it was recorded; to the end of the day for
            units of a day and more.
        by: The moment at which it ends, as a term. With neither *after* nor *by* each entry says
            itself until when it holds.
        marker: Code of the marker that takes its place, or None with *value*.
        value: Mark that takes its place, or None with *marker*.
    """

    after: Shift | None = None
    by: Term | None = None
    marker: str | None = None
    value: str | None = None

    @cached_property
    def term(self) -> Term | None:
        """The moment at which it ends, as a term; None where only the entry itself says."""
        if self.after is None:
            return self.by
        is_clock = self.after.unit in ("minutes", "hours")
        return Anchored("entry.recorded", self.after, "none", "none" if is_clock else "end_of_day")


@frozen(kw_only=True)
class MarkerKind:
    """A special marker of the regulation.

    *Version added: 0.1.*

    Attributes:
        code: The code.
        title: What it means.
        aliases: Other spellings of the code.
        family: ``result``, ``attendance``, ``debt`` or ``note``.
        clause: Clause that speaks of it; findings about it cite that one.
        value: Mark that it stands for, or None.
        in_mean: Whether that mark enters the mean.
        in_denominator: Whether who bears it is counted among those who should have a result.
        fills_cell: Whether it stands where a mark is owed.
        fulfils_period: Whether it stands where a period result is owed.
        excused: Whether it excuses an absence; None says nothing.
        coexists_with_mark: Whether a mark may stand beside it.
        set_by: Roles that may set it; empty for every role that may write markers.
        replaced_by: What written later takes its place: codes of markers, ``mark``, ``makeup``.
        expires: When it ends, and what it becomes; None if never.
        printed: How it is printed, by form; the code where a form is not named.
        exported: What it is called elsewhere, by system.
        needs_ground: Whether it is set with a ground only.
        scopes: What it may be given for: ``lesson``, ``work``, ``subject``, ``period``, ``year``.
        suggested_for: Pupils of which groups should have it, in which subjects; None suggests nothing.
        always_for: Where it holds without being set, for every pupil: a way of teaching.
        learned: Degree of learning that it stands for, in percent; None for none.
        on_breach: What a breach of these conditions does to a write.
    """

    code: str
    title: Words
    aliases: tuple[str, ...] = ()
    family: str = "result"
    clause: str | None = None
    value: str | None = None
    in_mean: bool = False
    in_denominator: bool = True
    fills_cell: bool = True
    fulfils_period: bool = False
    excused: bool | None = None
    coexists_with_mark: bool = True
    set_by: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    expires: Expiry | None = None
    printed: Mapping[str, str] = field(factory=dict, hash=False)
    exported: Mapping[str, str] = field(factory=dict, hash=False)
    needs_ground: bool = False
    scopes: tuple[str, ...] = MARKER_SCOPES
    suggested_for: Selector | None = None
    always_for: Selector | None = None
    learned: Fraction | None = None
    on_breach: Effect = Effect.REFUSE

    def printed_in(self, form: str) -> str:
        """How it is printed in *form*, such as ``page``, ``diary`` or ``sheet``; else its code."""
        return self.printed.get(form, self.code)

    def called_in(self, system: str) -> str:
        """What it is called in another *system*; its code where the regulation does not say."""
        return self.exported.get(system, self.code)


@frozen(kw_only=True)
class AbsenceCode:
    """A reason code of the roll call.

    *Version added: 0.1.*

    Attributes:
        code: The code.
        title: What it means.
        excused: Whether it excuses; None where that is not known yet.
        absent: False for a pupil who was there, only late.
    """

    code: str
    title: Words
    excused: bool | None = None
    absent: bool = True
