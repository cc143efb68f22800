"""Explanations: the very windows and rights that judged, step by step, and in words."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.audits.exact import audit_book
from edujournal.ledger.books import BookState
from edujournal.rules.asking import duties, judge
from edujournal.rules.clauses import ApprovalRule, Clause, LockRule, Words
from edujournal.rules.explaining import explain, explain_occasion, lifts, rights_of
from edujournal.rules.judging import Judge
from edujournal.rules.provisional import provisional
from edujournal.rules.scenes import of_lesson, of_period, of_section
from edujournal.rules.terms import Anchored, Shift
from edujournal.rules.verdicts import NotKnown, Outcome
from edujournal.views.speaking import Speaker

BOOK = "journal/7A/alg/2026"
JOURNAL = "7A/alg/2026"


@pytest.fixture
def kept(pen):
    """A book with something early, in time, late, changed, without a right, and not decidable."""
    at = pen.at
    pen.write(ej.RollCall(lesson="a14", absent={"p-1": "Н"}), now=at(14, 9))
    pen.write(ej.Mark(lesson="a14", pupil="p-3", kind="oral", value=5), now=at(15, 8))
    pen.write(ej.Topic(lesson="a14", topic="Степени"), now=at(15, 8, 1))
    pen.write(ej.Homework(lesson="a15", task="№ 5"), now=at(15, 18))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="control", value=4), now=at(19, 9))
    pen.write(ej.Mark(lesson="a15", pupil="p-1", kind="control-oral", value=4), now=at(20, 9))
    pen.write(ej.Mark(lesson="a15", pupil="p-2", kind="essay", value=4), now=at(28, 9))
    pen.write(
        ej.Correction(journal=JOURNAL, entry=1, values={"absent": {"p-3": "Б"}}), now=at(28, 10)
    )
    pen.write(ej.Correction(journal=JOURNAL, entry=2, values={"value": 4}), now=at(28, 11))
    pen.write(ej.Mark(lesson="a17", pupil="p-1", kind="oral", value=3), by="t-3", now=at(17, 9))
    pen.write(ej.PeriodResult(journal=JOURNAL, period="q1", pupil="p-1", value=5), now=at(29, 9))
    pen.write(
        ej.Mark(lesson="a21", pupil="p-1", kind="oral", value=3,
                evidence=ej.Evidence(at(21, 0), at(23, 0), "t-2")),
        by="t-2", now=at(30, 9),
    )  # fmt: skip
    pen.write(
        ej.NewWork(id="w", kind="control", purpose="monitoring", lesson="a14"), now=at(30, 10)
    )
    return pen[BOOK]


@pytest.fixture
def findings(pen, kept, facts, regulation):
    """Everything that an audit on the eve of October says of that book."""
    at = pen.at(30, 12)
    return list(audit_book([Judge(regulation, facts)], BOOK, kept.entries, at))


@pytest.fixture
def explained(kept, facts, regulation):
    """Explains a finding about that book."""
    return lambda finding: explain(finding, regulation, facts, kept)


def one(findings, **wanted):
    """The one finding that has these fields."""
    (found,) = [
        finding
        for finding in findings
        if all(getattr(finding, name) == value for name, value in wanted.items())
    ]
    return found


def test_an_explanation_gives_the_window_that_judged(findings, explained):
    """For every timed finding: the bounds evaluated step by step are those of the finding."""
    timed = [one for one in findings if one.code in ("after-close", "before-open", "missing")]
    seen = set()
    for finding in timed:
        windows = explained(finding).windows
        seen.add((finding.clause, finding.outcome))
        assert windows, finding
        for window in windows:
            for bound in (window.opens, window.closes):
                assert bound is None or bound.steps[-1].value == bound.value
        if len(windows) > 1:
            assert finding.outcome is Outcome.UNDECIDABLE or len({w.outcome for w in windows}) == 1
            continue
        (window,) = windows
        opens = None if window.opens is None else window.opens.value
        closes = window.closes.value
        assert finding.opens == opens
        assert finding.closes == (None if isinstance(closes, NotKnown) else closes)
        assert finding.hands == window.duty.hands
        if finding.entry is not None:
            assert finding.outcome is window.outcome

    assert {
        ("2.5", Outcome.LATE), ("2.5", Outcome.UNDECIDABLE), ("2.6", Outcome.PENDING),
        ("2.7", Outcome.LATE), ("2.9", Outcome.MET), ("2.9", Outcome.LATE), ("2.9", Outcome.MISSING),
        ("2.11", Outcome.MISSING), ("2.12", Outcome.LATE), ("2.13", Outcome.EARLY), ("2.8", Outcome.PENDING),
    } <= seen  # fmt: skip


def test_steps_run_from_the_anchor_to_the_snap(pen, findings, explained):
    """Clause 2.7: the class's last lesson, and ninety minutes; 2.12: ten days, a working day, its end."""
    (homework,) = explained(one(findings, clause="2.7", outcome=Outcome.LATE)).windows
    assert [
        ("anchor", "class_day.last_lesson.end", pen.at(15, 10, 15)),
        ("shift", "+90 minutes", pen.at(15, 11, 45)),
    ] == [(step.what, step.how, step.value) for step in homework.closes.steps]
    assert homework.opens is None

    (essay,) = explained(one(findings, clause="2.12", code="after-close", pupil="p-2")).windows
    assert [
        ("anchor", "work.held", date(2026, 9, 15)),
        ("shift", "+10 days", date(2026, 9, 25)),
        ("roll", "next_working_day", date(2026, 9, 25)),
        ("snap", "end_of_day", pen.at(26, 0)),
    ] == [(step.what, step.how, step.value) for step in essay.closes.steps]


