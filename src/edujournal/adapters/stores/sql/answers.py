"""What a database's errors mean: which of ours they are, which pass by themselves, which leave us unsure."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Transaction, exc

from edujournal.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreUnwritable,
    UnknownOutcome,
)

#: Times a transaction is tried when the database says that another try may succeed.
TRIES: Final = 6

#: Primary result codes of SQLite (sqlite.org/rescode.html).
SQLITE_BUSY: Final = frozenset({5, 6})
_SQLITE_UNWRITABLE: Final = frozenset({3, 8, 10, 13, 14, 22, 23})

#: SQLSTATEs of PostgreSQL (appendix A of its manual) after which the same may succeed at once:
#: serialization failure, deadlock.
_AGAIN: Final = frozenset({"40001", "40P01"})

#: Lock not available, query cancelled (by a time-out), object in use, too many connections,
#: cannot connect now.
_BUSY: Final = frozenset({"55P03", "57014", "55006", "53300", "57P03"})

#: Classes: connection, insufficient resources, operator intervention, system error; and single ones:
#: read-only transaction, insufficient privilege, unknown role, wrong password, unknown database.
_UNWRITABLE: Final = ("08", "53", "57", "58", "25006", "42501", "28", "3D000", "3F000")

#: The server went away, or does not know how the transaction ended.
_UNSURE: Final = ("08", "57P", "40003")

#: Errors of MariaDB: deadlock, and a row that changed since it was read.
_AGAIN_NUMBERS: Final = frozenset({1213, 1020})

#: Lock wait timeout, interrupted, statement timeout, too many connections (of all, of one user).
_BUSY_NUMBERS: Final = frozenset({1205, 1317, 1969, 3024, 1040, 1203, 1226})

#: Of the disk, the rights, the mode, the connection, and a packet that is too large.
_UNWRITABLE_NUMBERS: Final = frozenset(
    {3, 28, 1021, 1026, 1030, 1036, 1044, 1045, 1049, 1114, 1142, 1153, 1159, 1161, 1290, 1792}
    | {1836, 1927, 2002, 2003, 2006, 2013, 2055}
)

_Answer = TypeVar("_Answer")


@contextmanager
def answers(where: str) -> Iterator[None]:
    """Turn what the database says into what a caller can do about it."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        raise translated(error, where) from error


def retried(doing: Callable[[], _Answer], where: str) -> _Answer:
    """Do it; do it again, a few times, where the database rolled it back and asks for another try.

    Between tries it waits a random while that grows, so that rivals do not meet again.
    """
    for attempt in range(1, TRIES):
        try:
            return doing()
        except exc.SQLAlchemyError as error:
            if not transient(error, attempt):
                raise translated(error, where) from error
        time.sleep(pause(attempt))
    with answers(where):
        return doing()


async def retried_async(doing: Callable[[], Awaitable[_Answer]], where: str) -> _Answer:
    """As :func:`retried`, for what is awaited."""
    for attempt in range(1, TRIES):
        try:
            return await doing()
        except exc.SQLAlchemyError as error:
            if not transient(error, attempt):
                raise translated(error, where) from error
        await asyncio.sleep(pause(attempt))
    with answers(where):
        return await doing()


def pause(attempt: int) -> float:
    """Seconds to wait after the *attempt*-th try."""
    return random.uniform(0, 0.005 * 2**attempt)  # noqa: S311 - jitter


def transient(error: exc.SQLAlchemyError, attempt: int) -> bool:
    """Tell whether nothing was kept and another try may succeed.

    A lost connection is one of them once: a server that was restarted leaves dead connections in the
    pool. To be told how a commit ended is not: see :func:`commit`.
    """
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return attempt == 1
    original = getattr(error, "orig", None)
    return _sqlstate(original) in _AGAIN or _number(original) in _AGAIN_NUMBERS


def commit(transaction: Transaction, where: str) -> None:
    """Commit.

    Raises:
        UnknownOutcome: The connection was lost before the answer came.
    """
    try:
        transaction.commit()
    except exc.DBAPIError as error:
        if not _unsure(error):
            raise
        raise UnknownOutcome(
            "the connection was lost while the act was being committed",
            where=where,
            expected="the database's answer",
            found=_told(error),
            mend="The act is kept whole or not at all. Repeat it with the same client key.",
        ) from error


def translated(error: exc.SQLAlchemyError, where: str) -> StoreError:
    """What *error* means to a caller."""
    if isinstance(error, exc.StatementError):
        # What was handed to a statement are records: they belong in no log, whoever's engine it is.
        error.hide_parameters = True
    original = getattr(error, "orig", None)
    told = _told(error)
    if isinstance(error, exc.TimeoutError):
        return StoreBusy("every connection is in use", where=where, found=told, mend="Try again.")
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return _translated_sqlite(code & 0xFF, told, where)
    state, number = _sqlstate(original), _number(original)
    if state in _AGAIN | _BUSY or number in _AGAIN_NUMBERS | _BUSY_NUMBERS:
        return StoreBusy(
            "another transaction holds what this one needs",
            where=where,
            found=told,
            mend="Nothing was written. Try again.",
        )
    if (state and state.startswith(_UNWRITABLE)) or number in _UNWRITABLE_NUMBERS:
        return StoreUnwritable(
            "the database cannot be used: read-only, full, forbidden, or out of reach",
            where=where,
            found=told,
            mend="Nothing was acknowledged.",
        )
    if isinstance(error, exc.IntegrityError):
        return StoreDamaged(
            "a record stands where the head says there is none", where=where, found=told
        )
    if state is None and isinstance(error, (exc.OperationalError, exc.InterfaceError)):
        return StoreUnwritable("the database does not answer", where=where, found=told)
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return StoreUnwritable("the connection was lost", where=where, found=told)
    return StoreDamaged("the database does not hold what it should", where=where, found=told)


def _translated_sqlite(code: int, told: str, where: str) -> StoreError:
    if code in SQLITE_BUSY:
        return StoreBusy(
            "another connection holds the database", where=where, found=told, mend="Try again."
        )
    if code in _SQLITE_UNWRITABLE:
        return StoreUnwritable(
            "the database cannot be written: read-only, full, or out of reach",
            where=where,
            found=told,
            mend="Nothing was acknowledged.",
        )
    return StoreDamaged("the database is not what was written", where=where, found=told)


def _unsure(error: exc.DBAPIError) -> bool:
    """Whether *error*, met by a commit, leaves open how it ended."""
    original = error.orig
    if getattr(original, "sqlite_errorcode", None) is not None:
        return False
    state = _sqlstate(original)
    if state is not None:
        return state.startswith(_UNSURE)
    return error.connection_invalidated or _number(original) in (None, 1159, 1161, 1927)


def _told(error: exc.SQLAlchemyError) -> str:
    original: Any = getattr(error, "orig", None) or error
    return f"{type(original).__name__}: {original}"


def _sqlstate(original: Any) -> str | None:
    state = getattr(original, "sqlstate", None)
    return state if isinstance(state, str) else None


def _number(original: Any) -> int | None:
    """The error number that drivers of MariaDB give first."""
    first = next(iter(getattr(original, "args", ())), None)
    return first if type(first) is int else None
