"""Sayings: the messages of which notices are made. Templates; the values come last."""

from __future__ import annotations

from typing import Final

from edujournal.texts.catalogues import Message

#: What is told, by the kind of thing.
MARK: Final = Message("notice", "mark: {value}")
MARK_FOR: Final = Message("notice", "mark: {value} ({work})")
MARKER: Final = Message("notice", "in the journal: {value}")
MADE_UP: Final = Message("notice", "topic made up: {value}")
RESULT: Final = Message("notice", "result for {period}: {value}")
ABSENCE: Final = Message("notice", "{reason}")
LATE: Final = Message("notice", "{reason}, {time}")
HOMEWORK: Final = Message("notice", "homework: {task}")
HOMEWORK_BY: Final = Message("notice", "homework for {day}: {task}")
MESSAGE: Final = Message("notice", "message: {text}")
REMARK: Final = Message("notice", "remark: {text}")
CHANGED: Final = Message("notice", "changed; now {what}")
GONE: Final = Message("notice", "no longer counts: {what}")
ERASED: Final = Message("notice", "(the text was erased)")

#: The thing that no longer counts, where there is nothing of it to be read.
THINGS: Final = {
    "absence": Message("notice", "the absence"),
    "homework": Message("notice", "the homework"),
    "mark": Message("notice", "the mark"),
    "message": Message("notice", "the message"),
    "result": Message("notice", "the result"),
}

#: The one line at the head of a letter.
ONE: Final = Message("notice", "{pupil}: {what}")
KINDS: Final = {
    "absence": Message("notice", "absence"),
    "correction": Message("notice", "correction"),
    "homework": Message("notice", "homework"),
    "mark": Message("notice", "mark"),
    "message": Message("notice", "message"),
    "result": Message("notice", "result"),
}
SEVERAL: Final = Message("notice", "{pupil}: what is new in the diary")
WEEK: Final = Message("notice", "{pupil}: diary, {since} – {until}")
MISSING: Final = Message("notice", "Class journals: to be recorded ({n})")
ESCALATION: Final = Message("notice", "Class journals: not recorded by others, or broken ({n})")
AS_ROLE: Final = Message("notice", "You are told as: {role}")

HINT: Final = Message("notice", "There is something new in the diary")
DUTY_HINT: Final = Message("notice", "There is something to be done in the class journals")

#: Heads of columns.
SUBJECT: Final = Message("notice", "Subject")
NEWS: Final = Message("notice", "What is new")
MARKS: Final = Message("notice", "Mark")
TOPIC: Final = Message("notice", "Topic")
TASK: Final = Message("notice", "Homework")

#: The foot.
FOOT: Final = Message(
    "notice", "You get this because you have asked for it. To change or end it, ask the school."
)
DUTY_FOOT: Final = Message("notice", "You get this by the school's regulation.")
SEEN: Final = Message("notice", "Seen by a parent or guardian:")
NOTHING: Final = Message("notice", "There is nothing in the diary this week.")
CANCELLED: Final = Message("notice", "not held")
