"""A school as plain data and back: one JSON document, one TOML file, or a folder of TOML files."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.schools.plain_rows import Faults, Reading
from edujournal.errors import BadFile, BadInput, Problem, nearest
from edujournal.ledger.bytes import encode
from edujournal.model.calendar import Calendar
from edujournal.model.calendar_plain import from_plain as calendar_from_plain
from edujournal.model.calendar_plain import to_plain as calendar_to_plain
from edujournal.model.occasions import Lesson, Planned
from edujournal.model.people import Account, Assignment, Membership
from edujournal.model.sessions import Session
from edujournal.model.time import format_instant, zone
from edujournal.plain_files import json_of, read_plain, toml_of

#: Version of the plain form.
FORMAT: Final = 1

#: The fields of the plain form.
FIELDS: Final = (
    "format",
    "id",
    "lacks",
    "calendars",
    "accounts",
    "memberships",
    "assignments",
    "lessons",
    "names",
    "sessions",
)
_ARRAYS: Final = FIELDS[2:]


# -- to plain --------------------------------------------------------------------------------------


def to_plain(school: PlainSchool) -> dict[str, Any]:
    """Give *school* as values that JSON can say, the same for equal schools.

    What has its default value is left out. A lesson's start and end are local times (``08:30``)
    where the school's clocks show them once that day, else instants.

    *Version added: 0.1.*
    """
    calendars = school.calendars()
    zones = {calendar.year: calendar.zone for calendar in calendars}
    facts = school.facts()

    def zone_of(lesson: Lesson) -> str:
        return zones[facts.calendar_of(lesson).year]

    plain: dict[str, Any] = {"format": FORMAT, "id": school.id}
    rows: dict[str, list[Any]] = {
        "lacks": sorted(school.lacks),
        "calendars": [_calendar(calendar) for calendar in calendars],
        "accounts": [_account(account) for account in school.accounts()],
        "memberships": [_membership(row) for row in school.memberships()],
        "assignments": [_assignment(row) for row in school.assignments()],
        "lessons": [_lesson(lesson, zone_of(lesson)) for lesson in school.lessons()],
        "names": [
            {"kind": kind, "id": id, "name": name} for (kind, id), name in school.names.items()
        ],
        "sessions": [_session(one, calendars[0].zone) for one in school.sessions()],
    }
    plain.update((name, some) for name, some in rows.items() if some or name == "calendars")
    return plain


def clock(at: int, day: date, zone_name: str) -> str:
    """Write an instant as the local time it has on *day*, or by RFC 3339 where that is ambiguous."""
    clocks = zone(zone_name)
    local = clocks.local(at)
    if local.date() == day:
        shown = local.time().replace(fold=0)
        if clocks.at(day, shown) == at:
            return shown.isoformat("auto" if shown.second or shown.microsecond else "minutes")
    return format_instant(at, zone_name)


def _calendar(calendar: Calendar) -> dict[str, Any]:
    return {name: value for name, value in calendar_to_plain(calendar).items() if name != "school"}


def _said(**values: Any) -> dict[str, Any]:
    """The values that say something: no None, no False, nothing empty; days as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value is not False and value != []
    }


def _account(account: Account) -> dict[str, Any]:
    roles = [
        span.role
        if span.since is None and span.until is None
        else _said(role=span.role, since=span.since, until=span.until)
        for span in account.roles
    ]
    return _said(
        id=account.id,
        person=account.person,
        roles=roles,
        since=account.since,
        until=account.until,
        pupils=list(account.pupils),
        shared_with=list(account.shared_with),
        # One without days is away for good, and must be said all the same.
        away=[_said(since=one.since, until=one.until) for one in account.away],
    )


def _session(session: Session, zone_name: str) -> dict[str, Any]:
    return _said(
        account=session.account,
        since=format_instant(session.since, zone_name),
        until=None if session.until is None else format_instant(session.until, zone_name),
        person=session.person,
        place=session.place,
        device=session.device,
    )


def _membership(row: Membership) -> dict[str, Any]:
    return _said(pupil=row.pupil, group=row.group, since=row.since, until=row.until)


