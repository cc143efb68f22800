"""Findings, verdicts and explanations as people read them: every code, every outcome, both languages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.errors import Unknown
from edujournal.rules.anchors import ANCHORS
from edujournal.rules.asking import judge
from edujournal.rules.catalogue import CATALOGUE
from edujournal.rules.predicates import PREDICATES
from edujournal.rules.verdicts import Decision, Effect, Finding, Outcome, Severity, Verdict
from edujournal.views.speaking import Speaker

BOOK = "journal/7A/alg/2026"
EN, RU = Speaker("en"), Speaker("ru")
LATIN = re.compile(r"[A-Za-z]{2,}")
CYRILLIC = re.compile(r"[А-Яа-яё]")


def finding(**fields) -> Finding:
    """A mark of the fifteenth, recorded as the fields say."""
    given = {
        "code": "after-close",
        "regulation": "ru-school26-2023",
        "clause": "2.5",
        "severity": Severity.MUST,
        "outcome": Outcome.LATE,
        "effect": Effect.REMARK,
        "book": BOOK,
        "about": "lesson:a15",
        "pupil": "p-1",
        "record": "mark",
    }
    return Finding(**given | fields)


@pytest.fixture
def late(pen):
    """A mark that was recorded twelve minutes after its day had ended."""
    at = pen.at(16, 0, 12)
    return finding(
        opens=pen.at(15, 9, 30), closes=pen.at(16, 0), lo=at, hi=at + 1, by="t-1", entry=4
    )


class TestALine:
    """What one line says."""

    def test_it_names_clause_record_whose_when_and_how_late(self, late, facts, regulation):
        """The line that a teacher reads, in the two languages."""
        assert (
            "cl. 2.5: mark, p-1, Алгебра 7А, 15 Sep 2026, lesson 2: recorded 16 Sep 2026, 00:12,"
            " by t-1, 12 minutes late, window from 09:30 until 24:00 on 15 Sep 2026"
        ) == EN.say_finding(late, facts, regulation)
        assert (
            "п. 2.5: отметка, p-1, Алгебра 7А, 15.09.2026, урок 2: внесено 16.09.2026 00:12,"
            " внёс: t-1, опоздание 12 минут, срок с 09:30 до 24:00 15.09.2026"
        ) == RU.say_finding(late, facts, regulation)

    def test_names_come_from_the_directory(self, late, facts, regulation, names):
        """Who is known by name is called by name; who is not, by id."""
        line = RU.say_finding(late, facts, regulation, names)

        assert "отметка, Анна Белова," in line
        assert "внёс: Иванова А. П.," in line
        assert "p-2" in RU.say_finding(evolve(late, pupil="p-2"), facts, regulation, names)

    def test_without_facts_a_zone_is_enough(self, late, regulation):
        """Ids stand for themselves; times are on the school's clocks all the same."""
        line = EN.say_finding(late, "Asia/Yekaterinburg", regulation)

        assert line.startswith("cl. 2.5: mark, p-1, lesson a15: recorded 16 Sep 2026, 00:12,")
        assert "recorded 15 Sep 2026, 19:12," in EN.say_finding(late, "UTC", regulation)

    def test_another_regulation_is_named(self, late, facts, regulation):
        """With several regulations, or none at hand, each line says whose clause it is."""
        for given in (None, [regulation], evolve(regulation, id="other")):
            assert EN.say_finding(late, facts, given).startswith("ru-school26-2023, cl. 2.5: ")
        library = evolve(late, regulation="edujournal", clause="integrity")
        assert RU.say_finding(library, facts, regulation).startswith("любой журнал: ")

    def test_a_weight_is_named_where_it_is_not_an_obligation(self, late, facts, regulation):
        """Advice is said to be advice."""
        advice = evolve(late, severity=Severity.ADVICE)

        assert EN.say_finding(advice, facts, regulation).endswith(" [advice]")
        assert RU.say_finding(advice, facts, regulation).endswith(" [совет]")

    def test_an_early_record_says_how_early(self, pen, late, facts, regulation):
        """Half an hour before the window opens."""
        at = pen.at(15, 9)
        early = evolve(late, code="before-open", outcome=Outcome.EARLY, lo=at, hi=at + 1)

        assert ", 30 minutes early, " in EN.say_finding(early, facts, regulation)
        assert ", раньше срока: 30 минут, " in RU.say_finding(early, facts, regulation)

    def test_a_record_known_to_the_day_is_late_by_that_or_more(self, pen, late, facts, regulation):
        """Evidence of a day gives the least delay that is certain."""
        coarse = evolve(late, lo=pen.at(18, 0), hi=pen.at(19, 0))

        assert "recorded on 18 Sep 2026, by t-1, 2 days late or more," in EN.say_finding(
            coarse, facts, regulation
        )
        assert "опоздание 2 дня или больше," in RU.say_finding(coarse, facts, regulation)

    def test_what_is_owed_names_window_and_hands(self, pen, facts, regulation):
        """Missing and pending differ by one word; both say until when, and whose it is."""
        owed = finding(
            code="missing", clause="2.9", record="roll", pupil=None, outcome=Outcome.MISSING,
            opens=pen.at(15, 9, 30), closes=pen.at(16, 0), hands=frozenset({"t-2", "t-1"}),
        )  # fmt: skip

        assert EN.say_finding(owed, facts, regulation).endswith(
            ": not recorded, window from 09:30 until 24:00 on 15 Sep 2026, owed by t-1, t-2"
        )
        assert ": ещё не внесено, срок " in RU.say_finding(
            evolve(owed, outcome=Outcome.PENDING), facts, regulation
        )
        reopened = evolve(owed, why={"void": 7})
        assert "запись 7, которой это было исполнено, стала недействительной" in RU.say_finding(
            reopened, facts, regulation
        )

    def test_a_waiver_shows_what_it_lifted(self, late, facts, regulation):
        """What was late stays late in the line, and the permission is named."""
        excused = evolve(late, outcome=Outcome.EXCUSED, why={"waiver": "w-7", "was": "late"})
        line = RU.say_finding(excused, facts, regulation)

        assert "опоздание 12 минут" in line
        assert line.endswith("снято разрешением w-7")

    def test_void_says_by_what(self, late, facts, regulation):
        """By a report, or by a substitution that was declined."""
        void = evolve(late, code="void", outcome=Outcome.VOID)

        assert "недействительно по сообщению 3 о чужом входе, внесено" in RU.say_finding(
            evolve(void, why={"report": 3}), facts, regulation
        )
        assert "void, for the substitution was declined, recorded" in EN.say_finding(
            evolve(void, why={"declined": True}), facts, regulation
        )

    def test_a_change_that_waits_says_for_whom(self, late, facts, regulation):
        """Roles and number of those who must agree."""
        waits = evolve(
            late, code="awaits-approval", outcome=Outcome.PENDING,
            why={"roles": ["deputy", "head"], "count": 2},
        )  # fmt: skip

        assert EN.say_finding(waits, facts, regulation).endswith(
            "counts when approved by 2 of: deputy head, head"
        )

    def test_broken_conditions_fill_their_places(self, late, facts, regulation):
        """Role, day, group, value and scale are said, and none as the program keeps it."""
        broken = evolve(late, outcome=Outcome.BROKEN, severity=Severity.MUST)
        said = {
            code: RU.say_finding(evolve(broken, code=code, why=why), facts, regulation)
            for code, why in {
                "reads-only": {"role": "homeroom"},
                "not-your-journal": {"role": "teacher"},
                "off-the-roll": {"group": "7A", "day": date(2026, 9, 15)},
                "off-the-scale": {"scale": "5", "value": 6},
                "no-such-target": {"target": 12},
                "rests-on-void": {"target": 3},
                "account-reported": {"report": 8},
                "locked": {},
            }.items()
        }

        assert "этой роли дан только просмотр (роль: классный руководитель)" in said["reads-only"]
        assert "нет назначения в этот журнал: t-1" in said["not-your-journal"]
        assert "нет в списке (7А) на 15.09.2026" in said["off-the-roll"]
        assert "6 — не из шкалы (5)" in said["off-the-scale"]
        assert "нет такой записи, чтобы её изменить: 12" in said["no-such-target"]
        assert "опирается на недействительную запись 3" in said["rests-on-void"]
        assert "вход известен другим (сообщение 8)" in said["account-reported"]
        assert "заблокировано с 16.09.2026 00:00" in said["locked"]

    @pytest.mark.parametrize(
        ("why", "english", "russian"),
        [
            ({"unknown": ["work.held"]}, "not known: day when the work was held", "неизвестно: день проведения работы"),
            ({"unknown": ["given.control_days"]}, "not known: the school's setting control_days", "неизвестно: настройка школы «control_days»"),
            ({"unknown": ["record of setup"]}, "not known: a record: set-up of a section", "неизвестно: запись: готовность раздела"),
            ({"unknown": ["roll call"]}, "not known: who was there: no roll call", "неизвестно: кто присутствовал: нет переклички"),
            ({"unknown": ["author"]}, "not known: who recorded it", "неизвестно: кто внёс запись"),
            ({"either": ["2.11", "2.12"]}, "it is not known which clause holds: 2.11, 2.12", "неизвестно, какой пункт действует: 2.11, 2.12"),
            ({"evidence": True}, "the moment of recording is known only roughly", "время записи известно лишь приблизительно"),
            ({}, "nothing proves it", "ничто этого не доказывает"),
        ],
    )  # fmt: skip
    def test_undecidable_says_why(self, late, facts, regulation, why, english, russian):
        """Nobody is accused without a reason, and nobody is told "undecidable" without one."""
        for code in ("after-close", "missing", "no-kind"):
            open_ = evolve(late, code=code, outcome=Outcome.UNDECIDABLE, why=why)
            assert f"cannot be decided, {english}" in EN.say_finding(open_, facts, regulation)
            assert f"нельзя решить, {russian}" in RU.say_finding(open_, facts, regulation)

    def test_the_addressee_of_a_report_is_a_role(self, late, facts, regulation):
        """Those who must be told of a disclosed login are offices, not pupils."""
        report = finding(
            code="missing", clause="3.3", record="disclosure", pupil="support",
            book="school/2026", about="event:e-1", outcome=Outcome.MISSING,
        )  # fmt: skip

        assert RU.say_finding(report, facts, regulation).startswith(
            "п. 3.3: сообщение о разглашении входа, служба поддержки, случай e-1: не внесено"
        )


