"""Texts about regulations: a rule in words, and what a lint has to say of it."""

from __future__ import annotations

from typing import Final

from edujournal.texts.catalogues import Message

#: A rule in words, by its kind and parts.
WINDOW: Final = Message("rule", "{record}: {window}")
FROM_UNTIL: Final = Message("rule", "from {opens} until {closes}")
UNTIL: Final = Message("rule", "until {closes}")
FROM: Final = Message("rule", "from {opens} on")
BY: Final = Message("rule", "there by {closes}")
WHEN: Final = Message("rule", "only for {features}")
IS: Final = Message("rule", "{feature}: {values}")
WANTED: Final = Message("rule", "wanted: {quorum}")
MEMBERS: Final = Message("rule", "each of {members}")
MAY_WRITE: Final = Message("rule", "{role} may write ({scope}): {records}")
MAY_READ: Final = Message("rule", "{role} may read ({scope}): {records}")
MAY_IMPORT: Final = Message("rule", "{role} may state earlier times ({scope}): {records}")
MAY_NOT_WRITE: Final = Message("rule", "{role} may not write ({scope}): {records}")
MAY_NOT_READ: Final = Message("rule", "{role} may not read ({scope}): {records}")
MAY_NOT_IMPORT: Final = Message("rule", "{role} may not state earlier times ({scope}): {records}")
REQUIRES: Final = Message("rule", "{record}: {asks}")
EXCLUDES: Final = Message("rule", "{record}, never: {asks}")
LOGINS: Final = {
    "person": Message(
        "rule", "a login is used by the one person whose it is, by the host's sessions"
    ),
    "place": Message("rule", "a login is in one place at a time, by the host's sessions"),
}
LOCKED: Final = Message("rule", "{record}: closed from {moment} on")
APPROVED: Final = Message(
    "rule", "a change of {record} from {moment} on counts when {count} agree: {roles}"
)
SEEN: Final = Message("rule", "{record}: seen by pupils and guardians from {moment} on")
LIMIT: Final = Message("rule", "{record}, {taken} within {per}: {levels}")
AT_LEAST: Final = Message("rule", "at least {level}")
AT_MOST: Final = Message("rule", "at most {level}")
LEVEL_BY: Final = Message("rule", "by {feature} ({steps})")
LEVEL_FROM: Final = Message("rule", "from {at}: {gives}")
BEFORE: Final = Message("rule", "before {record} is written")
LIFTED: Final = Message("rule", "may be lifted by {roles}")
INSTEAD: Final = Message("rule", "in place of cl. {number}")
WEIGHED: Final = Message("rule", "{rule} [{severity}]")
COUNTED_IN: Final = Message("rule", "the first day counted")
PAUSED: Final = Message("rule", "not counting {pause}")
DAY_OF_YEAR: Final = Message("rule", "{day} {month}")
NOTHING: Final = Message("rule", "nothing is said of what keeps it")

#: What a breach leads to, where a rule says it.
USUAL_EFFECTS: Final = Message(
    "effect",
    "Where a rule says no more, a breach of it is written with a remark and stays in sight of every "
    "audit. What nobody gave a right to, or what is locked, is not written.",
)
NOT_WRITTEN: Final = Message("effect", "else it is not written")
REMARKED: Final = Message("effect", "else it is written with a remark")
TOLD_AT_ONCE: Final = Message("effect", "a breach is told at once to: {roles}")
TOLD_IN_TURN: Final = Message("effect", "a breach is told in turn to: {steps}")
BECOMES: Final = Message("effect", "what is still missing then becomes {marker}")
EARLY_NOT_WRITTEN: Final = Message("effect", "what comes earlier is not written")
EARLY_REMARKED: Final = Message("effect", "what comes earlier is written with a remark")
EARLY_TOLD_AT_ONCE: Final = Message("effect", "what comes earlier is told at once to: {roles}")
EARLY_TOLD_IN_TURN: Final = Message("effect", "what comes earlier is told in turn to: {steps}")
STEP: Final = Message("effect", "{role}: {after}")
STEP_IN_TURN: Final = Message("effect", "{role} ({after})")
AT_ONCE: Final = Message("effect", "at once")
BEFORE_THAT: Final = Message("effect", "{count} before")
AFTER_THAT: Final = Message("effect", "{count} after")
NOT_DECIDED: Final = Message("effect", "where it is missing nothing can be decided")
MARKER_BECOMES: Final = Message("effect", "from {moment} on it becomes {successor}")
MARKER_BECOMES_AFTER: Final = Message(
    "effect", "{after} from when it was set it becomes {successor}"
)
MARKER_BECOMES_AS_SAID: Final = Message(
    "effect", "from the day that the entry names it becomes {successor}"
)

#: What keeps a clause without rules of its own.
KEPT_BY: Final = {
    "archive": Message("kept by", "kept by the archive and its proofs"),
    "design": Message("kept by", "kept by the way in which the journals are stored"),
    "nothing": Message("kept by", "nothing that a journal can tell"),
    "reports": Message("kept by", "kept by reports, which name who is accountable"),
    "rules": Message("kept by", "kept by the rules of other clauses"),
    "views": Message("kept by", "kept by what people are shown"),
}

#: What the table of a limit goes by.
LEVELS: Final = {
    "grade": Message("level", "grade"),
    "lessons": Message("level", "lessons held"),
    "weekly_hours": Message("level", "hours a week"),
}

#: What a limit takes of what it measures.
TAKEN: Final = {
    "count": Message("taken", "their number"),
    "distinct": Message("taken", "how many different"),
    "gap": Message("taken", "days from one to the next"),
    "max": Message("taken", "the greatest"),
    "mean": Message("taken", "the mean"),
    "min": Message("taken", "the least"),
    "share": Message("taken", "percent of the pupils"),
    "sum": Message("taken", "the sum"),
}

