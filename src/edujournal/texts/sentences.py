"""Sentences: what became of a record, and what is wrong with it. Templates; the values come last."""

from __future__ import annotations

from typing import Final

from edujournal.texts.catalogues import Message

#: Breach codes in two or three words, for headings and counts.
TITLES: Final = {
    "absence-removed": Message("title", "absence removed"),
    "absent-at-lesson": Message("title", "mark for an absent pupil"),
    "account-inactive": Message("title", "inactive account"),
    "account-reported": Message("title", "reported account"),
    "after-close": Message("title", "recorded late"),
    "awaits-approval": Message("title", "waits for approval"),
    "basis-changed": Message("title", "changed under a result"),
    "before-open": Message("title", "recorded early"),
    "beside-mark": Message("title", "marker and mark together"),
    "changed-after-close": Message("title", "changed after closing"),
    "declared-twice": Message("title", "said twice"),
    "differs-from-proposal": Message("title", "not as proposed"),
    "evidence-not-allowed": Message("title", "times stated without the right"),
    "false-basis": Message("title", "basis that is not true"),
    "in-the-future": Message("title", "from the future"),
    "lesson-not-held": Message("title", "lesson not held"),
    "locked": Message("title", "locked"),
    "marker-ended": Message("title", "ended marker changed"),
    "marker-role": Message("title", "marker set by another role"),
    "marker-scope": Message("title", "marker given for something else"),
    "missing": Message("title", "not recorded"),
    "must-be-kept": Message("title", "erased before its time"),
    "no-absence": Message("title", "nothing to make up"),
    "no-ground": Message("title", "marker without a ground"),
    "no-basis": Message("title", "no basis"),
    "no-kind": Message("title", "no kind of work"),
    "no-nature": Message("title", "no manner of homework"),
    "no-longer-known": Message("title", "lost from the school's data"),
    "no-plan-link": Message("title", "no link to the plan"),
    "no-protocol": Message("title", "no protocol"),
    "no-reason": Message("title", "change without a reason"),
    "no-right": Message("title", "no right"),
    "no-setting": Message("title", "setting not given"),
    "no-substitution": Message("title", "no substitution"),
    "no-such-original": Message("title", "retake of nothing"),
    "no-such-target": Message("title", "nothing to change"),
    "no-such-value": Message("title", "nothing of that to change"),
    "not-another": Message("title", "agreement with oneself"),
    "not-by-time": Message("title", "not due by time"),
    "not-decider": Message("title", "choice of another"),
    "not-excused": Message("title", "absence not excused"),
    "not-free": Message("title", "substitute not free"),
    "not-your-journal": Message("title", "somebody else's journal"),
    "off-the-roll": Message("title", "not on the roll"),
    "off-the-scale": Message("title", "value outside the scale"),
    "own-report": Message("title", "own account reported or restored"),
    "reads-only": Message("title", "role that only reads"),
    "rests-on-void": Message("title", "rests on a void entry"),
    "role-not-held": Message("title", "role not held"),
    "says-nothing": Message("title", "text that says nothing"),
    "too-close": Message("title", "too close together"),
    "too-few": Message("title", "too few"),
    "too-many": Message("title", "too many"),
    "two-persons": Message("title", "login of two persons"),
    "two-places": Message("title", "login in two places at once"),
    "unconfirmed-substitution": Message("title", "substitution not confirmed"),
    "uncleared": Message("title", "marker not cleared"),
    "void": Message("title", "void entry"),
}

