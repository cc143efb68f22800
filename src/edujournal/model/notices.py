"""Notices as values: who is to be told of what, how far that has come, and the letter that tells it.

A notice names what it tells and holds nothing of it: no mark, no text, no name. Words are made when a
letter is sent, so that what was erased or taken back meanwhile is in no queue.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from attrs import asdict, field, fields, frozen

from edujournal.errors import StoreDamaged

#: Kinds of notices for those who see a pupil's diary.
OF_DIARY: Final = ("mark", "homework", "absence", "result", "message", "correction", "diary")

#: Kinds of notices for those who keep the journals.
OF_DUTY: Final = ("missing", "escalation")

#: Every kind of notice.
NOTICE_KINDS: Final = (*OF_DIARY, *OF_DUTY)


class NoticeStatus(StrEnum):
    """How far a notice has come.

    *Version added: 0.1.*
    """

    WAITING = "waiting"
    TRYING = "trying"
    TOLD = "told"
    WITHDRAWN = "withdrawn"
    UNDELIVERABLE = "undeliverable"


#: A notice that is still to be told.
OPEN: Final = (NoticeStatus.WAITING, NoticeStatus.TRYING)


def digest_of(*parts: object) -> str:
    """A name made of *parts*, the same for the same parts, that tells nobody what they are."""
    told = "".join(f"{len(text := str(part))}:{text}," for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:40]


@frozen(kw_only=True)
class Notice:
    """One account is to be told of one thing over one channel: one row of an outbox.

    A thing that changes after it was told is told again in a further turn of the same thread.

    *Version added: 0.1.*

    Attributes:
        thread: The same for the same thing, account and channel; the row's key.
        account: Who is told.
        pupil: Whom it concerns; None for what is told to those who keep the journals.
        channel: Name of the channel.
        kind: One of :data:`NOTICE_KINDS`.
        book: Book of the entry; empty where there is none.
        number: Number of the entry; 0 where there is none.
        about: Key of the reminder, or the day for which a diary is printed; else empty.
        seq: Place in the order of all notices of the school.
        since: Instant from which it is to be told, UTC microseconds.
        turn: How often the thread was told or taken up before.
        revision: What of the thing this turn tells: which corrections, or that it counts no more.
        status: How far it has come.
        letter: Key of the letter in which it was tried; empty before.
        attempts: How often that was tried.
        not_before: Instant before which it is not tried again; 0 for at once.
    """

    thread: str
    account: str
    pupil: str | None
    channel: str
    kind: str
    book: str = ""
    number: int = 0
    about: str = ""
    seq: int
    since: int
    turn: int = 0
    revision: str = ""
    status: NoticeStatus = NoticeStatus.WAITING
    letter: str = ""
    attempts: int = 0
    not_before: int = 0

    @property
    def key(self) -> str:
        """The same for the same turn of the same thread, however often it is sent."""
        return digest_of(self.thread, self.turn)

    @property
    def stream(self) -> tuple[str, str, str]:
        """Channel, account and pupil: what is told along one of these is told in order."""
        return self.channel, self.account, self.pupil or ""


@frozen
class OutboxHead:
    """How far the notices of a school have come.

    *Version added: 0.1.*

    Attributes:
        version: Number of the last act that was saved; 0 before the first.
        cursor: Where the log was left, as :func:`edujournal.following.follow` gave it.
        seq: Place of the last notice.
        reminded: Instant at which it was last asked what lacks; 0 before the first time.
    """

    version: int = 0
    cursor: str = ""
    seq: int = 0
    reminded: int = 0


@frozen(kw_only=True)
class Letter:
    """What a channel delivers: one or several notices in words.

    *Version added: 0.1.*

    Attributes:
        key: The same whenever the same letter is sent again: whoever gets two with one key drops one.
        channel: Name of the channel.
        to: Address on that channel.
        language: ``ru`` or ``en``.
        subject: One line.
        brief: All of it in one short line, for channels that carry no more.
        text: All of it as plain text.
        html: All of it as a page of HTML that loads nothing.
        day: The day of which it tells, as ISO writes it; empty for news.
        account: Who is told.
        pupil: Whom it concerns, or None.
    """

    key: str
    channel: str
    to: str = field(repr=False)
    language: str
    subject: str = field(repr=False)
    brief: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    account: str
    pupil: str | None
    day: str = ""


def notice_to_plain(notice: Notice) -> dict[str, Any]:
    """Give *notice* as values that JSON can say.

    *Version added: 0.1.*
    """
    return asdict(notice) | {"status": str(notice.status)}


def notice_from_plain(values: Mapping[str, Any], where: str) -> Notice:
    """Make a notice of what :func:`notice_to_plain` gave.

    Args:
        values: The values.
        where: Where they were read, for the error.

    Raises:
        StoreDamaged: They are no notice.

    *Version added: 0.1.*
    """
    known = {one.name for one in fields(Notice)}
    try:
        return Notice(**{**values, "status": NoticeStatus(values["status"])})
    except (KeyError, TypeError, ValueError) as error:
        raise StoreDamaged(
            "not a notice", where=where, expected=", ".join(sorted(known)),
            mend="Restore the outbox from a copy; made anew, it tells all again since its first day.",
        ) from error  # fmt: skip
