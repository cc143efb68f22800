"""Drafts about lessons and works: marks, roll calls, topics, homework."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.draft_forms import (
    MarkValue,
    amount,
    day_text,
    entry_number,
    exact,
    place,
    texts_of,
    without_none,
)
from edujournal.model.entries import Content, Evidence
from edujournal.model.forms import formed, forms_of, taken
from edujournal.model.ids import JournalId, about, check_code, check_id

#: Stages of a result.
STAGES: Final = ("period", "year", "exam", "final")


@frozen(kw_only=True, field_transformer=formed)
class Mark:
    """A mark of a pupil for a lesson or a work.

    Source: clauses 2.5, 2.6, 2.11, 2.12. *Version added: 0.1.*

    Attributes:
        pupil: Whose mark.
        value: Value in the scale: whole number, exact decimal, or code. Never a special marker.
        kind: Kind of work, a code of the regulation; may be left out where *work* names it.
        lesson: Lesson at which it was given.
        work: Work for which it was given.
        journal: Journal, needed only where *lesson* is not given.
        scale: Scale, a code of the regulation; None for its default.
        comment: What the teacher adds.
        retake: Number of the entry in this journal at which this is another attempt; the original
            stays. A typing error is no attempt: correct it.
        handed_in: Day on which the work was handed in, where that matters: penalties for lateness
            and windows that start from it count from there.
    """

    pupil: str
    value: MarkValue
    kind: str | None = None
    lesson: str | None = None
    work: str | None = None
    journal: str | JournalId | None = None
    scale: str | None = None
    comment: str | None = field(default=None, repr=False)
    retake: int | None = None
    handed_in: date | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        journal = place("Mark", self.lesson, self.journal)
        name = about("work", self.work) if self.work else about("lesson", str(self.lesson))
        values = without_none(
            {
                "handed_in": day_text(self.handed_in),
                "kind": self.kind,
                "lesson": self.lesson if self.work else None,
                "retake": entry_number(self.retake, "Mark.retake"),
                "scale": self.scale,
                "value": exact(self.value, "Mark.value"),
            }
        )
        texts = texts_of(comment=self.comment)
        return Content("mark", name, self.pupil, values, texts, lesson=self.lesson, journal=journal)


@frozen(kw_only=True, field_transformer=formed)
class Marker:
    """A special result of a pupil: exempt, not assessed, ungraded, debt, or a regulation's own.

    It is given for a lesson, a work, a period or, where none of them is named, for the whole subject.

    Source: clause 2.8. *Version added: 0.1.*

    Attributes:
        pupil: Whose.
        code: Code of the marker in the regulation, such as «осв».
        lesson: Lesson concerned.
        work: Work concerned.
        period: Period concerned: the marker stands in place of its result.
        stage: For a period: ``period``, ``year``, ``exam`` or ``final``, as for a result.
        journal: Journal, needed only where *lesson* is not given.
        since: First day on which it holds; for the whole subject only, None if from the beginning.
        until: Day before which it holds, or by which a debt is to be cleared; None if open, or as
            long as the regulation says.
        ground: Why, as typed.
    """

    pupil: str
    code: str
    lesson: str | None = None
    work: str | None = None
    period: str | None = None
    stage: str = "period"
    journal: str | JournalId | None = None
    since: date | None = None
    until: date | None = None
    ground: str | None = field(default=None, repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        journal = place("Marker", self.lesson, self.journal)
        self._check()
        values = without_none(
            {
                "code": check_code(self.code, "marker"),
                "lesson": self.lesson if self.work else None,
                "since": day_text(self.since),
                "stage": None if self.stage == "period" else self.stage,
                "until": day_text(self.until),
            }
        )
        return Content(
            "marker", self._about(), self.pupil, values, texts_of(ground=self.ground),
            lesson=self.lesson, journal=journal,
        )  # fmt: skip

    def _check(self) -> None:
        at_lesson = self.lesson is not None or self.work is not None
        if self.period is not None and at_lesson:
            raise BadInput(
                "a marker for two things", where="Marker",
                expected="lesson= and work=, or period=, or neither",
            )  # fmt: skip
        if self.period is None and self.stage != "period":
            raise BadInput("a stage of nothing", where="Marker.stage", expected="period=")
        if self.stage not in STAGES:
            raise BadInput(
                "unknown stage", where="Marker.stage", expected=", ".join(STAGES), found=self.stage
            )
        if self.since is not None and (at_lesson or self.period is not None):
            raise BadInput(
                "a first day of what has its own", where="Marker.since",
                expected="since= for the whole subject only",
            )  # fmt: skip
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise BadInput(
                "a marker that holds on no day", where="Marker.until",
                expected=f"a day after {self.since}", found=str(self.until),
            )  # fmt: skip

    def _about(self) -> str:
        if self.work is not None:
            return about("work", self.work)
        if self.lesson is not None:
            return about("lesson", self.lesson)
        if self.period is not None:
            return about("period", check_id(self.period, "period"))
        return about("subject", JournalId.parse(str(self.journal)).subject)


@frozen(field_transformer=formed)
class Absence:
    """How a pupil missed a lesson, wholly or in part.

    *Version added: 0.1.*

    Attributes:
        code: Reason code of the regulation, such as «Н», «Б», «УП», «ОП».
        late: Minutes after the start at which the pupil came, for one who came late.
        left: Minutes after the start at which the pupil left, for one who left early.
    """

    code: str
    late: int | None = None
    left: int | None = None

    def __attrs_post_init__(self) -> None:
        check_code(self.code, "absence code")
        for name, value in (("late", self.late), ("left", self.left)):
            if value is not None and (type(value) is not int or not 0 <= value < 1440):
                raise BadInput(
                    "not minutes of a lesson", where=f"Absence.{name}",
                    expected="a whole number from 0 to 1439", found=repr(value),
                )  # fmt: skip
        if self.late is not None and self.left is not None and self.left <= self.late:
            raise BadInput(
                "left before coming", where="Absence.left",
                expected=f"more than {self.late} minutes", found=str(self.left),
            )  # fmt: skip


def _absence(value: str | Absence) -> Absence:
    return value if isinstance(value, Absence) else Absence(value)


_ABSENTEES: Final = forms_of(Mapping[str, str | Absence | None])


def absentees(absent: Mapping[str, str | Absence | None], where: str) -> list[dict[str, Any]]:
    """Give absentees as rows in the order of pupils; a row without a code says "was there".

    Raises:
        BadInput: It is no mapping of pupils to codes.
    """
    taken(_ABSENTEES, absent, where)
    rows = []
    for pupil in sorted(absent):
        check_id(pupil, "pupil")
        value = absent[pupil]
        row: dict[str, Any] = {"pupil": pupil}
        if value is not None:
            absence = _absence(value)
            row["code"] = absence.code
            if absence.late is not None:
                row["late"] = absence.late
            if absence.left is not None:
                row["left"] = absence.left
        rows.append(row)
    return rows


@frozen(kw_only=True, field_transformer=formed)
class RollCall:
    """The roll of a lesson was taken; who was missing or late, and why.

    An empty *absent* says that everybody was there, which is not the same as no roll call.

    Source: clauses 2.5, 2.9. *Version added: 0.1.*

    Attributes:
        lesson: Which lesson.
        absent: Reason code, or :class:`Absence`, for each pupil who was missing or late.
    """

    lesson: str
    absent: Mapping[str, str | Absence] = field(factory=dict, hash=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        values = {"absent": absentees(self.absent, "RollCall.absent")}
        return Content("roll", about("lesson", self.lesson), values=values, lesson=self.lesson)


@frozen(kw_only=True, field_transformer=formed)
class Topic:
    """What a lesson was about.

    Source: clause 2.6. *Version added: 0.1.*

    Attributes:
        lesson: Which lesson.
        topic: The topic, as typed.
        plan: Id of the row of the thematic plan; None leaves the link out, which is advised against.
    """

    lesson: str
    topic: str
    plan: str | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "topic", about("lesson", self.lesson), values=without_none({"plan": self.plan}),
            texts={"topic": self.topic}, lesson=self.lesson,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Homework:
    """What was set to do at home, and in what manner; or that nothing was set.

    Source: clause 2.7. *Version added: 0.1.*

    Attributes:
        lesson: Lesson at which it was set.
        task: What to do, as typed; None only with ``none_set``.
        nature: Manner of the work, as typed: in writing, orally, a practical work …
        due: Day by which it is due; None if the next lesson.
        none_set: True says that nothing was set.
    """

    lesson: str
    task: str | None = None
    nature: str | None = None
    due: date | None = None
    none_set: bool = False
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        if self.none_set == (self.task is not None):
            raise BadInput(
                "homework says both or neither", where="Homework",
                expected="either task= or none_set=True",
            )  # fmt: skip
        values = without_none({"due": day_text(self.due), "none": True if self.none_set else None})
        return Content(
            "homework", about("lesson", self.lesson), values=values,
            texts=texts_of(task=self.task, nature=self.nature), lesson=self.lesson,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class NewWork:
    """A work is declared: what kind it is and what for, when it is held, when it is due.

    Source: clauses 2.5, 2.11, 2.12. *Version added: 0.1.*

    Attributes:
        id: Id of the work, unique within its journal.
        kind: Kind of work, a code of the regulation.
        purpose: ``ordinary``, ``monitoring``, or None if not known.
        held: Day on which it is held; with *lesson* the lesson's day holds.
        lesson: Lesson at which it is held.
        due: Day on which it is to be handed in; None if none is set.
        title: What it is called, as typed.
        journal: Journal, needed only where *lesson* is not given.
        weight: How much a mark for it weighs; None for what its kind weighs.
        points: Greatest number of points possible; None for that of the scale.
    """

    id: str
    kind: str
    purpose: str | None = None
    held: date | None = None
    lesson: str | None = None
    due: date | None = None
    title: str | None = None
    journal: str | JournalId | None = None
    weight: MarkValue | None = None
    points: MarkValue | None = None
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        journal = place("NewWork", self.lesson, self.journal)
        if self.lesson is not None and self.held is not None:
            raise BadInput(
                "the day held is said twice", where="NewWork", expected="lesson= or held=",
                mend="A work held at a lesson has the lesson's day.",
            )  # fmt: skip
        values = without_none(
            {
                "due": day_text(self.due),
                "held": day_text(self.held),
                "kind": self.kind,
                "lesson": self.lesson,
                "points": amount(self.points, "NewWork.points"),
                "purpose": self.purpose,
                "weight": amount(self.weight, "NewWork.weight"),
            }
        )
        return Content(
            "work", about("work", check_id(self.id, "work")), values=values,
            texts=texts_of(title=self.title), lesson=self.lesson, journal=journal,
        )  # fmt: skip


@frozen(kw_only=True, field_transformer=formed)
class Comment:
    """A remark about a pupil at a lesson; it appears in the diary.

    Source: clause 1.5. *Version added: 0.1.*
    """

    pupil: str
    lesson: str
    comment: str = field(repr=False)
    evidence: Evidence | None = None

    def content(self) -> Content:
        """What it says, in the shape in which bodies keep it."""
        return Content(
            "comment", about("lesson", self.lesson), self.pupil,
            texts={"comment": self.comment}, lesson=self.lesson,
        )  # fmt: skip
