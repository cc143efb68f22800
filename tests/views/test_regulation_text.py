"""A regulation as a page: in both languages, for every kind of rule, with nothing left unsaid."""

from __future__ import annotations

import re

import pytest

from edujournal.rules.linting import LINTS, lint
from edujournal.rules.loading import load, shipped, structure
from edujournal.texts.regulations import LINTS as SENTENCES
from edujournal.views.regulation_text import regulation_page, say_lint
from edujournal.views.speaking import Speaker

WORDS = {"ru": "п", "en": "p"}

#: Words that are the regulations' own: settings, tags of subjects.
SETTINGS = ["control_days", "final_until", "essay_days"]
TAGS = ["german"]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("id", shipped())
def test_a_page_has_every_clause_and_every_rule(id, language):
    """As many headings as clauses, as many lines as rules; no field of the file shines through."""
    regulation = load(id)
    page = regulation_page(Speaker(language), regulation)
    lines = page.splitlines()

    for clause in regulation.clauses:
        start = next(i for i, line in enumerate(lines) if line.endswith(f" {clause.number}"))
        end = next(
            i for i, line in enumerate([*lines, "## "]) if i > start and line.startswith("## ")
        )
        assert clause.gist[language] in lines[start:end]
        assert max(1, len(clause.rules)) == sum(line.startswith("- ") for line in lines[start:end])
    said = "\n".join(line for line in lines if line.startswith("- ") and "`" not in line)
    for own in SETTINGS + TAGS:
        said = said.replace(own, "")
    assert [] == re.findall(r"[{}_]|Rule\b", said)
    if language == "ru":
        assert [] == re.findall(r"\b[a-z]{4,}\b", said)


def test_every_shape_of_a_rule_is_said():
    """Settings, clocks, pauses, combinations, first days, places of other clauses, waivers."""
    rules = [
        {"kind": "timing", "record": "mark", "when": {"grade": [5, 6], "group_kind": "class", "stage": "year"},
         "opens": {"anchor": "lesson.start"}, "severity": "advice",
         "closes": {"anchor": "work.held", "shift": "+given.n days", "pause": "holidays", "count": "included",
                    "roll": "next_school_day", "snap": "13:00"},
         "quorum": {"each": ["head", "support"]}, "lifts": [{"role": "head"}]},
        {"kind": "timing", "record": "topic", "opens": {"anchor": "date:01-09", "shift": "-2 weeks", "snap": "start_of_day"}},
        {"kind": "timing", "record": "homework", "instead_of": "1",
         "closes": {"min": [{"anchor": "given.day", "snap": "end_of_day"}, {"anchor": "lesson.end"}]}},
        {"kind": "timing", "record": "roll"},
        {"kind": "relation", "record": "mark", "excludes": "presence"},
    ]  # fmt: skip
    data = {"format": 1, "id": "x", "title": WORDS, "in_force": {"since": "2026-09-01", "until": "2027-09-01"},
            "clauses": [{"number": "1", "gist": WORDS}, {"number": "2", "gist": WORDS, "rules": rules}]}  # fmt: skip
    from datetime import date

    data["in_force"] = {"since": date(2026, 9, 1), "until": date(2027, 9, 1)}
    page = regulation_page(Speaker("en"), structure(data))

    assert [
        "- nothing is said of what keeps it",
        (
            "- mark: from start of the lesson until day when the work was held, plus the school's setting n, "
            "the first day counted, not counting the holidays, if off, the next school day, at 13:00; "
            "only for grade: 5, 6, kind of group: class, stage: year; wanted: each of head, support; "
            "may be lifted by head; what comes earlier is not written [advice]"
        ),
        "- topic: from 9 January, minus 2 weeks, start of that day on; what comes earlier is not written",
        (
            "- homework: until the earliest of these (the school's setting day, end of that day; end of the lesson); "
            "in place of cl. 1"
        ),
    ] == [line for line in page.splitlines() if line.startswith("- ")][:4]
    assert "In force: from 1 Sep 2026 until 1 Sep 2027" in page


