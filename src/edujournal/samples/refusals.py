"""What is tried in the quarter and refused: it stands in the access log, and in no journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edujournal.model.drafts import Correction, Draft, MakeUp, Mark, RollCall, Substitution
from edujournal.model.time import MINUTE
from edujournal.samples.keeping import Find, Written
from edujournal.samples.planting import Plot


def _try(
    plot: Plot,
    clause: str,
    code: str,
    lesson: str,
    by: str,
    draft: Written,
    record: str,
    *,
    at: int | None = None,
    role: str | None = None,
) -> None:
    when = plot.lesson(lesson).starts + 10 * MINUTE if at is None else at
    plot.add(f"try {code}", lesson, when, by, draft, role=role)
    plot.expect(clause, code, "refused", lesson, record, by=by)


def hands(plot: Plot) -> None:
    """2.3, 2.4, 2.10: the hand of somebody who may not."""
    mark = Mark(lesson="7A-alg-0916", pupil="p-3", kind="oral", value=5)
    _try(plot, "2.3", "not-your-journal", "7A-alg-0916", "t-sidorov", mark, "mark")
    _try(plot, "2.3", "account-inactive", "7A-alg-0916", "t-grishin", mark, "mark")
    mark = Mark(lesson="7A-hist-0923", pupil="p-4", kind="oral", value=5)
    _try(plot, "2.4", "reads-only", "7A-hist-0923", "t-petrova", mark, "mark", role="homeroom")
    roll = RollCall(lesson="7B-bio-0929")
    _try(
        plot, "2.10", "no-substitution", "7B-bio-0929", "t-volkov", roll, "roll",
        role="substitute",
    )  # fmt: skip
    claim = Substitution(lesson="7A-rus-1012", teacher="t-ivanova")
    _try(
        plot, "2.10", "not-free", "7A-rus-1012", "t-ivanova", claim, "substitution",
        role="substitute",
    )  # fmt: skip


def tomorrow(plot: Plot) -> None:
    """2.5: a mark for a lesson of tomorrow."""
    mark = Mark(lesson="10A-alg-0915", pupil="p-52", kind="oral", value=5)
    _try(
        plot, "2.5", "before-open", "10A-alg-0915", "t-egorova", mark, "mark",
        at=plot.at(9, 14, "15:00"),
    )  # fmt: skip


def make_ups(plot: Plot) -> None:
    """2.5: a make-up without protocol, one without an absence, an absence wiped out after one."""
    lesson, pupil = plot.absent("7A", "alg", "Б", "УП")
    bare = MakeUp(lesson=lesson.id, pupil=pupil, value=4)
    _try(
        plot, "2.5", "no-protocol", lesson.id, "t-ivanova", bare, "makeup",
        at=plot.at(10, 12, "15:02"),
    )  # fmt: skip
    there = plot.keeping.present(lesson)[0]
    needless = MakeUp(lesson=lesson.id, pupil=there, value=5, protocol="Протокол № 5")
    _try(
        plot, "2.5", "no-absence", lesson.id, "t-ivanova", needless, "makeup",
        at=plot.at(10, 12, "15:04"),
    )  # fmt: skip
    journal = plot.facts.journal_of(lesson)

    def wipe_out(find: Find) -> Draft:
        return Correction(
            journal=journal, entry=find(journal.book, "roll", lesson.about, None),
            values={"absent": {pupil: None}}, reason="Сдал по протоколу",
        )  # fmt: skip

    _try(
        plot, "2.5", "absence-removed", lesson.id, "t-ivanova", wipe_out, "correction",
        at=plot.at(10, 12, "15:20"),
    )  # fmt: skip


def nonsense(plot: Plot) -> None:
    """What no journal could take: off the roll, off the scale, at a lesson that was not held."""
    mark = Mark(lesson="7A-geom-1012", pupil="p-18", kind="oral", value=4)
    _try(plot, "integrity", "off-the-roll", "7A-geom-1012", "t-ivanova", mark, "mark")
    mark = Mark(lesson="7B-alg-0921", pupil="p-22", kind="oral", value=7)
    _try(plot, "integrity", "off-the-scale", "7B-alg-0921", "t-ivanova", mark, "mark")
    mark = Mark(lesson="10B-bio-0922", pupil="p-61", kind="oral", value=4)
    _try(plot, "integrity", "lesson-not-held", "10B-bio-0922", "t-popova", mark, "mark")


def silence(plot: Plot) -> None:
    """A late change without a reason."""
    lesson = plot.lesson("7A-geom-0919")
    journal = plot.facts.journal_of(lesson)
    pupil = plot.marks(lesson.id)[0].pupil

    def change(find: Find) -> Draft:
        entry = find(journal.book, "mark", lesson.about, pupil)
        return Correction(journal=journal, entry=entry, values={"value": 5})

    _try(
        plot, "integrity", "no-reason", lesson.id, "t-ivanova", change, "correction",
        at=plot.at(9, 26, "09:28"),
    )  # fmt: skip


#: Everything that is tried and refused.
REFUSALS: Final[tuple[Callable[[Plot], None], ...]] = (
    hands,
    tomorrow,
    make_ups,
    nonsense,
    silence,
)
