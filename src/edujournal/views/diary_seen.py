"""What guardians have confirmed to have seen of a diary, and whether something changed since.

Source: clause 1.4: the diary stands for the paper one, which a guardian signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from edujournal.ledger.bytes import encode
from edujournal.model.entries import Entry
from edujournal.model.time import MINUTE
from edujournal.views.cells import Source

if TYPE_CHECKING:
    from edujournal.views.diary import Diary


@frozen
class DiarySeen:
    """A guardian has confirmed to have seen the week.

    *Version added: 0.1.*

    Attributes:
        account: Account that confirmed.
        on_behalf_of: Guardian for whom it did, who signed on paper perhaps; None for itself.
        at: Instant of the confirmation, UTC microseconds.
        changed: Whether what the journals say of the week is no longer what was seen.
    """

    account: str
    on_behalf_of: str | None
    at: int
    changed: bool


def sources_of(diary: Diary) -> Iterator[Source]:
    """The entries that a week of a diary is made of, each as often as it is shown."""
    for day in diary.days:
        for cell in day.cells():
            yield from cell.sources()
        for lesson in day.lessons:
            if lesson.topic is not None:
                yield lesson.topic.source
            yield from (one.source for one in (*lesson.homework, *lesson.tasks))
        yield from (one.source for one in day.tasks)
        yield from (one.source for one in day.messages)
        yield from (one.source for one in day.excuses)
    yield from (one.marker.source for one in diary.markers)


def shown_digest(diary: Diary) -> str:
    """Digest of what a week shows: which entries, and what became of them. Texts are not in it.

    *Version added: 0.1.*
    """
    shown = {
        (one.book, one.entry, one.corrected, one.void, one.doubtful) for one in sources_of(diary)
    }
    told = [[book, n, list(corrected), *rest] for book, n, corrected, *rest in sorted(shown)]
    return hashlib.sha256(encode(told)).hexdigest()


def seen_of(diary: Diary, entries: Iterable[Entry]) -> tuple[DiarySeen, ...]:
    """Who has confirmed to have seen *diary*, in the order of confirming; each account once, the last.

    Args:
        diary: A week of a diary.
        entries: Confirmations of this pupil and week, of a log of these.

    *Version added: 0.1.*
    """
    digest = shown_digest(diary)
    found: dict[tuple[str, str | None], DiarySeen] = {}
    for one in entries:
        who = one.by.account, one.by.on_behalf_of
        found.pop(who, None)
        # What was counted together is written later, and was within its minute.
        at = min(one.at, one.values["since"] + MINUTE - 1)
        found[who] = DiarySeen(*who, at, changed=one.values["shown"] != digest)
    return tuple(found.values())
