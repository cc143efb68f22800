"""A school's people apart from its calendar and timetable: what a register of an archive is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from edujournal.adapters.schools.documents import from_json, from_plain, to_plain
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.ledger.bytes import encode

#: Kinds of name that are those of people.
_NAMED: Final = ("account", "pupil")


def people_of(school: PlainSchool) -> Iterator[dict[str, Any]]:
    """What a school's data says of each of its people: pupils first, then accounts, in the order of ids.

    A pupil has a name and the groups it belonged to; an account has its name, person, roles, whom it
    may see as guardian or pupil, and what it taught or led; all with their dates.

    Source: clause 1.7. *Version added: 0.1.*
    """
    plain = to_plain(school)
    names = {(one["kind"], one["id"]): one["name"] for one in plain.get("names", ())}
    groups = _by(plain.get("memberships", ()), "pupil")
    posts = _by(plain.get("assignments", ()), "account")
    logins = _by(plain.get("sessions", ()), "account")
    known = {one["id"]: one for one in plain.get("accounts", ())}
    for pupil in sorted(groups.keys() | {id for kind, id in names if kind == "pupil"}):
        said = {"kind": "pupil", "id": pupil, "memberships": groups.get(pupil)}
        yield _person(said, names.get(("pupil", pupil)))
    named = {id for kind, id in names if kind == "account"}
    for account in sorted(known.keys() | posts.keys() | logins.keys() | named):
        said = {
            "kind": "account", "id": account, "account": known.get(account),
            "assignments": posts.get(account), "sessions": logins.get(account),
        }  # fmt: skip
        yield _person(said, names.get(("account", account)))


def without_people(school: PlainSchool) -> bytes:
    """The same school's data without its people, as one canonical JSON document.

    *Version added: 0.1.*
    """
    plain = to_plain(school)
    rest = {name: rows for name, rows in plain.items() if name not in _OF_PEOPLE}
    names = [one for one in plain.get("names", ()) if one["kind"] not in _NAMED]
    return encode(rest | ({"names": names} if names else {}))


#: Fields of the plain form that are about people.
_OF_PEOPLE: Final = ("accounts", "memberships", "assignments", "names", "sessions")


def with_people(school: bytes, people: Iterable[Mapping[str, Any]]) -> PlainSchool:
    """Bring a school's data and its people together again.

    Args:
        school: What :func:`without_people` gave.
        people: What :func:`people_of` gave, or what is left of it.

    Raises:
        BadInput: They are no school's data, or contradict each other.

    *Version added: 0.1.*
    """
    plain = to_plain(from_json(school))
    for name in _OF_PEOPLE:
        plain.setdefault(name, [])
    for one in people:
        kind, id = one["kind"], one["id"]
        if "name" in one:
            plain["names"].append({"kind": kind, "id": id, "name": one["name"]})
        plain["accounts"] += [one["account"]] if "account" in one else []
        for name in ("memberships", "assignments", "sessions"):
            plain[name] += one.get(name, [])
    return from_plain(plain)


def _by(rows: Iterable[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _person(said: dict[str, Any], name: str | None) -> dict[str, Any]:
    return {key: value for key, value in (said | {"name": name}).items() if value is not None}
