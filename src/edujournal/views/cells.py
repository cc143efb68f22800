"""Cells: what stands in a journal about one pupil at one occasion, each thing with its entry.

Marks, markers, absence, make-ups and comments are independent of each other; a cell has any of them.
What was annulled or became void stays in its cell and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from attrs import evolve, field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.rules.clauses import Regulation
from edujournal.rules.given import span_of, stage_of
from edujournal.rules.inputs import work_kind
from edujournal.rules.vocabulary import MarkerKind
from edujournal.rules.worth import Missed, Sign, Worth, printed, worth

#: A mark's value as bodies keep it: a whole number, or text.
Value = int | str


@frozen
class Source:
    """The entry that something on a view comes from, and what became of it.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        entry: Number of the entry.
        by: Account whose hand it was; None where an import did not know.
        at: Instant of recording, UTC microseconds.
        corrected: Numbers of the corrections that stand, in order.
        annulled: Number of the annulment, or None.
        void: Whether it is void, such as what a declined substitute wrote.
        doubtful: Whether it is doubtful: it counts, but its account was reported.
        since: Instant from which it counts where time made it; None for what somebody recorded.
        made_of: Number of the marker that time made it of, or None.
    """

    book: str
    entry: int
    by: str | None
    at: int
    corrected: tuple[int, ...] = ()
    annulled: int | None = None
    void: bool = False
    doubtful: bool = False
    since: int | None = field(default=None, kw_only=True)
    made_of: int | None = field(default=None, kw_only=True)

    @property
    def stands(self) -> bool:
        """Whether it is neither annulled nor void."""
        return self.annulled is None and not self.void


def source_of(entry: Entry, state: BookState) -> Source:
    """Where *entry* stands, and what became of it by *state*."""
    stands = state.stands(entry)
    because = entry.values.get("because")
    void = not stands and state.is_void(entry)
    return Source(
        entry.book,
        entry.number,
        entry.author,
        entry.at,
        tuple(change.number for change in state.corrections(entry.number)),
        None if stands or void else state.annulled_by(entry.number),
        void=void,
        doubtful=state.is_doubtful(entry),
        since=None if because is None else int(because["at"]),
        made_of=None if because is None else entry.target,
    )


@frozen
class CellMark:
    """A mark.

    *Version added: 0.1.*

    Attributes:
        value: Value in its scale; None where a correction took it away.
        kind: Kind of work, of the mark or of its work; None if neither says.
        work: Id of the work; None for a mark given straight to the lesson.
        scale: Scale; None for the regulation's default.
        comment: What the teacher added; None if nothing, or erased.
    """

    value: Value | None
    kind: str | None
    work: str | None
    scale: str | None
    comment: str | None = field(repr=False)
    source: Source


@frozen
class CellMarker:
    """A special marker: exempt, not assessed, ungraded, debt.

    *Version added: 0.1.*

    Attributes:
        code: Its code, as it was written.
        work: Id of the work that it is for, or None.
        ground: Why; None where nobody said, or it was erased.
        since: First day on which it holds, for one that is for the whole subject; None if always.
        until: Day before which it holds, or is to be cleared; None if open.
        stage: Stage of the result for which it stands; None for one that is not for a period.
    """

    code: str | None
    work: str | None
    ground: str | None = field(repr=False)
    source: Source
    since: date | None = None
    until: date | None = None
    stage: str | None = None


@frozen
class CellAbsence:
    """How the pupil missed the lesson, by the roll call as it reads now.

    *Version added: 0.1.*

    Attributes:
        code: Reason code.
        late: Minutes late, or None.
        source: The roll call; of its corrections those that speak of this pupil.
        left: Minutes after the start at which the pupil left, or None.
    """

    code: str
    late: int | None
    source: Source
    left: int | None = None


@frozen
class CellMakeUp:
    """A missed topic made up by protocol; it belongs to the lesson that was missed.

    *Version added: 0.1.*
    """

    value: Value | None
    scale: str | None
    protocol: str | None = field(repr=False)
    held: date | None
    examiners: tuple[str, ...]
    source: Source


@frozen
class CellComment:
    """A remark about the pupil at the lesson; *comment* is None where it was erased.

    *Version added: 0.1.*
    """

    comment: str | None = field(repr=False)
    source: Source


@frozen
class CellResult:
    """A teacher's decision for a period, the year, an exam: a value or a marker.

    *Version added: 0.1.*

    Attributes:
        value: Mark in its scale, or None with *marker*.
        marker: Code of the marker, or None with *value*.
        scale: Scale; None for the regulation's default.
        stage: ``period``, ``year``, ``exam`` or ``final``.
    """

    value: Value | None
    marker: str | None
    scale: str | None
    stage: str
    source: Source

    @property
    def text(self) -> str:
        """Value or marker, as it is written in a cell."""
        return str((self.marker or "") if self.value is None else self.value)


@frozen
class Cell:
    """Everything about one pupil at one occasion.

    *Version added: 0.1.*

    Attributes:
        marks: Marks, in the order of entries.
        markers: Markers.
        makeups: Make-ups.
        comments: Remarks.
        results: Results of the period, where the occasion is one.
        absence: How the pupil missed the lesson; None if there, or if no roll was taken.
        member: Whether the pupil was on the roll that day; None where there is no day.
        holds: Markers for the whole subject that reach the occasion; they stand elsewhere.
    """

    marks: tuple[CellMark, ...] = ()
    markers: tuple[CellMarker, ...] = ()
    makeups: tuple[CellMakeUp, ...] = ()
    comments: tuple[CellComment, ...] = ()
    results: tuple[CellResult, ...] = ()
    absence: CellAbsence | None = None
    member: bool | None = field(default=None, kw_only=True)
    holds: tuple[CellMarker, ...] = field(default=(), kw_only=True)

    def sources(self) -> Iterator[Source]:
        """The entries it is made of, one for each thing in it."""
        for things in (self.marks, self.markers, self.makeups, self.comments, self.results):
            for thing in things:
                yield thing.source
        if self.absence is not None:
            yield self.absence.source

    @property
    def entries(self) -> tuple[int, ...]:
        """Numbers of the entries it is made of, ordered."""
        return tuple(sorted({source.entry for source in self.sources()}))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded in it."""
        return next(self.sources(), None) is None

    def standing(self) -> Cell:
        """The cell without what was annulled or is void."""
        return evolve(
            self,
            marks=_standing(self.marks),
            markers=_standing(self.markers),
            makeups=_standing(self.makeups),
            comments=_standing(self.comments),
            results=_standing(self.results),
        )