def test_what_the_rule_selects_by_is_shown_with_its_value(findings, explained):
    """Why this clause and no other: the features it reads, as they are here."""
    (window,) = explained(
        one(findings, clause="2.5", code="after-close", outcome=Outcome.LATE)
    ).windows

    assert {"control": False, "written": False}.items() <= dict(window.because).items()


def test_an_unknown_purpose_has_a_window_for_each_clause(findings, explained):
    """Between the third and the tenth day one clause says late and the other in time."""
    windows = explained(one(findings, entry=5, code="after-close")).windows

    assert {"2.11": Outcome.LATE, "2.12": Outcome.MET} == {
        window.duty.clause: window.outcome for window in windows
    }


def test_a_setting_that_was_not_given_is_named(findings, explained):
    """The step that could not be taken says what it lacks."""
    (window,) = [
        window
        for window in explained(one(findings, entry=6, code="after-close")).windows
        if window.duty.clause == "2.5"
    ]

    assert NotKnown("given.control_days") == window.closes.value
    assert ("shift", NotKnown("given.control_days")) == (
        window.closes.steps[-1].what, window.closes.steps[-1].value,
    )  # fmt: skip


def test_an_entry_is_explained_by_what_the_book_said_before_it(kept, facts, regulation, findings):
    """A work that was declared later does not change why an earlier mark was judged as it was."""
    finding = one(findings, entry=7, code="after-close")
    later = BookState(BOOK)
    for entry in kept.entries:
        later.apply(entry)

    assert explain(finding, regulation, facts, kept) == explain(finding, regulation, facts, later)
    assert 7 == explain(finding, regulation, facts, later).entry.number


def test_a_change_is_explained_by_the_window_of_what_it_changes(findings, explained):
    """The roll call's own window decides about an absentee who was added two weeks later."""
    added = explained(one(findings, entry=8, clause="2.9", code="after-close"))
    changed = explained(one(findings, entry=9, code="changed-after-close"))

    assert ("roll", "correction") == (added.windows[0].duty.record, added.entry.kind)
    assert "p-3" == added.finding.pupil
    assert ("2.5", Outcome.LATE) == (
        changed.windows[0].duty.clause, changed.windows[0].outcome,
    )  # fmt: skip


def test_what_is_owed_shows_who_has_it_already(pen, kept, findings, facts, regulation, explained):
    """A control work of the monitoring: everybody who was there, whoever still lacks a mark."""
    missing = explained(one(findings, clause="2.11", outcome=Outcome.MISSING, pupil="p-10"))
    (window,) = missing.windows
    assert (frozenset({"p-10"}), frozenset(), True) == (window.owing, window.done, window.certain)
    assert missing.entry is None

    pen.write(ej.Mark(journal=JOURNAL, work="w", pupil="p-10", value=3), now=pen.at(30, 11))
    (window,) = explain(missing.finding, regulation, facts, kept).windows
    assert frozenset({"p-10"}) == window.done


