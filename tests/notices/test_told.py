"""What is told of the journals, and to whom: marks, homework, absences, results, messages, and changes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.outboxes import FileOutbox
from edujournal.adapters.schools import PlainSchool
from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.adapters.stores.sql.outbox import SqlOutbox
from edujournal.model.notices import NoticeStatus
from edujournal.model.people import Account, Membership
from edujournal.notices.subscriptions import Subscription
from edujournal.rules.loading import structure
from tests.notices.conftest import ALG, LESSON, Desk, subscriptions, words


def rebuilt(school, **more):
    """The school with some of its rows replaced."""
    facts = school.facts()
    rows = {
        name: getattr(facts, name)
        for name in ("calendars", "lessons", "memberships", "assignments", "accounts")
    }
    names = {("pupil", one): school.name("pupil", one) for one in ("p-16", "p-17", "p-18")}
    return PlainSchool(school.id, **(rows | more), names=names)


# -- kinds -----------------------------------------------------------------------------------------


def test_each_kind_of_thing_is_told_in_its_words(desk):
    """One letter for each thing, to the guardian of the pupil whom it concerns, and to no other."""
    record = desk.journals.record
    record(
        ej.RollCall(lesson=LESSON, absent={"p-17": ej.Absence("ОП", 10), "p-16": ej.Absence("Б")}),
        by="t-ivanova",
    )
    desk.mark(5, comment="Молодец")
    record(ej.Comment(lesson=LESSON, pupil="p-17", comment="Работал у доски"), by="t-ivanova")
    record(
        ej.Homework(lesson=LESSON, task="§ 4, № 12", nature="письменно", due=date(2026, 9, 16)),
        by="t-ivanova",
    )
    record(ej.Marker(lesson=LESSON, pupil="p-16", code="осв", ground="Справка"), by="t-ivanova")
    letters = desk.told()
    assert words([one for one in letters if one.pupil == "p-17"]) == [
        "15.09 Алгебра – опоздал, 10 минут",
        "15.09 Алгебра – отметка: 5 (устный ответ)",
        "15.09 Алгебра – замечание: Работал у доски",
        "15.09 Алгебра – домашнее задание на 16.09.2026: § 4, № 12",
    ]
    assert words([one for one in letters if one.pupil == "p-16"]) == [
        "15.09 Алгебра – болел",
        "15.09 Алгебра – домашнее задание на 16.09.2026: § 4, № 12",
        "15.09 Алгебра – в журнале: осв",
    ]
    assert {("g-17", "p-17"), ("g-16", "p-16"), ("g-18", "p-18")} == {
        (one.account, one.pupil) for one in letters
    }
    assert ["g-17@example.org"] == sorted({one.to for one in letters if one.account == "g-17"})
    assert [] == desk.told()


def test_a_message_to_a_class_is_told_to_all_its_guardians(desk):
    """And one to a pupil's to his alone."""
    regulation = structure({
        "id": "ours", "title": {"ru": "п", "en": "p"}, "extends": "ru-school26-2023",
        "clauses": [{"number": "X", "gist": {"ru": "п", "en": "p"}, "rules": [
            {"kind": "rights", "role": "homeroom", "may": "write", "records": ["message"]}]}],
    })  # fmt: skip
    desk = Desk(desk.school, desk.said, regulation)
    hand = next(iter(desk.school.facts().hands("7A", None, "homeroom", date(2026, 9, 15))))
    day = date(2026, 9, 15)
    desk.journals.record(ej.Message(group="7A", message="Собрание", day=day), by=hand)
    desk.journals.record(ej.Message(group="7A", message="Жду", day=day, pupil="p-16"), by=hand)
    told = [(one.account, words([one])[0]) for one in desk.told()]
    assert sorted(told) == [
        ("g-16", "15.09 7А – сообщение: Жду"),
        ("g-16", "15.09 7А – сообщение: Собрание"),
        ("g-17", "15.09 7А – сообщение: Собрание"),
        ("g-18", "15.09 7А – сообщение: Собрание"),
    ]


def test_nothing_set_is_nothing_to_tell(desk):
    """Homework that says there is none; a roll call at which all were there; a topic."""
    record = desk.journals.record
    record(ej.Homework(lesson=LESSON, none_set=True), by="t-ivanova")
    record(ej.RollCall(lesson=LESSON), by="t-ivanova")
    record(ej.Topic(lesson=LESSON, topic="Дроби"), by="t-ivanova")
    assert [] == desk.told()


