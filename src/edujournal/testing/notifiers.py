"""The conformance kit of channels: what the library asks of any notifier, as tests to inherit.

A channel of your own is put to it in a few lines::

    class TestOurChannel(edujournal.testing.notifiers.NotifierTests):
        @pytest.fixture
        def delivery(self, our_server):
            return Delivery(OurNotifier(our_server.url), our_server.received, "g-1@example.org")
"""

# ruff: noqa: S101, SIM300 - a promise is an assertion, expected == actual

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import pytest
from attrs import evolve

from edujournal.errors import NotDelivered
from edujournal.model.notices import Letter
from edujournal.ports import Notifier


class Received(NamedTuple):
    """What stands at the receiver's.

    Attributes:
        key: By what the receiver knows a letter for one that it has already.
        to: Address at which it arrived.
        said: All of its words that arrived, decoded.
    """

    key: str
    to: str
    said: str


class Delivery(NamedTuple):
    """A notifier, and how to see what it delivers.

    Attributes:
        notifier: The notifier.
        received: Gives all that has arrived, in the order of arrival.
        to: An address that receives.
        down: Takes the receiver away; None where that cannot be done.
        refused: An address that is never received; None where there is none.
    """

    notifier: Notifier
    received: Callable[[], Sequence[Received]]
    to: str
    down: Callable[[], Any] | None = None
    refused: str | None = None


#: Words that a channel must carry as they are.
ODD_WORDS: Final = (
    "Алгебра: отметка 5 – «отлично»",
    "5 < 6 & 7 > 3, \"так\" и 'этак'",
    "строка {to} и {secret.token}, %s, %(to)s, $to",
    "𝄞 ё й ё ﬁ 😀",
    "x" * 300,
)

#: Ends of lines that would begin a header, another address or another field.
BREAKS: Final = ("\r\n", "\n", "\r", "\x0b", "\x85", "\u2028")

_SMUGGLED: Final = "Bcc: thief@example.org"


def make_letter(to: str, n: int = 1, words: str = "Алгебра: отметка 5") -> Letter:
    """A letter, the *n*-th of its kind."""
    return Letter(
        key=f"{n:040x}",
        channel="under-test",
        to=to,
        language="ru",
        subject=f"Письмо {n}",
        brief=words,
        text=f"{words}\n.\n..\n\nконец\n",
        html=f"<!DOCTYPE html><html><body><p>{n}</p></body></html>",
        account="g-1",
        pupil="p-1",
        day="2026-09-18",
    )


class NotifierTests:
    """Inherit this, give ``delivery``, and the channel keeps every promise or the tests say which not.

    *Version added: 0.1.*
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        overridden = sorted(
            name for name in vars(cls) if name.startswith("test_") and hasattr(NotifierTests, name)
        )
        if overridden:
            raise TypeError(f"a promise cannot be overridden: {', '.join(overridden)}")

    @pytest.fixture
    def delivery(self) -> Delivery:
        """Give a notifier, and how to see what it delivers."""
        pytest.fail(f"{type(self).__name__} has no fixture 'delivery'")

    def test_a_letter_that_was_sent_has_arrived(self, delivery: Delivery) -> None:
        """When ``send`` has returned the letter is there, at its address, once."""
        delivery.notifier.send(make_letter(delivery.to))
        (found,) = delivery.received()
        assert delivery.to == found.to
        assert "Алгебра: отметка 5" in found.said

    def test_words_arrive_as_they_are(self, delivery: Delivery) -> None:
        """No letter, sign or place of a template is lost, changed or filled."""
        for n, words in enumerate(ODD_WORDS, 1):
            delivery.notifier.send(make_letter(delivery.to, n, words))
        for words, found in zip(ODD_WORDS, delivery.received(), strict=True):
            assert words in found.said

    def test_letters_arrive_in_the_order_of_sending(self, delivery: Delivery) -> None:
        """Twenty letters, each with a key of its own."""
        for n in range(1, 21):
            delivery.notifier.send(make_letter(delivery.to, n, f"Письмо номер {n};"))
        found = list(delivery.received())
        assert list(range(1, 21)) == [
            next(n for n in range(1, 21) if f"номер {n};" in one.said) for one in found
        ]
        assert 20 == len({one.key for one in found})

    def test_a_letter_that_comes_again_is_known_by_its_key(self, delivery: Delivery) -> None:
        """Whoever drops what has a key that he knows keeps one of two, and none of another letter."""
        for n in (1, 1, 2, 1):
            delivery.notifier.send(make_letter(delivery.to, n))
        assert 2 == len({one.key for one in delivery.received()})

    @pytest.mark.parametrize("field", ["subject", "to", "brief"])
    def test_nothing_in_a_letter_becomes_a_field_of_its_own(
        self, delivery: Delivery, field: str
    ) -> None:
        """What would begin a header is refused for good, or arrives as words, at one address."""
        taken = 0
        for n, sign in enumerate(BREAKS, 1):
            letter = make_letter(delivery.to, n)
            smuggling = evolve(letter, **{field: f"{getattr(letter, field)}{sign}{_SMUGGLED}"})
            refusal = _refusal(delivery.notifier, smuggling)
            assert refusal is None or refusal.for_good
            taken += refusal is None
        delivery.notifier.send(make_letter(delivery.to, 100))
        found = delivery.received()
        assert taken + 1 == len(found)
        assert delivery.to == found[-1].to
        for one in found:
            # At an address of two lines there is nobody; the thief alone is never one.
            assert delivery.to == one.to or one.to.startswith(delivery.to)

    def test_an_error_tells_no_address_and_no_words(self, delivery: Delivery) -> None:
        """What is reported of a failure may stand in any log."""
        if delivery.refused is None and delivery.down is None:
            pytest.skip("nothing of it can fail")
        to = delivery.refused or delivery.to
        if delivery.refused is None and delivery.down is not None:
            delivery.down()
        with pytest.raises(NotDelivered) as caught:
            delivery.notifier.send(make_letter(to))
        shown = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
        for secret in (to, to.partition("@")[0], "отметка", "Письмо"):
            assert secret not in shown

    def test_a_receiver_that_never_takes_it_is_told_from_one_that_is_down(
        self, delivery: Delivery
    ) -> None:
        """Only the first is for good, and other letters go on."""
        if delivery.refused is None:
            pytest.skip("it refuses nobody")
        with pytest.raises(NotDelivered) as caught:
            delivery.notifier.send(make_letter(delivery.refused))
        assert (True, False) == (caught.value.for_good, caught.value.whole_channel)
        delivery.notifier.send(make_letter(delivery.to, 2))
        assert [delivery.to] == [one.to for one in delivery.received()]

    def test_a_channel_that_is_down_says_so(self, delivery: Delivery) -> None:
        """Nothing of it is for good: the letter comes again."""
        if delivery.down is None:
            pytest.skip("it cannot be taken down")
        delivery.down()
        with pytest.raises(NotDelivered) as caught:
            delivery.notifier.send(make_letter(delivery.to))
        assert (False, True) == (caught.value.for_good, caught.value.whole_channel)


def _refusal(notifier: Notifier, letter: Letter) -> NotDelivered | None:
    """What a channel says against *letter*; None where it takes it."""
    try:
        notifier.send(letter)
    except NotDelivered as error:
        return error
    return None
