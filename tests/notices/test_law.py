"""The law of notices: whatever fails, each is told at least once, none is lost, and in its order.

A receiver that drops what has a key that it knows gets each of them exactly once.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from itertools import count

import pytest
from attrs import evolve

import edujournal as ej
from edujournal.adapters.notifiers.smtp import SmtpNotifier
from edujournal.adapters.outboxes import FileOutbox, MemoryOutbox
from edujournal.adapters.stores.sql.outbox import SqlOutbox
from edujournal.errors import NotDelivered, StoreBusy
from edujournal.model.notices import NoticeStatus
from edujournal.notices.subscriptions import Address, Subscription, Waits
from edujournal.notifying import notify
from tests.notices.conftest import LESSON, Desk, subscriptions
from tests.notices.servers import smtp

#: Here no wait is longer than an hour, so that days of failure pass in a moment.
WAITS = Waits(first=5, factor=2, most=60)


def everybody(school, channels=("email",), **more):
    """Every guardian has asked for every mark."""
    guardians = [one.id for one in school.facts().accounts if one.pupils]
    rows = [
        Subscription(account=one, channel=name, kinds=("mark", "correction"))
        for one in guardians
        for name in channels
    ]
    return subscriptions(*rows, channels=channels, waits=WAITS, **more)


def recorded(desk, wanted):
    """Record so many marks, and more than one of each pupil; give (pupil, day, value) in their order."""
    facts = desk.school.facts()
    calendar = facts.calendar("2026")
    lessons = sorted(
        (
            one
            for one in facts.lessons
            if one.subject == "alg" and one.day < date(2026, 10, 10) and not one.cancelled
        ),
        key=lambda one: one.starts,
    )
    desk.at(10, 10, 12)
    told = []
    for lesson in lessons:
        for kind in ("oral", "classwork"):
            pupils = sorted(facts.roll(calendar, lesson.group, lesson.day))[: wanted - len(told)]
            value = 2 + len(told) % 4
            drafts = [
                ej.Mark(lesson=lesson.id, pupil=one, kind=kind, value=value) for one in pupils
            ]
            receipts = desk.journals.record_many(drafts, by="t-ivanova") if drafts else []
            assert all(one.number for one in receipts)
            told += [(one, lesson.day, value) for one in pupils]
    assert wanted == len(told)
    return told


def expected_of(told):
    """Pupil → the days and values, in the order of recording."""
    found = {}
    for pupil, day, value in told:
        found.setdefault(pupil, []).append((day.day, day.month, str(value)))
    return found


MONTHS = {"сентября": 9, "октября": 10}


def arrived_of(messages, once):
    """Account → the days and values in the order of arrival; by the first of one key where *once*."""
    found, seen = {}, set()
    for key, to, text in messages:
        if once and key in seen:
            continue
        seen.add(key)
        _, day, month, _ = text.split("\n")[2].split()
        value = text.partition("отметка: ")[2][0]
        found.setdefault(to.partition("@")[0], []).append((int(day), MONTHS[month], value))
    return found


@pytest.mark.parametrize(
    ("wanted", "seed"),
    [(300, 20260915), *(pytest.param(1000, n, marks=pytest.mark.soak) for n in range(1, 6))],
)
def test_every_notice_arrives_through_a_server_that_fails_at_random(school, tmp_path, wanted, seed):
    """It hangs up, is silent, puts off, drops before it has taken a letter, and after: none is lost."""
    desk = Desk(school, everybody(school))
    told = recorded(desk, wanted)
    faults = {"refused": 300, "slow": 4, "dropped": 30, "unanswered": 30, "later": 40}
    with (
        smtp(tmp_path / "mail", seed=seed, faults=faults, sleep=0.4) as server,
        SmtpNotifier("127.0.0.1", "s@example.org", port=server.port, security="plain",
                     timeout=0.25) as notifier,
    ):  # fmt: skip
        failures = Counter()
        for ticks in count(1):
            report = notify(
                desk.journals, desk.said, {"email": notifier}, desk.outbox, directory=school
            )
            failures.update(one.what.partition(" (")[0] for one in report.failed)
            if not report.waiting:
                break
            assert ticks < 200
            desk.clock.advance(61 * 60 * 10**6)
        messages = server.plainly()

    expected = {f"g-{pupil[2:]}": some for pupil, some in expected_of(told).items()}
    assert expected == arrived_of(messages, once=True)
    assert wanted == len({key for key, _, _ in messages})
    # The faults have come, and some letters twice, or the test would prove little.
    assert len(messages) > wanted
    assert {
        "the server is out of reach", "the connection was lost", "the receiver was refused",
    } <= set(failures)  # fmt: skip
    assert [] == list(desk.outbox.notices(school.id, *set(NoticeStatus) - {NoticeStatus.TOLD}))


class Dies(BaseException):
    """The process is gone."""


class FailingNth:
    """Counts calls into the world, and dies before or after the *n*-th."""

    def __init__(self, n, *, after):
        self.left, self.after = n, after

    def __call__(self, doing):
        """Do it, or die."""
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Dies
        found = doing()
        if self.left == 0:
            raise Dies
        return found


class Watched:
    """An outbox or a channel whose acts may be the last ones of the process."""

    def __init__(self, inner, dies):
        self._inner, self._dies = inner, dies

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def save(self, *args):
        """Keep an act."""
        return self._dies(lambda: self._inner.save(*args))

    def send(self, letter):
        """Deliver a letter."""
        return self._dies(lambda: self._inner.send(letter))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_the_sender_may_die_at_any_point(school, tmp_path, after):
    """Before or after each write and each sending: the next tick goes on, and nothing is lost."""
    for n in count(1):
        desk = Desk(school, everybody(school))
        for value in (3, 4, 5):
            desk.mark(value)
        desk.mark(2, "p-16")
        dies = FailingNth(n, after=after)
        outbox = FileOutbox(tmp_path / f"{after}-{n}")
        died = False
        try:
            notify(
                desk.journals, desk.said, {"email": Watched(desk.box, dies)}, Watched(outbox, dies)
            )
        except Dies:
            died = True
        # The next process opens what the first has left.
        report = notify(
            desk.journals, desk.said, {"email": desk.box}, FileOutbox(tmp_path / f"{after}-{n}")
        )
        kept = {}
        for letter in desk.box.letters:
            kept.setdefault(letter.account, {})[letter.key] = letter.text.partition("отметка: ")[2][
                0
            ]
        assert {"g-17": ["3", "4", "5"], "g-16": ["2"]} == {
            one: list(some.values()) for one, some in kept.items()
        }
        assert len(desk.box.letters) <= 5
        assert 0 == report.waiting
        if not died:
            break
    # One act for what is new; for each letter, that it is tried, its sending, that it was told.
    assert n == 1 + 3 * 4 + 1


class Flaky:
    """A channel that fails as chance has it, sometimes after it has delivered."""

    def __init__(self, chance, rate):
        self.chance, self.rate, self.got = chance, rate, []

    def send(self, letter):
        """Deliver, or not, or both."""
        fate = self.chance.random()
        if fate < self.rate / 2:
            raise NotDelivered("no answer", whole_channel=self.chance.random() < 0.3)
        self.got.append(letter)
        if fate < self.rate:
            raise NotDelivered("the answer was lost")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_whatever_is_corrected_meanwhile_the_last_word_arrives(school, tmp_path, seed, kind):
    """Marks, corrections and annulments between ticks that fail: what was told last is what stands."""
    chance = random.Random(seed)
    desk = Desk(school, everybody(school))
    outbox = MemoryOutbox() if kind == "memory" else SqlOutbox(f"sqlite:///{tmp_path / 'n.db'}")
    channel = Flaky(chance, 0.5)
    numbers = []
    for step in range(25):
        desk.clock.advance(20 * 60 * 10**6)
        act = chance.random()
        if act < 0.5 or not numbers:
            numbers.append(desk.mark(chance.randint(2, 5), chance.choice(["p-16", "p-17"])))
        elif act < 0.8:
            desk.correct(chance.choice(numbers), value=chance.randint(2, 5))
        else:
            desk.annul(numbers.pop(chance.randrange(len(numbers))))
        if step % 3 == 0:
            notify(desk.journals, desk.said, {"email": channel}, outbox)
    for _ in range(60):
        desk.clock.advance(61 * 60 * 10**6)
        if not notify(desk.journals, desk.said, {"email": channel}, outbox).waiting:
            break
    else:
        pytest.fail("something waits for ever")
    state = desk.journals.state("journal/7A/alg/2026")
    last = {}
    firsts, keys = [], set()
    for letter in channel.got:
        if letter.key not in keys:
            keys.add(letter.key)
            firsts.append(letter)
    # A letter bears the key of the turn that it told.
    notices = {
        evolve(one, turn=turn).key: one
        for one in outbox.notices(school.id, *NoticeStatus)
        for turn in range(one.turn + 1)
    }
    for letter in firsts:
        last[notices[letter.key].number] = letter.brief
    for entry in state.entries:
        if entry.kind != "mark":
            continue
        if not state.stands(entry):
            # Never told, or taken back with the last letter about it.
            assert entry.number not in last or "больше не действует" in last[entry.number]
        else:
            value = state.reading(entry).values["value"]
            assert f"отметка: {value}" in last[entry.number]
    if kind == "sqlite":
        outbox.close()


def test_a_channel_that_is_down_holds_up_no_other(school):
    """Nor the other pupils of one that is only sometimes: each stream waits for itself."""
    desk = Desk(school, everybody(school, ("email", "sms")))
    for pupil in ("p-15", "p-16", "p-17"):
        desk.mark(4, pupil)
        desk.mark(5, pupil)

    class Down:
        """Out of reach for all, or only for one."""

        def __init__(self, only=None):
            self.only, self.asked = only, 0

        def send(self, letter):
            """Refuse."""
            if self.only in (None, letter.account):
                self.asked += 1
                raise NotDelivered("out of reach", whole_channel=self.only is None)
            desk.box.send(letter)

    down = Down()
    report = notify(desk.journals, desk.said, {"email": down, "sms": desk.box}, desk.outbox)
    assert 6 == len([one for one in desk.box.new() if one.channel == "sms"])
    assert (3, 6) == (down.asked, report.waiting)
    desk.clock.advance(6 * 60 * 10**6)
    one = Down("g-16")
    report = notify(desk.journals, desk.said, {"email": one, "sms": desk.box}, desk.outbox)
    assert ["g-15", "g-15", "g-17", "g-17"] == sorted(letter.account for letter in desk.box.new())
    assert (1, 2) == (one.asked, report.waiting)


def test_waits_are_data_and_go_by_the_given_time(desk):
    """Five minutes after the first failure, ten after the second; not a moment earlier."""

    class Never:
        """Fails, and counts."""

        times = 0

        def send(self, letter):
            """Fail."""
            self.times += 1
            raise NotDelivered("no answer")

    never = Never()
    desk.mark()
    tried = []
    for minute in range(40):
        desk.at(9, 15, 10, minute)
        notify(desk.journals, desk.said, {"email": never}, desk.outbox)
        if never.times > len(tried):
            tried.append(minute)
    assert [0, 5, 15, 35] == tried


def test_a_receiver_that_never_takes_it_is_set_aside_and_holds_nothing_up(desk):
    """After three tries; it is in the report, and goes when it is asked for again."""

    class Picky:
        """Refuses one value for good."""

        def __init__(self):
            self.got, self.refuses = [], True

        def send(self, letter):
            """Refuse, or take."""
            if self.refuses and "отметка: 2" in letter.text:
                raise NotDelivered("refused", for_good=True)
            self.got.append(letter.text.partition("отметка: ")[2][0])

    picky = Picky()
    desk.mark(2), desk.mark(5)
    for tick, expected in enumerate([[], [], ["5"], ["5"]]):
        report = notify(desk.journals, desk.said, {"email": picky}, desk.outbox)
        assert (expected, tick) == (picky.got, tick)
        desk.clock.advance(60 * 60 * 10**6)
    assert (0, 1) == (report.waiting, report.undeliverable)
    picky.refuses = False
    report = notify(desk.journals, desk.said, {"email": picky}, desk.outbox, again=True)
    assert (["5", "2"], 0) == (picky.got, report.undeliverable)


def test_two_who_send_at_once_do_not_send_the_same(desk):
    """The second learns before it sends anything that the first is at it."""
    desk.mark()

    class Meanwhile:
        """While it delivers, another tick begins, and ends."""

        def __init__(self):
            self.got = []

        def send(self, letter):
            """Deliver, and tick."""
            self.got.append(letter)
            if len(self.got) == 1:
                notify(desk.journals, desk.said, {"email": self}, desk.outbox)

    channel = Meanwhile()
    with pytest.raises(StoreBusy, match="somebody else sends the notices"):
        notify(desk.journals, desk.said, {"email": channel}, desk.outbox)
    # At least once, and both under one key.
    assert 1 == len({one.key for one in channel.got})
    assert 0 == desk.tick().waiting


def test_a_notifier_that_breaks_costs_nothing_but_its_letter(desk):
    """What it says is not told: an address may be in it."""
    desk.mark(), desk.mark(4, "p-16")

    class Broken:
        """Has a fault of its own for one."""

        def send(self, letter):
            """Break."""
            if letter.account == "g-17":
                raise RuntimeError(letter.to)
            desk.box.send(letter)

    report = notify(desk.journals, desk.said, {"email": Broken()}, desk.outbox)
    assert ["g-16"] == [one.account for one in desk.box.new()]
    assert ["RuntimeError"] == [one.what for one in report.failed]
    assert "example.org" not in repr(report)


def test_no_report_outbox_or_log_holds_a_name_a_text_or_an_address(desk, tmp_path, caplog, capfd):
    """What waits names entries; what is told is in the letters alone."""
    caplog.set_level(0)
    draft = ej.Comment(lesson=LESSON, pupil="p-17", comment="Приметный текст")
    desk.journals.record(draft, by="t-ivanova")

    class Never:
        """Fails for ever."""

        def send(self, letter):
            """Fail, with all it knows."""
            raise NotDelivered("no answer") from RuntimeError(letter.to)

    outbox = FileOutbox(tmp_path)
    report = notify(desk.journals, desk.said, {"email": Never()}, outbox, directory=desk.school)
    notices = list(outbox.notices(desk.school.id, *NoticeStatus))
    assert notices
    kept = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    seen = f"{report!r} {notices!r} {kept.decode()} {caplog.text} {''.join(capfd.readouterr())}"
    seen += repr(desk.said)
    for secret in ("Фомина", "Анна", "Приметный", "example.org"):
        assert secret not in seen


def test_an_address_that_changes_is_taken_at_the_next_try(desk):
    """The letter waits, not its envelope."""
    desk.mark()

    class Picky:
        """Takes only the new address."""

        def send(self, letter):
            """Refuse the old one."""
            if letter.to != "new@example.org":
                raise NotDelivered("refused", for_good=True)
            desk.box.send(letter)

    notify(desk.journals, desk.said, {"email": Picky()}, desk.outbox)
    addresses = tuple(
        Address(account=one.account, on={"email": "new@example.org"}) for one in desk.said.addresses
    )
    said = evolve(desk.said, addresses=addresses)
    desk.clock.advance(60 * 60 * 10**6)
    notify(desk.journals, said, {"email": Picky()}, desk.outbox)
    assert ["new@example.org"] == [one.to for one in desk.box.new()]