def test_only_what_was_asked_for_is_told(school):
    """By kind, by pupil, by day, over the channel that was named."""
    said = subscriptions(
        Subscription(account="g-17", channel="email", kinds=("homework",)),
        Subscription(account="g-16", channel="sms", kinds=("mark",), since=date(2026, 9, 16)),
        Subscription(account="g-18", channel="email", pupil="p-17"),
        channels=("email", "sms"),
    )
    desk = Desk(school, said)
    for pupil in ("p-16", "p-17", "p-18"):
        desk.mark(4, pupil)
    assert [] == desk.told()
    desk.at(9, 16)
    desk.mark(5, "p-16", "7A-alg-0916")
    assert [("sms", "g-16")] == [(one.channel, one.account) for one in desk.told()]


def test_one_thing_is_told_over_each_channel_that_was_asked(school):
    """And has a key of its own on each."""
    said = subscriptions(
        Subscription(account="g-17", channel="email"),
        Subscription(account="g-17", channel="sms"),
        channels=("email", "sms"),
    )
    desk = Desk(school, said)
    desk.mark()
    letters = desk.told()
    assert ["email", "sms"] == sorted(one.channel for one in letters)
    assert 2 == len({one.key for one in letters})


def test_what_came_before_the_first_day_is_told_to_nobody(desk):
    """The first tick over old journals does not tell a year's worth."""
    desk.mark()
    desk.said = evolve(desk.said, since=date(2026, 9, 16))
    assert [] == desk.told()


def test_what_an_import_brought_is_told_only_where_the_school_says_so(desk):
    """Whoever keeps the journal elsewhere, and brings it every night, says so."""
    from edujournal.model.time import instant

    at = instant(desk.clock())
    evidence = ej.Evidence(at - 2, at, "t-ivanova", "teacher", "file")
    for said, expected in ((desk.said, 0), (evolve(desk.said, imported=True), 1)):
        other = Desk(desk.school, said)
        draft = ej.Mark(lesson=LESSON, pupil="p-17", kind="oral", value=5, evidence=evidence)
        other.journals.record(draft, by="importer")
        assert expected == len(other.told())


# -- changes ---------------------------------------------------------------------------------------


def test_a_correction_of_what_was_told_is_told(desk):
    """With what it reads now, in a letter of its own."""
    number = desk.mark(5)
    (first,) = desk.told()
    desk.correct(number, value=4)
    (second,) = desk.told()
    assert ["15.09 Алгебра – исправлено; теперь отметка: 4 (устный ответ)"] == words([second])
    assert "Фомина Анна: исправление" == second.subject
    assert first.key != second.key
    desk.correct(number, value=3)
    desk.correct(number, value=2)
    assert ["15.09 Алгебра – исправлено; теперь отметка: 2 (устный ответ)"] == words(desk.told())


def test_what_was_corrected_before_it_was_told_is_told_once(desk):
    """As it reads when it is told."""
    number = desk.mark(5)
    desk.correct(number, value=4)
    (letter,) = desk.told()
    assert ["15.09 Алгебра – отметка: 4 (устный ответ)"] == words([letter])


def test_what_was_taken_back_is_told_as_such_or_not_at_all(desk):
    """Told before: it no longer counts. Not told yet: nothing."""
    number = desk.mark(5)
    assert 1 == len(desk.told())
    desk.annul(number)
    assert ["15.09 Алгебра – больше не действует: отметка: 5 (устный ответ)"] == words(desk.told())
    other = desk.mark(3)
    desk.annul(other)
    assert [] == desk.told()


def test_a_roll_call_that_is_corrected_is_told_to_whom_it_concerns(desk):
    """One is no longer absent, one is, one is as before; each hears of himself alone."""
    absent = {"p-16": ej.Absence("Н"), "p-17": ej.Absence("Н")}
    number = desk.journals.record(ej.RollCall(lesson=LESSON, absent=absent), by="t-ivanova").number
    assert 2 == len(desk.told())
    desk.correct(number, absent={"p-17": None, "p-18": "Б"})
    assert {
        "g-17": "15.09 Алгебра – больше не действует: пропуск",
        "g-18": "15.09 Алгебра – болел",
    } == {one.account: words([one])[0] for one in desk.told()}