def test_a_right_is_explained_by_the_table_of_rights(findings, explained):
    """Who may and who may not, by which clause; and who may give the right."""
    refused = explained(one(findings, entry=10, code="not-your-journal"))

    assert ("2.3", "teacher", True, "own_journal") in {
        (row.clause, row.role, row.allows, row.scope) for row in refused.rights
    }
    assert ("2.4", "homeroom", False, "school") in {
        (row.clause, row.role, row.allows, row.scope) for row in refused.rights
    }
    assert {"head", "deputy"} <= set(refused.lifts)
    assert () == refused.windows


def test_a_relation_is_explained_by_its_predicate(findings, explained):
    """What the clause requires, and what it reads."""
    topic = explained(one(findings, entry=3, code="no-plan-link"))

    assert ("plan", "2.6") == (topic.predicate.name, topic.clause.number)
    assert () == topic.windows


def test_what_any_journal_asks_has_no_clause(findings, explained):
    """The library's own conditions are explained by the catalogue."""
    reason = explained(one(findings, entry=9, code="no-reason"))

    assert (None, "no-reason") == (reason.clause, reason.code.code)


def test_a_refused_draft_is_explained_with_its_entry(pen, facts, regulation):
    """Nothing was written: the provisional entry tells what the draft was about."""
    draft = ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=5)
    at, state = pen.at(15, 9), pen[BOOK]
    verdict = judge(regulation, draft, facts, state, by="t-1", at=at)
    entry = provisional(draft.content(), None, state, ej.Actor("t-1"), at)
    early = one(verdict.findings, outcome=Outcome.EARLY)

    assert "2.5" == explain(early, regulation, facts, state, entry).windows[0].duty.clause
    assert () == explain(early, regulation, facts, state).windows


def test_what_the_school_has_lost_can_still_be_explained(findings, facts, kept, regulation):
    """Clause, reading and code stay when the lesson is gone from the timetable; the window does not."""
    lost = evolve(facts, lessons=[one for one in facts.lessons if one.id != "a14"])
    finding = one(findings, entry=2, code="after-close")
    found = explain(finding, regulation, lost, kept)

    assert (None, (), "2.5") == (found.occasion, found.windows, found.clause.number)


def test_an_occasion_is_explained_without_a_finding(pen, facts, regulation):
    """What a form shows before anything is recorded: the duty, its window, who owes it."""
    lesson = of_lesson(facts.lesson("a15"), facts)
    (roll,) = explain_occasion(regulation, lesson, "roll", facts)
    (window,) = roll.windows
    (asked,) = [choices[0] for choices in duties(regulation, lesson, facts, record="roll")]

    assert (asked.opens, asked.closes, asked.hands) == (
        window.opens.value, window.closes.value, window.duty.hands,
    )  # fmt: skip
    assert (None, None, frozenset({None}), frozenset()) == (
        roll.finding, window.outcome, window.owing, window.done,
    )  # fmt: skip
    assert ["2.8", "2.13"] == sorted(
        found.clause.number
        for found in explain_occasion(
            regulation, of_period(ej.JournalId.parse(JOURNAL), "q1", facts), "result", facts, pen[BOOK]
        )
    )[::-1]  # fmt: skip
    assert () == explain_occasion(regulation, lesson, "setup", facts)


def test_a_claim_that_nobody_answered_is_explained(pen, facts, regulation):
    """The administration owes an answer by the end of the next working day after the claim."""
    pen.write(
        ej.Substitution(lesson="a15", teacher="t-3"), by="t-3", role="substitute", now=pen.at(15, 9)
    )
    state = pen[BOOK]
    found = list(audit_book([Judge(regulation, facts)], BOOK, state.entries, pen.at(18)))
    (window,) = explain(
        one(found, record="confirmation", outcome=Outcome.MISSING), regulation, facts, state
    ).windows

    assert (pen.at(17, 0), frozenset({"head"})) == (window.closes.value, window.duty.hands)