_Thing = TypeVar("_Thing", CellMark, CellMarker, CellMakeUp, CellComment, CellResult)


def _standing(things: tuple[_Thing, ...]) -> tuple[_Thing, ...]:
    return tuple(thing for thing in things if thing.source.stands)


def cell_text(cell: Cell, regulations: Sequence[Regulation] = (), form: str = "page") -> str:
    """Write *cell* as short as a paper journal does: what stands in it, and nothing else.

    Values and markers come first, in the order of marks, markers, make-ups, results; then, after a
    stroke, the absence with its minutes of lateness: ``5``, ``5 4``, ``н/а``, ``Н``, ``ОП10``,
    ``5/Н``. Comments are not written.

    Args:
        cell: The cell.
        regulations: Regulations that say how markers are printed, and which have lost their place.
            Without any, markers are written by their codes.
        form: Form for which it is written: ``page``, ``diary`` or ``sheet``.

    *Version added: 0.1.*
    """
    return printed(signs_of(cell), missed_of(cell), regulations, form)


def worth_of(cell: Cell, regulation: Regulation, always: Iterable[MarkerKind] = ()) -> Worth:
    """What *cell* comes to under a regulation, by the definition that rules read.

    Args:
        cell: The cell.
        regulation: The regulation.
        always: Markers that hold there without being set.

    *Version added: 0.1.*
    """
    return worth(signs_of(cell), regulation, missed_of(cell), always)


def signs_of(cell: Cell) -> list[Sign]:
    """What stands in *cell*, as rules read it."""
    shown = cell.standing()
    found = [_sign(one.source, "mark", one.value, None, one.scale) for one in shown.marks]
    found += [
        _sign(one.source, "marker", None, one.code, None)
        for one in (*shown.markers, *cell.holds)
        if one.code is not None
    ]
    found += [_sign(one.source, "makeup", one.value, None, one.scale) for one in shown.makeups]
    found += [result_sign(one) for one in shown.results]
    return found