def test_what_a_reported_account_wrote_is_taken_back(desk):
    """From the fence on; what it wrote before stands. What its owner vouches for is told anew."""
    desk.mark(5)
    desk.told()
    desk.at(9, 15, 11)
    informed = desk.clock() - timedelta(seconds=1)
    number = desk.mark(2, "p-16")
    assert 1 == len(desk.told())
    desk.at(9, 15, 12)
    report = ej.Compromise(account="t-ivanova", year="2026", head=informed, support=informed)
    desk.journals.record(report, by="head")
    told = [("g-16", "15.09 Алгебра – больше не действует: отметка: 2 (устный ответ)")]
    assert told == [(one.account, words([one])[0]) for one in desk.told()]
    assert [] == desk.told()
    desk.at(9, 15, 13)
    desk.journals.record(ej.Restoration(account="t-ivanova", year="2026"), by="head")
    assert [] == desk.told()
    vouch = ej.Vouch(account="t-ivanova", book=f"journal/{ALG}", entry=number, year="2026")
    desk.journals.record(vouch, by="t-ivanova")
    told = [("g-16", "15.09 Алгебра – исправлено; теперь отметка: 2 (устный ответ)")]
    assert told == [(one.account, words([one])[0]) for one in desk.told()]
    assert [] == desk.told()


def test_a_mark_of_a_declined_substitute_is_taken_back(desk):
    """The claim was declined: its entries are void, and who was told hears it."""
    desk.at(9, 15, 9)
    number = desk.journals.record_many(
        [
            ej.Substitution(lesson=LESSON, teacher="t-lebedev"),
            ej.Mark(lesson=LESSON, pupil="p-17", kind="oral", value=2),
        ],
        by="t-lebedev", role="substitute",
    )  # fmt: skip
    if any(one.decision is ej.Decision.REFUSED for one in number):
        pytest.fail(str([one.verdict for one in number]))
    assert 1 == len(desk.told())
    claim = number[0].number
    desk.at(9, 15, 12)
    desk.journals.record(ej.Confirmation(lesson=LESSON, entry=claim, accept=False), by="head")
    assert ["15.09 Алгебра – больше не действует: отметка: 2 (устный ответ)"] == words(desk.told())


def test_a_text_that_was_erased_is_in_no_letter(desk):
    """It waited for the end of quiet hours, and is told without it."""
    receipt = desk.journals.record(
        ej.Comment(lesson=LESSON, pupil="p-17", comment="Тайна семьи"), by="t-ivanova"
    )
    desk.journals.store.erase(desk.school.id, f"journal/{ALG}", [receipt.number])
    (letter,) = desk.told()
    assert "Тайна" not in letter.text + letter.html + letter.brief
    assert ["15.09 Алгебра – замечание: (текст удалён)"] == words([letter])


# -- who may see -----------------------------------------------------------------------------------


def test_a_pupil_who_goes_to_another_class_takes_the_guardian_along(desk):
    """p-18 is in 7A until 11 October and in 7B from the 12th on: homework follows, old marks stay."""
    task = {"task": "№ 1", "nature": "письменно"}
    desk.at(10, 12)
    lessons = {one.id for one in desk.school.facts().lessons if one.day == date(2026, 10, 12)}
    seven_b = sorted(one for one in lessons if one.startswith("7B-") and one[3:6] in ("alg", "geo"))
    seven_a = sorted(one for one in lessons if one.startswith("7A-") and one[3:6] in ("alg", "geo"))
    assert seven_a
    assert seven_b
    desk.at(10, 12, 23)
    for lesson in (seven_a[0], seven_b[0]):
        desk.journals.record(ej.Homework(lesson=lesson, **task), by="t-ivanova")
    told = [(one.account, one.pupil) for one in desk.told()]
    assert 1 == told.count(("g-18", "p-18"))
    assert ("g-17", "p-17") in told
    # A mark of before, recorded in the class that he has left, is his all the same.
    desk.journals.record(ej.Mark(lesson=LESSON, pupil="p-18", kind="oral", value=4), by="t-ivanova")
    assert ["15.09 Алгебра – отметка: 4 (устный ответ)"] == words(desk.told())


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param({"pupils": ()}, id="no-longer-of-this-pupil"),
        pytest.param({"until": date(2026, 9, 15)}, id="account-ended-today"),
        pytest.param({"since": date(2026, 9, 16)}, id="account-not-begun"),
    ],
)
def test_a_guardian_who_lost_the_right_is_told_nothing_more(desk, lost):
    """Not even what waited: it is withdrawn at the moment of sending, and nothing new comes up."""
    desk.said = evolve(desk.said, quiet=_all_morning())
    desk.mark()
    assert [] == desk.told()
    school = rebuilt(
        desk.school,
        accounts=tuple(
            evolve(one, **lost) if one.id == "g-17" else one for one in desk.school.facts().accounts
        ),
    )
    other = Desk(school, evolve(desk.said, quiet=None), store=desk.journals.store)
    other.outbox = desk.outbox
    report = other.tick()
    assert [] == other.box.new()
    assert (1, 0) == (report.withdrawn, report.waiting)
    other.mark(4)
    assert [] == other.told()


