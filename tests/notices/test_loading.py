"""The file of subscriptions: what it says, and every fault of it with its path."""

from __future__ import annotations

from datetime import date, time

import pytest

import edujournal as ej
from edujournal.adapters.notifiers.folder import FolderNotifier
from edujournal.adapters.notifiers.http import HttpNotifier
from edujournal.adapters.notifiers.making import notifiers_of
from edujournal.adapters.notifiers.smtp import SmtpNotifier
from edujournal.errors import BadFile, BadInput
from edujournal.model.notices import OF_DIARY
from edujournal.notices.loading import subscriptions_from_plain
from edujournal.notices.subscriptions import Quiet, Subscription, Waits

WHOLE = """
since = 2026-09-01
language = "en"
school = "Школа № 26"
contact = "+7"
imported = true
quiet = { from = 21:00:00, until = "07:00" }
[waits]
first = 1
most = 30
[channels.email]
kind = "smtp"
host = "mail.example.org"
sender = "school@example.org"
user = "school"
password = "mail"
[channels.sms]
kind = "http"
discreet = true
url = "https://sms.example.org/"
headers = { Authorization = "Bearer {secret.token}" }
json = { to = "{to}", text = ["{brief}", 1, true] }
statuses = [200]
[channels.print]
kind = "folder"
folder = "prints"
[[address]]
account = "g-17"
email = "g17@example.org"
sms = "+7900"
language = "ru"
[[subscription]]
account = "g-17"
channel = "email"
[[subscription]]
account = "g-17"
pupil = "p-17"
channel = "sms"
kinds = ["absence"]
rhythm = "weekly"
weekday = 6
at = 12:30:00
quiet = { from = "00:00", until = "00:00" }
since = 2026-10-01
until = "2026-11-01"
[[subscription]]
role = "head"
channel = "email"
"""


def test_a_file_says_it_all(tmp_path):
    """Every field, in TOML's own values or as text."""
    place = tmp_path / "notices.toml"
    place.write_text(WHOLE, "utf-8")
    said = ej.load_subscriptions(place)
    assert (date(2026, 9, 1), "en", "Школа № 26", "+7", True) == (
        said.since, said.language, said.school, said.contact, said.imported,
    )  # fmt: skip
    assert Quiet(time(21), time(7)) == said.quiet
    assert Waits(first=1, most=30) == said.waits
    assert ["email", "sms", "print"] == [one.name for one in said.channels]
    assert [False, True, False] == [one.discreet for one in said.channels]
    first, second, third = said.subscriptions
    assert (OF_DIARY[:-1], "at_once") == (first.kinds, first.rhythm)
    assert second == Subscription(
        account="g-17", pupil="p-17", channel="sms", kinds=("absence",), rhythm="weekly",
        weekday=6, at=time(12, 30), quiet=Quiet(time(0), time(0)),
        since=date(2026, 10, 1), until=date(2026, 11, 1),
    )  # fmt: skip
    assert ("missing", "escalation") == third.kinds
    assert ("+7900", "ru", "en") == (
        said.address("g-17", "sms"), said.language_of("g-17"), said.language_of("head"),
    )  # fmt: skip
    assert ("g-17", None) == (said.address("g-17", "print"), said.address("head", "email"))
    made = notifiers_of(said, {"mail": "p", "token": "t"}, tmp_path)
    assert [SmtpNotifier, HttpNotifier, FolderNotifier] == [type(one) for one in made.values()]
    assert tmp_path / "prints" == made["print"].folder


