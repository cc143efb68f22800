"""Chapters: what does not happen in an ordinary quarter, act by act, under a regulation with a lock.

Each chapter is a few acts of the sample school with what was said of them. They are kept in memory,
apart from the quarter, through the ordinary write path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from attrs import frozen

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import Refused
from edujournal.journals import Journals
from edujournal.model.drafts import (
    Compromise,
    Draft,
    MakeUp,
    Mark,
    Marker,
    RollCall,
    SetUp,
    Waiver,
)
from edujournal.model.people import Actor
from edujournal.model.time import format_instant, instant, parse_instant
from edujournal.rules.clauses import Words
from edujournal.rules.verdicts import Verdict
from edujournal.samples import school

YEAR: Final = "2026"
JOURNAL: Final = "7A/alg/2026"
_TEACHER: Final = "t-ivanova"

#: The school's regulation with what a school may add to it: a lock, and a term for debts.
REGULATION: Final[Mapping[str, Any]] = {
    "id": "ru-school26-with-a-lock",
    "title": {
        "ru": "Регламент школы № 26 с замком и сроком долга",
        "en": "Regulation of school No. 26 with a lock and a term for debts",
    },
    "extends": "ru-school26-2023",
    "markers": [
        {
            "code": "точка",
            "title": {"ru": "долг", "en": "debt"},
            "aliases": ["debt"],
            "family": "debt",
            "clause": "2.8",
            "fills_cell": False,
            "replaced_by": ["mark", "makeup"],
            "printed": {"page": "•", "sheet": "•", "diary": "долг"},
            "scopes": ["lesson", "work"],
            "expires": {"after": "+10 school_days", "value": "2"},
        }
    ],
    "clauses": [
        {
            "number": "L.1",
            "gist": {
                "ru": "Через семь дней после урока отметки за него закрыты.",
                "en": "Seven days after a lesson its marks are closed.",
            },
            "mend": {
                "ru": "Попросите директора о разрешении.",
                "en": "Ask the head for a waiver.",
            },
            "rules": [
                {
                    "kind": "lock",
                    "record": "mark",
                    "when": {"written": False, "control": False},
                    "since": {"anchor": "day", "shift": "+7 days", "snap": "end_of_day"},
                    "lifts": [{"role": "head"}],
                }
            ],
        }
    ],
}


@frozen
class Told:
    """One thing that happened in a chapter.

    *Version added: 0.1.*

    Attributes:
        at: Instant, UTC microseconds.
        by: Account that acted.
        record: Kind of record; empty where nothing was recorded and only *note* is told.
        verdict: What was said of it, or None.
        note: What is to be seen, in both languages, or None.
    """

    at: int
    by: str
    record: str = ""
    verdict: Verdict | None = None
    note: Words | None = None


@frozen(eq=False)
class Chapter:
    """A title and what happened, in order.

    *Version added: 0.1.*
    """

    title: Words
    told: tuple[Told, ...]


@frozen(eq=False)
class Story:
    """The chapters, and the journals that they left behind.

    *Version added: 0.1.*
    """

    journals: Journals
    chapters: tuple[Chapter, ...]


class _Scene:
    """Journals in memory whose clock is set before each act."""

    def __init__(self) -> None:
        self.now = 0
        self._salts = 0
        self.journals = Journals(
            MemoryStore(), school(), REGULATION, clock=self._clock, entropy=self._salt
        )
        self.zone = self.journals.facts().calendar(YEAR).zone

    def _clock(self) -> datetime:
        return datetime.fromisoformat(format_instant(self.now, "UTC"))

    def _salt(self, size: int) -> bytes:
        self._salts += 1
        return self._salts.to_bytes(size, "big")

    def at(self, moment: str) -> datetime:
        """A moment on the clocks of the school, which is in Moscow."""
        return datetime.fromisoformat(
            format_instant(parse_instant(f"{moment}:00+03:00"), self.zone)
        )

    def act(self, moment: str, by: str | Actor, draft: Draft) -> Told:
        """Record one draft at a moment, refused or not."""
        self.now = instant(self.at(moment))
        record = draft.content().kind
        try:
            verdict = self.journals.record(draft, by).verdict
        except Refused as refused:
            verdict = refused.verdict
        return Told(self.now, str(Actor.of(by).account), record, verdict)

    def note(self, ru: str, en: str, by: str = "") -> Told:
        """Say what is to be seen now."""
        return Told(self.now, by, note=Words(ru, en))


def chapters() -> Story:
    """Play the chapters: set-up, make-up, lock and waiver, debt, result, compromised login.

    Deterministic. *Version added: 0.1.*
    """
    scene = _Scene()
    parts = (
        (Words("Готовность года", "The year is set up"), _set_up),
        (Words("Зачёт пропущенной темы", "A missed topic is made up"), _make_up),
        (Words("Замок и разрешение", "A lock, and a waiver"), _lock),
        (Words("Долг, срок которого истёк", "A debt whose time ran out"), _debt),
        (Words("Отметка за период и её основание", "A result and what it rests on"), _result),
        (Words("Вход стал известен другим", "A login known to others"), _compromise),
    )
    return Story(scene.journals, tuple(Chapter(title, tuple(play(scene))) for title, play in parts))


def _set_up(scene: _Scene) -> Iterator[Told]:
    yield scene.act("2026-09-10T23:59", "deputy", SetUp(section="bells", year=YEAR))
    yield scene.act("2026-09-11T08:00", "deputy", SetUp(section="plans", year=YEAR))
    gaps = scene.journals.setup_gaps(YEAR)
    yield scene.note(
        f"Чего не хватает по данным школы: {len(gaps)}.",
        f"Lacking by the school's data: {len(gaps)}.",
    )


def _make_up(scene: _Scene) -> Iterator[Told]:
    lesson = "7A-alg-0915"
    yield scene.act("2026-09-15T10:00", _TEACHER, RollCall(lesson=lesson, absent={"p-3": "Б"}))
    yield scene.act(
        "2026-09-22T15:00", _TEACHER,
        MakeUp(lesson=lesson, pupil="p-3", value=4, protocol="No. 7"),
    )  # fmt: skip
    absence = scene.journals.state(f"journal/{JOURNAL}").absence(f"lesson:{lesson}", "p-3")
    code = "–" if absence is None else absence["code"]
    yield scene.note(
        f"Пропуск остаётся в журнале: «{code}», рядом отметка 4.",
        f"The absence stays in the journal: «{code}», with the mark 4 beside it.",
    )


def _lock(scene: _Scene) -> Iterator[Told]:
    mark = Mark(lesson="7A-alg-0915", pupil="p-4", kind="oral", value=5)
    yield scene.act("2026-09-23T09:00", _TEACHER, mark)
    waiver = Waiver(
        id="open-1", clauses=["L.1"], since=scene.at("2026-09-23T09:30"),
        until=scene.at("2026-09-24T09:30"), year=YEAR, ground="The network was down",
        account=_TEACHER, journals=[JOURNAL],
    )  # fmt: skip
    yield scene.act("2026-09-23T09:30", "head", waiver)
    yield scene.act("2026-09-23T10:00", _TEACHER, mark)
    late = Mark(lesson="7A-alg-0915", pupil="p-5", kind="oral", value=5)
    yield scene.act("2026-09-24T09:30", _TEACHER, late)


def _debt(scene: _Scene) -> Iterator[Told]:
    yield scene.act(
        "2026-09-28T17:00", _TEACHER, Marker(lesson="7A-alg-0928", pupil="p-6", code="точка")
    )
    for moment in ("2026-10-13T03:00", "2026-10-14T03:00"):
        scene.now = instant(scene.at(moment))
        made = scene.journals.tick(scene.at(moment)).made
        state = scene.journals.state(f"journal/{JOURNAL}")
        values = ", ".join(
            str(entry.values.get("value"))
            for one in made
            if (entry := state.entry(one.receipt.number or 0)) is not None
        )
        yield scene.note(
            f"Ход времени: внесено {len(made)}{': ' + values if values else ''}.",
            f"Time's own entries: {len(made)}{': ' + values if values else ''}.",
            "system",
        )


def _result(scene: _Scene) -> Iterator[Told]:
    for lesson, value in (("7A-alg-1014", 4), ("7A-alg-1019", 5), ("7A-alg-1020", 5)):
        day = f"2026-{lesson[-4:-2]}-{lesson[-2:]}"
        mark = Mark(lesson=lesson, pupil="p-7", kind="oral", value=value)
        yield scene.act(f"{day}T17:00", _TEACHER, mark)
    scene.now = instant(scene.at("2026-10-20T18:00"))
    proposal = next(one for one in scene.journals.proposals(JOURNAL, "q1") if one.pupil == "p-7")
    yield scene.note(
        f"Предложено {proposal.value} (среднее {proposal.mean}).",
        f"Proposed {proposal.value} (the mean is {proposal.mean}).",
    )
    yield scene.act("2026-10-20T18:01", _TEACHER, proposal.draft())
    entry = next(scene.journals.state(f"journal/{JOURNAL}").of_pupil("result", "period:q1", "p-7"))
    basis = entry.values["basis"]
    yield scene.note(
        f"Основание записано вместе с отметкой: работ {len(basis['inputs'])}, "
        f"формула {basis['formula']['name']} {basis['formula']['version']}, {basis['digest'][:16]}…",
        f"What it rests on is recorded with it: {len(basis['inputs'])} marks, "
        f"formula {basis['formula']['name']} {basis['formula']['version']}, {basis['digest'][:16]}…",
    )


def _compromise(scene: _Scene) -> Iterator[Told]:
    mark = Mark(lesson="7A-alg-1021", pupil="p-8", kind="oral", value=5)
    yield scene.act("2026-10-21T13:00", _TEACHER, mark)
    yield scene.act(
        "2026-10-21T14:00", "head",
        Compromise(
            account=_TEACHER, year=YEAR, head=scene.at("2026-10-21T12:00"),
            support=scene.at("2026-10-21T12:30"),
        ),
    )  # fmt: skip
    again = Mark(lesson="7A-alg-1021", pupil="p-9", kind="oral", value=5)
    yield scene.act("2026-10-21T14:30", _TEACHER, again)
    found = [
        one
        for one in scene.journals.audit(
            instant(scene.at("2026-10-21T15:00")), books=[f"journal/{JOURNAL}"]
        )
        if one.code == "void"
    ]
    yield scene.note(
        f"Недействительных записей: {len(found)}; из журнала ничего не стёрто.",
        f"Void entries: {len(found)}; nothing was erased from the journal.",
    )