def _assignment(row: Assignment) -> dict[str, Any]:
    return _said(
        account=row.account,
        group=row.group,
        subject=row.subject,
        role=None if row.role == "teacher" else row.role,
        since=row.since,
        until=row.until,
    )


def _lesson(lesson: Lesson, zone_name: str) -> dict[str, Any]:
    return _said(
        id=lesson.id,
        group=lesson.group,
        subject=lesson.subject,
        day=lesson.day,
        slot=lesson.slot,
        starts=clock(lesson.starts, lesson.day, zone_name),
        ends=clock(lesson.ends, lesson.day, zone_name),
        teacher=lesson.teacher,
        substitute=lesson.substitute,
        cancelled=lesson.cancelled,
        year=lesson.year,
        nonfunctional=lesson.nonfunctional,
        before=[_planned(state, zone_name) for state in lesson.before],
    )


def _planned(state: Planned, zone_name: str) -> dict[str, Any]:
    return _said(
        until=format_instant(state.until, zone_name),
        day=state.day,
        slot=state.slot,
        starts=clock(state.starts, state.day, zone_name),
        ends=clock(state.ends, state.day, zone_name),
        cancelled=state.cancelled,
    )


# -- from plain ------------------------------------------------------------------------------------


def from_plain(values: Mapping[str, Any]) -> PlainSchool:
    """Make a school of what :func:`to_plain` gives, or of the same read from JSON or TOML.

    Raises:
        BadInput: Every value that cannot be what it claims, with its path, such as
            ``$.lessons[3].day``; or, if all can, what contradicts itself.

    *Version added: 0.1.*
    """
    return _from_parts([("$", values)])


def _from_parts(parts: Sequence[tuple[str, Mapping[str, Any]]]) -> PlainSchool:
    """Make a school of one or several documents whose arrays are joined; each has its own path."""
    problems: list[Problem] = Faults()
    scalars: dict[str, tuple[str, Any]] = {}
    arrays: dict[str, list[tuple[str, Any]]] = {name: [] for name in _ARRAYS}
    for where, values in parts:
        for name, value in values.items():
            path = f"{where}.{name}"
            if name not in FIELDS:
                near = nearest(name, FIELDS)
                mend = f"Did you mean {near!r}?" if near else f"Known are {', '.join(FIELDS)}."
                problems.append(Problem(path, "unknown field", mend=mend))
            elif name not in arrays:
                if name in scalars:
                    problems.append(Problem(path, f"stated twice, also in {scalars[name][0]}"))
                scalars[name] = (path, value)
            elif isinstance(value, list):
                arrays[name].extend((f"{path}[{n}]", one) for n, one in enumerate(value))
            else:
                problems.append(Problem(path, "wrong type of value", "a list", repr(value)))
    first = parts[0][0] if parts else "$"
    path, form = scalars.get("format", (first, FORMAT))
    if form != FORMAT or type(form) is not int:
        problems.append(Problem(path, "an unknown format", str(FORMAT), repr(form)))
    path, id = scalars.get("id", (f"{first}.id", None))
    if not isinstance(id, str):
        problems.append(
            Problem(path, "no id of the school", "text", "" if id is None else repr(id))
        )
        id = "?"  # its calendars are read all the same, and have no fault of their own by it
    calendars = list(_calendars(arrays["calendars"], id, problems))
    if problems:
        raise BadInput(problems)
    reading = Reading(calendars, problems)
    school: dict[str, Any] = {
        "calendars": calendars,
        "lacks": list(reading.words(arrays["lacks"])),
        "accounts": list(reading.accounts(arrays["accounts"])),
        "memberships": list(reading.memberships(arrays["memberships"])),
        "assignments": list(reading.assignments(arrays["assignments"])),
        "lessons": list(reading.lessons(arrays["lessons"])),
        "names": dict(reading.names(arrays["names"])),
        "sessions": list(reading.sessions(arrays["sessions"])),
    }
    if problems:
        raise BadInput(problems)
    return PlainSchool(id, **school)


