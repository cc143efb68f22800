"""Ids: opaque names that a host gives, and the names of books and occasions made of them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import quote

from edujournal.errors import BadInput

#: Longest id, in characters.
LONGEST_ID: Final = 128

#: Longest origin that names a book, in characters.
_LONGEST_LOG: Final = 200

#: Characters that separate ids in the names of books and occasions.
_SEPARATORS: Final = frozenset("/")


def check_id(value: str, noun: str = "id") -> str:
    """Give *value* back if it can be an id, else raise.

    An id has 1 to 128 printable characters in normal form C, no ``/``, and no space at its ends.

    Raises:
        BadInput: It cannot.

    *Version added: 0.1.*
    """
    if not isinstance(value, str):
        raise BadInput(
            f"not a {noun}", expected="text", found=repr(value), mend="Pass ids as strings."
        )
    return _checked(str.__str__(value), noun)


@lru_cache(maxsize=65_536)
def _checked(value: str, noun: str) -> str:
    if (
        not value
        or len(value) > LONGEST_ID
        or value != value.strip()
        or not value.isprintable()
        or not unicodedata.is_normalized("NFC", value)
        or not _SEPARATORS.isdisjoint(value)
    ):
        raise BadInput(
            f"not a {noun}",
            expected=f"1 to {LONGEST_ID} printable characters (NFC), no '/', no space at the ends",
            found=repr(value[: LONGEST_ID + 1]),
        )
    return value


def check_code(value: str, noun: str = "code") -> str:
    """Give *value* back if it can be a code of a regulation, else raise.

    A code is like an id, and may have a ``/``, as «н/а» has.

    Raises:
        BadInput: It cannot.

    *Version added: 0.1.*
    """
    if type(value) is not str or not value.strip("/"):
        return check_id(value, noun)
    check_id(value.replace("/", "_"), noun)
    return value


class JournalId(NamedTuple):
    """Whose journal, of which subject, in which year; written ``group/subject/year``.

    *Version added: 0.1.*
    """

    group: str
    subject: str
    year: str

    def __str__(self) -> str:
        return f"{self.group}/{self.subject}/{self.year}"

    @property
    def book(self) -> str:
        """Name of the book of this journal."""
        return f"journal/{self.group}/{self.subject}/{self.year}"

    @classmethod
    def parse(cls, text: str) -> JournalId:
        """Read ``group/subject/year``, with or without the leading ``journal/``.

        Raises:
            BadInput: It is not of this form.
        """
        return _journal(text)


@lru_cache(maxsize=16_384)
def _journal(text: str) -> JournalId:
    parts = text.removeprefix("journal/").split("/")
    if len(parts) != 3:
        raise BadInput(
            "not a journal", expected="group/subject/year, such as 7A/alg/2026", found=text
        )
    return JournalId(*(check_id(part, "part of a journal's id") for part in parts))


def class_book(group: str, year: str) -> str:
    """Name of the class book of *group*: excuses, messages, acknowledgements."""
    return f"class/{group}/{year}"


def school_book(year: str) -> str:
    """Name of the school book of *year*: set-up, disclosures, waivers, closings."""
    return f"school/{year}"


def access_book(year: str) -> str:
    """Name of the access log of *year*: refusals."""
    return f"access/{year}"


def seen_book(year: str) -> str:
    """Name of the log of *year* in which guardians confirm that they have seen the diary."""
    return f"access/seen/{year}"


def seals_book(year: str) -> str:
    """Name of the seal log of *year*: where each book ended, round by round."""
    return f"seals/{year}"


def witnessed_book(log: str, year: str) -> str:
    """Name of the book with the checkpoints of another log.

    Args:
        log: Origin of the log without its year; a long one is named by its digest.
        year: The year.
    """
    name = quote(log, safe="")
    if len(name) > _LONGEST_LOG:
        name = sha256(log.encode()).hexdigest()
    return f"witnessed/{name}/{year}"


def is_log(book: str) -> bool:
    """Tell whether *book* is kept by the library itself: access log, seal log, checkpoints of others."""
    return book.startswith(("access/", "seals/", "witnessed/"))


def year_of_book(book: str) -> str:
    """The year that a book belongs to."""
    return book.rsplit("/", 1)[-1]


def about(kind: str, id: str) -> str:
    """Name of an occasion, such as ``lesson:7A-alg-0915``."""
    return f"{kind}:{id}"


def split_about(name: str) -> tuple[str, str]:
    """Kind and id of an occasion's name."""
    kind, _, id = name.partition(":")
    return kind, id
