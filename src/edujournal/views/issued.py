"""Copies of papers that were issued, and what has become since of what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.ids import split_about
from edujournal.views.cells import Source, source_of


@frozen
class Touch:
    """Something that an issued copy shows, and that was changed afterwards.

    *Version added: 0.1.*

    Attributes:
        book: Name of the book.
        entry: Number of the entry that the copy shows.
        kind: Kind of its record, such as ``mark``.
        about: What it is about.
        pupil: Whom it is about, or None.
        what: ``correction``, ``annulment`` or ``void``.
        act: Number of the correction or annulment in that book; None where a report, or the answer to
            a substitution, made it void.
    """

    book: str
    entry: int
    kind: str
    about: str
    pupil: str | None
    what: str
    act: int | None


@frozen(kw_only=True)
class IssuedCopy:
    """A copy of a paper that was issued.

    *Version added: 0.1.*

    Attributes:
        id: Name of the copy.
        paper: Kind of paper, such as ``sheet``.
        of: What it is of, such as ``7A/2026``.
        version: Which version of that paper it is, from 1; copies of one content are of one version.
        latest: Whether no later version was issued.
        digest: Digest of its content.
        file: SHA-256 of its file, or None.
        origin: Name of the log that certifies it, or None.
        size: How many seals that log had, or None.
        root: Root of that log, in hexadecimal, or None.
        made_of: Book → number of the last entry that was read for it.
        signed_by: Accounts of those who signed it.
        to: To whom it was issued; None if nobody said, or it was erased.
        pupil: Whom it is about, or None.
        source: The entry; its hand and its moment tell who issued it and when.
        touched: What has become since of what it shows.
    """

    id: str
    paper: str
    of: str
    version: int
    latest: bool
    digest: str
    file: str | None
    origin: str | None
    size: int | None
    root: str | None
    made_of: Mapping[str, int] = field(hash=False)
    signed_by: tuple[str, ...]
    to: str | None = field(repr=False)
    pupil: str | None
    source: Source
    touched: tuple[Touch, ...]


def issued(
    school: BookState, states: Callable[[str], BookState], *, everything: bool = False
) -> tuple[IssuedCopy, ...]:
    """Fold the register of issued copies, and look up what has become of what each shows.

    Args:
        school: What the school book of the year says.
        states: Gives what a book says, by its name.
        everything: Also copies whose issue was annulled or is void.

    Source: clauses 2.14, 3.4. *Version added: 0.1.*
    """
    entries = [
        entry
        for entry in school.entries
        if entry.kind == "issue" and (everything or school.stands(entry))
    ]
    versions: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        known = versions.setdefault(_paper_of(entry), [])
        if entry.values["digest"] not in known:
            known.append(entry.values["digest"])
    return tuple(_copy(entry, school, states, versions[_paper_of(entry)]) for entry in entries)


def touching(
    copies: Iterable[IssuedCopy], book: str, acts: Iterable[int]
) -> tuple[IssuedCopy, ...]:
    """Those of *copies* that show what was changed by acts of *book*.

    *Version added: 0.1.*
    """
    wanted = {(book, act) for act in acts}
    return tuple(
        copy for copy in copies if any((one.book, one.act) in wanted for one in copy.touched)
    )


def _paper_of(entry: Entry) -> tuple[str, str]:
    return str(entry.values["paper"]), str(entry.values["of"])


def _copy(
    entry: Entry,
    school: BookState,
    states: Callable[[str], BookState],
    versions: Sequence[str],
) -> IssuedCopy:
    now = school.reading(entry)
    values, log = now.values, now.values.get("log") or {}
    version = versions.index(entry.values["digest"]) + 1
    made_of = {row["book"]: int(row["n"]) for row in values["made_of"]}
    return IssuedCopy(
        id=split_about(entry.about)[1],
        paper=values["paper"],
        of=values["of"],
        version=version,
        latest=version == len(versions),
        digest=values["digest"],
        file=values.get("file"),
        origin=log.get("origin"),
        size=log.get("size"),
        root=log.get("root"),
        made_of=made_of,
        signed_by=tuple(values.get("signed_by", ())),
        to=now.texts.get("to"),
        pupil=now.pupil,
        source=source_of(entry, school),
        touched=tuple(
            touch
            for row in values["shows"]
            for touch in _touches(states(row["book"]), row["n"], now.pupil)
        ),
    )


def _touches(
    state: BookState, stretches: Iterable[Sequence[int]], pupil: str | None
) -> Iterator[Touch]:
    """What became of the entries shown, all of which stood; of a roll, only for *pupil* if any."""
    shown = {n for first, last in stretches for n in range(first, last + 1)}
    corrected: dict[int, list[int]] = {}
    for number in sorted(shown):
        one = state.entry(number)
        if one is not None and one.kind == "correction" and one.target is not None:
            corrected.setdefault(one.target, []).append(number)
    for number in sorted(shown):
        entry = state.entry(number)
        if entry is None or entry.kind in ("annulment", "correction"):
            continue
        for what, act in dict.fromkeys(_changes(entry, state, corrected.get(number, ()), pupil)):
            yield Touch(state.book, number, entry.kind, entry.about, entry.pupil, what, act)


def _changes(
    entry: Entry, state: BookState, shown: Sequence[int], pupil: str | None
) -> Iterator[tuple[str, int | None]]:
    """What became of an entry, of which the corrections *shown* are shown."""
    by = state.annulled_by(entry.number)
    if by is not None:
        yield "annulment", by
    if state.is_void(entry):
        yield "void", None
    standing = {one.number: one for one in state.corrections(entry.number)}
    for number, one in standing.items():
        if number not in shown and _concerns(one, entry, pupil):
            yield "correction", number
    if any(number not in standing for number in shown):
        # A correction that the copy shows became void: the entry reads as before it.
        yield "void", None


def _concerns(correction: Entry, entry: Entry, pupil: str | None) -> bool:
    """Whether a correction changes what a copy about *pupil* shows: a roll is about a whole class."""
    if pupil is None or entry.kind != "roll":
        return True
    return any(row["pupil"] == pupil for row in correction.values["change"].get("absent", ()))