#: Bounds within which a limit measures.
PER: Final = {
    "class": Message("per", "a class"),
    "day": Message("per", "a day"),
    "journal": Message("per", "a journal"),
    "lesson": Message("per", "a lesson"),
    "month": Message("per", "a month"),
    "period": Message("per", "a period"),
    "pupil": Message("per", "a pupil"),
    "subject": Message("per", "a subject"),
    "term": Message("per", "a half-year"),
    "week": Message("per", "a week"),
    "work": Message("per", "a work"),
    "year": Message("per", "a year"),
}

#: What is passed over while days are counted.
PAUSES: Final = {
    "holidays": Message("pause", "the holidays"),
    "outage": Message("pause", "days of an outage"),
    "pupil_absent": Message("pause", "days when the pupil is absent"),
    "teacher_absent": Message("pause", "days when the teacher is absent"),
}

#: What a lint says.
LINTS: Final = {
    "always-beaten": Message(
        "lint", "the rule never applies: cl. {other} always stands in its place"
    ),
    "cannot-approve": Message("lint", "{role} is to agree and has no right to do so"),
    "cannot-lift": Message("lint", "{role} is to lift it and has no right to give waivers"),
    "erased-at-will": Message(
        "lint", "texts may be erased, and nothing says how long they must be kept"
    ),
    "clause-without-rule": Message(
        "lint", "the clause comes to no rule and does not say what keeps it"
    ),
    "marker-setter": Message(
        "lint", "{role} is to set the marker {marker} and has no right to write it"
    ),
    "never-meant": Message("lint", "the rule is for nothing that the vocabulary has: {when}"),
    "no-rights-clause": Message("lint", "denials would cite clause {clause}, which is not there"),
    "no-way-out": Message("lint", "{record} is closed and nobody may open it again"),
    "nobody-may": Message("lint", "{record} is owed and nobody may write it"),
    "owed-twice": Message(
        "lint", "{record} is owed here and by cl. {other}: what is missing is found twice"
    ),
    "record-without-rule": Message(
        "lint", "{record} may be written and no clause says anything of it"
    ),
    "requires-and-excludes": Message(
        "lint", "{record}: {predicate} is required and excluded, here and by cl. {other}"
    ),
    "right-denied": Message("lint", "{role} gets a right ({record}) that cl. {other} takes away"),
    "setting-not-given": Message(
        "lint",
        "the window hangs on the setting {setting}, which is not given: nothing is decided by it",
    ),
    "too-few-approvers": Message(
        "lint", "{count} must agree and only {role} may: there must be as many such accounts"
    ),
}

#: How much a lint weighs.
LINT_WEIGHTS: Final = {
    "fault": Message("lint weight", "fault"),
    "gap": Message("lint weight", "gap"),
    "note": Message("lint weight", "note"),
}
PLACE: Final = Message("lint", "cl. {clause}, rule {rule}")
PLACE_OF_CLAUSE: Final = Message("lint", "cl. {clause}")
PLACE_OF_ALL: Final = Message("lint", "the whole")

#: Headings of a regulation's page.
SOURCE: Final = Message("regulation", "Source: {source}")
IN_FORCE: Final = Message("regulation", "In force: {days}")
IN_FORCE_FROM: Final = Message("regulation", "from {since}")
IN_FORCE_UNTIL: Final = Message("regulation", "until {until}")
VOCABULARY: Final = Message("regulation", "Vocabulary")
SCALES: Final = Message("regulation", "Scales")
WORK_KINDS: Final = Message("regulation", "Kinds of work")
MARKERS: Final = Message("regulation", "Special markers")
ABSENCES: Final = Message("regulation", "Reasons of absence")
TOLD: Final = Message("regulation", "Who is told of what lacks, counted from the end of its window")
CONTROL: Final = Message("regulation", "Control of how the journals are kept")
CONTROLLED: Final = Message("regulation", "{roles}; length of a stretch: {every}")
CONTROLLED_WITHIN: Final = Message(
    "regulation", "{roles}; length of a stretch: {every}; time to look: {within}"
)
CONTROLLED_BY: Final = Message("regulation", "{said} (cl. {number})")
KEEPING: Final = Message("regulation", "How long it is kept")
NEED_NOT_BE_KEPT: Final = Message("regulation", "{what}: need not be kept")
KEPT_FOR: Final = {
    "january": Message(
        "regulation", "{what}: {years}, counted from 1 January after the end of the academic year"
    ),
    "year_end": Message("regulation", "{what}: {years}, counted from the end of the academic year"),
}
FORMULAS: Final = Message("regulation", "Formulas of results")
PENALTIES: Final = Message("regulation", "What late work loses")
PENALTY_EACH: Final = Message("penalty", "{share} of {of} for each {unit} late")
PENALTY_STEPS: Final = Message("penalty", "of {of}, by how late ({unit}): {steps}")
PENALTY_AT_MOST: Final = Message("penalty", "{said}, {share} at most")
PENALTY_OF: Final = {
    "most": Message("penalty", "the greatest number possible"),
    "worth": Message("penalty", "what was earned"),
}
PENALTY_UNITS: Final = {
    "days": Message("penalty", "day"),
    "school_days": Message("penalty", "school day"),
    "working_days": Message("penalty", "working day"),
}
CLAUSE_HEADING: Final = Message("regulation", "Clause {number}")
HOW_READ: Final = Message("regulation", "How it is read: {reading}")
HOW_MENDED: Final = Message("regulation", "If broken: {mend}")
