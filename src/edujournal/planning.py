"""Planning an act, before any lock: what the drafts say, what must be known, which books they touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from attrs import evolve, frozen

from edujournal.errors import BadInput, Unknown
from edujournal.ledger.books import BookState, hands_of
from edujournal.ledger.bytes import encode
from edujournal.ledger.drafted import Drafted, drafted_of
from edujournal.ledger.past import Past
from edujournal.ledger.records import Record
from edujournal.ledger.validity import fence_by
from edujournal.model.drafts import Compromise, Draft, Restoration
from edujournal.model.entries import CHANGES, Content, Entry
from edujournal.model.facts import Facts, Needs
from edujournal.model.ids import JournalId, class_book, school_book, year_of_book
from edujournal.model.people import BY_TIME, Actor
from edujournal.rules.around import Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.duties import OFFICE
from edujournal.rules.judging import Judge
from edujournal.rules.limits import owes_elsewhere, reach, siblings
from edujournal.rules.wanted import Wanted

Entropy = Callable[[int], bytes]

#: Kinds of draft that lead to lessons only by way of earlier entries.
_BY_EARLIER: Final = CHANGES | {"approval", "mark", "marker"}


@frozen(eq=False)
class Act:
    """One call of a writer: who, when, under which regulations, with which facts.

    Attributes:
        school: Id of the school.
        actor: Who acts.
        at: Instant of the act, read once.
        key: Client key, or None.
        judges: The regulations with the facts.
        entropy: Gives random bytes for salts.
    """

    school: str
    actor: Actor
    at: int
    key: str | None
    judges: Sequence[Judge]
    entropy: Entropy

    @property
    def facts(self) -> Facts:
        """What the school's data says."""
        return self.judges[0].facts


def needs_of(drafts: Iterable[Draft], actor: Actor, wanted: Wanted) -> tuple[list[Drafted], Needs]:
    """What the drafts say, and what must be known to judge them.

    What hangs on earlier entries is added by :func:`with_earlier`.
    """
    drafted = [drafted_of(draft, item) for item, draft in enumerate(drafts)]
    found = _Found(wanted)
    found.accounts.add(actor.account)
    if actor.on_behalf_of is not None:
        found.accounts.add(actor.on_behalf_of)
    for one in drafted:
        content = one.content
        found.kind(content.kind)
        if content.lesson is not None:
            found.lesson(content.lesson, content.kind)
            if content.kind == "work":
                found.lesson(content.lesson, "mark")  # one of the same act may be for it
        if content.journal is not None:
            found.groups.add(JournalId.parse(content.journal).group)
        if content.group is not None:
            found.groups.add(content.group)
        if content.kind == "closing":
            found.groups.add(JournalId.parse(content.values["journal"]).group)
        if content.kind == "archiving":
            found.groups.add(content.values["group"])
            found.sheets.add(content.values["group"])
        moved = _lesson_changed(content)
        if moved is not None:
            found.lesson(moved, "mark")
        found.pupils.update(_pupils(content))
        found.accounts.update(_accounts(content))
        if one.evidence is not None and one.evidence.author is not None:
            found.accounts.add(one.evidence.author)
    return drafted, found.needs(all_accounts=any(one.content.kind in OFFICE for one in drafted))


def placed_by_lesson(drafted: Iterable[Drafted]) -> frozenset[str]:
    """Lessons that tell in which journals earlier entries must be looked up, before all else."""
    return frozenset(
        one.content.lesson
        for one in drafted
        if one.content.journal is None
        and one.content.lesson is not None
        and one.content.about.startswith("work:")
        and one.content.kind in _BY_EARLIER
    )


