"""More time in a made school: what the head allows for a written work, and what that does not reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edujournal.model.drafts import Waiver
from edujournal.model.ids import JournalId, about, school_book
from edujournal.model.time import MINUTE, moment
from edujournal.samples.generated.desk import HOUR, Desk, Told, too_late
from edujournal.samples.generated.faults import MORE_TIME, drawn
from edujournal.samples.generated.school import YEAR

_CLAUSE: Final = "2.12"
_DAY: Final = 24 * HOUR

#: How long after the window more time ends, as a rule, and where it is more than the head may give.
_FOR: Final = 3 * _DAY
_TOO_FAR: Final = 10 * _DAY


class Waivers:
    """Waivers in the school book, and the marks that come late under them.

    Args:
        desk: Where the year is kept.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._rng = desk.chance("waivers")
        self._given = 0

    def at_work(
        self, journal: JournalId, work: str, pupils: Sequence[str], given: int, closes: int
    ) -> dict[str, tuple[int, tuple[Told, ...]]]:
        """Let some of *pupils* get their marks late, with more time; tell when, and what is to be found.

        Args:
            journal: Whose work it is.
            work: Its id.
            pupils: Who is asked for a mark.
            given: Instant at which marks are given to the others.
            closes: End of the window.
        """
        how = drawn(self._rng.random(), MORE_TIME)
        if how is None or len(pupils) < 3:
            return {}
        far = how == "more than the head may give"
        until = closes + (_TOO_FAR if far else _FOR)
        at = closes + (8 * _DAY if far else _DAY) + 9 * HOUR
        asked = at + HOUR if how == "asked for afterwards" else given + HOUR
        by = "deputy" if how == "given by a deputy" else "head"
        self._waive(journal, work, by, asked, given, until)
        late = too_late(_CLAUSE, closes)
        lifted: Told = {**late, "outcome": "excused"}
        truths = (lifted if how in ("in time", "past it") else late,)
        found: dict[str, tuple[int, tuple[Told, ...]]] = {
            pupil: (at + place * MINUTE, truths) for place, pupil in enumerate(pupils[:3])
        }
        if how == "past it":
            found[pupils[2]] = until + self._rng.randrange(10) * MINUTE, (late,)
        return found

    def _waive(
        self, journal: JournalId, work: str, by: str, at: int, since: int, until: int
    ) -> None:
        self._given += 1
        draft = Waiver(
            id=f"w-{self._given}", clauses=[_CLAUSE], journals=[journal], about=about("work", work),
            since=moment(since, "UTC"), until=moment(until, "UTC"), year=YEAR,
            ground="Ученики вернулись после болезни",
        )  # fmt: skip
        self.desk.say(school_book(YEAR), at, by, draft, role=by)
