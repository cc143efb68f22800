"""What a cell is worth: one total function over its marks, markers and absence, for rules and views alike.

Marks, markers and absence are independent: any of them may stand beside any other, and each says what
it says. A blank is no zero, an exemption no number, an absence neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from edujournal.model.entries import Entry
from edujournal.rules.clauses import Regulation
from edujournal.rules.vocabulary import MarkerKind

#: Book and number of the entry that says something.
Key = tuple[str, int]

#: Kinds of signs, in the order in which a cell is written.
SIGNS: Final = ("mark", "marker", "makeup", "result")


@frozen(kw_only=True)
class Sign:
    """One thing that stands in a cell: a mark, a marker, a make-up, a result.

    *Version added: 0.1.*

    Attributes:
        key: Book and number of its entry.
        what: ``mark``, ``marker``, ``makeup`` or ``result``.
        value: Value in a scale; None where it has none.
        code: Code of the marker, as it was written; None where it is none.
        scale: Scale of the value; None for the default.
        since: Instant from which it counts: that of its recording, or the one at which time made it.
        ends: Key of the marker that it was made from when that one's time had run out, or None.
    """

    key: Key
    what: str
    value: int | str | None = None
    code: str | None = None
    scale: str | None = None
    since: int = 0
    ends: Key | None = None


@frozen
class Missed:
    """How the lesson was missed: reason code, and minutes for one who came late or left early.

    *Version added: 0.1.*

    Attributes:
        code: Reason code.
        late: Minutes after the start at which the pupil came, or None.
        left: Minutes after the start at which the pupil left, or None.
    """

    code: str
    late: int | None = None
    left: int | None = None

    @property
    def text(self) -> str:
        """How it is written: ``Н``, ``ОП10`` for ten minutes late, ``ОП10–30`` for who left then."""
        if self.left is None:
            return self.code if self.late is None else f"{self.code}{self.late}"
        return f"{self.code}{self.late or 0}–{self.left}"


@frozen(kw_only=True)
class Worth:
    """What a cell comes to under one regulation.

    *Version added: 0.1.*

    Attributes:
        numbers: What enters the mean, by the sign it comes from.
        in_denominator: Whether who bears it is counted among those who should have a result; a marker
            that leaves the denominator takes its bearer out of it, whatever stands beside.
        filled: Whether what stands there is enough where a mark is owed.
        fulfilled: Whether it is enough where a result is owed.
        absent: Whether the pupil was not there at all.
        excused: Whether that is excused, by the reason code or by a marker; None where it is not known,
            or where nobody was absent.
        learned: Degree of learning that each sign stands for, in percent, by sign.
        debts: Signs that are debts not yet cleared.
        replaced: What has lost its place, each with what took it.
    """

    numbers: tuple[tuple[Key, Fraction], ...] = ()
    in_denominator: bool = True
    filled: bool = False
    fulfilled: bool = False
    absent: bool = False
    excused: bool | None = None
    learned: tuple[tuple[Key, Fraction], ...] = ()
    debts: tuple[Key, ...] = ()
    replaced: Mapping[Key, Key] = field(factory=dict, hash=False)


def sign_of(entry: Entry) -> Sign:
    """The sign that *entry* puts into a cell: a mark, marker, make-up or result, as it reads now."""
    values = entry.values
    because = values.get("because")
    return Sign(
        key=(entry.book, entry.number),
        what=entry.kind,
        value=values.get("value"),
        code=values.get("code") if entry.kind == "marker" else values.get("marker"),
        scale=values.get("scale"),
        since=entry.hi - 1 if because is None else int(because["at"]),
        ends=None if because is None or entry.target is None else (entry.book, entry.target),
    )


def is_absence(code: str, regulation: Regulation) -> bool:
    """Tell whether a reason code says that the pupil was not there at all.

    A code that this regulation does not have is taken for an absence.
    """
    found = regulation.find_absence(code)
    return found is None or found.absent


def replaced(signs: Sequence[Sign], regulation: Regulation) -> Mapping[Key, Key]:
    """What has lost its place in a cell, each with what took it first.

    A marker gives way to what came after it and is named by its kind (codes of markers, ``mark``,
    ``makeup``), and to what time made of it. Codes mean what *regulation* says.
    """
    found: dict[Key, Key] = {}
    for sign in signs:
        if sign.code is None:
            continue
        takers = [other for other in signs if _takes(other, sign, regulation)]
        if takers:
            found[sign.key] = min(takers, key=_order).key
    return found


def _order(sign: Sign) -> tuple[int, Key]:
    return sign.since, sign.key


def _takes(other: Sign, sign: Sign, regulation: Regulation) -> bool:
    if other.ends == sign.key:
        return True
    kind = regulation.find_marker(sign.code or "")
    if kind is None or other.key == sign.key or _order(other) < _order(sign):
        return False
    names = {_canonical(one, regulation) for one in kind.replaced_by}
    if other.code is not None:
        return _canonical(other.code, regulation) in names
    if other.value is None:
        return False
    return ("makeup" if other.what == "makeup" else "mark") in names


def _canonical(code: str, regulation: Regulation) -> str:
    kind = regulation.find_marker(code)
    return code if kind is None else kind.code


def worth(
    signs: Iterable[Sign],
    regulation: Regulation,
    missed: Missed | None = None,
    always: Iterable[MarkerKind] = (),
) -> Worth:
    """What a cell comes to: total over every combination of marks, markers and absence.

    Args:
        signs: What stands in the cell; what was annulled or is void does not.
        regulation: The regulation by whose words it is read. A code that it does not have says
            nothing in it.
        missed: What the roll call says of the pupil; None for "was there", or no roll call.
        always: Markers that hold there without being set.

    *Version added: 0.1.*
    """
    stands = tuple(signs)
    gone = replaced(stands, regulation)
    counted = [sign for sign in stands if sign.key not in gone]
    numbers: list[tuple[Key, Fraction]] = []
    learned: list[tuple[Key, Fraction]] = []
    debts: list[Key] = []
    kinds = list(always)
    valued = False
    for sign in counted:
        kind = None if sign.code is None else regulation.find_marker(sign.code)
        if kind is not None:
            kinds.append(kind)
            if kind.family == "debt":
                debts.append(sign.key)
        valued = valued or (sign.code is None and sign.value is not None)
        number, degree = _numbers(sign, kind, regulation)
        if number is not None:
            numbers.append((sign.key, number))
        if degree is not None:
            learned.append((sign.key, degree))
    absent = missed is not None and is_absence(missed.code, regulation)
    return Worth(
        numbers=tuple(numbers),
        in_denominator=all(kind.in_denominator for kind in kinds),
        filled=valued or any(kind.fills_cell for kind in kinds),
        fulfilled=valued or any(kind.fulfils_period for kind in kinds),
        absent=absent,
        excused=_excused(missed, kinds, regulation) if absent else None,
        learned=tuple(learned),
        debts=tuple(debts),
        replaced=gone,
    )


def _numbers(
    sign: Sign, kind: MarkerKind | None, regulation: Regulation
) -> tuple[Fraction | None, Fraction | None]:
    """What *sign* is worth in the mean, and the degree of learning that it stands for."""
    if sign.code is None:
        scale = regulation.find_scale(sign.scale)
        if scale is None or sign.value is None:
            return None, None
        return scale.worth(sign.value), scale.learning(sign.value)
    if kind is None:
        return None, None
    scale = regulation.find_scale(None)
    number = scale.worth(kind.value) if scale is not None and kind.in_mean else None
    return number, kind.learned


def _excused(
    missed: Missed | None, kinds: Iterable[MarkerKind], regulation: Regulation
) -> bool | None:
    said = {kind.excused for kind in kinds}
    if True in said:
        return True
    code = None if missed is None else regulation.find_absence(missed.code)
    excused = None if code is None else code.excused
    return False if excused is None and False in said else excused


def printed(
    signs: Iterable[Sign],
    missed: Missed | None = None,
    regulations: Sequence[Regulation] = (),
    form: str = "",
) -> str:
    """Write a cell as short as a paper journal does.

    Values and markers come first, in the order of :data:`SIGNS`, then, after a stroke, the absence with
    its minutes of lateness: ``5``, ``5 4``, ``н/а``, ``Н``, ``ОП10``, ``5/Н``. A marker that has lost its
    place by the first regulation that has its code is not written.

    Args:
        signs: What stands in the cell.
        missed: What the roll call says of the pupil.
        regulations: Regulations that tell how markers are printed; none leaves codes as they are.
        form: Name of the form, as the regulations' print maps have it.

    *Version added: 0.1.*
    """
    stands = tuple(signs)
    words: list[str] = []
    for what in SIGNS:
        for sign in stands:
            if sign.what == what:
                word = _word(sign, stands, regulations, form)
                if word is not None and not (sign.code is not None and word in words):
                    words.append(word)
    values = " ".join(words)
    if missed is None:
        return values
    return f"{values}/{missed.text}" if values else missed.text


def _word(
    sign: Sign, signs: Sequence[Sign], regulations: Sequence[Regulation], form: str
) -> str | None:
    """How *sign* is written; None for one that is not."""
    if sign.code is None:
        return None if sign.value is None else str(sign.value)
    own = next((one for one in regulations if one.find_marker(sign.code) is not None), None)
    if own is None:
        return sign.code
    if sign.key in replaced(signs, own):
        return None
    return own.marker(sign.code).printed_in(form)
