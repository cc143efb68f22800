"""From a row of ``works.csv`` or ``entries.csv`` to the draft that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from edujournal.adapters.exchange.csvset import cells
from edujournal.adapters.exchange.csvset.columns import WORKS
from edujournal.adapters.exchange.csvset.frame import take
from edujournal.adapters.exchange.csvset.problems import Problems
from edujournal.adapters.exchange.csvset.tables import Row
from edujournal.errors import BadInput
from edujournal.model.draft_forms import amount
from edujournal.model.drafts import (
    Annulment,
    Approval,
    Closing,
    Comment,
    Confirmation,
    Correction,
    Disclosure,
    Draft,
    Excuse,
    Grant,
    Homework,
    MakeUp,
    Mark,
    Marker,
    Message,
    NewWork,
    PeriodResult,
    RollCall,
    SetUp,
    Substitution,
    Topic,
    Waiver,
)
from edujournal.model.entries import Content, Evidence


def _amount(cell: str) -> int | str | None:
    return amount(cells.value(cell), "")


#: Readers of cells; what is not named is text.
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "absent": cells.absentees,
    "accept": cells.truth,
    "clauses": cells.items,
    "cleared": cells.items,
    "day": cells.day,
    "due": cells.day,
    "examiners": cells.items,
    "handed_in": cells.day,
    "held": cells.day,
    "journals": cells.items,
    "none_set": cells.truth,
    "nonfunctional": cells.truth,
    "noticed": cells.instant,
    "points": _amount,
    "value": cells.value,
    "weight": _amount,
}

#: Readers of ``since`` and ``until``: days of an excuse or a marker, instants of anything else. What a
#: correction changes of either kind is days.
_SPAN: Final[Mapping[str, Callable[[str], Any]]] = dict.fromkeys(
    ("correction", "excuse", "marker", "result"), cells.day
)

#: Where a correction puts a cell, by the kind of what it corrects: among values, or among texts.
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "comment": {},
    "confirmation": {"accept": "accept"},
    "homework": {"due": "due", "none_set": "none"},
    "makeup": {"value": "value", "scale": "scale", "held": "held", "examiners": "examiners"},
    "mark": {
        "value": "value",
        "work_kind": "kind",
        "scale": "scale",
        "handed_in": "handed_in",
    },
    "marker": {"code": "code", "stage": "stage", "since": "since", "until": "until"},
    "result": {
        "value": "value",
        "code": "marker",
        "scale": "scale",
        "stage": "stage",
        "until": "until",
    },
    "roll": {"absent": "absent"},
    "substitution": {"teacher": "teacher"},
    "topic": {"plan": "plan"},
    "work": {
        "work_kind": "kind",
        "purpose": "purpose",
        "held": "held",
        "due": "due",
        "weight": "weight",
        "points": "points",
    },
}
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "comment": {"text": "comment"},
    "homework": {"text": "task", "nature": "nature"},
    "makeup": {"protocol": "protocol"},
    "mark": {"text": "comment"},
    "marker": {"text": "ground"},
    "result": {"text": "ground"},
    "topic": {"text": "topic"},
    "work": {"text": "title"},
}

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_cells(row: Row, problems: Problems) -> dict[str, Any]:
    """The cells of a row as values; what cannot be read is noted and left out."""
    found: dict[str, Any] = {}
    for column, cell in row.cells.items():
        reader = _READERS.get(column)
        if column in ("since", "until"):
            reader = _SPAN.get(row.cells["kind"], cells.instant)
        found[column] = cell if reader is None else take(row, column, reader, problems)
    return found


def draft_of(
    row: Row,
    given: Mapping[str, Any],
    evidence: Evidence,
    *,
    journal: str | None = None,
    target: tuple[str, int] | None = None,
) -> Draft:
    """The draft of a row whose cells go together.

    Args:
        row: The row.
        given: Its cells as values.
        evidence: What is known of its recording.
        journal: Journal, where the row leaves it to be found out.
        target: Kind and number of the entry that it changes.
    """
    if row.sheet is WORKS:
        return _work(given, evidence, journal)
    return _MAKERS[row.cells["kind"]](given, evidence, journal, target)


def content_of(
    row: Row,
    given: Mapping[str, Any],
    evidence: Evidence,
    *,
    journal: str | None = None,
    target: tuple[str, int] | None = None,
) -> Content:
    """What the draft of a row says; see :func:`draft_of`.

    Raises:
        BadInput: Its cells do not go together; ``where`` of each problem is a column, or empty.
    """
    try:
        return draft_of(row, given, evidence, journal=journal, target=target).content()
    except BadInput as error:
        problems = [
            replace(one, where=_column(one.where, row.sheet.columns)) for one in error.problems
        ]
        raise BadInput(problems) from error


def _column(where: str, columns: tuple[str, ...]) -> str:
    name = where.rpartition(".")[2]
    return name if name in columns else ""


def _work(given: Mapping[str, Any], evidence: Evidence, journal: str | None) -> Draft:
    return NewWork(
        id=given["id"],
        kind=given["kind"],
        purpose=given.get("purpose"),
        held=given.get("held"),
        lesson=given.get("lesson"),
        due=given.get("due"),
        weight=given.get("weight"),
        points=given.get("points"),
        title=given.get("title"),
        journal=journal,
        evidence=evidence,
    )


_Given = Mapping[str, Any]
_Target = tuple[str, int] | None


def _mark(given: _Given, evidence: Evidence, journal: str | None, target: _Target) -> Draft:
    return Mark(
        pupil=given["pupil"],
        value=given["value"],
        kind=given.get("work_kind"),
        lesson=given.get("lesson"),
        work=given.get("work"),
        journal=journal,
        scale=given.get("scale"),
        comment=given.get("text"),
        retake=None if target is None else target[1],
        handed_in=given.get("handed_in"),
        evidence=evidence,
    )


def _marker(given: _Given, evidence: Evidence, journal: str | None, _: _Target) -> Draft:
    return Marker(
        pupil=given["pupil"],
        code=given["code"],
        lesson=given.get("lesson"),
        work=given.get("work"),
        period=given.get("period"),
        stage=given.get("stage", "period"),
        since=given.get("since"),
        until=given.get("until"),
        journal=journal,
        ground=given.get("text"),
        evidence=evidence,
    )


def _roll(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    absent = given.get("absent") or {}
    return RollCall(lesson=given["lesson"], absent=absent, evidence=evidence)


def _topic(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Topic(
        lesson=given["lesson"],
        topic=given.get("text", ""),
        plan=given.get("plan"),
        evidence=evidence,
    )


def _homework(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    none_set = given.get("none_set") or False
    return Homework(
        lesson=given["lesson"],
        task=given.get("text", None if none_set else ""),
        nature=given.get("nature"),
        due=given.get("due"),
        none_set=none_set,
        evidence=evidence,
    )


def _comment(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Comment(
        pupil=given["pupil"],
        lesson=given["lesson"],
        comment=given.get("text", ""),
        evidence=evidence,
    )


def _substitution(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Substitution(
        lesson=given["lesson"],
        teacher=given["teacher"],
        nonfunctional=given.get("nonfunctional") or False,
        evidence=evidence,
    )


def _confirmation(given: _Given, evidence: Evidence, _: str | None, target: _Target) -> Draft:
    accept = given.get("accept")
    return Confirmation(
        lesson=given["lesson"],
        entry=target[1] if target else 0,
        accept=True if accept is None else accept,
        evidence=evidence,
    )


def _makeup(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return MakeUp(
        pupil=given["pupil"],
        lesson=given["lesson"],
        value=given["value"],
        protocol=given.get("protocol"),
        held=given.get("held"),
        examiners=given.get("examiners") or (),
        scale=given.get("scale"),
        evidence=evidence,
    )


def _result(given: _Given, evidence: Evidence, journal: str | None, _: _Target) -> Draft:
    return PeriodResult(
        journal=journal or given["journal"],
        period=given["period"],
        pupil=given["pupil"],
        value=given.get("value"),
        marker=given.get("code"),
        scale=given.get("scale"),
        stage=given.get("stage", "period"),
        until=given.get("until"),
        ground=given.get("text"),
        evidence=evidence,
    )


def _message(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Message(
        group=given["group"],
        message=given.get("text", ""),
        day=given["day"],
        pupil=given.get("pupil"),
        evidence=evidence,
    )


def _setup(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return SetUp(section=given["section"], year=given["year"], evidence=evidence)


def _disclosure(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Disclosure(
        event=given["event"],
        account=given["account"],
        noticed=_moment(given["noticed"]),
        to=given["to"],
        year=given["year"],
        evidence=evidence,
    )


def _moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def _correction(given: _Given, evidence: Evidence, journal: str | None, target: _Target) -> Draft:
    kind, number = target or ("", 0)
    cleared = given.get("cleared") or ()
    values: dict[str, Any] = {}
    for column, name in VALUES.get(kind, {}).items():
        if column in cleared:
            values[name] = None
        elif column in given:
            value = given[column]
            values[name] = sorted(value) if column == "examiners" else value
    texts = {
        name: "" if column in cleared else given[column]
        for column, name in TEXTS.get(kind, {}).items()
        if column in cleared or column in given
    }
    return Correction(
        journal=journal or "",
        entry=number,
        values=values,
        texts=texts,
        reason=given.get("reason"),
        evidence=evidence,
    )


def _annulment(given: _Given, evidence: Evidence, journal: str | None, target: _Target) -> Draft:
    return Annulment(
        journal=journal or "",
        entry=target[1] if target else 0,
        reason=given.get("reason"),
        evidence=evidence,
    )


def _approval(given: _Given, evidence: Evidence, journal: str | None, target: _Target) -> Draft:
    return Approval(journal=journal or "", entry=target[1] if target else 0, evidence=evidence)


def _excuse(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Excuse(
        pupil=given["pupil"],
        group=given["group"],
        since=given["since"],
        until=given["until"],
        code=given["code"],
        document=given.get("text"),
        evidence=evidence,
    )


def _waiver(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Waiver(
        id=given["id"],
        clauses=given["clauses"],
        since=_moment(given["since"]),
        until=_moment(given["until"]),
        year=given["year"],
        ground=given.get("text", ""),
        account=given.get("account"),
        journals=given.get("journals", ()),
        about=given.get("about"),
        evidence=evidence,
    )


def _grant(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Grant(
        id=given["id"],
        account=given["account"],
        journal=given["journal"],
        since=_moment(given["since"]),
        until=_moment(given["until"]),
        ground=given.get("text", ""),
        evidence=evidence,
    )


def _closing(given: _Given, evidence: Evidence, _journal: str | None, _: _Target) -> Draft:
    return Closing(journal=given["journal"], evidence=evidence)


_MAKERS: Final[Mapping[str, Callable[[_Given, Evidence, str | None, _Target], Draft]]] = {
    "annulment": _annulment,
    "approval": _approval,
    "closing": _closing,
    "comment": _comment,
    "confirmation": _confirmation,
    "correction": _correction,
    "disclosure": _disclosure,
    "excuse": _excuse,
    "grant": _grant,
    "homework": _homework,
    "makeup": _makeup,
    "mark": _mark,
    "marker": _marker,
    "message": _message,
    "result": _result,
    "roll": _roll,
    "setup": _setup,
    "substitution": _substitution,
    "topic": _topic,
    "waiver": _waiver,
}
