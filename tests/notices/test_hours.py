"""When letters go: quiet hours over a change of clocks, digests, weekly print-outs, reminders that climb."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import edujournal as ej
from edujournal.errors import BadInput
from edujournal.model.time import HOUR, MINUTE, instant, zone
from edujournal.notices.hours import is_quiet, latest_slot
from edujournal.notices.subscriptions import Quiet, Subscription, Waits
from tests.notices.conftest import LESSON, Desk, subscriptions, words

NIGHT = Quiet(time(21), time(7))


# -- quiet hours -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "quiet", "day", "expected"),
    [
        # Berlin, 25 October 2026: 03:00 becomes 02:00; the hour from two to three is there twice.
        ("Europe/Berlin", Quiet(time(2), time(3)), date(2026, 10, 25), 2 * 60),
        ("Europe/Berlin", Quiet(time(2), time(3)), date(2026, 10, 26), 60),
        # 29 March 2026: 02:00 becomes 03:00; that hour is not there.
        ("Europe/Berlin", Quiet(time(2), time(3)), date(2026, 3, 29), 0),
        ("Europe/Berlin", Quiet(time(1), time(4)), date(2026, 3, 29), 2 * 60),
        ("Europe/Berlin", NIGHT, date(2026, 10, 25), 11 * 60),
        ("Europe/Berlin", NIGHT, date(2026, 3, 29), 9 * 60),
        # Lord Howe Island changes by half an hour.
        ("Australia/Lord_Howe", Quiet(time(1), time(3)), date(2026, 4, 5), 150),
        ("Europe/Moscow", Quiet(time(7), time(7)), date(2026, 10, 25), 0),
    ],
)
def test_quiet_hours_are_what_the_clocks_of_the_school_show(place, quiet, day, expected):
    """How many minutes of a day are quiet, counted one by one."""
    clocks = zone(place)
    first, end = clocks.start_of_day(day), clocks.end_of_day(day)
    assert expected == sum(is_quiet(quiet, at, clocks) for at in range(first, end, MINUTE))


@given(
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Asia/Tehran", "Pacific/Apia"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    st.times(), st.booleans(), st.integers(1, 7),
)  # fmt: skip
def test_a_slot_is_the_last_one_that_has_come(place, at, clock, weekly, weekday):
    """It is not later than now, and a day or a week later the next one has not come."""
    clocks, now = zone(place), instant(at.replace(tzinfo=UTC))
    asked = Subscription(channel="c", account="a", at=clock.replace(tzinfo=None), weekday=weekday)
    slot = latest_slot(asked, now, clocks, weekly=weekly)
    assert slot <= now
    assert now < slot + (8 if weekly else 2) * 24 * HOUR
    day = clocks.local_date(slot)
    following = day + timedelta(days=7 if weekly else 1)
    assert now < max(clocks.at(following, asked.at), slot + 1) or slot == clocks.at(
        following, asked.at
    )
    assert slot == latest_slot(asked, slot, clocks, weekly=weekly)


def test_nothing_is_sent_in_quiet_hours_and_all_of_it_after_them(desk):
    """In its order, with the first tick of the morning."""
    desk.said = evolve(desk.said, quiet=NIGHT)
    desk.at(9, 15, 20, 59)
    desk.mark(3)
    assert 1 == len(desk.told())
    for hour, minute in ((21, 0), (23, 59)):
        desk.at(9, 15, hour, minute)
        desk.mark(4 if hour == 21 else 5)
        assert [] == desk.told()
    desk.at(9, 16, 6, 59)
    assert [] == desk.told()
    desk.at(9, 16, 7, 0)
    assert ["4", "5"] == [one.brief.partition("отметка: ")[2][0] for one in desk.told()]


def test_a_person_may_have_quiet_hours_of_his_own(school):
    """They take the place of the school's; the other guardian is told at once."""
    said = subscriptions(
        Subscription(account="g-17", channel="email", quiet=Quiet(time(9), time(12))),
        Subscription(account="g-16", channel="email", quiet=Quiet(time(0), time(0))),
        quiet=NIGHT,
    )
    desk = Desk(school, said)
    desk.mark(), desk.mark(4, "p-16")
    assert ["g-16"] == [one.account for one in desk.told()]
    desk.at(9, 15, 12)
    assert ["g-17"] == [one.account for one in desk.told()]


