"""Words: the names that rules and records have for people, one table for each kind of name."""

from __future__ import annotations

from typing import Final

from edujournal.texts.catalogues import Message, Plural

#: Kinds of record.
RECORDS: Final = {
    "annulment": Message("record", "annulment"),
    "approval": Message("record", "approval"),
    "archiving": Message("record", "handing of the sheet to the archive"),
    "closing": Message("record", "closing of a journal"),
    "comment": Message("record", "remark"),
    "compromise": Message("record", "report of a compromised login"),
    "confirmation": Message("record", "confirmation of a substitution"),
    "correction": Message("record", "correction"),
    "disclosure": Message("record", "report of a disclosed login"),
    "erasure": Message("record", "erasure of texts"),
    "excuse": Message("record", "excuse"),
    "grant": Message("record", "grant of a right"),
    "homework": Message("record", "homework"),
    "issue": Message("record", "issue of a copy"),
    "login": Message("record", "use of a login"),
    "makeup": Message("record", "make-up"),
    "mark": Message("record", "mark"),
    "marker": Message("record", "special marker"),
    "message": Message("record", "message to guardians"),
    "read": Message("record", "reading of personal data"),
    "refused": Message("record", "refusal"),
    "release": Message("record", "lifting of a restriction"),
    "restoration": Message("record", "restoration of an account"),
    "restriction": Message("record", "restriction of processing"),
    "result": Message("record", "period result"),
    "roll": Message("record", "roll call"),
    "seen": Message("record", "confirmation that the diary was seen"),
    "setup": Message("record", "set-up of a section"),
    "substitution": Message("record", "substitution"),
    "topic": Message("record", "topic"),
    "vouch": Message("record", "owner's confirmation of an act"),
    "waiver": Message("record", "waiver"),
    "work": Message("record", "work"),
}

#: Outcomes of findings.
OUTCOMES: Final = {
    "met": Message("outcome", "met"),
    "early": Message("outcome", "early"),
    "late": Message("outcome", "late"),
    "broken": Message("outcome", "broken"),
    "missing": Message("outcome", "missing"),
    "pending": Message("outcome", "pending"),
    "excused": Message("outcome", "excused"),
    "not_applicable": Message("outcome", "not applicable"),
    "void": Message("outcome", "void"),
    "undecidable": Message("outcome", "undecidable"),
}

#: Decisions about drafts.
DECISIONS: Final = {
    "accepted": Message("decision", "accepted"),
    "accepted_with_remarks": Message("decision", "accepted with remarks"),
    "refused": Message("decision", "refused"),
}

#: Weights of breaches.
SEVERITIES: Final = {
    "must": Message("severity", "must"),
    "should": Message("severity", "should"),
    "advice": Message("severity", "advice"),
}

#: Roles.
ROLES: Final = {
    "anyone": Message("role", "anybody"),
    "commission": Message("role", "commission"),
    "deputy": Message("role", "deputy head"),
    "guardian": Message("role", "guardian"),
    "head": Message("role", "head"),
    "homeroom": Message("role", "homeroom teacher"),
    "importer": Message("role", "importer"),
    "pupil": Message("role", "pupil"),
    "substitute": Message("role", "substitute teacher"),
    "support": Message("role", "support"),
    "system": Message("role", "the calendar"),
    "teacher": Message("role", "teacher"),
}

#: How far a right reaches.
SCOPES: Final = {
    "school": Message("scope", "the whole school"),
    "own_journal": Message("scope", "own journals"),
    "substituted_lesson": Message("scope", "substituted lessons"),
    "team_journal": Message("scope", "journals of the team while their teachers are away"),
    "own_class": Message("scope", "own class"),
    "own_child": Message("scope", "own children"),
    "own_account": Message("scope", "the own account"),
}

#: Sections of the year's set-up.
SECTIONS: Final = {
    "assignments": Message("section", "teachers' assignments"),
    "bells": Message("section", "bells"),
    "calendar": Message("section", "calendar"),
    "groups": Message("section", "classes and groups"),
    "kinds": Message("section", "kinds of work"),
    "periods": Message("section", "periods"),
    "plans": Message("section", "thematic plans"),
    "rolls": Message("section", "rolls of pupils"),
}

#: Stages of results.
STAGES: Final = {
    "period": Message("stage", "period"),
    "year": Message("stage", "year"),
    "exam": Message("stage", "exam"),
    "final": Message("stage", "final"),
}

#: How a lesson is given by another teacher.
SUBSTITUTIONS: Final = {
    "functional": Message("substitution", "the subject is taught"),
    "none": Message("substitution", "none"),
    "nonfunctional": Message("substitution", "the subject is not taught"),
}

#: Purposes of works.
PURPOSES: Final = {
    "monitoring": Message("purpose", "internal monitoring"),
    "ordinary": Message("purpose", "ordinary"),
}