LEAST = {"since": "2026-09-01", "channels": {"print": {"kind": "folder", "folder": "p"}}}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"since": None}, "notices: since"),
        ({"sinse": "2026-09-01"}, "Did you mean 'since'"),
        ({"since": "1 September"}, "a date such as 2026-09-01"),
        ({"language": "de"}, "unknown language"),
        ({"imported": "yes"}, "true or false"),
        ({"quiet": {"from": "21:00"}}, "a table such as { from"),
        ({"quiet": {"from": "25:00", "until": "07:00"}}, "a time of day"),
        ({"waits": {"first": 0}}, "waits.first: too small|too small.*waits.first"),
        ({"waits": {"first": "5 min"}}, "a whole number"),
        ({"channels": {"print": "folder"}}, "channels.print"),
        (
            {"channels": {"print": {"kind": "folder", "folder": "p", "discreet": 1}}},
            "true or false",
        ),
        ({"channels": {"print": {"folder": "p"}}}, "channels.print.kind"),
        ({"address": {"account": "g-1"}}, r"tables such as \[\[address\]\]"),
        ({"address": [{"account": "g-1", "mail": "x"}]}, r"address\[0\].mail"),
        ({"address": [{"account": "g-1", "print": "a\nb"}]}, "a line of text"),
        ({"address": [{"account": "g-1"}, {"account": "g-1"}]}, "there twice"),
        ({"subscription": [{"account": "g-1"}]}, r"subscription\[0\].channel"),
        ({"subscription": [{"account": "g-1", "channel": "mail"}]}, "unknown channel"),
        ({"subscription": [{"channel": "print"}]}, "either account or role"),
        (
            {"subscription": [{"channel": "print", "account": "a", "role": "head"}]},
            "either account",
        ),
        (
            {"subscription": [{"channel": "print", "account": "a/b"}]},
            "not a account|not an? account",
        ),
        (
            {"subscription": [{"channel": "print", "account": "a", "kinds": ["marks"]}]},
            "unknown kind",
        ),
        (
            {"subscription": [{"channel": "print", "account": "a", "rhythm": "hourly"}]},
            "unknown rhythm",
        ),
        (
            {"subscription": [{"channel": "print", "account": "a", "weekday": 0}]},
            "no day of the week",
        ),
        ({"subscription": [{"channel": "print", "account": "a", "at": 18}]}, "a time of day"),
        (
            {"subscription": [{"channel": "print", "account": "a", "kinds": "mark"}]},
            "a list of texts",
        ),
    ],
)
def test_every_fault_is_named_with_its_path(more, expected):
    """What was expected, what was found, and the nearest right word."""
    values = {name: value for name, value in (LEAST | more).items() if value is not None}
    with pytest.raises(BadFile, match=expected):
        subscriptions_from_plain(values)


def test_all_faults_are_named_at_once():
    """Not the first alone."""
    with pytest.raises(BadFile) as caught:
        subscriptions_from_plain({"channels": {}, "since": 1, "waits": 2, "x": 3})
    assert 3 <= len(caught.value.problems)


def test_a_subscription_that_leads_nowhere_is_told_at_once():
    """Nobody knows the address; who is told in a role is looked for later."""
    mail = {"email": {"kind": "smtp", "host": "h", "sender": "a@b"}}
    row = {"channel": "email", "account": "g-17"}
    with pytest.raises(BadFile, match="nobody knows where to reach it"):
        subscriptions_from_plain({"since": "2026-09-01", "channels": mail, "subscription": [row]})
    subscriptions_from_plain(
        {"since": "2026-09-01", "channels": mail,
         "subscription": [{"channel": "email", "role": "head"}]}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"since = ", "not TOML"), (b"\xff", "not UTF-8"), (None, "cannot be read")],
)
def test_a_file_that_is_none_is_told(tmp_path, content, expected):
    """With its name."""
    place = tmp_path / "notices.toml"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(BadFile, match=expected):
        ej.load_subscriptions(place)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ({"kind": "smpt"}, "Did you mean 'smtp'"),
        ({"kind": "smtp", "host": "h"}, "missing field.*channels.c.sender"),
        ({"kind": "smtp", "host": "h", "sender": "a@b", "prot": 1}, "Did you mean 'port'"),
        ({"kind": "smtp", "host": "h", "sender": "a@b", "port": "25"}, "a whole number"),
        (
            {"kind": "smtp", "host": "h", "sender": "a@b", "password": "hunter2"},
            "a secret that nobody gave",
        ),
        ({"kind": "smtp", "host": "h", "sender": "a@b", "security": "ssl"}, "channels.c.security"),
        ({"kind": "http"}, "channels.c.url"),
        ({"kind": "http", "url": "http://h/", "form": {"a": "{secret.no}"}}, "an unknown place"),
        ({"kind": "http", "url": "http://h/", "form": "a"}, "a table"),
        ({"kind": "folder"}, "channels.c.folder"),
        ({"kind": "http", "url": "http://h/", "statuses": ["200"]}, "channels.c.statuses"),
        ({"kind": "smtp", "host": "h", "sender": "a@b", "port": True}, "a whole number"),
        (
            {"kind": "smtp", "host": "h", "sender": "a@b", "trusted": "no-such.pem"},
            "channels.c.trusted",
        ),
        ({"kind": "smtp", "host": "h", "sender": "a@b", "password": 314159}, "found int"),
    ],
)
def test_a_channel_that_cannot_be_is_told(channel, expected, tmp_path):
    """Before anything is sent, with the path in the file, and without the password it may have."""
    said = subscriptions_from_plain({"since": "2026-09-01", "channels": {"c": channel}})
    with pytest.raises(BadInput, match=expected) as caught:
        notifiers_of(said, {"mail": "p"}, tmp_path)
    assert "password" not in channel or str(channel["password"]) not in str(caught.value)