@pytest.mark.parametrize(
    ("about", "book", "english", "russian"),
    [
        ("lesson:a15", BOOK, "Алгебра 7А, 15 Sep 2026, lesson 2", "Алгебра 7А, 15.09.2026, урок 2"),
        ("lesson:gone", BOOK, "lesson gone", "урок gone"),
        ("work:w-1", BOOK, "Алгебра 7А, work w-1", "Алгебра 7А, работа w-1"),
        ("period:q1", BOOK, "Алгебра 7А, quarter 1", "Алгебра 7А, четверть 1"),
        ("period:y", BOOK, "Алгебра 7А, year", "Алгебра 7А, год"),
        ("period:q9", BOOK, "Алгебра 7А, q9", "Алгебра 7А, q9"),
        ("section:bells", "school/2026", "section: bells, 2026", "раздел: звонки, 2026"),
        ("event:e-1", "school/2026", "event e-1", "случай e-1"),
        ("group:7A", "class/7A/2026", "class 7А", "класс 7А"),
        ("entry:5", BOOK, "entry 5", "запись 5"),
        ("account:t-1", "school/2026", "account t-1", "учётная запись t-1"),
        ("journal:7A/alg/2026", "school/2026", "Алгебра 7А", "Алгебра 7А"),
        ("grant:g-1", "school/2026", "grant g-1", "предоставление права g-1"),
        ("waiver:w-1", "school/2026", "waiver w-1", "разрешение w-1"),
        ("thing:x", "school/2026", "thing:x", "thing:x"),
        ("period:q1", "journal/7A/alg/1999", "alg 7A, q1", "alg 7A, q1"),
    ],
)
def test_every_kind_of_occasion_has_words(facts, about, book, english, russian):
    """What an entry is about is said by day and place where they are known, else by its id."""
    assert english == EN.naming(facts).occasion(about, book)
    assert russian == RU.naming(facts).occasion(about, book)


