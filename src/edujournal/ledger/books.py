"""The state of a book: the fold of its entries, kept so that one more entry costs one more step."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from edujournal.ledger.records import ZERO_HASH
from edujournal.ledger.validity import NO_FENCES, Fences, Standing, fences_of
from edujournal.model.entries import Entry
from edujournal.model.occasions import Work
from edujournal.model.people import Kleene


class BookState:
    """What a book says after its first *number* entries.

    A fold: it takes entries in order and nothing else, so that two readers of the same entries see
    the same. Originals are never changed; a correction is looked through by :meth:`reading`.

    *Version added: 0.1.*
    """

    __slots__ = (
        "_about",
        "_annulled",
        "_approvals",
        "_changes",
        "_fences",
        "_keys",
        "_kinds",
        "_latest",
        "_pupil",
        "_works_at",
        "book",
        "entries",
        "fences",
        "hash",
        "hidden",
    )

    def __init__(self, book: str) -> None:
        self.book = book
        self.hash = ZERO_HASH
        self.entries: list[Entry] = []
        self._latest: list[int] = []
        self._about: dict[tuple[str, str], list[int]] = {}
        self._pupil: dict[tuple[str, str, str], list[int]] = {}
        self._changes: dict[int, list[int]] = {}
        self._annulled: dict[int, list[int]] = {}
        self._keys: dict[tuple[str, str], list[int]] = {}
        self._works_at: dict[str, list[int]] = {}
        self._kinds: dict[str, list[int]] = {}
        self._approvals: dict[int, list[int]] = {}
        self._fences: tuple[int, Fences] = (0, NO_FENCES)
        #: Which entries of reported accounts do not count; set by whoever knows the school book.
        self.fences: Fences = NO_FENCES
        #: Entries whose texts a restriction hides; set by :meth:`hide`.
        self.hidden: frozenset[int] = frozenset()

    @property
    def number(self) -> int:
        """Number of the last entry; 0 for an empty book."""
        return len(self.entries)

    def apply(self, entry: Entry) -> None:
        """Take one more entry, the next in order.

        One of no kind stands for entries that are not looked at: for all up to its number.
        """
        if not entry.kind and entry.number > len(self.entries):
            missing = entry.number - len(self.entries)
            self._latest.extend([self._latest[-1] if self._latest else 0] * missing)
            self.entries.extend([entry] * missing)
            return
        if entry.number != len(self.entries) + 1:
            raise ValueError(
                f"{self.book}: expected entry {len(self.entries) + 1}, found {entry.number}"
            )
        number = entry.number
        self._latest.append(max(entry.at, self._latest[-1]) if self._latest else entry.at)
        self.entries.append(entry)
        self.hash = entry.hash or self.hash
        self._about.setdefault((entry.kind, entry.about), []).append(number)
        self._kinds.setdefault(entry.kind, []).append(number)
        if entry.pupil is not None:
            self._pupil.setdefault((entry.kind, entry.about, entry.pupil), []).append(number)
        if entry.key is not None:
            self._keys.setdefault((entry.by.account, entry.key), []).append(number)
        placed = _placed_at(entry)
        if placed is not None:
            lesson, work = placed
            self._works_at.setdefault(lesson, []).append(work)
        if entry.target is not None:
            if entry.kind == "correction":
                self._changes.setdefault(entry.target, []).append(number)
            elif entry.kind == "annulment":
                self._annulled.setdefault(entry.target, []).append(number)
            elif entry.kind == "approval":
                self._approvals.setdefault(entry.target, []).append(number)

    def rewind(self, number: int) -> None:
        """Forget every entry after *number*: an act that was tried and not written."""
        while len(self.entries) > number:
            entry = self.entries.pop()
            self._latest.pop()
            if not entry.kind:
                continue
            _take(self._about, (entry.kind, entry.about))
            _take(self._kinds, entry.kind)
            if entry.pupil is not None:
                _take(self._pupil, (entry.kind, entry.about, entry.pupil))
            if entry.key is not None:
                _take(self._keys, (entry.by.account, entry.key))
            placed = _placed_at(entry)
            if placed is not None:
                _take(self._works_at, placed[0])
            if entry.target is not None:
                if entry.kind == "correction":
                    _take(self._changes, entry.target)
                elif entry.kind == "annulment":
                    _take(self._annulled, entry.target)
                elif entry.kind == "approval":
                    _take(self._approvals, entry.target)
        self.hash = self.entries[-1].hash if self.entries else ZERO_HASH

    def hide(self, numbers: Iterable[int]) -> None:
        """Take the texts of the entries *numbers*, and of their changes, out of this state.

        They read as if they had been erased; the book keeps them.
        """
        self.hidden = frozenset(numbers)
        for place, entry in enumerate(self.entries) if self.hidden else ():
            if entry.texts and not self.hidden.isdisjoint((entry.number, entry.target)):
                self.entries[place] = entry.with_values(entry.values, dict.fromkeys(entry.texts))

    # -- questions -------------------------------------------------------------------------------

    def before(self, at: int) -> int:
        """How many entries came before the instant *at*: those up to the first that did not.

        Entries stand in the order in which they came, also where a clock was set back.
        """
        return bisect_left(self._latest, at)

    def entries_until(self, at: int | None) -> Iterator[Entry]:
        """The entries that came before the instant *at*, in order; all of them where it is None."""
        return iter(self.entries[: None if at is None else self.before(at)])

    def entry(self, number: int) -> Entry | None:
        """The entry with *number* as it was written, or None."""
        return self.entries[number - 1] if 0 < number <= len(self.entries) else None

    def keyed(self, account: str, key: str) -> Sequence[int]:
        """Numbers of the entries that bear the client key *key* of *account*."""
        return self._keys.get((account, key), ())

    def about(self, kind: str, about: str) -> Iterator[Entry]:
        """Entries of *kind* about an occasion that stand, as written, in order."""
        for number in self._about.get((kind, about), ()):
            entry = self.entries[number - 1]
            if self.stands(entry):
                yield entry

    def of_pupil(self, kind: str, about: str, pupil: str) -> Iterator[Entry]:
        """Entries of *kind* about an occasion and a pupil that stand, as written, in order."""
        for number in self._pupil.get((kind, about, pupil), ()):
            entry = self.entries[number - 1]
            if self.stands(entry):
                yield entry

    def of_kind(self, kind: str) -> Iterator[Entry]:
        """Entries of *kind* that stand, as written, in order."""
        for number in self._kinds.get(kind, ()):
            entry = self.entries[number - 1]
            if self.stands(entry):
                yield entry

    def ever(
        self, kind: str, about: str | None = None, pupil: str | None = None
    ) -> Iterator[Entry]:
        """Entries of *kind*, of an occasion, of a pupil there, as written, standing or not, in order."""
        if about is None:
            numbers = self._kinds.get(kind, ())
        elif pupil is None:
            numbers = self._about.get((kind, about), ())
        else:
            numbers = self._pupil.get((kind, about, pupil), ())
        for number in numbers:
            yield self.entries[number - 1]

    def has(self, kind: str, about: str | None = None) -> bool:
        """Whether there is an entry of *kind*, about an occasion where one is named, standing or not."""
        return kind in self._kinds if about is None else (kind, about) in self._about

    @property
    def all_stands(self) -> bool:
        """Whether nothing here can be annulled or void: nobody has annulled, declined or reported."""
        return not (self._annulled or self.fences.by_account or "confirmation" in self._kinds)

    def stands(self, entry: Entry) -> bool:
        """Tell whether *entry* is neither annulled nor void."""
        if self.all_stands:
            return True
        return not self._is_annulled(entry.number) and not self.is_void(entry)

    def is_void(self, entry: Entry) -> bool:
        """Tell whether *entry* is void: by a declined substitution, or by a fence."""
        return self._is_declined(entry) or self._is_fenced(entry)

    def voided_at(self, entry: Entry) -> int | None:
        """Instant of the act by which *entry* became void; None if it is not void."""
        fence = self.fences.report_of(entry)
        if fence is not None and self._is_fenced(entry):
            return fence.act.at
        if not self._is_declined(entry):
            return None
        return max(
            one.at
            for one in self._plain("confirmation", f"lesson:{entry.lesson}")
            if one.values.get("accept") is False
        )

    def taken_back(
        self, kind: str, about: str, pupil: str | None = None
    ) -> Iterator[tuple[Entry, int]]:
        """Entries of *kind* about an occasion that were annulled, each with the instant of it.

        With *pupil* only those about the pupil.
        """
        for entry in self.ever(kind, about, pupil):
            by = self.annulled_by(entry.number)
            if by is not None:
                yield entry, self.entries[by - 1].at

    def is_doubtful(self, entry: Entry) -> bool:
        """Tell whether *entry* is doubtful; it counts, and is shown as such."""
        return self.fences.standing(entry) is Standing.DOUBTFUL

    def void_about(self, kind: str, about: str, pupil: str | None = None) -> Iterator[Entry]:
        """Entries of *kind* about an occasion that are void, as written, in order.

        With *pupil* only those about the pupil.
        """
        for entry in self.ever(kind, about, pupil):
            if not self._is_annulled(entry.number) and self.is_void(entry):
                yield entry

    @property
    def own_fences(self) -> Fences:
        """The fences that the reports in this very book set; for a school book."""
        if "compromise" not in self._kinds:
            return NO_FENCES
        if self._fences[0] != self.number:
            self._fences = (self.number, fences_of(self.entries))
        return self._fences[1]

    def _is_annulled(self, number: int) -> bool:
        return number in self._annulled and self.annulled_by(number) is not None

    def annulled_by(self, number: int) -> int | None:
        """Number of the annulment of entry *number*, or None.

        One that is void annuls nothing, nor does one that still waits for agreement.
        """
        for by in self._annulled.get(number, ()):
            one = self.entries[by - 1]
            if not self.is_void(one) and self.is_approved(one):
                return by
        return None

    def corrections(self, number: int) -> Iterator[Entry]:
        """Corrections of entry *number* that stand, in order."""
        for change in self._changes.get(number, ()):
            entry = self.entries[change - 1]
            if self.stands(entry) and self.is_approved(entry):
                yield entry

    def is_approved(self, entry: Entry) -> bool:
        """Tell whether a change has all the agreement that it needs; most need none."""
        return self.agreement(entry) is Kleene.YES

    def agreement(self, entry: Entry) -> Kleene:
        """Tell whether others have agreed to a change as it needs; most need none.

        Not known where it hangs on an imported approval that does not say whose it is or in which
        role it was given, or where it is not known who made the change.
        """
        needs = entry.values.get("needs")
        if needs is None:
            return Kleene.YES
        own = hands_of(entry)
        sure: set[str] = set()
        perhaps = 0
        for one in self.approvals(entry.number):
            hands, role = hands_of(one), one.values.get("role", one.role)
            if not hands or not own or not role:
                perhaps += not hands & own and (not role or role in needs["roles"])
            elif role in needs["roles"] and not hands & own:
                sure.add(str(one.author))
        if len(sure) >= int(needs["count"]):
            return Kleene.YES
        return Kleene.UNKNOWN if len(sure) + perhaps >= int(needs["count"]) else Kleene.NO

    def approvals(self, number: int) -> Iterator[Entry]:
        """Approvals of the change *number* that stand, in order; those made before it are of nothing."""
        for by in self._approvals.get(number, ()):
            one = self.entries[by - 1]
            if by > number and self.stands(one):
                yield one

    def reading(self, entry: Entry) -> Entry:
        """*entry* as it reads after its corrections."""
        changes = list(self.corrections(entry.number)) if entry.number in self._changes else []
        if not changes:
            return entry
        values = dict(entry.values)
        texts = dict(entry.texts)
        for change in changes:
            values = changed(values, change.values.get("change", {}))
            for name, text in change.texts.items():
                if name.startswith("new."):
                    texts[name.removeprefix("new.")] = text
        return entry.with_values(values, texts)

    # -- substitutions ---------------------------------------------------------------------------

    def claims(self, about: str) -> Iterator[tuple[Entry, bool | None]]:
        """Substitutions recorded for a lesson, each with the administration's answer, or None."""
        answers = {
            entry.target: bool(entry.values.get("accept"))
            for entry in self._plain("confirmation", about)
        }
        for entry in self._plain("substitution", about):
            yield entry, answers.get(entry.number)

    def _plain(self, kind: str, about: str) -> Iterator[Entry]:
        """Claims and answers that stand. None of them is void for being declined: they are what declines."""
        for number in self._about.get((kind, about), ()):
            entry = self.entries[number - 1]
            if not self._is_fenced(entry) and not any(
                not self._is_fenced(one) and self.is_approved(one)
                for one in (self.entries[by - 1] for by in self._annulled.get(number, ()))
            ):
                yield entry

    def _is_fenced(self, entry: Entry) -> bool:
        return self.fences.standing(entry) is Standing.VOID

    def _is_declined(self, entry: Entry) -> bool:
        if entry.role != "substitute":
            return False
        about = f"lesson:{entry.lesson}"
        if ("confirmation", about) not in self._about:
            return False
        return any(
            answer is False and claim.values.get("teacher") == entry.author
            for claim, answer in self.claims(about)
        )

    # -- roll calls ------------------------------------------------------------------------------

    def roll(self, about: str) -> Entry | None:
        """The roll call of a lesson that stands first, as it reads now, or None."""
        first = next(self.about("roll", about), None)
        return None if first is None else self.reading(first)

    def absence(self, about: str, pupil: str) -> Mapping[str, Any] | None:
        """How *pupil* missed a lesson, by the roll call as it reads now; None if there or no roll."""
        roll = self.roll(about)
        return None if roll is None else absence_in(roll, pupil)

    # -- works -----------------------------------------------------------------------------------

    def work(self, id: str) -> Work | None:
        """The work with *id* as it was declared and corrected, or None."""
        first = next(self.about("work", f"work:{id}"), None)
        if first is None:
            return None
        return declared_work(id, self.reading(first).values)

    def works(self) -> Iterator[Work]:
        """Every work declared here that stands."""
        for kind, about in list(self._about):
            if kind == "work":
                found = self.work(about.removeprefix("work:"))
                if found is not None:
                    yield found

    def declares_at(self, lesson: str) -> bool:
        """Whether a work was ever declared at *lesson*, or moved to it."""
        return lesson in self._works_at

    def work_at(self, lesson: str, kind: str | None) -> Work | None:
        """The one work of *kind* declared at *lesson*; None if there is none, or more than one."""
        names = dict.fromkeys(self.entries[n - 1].about for n in self._works_at.get(lesson, ()))
        found = [
            work
            for name in names
            if (work := self.work(name.removeprefix("work:"))) is not None
            and work.lesson == lesson
            and work.kind == kind
        ]
        return found[0] if len(found) == 1 else None

    def occasions(self, *kinds: str) -> Iterator[str]:
        """Names of the occasions about which there is an entry of one of *kinds*, as first met."""
        seen: set[str] = set()
        for kind, about in self._about:
            if kind in kinds and about not in seen:
                seen.add(about)
                yield about