#: Features of an occasion that a rule may select by.
FEATURES: Final = {
    "class": Message("feature", "class"),
    "control": Message("feature", "control work"),
    "days_absent": Message("feature", "days of absence"),
    "days_late": Message("feature", "days after the day itself"),
    "excuse": Message("feature", "absence"),
    "grade": Message("feature", "grade"),
    "group": Message("feature", "group"),
    "group_kind": Message("feature", "kind of group"),
    "lesson_position": Message("feature", "place among the school days"),
    "level": Message("feature", "school stage"),
    "papers": Message("feature", "number of papers"),
    "parallel": Message("feature", "parallel"),
    "period_index": Message("feature", "number of the period"),
    "period_kind": Message("feature", "kind of period"),
    "profile": Message("feature", "profile"),
    "pupil_category": Message("feature", "groups of the pupil"),
    "purpose": Message("feature", "purpose"),
    "record_state": Message("feature", "what stood there before"),
    "role": Message("feature", "role of the hand"),
    "shift": Message("feature", "shift"),
    "stage": Message("feature", "stage"),
    "subject": Message("feature", "subject"),
    "subject_tag": Message("feature", "kind of subject"),
    "substitution": Message("feature", "substitution"),
    "to": Message("feature", "addressee"),
    "weekly_hours": Message("feature", "weekly hours"),
    "work_kind": Message("feature", "kind of work"),
    "written": Message("feature", "written"),
}

#: Anchors of terms, and other things that may not be known.
ANCHORS: Final = {
    "account": Message("anchor", "the account in the school's data"),
    "absence.start": Message("anchor", "first day of the absence"),
    "author": Message("anchor", "who recorded it"),
    "class_day.last_lesson.end": Message("anchor", "end of the class's last lesson that day"),
    "conference": Message("anchor", "day of the conference"),
    "day": Message("anchor", "the day itself"),
    "entry.recorded": Message("anchor", "moment of the entry that asks for an answer"),
    "event.noticed": Message("anchor", "moment when it became known"),
    "exam_session.end": Message("anchor", "end of the exam session"),
    "grade": Message("anchor", "grade of the group"),
    "group": Message("anchor", "the group"),
    "holidays.start": Message("anchor", "start of the next holidays"),
    "homework.issued": Message("anchor", "moment when the homework was set"),
    "class.closed": Message("anchor", "closing of the class's last journal"),
    "journal.closed": Message("anchor", "closing of the journal"),
    "lesson.end": Message("anchor", "end of the lesson"),
    "lesson.start": Message("anchor", "start of the lesson"),
    "mark.published": Message("anchor", "moment when the mark was published"),
    "month.start": Message("anchor", "first day of the month"),
    "next lesson": Message("anchor", "a later lesson"),
    "next_month.start": Message("anchor", "first day of the next month"),
    "next_lesson": Message("anchor", "start of the next lesson"),
    "next_work": Message("anchor", "day of the next work"),
    "nothing": Message("anchor", "any of the dates"),
    "period": Message("anchor", "the period"),
    "period.end": Message("anchor", "last day of the period"),
    "period.holidays.start": Message("anchor", "start of the holidays after the period"),
    "period.last_lesson": Message("anchor", "day of the last lesson of the period"),
    "period.start": Message("anchor", "first day of the period"),
    "pupil.returned": Message("anchor", "day when the pupil came back"),
    "pupil_day.first_lesson.start": Message("anchor", "start of the pupil's first lesson that day"),
    "pupil_day.last_lesson.end": Message("anchor", "end of the pupil's last lesson that day"),
    "report_day": Message("anchor", "report day"),
    "request.received": Message("anchor", "moment when the request came"),
    "role": Message("anchor", "the role of the hand"),
    "session.person": Message("anchor", "who was logged in"),
    "session.place": Message("anchor", "where the login was used"),
    "session.until": Message("anchor", "when the use of the login ended"),
    "roll call": Message("anchor", "who was there: no roll call"),
    "school day": Message("anchor", "a school day of the group"),
    "school_day.end": Message("anchor", "end of the school's last lesson that day"),
    "session.start": Message("anchor", "start of the shift that day"),
    "points": Message("anchor", "number of points of a work"),
    "term.end": Message("anchor", "last day of the half-year"),
    "term.start": Message("anchor", "first day of the half-year"),
    "week.start": Message("anchor", "Monday of that week"),
    "weekly_hours": Message("anchor", "weekly hours of the subject"),
    "weight": Message("anchor", "weight of a work"),
    "work.due": Message("anchor", "day when the work is due"),
    "work.handed_in": Message("anchor", "day when the work was handed in"),
    "work.held": Message("anchor", "day when the work was held"),
    "year.end": Message("anchor", "last day of the academic year"),
    "year.start": Message("anchor", "first day of the academic year"),
    # What predicates read.
    "roll call and make-ups": Message("anchor", "roll call and make-ups"),
    "roll call, marks and make-ups of the lesson": Message(
        "anchor", "roll call, marks and make-ups of the lesson"
    ),
    "absence codes": Message("anchor", "the reason of the absence"),
    "the basis of the entry": Message("anchor", "what was proposed"),
    "the basis, and the roles of the hand": Message("anchor", "who recorded it"),
    "the entry": Message("anchor", "a text that was erased"),
    "the entry, and the list of empty texts": Message("anchor", "a text that was erased"),
    "the entry, and the work it is for": Message("anchor", "the work that it is for"),
    "the roll call of the lesson": Message("anchor", "who was there: no roll call"),
    "the roll call, and its reason codes": Message("anchor", "the reason of the absence"),
    "timetable, book and act": Message("anchor", "who recorded it"),
}

