"""What is told more seldom: results, make-ups, works, values taken away, what the school's data has lost."""

from __future__ import annotations

from datetime import date, time

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.model.notices import NoticeStatus
from edujournal.notices.subscriptions import Subscription
from edujournal.rules.loading import structure
from tests.notices.conftest import ALG, LESSON, Desk, subscriptions, words
from tests.notices.test_told import rebuilt

TEXT = {"ru": "п", "en": "p"}
#: The homeroom teacher may write to the guardians here.
MESSAGES = structure({
    "id": "ours", "title": TEXT, "extends": "ru-school26-2023",
    "clauses": [{"number": "X", "gist": TEXT, "rules": [
        {"kind": "rights", "role": "homeroom", "may": "write", "records": ["message"]}]}],
})  # fmt: skip


def test_results_and_what_they_are_corrected_to_are_told(desk):
    """By the name of the period; a marker in place of a mark."""
    desk.at(10, 23)
    draft = ej.PeriodResult(journal=ALG, period="q1", pupil="p-17", value=4)
    number = desk.journals.record(draft, by="t-ivanova").number
    draft = ej.PeriodResult(journal=ALG, period="q1", pupil="p-16", marker="н/а", ground="Болел")
    desk.journals.record(draft, by="t-ivanova")
    assert words(desk.told()) == [
        "23.10 Алгебра – итоговая отметка (1 четверть): 4",
        "23.10 Алгебра – итоговая отметка (1 четверть): н/а",
    ]
    desk.correct(number, value=5)
    (letter,) = desk.told()
    assert ["23.10 Алгебра – исправлено; теперь итоговая отметка (1 четверть): 5"] == words(
        [letter]
    )
    desk.annul(number)
    told = ["23.10 Алгебра – больше не действует: итоговая отметка (1 четверть): 5"]
    assert told == words(desk.told())


def test_a_make_up_is_told_and_the_absence_stays(desk):
    """It belongs to the lesson that was missed."""
    absent = {"p-17": ej.Absence("Б")}
    desk.journals.record(ej.RollCall(lesson=LESSON, absent=absent), by="t-ivanova")
    desk.told()
    desk.at(9, 18)
    draft = ej.MakeUp(pupil="p-17", lesson=LESSON, value=4, protocol="№ 7", held=date(2026, 9, 18))
    desk.journals.record(draft, by="t-ivanova")
    assert ["15.09 Алгебра – зачёт темы: 4"] == words(desk.told())


def test_a_mark_for_a_work_is_told_on_the_day_of_the_work(desk):
    """By the kind that the work declares."""
    work = ej.NewWork(
        id="w-1", kind="control", journal=ALG, held=date(2026, 9, 14), purpose="ordinary"
    )
    desk.journals.record(work, by="t-ivanova")
    desk.journals.record(ej.Mark(work="w-1", journal=ALG, pupil="p-17", value=3), by="t-ivanova")
    assert ["14.09 Алгебра – отметка: 3 (контрольная работа)"] == words(desk.told())


def test_a_value_that_was_taken_away_is_taken_back(desk):
    """The entry stands, and says nothing any more; so does homework that is said to be none."""
    number = desk.mark(5)
    desk.told()
    desk.correct(number, value=None)
    assert ["15.09 Алгебра – больше не действует: отметка"] == words(desk.told())
    task = ej.Homework(lesson=LESSON, task="№ 1", nature="письменно")
    number = desk.journals.record(task, by="t-ivanova").number
    assert 3 == len(desk.told())
    desk.annul(number)
    assert {"15.09 Алгебра – больше не действует: домашнее задание: № 1"} == set(words(desk.told()))


def test_a_roll_call_that_was_annulled_is_taken_back(desk):
    """Each who was told absent hears it."""
    absent = {"p-17": ej.Absence("Н"), "p-16": ej.Absence("Н")}
    number = desk.journals.record(ej.RollCall(lesson=LESSON, absent=absent), by="t-ivanova").number
    desk.told()
    desk.annul(number)
    told = desk.told()
    assert ["g-16", "g-17"] == sorted(one.account for one in told)
    assert all(
        "больше не действует: отсутствовал" in one.brief or "пропуск" in one.brief for one in told
    )


def test_of_a_lesson_that_the_school_has_lost_marks_are_told_by_their_day_of_writing(desk):
    """Nobody can tell whose homework it was; a mark names its pupil."""
    desk.mark(5)
    desk.journals.record(ej.Homework(lesson=LESSON, task="№ 1", nature="письменно"), by="t-ivanova")
    lessons = tuple(one for one in desk.school.facts().lessons if one.id != LESSON)
    other = Desk(rebuilt(desk.school, lessons=lessons), desk.said, store=desk.journals.store)
    other.at(9, 16)
    assert ["15.09 Алгебра – отметка: 5 (устный ответ)"] == words(other.told())