def hands_of(entry: Entry) -> frozenset[str]:
    """Accounts whose act *entry* is: who acted, and for whom; none where an import does not say."""
    if entry.evidence is None:
        return frozenset({entry.by.account, str(entry.author)})
    return frozenset() if entry.author is None else frozenset({entry.author})


def declared_work(id: str, values: Mapping[str, Any]) -> Work:
    """The work that a declaration with these values speaks of."""
    return Work(
        id,
        kind=values.get("kind"),
        purpose=values.get("purpose"),
        held=_date(values.get("held")),
        lesson=values.get("lesson"),
        due=_date(values.get("due")),
        weight=values.get("weight"),
        points=values.get("points"),
    )


def fold(book: str, entries: Iterable[Entry]) -> BookState:
    """The state of *book* after *entries*."""
    state = BookState(book)
    for entry in entries:
        state.apply(entry)
    return state


def changed(values: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """*values* after one correction. A roll call's ``absent`` is changed pupil by pupil."""
    result = dict(values)
    for name, value in change.items():
        if name == "absent":
            rows = {row["pupil"]: row for row in result.get("absent", ())}
            for row in value:
                if "code" in row:
                    rows[row["pupil"]] = row
                else:
                    rows.pop(row["pupil"], None)
            result["absent"] = [rows[pupil] for pupil in sorted(rows)]
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def _placed_at(entry: Entry) -> tuple[str, int] | None:
    """The lesson at which *entry* puts a work, and the number of the work; None if it puts none."""
    change = entry.values.get("change", {}) if entry.kind == "correction" else entry.values
    lesson, number = change.get("lesson"), entry.target or entry.number
    is_work = entry.kind in ("work", "correction") and number <= entry.number
    return (lesson, number) if is_work and lesson is not None else None


def absence_in(roll: Entry, pupil: str) -> Mapping[str, Any] | None:
    """How *pupil* missed the lesson by a roll call, as it reads; None if it does not name the pupil."""
    for row in roll.values.get("absent", ()):
        if row["pupil"] == pupil:
            found: Mapping[str, Any] = row
            return found
    return None


def _take(index: dict[Any, list[int]], key: Any) -> None:
    numbers = index[key]
    numbers.pop()
    if not numbers:
        del index[key]


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
