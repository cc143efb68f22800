"""Breach codes about hands: who may record what, in which role, under whose login."""

from __future__ import annotations

from typing import Final

from edujournal.rules.codes import BreachCode

#: Rows of the catalogue.
ROWS: Final = (
    BreachCode(
        "not-your-journal", "rights", "0.1",
        "A journal is written by an account assigned to it.",
        "The one who answers for a journal must be the one who writes it.",
        "The teacher of algebra in 7A writes in the algebra journal of 7A.",
        "The teacher of algebra in 7B writes there.",
        "Ask the administration for an assignment or a substitution.",
    ),
    BreachCode(
        "reads-only", "rights", "0.1",
        "A role that may only read does not write.",
        "Control and authorship stay apart.",
        "The homeroom teacher reads every subject of the own class.",
        "The homeroom teacher changes a mark in a subject journal.",
        "Ask the subject's teacher to write it.",
    ),
    BreachCode(
        "no-substitution", "rights", "0.1",
        "Another teacher's entry rests on a substitution ordered, or recorded before it or with it.",
        "The actual teacher of a lesson must be known from the journal.",
        "A substitution and the roll call recorded in one act.",
        "A roll call by another teacher with no substitution.",
        "Record the substitution in the same act, or have it ordered.",
    ),
    BreachCode(
        "no-right", "rights", "0.1",
        "Only a role that the regulation allows an act may do it.",
        "Rights are given by name; what is not given is denied.",
        "The deputy head declares the bells set up.",
        "A guardian declares the bells set up.",
        "Act in a role that has the right, or ask somebody who holds it.",
    ),
    BreachCode(
        "role-not-held", "rights", "0.1",
        "Who acts in a role holds it at that moment.",
        "A role named by the caller proves nothing.",
        "An account with the role deputy acts as deputy.",
        "The same account acts as head.",
        "Act in a role you hold.",
    ),
    BreachCode(
        "account-inactive", "rights", "0.1",
        "An account writes only while it is active.",
        "Who has left the school writes nothing.",
        "An entry on the last active day.",
        "An entry on the day after it.",
        "Have an active account record it.",
    ),
    BreachCode(
        "unconfirmed-substitution", "rights", "0.1",
        "A substitution that nobody ordered is confirmed by the administration.",
        "Nobody gives himself a journal by naming himself.",
        "The substitution was ordered in the timetable.",
        "The claim stands and nobody has answered it.",
        "The administration confirms or declines the claim.",
    ),
    BreachCode(
        "not-free", "rights", "0.1",
        "An unordered substitution is claimed only by a teacher of the school who is free then.",
        "One person cannot teach two lessons at once.",
        "A teacher with a free slot claims the lesson.",
        "A teacher with a lesson of his own at that time claims it.",
        "Have the administration order the substitution.",
    ),
    BreachCode(
        "two-persons", "rights", "0.1",
        "A login is used by the one person whose it is.",
        "What two may have done, neither answers for.",
        "Every session of the account is its owner's.",
        "The host's sessions show another person under the same login.",
        "Give each an account of his own, change the password, and report the login as known to others.",
    ),
    BreachCode(
        "two-places", "rights", "0.1",
        "A login is in one place at a time.",
        "One person cannot sit at two keyboards.",
        "A session at school that ends before one at home begins.",
        "A session at home while one at school lasts.",
        "Ask its owner; where somebody else was there, report the login as known to others.",
    ),
)  # fmt: skip