def result_sign(one: CellResult) -> Sign:
    """A result, as rules read it."""
    return _sign(one.source, "result", one.value, one.marker, one.scale)


def _sign(
    source: Source, what: str, value: Value | None, code: str | None, scale: str | None
) -> Sign:
    return Sign(
        key=(source.book, source.entry),
        what=what,
        value=value,
        code=code,
        scale=scale,
        since=source.at if source.since is None else source.since,
        ends=None if source.made_of is None else (source.book, source.made_of),
    )


def missed_of(cell: Cell) -> Missed | None:
    """How the lesson was missed, as rules read it."""
    absence = cell.absence
    return None if absence is None else Missed(absence.code, absence.late, absence.left)


# -- from entries ----------------------------------------------------------------------------------


def work_of(entry: Entry) -> str | None:
    """Id of the work that *entry* is about, or None."""
    kind, _, id = entry.about.partition(":")
    return id if kind == "work" else None


def mark_of(entry: Entry, state: BookState) -> CellMark:
    """The mark that *entry* says, as it reads now."""
    now = state.reading(entry)
    return CellMark(
        now.values.get("value"),
        work_kind(now, state),
        work_of(now),
        now.values.get("scale"),
        now.texts.get("comment"),
        source_of(entry, state),
    )


def marker_of(entry: Entry, state: BookState) -> CellMarker:
    """The marker that *entry* says, as it reads now."""
    now = state.reading(entry)
    since, until = span_of(now)
    for_result = now.about.startswith("period:")
    return CellMarker(
        now.values.get("code"), work_of(now), now.texts.get("ground"), source_of(entry, state),
        since, until, stage_of(now) if for_result else None,
    )  # fmt: skip


def makeup_of(entry: Entry, state: BookState) -> CellMakeUp:
    """The make-up that *entry* says, as it reads now."""
    now = state.reading(entry)
    held = now.values.get("held")
    return CellMakeUp(
        now.values.get("value"),
        now.values.get("scale"),
        now.texts.get("protocol"),
        None if held is None else date.fromisoformat(held),
        tuple(now.values.get("examiners", ())),
        source_of(entry, state),
    )


def comment_of(entry: Entry, state: BookState) -> CellComment:
    """The remark that *entry* makes, as it reads now."""
    return CellComment(state.reading(entry).texts.get("comment"), source_of(entry, state))


def result_of(entry: Entry, state: BookState) -> CellResult:
    """The result that *entry* gives, as it reads now."""
    now = state.reading(entry)
    return CellResult(
        now.values.get("value"),
        now.values.get("marker"),
        now.values.get("scale"),
        now.values.get("stage", "period"),
        source_of(entry, state),
    )


def absences_of(roll: Entry, state: BookState) -> Iterator[tuple[str, CellAbsence]]:
    """Each pupil whom the roll call *roll*, as it reads now, tells missing or late."""
    source = source_of(roll, state)
    corrections = [
        (change.number, {row["pupil"] for row in change.values["change"].get("absent", ())})
        for change in state.corrections(roll.number)
    ]
    for row in state.reading(roll).values.get("absent", ()):
        pupil = row["pupil"]
        touched = tuple(number for number, pupils in corrections if pupil in pupils)
        yield (
            pupil,
            CellAbsence(
                row["code"], row.get("late"), evolve(source, corrected=touched), row.get("left")
            ),
        )


def cell_of(
    things: Iterable[object], *, member: bool | None = None, holds: Iterable[CellMarker] = ()
) -> Cell:
    """The cell that holds *things*, each kind in the order in which they come."""
    found = list(things)
    return Cell(
        tuple(one for one in found if isinstance(one, CellMark)),
        tuple(one for one in found if isinstance(one, CellMarker)),
        tuple(one for one in found if isinstance(one, CellMakeUp)),
        tuple(one for one in found if isinstance(one, CellComment)),
        tuple(one for one in found if isinstance(one, CellResult)),
        next((one for one in found if isinstance(one, CellAbsence)), None),
        member=member,
        holds=tuple(holds),
    )
