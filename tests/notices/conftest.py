"""A class of the sample school with guardians who asked to be told, and a clock that stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest

import edujournal as ej
from edujournal.adapters.outboxes import MemoryOutbox
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.model.notices import Letter
from edujournal.notices.subscriptions import Address, Channel, Subscription, Subscriptions
from edujournal.notifying import notify
from edujournal.testing.clocks import CountedSalts, StandingClock

LESSON = "7A-alg-0915"
ALG = "7A/alg/2026"
#: Ten in the morning of Tuesday, 15 September, in Moscow.
TEN = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)


class Box:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """Keep it."""
        self.letters.append(letter)

    def new(self) -> list[Letter]:
        """What came since it was asked last."""
        found, self.letters = self.letters, []
        return found


class Desk:
    """Journals, an outbox and a channel; one tick with a word."""

    def __init__(self, school, said, regulation="ru-school26-2023", store=None) -> None:
        self.clock = StandingClock(TEN)
        self.school = school
        self.journals = ej.Journals(
            store or MemoryStore(), school, regulation, clock=self.clock, entropy=CountedSalts()
        )
        self.said = said
        self.box = Box()
        self.outbox = MemoryOutbox()

    @property
    def notifiers(self):
        """The same channel for all."""
        return {one.name: self.box for one in self.said.channels}

    def at(self, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        """Set the clock, as it shows in Moscow."""
        self.clock.set(datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=3))

    def tick(self, **more):
        """One tick."""
        return notify(
            self.journals, self.said, self.notifiers, self.outbox, directory=self.school, **more
        )

    def told(self) -> list[Letter]:
        """One tick, and what it told."""
        self.tick()
        return self.box.new()

    def mark(self, value=5, pupil="p-17", lesson=LESSON, by="t-ivanova", **more):
        """Record a mark; give its number."""
        draft = ej.Mark(lesson=lesson, pupil=pupil, kind="oral", value=value, **more)
        return self.journals.record(draft, by=by).number

    def correct(self, number, by="t-ivanova", journal=ALG, **values):
        """Correct an entry."""
        draft = ej.Correction(journal=journal, entry=number, values=values, reason="Описка")
        return self.journals.record(draft, by=by).number

    def annul(self, number, by="t-ivanova", journal=ALG):
        """Annul an entry."""
        draft = ej.Annulment(journal=journal, entry=number, reason="Ошибка")
        return self.journals.record(draft, by=by).number


def words(letters: list[Letter]) -> list[str]:
    """What letters say in one line, without the pupil's name."""
    return [one.brief.partition(". ")[2] for one in letters]


@pytest.fixture
def school():
    """Class 7A of the sample school, and 7B, to which a pupil goes."""
    return ej.samples.school(["7A", "7B"])


@pytest.fixture
def said():
    """The guardians of three pupils have asked for mail about everything, at once."""
    return subscriptions(
        Subscription(account="g-17", channel="email"),
        Subscription(account="g-16", channel="email"),
        Subscription(account="g-18", channel="email"),
    )


def subscriptions(*rows, channels=("email",), **more):
    """Subscriptions with an address for everybody."""
    accounts = sorted({one.account for one in rows if one.account is not None})
    return Subscriptions(
        since=date(2026, 9, 1),
        channels=tuple(Channel(name=name) for name in channels),
        addresses=tuple(
            Address(account=one, on=dict.fromkeys(channels, f"{one}@example.org"))
            for one in accounts
        ),
        subscriptions=rows,
        **more,
    )


@pytest.fixture
def desk(school, said):
    """All of it."""
    return Desk(school, said)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for this machine, signed by itself, and its key: two files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"