#: What is wrong where a condition is broken, by breach code.
BROKEN: Final = {
    "absence-removed": Message("finding", "the absence was taken off although it was made up"),
    "absent-at-lesson": Message("finding", "the pupil was absent from the lesson"),
    "account-inactive": Message("finding", "the account is not active: {by}"),
    "account-reported": Message(
        "finding", "the account is reported as known to others (report {report})"
    ),
    "after-close": Message("finding", "not recorded in its window"),
    "awaits-approval": Message("finding", "the change waits for agreement ({roles})"),
    "basis-changed": Message("finding", "the result of entry {target} rests on what is changed"),
    "before-open": Message("finding", "recorded before its window"),
    "beside-mark": Message("finding", "the marker {marker} stands alone, and there is a mark"),
    "changed-after-close": Message("finding", "changed after its window"),
    "declared-twice": Message("finding", "it was already said; a second saying is a correction"),
    "differs-from-proposal": Message("finding", "another result was proposed"),
    "evidence-not-allowed": Message(
        "finding", "stating earlier times needs the right to import (role: {role})"
    ),
    "false-basis": Message("finding", "its basis is not what stands in the journal"),
    "in-the-future": Message("finding", "said to be recorded in the future"),
    "lesson-not-held": Message("finding", "the lesson is not held"),
    "locked": Message("finding", "locked since {closes}"),
    "marker-ended": Message("finding", "the term of the marker {marker} has ended"),
    "marker-role": Message("finding", "this role may not set the marker {marker} (role: {role})"),
    "marker-scope": Message("finding", "the marker {marker} is not given for this"),
    "missing": Message("finding", "not recorded"),
    "must-be-kept": Message("finding", "texts that must be kept until {closes} ({count})"),
    "no-absence": Message("finding", "the pupil did not miss the lesson"),
    "no-ground": Message("finding", "the marker {marker} is given without a ground"),
    "no-basis": Message("finding", "it does not say what it was reckoned from"),
    "no-kind": Message("finding", "the kind of work is not named"),
    "no-nature": Message("finding", "the manner of the homework is not named"),
    "no-plan-link": Message("finding", "the topic is not linked to the thematic plan"),
    "no-protocol": Message("finding", "the make-up names no protocol"),
    "no-reason": Message("finding", "the change gives no reason"),
    "no-right": Message("finding", "no right to record this (role: {role})"),
    "no-setting": Message("finding", "the school has not given the setting"),
    "no-substitution": Message("finding", "another teacher, and no substitution is shown: {by}"),
    "no-such-original": Message("finding", "there is no such mark to take again: {target}"),
    "no-longer-known": Message("finding", "the school's data know it no more: {name}"),
    "no-such-target": Message("finding", "there is no such entry to change: {target}"),
    "not-another": Message(
        "finding", "who agrees made the change, or has agreed before: {account}"
    ),
    "no-such-value": Message("finding", "entry {target} says nothing of this to change: {value}"),
    "not-by-time": Message("finding", "time has not made this"),
    "not-decider": Message("finding", "the choice is not this hand's: {by}"),
    "not-excused": Message("finding", "the absence is not excused"),
    "not-free": Message(
        "finding", "only a teacher who is free then may claim the lesson, for himself, that day"
    ),
    "not-your-journal": Message("finding", "not assigned to this journal: {by}"),
    "off-the-roll": Message("finding", "not on the roll of {group} on {day}"),
    "off-the-scale": Message("finding", "{value} is no value of the scale ({scale})"),
    "own-report": Message("finding", "nobody reports or restores the own account: {by}"),
    "reads-only": Message("finding", "this role only reads (role: {role})"),
    "rests-on-void": Message("finding", "it rests on entry {target}, which is void"),
    "role-not-held": Message("finding", "does not hold the role: {by} (role: {role})"),
    "says-nothing": Message("finding", "the text says nothing"),
    "too-close": Message("finding", "too close together: {found}, at least {level} wanted"),
    "too-few": Message("finding", "too few: {found}, at least {level} wanted"),
    "too-many": Message("finding", "too many: {found}, at most {level} allowed"),
    "two-persons": Message("finding", "one login of several persons: {persons}"),
    "two-places": Message("finding", "one login in several places at once: {places}"),
    "unconfirmed-substitution": Message("finding", "the substitution is not confirmed"),
    "uncleared": Message("finding", "the marker {marker} is not cleared"),
    "void": Message("finding", "does not count"),
}