EFFECTS = {
    "format": 1, "id": "x", "title": WORDS,
    "reminders": [
        {"role": "teacher", "after": "-1 days"}, {"role": "homeroom", "after": "+0 days"},
        {"role": "head", "after": "+2 working_days"}, {"role": "deputy", "after": "+given.n days"},
    ],
    "markers": [
        {"code": "INC", "title": {"ru": "не закончено", "en": "incomplete"}, "clause": "1",
         "fulfils_period": True, "expires": {"after": "+10 school_days", "marker": "F"}},
        {"code": "F", "title": {"ru": "не сдано", "en": "failed"}, "clause": "1",
         "expires": {"value": "1"}, "scopes": ["lesson"], "on_breach": "notify"},
        {"code": "E", "title": WORDS, "on_breach": "remark"},
    ],
    "scales": [{"code": "5", "title": WORDS, "values": ["1", "5"]}],
    "default_scale": "5",
    "clauses": [{"number": "1", "gist": WORDS, "rules": [
        {"kind": "timing", "record": "topic", "closes": {"anchor": "day", "snap": "end_of_day"},
         "opens": {"anchor": "lesson.start"}, "on_breach": "notify"},
        {"kind": "timing", "record": "roll", "opens": {"anchor": "lesson.start"},
         "closes": {"anchor": "lesson.end"}, "on_breach": "escalate", "on_early": "remark"},
        {"kind": "timing", "record": "homework", "opens": {"anchor": "lesson.start"},
         "on_early": "escalate"},
        {"kind": "timing", "record": "makeup", "opens": {"anchor": "lesson.start"},
         "on_early": "notify"},
        {"kind": "quantity", "record": "result", "each": "roll", "on_breach": "convert",
         "becomes": "INC", "by": {"anchor": "period.end", "snap": "end_of_day"},
         "when_missing": "undecidable"},
        {"kind": "relation", "record": "mark", "requires": "kind", "on_breach": "refuse"},
        {"kind": "rights", "role": "teacher", "may": "write", "records": ["roll"],
         "on_breach": "remark"},
        {"kind": "rights", "role": "head", "may": "write", "records": ["roll"],
         "on_breach": "escalate"},
    ]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "told", "rules", "markers"),
    [
        (
            "en",
            ["- teacher: 1 day before", "- homeroom teacher: at once",
             "- head: 2 working days after", "- deputy head: plus the school's setting n"],
            [
                ("topic: from start of the lesson until the day itself, end of that day; what comes "
                "earlier is not written; a breach is told at once to: teacher"),
                ("roll call: from start of the lesson until end of the lesson; what comes earlier is "
                "written with a remark; a breach is told in turn to: teacher (at once), homeroom "
                "teacher (at once), head (2 working days after), deputy head (plus the school's "
                "setting n)"),
                ("homework: from start of the lesson on; what comes earlier is told in turn to: "
                "teacher (at once), homeroom teacher (at once), head (2 working days after), deputy "
                "head (plus the school's setting n)"),
                "make-up: from start of the lesson on; what comes earlier is told at once to: teacher",
                ("period result: there by last day of the period, end of that day; wanted: for each "
                "pupil on the roll; what is still missing then becomes «INC» (incomplete); where it "
                "is missing nothing can be decided"),
                "mark: Every mark names the kind of work it was given for; else it is not written",
                "teacher may write (the whole school): roll call; else it is written with a remark",
                ("head may write (the whole school): roll call; a breach is told in turn to: teacher "
                "(at once), homeroom teacher (at once), head (2 working days after), deputy head "
                "(plus the school's setting n)"),
            ],
            ["`INC` – incomplete; plus 10 school days from when it was set it becomes «F» (failed)",
             ("`F` – failed; from the day that the entry names it becomes «1»; a breach is told at "
             "once to: teacher"),
             "`E` – p; else it is written with a remark"],
        ),
        (
            "ru",
            ["- учитель: за 1 день до конца", "- классный руководитель: сразу",
             "- директор: через 2 рабочих дня",
             "- заместитель директора: плюс настройка школы «n»"],
            [
                ("тема урока: с: начало урока; до: сам день, конец этого дня; внесённое раньше не "
                "записывается; о нарушении сразу сообщают: учитель"),
            ],
            [("`F` – не сдано; со дня, названного в записи, становится «1»; о нарушении сразу "
             "сообщают: учитель")],
        ),
    ],
)  # fmt: skip
def test_what_a_breach_leads_to_is_said(language, told, rules, markers):
    """Who is told, at once or in turn; what is not written; what becomes of what is missing."""
    lines = regulation_page(Speaker(language), structure(EFFECTS)).splitlines()

    start = next(i for i, line in enumerate(lines) if line.startswith("**"))
    assert told == lines[start + 2 : start + 6]
    said = [line.removeprefix("- ") for line in lines]
    assert rules == [line for line in said if line in rules]
    assert markers == [line for line in said if line in markers]
    assert ("en" == language) == (
        "Where a rule says no more, a breach of it is written with a remark and stays in sight of "
        "every audit. What nobody gave a right to, or what is locked, is not written." in lines
    )


def test_every_lint_has_its_sentence():
    """A kind of lint without words would be an error when somebody asks."""
    assert set(LINTS) == set(SENTENCES)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("ru-school26-2023: cl. 2.5, rule 2: gap: the window hangs on the setting control_days, "
               "which is not given: nothing is decided by it")),
        ("ru", ("ru-school26-2023: п. 2.5, правило 2: пробел: срок зависит от настройки control_days, "
               "которая не задана: вывод по нему невозможен")),
    ],
)  # fmt: skip
def test_a_lint_is_said_with_its_place(language, said):
    """Regulation, clause, rule, weight, and what it is."""
    regulation = load("ru-school26-2023")
    first = next(one for one in lint(regulation) if one.kind == "setting-not-given")
    assert said == say_lint(Speaker(language), first, regulation)


def test_what_concerns_the_whole_or_a_clause_is_said_so():
    """Roles and records are said in words."""
    data = {"format": 1, "id": "x", "title": WORDS, "rights_clause": "1",
            "clauses": [{"number": "1", "gist": WORDS, "rules": [
                {"kind": "rights", "role": "teacher", "may": "write", "records": ["roll"]}]},
                {"number": "2", "gist": WORDS}]}  # fmt: skip
    regulation = structure(data)
    assert [
        "x: the whole: note: roll call may be written and no clause says anything of it",
        "x: cl. 2: note: the clause comes to no rule and does not say what keeps it",
    ] == [say_lint(Speaker("en"), one, regulation) for one in lint(regulation)]


@pytest.mark.parametrize(
    ("control", "language", "said"),
    [
        ({"every": "+1 months", "within": "+3 working_days", "clause": "1"}, "en",
         "- head, deputy head; length of a stretch: 1 month; time to look: 3 working days (cl. 1)"),
        ({"every": "+2 weeks", "roles": ["deputy"]}, "ru",
         "- заместитель директора; длина промежутка: 2 недели"),
        ({"every": "+given.n days", "roles": ["head"]}, "en",
         "- head; length of a stretch: the school's setting n"),
    ],
)  # fmt: skip
def test_the_rhythm_of_control_is_said(control, language, said):
    """How often, who looks, until when, and by which clause."""
    data = {"format": 1, "id": "x", "title": WORDS, "control": control,
            "clauses": [{"number": "1", "gist": WORDS}]}  # fmt: skip
    assert said in regulation_page(Speaker(language), structure(data)).splitlines()