def test_a_disclosure_is_explained_from_the_school_book(pen, facts, regulation, new_pen):
    """Two addressees; the one that was not told is lacking."""
    noticed = date(2026, 9, 15)
    moment = _aware(pen.at(15, 10))
    pen.write(
        ej.Disclosure(event="e", account="t-1", noticed=moment, to="head", year="2026"),
        now=pen.at(15, 11),
    )
    state = pen["school/2026"]
    found = list(audit_book([Judge(regulation, facts)], "school/2026", state.entries, pen.at(30)))
    (window,) = explain(
        one(found, clause="3.3", outcome=Outcome.MISSING), regulation, facts, state
    ).windows

    assert ({"head", "support"}, {"head"}) == (set(window.owing), set(window.done))
    assert noticed + timedelta(days=1) == window.closes.steps[1].value


def _aware(at):
    from edujournal.model.time import moment

    return moment(at, "Asia/Yekaterinburg")


def test_a_reopened_duty_shows_what_reopened_it(pen, facts, regulation):
    """After a declined substitution the roll is owed again, until the end of the next working day."""
    pen.write(
        ej.Substitution(lesson="a15", teacher="t-3"),
        by="t-3",
        role="substitute",
        now=pen.at(15, 10),
    )
    pen.write(ej.RollCall(lesson="a15"), by="t-3", role="substitute", now=pen.at(15, 11))
    pen.write(
        ej.Confirmation(lesson="a15", entry=1, accept=False),
        by="head",
        role="head",
        now=pen.at(16, 9),
    )
    state = pen[BOOK]
    found = list(audit_book([Judge(regulation, facts)], BOOK, state.entries, pen.at(17)))
    owed = one(found, about="lesson:a15", record="roll", code="missing")
    explanation = explain(owed, regulation, facts, state)
    (window,) = explanation.windows

    assert (2, pen.at(18, 0), pen.at(16, 0)) == (
        window.reopened, window.duty.closes, window.closes.value,
    )  # fmt: skip
    assert owed.closes == window.duty.closes
    assert (
        "Открыто снова, так как запись 2 недействительна; закрывается: 17.09.2026 24:00"
        in Speaker("ru").say_explanation(explanation, facts)
    )


def test_locks_and_approvals_show_their_moment(pen, facts, regulation):
    """From when on a record is locked, and from when on a change needs others."""
    clause = Clause(
        number="9.1",
        gist=Words("Закрыто пятого числа.", "Closed on the fifth."),
        rules=(
            LockRule(record="mark", since=Anchored("day", Shift("days", 1), snap="end_of_day")),
            ApprovalRule(record="mark", after=Anchored("day", snap="end_of_day"), roles=("head",)),
        ),
    )
    locked = evolve(regulation, clauses=(*regulation.clauses, clause))
    pen.write(ej.Mark(lesson="a14", pupil="p-1", kind="oral", value=5), now=pen.at(14, 9))
    pen.write(
        ej.Correction(journal=JOURNAL, entry=1, values={"value": 4}, reason="описка"),
        now=pen.at(16, 9),
    )
    state = pen[BOOK]
    found = list(audit_book([Judge(locked, facts)], BOOK, state.entries, pen.at(30)))
    lock = explain(one(found, entry=2, code="locked"), locked, facts, state)
    waits = explain(one(found, entry=2, code="awaits-approval"), locked, facts, state)

    assert [pen.at(16, 0)] == [bound.value for bound in lock.locks]
    assert [pen.at(15, 0)] == [bound.value for bound in waits.locks]
    said = "\n".join(Speaker("ru").say_explanation(lock, facts))
    assert "Заблокировано с:\n  сам день: 14.09.2026\n  плюс 1 день: 15.09.2026\n" in said
    assert "Нужно согласие других с:" in "\n".join(Speaker("ru").say_explanation(waits, facts))


def test_who_may_write_is_read_from_the_regulation(regulation):
    """In the order of the file, each role with the clause that speaks of it."""
    rows = rights_of(regulation, "setup")

    assert [("2.2", "head"), ("2.2", "deputy")] == [(row.clause, row.role) for row in rows]
    assert all(row.allows for row in rows)


