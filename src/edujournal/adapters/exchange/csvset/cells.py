"""Cells: what a text in a CSV file means, and how a value is written so that it is read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Final

from edujournal.adapters.exchange.csvset.columns import NOTHING
from edujournal.errors import BadInput
from edujournal.model.draft_forms import exact
from edujournal.model.drafts import Absence
from edujournal.model.entries import Evidence
from edujournal.model.people import Away, RoleSpan
from edujournal.model.time import Zone, format_instant, parse_instant

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"\d\d?:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_WHOLE: Final = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d{0,17})[.,]\d{1,18}", re.ASCII)
_YES: Final = frozenset({"yes", "true", "1", "да"})
_NO: Final = frozenset({"no", "false", "0", "нет"})
_WEEKDAYS: Final = re.compile(r"([1-7])(?:\s*-\s*([1-7]))?", re.ASCII)
_SEPARATED: Final = re.compile(r"(?:\\.|[^;\\])*", re.DOTALL)
_FRACTION: Final = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.(\d+))?")
_OPEN: Final = ".."


class Bad(ValueError):
    """A cell that cannot be what its column says.

    Attributes:
        what: The fault.
        expected: What would have been right.
    """

    def __init__(self, expected: str, what: str = "not understood") -> None:
        super().__init__(what)
        self.what, self.expected = what, expected


# -- plain values ----------------------------------------------------------------------------------


def day(cell: str) -> date:
    """A date such as ``2026-09-01``."""
    if not _DATE.fullmatch(cell):
        raise Bad("a date such as 2026-09-01", "not a date")
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise Bad("a date of the calendar", "no such date") from error


def clock(cell: str) -> time:
    """A local time such as ``08:30``."""
    if not _TIME.fullmatch(cell):
        raise Bad("a local time such as 08:30", "not a time of day")
    try:
        return time.fromisoformat(cell.rjust(5, "0") if cell[1] == ":" else cell)
    except ValueError as error:
        raise Bad("a time of the day", "no such time") from error


def instant(cell: str) -> int:
    """An instant by RFC 3339, with an offset."""
    try:
        return parse_instant(cell)
    except BadInput as error:
        problem = error.problems[0]
        raise Bad(problem.expected or "RFC 3339 with an offset or Z", problem.what) from error


def whole(cell: str) -> int:
    """A whole number."""
    if not _WHOLE.fullmatch(cell):
        raise Bad("a whole number", "not a number")
    return int(cell)


def hours(cell: str) -> Decimal:
    """A number, with a decimal comma or point."""
    if not (_WHOLE.fullmatch(cell) or _DECIMAL.fullmatch(cell)):
        raise Bad("a number such as 1,5", "not a number")
    return Decimal(cell.replace(",", "."))


def truth(cell: str) -> bool:
    """Yes or no."""
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Bad("yes or no", "neither yes nor no")


def value(cell: str) -> int | Decimal | str:
    """A mark: a whole number, a decimal one, else a code; in double quotes always a code."""
    if len(cell) > 2 and cell[0] == cell[-1] == '"':
        return cell[1:-1]
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if _DECIMAL.fullmatch(cell):
        return Decimal(cell.replace(",", "."))
    return cell


def weekdays(cell: str) -> frozenset[int]:
    """ISO weekdays: ``1-5``, or ``1;3;5``."""
    found: set[int] = set()
    for part in re.split(r"[;,\s]+", re.sub(r"\s*-\s*", "-", cell.strip())):
        match = _WEEKDAYS.fullmatch(part)
        if not match or (match[2] and match[2] < match[1]):
            raise Bad("ISO weekdays such as 1-5 or 1;3;5", "not weekdays")
        found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return frozenset(found)


# -- lists -----------------------------------------------------------------------------------------


def items(cell: str) -> tuple[str, ...]:
    """The items of a list parted by ``;``; a backslash takes the sense from the sign after it."""
    return tuple(unescaped(part.strip()) for part in raw_items(cell))


def raw_items(cell: str) -> list[str]:
    """The items of a list, escapes left in."""
    found: list[str] = []
    at = 0
    while True:
        match = _SEPARATED.match(cell, at)
        end = match.end() if match else at
        found.append(cell[at:end])
        if end == len(cell):
            break
        if cell[end] != ";":
            raise Bad("a sign after the backslash", "a list that breaks off")
        at = end + 1
    if found[-1].strip() == "" and len(found) > 1:
        found.pop()
    if any(not part.strip() for part in found):
        raise Bad("items parted by ';'", "an empty item")
    return found


def halves(text: str, separator: str) -> tuple[str, str | None]:
    """*text* before and after the first *separator* that no backslash precedes."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(separator, at):
            return text[:at], text[at + len(separator) :]
        else:
            at += 1
    return text, None


