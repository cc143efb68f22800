"""Every kind of paper of the sample school, in both languages, and the register of issued copies."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.documents.html import write_html
from edujournal.adapters.documents.pdf import write_pdf
from edujournal.adapters.schools.plain import PlainSchool
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.calendar import Calendar
from edujournal.model.groups import Group
from edujournal.model.people import Membership
from edujournal.model.periods import HolidaySet, Period, PeriodSystem, Week
from edujournal.model.time import moment, parse_instant
from edujournal.papers.issuing import issue_of
from edujournal.papers.making import Papers
from edujournal.papers.paper import Notes, Table
from edujournal.testing.clocks import StandingClock
from edujournal.views.issued import touching
from tests.papers.test_pdf import pdf_text, texts_of, words_of

SCHOOL = ej.samples.school(["7A"])
HOUR = 3_600_000_000


def at(text: str) -> int:
    """An instant on the clocks of Moscow."""
    return parse_instant(f"2026-{text}:00+03:00")


class Desk:
    """Journals of a class with some entries, and a clock."""

    def __init__(self) -> None:
        self.clock = StandingClock(at("09-15T08:45"))
        self.journals = ej.Journals(MemoryStore(), SCHOOL, "ru-school26-2023", clock=self.clock)
        self.say(ej.RollCall(lesson="7A-alg-0915", absent={"p-5": "УП"}))
        self.mark = self.say(ej.Mark(lesson="7A-alg-0915", pupil="p-3", kind="oral", value=5))
        self.other = self.say(ej.Mark(lesson="7A-alg-0915", pupil="p-4", kind="oral", value=3))
        self.say(ej.Topic(lesson="7A-alg-0915", topic="Степени и корни", plan="2"))
        self.say(ej.Homework(lesson="7A-alg-0915", task="§ 4, № 12", nature="письменно"))

    def say(self, draft, by="t-ivanova"):
        """Record something a minute later; give its number."""
        self.clock.advance(60_000_000)
        return self.journals.record(draft, by=by).number

    def papers(self, language="ru"):
        """Papers as of now."""
        return Papers(self.journals, language, SCHOOL, heading="Школа № 26")

    def issue(self, paper, id, **more):
        """Put a copy into the register."""
        return self.say(issue_of(paper, id, **more), by="deputy")

    def correct(self, number, value):
        """Correct a mark of algebra."""
        return self.say(
            ej.Correction(
                journal="7A/alg/2026", entry=number, values={"value": value}, reason="описка"
            )
        )


@pytest.fixture
def desk():
    """A desk of its own for each test that writes."""
    return Desk()


@pytest.fixture(scope="module")
def read():
    """A desk that nobody writes at."""
    return Desk()


KINDS = {
    "page": lambda one: one.page("7A/alg/2026", date(2026, 9, 14), date(2026, 9, 21)),
    "diary": lambda one: one.diary("p-3", date(2026, 9, 15)),
    "sheet": lambda one: one.sheet("7A"),
    "class-book": lambda one: one.class_book("7A"),
    "work-sheet": lambda one: one.work_sheet("t-ivanova", date(2026, 9, 14)),
    "extract": lambda one: one.extract("p-3", date(2026, 9, 15)),
    "verification": lambda one: one.verification("7A", date(2026, 9, 15), date(2026, 9, 16)),
}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_paper_can_be_written_and_read(read, kind, language):
    """All that it says is in the PDF and in the HTML; the same again gives the same digest."""
    paper = KINDS[kind](read.papers(language))
    text = words_of(pdf_text(write_pdf(paper)))

    assert kind == paper.kind
    assert [] == [one for one in set(texts_of(paper)) if words_of(one) not in text]
    assert paper.title in write_html(paper)
    assert paper.digest == KINDS[kind](read.papers(language)).digest
    assert ("Директор" if language == "ru" else "Head") == paper.accountable.office


def rows_of(paper):
    """The rows of all tables of a paper."""
    return [row for part in paper.parts if isinstance(part, Table) for row in part.rows]


def test_a_diary_has_the_mark_the_topic_and_who_is_asked_to_sign(read):
    """A guardian who reads on paper gets what the screen shows (clause 1.6)."""
    paper = KINDS["diary"](read.papers())
    (algebra,) = [row for row in rows_of(paper) if "Степени и корни" in row]

    assert "5" == algebra[2]
    assert "Законный представитель" == paper.signatories[-1].office
    assert "p-3" == paper.pupil


def test_an_extract_has_the_marks_since_the_last_results_and_the_lessons_missed(read):
    """Marks with their days, subject by subject; a missed lesson is counted, and not among marks."""
    marked = {row[0]: row[1:] for row in KINDS["extract"](read.papers()).parts[1].rows}
    missed = {
        row[0]: row[1:] for row in read.papers().extract("p-5", date(2026, 9, 15)).parts[1].rows
    }

    assert ("5 (15.09)", "0") == marked["Алгебра"]
    assert ("", "1") == missed["Алгебра"]


def test_a_work_sheet_has_the_lessons_of_the_teacher_and_no_others(read):
    """Two subjects in one class, with empty cells where nothing stands."""
    paper = KINDS["work-sheet"](read.papers())

    assert {"Алгебра", "Геометрия"} == {row[3] for row in paper.parts[1].rows}
    assert all(table.roomy for table in paper.parts[2:])


def test_a_verification_sheet_says_of_every_lesson_what_stands_and_what_does_not(read):
    """A lesson without a roll says so; every line has room for the word of paper."""
    rows = KINDS["verification"](read.papers()).parts[1].rows
    algebra = next(row for row in rows if row[2].startswith("Алгебра"))
    others = [row for row in rows if not row[2].startswith("Алгебра")]

    assert "взята; нет или опоздали: 1" == algebra[3]
    assert "15.09.2026 08:50" == algebra[7]
    assert {"нет"} == {row[3] for row in others}
    assert {""} == {row[-1] for row in rows}


def test_a_class_book_has_every_journal_the_roll_and_the_sheet(read):
    """A chapter for each subject and group, then the summary sheet."""
    paper = KINDS["class-book"](read.papers())
    titles = [part.title for part in paper.parts if not isinstance(part, Notes)]

    assert "Список класса" == titles[0]
    assert "Сводная ведомость учёта успеваемости" in titles
    assert any(title.startswith("Английский язык, 7А, 1-я группа") for title in titles)


# -- the register ----------------------------------------------------------------------------------


def test_a_copy_is_issued_with_who_when_and_which_version(desk):
    """Copies of one content are one version; what is composed after a change is the next."""
    first = KINDS["page"](desk.papers())
    desk.issue(first, "page-1", signed_by=["t-ivanova"], to="архив", file=b"%PDF")
    desk.issue(first, "page-2")
    desk.correct(desk.mark, 4)
    desk.issue(KINDS["page"](desk.papers()), "page-3")
    one, two, three = desk.journals.issued("2026")

    assert [("page-1", 1, False), ("page-2", 1, False), ("page-3", 2, True)] == [
        (copy.id, copy.version, copy.latest) for copy in (one, two, three)
    ]
    assert ("deputy", ("t-ivanova",), "архив") == (one.source.by, one.signed_by, one.to)
    assert first.digest == one.digest == two.digest != three.digest
    assert one.source.at == at("09-15T08:51")
    assert {"journal/7A/alg/2026": 5} == one.made_of


def test_a_correction_names_the_copies_that_it_touches(desk):
    """A copy that shows the mark is named; one that was made later, or shows another week, is not."""
    desk.issue(KINDS["page"](desk.papers()), "page")
    desk.issue(KINDS["diary"](desk.papers()), "diary-3")
    desk.issue(desk.papers().diary("p-4", date(2026, 9, 15)), "diary-4")
    desk.issue(
        desk.papers().page("7A/alg/2026", date(2026, 9, 21), date(2026, 9, 28)), "later-week"
    )
    act = desk.correct(desk.mark, 4)
    desk.issue(KINDS["page"](desk.papers()), "after")
    copies = desk.journals.issued("2026")

    assert ["page", "diary-3"] == [one.id for one in touching(copies, "journal/7A/alg/2026", [act])]
    (touch,) = copies[0].touched
    assert ("mark", "correction", act, desk.mark, "p-3") == (
        touch.kind, touch.what, touch.act, touch.entry, touch.pupil,
    )  # fmt: skip
    assert () == copies[2].touched == copies[3].touched == copies[4].touched


def test_an_annulment_is_named_with_its_number(desk):
    """What was taken back is no longer true of the copy."""
    desk.issue(KINDS["page"](desk.papers()), "page")
    act = desk.say(ej.Annulment(journal="7A/alg/2026", entry=desk.mark, reason="не тому"))
    (copy,) = desk.journals.issued("2026")

    assert [(desk.mark, "annulment", act)] == [
        (one.entry, one.what, one.act) for one in copy.touched
    ]


def test_a_correction_that_the_copy_shows_and_that_became_void_is_named(desk):
    """The mark stands, but reads again as before it was corrected."""
    known = moment(desk.clock.at + 30_000_000, "Europe/Moscow")
    desk.correct(desk.other, 4)
    desk.issue(KINDS["page"](desk.papers()), "page")
    desk.say(ej.Compromise(account="t-ivanova", year="2026", head=known, support=known), by="head")
    (copy,) = desk.journals.issued("2026")

    assert [(desk.other, "void")] == [(one.entry, one.what) for one in copy.touched]


def test_what_a_report_makes_void_is_named(desk):
    """A login was known to others before: the copy shows what no longer counts (clause 3.4)."""
    desk.issue(KINDS["page"](desk.papers()), "page")
    known = moment(at("09-15T08:30"), "Europe/Moscow")
    desk.clock.advance(HOUR)
    desk.say(ej.Compromise(account="t-ivanova", year="2026", head=known, support=known), by="head")
    (copy,) = desk.journals.issued("2026")

    assert {"void"} == {one.what for one in copy.touched}
    assert {desk.mark, desk.other} < {one.entry for one in copy.touched}
    again = desk.papers()
    assert KINDS["page"](again).digest != copy.digest


def test_only_the_office_issues_copies(desk):
    """A teacher is refused, and the register stays empty."""
    with pytest.raises(ej.Refused):
        desk.say(issue_of(KINDS["page"](desk.papers()), "mine"))
    assert () == desk.journals.issued("2026")


@pytest.mark.parametrize(
    ("field", "value"), [("digest", "x"), ("root", "0" * 63), ("file", "G" * 64)]
)
def test_what_is_no_digest_is_refused(field, value):
    """A register of digests holds digests."""
    given = {"digest": "0" * 64, "origin": "o", "size": 1, "root": "0" * 64, field: value}
    draft = ej.Issue(
        id="i", year="2026", paper="page", of="7A", made_of={"school/2026": 1}, **given
    )
    with pytest.raises(ej.BadInput, match="not a digest"):
        draft.content()


def test_half_a_log_is_refused():
    """Origin, size and root are told together or not at all."""
    draft = ej.Issue(
        id="i", year="2026", paper="page", of="7A", made_of={}, digest="0" * 64, origin="o"
    )
    with pytest.raises(ej.BadInput, match="half a log"):
        draft.content()


def test_an_annulled_exemption_touches_the_diary_that_shows_it(desk):
    """A marker for the whole subject stands in cells of the week, wherever it was recorded."""
    exempt = desk.say(ej.Marker(journal="7A/alg/2026", pupil="p-3", code="осв", ground="справка"))
    desk.issue(KINDS["diary"](desk.papers()), "diary")
    act = desk.say(ej.Annulment(journal="7A/alg/2026", entry=exempt, reason="не тому"))
    (copy,) = desk.journals.issued("2026")

    assert [(exempt, "annulment", act)] == [(t.entry, t.what, t.act) for t in copy.touched]


def test_a_roll_corrected_for_another_pupil_does_not_touch_a_copy_about_one(desk):
    """A roll is about a class; a diary shows one line of it."""
    roll = 1
    desk.issue(desk.papers().diary("p-5", date(2026, 9, 15)), "diary-5")
    desk.issue(KINDS["page"](desk.papers()), "page")
    act = desk.say(
        ej.Correction(journal="7A/alg/2026", entry=roll, values={"absent": {"p-6": "Б"}})
    )
    diary, page = desk.journals.issued("2026")

    assert () == diary.touched
    assert [(roll, "correction", act)] == [(t.entry, t.what, t.act) for t in page.touched]


def test_what_became_void_between_composing_and_issuing_is_named(desk):
    """Signatures take time: what is declined meanwhile does not count, and the copy says so."""
    claim = desk.say(ej.Substitution(lesson="7A-alg-0915", teacher="t-petrova"), "t-petrova")
    mark = desk.say(ej.Mark(lesson="7A-alg-0915", pupil="p-6", kind="oral", value=5), "t-petrova")
    paper = KINDS["page"](desk.papers())
    desk.say(ej.Confirmation(lesson="7A-alg-0915", entry=claim, accept=False), "deputy")
    desk.issue(paper, "page")
    desk.issue(KINDS["page"](desk.papers()), "after")
    first, after = desk.journals.issued("2026")

    assert (mark, "void") in {(one.entry, one.what) for one in first.touched}
    assert () == after.touched


def test_a_class_book_has_the_lessons_between_the_periods(desk):
    """A lesson held in the holidays is on a page of its own stretch of days."""
    facts, day = SCHOOL.facts(), date(2026, 10, 30)
    lesson = facts.lesson("7A-alg-0915")
    later = (day - lesson.day).days * 24 * HOUR
    extra = evolve(
        lesson, id="extra", day=day, starts=lesson.starts + later, ends=lesson.ends + later
    )
    school = PlainSchool(
        facts.school,
        calendars=facts.calendars,
        lessons=(*facts.lessons, extra),
        memberships=facts.memberships,
        assignments=facts.assignments,
        accounts=facts.accounts,
    )
    journals = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=desk.clock)
    rows = rows_of(Papers(journals, "ru", school).class_book("7A"))

    assert "30.10.2026" in {row[0] for row in rows}


def two_years():
    """The sample school with last year's frame too, and a pupil who was in that year's 7A only."""
    facts = SCHOOL.facts()
    (frame,) = facts.calendars
    before = Calendar(
        school=frame.school, year="2025", zone=frame.zone, since=date(2025, 9, 1),
        until=date(2026, 6, 1), subjects=frame.subjects,
        groups=(Group("7A", "class", grade=7, periods="p", holidays="h", week="w"),),
        period_systems=(
            PeriodSystem("p", (Period("q1", "quarter", 1, date(2025, 9, 1), date(2025, 10, 25)),)),
        ),
        holiday_sets=(HolidaySet("h", ()),), weeks=(Week("w", frozenset(range(1, 6))),),
        staff_week="w",
    )  # fmt: skip
    return PlainSchool(
        facts.school,
        calendars=(before, frame),
        lessons=facts.lessons,
        memberships=(
            *facts.memberships,
            Membership("p-99", "7A", since=date(2025, 9, 1), until=date(2026, 6, 1)),
        ),
        assignments=facts.assignments,
        accounts=facts.accounts,
    )


def test_an_extract_is_of_the_year_in_which_the_pupil_leaves(desk):
    """A class of this year bears the name of last year's: the day decides which is meant."""
    school = two_years()
    journals = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=desk.clock)
    papers = Papers(journals, "ru", school)

    assert "2025" == papers.extract("p-99", date(2026, 5, 20)).year
    assert "2025" == papers.extract("p-99", date(2026, 6, 20)).year
    with pytest.raises(ej.Unknown, match="class"):
        papers.extract("p-99", date(2026, 9, 15))
