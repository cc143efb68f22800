"""Views as JSON Lines: one object for each cell in which something stands, or is owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from edujournal.cli.lines import journal_name
from edujournal.model.time import format_instant
from edujournal.rules.clauses import Regulation
from edujournal.rules.numbers import written
from edujournal.rules.proposals import Proposal
from edujournal.views.cells import cell_text
from edujournal.views.diary import Diary
from edujournal.views.page import Page
from edujournal.views.sheet import Sheet, sheet_text

Regulations = Sequence[Regulation]


def cells_of_page(page: Page, regulations: Regulations) -> Iterator[dict[str, Any]]:
    """Yield the cells of a page, column by column."""
    for place, column in enumerate(page.columns):
        for row in page.rows:
            cell = row.cells[place]
            if not cell.is_empty or cell.holds:
                yield {
                    "journal": str(page.journal),
                    "pupil": row.pupil,
                    "about": column.name,
                    "day": None if column.day is None else column.day.isoformat(),
                    "text": cell_text(cell, regulations, "page"),
                    "entries": list(cell.entries),
                }


def cells_of_diary(diary: Diary, regulations: Regulations) -> Iterator[dict[str, Any]]:
    """Yield the lessons, works and results of a week of a diary."""
    for day in diary.days:
        for lesson in day.lessons:
            topic = None if lesson.topic is None else lesson.topic.topic
            yield {
                "pupil": diary.pupil,
                "day": day.day.isoformat(),
                "journal": str(lesson.journal),
                "about": lesson.lesson.about,
                "text": cell_text(lesson.cell, regulations, "diary"),
                "teacher": lesson.teacher,
                "topic": topic,
                "tasks": [task.task for task in lesson.tasks],
                "comments": [one.comment for one in lesson.cell.standing().comments],
            }
        for work in day.works:
            yield {
                "pupil": diary.pupil,
                "day": day.day.isoformat(),
                "journal": str(work.journal),
                "about": work.name,
                "text": cell_text(work.cell, regulations, "diary"),
            }
        for result in day.results:
            yield {
                "pupil": diary.pupil,
                "day": day.day.isoformat(),
                "journal": str(result.journal),
                "about": f"period:{result.period}",
                "text": cell_text(result.cell, regulations, "diary"),
            }
        for term in day.terms:
            yield {
                "pupil": diary.pupil,
                "day": day.day.isoformat(),
                "journal": str(term.journal),
                "about": term.about,
                "to_clear": term.code,
            }
        for message in day.messages:
            yield {
                "pupil": diary.pupil,
                "day": day.day.isoformat(),
                "journal": journal_name(message.source.book),
                "about": f"group:{message.group}",
                "text": message.message,
            }


def lines_of_seen(diary: Diary, zone: str) -> Iterator[dict[str, Any]]:
    """Yield who has confirmed to have seen a week of a diary."""
    for one in diary.seen:
        yield {
            "pupil": diary.pupil,
            "week": diary.since.isoformat(),
            "account": one.account,
            "on_behalf_of": one.on_behalf_of,
            "at": format_instant(one.at, zone),
            "changed": one.changed,
        }


def cells_of_sheet(
    sheet: Sheet, period: str | None, regulations: Regulations
) -> Iterator[dict[str, Any]]:
    """Yield the cells of a sheet, of all periods or of one."""
    for place, column in enumerate(sheet.columns):
        if period not in (None, column.period):
            continue
        for row in sheet.rows:
            cell = row.cells[place]
            has = cell.result is not None or bool(cell.always)
            if cell.owed or has:
                proposed = cell.proposal
                told = {} if proposed is None else {"proposed": _proposed(proposed)}
                yield told | {
                    "group": sheet.group,
                    "year": sheet.year,
                    "pupil": row.pupil,
                    "subject": column.subject,
                    "period": column.period,
                    "stage": column.stage,
                    "text": sheet_text(cell, regulations) if has else None,
                    "owed": cell.owed,
                }


def _proposed(proposal: Proposal) -> dict[str, Any]:
    return {
        "status": proposal.status,
        "text": proposal.text,
        "mean": None if proposal.mean is None else written(proposal.mean),
        "differs": proposal.differs,
        "outdated": proposal.outdated,
    }