def test_two_guardians_of_one_pupil_are_told_apart(desk):
    """Each by what each asked for."""
    both = (*desk.school.facts().accounts, Account("g-17b", person="x", pupils=("p-17",)))
    said = subscriptions(
        Subscription(account="g-17", channel="email", kinds=("mark",)),
        Subscription(account="g-17b", channel="email", kinds=("absence",)),
    )
    desk = Desk(rebuilt(desk.school, accounts=both), said)
    desk.mark()
    desk.journals.record(
        ej.RollCall(lesson=LESSON, absent={"p-17": ej.Absence("ОП", 3)}), by="t-ivanova"
    )
    assert [("g-17", "отметка"), ("g-17b", "опоздал,")] == sorted(
        (one.account, words([one])[0].split(" – ")[1].split()[0].rstrip(":")) for one in desk.told()
    )


def test_who_ends_a_subscription_is_told_nothing_that_waited(desk):
    """Between the mark and the end of quiet hours it was taken away."""
    desk.said = evolve(desk.said, quiet=_all_morning())
    desk.mark()
    assert [] == desk.told()
    desk.said = subscriptions(Subscription(account="g-16", channel="email"))
    assert 1 == desk.tick().withdrawn
    assert [] == desk.box.new()


def test_homework_of_a_pupil_who_came_later_is_not_told(desk):
    """The roll of the lesson's day decides."""
    rows = (
        *(one for one in desk.school.facts().memberships if one.pupil != "p-17"),
        Membership("p-17", "7A", since=date(2026, 9, 16)),
    )
    desk = Desk(rebuilt(desk.school, memberships=rows), desk.said)
    desk.journals.record(ej.Homework(lesson=LESSON, task="№ 1", nature="письменно"), by="t-ivanova")
    assert {"g-16", "g-18"} == {one.account for one in desk.told()}


# -- publication -----------------------------------------------------------------------------------


def after_two_hours(**more):
    """The regulation of school 26, under which marks are published two hours after their recording."""
    text = {"ru": "п", "en": "p"}
    wait = {"anchor": "entry.recorded", "shift": "+2 hours"}
    rule = {"kind": "publication", "record": "mark", "since": wait, **more}
    return structure({
        "id": "ours", "title": text, "extends": "ru-school26-2023",
        "clauses": [{"number": "P", "gist": text, "rules": [rule]}],
    })  # fmt: skip


def test_what_is_not_published_yet_is_not_told(desk):
    """Two hours after its recording, and not a minute before; what was recorded later is not held up."""
    desk = Desk(desk.school, desk.said, after_two_hours(when={"written": True}))
    desk.journals.record(
        ej.Mark(lesson=LESSON, pupil="p-17", kind="essay", value=3), by="t-ivanova"
    )
    desk.at(9, 15, 10, 1)
    desk.mark(5)
    assert ["5"] == [one.brief.partition("отметка: ")[2][0] for one in desk.told()]
    desk.at(9, 15, 11, 59)
    report = desk.tick()
    assert [] == desk.box.new()
    assert 1 == report.waiting
    desk.at(9, 15, 12, 0)
    assert ["3"] == [one.brief.partition("отметка: ")[2][0] for one in desk.told()]


def test_a_digest_says_what_was_published_by_its_time(desk):
    """However late it is sent: what was published in between waits for the next one."""
    daily = subscriptions(
        Subscription(account="g-17", channel="email", rhythm="daily", at=time(18))
    )
    desk = Desk(desk.school, daily, after_two_hours())
    desk.at(9, 15, 15)
    desk.mark(3)
    desk.at(9, 15, 17)
    desk.mark(5)
    desk.at(9, 15, 20)
    (letter,) = desk.told()
    assert "3" in letter.text
    assert "отметка: 5" not in letter.text
    desk.at(9, 16, 18)
    (letter,) = desk.told()
    assert "отметка: 5" in letter.text


