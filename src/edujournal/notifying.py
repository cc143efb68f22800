"""Notifying: one tick that takes what is new in the log, and sends what is due. The shell round the rounds.

Nothing runs in the background: the host calls :func:`notify` as often as it likes. What was sent and not
yet noted as sent, for the process died in between, is sent again under the same key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from attrs import evolve, frozen

from edujournal.errors import BadInput, NotDelivered, Unknown
from edujournal.following import follow
from edujournal.gathering import gather_all
from edujournal.journals import Journals
from edujournal.ledger.books import BookState
from edujournal.model.entries import Entry
from edujournal.model.ids import is_log
from edujournal.model.notices import (
    OF_DUTY,
    OPEN,
    Letter,
    Notice,
    NoticeStatus,
)
from edujournal.model.time import check_past
from edujournal.notices.arising import Arising, asks_what_lacks
from edujournal.notices.leaves import Leaf
from edujournal.notices.letters import html_of, text_of
from edujournal.notices.parts import Draft, Ready
from edujournal.notices.rounds import Envelope, Round
from edujournal.notices.subscriptions import Subscriptions
from edujournal.notices.touching import TOUCHING, Touched
from edujournal.notices.wording import Wording
from edujournal.ports import Directory, Notifier, Outbox
from edujournal.rules.around import Around
from edujournal.rules.publishing import Publication
from edujournal.rules.reminders import Reminder

#: Records of the log that are taken in one act of the outbox.
CHUNK: Final = 500


@frozen
class Failed:
    """A letter that was not delivered, and will come again.

    *Version added: 0.1.*

    Attributes:
        key: Key of the letter.
        channel: Its channel.
        what: What happened, without an address, a name or a text.
        attempts: How often it was tried.
        next: Instant before which it is not tried again; None for one that was set aside.
    """

    key: str
    channel: str
    what: str
    attempts: int
    next: int | None


@frozen
class NoticeReport:
    """What a tick of the notices did. It names keys and accounts, and no person.

    *Version added: 0.1.*

    Attributes:
        at: Moment by which it went.
        arisen: Notices that came up, or were taken up again.
        sent: Letters that were delivered: channel and key, in order.
        failed: Letters that were not.
        withdrawn: Notices that nobody is to be told any more.
        waiting: Notices that still wait.
        undeliverable: Notices whose letters their receivers never take.
        unreachable: Accounts whose address on a channel nobody knows, with the channel.
    """

    at: int
    arisen: int = 0
    sent: tuple[tuple[str, str], ...] = ()
    failed: tuple[Failed, ...] = ()
    withdrawn: int = 0
    waiting: int = 0
    undeliverable: int = 0
    unreachable: tuple[tuple[str, str], ...] = ()


def notify(
    journals: Journals,
    subscriptions: Subscriptions,
    notifiers: Mapping[str, Notifier],
    outbox: Outbox,
    at: datetime | int | None = None,
    *,
    directory: Directory | None = None,
    again: bool = False,
) -> NoticeReport:
    """Send what is due by now, and note what was sent.

    Each letter is delivered at least once, along one channel in the order of what it tells of a pupil.
    A letter that comes twice comes with the same key.

    Source: clause 1.6.

    Args:
        journals: The journals.
        subscriptions: Who has asked for what.
        notifiers: Channel → what delivers on it.
        outbox: Where it is kept how far the notices have come.
        at: Moment by which quiet hours, digests, publication and waits are reckoned; now by default.
        directory: Names of people; without it their ids are said.
        again: Try now what waits for another try, and what was set aside as undeliverable.

    Raises:
        BadInput: A channel has no notifier, or the moment has not come.
        StoreBusy: Somebody else sends the notices of this school.
        StoreError: The journals cannot be read, or the outbox not written.

    *Version added: 0.1.*
    """
    lacking = sorted({one.name for one in subscriptions.channels} - set(notifiers))
    if lacking:
        raise BadInput(
            "channels that nothing delivers on", where="notifiers",
            expected="a notifier for each channel", found=", ".join(lacking),
        )  # fmt: skip
    moment = check_past(at, journals.now())
    tick = _Tick(journals, subscriptions, notifiers, outbox, moment, directory)
    tick.take()
    if again:
        tick.take_up()
    tick.send()
    return tick.report()


class _Tick:
    """One tick: its states, its place in the outbox, and what came of it."""

    def __init__(
        self,
        journals: Journals,
        said: Subscriptions,
        notifiers: Mapping[str, Notifier],
        outbox: Outbox,
        at: int,
        directory: Directory | None,
    ) -> None:
        self._journals = journals
        self._said = said
        self._notifiers = notifiers
        self._outbox = outbox
        self._at = at
        self._directory = directory
        self._school = journals.school.id
        self._facts = gather_all(journals.school)
        self._head = outbox.head(self._school)
        self._states: dict[str, BookState] = {}
        self._wordings: dict[str, Wording] = {}
        self._reminders: dict[str, Reminder] | None = None
        self._published: dict[int, Publication] = {}
        self._arisen = 0
        self._withdrawn = 0
        self._sent: list[tuple[str, str]] = []
        self._failed: list[Failed] = []
        self._unreachable: list[tuple[str, str]] = []

    # -- the outbox ------------------------------------------------------------------------------

    def _save(self, notices: Iterable[Notice], **changed: Any) -> None:
        head = evolve(self._head, version=self._head.version + 1, **changed)
        self._outbox.save(self._school, head, notices)
        self._head = head

    def _find(self, threads: Sequence[str]) -> dict[str, Notice]:
        return {one.thread: one for one in self._outbox.find(self._school, threads)}

    # -- what is new -----------------------------------------------------------------------------

    def take(self) -> None:
        """Take what is new in the log, what time has made due, and this week's print-outs."""
        while batch := self._next():
            self._take(batch)
        arising = Arising(self._said, self._facts, self._at, self._head.seq)
        found = list(arising.of_weeks(self._find))
        clocks, reminded = self._facts.calendar_at(self._at).clocks, self._head.reminded
        if asks_what_lacks(self._said, clocks, reminded, self._at):
            found += arising.of_reminders(self._lacking().values(), self._find)
            reminded = max(reminded, self._at)
        if found or reminded != self._head.reminded:
            self._count(found)
            self._save(found, seq=arising.seq, reminded=reminded)

    def _lacking(self) -> Mapping[str, Reminder]:
        """The reminders that hold now, by key; to know them every journal is looked at."""
        if self._reminders is None:
            self._reminders = {one.key: one for one in self._journals.reminders(self._at)}
        return self._reminders

    def _next(self) -> list[tuple[str, str, int, str]]:
        """The next records of the log: cursor, book, number, kind."""
        found = follow(self._journals.store, self._school, self._head.cursor)
        return [
            (cursor, one.book, one.number, one.index.kind) for cursor, one in islice(found, CHUNK)
        ]

    def _take(self, batch: Sequence[tuple[str, str, int, str]]) -> None:
        touched = Touched()
        for _, book, number, kind in batch:
            if is_log(book) or kind not in TOUCHING:
                continue
            state = self._state(book, number)
            if touched.take(state.entries[number - 1], state, self._books):
                self._states.clear()
        arising = Arising(self._said, self._facts, self._at, self._head.seq)
        found: list[Notice] = []
        for book in touched.books():
            found += self._of_book(arising, book, touched.of(book), touched.swept.get(book))
        self._count(found)
        self._save(found, cursor=batch[-1][0], seq=arising.seq)

    def _of_book(
        self, arising: Arising, book: str, touched: Mapping[int, int], swept: int | None
    ) -> Iterator[Notice]:
        known: dict[int, dict[str, Notice]] = {}
        for one in self._outbox.about(self._school, book, None if swept is not None else touched):
            known.setdefault(one.number, {})[one.thread] = one
        if not touched and not known:
            return
        state = self._state(book)
        for number in sorted({*touched, *known}):
            since = touched.get(number, swept or 0)
            yield from arising.of_entry(
                state.entries[number - 1], state, known.get(number, {}), since
            )

    def _books(self) -> list[str]:
        return [name for name, _ in self._journals.store.books(self._school)]

    def _count(self, found: Iterable[Notice]) -> None:
        """Count what is new to be told, and what is not to be told after all."""
        for one in found:
            new = one.seq > self._head.seq
            if one.status is NoticeStatus.WITHDRAWN:
                self._withdrawn += not new
            else:
                self._arisen += new

    def _state(self, book: str, number: int = 0) -> BookState:
        found = self._states.get(book)
        if found is None or found.number < number:
            found = self._states[book] = self._journals.state(book)
        return found

    def take_up(self) -> None:
        """Let what waits for another try, and what was set aside, be tried now."""
        some = self._outbox.notices(self._school, *OPEN, NoticeStatus.UNDELIVERABLE)
        found = [
            evolve(one, status=NoticeStatus.WAITING, not_before=0)
            for one in some
            if one.not_before or one.status is NoticeStatus.UNDELIVERABLE
        ]
        if found:
            self._save(found)

    # -- what is due -----------------------------------------------------------------------------

    def send(self) -> None:
        """Send what is due, channel by channel, stream by stream."""
        streams: dict[tuple[str, str, str], list[Notice]] = {}
        for one in self._outbox.notices(self._school, *OPEN):
            streams.setdefault(one.stream, []).append(one)
        round_ = Round(self._said, self._facts, self._at, self._state, self._shows, self._lacking)
        # A channel that is down is left after a few letters; the others do not wait for it.
        down = dict.fromkeys((one.name for one in self._said.channels), 0)
        for stream in sorted(streams, key=lambda one: streams[one][0].seq):
            channel, account, pupil = stream
            lost = channel in down and self._said.address(account, channel) is None
            if lost and not pupil:
                self._unreachable.append((account, channel))
                continue
            if all(one.not_before > self._at for one in streams[stream]):
                continue
            sorted_ = round_.sort(streams[stream])
            if sorted_.withdrawn:
                self._withdrawn += len(sorted_.withdrawn)
                self._save(sorted_.withdrawn)
            if lost and len(sorted_.withdrawn) < len(streams[stream]):
                self._unreachable.append((account, channel))
            for envelope in () if lost else sorted_.due:
                if down[channel] >= self._said.waits.patience:
                    break
                failure = self._deliver(envelope)
                is_down = failure is not None and failure.whole_channel
                down[channel] = down[channel] + 1 if is_down else 0
                if failure is not None and not self._is_aside(failure, envelope.attempts + 1):
                    break

    def _shows(self, entry: Entry, state: BookState, at: int) -> bool:
        """Tell whether those at home see *entry* at an instant; class books are read only if asked for."""
        if at not in self._published:
            self._published[at] = self._publication(at)
        return self._published[at].shows(entry, state)

    def _publication(self, at: int) -> Publication:
        classes = {}
        if any(one.publications for one in self._journals.regulations):
            classes = {
                name.split("/")[1]: self._state(name)
                for name in self._books()
                if name[:6] == "class/"
            }
        return Publication(self._journals.regulations, self._facts, at, Around(classes=classes))

    def _deliver(self, envelope: Envelope) -> NotDelivered | None:
        """Send one letter; it is on record that it is tried before it is."""
        tried = [
            evolve(
                one, status=NoticeStatus.TRYING, letter=envelope.key,
                attempts=envelope.attempts + 1, not_before=0,
            )
            for one in envelope.notices
        ]  # fmt: skip
        self._save(tried)
        channel = tried[0].channel
        try:
            self._notifiers[channel].send(self._letter(envelope))
        except NotDelivered as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - one letter that fails must not hold up all others
            # What it says may have an address in it; its kind has none.
            failure = NotDelivered(type(error).__name__)
        else:
            self._save([evolve(one, status=NoticeStatus.TOLD) for one in tried])
            self._sent.append((channel, envelope.key))
            return None
        attempts, waits = tried[0].attempts, self._said.waits
        aside = self._is_aside(failure, attempts)
        next_ = None if aside else self._at + waits.after(attempts)
        status = NoticeStatus.UNDELIVERABLE if aside else NoticeStatus.WAITING
        self._save([evolve(one, status=status, not_before=next_ or 0) for one in tried])
        self._failed.append(Failed(envelope.key, channel, failure.what, attempts, next_))
        return failure

    def _is_aside(self, failure: NotDelivered, attempts: int) -> bool:
        """Tell whether a letter is tried no more, so that the next ones go on."""
        return failure.for_good and attempts >= self._said.waits.refusals

    # -- words -----------------------------------------------------------------------------------

    def _letter(self, envelope: Envelope) -> Letter:
        notice = envelope.notices[0]
        language = self._said.language_of(notice.account)
        draft = self._draft(envelope.ready, language)
        address = self._said.address(notice.account, notice.channel)
        if address is None:
            raise Unknown("address", notice.account)
        return Letter(
            key=envelope.key,
            channel=notice.channel,
            to=address,
            language=language,
            subject=" ".join(draft.subject.split()),
            brief=" ".join(draft.brief.split()),
            text=text_of(draft),
            html=html_of(draft, language),
            account=notice.account,
            pupil=notice.pupil,
            day=notice.about if notice.kind == "diary" else "",
        )

    def _draft(self, ready: Sequence[Ready], language: str) -> Draft:
        wording = self._wordings.get(language)
        if wording is None:
            foot = tuple(filter(None, (self._said.school, self._said.contact)))
            wording = self._wordings[language] = Wording(
                language, self._facts, self._journals.regulations, self._directory,
                self._state, foot,
            )  # fmt: skip
        notice = ready[0].notice
        channel = self._said.channel(notice.channel)
        if channel is not None and channel.discreet:
            return wording.hint(of_duties=notice.kind in OF_DUTY)
        if notice.kind in OF_DUTY:
            return wording.duties(ready)
        if notice.kind == "diary":
            week = date.fromisoformat(notice.about)
            diary = self._journals.diary(str(notice.pupil), week, at=self._at)
            return Leaf(wording).draft(diary)
        return wording.news(ready)

    def report(self) -> NoticeReport:
        """What the tick did."""
        count = {
            status: sum(1 for _ in self._outbox.notices(self._school, status))
            for status in (*OPEN, NoticeStatus.UNDELIVERABLE)
        }
        return NoticeReport(
            self._at,
            self._arisen,
            tuple(self._sent),
            tuple(self._failed),
            self._withdrawn,
            sum(count[status] for status in OPEN),
            count[NoticeStatus.UNDELIVERABLE],
            tuple(self._unreachable),
        )