def test_nobody_lifts_what_is_in_order(findings, regulation):
    """There is nothing to lift where nothing is wrong."""
    for finding in findings:
        if finding.outcome is Outcome.MET:
            assert () == lifts(finding, regulation)


class TestInWords:
    """The lines that a person reads."""

    def test_a_late_mark(self, findings, explained, facts):
        """From the clause to the way out, step by step."""
        late = explained(one(findings, entry=2, code="after-close"))
        (holds,) = [
            line for line in Speaker("en").say_explanation(late, facts) if line.startswith("Holds")
        ]
        assert "control work: no" in holds

        assert (
            "Journal regulation of school No. 26, cl. 2.5: recorded late",
            "About: mark, p-3, Алгебра 7А, 14 Sep 2026, lesson 1",
            (
                "Found: recorded 15 Sep 2026, 08:00, by t-1, 8 hours late,"
                " window from 08:30 until 24:00 on 14 Sep 2026"
            ),
            "Opens:",
            "  start of the lesson: 14 Sep 2026, 08:30",
            "Closes:",
            "  the day itself: 14 Sep 2026",
            "  end of that day: 14 Sep 2026, 24:00",
            "Owed by: t-1",
            "Wanted: nobody owes it; judged if recorded",
            "How to mend: Nothing undoes lateness; record the truth, the delay stays visible.",
            "Who may lift it: nobody",
        ) == tuple(
            line
            for line in Speaker("en").say_explanation(late, facts)
            if not line.startswith(("  Asks", "  Reading", "Holds"))
        )

    def test_clause_and_reading_are_in_the_readers_language(
        self, findings, explained, facts, regulation
    ):
        """Gist and reading come from the regulation, in the language asked for."""
        late = explained(one(findings, entry=2, code="after-close"))
        clause = regulation.clause("2.5")
        for language in ("en", "ru"):
            lines = "\n".join(Speaker(language).say_explanation(late, facts))
            assert clause.gist[language] in lines
            assert clause.reading[language] in lines

    def test_two_clauses_are_told_apart(self, findings, explained, facts):
        """Each possible clause has its own window and its own answer."""
        lines = Speaker("ru").say_explanation(
            explained(one(findings, entry=5, code="after-close")), facts
        )

        assert ["Если действует пункт 2.11:", "Если действует пункт 2.12:"] == sorted(
            line for line in lines if line.startswith("Если")
        )
        assert {"  Было бы: с опозданием", "  Было бы: соблюдено"} == {
            line for line in lines if "Было бы" in line
        }
        assert "    плюс 3 дня: 18.09.2026" in lines
        assert "    если выходной — следующий рабочий день: 18.09.2026" in lines

    def test_what_is_not_known_is_said(self, findings, explained, facts):
        """The setting that the school has not given stands where the step stopped."""
        lines = Speaker("en").say_explanation(
            explained(one(findings, entry=6, code="after-close")), facts
        )

        assert "    plus the school's setting control_days: not known" in lines

    def test_those_who_lack_it_are_named(self, findings, explained, facts, names):
        """By name, in the order of ids."""
        missing = explained(one(findings, clause="2.11", outcome=Outcome.MISSING, pupil="p-10"))
        pending = explained(one(findings, clause="2.8", about="period:q1", pupil="p-2"))

        assert "Still lacking for: p-10" in Speaker("en").say_explanation(missing, facts, names)
        assert "Ещё нет для: p-2, p-3" in Speaker("ru").say_explanation(pending, facts, names)

    def test_a_right_says_who_may(self, findings, explained, facts):
        """Roles with scope and clause, who may not, and who may help."""
        lines = Speaker("ru").say_explanation(
            explained(one(findings, entry=10, code="not-your-journal")), facts
        )
        (may,) = [line for line in lines if line.startswith("Вправе вносить")]
        (may_not,) = [line for line in lines if line.startswith("Не вправе")]

        assert "учитель (свои журналы, п. 2.3)" in may
        assert "классный руководитель (вся школа, п. 2.4)" in may_not
        assert [line for line in lines if line.startswith("Кто может снять: ")] != []

    def test_what_a_rule_selects_by_is_said_in_words(self, findings, explained, facts, regulation):
        """Purpose, stage, kind of work: by their words, not as the file has them."""
        works = explained(one(findings, clause="2.11", outcome=Outcome.MISSING, pupil="p-10"))
        result = explained(one(findings, clause="2.13", outcome=Outcome.EARLY))

        (holds,) = [
            line
            for line in Speaker("ru").say_explanation(works, facts)
            if line.startswith("Относится к: ")
        ]
        assert "назначение: внутришкольный мониторинг" in holds
        assert "Относится к: этап: период" in Speaker("ru").say_explanation(result, facts)
        (window,) = works.windows
        by_kind = evolve(
            works, windows=(evolve(window, because=(("work_kind", "essay"), ("grade", 7))),)
        )
        assert "Holds for: kind of work: essay, grade: 7" in Speaker("en").say_explanation(
            by_kind, facts
        )

    def test_those_who_must_be_told_are_offices(self, pen, facts, regulation):
        """For each of two addressees; the one that was not told is named."""
        moment = _aware(pen.at(15, 10))
        pen.write(
            ej.Disclosure(event="e", account="t-1", noticed=moment, to="head", year="2026"),
            now=pen.at(15, 11),
        )
        state = pen["school/2026"]
        found = list(
            audit_book([Judge(regulation, facts)], "school/2026", state.entries, pen.at(30))
        )
        told = explain(one(found, clause="3.3", outcome=Outcome.MISSING), regulation, facts, state)
        lines = Speaker("ru").say_explanation(told, facts)

        assert "Нужно: для каждого из: директор, служба поддержки" in lines
        assert "Ещё нет для: служба поддержки" in lines
        assert "  плюс 1 рабочий день: 16.09.2026" in lines
        assert "Как исправить: Сообщите директору и службе поддержки немедленно." in lines

    def test_a_fixed_day_of_the_year_is_said_to_be_one(self, facts, regulation):
        """The tenth of September is an anchor of its own."""
        section = of_section("bells", "2026", facts)
        (asked,) = explain_occasion(regulation, section, "setup", facts)
        lines = Speaker("en").say_explanation(asked, facts)

        assert "About: set-up of a section, section: bells, 2026" in lines
        assert "  fixed day of the year: 10 Sep 2026" in lines
        assert "Opens: at any time" in lines

    def test_the_library_explains_its_own_conditions(self, findings, explained, facts):
        """Without a clause the catalogue says what is asked and why."""
        lines = Speaker("ru").say_explanation(
            explained(one(findings, entry=9, code="no-reason")), facts
        )

        assert "любой журнал" == lines[0]
        assert "  Зачем: Исправление без причины потом не понять." in lines

    @pytest.mark.parametrize("language", ["en", "ru"])
    def test_nothing_is_left_in_the_other_language(self, findings, explained, language):
        """Every finding of the book is explained, and no line keeps a word of the program."""
        foreign = {"en": r"[а-яё]{3,}", "ru": r"[a-z]{3,}"}[language]
        speaker = Speaker(language)
        for finding in findings:
            for line in speaker.say_explanation(explained(finding), "Asia/Yekaterinburg"):
                bare = line.replace("control_days", "").replace("alg", "")
                assert not re.search(foreign, bare), line

    def test_what_is_met_has_no_breach_for_a_heading(self, findings, explained, facts):
        """A roll call in time is not headed "recorded late"."""
        met = explained(one(findings, entry=1, code="after-close"))

        assert (
            "Journal regulation of school No. 26, cl. 2.9"
            == Speaker("en").say_explanation(met, facts)[0]
        )

    def test_an_occasion_without_a_finding_is_explained(self, facts, regulation):
        """A form can say what is asked before anything was recorded."""
        (roll,) = explain_occasion(regulation, of_lesson(facts.lesson("a15"), facts), "roll", facts)
        lines = Speaker("en").say_explanation(roll, facts)

        assert "About: roll call, Алгебра 7А, 15 Sep 2026, lesson 2" in lines
        assert not [line for line in lines if line.startswith(("Found", "How to mend"))]