def test_what_was_taken_back_before_it_was_published_is_never_told(desk):
    """Nobody at home ever saw it."""
    desk = Desk(desk.school, desk.said, after_two_hours())
    number = desk.mark(2)
    assert [] == desk.told()
    desk.annul(number)
    desk.at(9, 15, 13)
    assert [] == desk.told()
    statuses = {one.status for one in desk.outbox.notices(desk.school.id, *NoticeStatus)}
    assert {NoticeStatus.WITHDRAWN} == statuses


def _all_morning():
    from datetime import time

    from edujournal.notices.subscriptions import Quiet

    return Quiet(time(6), time(12))


def test_a_guardian_of_two_is_told_of_each_apart(desk):
    """What fails for the one holds nothing up for the other; a subscription may be for one alone."""
    both = tuple(
        evolve(one, pupils=("p-16", "p-17")) if one.id == "g-17" else one
        for one in desk.school.facts().accounts
    )
    for pupil, expected in ((None, ["p-16", "p-17"]), ("p-16", ["p-16"])):
        said = subscriptions(Subscription(account="g-17", channel="email", pupil=pupil))
        other = Desk(rebuilt(desk.school, accounts=both), said)
        other.mark(4, "p-16"), other.mark(5, "p-17")
        told = other.told()
        assert expected == sorted(one.pupil for one in told)
        assert len(expected) == len({one.subject.partition(":")[0] for one in told})


# -- stores ----------------------------------------------------------------------------------------


class FourMethods:
    """A complete store with no capability: no order over its books, no lock."""

    def __init__(self):
        self._inner = MemoryStore()

    def books(self, school):
        """See the port."""
        return self._inner.books(school)

    def head(self, school, book):
        """See the port."""
        return self._inner.head(school, book)

    def read(self, school, book, after=0):
        """See the port."""
        return self._inner.read(school, book, after)

    def append(self, school, book, records, expect):
        """See the port."""
        self._inner.append(school, book, records, expect)


@pytest.mark.parametrize("kind", ["four", "file", "sqlite"])
def test_any_store_will_do(school, said, tmp_path, kind):
    """Also one of four methods; books of several subjects, and corrections between ticks."""
    made = {
        "four": FourMethods,
        "file": lambda: FileStore(tmp_path / "books"),
        "sqlite": lambda: SqlStore(f"sqlite:///{tmp_path / 'books.db'}"),
    }
    store = made[kind]()
    desk = Desk(school, said, store=store)
    if kind == "file":
        # Both may lie in one folder, and know nothing of each other.
        desk.outbox = FileOutbox(tmp_path / "books")
    if kind == "sqlite":
        desk.outbox = SqlOutbox(f"sqlite:///{tmp_path / 'books.db'}")
    number = desk.mark(5)
    desk.journals.record(
        ej.RollCall(lesson=LESSON, absent={"p-16": ej.Absence("Б")}), by="t-ivanova"
    )
    assert 2 == len(desk.told())
    desk.correct(number, value=4)
    desk.mark(3, "p-18")
    assert ["g-17", "g-18"] == sorted(one.account for one in desk.told())
    assert [] == desk.told()
    assert not any(one.damages for one in desk.journals.verify().books)
    for one in (store, desk.outbox):
        getattr(one, "close", lambda: None)()


def test_more_than_a_batch_is_taken_batch_by_batch(desk, monkeypatch):
    """Nothing is lost at the seams, and each batch is an act of its own."""
    from edujournal import notifying

    monkeypatch.setattr(notifying, "CHUNK", 3)
    numbers = [desk.mark(2 + n % 4, "p-16" if n % 2 else "p-17") for n in range(8)]
    desk.correct(numbers[0], value=5)
    assert 8 == len(desk.told())


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (lambda desk, number: desk.annul(number), "больше не действует: отметка: 3 (устный ответ)"),
        (
            lambda desk, number: desk.correct(number, value=4),
            "исправлено; теперь отметка: 4 (устный ответ)",
        ),
    ],
    ids=["annulled", "corrected"],
)
def test_what_was_told_is_taken_back_even_after_a_correction_that_was_not(desk, then, expected):
    """The subscription had a gap; the mark was told before it, and what becomes of it after it is, too."""
    number = desk.mark(5)
    assert ["отметка: 5 (устный ответ)"] == [one.partition(" – ")[2] for one in words(desk.told())]
    asked = desk.said
    desk.said = evolve(asked, subscriptions=())
    desk.correct(number, value=3)
    assert (0, 1) == ((report := desk.tick()).waiting, report.withdrawn)
    desk.said = asked
    then(desk, number)
    assert [expected] == [one.partition(" – ")[2] for one in words(desk.told())]
