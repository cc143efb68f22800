"""Excuses: whether a missed lesson is excused, by its code, by a marker, or by a class book."""

from __future__ import annotations

from collections.abc import Mapping

from edujournal.ledger.books import BookState
from edujournal.model.occasions import Occasion
from edujournal.rules.around import Around
from edujournal.rules.clauses import Regulation
from edujournal.rules.given import beside, subject_wide
from edujournal.rules.worth import Missed, sign_of, worth

#: Stretches of days by pupil, half-open, as ISO text.
Spans = Mapping[str, tuple[tuple[str, str], ...]]


def excused_spans(around: Around, regulation: Regulation, pupil: str | None = None) -> Spans:
    """The days excused by class books, by pupil: the excuses that stand and whose code excuses.

    With *pupil* only that one's.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for group, state in around.classes.items():
        for excuse in around.of_class(group, "excuse"):
            if pupil is not None and excuse.pupil != pupil:
                continue
            values = state.reading(excuse).values
            code = regulation.find_absence(values["code"])
            if code is not None and code.excused:
                found.setdefault(str(excuse.pupil), []).append((values["day"], values["until"]))
    return {pupil: tuple(spans) for pupil, spans in found.items()}


def excused(
    pupil: str,
    code: str,
    occasion: Occasion,
    state: BookState,
    regulation: Regulation,
    spans: Spans,
) -> bool | None:
    """Tell whether *pupil*, absent from the lesson *occasion* with a reason code, is excused.

    The code says so, or a marker of the pupil there, or an excuse in the class book that covers the
    day. None where none of them tells.
    """
    entries = [*beside(occasion, pupil, state), *subject_wide(occasion, state, pupil)]
    signs = [sign_of(one) for one in entries]
    found = worth(signs, regulation, Missed(code)).excused
    if not found and occasion.day is not None:
        day = occasion.day.isoformat()
        if any(since <= day < until for since, until in spans.get(pupil, ())):
            return True
    return found