#: What a finding is made of beside that.
LINE: Final = Message("line", "{clause}: {subject}: {happened}")
CLAUSE: Final = Message("line", "cl. {number}")
CLAUSE_OF: Final = Message("line", "{regulation}, cl. {number}")
ANY_JOURNAL: Final = Message("line", "any journal")
WEIGHED: Final = Message("line", "{line} [{severity}]")
HEADED: Final = Message("line", "{decision}:")

OTHERWISE: Final = Message("finding", "{outcome}: {asks}")
UNDECIDABLE: Final = Message("finding", "cannot be decided, {reason}")
UNDECIDED: Final = Message("finding", "cannot be decided, {reason}: {asks}")
USED: Final = Message("finding", "{from_} – {until}")
USED_TIMES: Final = Message("finding", "sessions: {n}, the first {from_} – {until}")
IN_TIME: Final = Message("finding", "in time")
NOT_RECORDED: Final = Message("finding", "not recorded")
NOT_RECORDED_YET: Final = Message("finding", "not recorded yet")
IS_RECORDED: Final = Message("finding", "recorded")
CLEARED: Final = Message("finding", "the marker {marker} is cleared")
UNCLEARED: Final = Message("finding", "the marker {marker} is not cleared")
UNCLEARED_YET: Final = Message("finding", "the marker {marker} is not cleared yet")
ENOUGH: Final = Message("finding", "enough: {found}, at least {level} wanted")
ENOUGH_LATE: Final = Message("finding", "enough, but too late: {found}, at least {level} wanted")
NOT_ENOUGH_YET: Final = Message("finding", "not enough yet: {found}, at least {level} wanted")
WINDOW: Final = Message("finding", "window {window}")
HAND: Final = Message("finding", "by {hand}")
OWED: Final = Message("finding", "owed by {hands}")

EXCUSED: Final = Message("finding", "excused by waiver {waiver}")
VOID_BY_REPORT: Final = Message("finding", "void by report {report} of a compromised login")
VOID_BY_DECLINING: Final = Message("finding", "void, for the substitution was declined")
EARLIER_VOID: Final = Message("finding", "entry {number}, which met it, became void")
AWAITS: Final = Message("finding", "counts when approved by {count} of: {roles}")

LATE: Final = Message("finding", "{time} late")
LATE_OR_MORE: Final = Message("finding", "{time} late or more")
EARLY: Final = Message("finding", "{time} early")
EARLY_OR_MORE: Final = Message("finding", "{time} early or more")
AFTER: Final = Message("finding", "{time} after closing")
AFTER_OR_MORE: Final = Message("finding", "{time} after closing or more")

NOT_KNOWN: Final = Message("reason", "not known: {things}")
EITHER: Final = Message("reason", "it is not known which clause holds: {clauses}")
COARSE: Final = Message("reason", "the moment of recording is known only roughly")
NO_PROOF: Final = Message("reason", "nothing proves it")
SETTING: Final = Message("reason", "the school's setting {name}")
RECORD_OF: Final = Message("reason", "a record: {record}")

#: When it was recorded, by what is known of it; and the same of a change.
RECORDED: Final = {
    "at": Message("recorded", "recorded {at}"),
    "day": Message("recorded", "recorded on {day}"),
    "between": Message("recorded", "recorded between {lo} and {hi}"),
    "before": Message("recorded", "recorded before {hi}"),
}
CHANGED: Final = {
    "at": Message("changed", "changed {at}"),
    "day": Message("changed", "changed on {day}"),
    "between": Message("changed", "changed between {lo} and {hi}"),
    "before": Message("changed", "changed before {hi}"),
}

#: Windows.
ANY_TIME: Final = Message("window", "at any time")
FROM: Final = Message("window", "from {opens} on {day}")
UNTIL: Final = Message("window", "until {closes} on {day}")
ON_ONE_DAY: Final = Message("window", "from {opens} until {closes} on {day}")
OVER_DAYS: Final = Message("window", "from {opens} on {first} until {closes} on {last}")

