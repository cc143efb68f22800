"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final, Literal

from cyclopts import Group, Parameter

from edujournal.errors import BadInput

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Language = Literal["en", "ru"]


def language_of(environment: Mapping[str, str]) -> Language:
    """The language of an environment's locale, as POSIX orders its variables; English for others."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(name)
        if locale:
            return "ru" if re.match("ru([_.@]|$)", locale) else "en"
    return "en"


_SHOWN = Group("How to show it", sort_key=2)
_PLACE = Group("What to look at", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a command shows what it has to say."""

    lang: Annotated[Language, Parameter(group=_SHOWN, help="Language of what people read.")] = (
        field(default_factory=lambda: language_of(os.environ))
    )
    json: Annotated[
        bool,
        Parameter(group=_SHOWN, negative=(), help="JSON Lines for programs, one object a line."),
    ] = False
    debug: Annotated[
        bool, Parameter(group=_SHOWN, negative=(), help="Show where an error came from.")
    ] = False


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Place:
    """Which store, which school in it, under which regulations."""

    store: Annotated[
        str,
        Parameter(
            group=_PLACE,
            help="sqlite:///FILE, file:DIR, or any SQLAlchemy URL.",
        ),
    ]
    school: Annotated[
        str | None, Parameter(group=_PLACE, help="Id of the school, if the store has several.")
    ] = None
    school_data: Annotated[
        str | None,
        Parameter(
            group=_PLACE,
            help="File or folder with the school's data, if the store does not carry it.",
        ),
    ] = None
    keys: Annotated[
        str | None,
        Parameter(
            group=_PLACE,
            help="Folder with the keys under which texts are ciphered, if they are.",
        ),
    ] = None
    regulation: Annotated[
        tuple[str, ...],
        Parameter(
            group=_PLACE,
            negative=(),
            help="Shipped id or TOML file; may be repeated. By default what the store carries.",
        ),
    ] = ()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class PlaceOrLake(Place):
    """Which store, or which lake of many schools."""

    store: Annotated[
        str,
        Parameter(
            group=_PLACE,
            help="sqlite:///FILE, file:DIR, or any SQLAlchemy URL.",
        ),
    ] = ""
    lake: Annotated[
        str | None,
        Parameter(group=_PLACE, help="Folder of a lake: all its schools, or the one of --school."),
    ] = None
    engine: Annotated[
        Literal["python", "polars", "duckdb", "spark"] | None,
        Parameter(
            group=_PLACE,
            help="What joins the columns: of a lake duckdb by default; of a store none by default."
            " python judges every entry.",
        ),
    ] = None
    master: Annotated[
        str | None,
        Parameter(
            group=_PLACE,
            help="With --engine spark: its master, such as spark://head:7077; by default that of"
            " SPARK_MASTER, else this machine alone.",
        ),
    ] = None
    workers: Annotated[
        int,
        Parameter(
            group=_PLACE,
            help="Processes that audit the schools of a lake side by side; 1 by default.",
        ),
    ] = 1


def in_store(place: PlaceOrLake, *, columns: bool = False) -> None:
    """Make sure that a store is named, and nothing that only a lake has.

    Args:
        place: Where.
        columns: Whether an engine may join the columns of a store.

    Raises:
        BadInput: It is not.
    """
    if place.workers != 1:
        raise BadInput(
            "schools of a lake are divided", where="--workers", expected="--lake beside it"
        )
    check_master(place)
    if place.engine is not None and not columns:
        raise BadInput("an engine without columns", where="--engine", expected="--lake beside it")
    if not place.store:
        raise BadInput("nothing to look at", expected="--store URL or --lake DIR")


def check_master(place: PlaceOrLake) -> None:
    """Make sure that a master is named for Spark alone.

    Raises:
        BadInput: It is not.
    """
    if place.master is not None and place.engine != "spark":
        raise BadInput("a master of another engine", where="--master", expected="--engine spark")


def day(text: str | None, option: str) -> date | None:
    """Read a day of an option.

    Raises:
        BadInput: It is none.
    """
    return None if text is None else iso_day(text, option)


def iso_day(text: object, where: str) -> date:
    """Read a day as ISO 8601 writes it, with its hyphens.

    Raises:
        BadInput: It is none.
    """
    error: ValueError | None = None
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as no_such:
            error = no_such
    raise BadInput(
        "not a day", where=where, expected="a day such as 2026-09-15", found=repr(text)
    ) from error


def moment(text: str | None, option: str = "--at") -> int | None:
    """Read an instant of an option, as UTC microseconds.

    Raises:
        BadInput: It is none.
    """
    if text is None:
        return None
    from edujournal.model.time import parse_instant

    try:
        return parse_instant(text)
    except BadInput as error:
        first = error.problems[0]
        raise BadInput(
            first.what,
            where=option,
            expected=first.expected or "such as 2026-09-15T08:30:00+03:00",
            found=first.found,
            mend=first.mend,
        ) from error