#: What is done with a day that is off.
ROLLS: Final = {
    "next_school_day": Message("roll", "if off, the next school day"),
    "next_working_day": Message("roll", "if off, the next working day"),
    "previous_school_day": Message("roll", "if off, the school day before"),
    "previous_working_day": Message("roll", "if off, the working day before"),
}

#: Where on a day a term ends.
SNAPS: Final = {
    "end_of_day": Message("snap", "end of that day"),
    "end_of_school_day": Message("snap", "end of the school's last lesson that day"),
    "start_of_day": Message("snap", "start of that day"),
    "start_of_week": Message("snap", "start of that week"),
}

#: How terms are combined.
COMBINATIONS: Final = {
    "clamp": Message("combination", "kept within the two others"),
    "first_known": Message("combination", "the first that is known"),
    "max": Message("combination", "the latest of these"),
    "min": Message("combination", "the earliest of these"),
}

#: Who must have a record.
QUORUMS: Final = {
    "none": Message("quorum", "nobody owes it; judged if recorded"),
    "once": Message("quorum", "once"),
    "roll": Message("quorum", "for each pupil on the roll"),
    "present": Message("quorum", "for each pupil who was present"),
}

#: Kinds of groups.
GROUP_KINDS: Final = {
    "class": Message("group", "class"),
    "plan": Message("group", "individual plan"),
    "stream": Message("group", "stream"),
    "subgroup": Message("group", "subgroup"),
}

#: Kinds of periods.
PERIOD_KINDS: Final = {
    "half": Message("period", "half-year"),
    "module": Message("period", "module"),
    "quarter": Message("period", "quarter"),
    "term": Message("period", "term"),
    "trimester": Message("period", "trimester"),
    "year": Message("period", "year"),
}

#: Days of the week, Monday first.
WEEKDAYS: Final = (
    Message("weekday", "Monday"),
    Message("weekday", "Tuesday"),
    Message("weekday", "Wednesday"),
    Message("weekday", "Thursday"),
    Message("weekday", "Friday"),
    Message("weekday", "Saturday"),
    Message("weekday", "Sunday"),
)

#: Months as they stand in a date, January first.
MONTHS: Final = (
    Message("month of a date", "January"),
    Message("month of a date", "February"),
    Message("month of a date", "March"),
    Message("month of a date", "April"),
    Message("month of a date", "May"),
    Message("month of a date", "June"),
    Message("month of a date", "July"),
    Message("month of a date", "August"),
    Message("month of a date", "September"),
    Message("month of a date", "October"),
    Message("month of a date", "November"),
    Message("month of a date", "December"),
)

#: Things that are counted.
NOUNS: Final = {
    "account": Plural("{n} account", "{n} accounts"),
    "book": Plural("{n} book", "{n} books"),
    "breach": Plural("{n} breach", "{n} breaches"),
    "class": Plural("{n} class", "{n} classes"),
    "clause": Plural("{n} clause", "{n} clauses"),
    "day": Plural("{n} day", "{n} days"),
    "entry": Plural("{n} entry", "{n} entries"),
    "error": Plural("{n} error", "{n} errors"),
    "file": Plural("{n} file", "{n} files"),
    "finding": Plural("{n} finding", "{n} findings"),
    "hour": Plural("{n} hour", "{n} hours"),
    "journal": Plural("{n} journal", "{n} journals"),
    "lesson": Plural("{n} lesson", "{n} lessons"),
    "mark": Plural("{n} mark", "{n} marks"),
    "minute": Plural("{n} minute", "{n} minutes"),
    "month": Plural("{n} month", "{n} months"),
    "period": Plural("{n} period", "{n} periods"),
    "pupil": Plural("{n} pupil", "{n} pupils"),
    "record": Plural("{n} record", "{n} records"),
    "refusal": Plural("{n} refusal", "{n} refusals"),
    "row": Plural("{n} row", "{n} rows"),
    "school_day": Plural("{n} school day", "{n} school days"),
    "second": Plural("{n} second", "{n} seconds"),
    "week": Plural("{n} week", "{n} weeks"),
    "work": Plural("{n} work", "{n} works"),
    "working_day": Plural("{n} working day", "{n} working days"),
    "year": Plural("{n} year", "{n} years"),
}