def _calendars(
    rows: Iterable[tuple[str, Any]], school: str, problems: list[Problem]
) -> Iterator[Calendar]:
    for path, value in rows:
        plain = {"school": school, **value} if isinstance(value, Mapping) else value
        try:
            yield calendar_from_plain(plain)
        except BadInput as error:
            problems.extend(replace(one, where=_under(path, one.where)) for one in error.problems)


def _under(path: str, inner: str) -> str:
    inner = inner.removeprefix("$").removeprefix(".")
    return f"{path}.{inner}" if inner else path


# -- documents -------------------------------------------------------------------------------------


def to_json(school: PlainSchool) -> bytes:
    """Give *school* as one canonical JSON document: equal schools have equal bytes.

    Raises:
        BadInput: A text is not Unicode in normal form C.

    *Version added: 0.1.*
    """
    return encode(to_plain(school))


def from_json(content: bytes, name: str = "school.json") -> PlainSchool:
    """Make a school of a JSON document.

    Raises:
        BadInput: It is not JSON, or says what cannot be; every fault has its path.

    *Version added: 0.1.*
    """
    return _from_parts([(name, _json(content, name))])


def load_plain(path: str | Path) -> PlainSchool:
    """Read a school from a TOML or JSON file, or from a folder.

    In a folder every ``*.toml`` file is read, in the order of names, and their arrays are joined, so
    that lessons can stand beside people. Without one, ``school.json`` is read.

    Raises:
        BadFile: A file cannot be read, or says what cannot be; every fault has file and path.

    *Version added: 0.1.*
    """
    place = Path(path)
    files = [place]
    if place.is_dir():
        files = sorted(place.glob("*.toml")) or sorted(place.glob("school.json"))
        if not files:
            raise BadFile(
                "no school in this folder", where=str(place), expected="*.toml, school.json"
            )
    try:
        parts = [(file.name, _read(file)) for file in files]
        return _from_parts(parts)
    except BadFile:
        raise
    except BadInput as error:
        raise BadFile(error.problems) from error


def dump_plain(school: PlainSchool, path: str | Path) -> None:
    """Write *school* into a file, TOML or JSON by its suffix, replacing what was there at once.

    Raises:
        BadInput: The suffix is neither ``.toml`` nor ``.json``.

    *Version added: 0.1.*
    """
    place = Path(path)
    if place.suffix == ".json":
        content = to_json(school)
    elif place.suffix == ".toml":
        content = to_toml(to_plain(school)).encode()
    else:
        raise BadInput(
            "not a format of a school's data", where=str(place), expected=".toml or .json"
        )
    replace_file(place, content)


def replace_file(place: Path, content: bytes) -> None:
    """Put *content* where a file was, or was not: a reader sees the old one or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(file: Path) -> Mapping[str, Any]:
    content = read_plain(file)
    if file.suffix == ".json":
        return _json(content, file.name)
    if file.suffix != ".toml":
        raise BadFile("not a format of a school's data", where=file.name, expected=".toml or .json")
    return toml_of(content, file.name)


def _json(content: bytes, name: str) -> Mapping[str, Any]:
    value = json_of(content, name)
    if not isinstance(value, dict):
        raise BadFile(
            "wrong type of value", where=name, expected="an object", found=repr(value)[:80]
        )
    return value


# -- TOML ------------------------------------------------------------------------------------------


def to_toml(plain: Mapping[str, Any]) -> str:
    """Write the plain form of a school as TOML: every row stands on a line of its own.

    *Version added: 0.1.*
    """
    lines = list(_fields({name: one for name, one in plain.items() if name != "calendars"}))
    # Tables come last: what follows the head of a table belongs to it.
    for calendar in plain["calendars"]:
        lines += ["", "[[calendars]]", *_fields(calendar)]
    return "\n".join(lines) + "\n"


def _fields(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield f"{name} = ["
            yield from (f"    {_inline(row)}," for row in value)
            yield "]"
        else:
            yield f"{name} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the one control character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    # The names of fields and the dates of a cycle can stand bare.
    return "{ " + ", ".join(f"{name} = {_inline(one)}" for name, one in value.items()) + " }"
