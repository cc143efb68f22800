"""What papers say for themselves: titles, labels, heads of columns, notes."""

from __future__ import annotations

from typing import Final

from edujournal.texts.catalogues import Message

#: Titles of papers by their kind.
TITLES: Final = {
    "class-book": Message("paper", "Class journal of the academic year"),
    "diary": Message("paper", "Diary, a week"),
    "extract": Message("paper", "Extract from the class journals"),
    "page": Message("paper", "Page of the class journal"),
    "sheet": Message("paper", "Summary sheet of results"),
    "verification": Message("paper", "Verification sheet after an outage"),
    "work-sheet": Message("paper", "Work sheet of a teacher"),
}

#: Labels, heads of columns and titles of parts.
LABELS: Final = {
    "absences": Message("paper", "Lessons missed"),
    "account": Message("paper", "Teacher"),
    "accountable": Message("paper", "Accountable"),
    "class": Message("paper", "Class"),
    "day": Message("paper", "Day"),
    "days": Message("paper", "Days"),
    "homeroom": Message("paper", "Homeroom teacher"),
    "homework": Message("paper", "Homework"),
    "joined": Message("paper", "Joined"),
    "last_entry": Message("paper", "Last entry"),
    "left": Message("paper", "Left"),
    "legend": Message("paper", "Signs"),
    "lesson": Message("paper", "Lesson"),
    "lessons": Message("paper", "What was taught and set"),
    "mark": Message("paper", "Mark"),
    "marks": Message("paper", "Marks"),
    "messages": Message("paper", "Messages"),
    "none": Message("paper", "none"),
    "notes": Message("paper", "Notes"),
    "number": Message("paper", "No."),
    "paper_says": Message("paper", "On paper"),
    "periods": Message("paper", "Results of the periods"),
    "pupil": Message("paper", "Pupil"),
    "pupils": Message("paper", "Roll"),
    "results": Message("paper", "Results"),
    "roll": Message("paper", "Roll taken"),
    "subject": Message("paper", "Subject"),
    "subjects": Message("paper", "Subjects and teachers"),
    "tasks": Message("paper", "To be done"),
    "teacher": Message("paper", "Teacher"),
    "time": Message("paper", "Time"),
    "topic": Message("paper", "Topic"),
    "until_now": Message("paper", "Since the last result"),
    "works": Message("paper", "Works"),
    "year": Message("paper", "Academic year"),
}

#: Sentences, some with places.
NOTES: Final = {
    "absent": Message("paper", "taken; absent or late: {n}"),
    "cancelled": Message("paper", "not held"),
    "erased": Message("paper", "text erased"),
    "extract_note": Message(
        "paper", "It shows what stood in the journals when the extract was made."
    ),
    "missing": Message("paper", "? – a result is owed and not there"),
    "moved": Message("paper", "moved from {day}"),
    "no_lessons": Message("paper", "No lessons."),
    "no_pupil": Message("paper", "– – was not on the roll that day"),
    "none_set": Message("paper", "nothing set"),
    "not_taken": Message("paper", "no"),
    "substitute": Message("paper", "substitute: {name}"),
    "to_clear": Message("paper", "to be cleared by {at}"),
    "verification_note": Message(
        "paper",
        "Compare each line with what was written by hand while the journal could not be reached.",
    ),
    "work_sheet_note": Message(
        "paper", "Empty cells are for notes by hand; only what is recorded counts."
    ),
}

#: What a writer says beside a paper: the stamp, the lines for signatures, the foot of a page.
FORMS: Final = {
    "checker": Message("paper", "Digest of the checker"),
    "digest": Message("paper", "Digest of the content"),
    "draft": Message("paper", "not certified"),
    "guardian": Message("paper", "Guardian"),
    "origin": Message("paper", "Log"),
    "page": Message("paper", "page {n} of {total}"),
    "root": Message("paper", "Root"),
    "signature": Message("paper", "(signature)"),
    "signed_on": Message("paper", "“___” ______________ 20___"),
    "size": Message("paper", "Seals in the log"),
    "stamp": Message("paper", "Certified electronically"),
    "undisplayed": Message(
        "paper", "Letters that the fonts lack are shown by their Unicode number, such as ⟨U+4E2D⟩."
    ),
}

#: Months as they stand alone, January first.
MONTHS_ALONE: Final = (
    Message("month alone", "January"),
    Message("month alone", "February"),
    Message("month alone", "March"),
    Message("month alone", "April"),
    Message("month alone", "May"),
    Message("month alone", "June"),
    Message("month alone", "July"),
    Message("month alone", "August"),
    Message("month alone", "September"),
    Message("month alone", "October"),
    Message("month alone", "November"),
    Message("month alone", "December"),
)