# -- digests ---------------------------------------------------------------------------------------


def test_a_daily_letter_tells_all_of_a_day(school):
    """One letter at six in the evening, by day and subject; what came after waits for the next one."""
    said = subscriptions(Subscription(account="g-17", channel="email", rhythm="daily", at=time(18)))
    desk = Desk(school, said)
    desk.mark(5)
    desk.at(9, 15, 12)
    desk.journals.record(ej.Homework(lesson=LESSON, task="№ 1", nature="письменно"), by="t-ivanova")
    assert [] == desk.told()
    desk.at(9, 15, 18, 7)
    desk.mark(2)
    (letter,) = desk.told()
    assert "Фомина Анна: новое в дневнике" == letter.subject
    assert [
        "15.09 Алгебра – отметка: 5 (устный ответ); 15.09 Алгебра – домашнее задание: № 1"
    ] == words([letter])
    assert [] == desk.told()
    desk.at(9, 16, 18)
    assert ["15.09 Алгебра – отметка: 2 (устный ответ)"] == words(desk.told())
    desk.at(9, 17, 18)
    assert [] == desk.told()


def test_a_daily_letter_that_no_tick_was_there_for_comes_with_the_next(school):
    """A day without the host's cron is made up for, in one letter."""
    said = subscriptions(Subscription(account="g-17", channel="email", rhythm="daily"))
    desk = Desk(school, said)
    desk.mark(5)
    desk.at(9, 16, 11)
    desk.mark(4)
    desk.at(9, 18, 9)
    (letter,) = desk.told()
    assert 2 == letter.brief.count("отметка")


def test_a_weekly_letter_comes_on_its_day(school):
    """On Friday at six, of each pupil of one guardian apart."""
    said = subscriptions(
        Subscription(account="g-17", channel="email", rhythm="weekly", weekday=5, at=time(18))
    )
    desk = Desk(school, said)
    desk.mark(5)
    desk.at(9, 18, 17, 59)
    assert [] == desk.told()
    desk.at(9, 18, 18)
    assert 1 == len(desk.told())
    desk.at(9, 25, 18)
    assert [] == desk.told()


def test_kinds_may_have_rhythms_of_their_own(school):
    """Marks at once, homework in the evening: two subscriptions on one channel."""
    said = subscriptions(
        Subscription(account="g-17", channel="email", kinds=("mark",)),
        Subscription(account="g-17", channel="email", kinds=("homework",), rhythm="daily"),
    )
    desk = Desk(school, said)
    desk.journals.record(ej.Homework(lesson=LESSON, task="№ 1", nature="письменно"), by="t-ivanova")
    desk.mark(5)
    assert ["15.09 Алгебра – отметка: 5 (устный ответ)"] == words(desk.told())
    desk.at(9, 15, 18)
    assert ["15.09 Алгебра – домашнее задание: № 1"] == words(desk.told())


def test_what_was_taken_back_meanwhile_is_in_no_digest(school):
    """And where nothing is left there is no letter."""
    said = subscriptions(Subscription(account="g-17", channel="email", rhythm="daily"))
    desk = Desk(school, said)
    number = desk.mark(2)
    assert [] == desk.told()
    desk.annul(number)
    desk.at(9, 15, 18)
    assert [] == desk.told()


# -- print-outs ------------------------------------------------------------------------------------


@pytest.fixture
def printing(school):
    """The weekly print-out of one pupil, on Fridays at four."""
    asked = Subscription(account="g-17", channel="print", kinds=("diary",), at=time(16), weekday=5)
    return Desk(school, subscriptions(asked, channels=("print",)))


