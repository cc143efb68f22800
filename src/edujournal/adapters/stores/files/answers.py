"""What the disk's errors mean to a caller of the file store."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from edujournal.errors import StoreError, StoreUnwritable


@contextmanager
def changing(where: str) -> Iterator[None]:
    """Turn what the disk says to a writer into :class:`StoreUnwritable`."""
    try:
        yield
    except OSError as error:
        raise StoreUnwritable(
            "the disk refused to write",
            where=where,
            found=_told(error),
            mend="Nothing was acknowledged. Mend the disk, then try again.",
        ) from error


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Turn what the disk says to a reader into :class:`StoreError`."""
    try:
        yield
    except OSError as error:
        raise StoreError("the disk cannot be read", where=where, found=_told(error)) from error


def _told(error: OSError) -> str:
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"{name} ({error.strerror or error})"