#: What an entry is about.
AT_LESSON: Final = Message("occasion", "{journal}, {day}, lesson {slot}")
LESSON: Final = Message("occasion", "lesson {id}")
WORK: Final = Message("occasion", "{journal}, work {id}")
SUBJECT: Final = Message("occasion", "{journal}, the whole subject")
PERIOD: Final = Message("occasion", "{journal}, {period}")
SECTION: Final = Message("occasion", "section: {section}, {year}")
EVENT: Final = Message("occasion", "event {id}")
CLASS: Final = Message("occasion", "class {group}")
ENTRY: Final = Message("occasion", "entry {id}")
ACCOUNT: Final = Message("occasion", "account {account}")
ERASURE: Final = Message("occasion", "erasure {id}")
ISSUE: Final = Message("occasion", "copy {id}")
SHEET: Final = Message("occasion", "summary sheet of {group}")
RESTRICTION: Final = Message("occasion", "restriction {id}")
GRANT: Final = Message("occasion", "grant {id}")
WAIVER: Final = Message("occasion", "waiver {id}")
JOURNAL: Final = Message("occasion", "{subject} {group}")

#: What an explanation is made of.
ASKS: Final = Message("explanation", "Asks: {text}")
REASON: Final = Message("explanation", "Why: {text}")
READING: Final = Message("explanation", "Reading: {text}")
ABOUT: Final = Message("explanation", "About: {text}")
FOUND: Final = Message("explanation", "Found: {text}")
IF_CLAUSE: Final = Message("explanation", "If clause {number} holds:")
BECAUSE: Final = Message("explanation", "Holds for: {features}")
FEATURE: Final = Message("explanation", "{feature}: {value}")
YES: Final = Message("explanation", "yes")
NO: Final = Message("explanation", "no")
OPENS: Final = Message("explanation", "Opens:")
CLOSES: Final = Message("explanation", "Closes:")
ALWAYS_OPEN: Final = Message("explanation", "Opens: at any time")
NEVER_DUE: Final = Message("explanation", "Closes: never")
STEP: Final = Message("explanation", "{step}: {value}")
NOT_KNOWN_AT_ALL: Final = Message("explanation", "not known")
VALUE_NOT_KNOWN: Final = Message("explanation", "not known ({thing})")
PLUS: Final = Message("explanation", "plus {count}")
MINUS: Final = Message("explanation", "minus {count}")
PLUS_SETTING: Final = Message("explanation", "plus the school's setting {name}")
MINUS_SETTING: Final = Message("explanation", "minus the school's setting {name}")
AT_CLOCK: Final = Message("explanation", "at {clock}")
FIXED_DAY: Final = Message("explanation", "fixed day of the year")
LOCKED: Final = Message("explanation", "Locked from:")
TERM_ENDS: Final = Message("explanation", "The term of the marker ends:")
NEEDS_AGREEMENT: Final = Message("explanation", "Needs the agreement of others from:")
REOPENED: Final = Message("explanation", "Reopened, for entry {number} is void; closes: {closes}")
OWED_BY: Final = Message("explanation", "Owed by: {hands}")
WANTED: Final = Message("explanation", "Wanted: {quorum}")
WANTED_OF: Final = Message("explanation", "for each of: {members}")
LACKING: Final = Message("explanation", "Still lacking for: {members}")
COUNTED: Final = Message("explanation", "Counted:")
COUNTED_MAYBE: Final = Message("explanation", "{what}: it is not known whether it counts")
NOTHING_COUNTED: Final = Message("explanation", "Counted: nothing")
AT_LEAST: Final = Message("explanation", "It comes to {found}; at least {level} wanted")
AT_MOST: Final = Message("explanation", "It comes to {found}; at most {level} allowed")
COMPARED: Final = Message("explanation", "It would be: {outcome}")
MAY: Final = Message("explanation", "May record it: {roles}")
MAY_NOT: Final = Message("explanation", "May not record it: {roles}")
RIGHT: Final = Message("explanation", "{role} ({scope}, cl. {number})")
MEND: Final = Message("explanation", "How to mend: {text}")
LIFT: Final = Message("explanation", "Who may lift it: {roles}")
NOBODY_LIFTS: Final = Message("explanation", "Who may lift it: nobody")