def earlier_books(drafted: Iterable[Drafted], facts: Facts) -> Mapping[int, str]:
    """Books whose earlier entries tell of further lessons: of changes, and of marks for works.

    Args:
        drafted: The drafts.
        facts: What is known of the lessons named by :func:`placed_by_lesson`.

    Returns:
        Name of the book by the draft's place in the act.
    """
    placed = placed_by_lesson(drafted)
    found: dict[int, str] = {}
    for one in drafted:
        content = one.content
        if content.kind not in _BY_EARLIER:
            continue
        if content.journal is not None:
            found[one.item] = JournalId.parse(content.journal).book
        elif content.lesson in placed and content.about.startswith("work:"):
            found[one.item] = facts.journal_of(facts.lesson(content.lesson)).book
    return found


def with_earlier(
    needs: Needs,
    drafted: Iterable[Drafted],
    earlier: Mapping[int, str],
    states: Mapping[str, BookState],
    wanted: Wanted,
) -> Needs:
    """Add to *needs* what the drafts lead to by way of earlier entries.

    Args:
        needs: What is needed in any case.
        drafted: The drafts.
        earlier: Books of the earlier entries, as :func:`earlier_books` gives them.
        states: These books.
        wanted: What the regulations want to be fetched.
    """
    found = _Found(wanted)
    offices = needs.all_accounts
    for one in drafted:
        content = one.content
        if one.item not in earlier:
            continue
        state = states[earlier[one.item]]
        entry = state.entry(content.target) if content.target is not None else None
        if entry is not None:
            found.kind(entry.kind)
            found.pupils.update(() if entry.pupil is None else (entry.pupil,))
            offices = offices or entry.kind in OFFICE
            if content.kind == "approval":
                found.accounts.update(*map(hands_of, (entry, *state.approvals(entry.number))))
            if entry.lesson is not None:
                found.lesson(entry.lesson, entry.kind)
        name = entry.about if entry is not None else content.about
        work = state.work(name.removeprefix("work:")) if name.startswith("work:") else None
        if work is not None and work.lesson is not None:
            found.lesson(work.lesson, "mark")
    return evolve(
        needs,
        lessons=needs.lessons | found.lessons,
        class_days=needs.class_days | found.days,
        school_days=needs.school_days | found.slots,
        journals=needs.journals | found.journals,
        pupils=needs.pupils | found.pupils,
        accounts=needs.accounts | found.accounts,
        all_accounts=offices,
        reach=needs.reach | (wanted.reach if found.limited else frozenset()),
    )