def test_the_weekly_print_out_is_the_diary_of_that_week(printing):
    """Every lesson, mark, absence and task of the week, each day by itself, and a line to be signed."""
    printing.mark(5)
    printing.journals.record(
        ej.RollCall(lesson=LESSON, absent={"p-17": ej.Absence("ОП", 10)}), by="t-ivanova"
    )
    printing.at(9, 18, 16)
    letters = printing.told()
    assert ["2026-09-03", "2026-09-10", "2026-09-17"] == [one.day for one in letters]
    leaf = letters[-1]
    assert "Фомина Анна: дневник, 14.09.2026 – 20.09.2026" == leaf.subject
    assert "Алгебра. отметка: 5/ОП10" in leaf.text
    assert "Ознакомлен(а), подпись родителя: ____" in leaf.text
    days = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота"]
    assert days == [one for one in days if f"\n{one}, " in leaf.text]
    assert [] == printing.told()
    printing.at(9, 25, 16)
    assert ["2026-09-24"] == [one.day for one in printing.told()]


def test_a_week_is_printed_once_whichever_day_it_is_asked_for(printing):
    """Whoever has it on Saturdays from now on does not get the same week a second time."""
    printing.at(9, 18, 16)
    assert "2026-09-17" == printing.told()[-1].day
    (asked,) = printing.said.subscriptions
    printing.said = evolve(printing.said, subscriptions=(evolve(asked, weekday=6),))
    printing.at(9, 19, 16)
    assert [] == printing.told()
    printing.at(9, 26, 16)
    assert ["2026-09-25"] == [one.day for one in printing.told()]


def test_a_print_out_shows_what_a_guardian_sees_then(printing):
    """One who lost the right gets none."""
    accounts = tuple(
        evolve(one, pupils=()) if one.id == "g-17" else one
        for one in printing.school.facts().accounts
    )
    from tests.notices.test_told import rebuilt

    printing.at(9, 18, 16)
    other = Desk(rebuilt(printing.school, accounts=accounts), printing.said)
    other.at(9, 18, 16)
    assert [] == other.told()


# -- duties ----------------------------------------------------------------------------------------


@pytest.fixture
def duties(school):
    """The teacher is told each evening what lacks; homeroom, deputy and head when it climbs to them."""
    ladder = ("homeroom", "deputy", "head")
    rows = (
        Subscription(account="t-ivanova", channel="email", kinds=("missing",), rhythm="daily"),
        *(Subscription(role=one, channel="email", rhythm="daily") for one in ladder),
    )
    said = subscriptions(*rows)
    hands = school.facts().hands("7A", None, "homeroom", date(2026, 9, 15))
    reached = [evolve(said.addresses[0], account=one) for one in sorted({*hands, "deputy", "head"})]
    unique = {one.account: one for one in (*said.addresses, *reached)}
    return Desk(school, evolve(said, since=date(2026, 9, 15), addresses=tuple(unique.values())))


def test_the_teacher_is_told_what_lacks_and_those_above_when_it_still_does(duties):
    """The roll of Tuesday: that evening, then one, three and five working days later."""
    told = {}
    for day in (15, 16, 17, 18, 19, 21, 22, 23, 24):
        duties.at(9, day, 18)
        for letter in duties.told():
            if "15.09.2026, урок 1" in letter.text:
                told.setdefault(letter.account, day)
    hands = duties.school.facts().hands("7A", None, "homeroom", date(2026, 9, 15))
    assert {"t-ivanova": 15, "deputy": 21, "head": 23} == {
        one: day for one, day in told.items() if one not in hands
    }
    assert {18} == {day for one, day in told.items() if one in hands and one != "t-ivanova"}