def unescaped(text: str) -> str:
    """*text* with its backslashes resolved."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def escaped(text: str) -> str:
    """*text* so that it is one item of a list, whatever signs it has."""
    return re.sub(r"([\\;:@])", r"\\\1", text)


def joined(texts: Iterable[str]) -> str:
    """Ids as a list in a cell."""
    cell = ";".join(map(escaped, texts))
    # A single item that reads as "none" would be taken for it.
    return f"\\{cell}" if cell == NOTHING else cell


def days(cell: str) -> frozenset[date]:
    """Dates parted by ``;``."""
    return frozenset(map(day, items(cell)))


def roles(cell: str) -> tuple[RoleSpan, ...]:
    """Roles such as ``teacher;deputy@2026-09-01..2027-01-01``; either date may be left out."""
    found = []
    for part in raw_items(cell):
        role, span = halves(part.strip(), "@")
        since: date | None = None
        until: date | None = None
        if span is not None:
            first, dots, last = span.partition("..")
            if not dots:
                raise Bad("role@since..until, such as deputy@2026-09-01..", "dates not understood")
            since = day(first) if first else None
            until = day(last) if last else None
        found.append(RoleSpan(unescaped(role), since, until))
    return tuple(found)


def spans(cell: str) -> tuple[Away, ...]:
    """Stretches of days such as ``2026-09-07..2026-09-14;2027-01-11..``; either date may be left out."""
    found = []
    for part in raw_items(cell):
        first, dots, last = part.strip().partition("..")
        if not dots:
            raise Bad("since..until, such as 2026-09-07..2026-09-14", "dates not understood")
        away = Away(day(first) if first else None, day(last) if last else None)
        if away.since is not None and away.until is not None and away.since >= away.until:
            raise Bad("since before until", "a stretch without a day")
        found.append(away)
    return tuple(found)


def shown_spans(stretches: Iterable[Away]) -> str:
    """Stretches of days as a cell."""
    return ";".join(f"{one.since or ''}..{one.until or ''}" for one in stretches)


def shown_roles(spans: Iterable[RoleSpan]) -> str:
    """Roles as a cell."""
    return ";".join(
        escaped(span.role)
        if span.since is None and span.until is None
        else f"{escaped(span.role)}@{span.since or ''}..{span.until or ''}"
        for span in spans
    )


def absentees(cell: str) -> dict[str, Absence | None]:
    """Absentees such as ``p-1:Н;p-2:ОП:10``: pupil, code, minutes late; ``p-3:-`` was there.

    Who left early has the minute after that: ``p-2:ОП:10:40``, ``p-4:Б::20``.
    """
    found: dict[str, Absence | None] = {}
    for part in raw_items(cell):
        shown_pupil, rest = halves(part.strip(), ":")
        pupil = unescaped(shown_pupil)
        if rest is None or not pupil:
            raise Bad("pupil:code, such as p-1:Н;p-2:ОП:10", "an absentee without a code")
        if pupil in found:
            raise Bad("each pupil once", f"pupil {pupil!r} is given twice")
        code, minutes = halves(rest, ":")
        if code == NOTHING and minutes is None:
            found[pupil] = None
            continue
        try:
            found[pupil] = _absence(unescaped(code), minutes)
        except BadInput as error:
            raise Bad(error.problems[0].expected, error.problems[0].what) from error
    return found


def _absence(code: str, minutes: str | None) -> Absence:
    if minutes is None:
        return Absence(code)
    late, left = halves(minutes, ":")
    if left is None:
        return Absence(code, whole(late))
    return Absence(code, whole(late) if late else None, whole(left))


def shown_absentees(rows: Iterable[dict[str, object]]) -> str:
    """Rows of a roll call as a cell."""
    parts = []
    for row in rows:
        pupil = escaped(str(row["pupil"]))
        code = NOTHING if "code" not in row else joined([str(row["code"])])
        late, left = (f":{row[name]}" if name in row else "" for name in ("late", "left"))
        parts.append(f"{pupil}:{code}{late or ':' if left else late}{left}")
    return ";".join(parts)


# -- when it was recorded --------------------------------------------------------------------------


def recorded(cell: str, clocks: Zone) -> tuple[int | None, int | None]:
    """First possible instant of a recording, and the end of the possible ones.

    An instant, known as finely as it is written; a day; ``from/to`` with ``..`` for an open side;
    an empty cell for "not known".
    """
    if not cell:
        return None, None
    first, slash, last = cell.partition("/")
    if slash:
        lo = None if first == _OPEN else instant(first)
        hi = None if last == _OPEN else instant(last)
        if lo is not None and hi is not None and lo >= hi:
            raise Bad("from/to, the end after the beginning", "an interval without an instant")
        return lo, hi
    if _DATE.fullmatch(cell):
        d = day(cell)
        return clocks.start_of_day(d), clocks.end_of_day(d)
    try:
        lo = instant(cell)
    except Bad as bad:
        raise Bad("an instant with an offset, a date, or nothing", bad.what) from bad
    written = _FRACTION.search(cell)
    digits = len(written[1] or "") if written else 0
    return lo, lo + 10 ** (6 - min(digits, 6))


def shown_value(found: int | str) -> str:
    """A mark as a cell; a code that reads as a number, or as quoted, stands in quotes."""
    if isinstance(found, int):
        return str(found)
    read = value(found)
    plain = exact(read, "") if isinstance(read, Decimal) else read
    return found if plain == found else f'"{found}"'


def shown_recorded(evidence: Evidence, clocks: Zone) -> str:
    """What is known of a recording, as the shortest cell that says it."""
    lo, hi = evidence.lo, evidence.hi
    if lo is None and hi is None:
        return ""
    if lo is not None and hi is not None:
        d = clocks.local_date(lo)
        if (clocks.start_of_day(d), clocks.end_of_day(d)) == (lo, hi):
            return d.isoformat()
        digits = next((n for n in range(7) if hi - lo == 10 ** (6 - n)), None)
        if digits is not None and lo % 10 ** (6 - digits) == 0:
            return fine(lo, clocks, digits)
    return "/".join(_OPEN if at is None else fine(at, clocks) for at in (lo, hi))


def fine(at: int, clocks: Zone, digits: int = 6) -> str:
    """An instant by RFC 3339 with that many digits of the second's fraction."""
    whole_second = format_instant(at - at % 1_000_000, clocks.name)
    fraction = f".{at % 1_000_000:06d}"[: digits + 1] if digits else ""
    return whole_second[:19] + fraction + whole_second[19:]
