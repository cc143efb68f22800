"""Parts of a letter before it is text: a heading, and rows under heads of columns."""

from __future__ import annotations

from collections.abc import Callable

from attrs import field, frozen

from edujournal.ledger.books import BookState
from edujournal.model.notices import Notice
from edujournal.rules.reminders import Reminder
from edujournal.views.diary import Diary

#: Gives the state of a book by its name.
States = Callable[[str], BookState]

#: Gives the diary of a pupil for the week of a day, as it is seen at home.
Diaries = Callable[[str, str], Diary]


@frozen
class Part:
    """A table of a letter.

    Attributes:
        title: Its heading, such as a day.
        heads: Heads of its columns; empty for rows that need none.
        rows: Its rows, each with a cell for each column.
    """

    title: str = field(repr=False)
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@frozen
class Draft:
    """A letter before it is text.

    Attributes:
        subject: Its one line.
        brief: All of it in one line.
        parts: Its tables.
        foot: What stands below.
        slip: A line to be signed; empty for none.
    """

    subject: str = field(repr=False)
    brief: str = field(repr=False)
    parts: tuple[Part, ...]
    foot: tuple[str, ...]
    slip: str = ""


@frozen
class Ready:
    """A notice that may be told now, with what it is made of.

    Attributes:
        notice: The notice.
        reminder: The reminder, for one of a duty.
    """

    notice: Notice
    reminder: Reminder | None = field(default=None, repr=False)