def test_an_account_that_the_school_has_lost_is_told_nothing(desk):
    """Its subscription is left over."""
    desk.mark(5)
    accounts = tuple(one for one in desk.school.facts().accounts if one.id != "g-17")
    other = Desk(rebuilt(desk.school, accounts=accounts), desk.said, store=desk.journals.store)
    assert [] == other.told()
    assert [] == list(other.outbox.notices(desk.school.id, *NoticeStatus))


@pytest.fixture
def leaf(school):
    """Write into the journals, and give the week's print-out."""
    asked = Subscription(account="g-17", channel="print", kinds=("diary",), at=time(16), weekday=6)
    return Desk(school, subscriptions(asked, channels=("print",)), MESSAGES)


def test_a_print_out_has_results_works_messages_and_remarks(leaf):
    """Whatever stands in the diary of that week, each on its day."""
    facts = leaf.school.facts()
    hand = next(iter(facts.hands("7A", None, "homeroom", date(2026, 10, 24))))
    leaf.at(10, 23)
    record = leaf.journals.record
    record(ej.PeriodResult(journal=ALG, period="q1", pupil="p-17", value=4), by="t-ivanova")
    work = ej.NewWork(
        id="w-1", kind="control", journal=ALG, held=date(2026, 10, 22), purpose="ordinary"
    )
    record(work, by="t-ivanova")
    record(ej.Mark(work="w-1", journal=ALG, pupil="p-17", value=3), by="t-ivanova")
    record(ej.Message(group="7A", message="Собрание в 18:00", day=date(2026, 10, 23)), by=hand)
    number = record(
        ej.Message(group="7A", message="Ошибка", day=date(2026, 10, 23)), by=hand
    ).number
    lesson = next(
        one.id
        for one in facts.lessons
        if one.id.startswith("7A-alg-10") and one.day == date(2026, 10, 21)
    )
    record(ej.Comment(lesson=lesson, pupil="p-17", comment="Молодец"), by="t-ivanova")
    leaf.journals.store.erase(leaf.school.id, "class/7A/2026", [number])
    leaf.at(10, 24, 16)
    text = leaf.told()[-1].text
    assert "Алгебра. отметка: 4; тема: 1 четверть" in text
    assert "Алгебра. отметка: 3" in text
    assert "7А. тема: сообщение: Собрание в 18:00" in text
    assert "7А. тема: сообщение: (текст удалён)" in text
    assert "Ошибка" not in text
    assert "замечание: Молодец" in text


def test_a_lesson_that_was_not_held_says_so_on_the_print_out(leaf):
    """And a week of holidays says that there is nothing."""
    lessons = tuple(
        evolve(one, cancelled=True) if one.id == LESSON else one
        for one in leaf.school.facts().lessons
    )
    desk = Desk(rebuilt(leaf.school, lessons=lessons), leaf.said)
    desk.at(9, 19, 16)
    assert "Алгебра. тема: урока не было" in desk.told()[-1].text
    desk.at(10, 31, 16)
    assert "На этой неделе в дневнике ничего нет." in desk.told()[-1].text


def test_a_discreet_channel_says_that_there_is_something_and_no_more(school):
    """No name, no mark, no subject, no text, to the guardian or to the teacher."""
    said = subscriptions(
        Subscription(account="g-17", channel="sms"),
        Subscription(account="t-ivanova", channel="sms", kinds=("missing",), rhythm="daily"),
        channels=("sms",),
    )
    desk = Desk(school, evolve(said, channels=(evolve(said.channels[0], discreet=True),)))
    desk.mark(2, comment="Не готов")
    told = {one.account: one for one in desk.told()}
    assert "В дневнике есть новое" == told["g-17"].subject == told["g-17"].brief
    assert "В классных журналах есть что сделать" == told["t-ivanova"].subject
    for letter in told.values():
        shown = letter.subject + letter.brief + letter.text + letter.html
        for secret in ("Фомина", "Анна", "лгебра", "отметка", "Не готов", "7А", "2.9"):
            assert secret not in shown