def _whys():
    """What findings tell besides: nothing, or each thing that may be unknown."""
    yield {}
    yield {"evidence": True}
    yield {"either": ["2.11", "2.12"]}
    for name in (*ANCHORS, *(row.reads for row in PREDICATES.values())):
        yield {"unknown": [name]}


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_is_said_with_every_outcome(pen, facts, regulation, code, outcome):
    """No word of the other language is left in a line, and no place unfilled."""
    at = pen.at(16, 0, 12)
    whys = list(_whys()) if outcome is Outcome.UNDECIDABLE else [{}]
    for why in whys:
        for told in (
            finding(code=code, outcome=outcome, why=why, book="journal/7/1/2026", about="lesson:1",
                    pupil="1", by="2", opens=pen.at(15), closes=pen.at(16, 0), lo=at, hi=at + 1,
                    entry=4, severity=Severity.SHOULD),
            finding(code=code, outcome=outcome, why=why, book="journal/7/1/2026", about="lesson:1",
                    pupil=None, closes=pen.at(16, 0), hands=frozenset({"3"})),
        ):  # fmt: skip
            lines = {
                speaker: speaker.say_finding(told, "Asia/Yekaterinburg", regulation)
                for speaker in (EN, RU)
            }
            assert not LATIN.search(lines[RU]), lines[RU]
            assert not CYRILLIC.search(lines[EN]), lines[EN]
            assert "{" not in lines[RU] + lines[EN]
            assert "\n" not in lines[RU] + lines[EN]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_row_of_the_catalogue_is_translated(code):
    """What is asked, why, examples and mending are said in both languages."""
    russian, english = RU.breach_code(CATALOGUE[code]), EN.breach_code(CATALOGUE[code])

    assert CATALOGUE[code].asks == english["asks"]
    assert all(CYRILLIC.search(text) for text in russian.values())
    assert not LATIN.search(" ".join(russian.values()))
    assert CYRILLIC.search(RU.say_code(code))
    assert not CYRILLIC.search(EN.say_code(code))