def test_what_was_recorded_meanwhile_reminds_nobody(duties):
    """The digest of the evening leaves it out; where it was all, there is no letter."""
    duties.at(9, 15, 17)
    assert [] == duties.told()
    facts = duties.school.facts()
    for lesson in sorted(facts.lessons, key=lambda one: one.starts):
        hands = facts.hands(lesson.group, lesson.subject, "teacher", lesson.day)
        if lesson.day == date(2026, 9, 15) and "t-ivanova" in hands:
            duties.journals.record(ej.RollCall(lesson=lesson.id), by="t-ivanova")
    duties.at(9, 15, 18)
    assert [] == [one for one in duties.told() if one.account == "t-ivanova"]


def test_the_same_reminder_is_told_once(duties):
    """However often one looks."""
    duties.at(9, 15, 18)
    first = [one for one in duties.told() if one.account == "t-ivanova"]
    assert 1 == len(first)
    assert "Классные журналы: нужно внести" in first[0].subject
    assert "п. 2.9" in first[0].text
    assert [] == [one for one in duties.told() if one.account == "t-ivanova"]


def test_whom_nobody_knows_to_reach_is_told_of_in_the_report(duties):
    """Nothing is lost: it waits for an address."""
    duties.said = evolve(duties.said, addresses=duties.said.addresses[:0], subscriptions=(
        Subscription(role="teacher", channel="email"),))  # fmt: skip
    duties.at(9, 15, 18)
    report = duties.tick()
    assert ("t-ivanova", "email") in report.unreachable
    assert report.waiting
    assert [] == duties.box.new()


# -- waits -----------------------------------------------------------------------------------------


def test_waits_grow_to_the_longest():
    """Five minutes, ten, twenty … six hours, and no longer."""
    waits = Waits()
    assert [5, 10, 20, 40, 80, 160, 320, 360, 360] == [
        waits.after(n) // MINUTE for n in range(1, 10)
    ]
    assert 6 * HOUR == waits.after(10_000)


def test_a_moment_that_has_not_come_is_refused(desk):
    """Nothing is sent ahead."""
    with pytest.raises(BadInput, match="has not come"):
        desk.tick(at=desk.journals.now() + 1)


def test_a_channel_that_nothing_delivers_on_is_refused(desk):
    """Before anything is taken from the log."""
    from edujournal.notifying import notify

    with pytest.raises(BadInput, match="channels that nothing delivers on"):
        notify(desk.journals, desk.said, {}, desk.outbox)
    assert 0 == desk.outbox.head(desk.school.id).version


def test_a_book_is_not_read_for_what_may_not_go_yet(school, monkeypatch):
    """Twenty ticks between two digests read none, however much waits for the evening."""
    said = subscriptions(
        Subscription(account="g-17", channel="email", rhythm="daily", at=time(18)),
        Subscription(account="g-16", channel="email", quiet=Quiet(time(9), time(18))),
    )
    desk = Desk(school, said)
    desk.mark(), desk.mark(4, "p-16")
    desk.tick()
    read = []
    state = desk.journals.state
    monkeypatch.setattr(
        desk.journals, "state", lambda book, *more: read.append(book) or state(book)
    )
    for minute in range(10, 60, 10):
        desk.at(9, 15, 12, minute)
        assert [] == desk.told()
    assert [] == read
    desk.at(9, 15, 18)
    assert 2 == len(desk.told())
    assert ["journal/7A/alg/2026"] == read


def test_what_lacks_is_asked_for_when_a_letter_about_it_is_due(duties, monkeypatch):
    """Once a day here: to ask is to look at every journal of the school."""
    asked = []
    reminders = duties.journals.reminders
    monkeypatch.setattr(duties.journals, "reminders", lambda at: asked.append(at) or reminders(at))
    for day in (15, 16, 17):
        for hour in range(24):
            duties.at(9, day, hour, 5)
            duties.tick()
    # The first tick of all asks for what was due the evening before.
    assert [(15, 0), (15, 18), (16, 18), (17, 18)] == [
        ((local := zone("Europe/Moscow").local(at)).day, local.hour) for at in asked
    ]
    assert any("15.09.2026, урок 1" in one.text for one in duties.box.new())
