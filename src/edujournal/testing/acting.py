"""Hypothesis strategies of what people do in a school: drafts, evidence, scripts of acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from attrs import evolve
from hypothesis import strategies as st

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.model import drafts as d
from edujournal.model.drafts import Draft
from edujournal.model.entries import Evidence
from edujournal.model.ids import JournalId, class_book, school_book
from edujournal.model.occasions import Lesson
from edujournal.model.people import Actor
from edujournal.model.time import HOUR, moment, zone
from edujournal.rules.clauses import Clause, Regulation
from edujournal.rules.loading import load
from edujournal.testing.desks import Desk, Said
from edujournal.testing.scripts import OfEarlier, ScriptedAct

_DAY: Final = timedelta(days=1)

#: Regulation whose codes are used where no other is named.
CODES: Final = "ru-school26-2023"

#: Works that scripts declare, and mark; more than one entry may use a name.
_WORKS: Final = ("w-1", "w-2")


_Make = Callable[[Any, Desk], Said]


# -- at a lesson ---------------------------------------------------------------------------------


def _pupil(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> str:
    return draw(st.sampled_from(desk.pupils if _rarely(draw) else desk.on_roll(lesson)))


def _of_group(draw: st.DrawFn, desk: Desk, group: str, day: date) -> str:
    calendar = desk.facts.calendar_on(day)
    known = sorted(desk.facts.roll(calendar, group, day))
    return draw(st.sampled_from(desk.pupils if not known or _rarely(draw) else known))


def _rarely(draw: st.DrawFn, in_so_many: int = 16) -> bool:
    """True now and then; the simplest example has it False."""
    return draw(st.integers(1, in_so_many)) == in_so_many


def _value(draw: st.DrawFn) -> int:
    return 9 if _rarely(draw) else draw(st.integers(2, 5))


def _absent(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> dict[str, str | d.Absence]:
    codes = st.sampled_from([one.code for one in desk.words.absences])
    known = desk.on_roll(lesson)
    return {one: draw(codes) for one in draw(st.lists(st.sampled_from(known), max_size=2))}


def _text(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(("Дроби", "позже", "№ 5 письменно")))


def _kind(draw: st.DrawFn, desk: Desk) -> str:
    return draw(st.sampled_from([one.code for one in desk.words.work_kinds]))


def _mark(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    work = draw(st.sampled_from(_WORKS)) if _rarely(draw, 4) else None
    kind = _kind(draw, desk) if work is None else None
    pupil = _pupil(draw, desk, lesson)
    return d.Mark(lesson=lesson.id, pupil=pupil, kind=kind, work=work, value=_value(draw))


def _marker(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    work = draw(st.sampled_from(_WORKS)) if draw(st.booleans()) else None
    return d.Marker(
        lesson=lesson.id, work=work, pupil=_pupil(draw, desk, lesson), code=_code(draw, desk),
        until=_until(draw, lesson.day),
    )  # fmt: skip


def _code(draw: st.DrawFn, desk: Desk) -> str:
    return draw(st.sampled_from([one.code for one in desk.words.markers]))


def _until(draw: st.DrawFn, day: date) -> date | None:
    return day + draw(st.integers(1, 9)) * _DAY if _rarely(draw, 3) else None


def _marker_in_journal(
    draw: st.DrawFn, desk: Desk, journal: JournalId, pupil: str, day: date
) -> Draft:
    """A marker that holds for the whole subject, or for some of its days, or in place of a result."""
    code = _code(draw, desk)
    if _rarely(draw, 3):
        period = draw(st.sampled_from(desk.facts.calendar(journal.year).periods(journal.group)))
        return d.Marker(journal=journal, period=period.id, pupil=pupil, code=code)
    since = draw(st.sampled_from((None, day, day - 3 * _DAY)))
    return d.Marker(
        journal=journal, pupil=pupil, code=code, since=since, until=_until(draw, day),
        ground=draw(st.sampled_from((None, "справка"))),
    )  # fmt: skip


def _roll(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    return d.RollCall(lesson=lesson.id, absent=_absent(draw, desk, lesson))


def _topic(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    plan = draw(st.sampled_from((None, "row-1")))
    return d.Topic(lesson=lesson.id, topic=_text(draw), plan=plan)


def _homework(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    if _rarely(draw, 5):
        return d.Homework(lesson=lesson.id, none_set=True)
    nature = draw(st.sampled_from((None, "письменно")))
    return d.Homework(lesson=lesson.id, task=_text(draw), nature=nature)


def _work(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    purpose = draw(st.sampled_from((None, *desk.words.purposes)))
    work = draw(st.sampled_from(_WORKS))
    return d.NewWork(id=work, kind=_kind(draw, desk), purpose=purpose, lesson=lesson.id)


def _makeup(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    protocol = None if _rarely(draw) else "№ 3"
    pupil = _pupil(draw, desk, lesson)
    return d.MakeUp(lesson=lesson.id, pupil=pupil, value=_value(draw), protocol=protocol)


def _comment(draw: st.DrawFn, desk: Desk, lesson: Lesson) -> Draft:
    return d.Comment(lesson=lesson.id, pupil=_pupil(draw, desk, lesson), comment=_text(draw))


#: What is said at lessons; what is said often stands here more than once.
_AT_LESSON: Final = (
    _mark, _roll, _mark, _mark, _topic, _homework, _work, _makeup, _marker, _comment,
)  # fmt: skip


def _at_lesson(draw: st.DrawFn, desk: Desk) -> Said:
    lesson = draw(st.sampled_from(desk.lessons))
    made = draw(st.sampled_from(_AT_LESSON))(draw, desk, lesson)
    return Said(made, desk.of_lesson(lesson), desk.around(lesson), lesson)


def _substitution(draw: st.DrawFn, desk: Desk) -> Said:
    lesson = draw(st.sampled_from(desk.lessons))
    teacher = draw(st.sampled_from(desk.teachers))
    hands = (teacher, teacher, *desk.offices)
    made = d.Substitution(lesson=lesson.id, teacher=teacher)
    return Said(made, hands, desk.around(lesson), lesson)


# -- in a journal --------------------------------------------------------------------------------


def _in_journal(draw: st.DrawFn, desk: Desk) -> Said:
    journal = draw(st.sampled_from(desk.journals))
    near = draw(st.sampled_from(desk.lessons))
    calendar = desk.facts.calendar(journal.year)
    made: Draft
    pupil = _of_group(draw, desk, journal.group, near.day)
    moments = desk.around(near)
    how = draw(st.sampled_from(("result", "result", "work", "mark", "marker")))
    if how == "marker":
        made = _marker_in_journal(draw, desk, journal, pupil, near.day)
    elif how == "work":
        held = draw(st.sampled_from((None, near.day, near.day - _DAY)))
        purpose = draw(st.sampled_from((None, *desk.words.purposes)))
        work = draw(st.sampled_from(_WORKS))
        made = d.NewWork(
            id=work, kind=_kind(draw, desk), purpose=purpose, held=held, journal=journal
        )
    elif how == "mark":
        work = draw(st.sampled_from(_WORKS))
        made = d.Mark(journal=journal, work=work, pupil=pupil, value=_value(draw))
    else:
        period = draw(st.sampled_from(calendar.periods(journal.group)))
        clocks = zone(calendar.zone)
        ends = clocks.start_of_day(period.until)
        moments = (*moments, ends - 1, ends, ends - 100 * HOUR, clocks.start_of_day(period.since))
        result: dict[str, Any] = {"value": _value(draw)}
        if _rarely(draw, 3):
            result = {"marker": draw(st.sampled_from([one.code for one in desk.words.markers]))}
        stage = draw(st.sampled_from(("period", "period", "year", "final")))
        made = d.PeriodResult(journal=journal, period=period.id, pupil=pupil, stage=stage, **result)
    return Said(made, desk.of_journal(journal), moments)


_CHANGED: Final = {
    "value": ("mark", "makeup", "result"),
    "until": ("marker",),
    "code": ("marker",),
    "absent": ("roll",),
    "text": ("topic", "homework"),
    "purpose": ("work",),
    "kind": ("mark", "work"),
}


def _change(draw: st.DrawFn, desk: Desk) -> Said:
    near = draw(st.sampled_from(desk.lessons))
    journal = desk.facts.journal_of(near)
    what = draw(st.sampled_from(("annul", "absent", *_CHANGED)))
    reason = draw(st.sampled_from((None, "описка", "описка")))
    kinds = _CHANGED.get(what, ())
    made: Any = d.Annulment(journal=journal, entry=1, reason=reason)
    if what != "annul":
        values: dict[str, Any] = {}
        texts: dict[str, str] = {}
        if what == "absent":
            values["absent"] = {**_absent(draw, desk, near), _pupil(draw, desk, near): None}
        elif what == "text":
            texts[draw(st.sampled_from(("topic", "task")))] = _text(draw)
        elif what == "purpose":
            values["purpose"] = draw(st.sampled_from((None, *desk.words.purposes)))
        elif what == "until":
            until = _until(draw, near.day)
            values["until"] = None if until is None else until.isoformat()
        elif what == "code":
            values["code"] = _code(draw, desk)
        else:
            values[what] = _value(draw) if what == "value" else _kind(draw, desk)
        made = d.Correction(journal=journal, entry=1, values=values, texts=texts, reason=reason)
    nth = draw(st.integers(0, 7))
    said = OfEarlier(made, journal.book, kinds, nth)
    return Said(said, desk.of_lesson(near), desk.around(near))


def _answer(draw: st.DrawFn, desk: Desk) -> Said:
    near = draw(st.sampled_from(desk.lessons))
    journal = desk.facts.journal_of(near)
    nth = draw(st.integers(0, 7))
    made: Any
    if draw(st.booleans()):
        made = d.Confirmation(lesson=near.id, entry=1, accept=draw(st.booleans()))
        said = OfEarlier(made, journal.book, ("substitution",), nth)
    else:
        made = d.Approval(journal=journal, entry=1)
        said = OfEarlier(made, journal.book, ("correction", "annulment"), nth)
    return Said(said, desk.offices, desk.around(near)[-12:])


# -- in the books of the class and the school ------------------------------------------------------


def _is_lifted(clause: Clause) -> bool:
    """Whether somebody may lift a breach of one of its rules."""
    return any(getattr(rule, "lifts", ()) for rule in clause.rules)


def _permission(draw: st.DrawFn, desk: Desk, near: Lesson) -> Draft:
    journal = desk.facts.journal_of(near)
    since = near.starts + draw(st.sampled_from((-240, -24, 0))) * HOUR
    until = since + draw(st.sampled_from((800, 400, 24, 1))) * HOUR
    span: dict[str, Any] = {"since": moment(since, "UTC"), "until": moment(until, "UTC")}
    if _rarely(draw, 3):
        account = draw(st.sampled_from(desk.teachers))
        return d.Grant(id="g", account=account, journal=journal, ground="болеет", **span)
    numbers = [one.number for one in desk.words.clauses if _rarely(draw) or _is_lifted(one)]
    numbers = numbers or [one.number for one in desk.words.clauses]
    clauses = draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=4, unique=True))
    return d.Waiver(
        id=draw(st.sampled_from(("v-1", "v-2"))), clauses=clauses, year=journal.year,
        ground="сбой сети",
        account=draw(st.sampled_from(desk.teachers)) if _rarely(draw, 4) else None,
        journals=(str(journal),) if _rarely(draw, 4) else (),
        about=near.about if _rarely(draw, 4) else None,
        **span,
    )  # fmt: skip


def _reported(
    draw: st.DrawFn, desk: Desk, near: Lesson
) -> d.Compromise | d.Disclosure | d.Restoration:
    account = draw(st.sampled_from((*desk.teachers, *desk.offices)))
    year = desk.facts.calendar_of(near).year
    how = draw(st.sampled_from(("compromise", "compromise", "disclosure", "restoration")))
    if how == "restoration":
        return d.Restoration(account=account, year=year)
    moments = st.sampled_from([moment(near.starts + n * HOUR, "UTC") for n in (0, -30, 1, 30)])
    if how == "disclosure":
        to = draw(st.sampled_from(("head", "support")))
        return d.Disclosure(event="e", account=account, noticed=draw(moments), to=to, year=year)
    head = draw(moments)
    return d.Compromise(account=account, year=year, head=head, support=draw(st.none() | moments))


def _office(draw: st.DrawFn, desk: Desk) -> Said:
    near = draw(st.sampled_from(desk.lessons))
    moments = (*desk.around(near), near.starts - 25 * HOUR, near.starts - 25 * HOUR)
    what = draw(st.sampled_from(("permission", "permission", "report", "closing", "setup")))
    if what == "permission":
        return Said(_permission(draw, desk, near), desk.offices, moments)
    if what == "report":
        told = _reported(draw, desk, near)
        others = tuple(one for one in desk.offices if one != told.account)
        return Said(told, others, moments)
    journal = desk.facts.journal_of(near)
    if what == "closing":
        return Said(d.Closing(journal=journal), desk.offices, moments)
    section = draw(st.sampled_from(desk.words.sections or ("bells",)))
    return Said(d.SetUp(section=section, year=journal.year), desk.offices, moments)


def _of_class(draw: st.DrawFn, desk: Desk) -> Said:
    near = draw(st.sampled_from(desk.lessons))
    calendar = desk.facts.calendar_of(near)
    group = draw(st.sampled_from(calendar.classes_of(near.group) or (near.group,)))
    pupil = _of_group(draw, desk, group, near.day)
    hands = tuple(desk.facts.hands(group, None, "homeroom", near.day)) or desk.offices
    moments = (*desk.around(near), near.starts - 25 * HOUR)
    made: Draft
    if draw(st.booleans()):
        made = d.Message(group=group, message=_text(draw), day=near.day, pupil=pupil)
    else:
        since: date = near.day - draw(st.integers(0, 1)) * _DAY
        code = draw(st.sampled_from([one.code for one in desk.words.absences]))
        made = d.Excuse(pupil=pupil, group=group, since=since, until=near.day + _DAY, code=code)
    return Said(made, hands, moments)


def _vouch(draw: st.DrawFn, desk: Desk) -> Said:
    near = draw(st.sampled_from(desk.lessons))
    journal = desk.facts.journal_of(near)
    books = (journal.book, school_book(journal.year), class_book("7A", journal.year))
    account = draw(st.sampled_from(desk.teachers))
    book = draw(st.sampled_from(books))
    made = d.Vouch(account=account, book=book, entry=1, year=journal.year)
    said = OfEarlier(made, book, (), draw(st.integers(0, 7)))
    return Said(said, (account,), desk.around(near)[-12:])


#: What is done; what is done often stands here more than once.
_KINDS: Final[tuple[_Make, ...]] = (
    *[_at_lesson] * 8, *[_in_journal] * 3, *[_change] * 4, *[_office] * 4, _substitution,
    _substitution, _answer, _answer, _of_class, _of_class, _vouch,
)  # fmt: skip


# -- what tests draw -------------------------------------------------------------------------------


def evidences(
    at: int, authors: Sequence[str], zone_name: str = "Europe/Moscow"
) -> st.SearchStrategy[Evidence]:
    """What may be known of an original recording: the instant, the day, or nothing.

    *Version added: 0.1.*

    Args:
        at: An instant near which it was, UTC microseconds.
        authors: Accounts whose hand it may have been.
        zone_name: Zone by whose days a day is known.
    """
    return _evidences(at, authors, zone_name)


@st.composite
def _evidences(draw: st.DrawFn, at: int, authors: Sequence[str], zone_name: str) -> Evidence:
    clocks = zone(zone_name)
    day = clocks.local_date(at)
    lo, hi = draw(
        st.sampled_from(
            (
                (at, at + 1),
                (clocks.start_of_day(day), clocks.end_of_day(day)),
                (None, clocks.end_of_day(day)),
                (None, None),
                (at, None),
                (at + 400 * HOUR, at + 400 * HOUR + 1),
            )
        )
    )
    author = draw(st.sampled_from((None, *authors)))
    role = draw(st.sampled_from((None, None, "teacher", "substitute")))
    return Evidence(lo, hi, author, None if author is None else role, "old.csv")


def drafts(school: PlainSchool, words: Regulation | None = None) -> st.SearchStrategy[Draft]:
    """Drafts of every kind about *school*; those about earlier entries speak of the first one.

    *Version added: 0.1.*

    Args:
        school: A school with lessons.
        words: Regulation whose codes are used; the shipped one of school No. 26 by default.
    """
    return _said(Desk(school, words or load(CODES))).map(
        lambda said: said.draft.draft if isinstance(said.draft, OfEarlier) else said.draft
    )


@st.composite
def _said(draw: st.DrawFn, desk: Desk) -> Said:
    return draw(st.sampled_from(_KINDS))(draw, desk)


@st.composite
def _act(draw: st.DrawFn, desk: Desk) -> ScriptedAct:
    said = draw(_said(desk))
    some = [said.draft]
    if said.lesson is not None:
        more = draw(st.lists(st.sampled_from(_AT_LESSON), max_size=3))
        some += [make(draw, desk, said.lesson) for make in more]
    likely = said.hands or desk.teachers
    at = draw(st.sampled_from(said.moments))
    hand = draw(st.sampled_from(desk.accounts if _rarely(draw, 8) else likely))
    named = st.sampled_from(("teacher", "substitute", "homeroom"))
    by = Actor(hand, draw(named) if _rarely(draw) else None)
    if desk.importers and _rarely(draw, 8):
        zone_name = desk.facts.calendars[0].zone
        told = draw(evidences(min(at, said.moments[0]), likely, zone_name))
        some = [_with(one, told) for one in some]
        by = Actor(draw(st.sampled_from(desk.importers)))
    elif _rarely(draw):
        by = Actor(draw(st.sampled_from(desk.offices or desk.accounts)), None, hand)
    key = draw(st.sampled_from(("k-1", "k-2"))) if _rarely(draw, 6) else None
    return ScriptedAct(at, by, tuple(some), key)


def _with(said: Draft | OfEarlier, evidence: Evidence) -> Draft | OfEarlier:
    if isinstance(said, OfEarlier):
        return evolve(said, draft=_with(said.draft, evidence))
    made: Any = said
    with_evidence: Draft = evolve(made, evidence=evidence)
    return with_evidence


def acts(school: PlainSchool, words: Regulation | None = None) -> st.SearchStrategy[ScriptedAct]:
    """Single acts in *school*: most by those who may, about what there is, near a border of time.

    *Version added: 0.1.*

    Args:
        school: A school with lessons.
        words: Regulation whose codes are used; the shipped one of school No. 26 by default.
    """
    return _act(Desk(school, words or load(CODES)))


def scripts(
    school: PlainSchool,
    words: Regulation | None = None,
    *,
    most: int = 16,
    least: int = 1,
    clock: str = "forward",
) -> st.SearchStrategy[tuple[ScriptedAct, ...]]:
    """Scripts: several of :func:`acts` one after another.

    *Version added: 0.1.*

    Args:
        school: A school with lessons.
        words: Regulation whose codes are used; the shipped one of school No. 26 by default.
        most: Most acts.
        least: Fewest acts.
        clock: ``forward``: moments never go back, and some are equal; ``any``: they do as they like.
    """
    several = st.lists(acts(school, words), min_size=least, max_size=most)
    if clock == "forward":
        return several.map(lambda some: tuple(sorted(some, key=lambda act: act.at)))
    return several.map(tuple)