def test_a_roll_call_that_is_annulled_and_taken_anew_is_told_anew(desk):
    """Whoever was in the first hears that it no longer counts, whoever is in the second what it says."""
    absent = {"p-17": ej.Absence("Н"), "p-16": ej.Absence("Н")}
    number = desk.journals.record(ej.RollCall(lesson=LESSON, absent=absent), by="t-ivanova").number
    desk.told()
    desk.annul(number)
    absent = {"p-17": ej.Absence("Б"), "p-18": ej.Absence("Б")}
    desk.journals.record(ej.RollCall(lesson=LESSON, absent=absent), by="t-ivanova")
    told = {}
    for letter in desk.told():
        told.setdefault(letter.account, []).append(words([letter])[0].partition(" – ")[2])
    gone = "больше не действует: отсутствовал, причина не указана"
    assert {"g-16": [gone], "g-17": [gone, "болел"], "g-18": ["болел"]} == told


def test_what_never_counted_is_told_when_its_owner_vouches_for_it(desk):
    """It was written after the report was due to take effect, and came to nobody's knowledge."""
    from datetime import timedelta

    desk.at(9, 15, 11)
    informed = desk.clock() - timedelta(seconds=1)
    number = desk.mark(4)
    desk.at(9, 15, 12)
    report = ej.Compromise(account="t-ivanova", year="2026", head=informed, support=informed)
    desk.journals.record(report, by="head")
    assert [] == desk.told()
    desk.journals.record(ej.Restoration(account="t-ivanova", year="2026"), by="head")
    vouch = ej.Vouch(account="t-ivanova", book=f"journal/{ALG}", entry=number, year="2026")
    desk.journals.record(vouch, by="t-ivanova")
    assert ["15.09 Алгебра – отметка: 4 (устный ответ)"] == words(desk.told())


def substituted(desk):
    """Somebody claims to have given a lesson, and gives a mark at it; give the number of the claim."""
    receipts = desk.journals.record_many(
        [
            ej.Substitution(lesson=LESSON, teacher="t-lebedev"),
            ej.Mark(lesson=LESSON, pupil="p-17", kind="oral", value=2),
        ],
        by="t-lebedev", role="substitute",
    )  # fmt: skip
    return receipts[0].number


def test_an_answer_that_is_annulled_lets_the_marks_count_again(desk):
    """The substitution was declined by mistake: who was told twice is told a third time."""
    desk.at(9, 15, 9)
    claim = substituted(desk)
    desk.told()
    desk.at(9, 15, 12)
    answer = ej.Confirmation(lesson=LESSON, entry=claim, accept=False)
    number = desk.journals.record(answer, by="head").number
    assert ["больше не действует: отметка: 2 (устный ответ)"] == [
        one.partition(" – ")[2] for one in words(desk.told())
    ]
    desk.annul(number, by="head")
    assert ["исправлено; теперь отметка: 2 (устный ответ)"] == [
        one.partition(" – ")[2] for one in words(desk.told())
    ]


def test_a_mark_that_was_declined_before_anybody_was_told_is_told_when_it_counts_again(desk):
    """It was kept in mind: whoever declined it by mistake has it told by taking that back."""
    desk.at(9, 15, 9)
    claim = substituted(desk)
    answer = ej.Confirmation(lesson=LESSON, entry=claim, accept=False)
    number = desk.journals.record(answer, by="head").number
    report = desk.tick()
    assert [] == desk.box.new()
    assert (0, 0, 0) == (report.arisen, report.withdrawn, report.waiting)
    desk.annul(number, by="head")
    report = desk.tick()
    assert ["отметка: 2 (устный ответ)"] == [
        one.partition(" – ")[2] for one in words(desk.box.new())
    ]
    assert (1, 0) == (report.arisen, report.withdrawn)


def test_a_message_is_for_those_who_belong_to_the_class_on_its_day(desk, school):
    """A pupil who leaves before the meeting is not asked to it, though the pupil is there today."""
    rows = tuple(
        evolve(row, until=date(2026, 10, 1)) if row.pupil == "p-17" else row
        for row in school.facts().memberships
    )
    desk = Desk(rebuilt(school, memberships=rows), desk.said, MESSAGES)
    hand = next(
        one.account for one in school.facts().assignments
        if one.role == "homeroom" and one.group == "7A"
    )  # fmt: skip
    draft = ej.Message(group="7A", message="Собрание", day=date(2026, 10, 23))
    desk.journals.record(draft, by=hand)
    # The pupil of g-18 goes to 7B by then, too.
    assert {"g-16"} == {letter.account for letter in desk.told()}


def test_the_names_of_all_books_are_asked_for_only_where_all_are_touched(desk, monkeypatch):
    """A tick after twenty marks lists no books for each of them."""
    asked = []
    books = desk.journals.store.books
    for number in range(20):
        desk.mark(2 + number % 4)
    monkeypatch.setattr(
        desk.journals.store, "books", lambda school: asked.append(school) or books(school)
    )
    desk.tick()
    many = len(asked)
    desk.mark()
    asked.clear()
    desk.tick()
    assert many == len(asked)