class TestWords:
    """Single words, for tables and forms."""

    def test_outcomes_decisions_weights_and_stages(self):
        """Each is said in a word or two."""
        assert ("late", "с опозданием") == tuple(
            speaker.say_outcome(Outcome.LATE) for speaker in (EN, RU)
        )
        assert "принято с замечаниями" == RU.say_decision(Decision.ACCEPTED_WITH_REMARKS)
        assert "следует" == RU.say_severity(Severity.SHOULD)
        assert "экзамен" == RU.say_stage("exam")
        assert "перекличка" == RU.say_record("roll")

    def test_what_a_host_has_named_stands_for_itself(self):
        """A role, record or code of a host's own is said as it is."""
        assert "librarian" == RU.say_role("librarian")
        assert "x-badge" == RU.say_record("x-badge")
        assert "acme-late-lunch" == RU.say_code("acme-late-lunch")

    def test_numbers_of_things(self):
        """Counted by a noun that is known."""
        assert "21 findings" == EN.say_count("finding", 21)
        assert "22 урока" == RU.say_count("lesson", 22)
        with pytest.raises(Unknown, match="Did you mean 'lesson'"):
            RU.say_count("lessons", 2)

    def test_an_unknown_language_is_refused(self):
        """Nobody is answered in a language that was not asked for."""
        with pytest.raises(Unknown, match="language"):
            Speaker("de")


class TestAVerdict:
    """What a writer is told."""

    def test_a_clean_one_is_a_word(self, facts):
        """Accepted is accepted."""
        assert "accepted" == EN.say_verdict(Verdict(Decision.ACCEPTED), facts)

    def test_a_refusal_names_each_reason(self, pen, facts, regulation):
        """The decision first, then a line for each breach; what is met is not listed."""
        verdict = judge(
            regulation, ej.Mark(lesson="a15", pupil="p-1", kind="oral", value=7), facts, pen[BOOK],
            by="t-3", at=pen.at(15, 9),
        )  # fmt: skip
        lines = RU.say_verdict(verdict, facts, regulation).split("\n")

        assert "отказано:" == lines[0]
        assert len(verdict.remarks) == len(lines) - 1
        assert any("7 — не из шкалы (5)" in line for line in lines)
        assert any("раньше срока: 30 минут" in line for line in lines)


def test_a_hosts_own_code_can_be_said(late, facts, regulation):
    """A finding of a host's own check makes a line, with its code for what it asks."""
    own = evolve(late, code="acme-late-lunch", outcome=Outcome.BROKEN)

    assert "broken: acme-late-lunch" in EN.say_finding(own, facts, regulation)
