"""The catalogue of breach codes: one table, one row a code. A code never changes its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from edujournal.errors import Unknown
from edujournal.rules.codes import BreachCode
from edujournal.rules.codes_of_rights import ROWS as OF_RIGHTS

__all__ = ["CATALOGUE", "BreachCode", "breach_code"]

_ROWS: Final = (
    BreachCode(
        "after-close", "timing", "0.1",
        "A record is made before its window closes.",
        "A record made long after the fact cannot be checked against anybody's memory.",
        "A lesson mark entered at 23:59:59 of the lesson's day.",
        "The same mark entered at 00:00 of the next day.",
        "Nothing undoes lateness; record the truth, the delay stays visible.",
    ),
    BreachCode(
        "before-open", "timing", "0.1",
        "A record is made no earlier than its window opens.",
        "What has not happened yet cannot be recorded.",
        "A roll call taken as the lesson starts.",
        "A roll call taken a minute before the lesson starts.",
        "Wait until the window opens and record it then.",
    ),
    BreachCode(
        "missing", "quantity", "0.1",
        "What must be recorded is there when the window closes.",
        "A gap looks the same as something that did not happen.",
        "Each pupil on the roll at the period's end has a result or a marker.",
        "One pupil has neither.",
        "Record it now; it will be late but no longer missing.",
    ),
    BreachCode(
        "too-few", "quantity", "0.1",
        "There is as much as is wanted, when it is wanted.",
        "A result says something only if it rests on enough.",
        "A quarter's result that rests on three marks, where three are wanted.",
        "One that rests on two.",
        "Record what lacks; where something else waits for it, do that afterwards.",
    ),
    BreachCode(
        "too-many", "quantity", "0.1",
        "There is no more than is allowed.",
        "What comes all at once teaches little and weighs on the pupils.",
        "One control work a day for a class.",
        "A second one on the same day.",
        "Move it to another day, or take one of them back.",
    ),
    BreachCode(
        "too-close", "quantity", "0.1",
        "One comes no sooner after the other than is allowed.",
        "There must be time to learn in between.",
        "Two control works a week apart, where three days are wanted.",
        "Two on consecutive days.",
        "Move one of them.",
    ),
    BreachCode(
        "no-kind", "relations", "0.1",
        "Every mark names the kind of work it was given for.",
        "The kind decides the window and the weight.",
        "A mark for an oral answer.",
        "A mark without a kind.",
        "Correct the mark and name its kind.",
    ),
    BreachCode(
        "no-plan-link", "relations", "0.1",
        "A topic names its row of the thematic plan.",
        "Plan and fact can be compared only when they are linked.",
        "A topic linked to row 14 of the plan.",
        "A topic that is only text.",
        "Correct the topic and link it.",
    ),
    BreachCode(
        "no-nature", "relations", "0.1",
        "Homework says in what manner it is to be done.",
        "A pupil must know whether to read, write or make something.",
        "No. 5 on page 12, in writing.",
        "No. 5 on page 12.",
        "Correct the homework and name its nature.",
    ),
    BreachCode(
        "no-protocol", "relations", "0.1",
        "A make-up rests on a protocol.",
        "The protocol is the proof that the topic was examined.",
        "A make-up by protocol 12 of 3 October.",
        "A make-up without a protocol.",
        "Record the make-up with its protocol.",
    ),
    BreachCode(
        "not-excused", "relations", "0.1",
        "A missed lesson is made up only when the absence is excused.",
        "The way by protocol is for illness and other valid reasons.",
        "A make-up after an illness.",
        "A make-up after an absence without a valid reason.",
        "Have the absence's reason code put right first, if it is wrong.",
    ),
    BreachCode(
        "no-absence", "relations", "0.1",
        "A make-up belongs to a lesson that the pupil missed.",
        "There is nothing to make up otherwise.",
        "A make-up for a lesson with an absence.",
        "A make-up for a lesson at which the pupil was there.",
        "Name the lesson that was missed.",
    ),
    BreachCode(
        "absence-removed", "relations", "0.1",
        "While a make-up stands, its absence stays on record.",
        "The absence is a fact; the make-up does not undo it.",
        "The absence's reason code is changed.",
        "The absence is taken off the roll call.",
        "Annul the make-up first, if the pupil was there.",
    ),
    BreachCode(
        "absent-at-lesson", "relations", "0.1",
        "A pupil who missed the lesson gets its mark by a make-up only.",
        "Nobody answers at a lesson at which he was not.",
        "A make-up by protocol.",
        "A plain mark for a pupil who is marked absent.",
        "Record a make-up, or put the roll call right.",
    ),
    BreachCode(
        "changed-after-close", "timing", "0.1",
        "A record is not changed after its window has closed.",
        "A late change may be right, and is worth a look.",
        "A typing error put right on the same day.",
        "A mark changed two weeks later.",
        "Nothing to mend; the change is listed.",
    ),
    BreachCode(
        "no-reason", "relations", "0.1",
        "A change made after the window, or by another hand, gives its reason.",
        "A change without a reason cannot be understood later.",
        "A mark corrected with the reason 'copied from the wrong row'.",
        "A mark corrected with no reason after the window.",
        "Give the reason.",
    ),
    BreachCode(
        "off-the-roll", "integrity", "0.1",
        "An entry concerns a pupil who belongs to the group on that day.",
        "A journal is kept for those who are on its roll.",
        "A mark on the pupil's last day in the class.",
        "A mark on the day after.",
        "Check the pupil and the day; have the roll put right if it is wrong.",
    ),
    BreachCode(
        "off-the-scale", "integrity", "0.1",
        "A value belongs to its scale.",
        "A value outside the scale has no meaning.",
        "5 on the five-point scale.",
        "6 on the five-point scale.",
        "Give a value of the scale.",
    ),
    BreachCode(
        "in-the-future", "integrity", "0.1",
        "The original recording of an entry lies before its import.",
        "Evidence from the future is no evidence.",
        "A mark recorded yesterday and imported today.",
        "A mark said to have been recorded tomorrow.",
        "Put the stated time right.",
    ),
    BreachCode(
        "lesson-not-held", "integrity", "0.1",
        "Entries belong to lessons that are held.",
        "A cancelled lesson has neither roll nor marks.",
        "A mark at a lesson that was moved, on its new day.",
        "A mark at a lesson that was cancelled.",
        "Record it at the lesson that was held.",
    ),
    BreachCode(
        "no-such-target", "integrity", "0.1",
        "A change names an entry that stands in the same book and can be changed so.",
        "There is nothing to change otherwise.",
        "A correction of a mark that stands.",
        "A correction of a mark that was annulled.",
        "Name the entry that is to be changed.",
    ),
    BreachCode(
        "no-such-value", "integrity", "0.1",
        "A correction changes what such an entry says, and leaves it saying one thing.",
        "What an entry does not have cannot be wrong in it, and nobody would ever read the change.",
        "A correction of the value of a mark.",
        "A correction of the absentees of a mark, or of the teacher of a substitution.",
        "Correct what the entry has, or annul it and record what is right.",
    ),
    BreachCode(
        "not-another", "integrity", "0.1",
        "Who agrees to a change is somebody else: neither its maker nor one who has agreed before.",
        "An agreement with oneself is none, whatever account it is given from.",
        "The head and a deputy agree to a teacher's change.",
        "The deputy who made the change agrees to it, or one person agrees from two accounts.",
        "Let somebody else look at the change.",
    ),
    BreachCode(
        "no-such-original", "integrity", "0.1",
        "A retake names an earlier mark of the same pupil that stands in the same journal.",
        "An attempt that belongs to nothing would count beside the mark it was to replace.",
        "A second attempt at a control work that names the first mark.",
        "A second attempt that names the mark of another pupil.",
        "Name the mark at which it is another attempt, or leave it out for a mark of its own.",
    ),
    BreachCode(
        "false-basis", "integrity", "0.1",
        "The basis of a result is true: its entries stand in the journal as it says, and its number follows.",
        "A basis that nobody can reckon again proves nothing.",
        "A result recorded with the basis of the proposal that was just made.",
        "A result recorded with a basis made before one of its marks was corrected.",
        "Ask for the proposal anew and record the decision with its basis.",
    ),
    BreachCode(
        "basis-changed", "integrity", "0.1",
        "What a result was reckoned from is not changed after the result was recorded.",
        "The decision was taken on other marks than those that stand now.",
        "A mark put right before the result is given.",
        "A mark corrected, or another given for the period, after the result.",
        "Look at the result again; correct it if it would be another.",
    ),
    BreachCode(
        "no-basis", "relations", "0.1",
        "A result names what it was reckoned from.",
        "A number without its marks cannot be checked.",
        "A result recorded with the basis of its proposal.",
        "A result that is only a value.",
        "Ask for the proposal and record the decision with its basis.",
    ),
    BreachCode(
        "differs-from-proposal", "relations", "0.1",
        "A result is what its basis proposes.",
        "A decision may be right and different; it is worth a look.",
        "4 decided where 4 was proposed.",
        "5 decided where 4 was proposed.",
        "Nothing to mend where the teacher meant it; the difference is listed.",
    ),
    BreachCode(
        "not-decider", "relations", "0.1",
        "Where a limit of absence leaves the choice to a role, one who holds it gives the value.",
        "A choice that the text gives to one office is not taken by another.",
        "The head gives a mark to a pupil who missed twelve in a hundred lessons.",
        "The subject's teacher gives it.",
        "Record the marker, or let one who holds the role record the value.",
    ),
    BreachCode(
        "declared-twice", "integrity", "0.1",
        "What can be said once is said once; a second saying is a correction.",
        "Two roll calls of one lesson contradict each other.",
        "A roll call and its correction.",
        "Two roll calls of one lesson.",
        "Correct the first one.",
    ),
    BreachCode(
        "says-nothing", "relations", "0.1",
        "A text says something.",
        "A dot in the column is not a topic.",
        "A topic 'Linear equations'.",
        "A topic '.'.",
        "Correct it with a text that says something.",
    ),
    BreachCode(
        "evidence-not-allowed", "integrity", "0.1",
        "Only an account with the right to import states when an entry was first recorded.",
        "Who could state his own times could be late for ever and never look it.",
        "The importer states the times of the old system.",
        "A teacher states that a mark was recorded yesterday.",
        "Leave the evidence out, or let the importer act.",
    ),
    BreachCode(
        "marker-role", "markers", "0.1",
        "A marker is set by a role that may set it.",
        "Who may exempt a pupil is not everybody who may write a mark.",
        "The deputy head exempts a pupil from physical education.",
        "The teacher does, where the regulation leaves it to the administration.",
        "Ask one who holds the role to set it.",
    ),
    BreachCode(
        "no-ground", "markers", "0.1",
        "A marker that needs a ground names it.",
        "An exemption without a ground cannot be checked.",
        "Exempt by certificate 14 of 3 September.",
        "Exempt, and nothing more.",
        "Give the ground.",
    ),
    BreachCode(
        "marker-scope", "markers", "0.1",
        "A marker is given for what its kind may be given for.",
        "What makes sense for a period may make none for a lesson.",
        "Not assessed for the quarter.",
        "Not assessed at a lesson, where only periods are assessed.",
        "Give it for what it is meant for, or take another marker.",
    ),
    BreachCode(
        "beside-mark", "markers", "0.1",
        "A marker that stands alone has no mark beside it.",
        "One of the two must be wrong.",
        "A pupil of ungraded teaching with a remark.",
        "The same pupil with a mark.",
        "Take back the one that is wrong.",
    ),
    BreachCode(
        "marker-ended", "markers", "0.1",
        "A marker whose term has ended is not changed any more.",
        "What time has made of it stands; a later change would undo it unseen.",
        "The term of a debt put off on the day before it ends.",
        "The same on the day after.",
        "Change what came of it, with a reason.",
    ),
    BreachCode(
        "uncleared", "markers", "0.1",
        "A marker with a term is cleared before the term ends.",
        "A debt that nobody has to clear is no debt.",
        "A debt until 20 October, and a mark on the 15th.",
        "The same debt, and no mark by the 20th.",
        "Record what clears it: a mark, or what else its kind names.",
    ),
    BreachCode(
        "not-by-time", "markers", "0.1",
        "What time makes is made when it is due, and as the regulation says.",
        "Nobody but the calendar stands behind such an entry; anybody can work it out again.",
        "An incomplete result that became 1 on the day after its last.",
        "The same a day early.",
        "Annul it, and look at the term.",
    ),
    BreachCode(
        "locked", "locks", "0.1",
        "A record is not written or changed after its lock has fallen.",
        "What others have read and signed does not change behind their backs.",
        "A mark of September corrected on the fourth of October, with a lock on the fifth.",
        "The same mark corrected on the fifth.",
        "Ask for a waiver that names the clause.",
    ),
    BreachCode(
        "awaits-approval", "locks", "0.1",
        "A change to what was closed counts when others have agreed.",
        "Nobody changes a closed result alone.",
        "A result changed by the teacher and approved by the head.",
        "The same change, not approved yet.",
        "Ask those named for their approval.",
    ),
    BreachCode(
        "must-be-kept", "locks", "0.1",
        "What must be kept is not erased before its time.",
        "Who could erase at will could erase what is asked after.",
        "A topic of 2026 erased in 2033, where journals are kept for 5 years.",
        "The same topic erased in 2030.",
        "Wait until the day named; or restrict it, or ask for a waiver that names the clause.",
    ),
    BreachCode(
        "account-reported", "integrity", "0.1",
        "An account whose login is known to others does not write until it is restored.",
        "Nobody can tell whose hand it is.",
        "The owner writes after the head has restored the account.",
        "Somebody writes with it before.",
        "Have head or deputy restore the account.",
    ),
    BreachCode(
        "own-report", "integrity", "0.1",
        "Nobody reports or restores the own account in the school book.",
        "Whoever holds the login could clear himself.",
        "The head restores a teacher's account.",
        "The head restores the head's account.",
        "Let another member of the administration do it.",
    ),
    BreachCode(
        "void", "integrity", "0.1",
        "What a reported account did since both were informed does not count.",
        "Operations of a login known to others are void.",
        "An entry made before the report's moments.",
        "An entry made after them.",
        "Record it anew, or let the owner vouch for the single act.",
    ),
    BreachCode(
        "rests-on-void", "integrity", "0.1",
        "An entry does not rest on one that is void.",
        "What was built on a void entry has lost its ground.",
        "A correction of a mark that stands.",
        "A correction of a mark that became void.",
        "Look at the entry and record it anew where it is right.",
    ),
    BreachCode(
        "no-longer-known", "integrity", "0.1",
        "What an entry is about stays known to the school's data as long as the entry is kept.",
        "Nobody can tell whether an entry is right whose lesson is gone.",
        "A cancelled lesson stays in the timetable, marked as cancelled.",
        "A lesson with a roll call is deleted from the timetable.",
        "Put it back into the school's data; cancel or end what is over, and delete nothing.",
    ),
    BreachCode(
        "no-setting", "integrity", "0.1",
        "What the regulation leaves to the school is given by the school.",
        "A deadline that nobody set cannot be kept or broken.",
        "The school gives the number of days for practical works.",
        "The school gives none.",
        "Give the setting in the school's regulation.",
    ),
)  # fmt: skip

#: Every breach code by name.
CATALOGUE: Final[Mapping[str, BreachCode]] = MappingProxyType(
    {row.code: row for row in (*_ROWS, *OF_RIGHTS)}
)


def breach_code(code: str) -> BreachCode:
    """The row of the catalogue for *code*.

    Raises:
        Unknown: There is none; the nearest is named.

    *Version added: 0.1.*
    """
    found = CATALOGUE.get(code)
    if found is None:
        raise Unknown("breach code", code, CATALOGUE)
    return found
