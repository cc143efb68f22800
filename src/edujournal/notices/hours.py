"""Hours: when a letter may go, by the clocks of the school, which twice a year are put forward or back."""

from __future__ import annotations

from datetime import timedelta

from edujournal.model.time import Zone
from edujournal.notices.subscriptions import Quiet, Subscription

_DAY = timedelta(days=1)


def is_quiet(quiet: Quiet | None, at: int, clocks: Zone) -> bool:
    """Tell whether *at* lies in quiet hours.

    What clocks show decides: an hour that they show twice is quiet twice, one that they skip never is.
    """
    if quiet is None or quiet.since == quiet.until:
        return False
    shown = clocks.local(at).time().replace(fold=0, tzinfo=None)
    if quiet.since < quiet.until:
        return quiet.since <= shown < quiet.until
    return shown >= quiet.since or shown < quiet.until


def latest_slot(asked: Subscription, at: int, clocks: Zone, *, weekly: bool) -> int:
    """The last instant up to *at* at which a daily or weekly letter is due.

    A time of day that clocks skip comes by the length of the gap later; of one that they show twice it
    is the first.
    """
    day = clocks.local_date(at)
    while True:
        if (not weekly or day.isoweekday() == asked.weekday) and clocks.at(day, asked.at) <= at:
            return clocks.at(day, asked.at)
        day -= _DAY