class _Found:
    """Needs while they are collected."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.journals: set[str] = set()
        self.lessons: set[str] = set()
        self.days: set[str] = set()
        self.slots: set[str] = set()
        self.groups: set[str] = set()
        self.pupils: set[str] = set()
        self.accounts: set[str] = set()
        self.sheets: set[str] = set()
        self.limited = False

    def kind(self, kind: str) -> None:
        """Note that a record of *kind* is written or changed."""
        self.limited = self.limited or self.wanted.is_limited(kind)

    def lesson(self, id: str, kind: str) -> None:
        self.lessons.add(id)
        wanted = self.wanted.of(kind)
        if "class_day" in wanted:
            self.days.add(id)
        if "school_day" in wanted or kind == "substitution":
            self.slots.add(id)
        if "journal" in wanted:
            self.journals.add(id)

    def needs(self, *, all_accounts: bool) -> Needs:
        return Needs(
            frozenset(self.lessons),
            frozenset(self.days),
            frozenset(self.groups),
            frozenset(self.accounts),
            frozenset(self.slots),
            frozenset(self.pupils),
            all_accounts,
            frozenset(self.journals),
            self.wanted.reach if self.limited else frozenset(),
            self.wanted.teams,
            frozenset(self.sheets),
        )


def _pupils(content: Content) -> set[str]:
    found = {content.pupil} if content.pupil is not None else set()
    rows = content.values.get("absent") or content.values.get("change", {}).get("absent", ())
    return found | {row["pupil"] for row in rows}


def _lesson_changed(content: Content) -> str | None:
    """The lesson that a correction puts in place of another, or None."""
    found: str | None = content.values.get("change", {}).get("lesson")
    return found


def _accounts(content: Content) -> set[str]:
    values = {**content.values, **content.values.get("change", {})}
    found = set(values.get("examiners") or ())
    for name in ("teacher", "account"):
        if values.get(name) is not None:
            found.add(values[name])
    return found


def book_of(content: Content, facts: Facts) -> str:
    """Name of the book in which *content* belongs.

    Raises:
        Unknown: Lesson, journal, group or year is not known; the nearest is named.
    """
    if content.lesson is not None:
        return facts.journal_of(facts.lesson(content.lesson)).book
    if content.journal is not None:
        journal = JournalId.parse(content.journal)
        facts.check_journal(journal)
        return journal.book
    if content.group is not None:
        calendar = facts.calendar_on(date.fromisoformat(content.values["day"]))
        calendar.group(content.group)
        return class_book(content.group, calendar.year)
    year = str(content.values["year"])
    facts.calendar(year)
    return school_book(year)


def check_known(content: Content, facts: Facts, regulations: Sequence[Regulation]) -> None:
    """Raise if *content* names something that neither the school nor a regulation knows.

    Raises:
        Unknown: What it is, and the nearest name known.
    """
    for pupil in sorted(_pupils(content)):
        facts.check_pupil(pupil)
    for account in sorted(_accounts(content)):
        facts.account(account)
    moved = _lesson_changed(content)
    if moved is not None and str(facts.journal_of(facts.lesson(moved))) != content.journal:
        raise BadInput(
            "a lesson of another journal", where="Correction.values.lesson",
            expected=f"a lesson of {content.journal}", found=moved,
        )  # fmt: skip
    values = {**content.values, **content.values.get("change", {})}
    if content.kind in ("mark", "work", "correction"):
        _check(regulations, "work_kinds", "work_kind", values.get("kind"))
    if values.get("scale") is not None:
        _check(regulations, "scales", "scale", values["scale"])
    marker = values.get("marker", values.get("code") if content.kind == "marker" else None)
    _check(regulations, "markers", "marker", marker)
    for row in values.get("absent", ()):
        _check(regulations, "absences", "absence", row.get("code"))
    if content.kind in ("archiving", "waiver", "grant") and "journals" in values:
        for journal in values["journals"]:
            facts.check_journal(JournalId.parse(journal))
    _check(
        regulations, "absences", "absence", values.get("code") if content.kind == "excuse" else None
    )
    if content.kind == "archiving":
        facts.calendar(values["year"]).group(values["group"])
    if content.kind == "setup":
        section = content.about.partition(":")[2]
        known = [one for regulation in regulations for one in regulation.sections]
        if known and section not in known:
            raise Unknown("section", section, known)
    purpose = values.get("purpose")
    purposes = [one for regulation in regulations for one in regulation.purposes]
    if purpose is not None and purpose not in purposes:
        raise Unknown("purpose", str(purpose), purposes)


def _check(regulations: Sequence[Regulation], table: str, method: str, code: object) -> None:
    """A code must be known to one of the regulations that have such a table at all."""
    having = [one for one in regulations if getattr(one, table)]
    if code is None or not having:
        return
    missing: Unknown | None = None
    for regulation in having:
        try:
            getattr(regulation, method)(code)
        except Unknown as error:
            missing = error
        else:
            return
    if missing is not None:
        raise missing


def plan(
    drafted: Iterable[Drafted], act: Act, regulations: Sequence[Regulation]
) -> dict[str, list[Drafted]]:
    """Sort the drafts of an act into books, and check that everything they name is known.

    Within a book substitutions come first: what another teacher records in the same act rests on them.

    Raises:
        Unknown: Something is not known; nothing has been written yet.
    """
    books: dict[str, list[Drafted]] = {}
    facts = act.facts
    if act.actor != BY_TIME:
        facts.account(act.actor.account)
    if act.actor.on_behalf_of is not None:
        facts.account(act.actor.on_behalf_of)
    for one in drafted:
        if one.evidence is not None and one.evidence.author is not None:
            facts.account(one.evidence.author)
        check_known(one.content, facts, regulations)
        books.setdefault(book_of(one.content, facts), []).append(one)
    for some in books.values():
        some.sort(key=lambda one: one.content.kind != "substitution")
    return books


def beside_of(book: str, facts: Facts, regulations: Iterable[Regulation] = ()) -> tuple[str, ...]:
    """Names of the books that are read when an entry of *book* is judged.

    Class books, the school book, and the other journals that limits of *regulations* look at.
    """
    year = year_of_book(book)
    if book.startswith("journal/"):
        journal = JournalId.parse(book)
        group = facts.calendar(year).group(journal.group)
        classes = group.parents or (group.id,)
        others = siblings(journal, facts, reach(regulations))
        return (*(class_book(one, year) for one in classes), *others, school_book(year))
    return (school_book(year),) if book.startswith("class/") else ()


def owed_beside(book: str, facts: Facts, regulations: Iterable[Regulation]) -> tuple[str, ...]:
    """Names of the books that are read when it is asked what *book* lacks.

    The school book, the other journals in which limits of *regulations* count what is owed, and the
    class books where one of them selects by excuses.
    """
    known = list(regulations)
    names = beside_of(book, facts, [one for one in known if owes_elsewhere(one)])
    if any("excuse" in one.selects_by for one in known):
        return names
    return tuple(name for name in names if not name.startswith("class/"))


def around_of(book: str, state: BookState, states: Mapping[str, BookState]) -> Around:
    """What stands round *book*, of the books named by :func:`beside_of`.

    *state* and the others learn from the school book which of their entries are void.
    """
    school = states.get(school_book(year_of_book(book)))
    if school is None and book.startswith("school/"):
        school = state
    classes = {name.split("/")[1]: one for name, one in states.items() if name.startswith("class/")}
    journals = {
        name: one for name, one in states.items() if name.startswith("journal/") and name != book
    }
    around = Around(school=school, classes=classes, journals=journals)
    for one in (state, *states.values()):
        one.fences = around.fences
    return around


class Beside:
    """The books round a book, as they were when each of its entries came.

    *Version added: 0.1.*

    Args:
        book: Name of the book.
        states: The other books as they are known now, by name.
    """

    def __init__(self, book: str, states: Mapping[str, BookState]) -> None:
        self._pasts = {name: Past(one) for name, one in states.items() if name != book}

    def around(self, entry: Entry, state: BookState) -> Around:
        """What stood round the book of *entry* when it came after *state*."""
        return around_of(
            entry.book,
            state,
            {
                name: past.after(entry.beside[name])
                if name in entry.beside
                else past.before(entry.at)
                for name, past in self._pasts.items()
            },
        )


def placed(book: str, names: Sequence[str], states: Mapping[str, BookState]) -> Around:
    """What stands round *book*; all the books *names* learn which of their entries are void."""
    around = around_of(book, states[book], {n: one for n, one in states.items() if n not in names})
    for name in names:
        states[name].fences = around.fences
    return around


def fenced(states: Mapping[str, BookState]) -> Mapping[str, BookState]:
    """Books of one year that learn from the school book among them what is void."""
    for name, school in states.items():
        if name.startswith("school/"):
            for state in states.values():
                state.fences = school.own_fences
    return states


def fence_of(
    draft: Compromise | Restoration, at: int, books: Iterable[tuple[str, Iterable[Record]]]
) -> Draft:
    """The draft with its frozen fence, by the records of every book of the school."""
    numbers = (
        (book, ((one.number, one.index.recorded) for one in records)) for book, records in books
    )
    return fence_by(draft, at, numbers)


def check_key(key: str | None) -> str | None:
    """Give *key* back if it can be a client key.

    Raises:
        BadInput: It is empty, longer than 200 characters, not printable, or no text that a body keeps.
    """
    if key is not None:
        if not (0 < len(key) <= 200 and key.isprintable()):
            raise BadInput(
                "not a client key", expected="1 to 200 printable characters", found=ascii(key[:200])
            )
        encode(key)
    return key
