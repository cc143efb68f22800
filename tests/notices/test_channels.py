"""Mail, a gateway and a folder, each put to the kit and to what is its own; the servers are real ones."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from edujournal.adapters.notifiers.folder import FolderNotifier
from edujournal.adapters.notifiers.http import Gateway, HttpNotifier
from edujournal.adapters.notifiers.smtp import SmtpNotifier
from edujournal.errors import BadInput, NotDelivered
from edujournal.testing.notifiers import Delivery, NotifierTests, Received, make_letter
from tests.notices.servers import Kept, gateway, smtp

TO = "g-17@example.org"


def arrived(server):
    """The messages of a mail server, as the kit looks at them."""
    return [
        Received(one.key, ", ".join(one.to), f"{one.message['Subject']}\n{one.part('plain')}")
        for one in server.mail()
    ]


def delivered(server, notifier):
    """A mail server as the kit asks for it."""
    return Delivery(notifier, lambda: arrived(server), TO, server.stop, "nobody@example.org")


@pytest.fixture(scope="module")
def plain_mail(tmp_path_factory):
    """A server without any security."""
    kept = Kept("smtp_server.py", tmp_path_factory.mktemp("mail"))
    yield kept
    kept.stop()


@pytest.fixture(scope="module")
def tls_mail(tmp_path_factory, certificate):
    """TLS from the first byte, and a login."""
    cert, key = map(str, certificate)
    asked = {"security": "tls", "certificate": cert, "key": key, "login": True}
    kept = Kept("smtp_server.py", tmp_path_factory.mktemp("mail"), **asked)
    yield kept
    kept.stop()


@pytest.fixture(scope="module")
def sms(tmp_path_factory):
    """A gateway that takes JSON."""
    kept = Kept("http_server.py", tmp_path_factory.mktemp("sms"))
    yield kept
    kept.stop()


class TestPlainMail(NotifierTests):
    @pytest.fixture
    def delivery(self, plain_mail):
        """Nobody is asked who he is."""
        server = plain_mail.fresh()
        with SmtpNotifier(
            "127.0.0.1", "school@example.org", port=server.port, security="plain", timeout=5
        ) as notifier:
            yield delivered(server, notifier)


class TestMailOverTls(NotifierTests):
    @pytest.fixture
    def delivery(self, tls_mail, certificate):
        """The certificate is one that we trust."""
        server = tls_mail.fresh()
        with SmtpNotifier(
            "localhost", "school@example.org", port=server.port, security="tls",
            trusted=str(certificate[0]), user="school", password="secret", timeout=5,
        ) as notifier:  # fmt: skip
            yield delivered(server, notifier)


class TestGateway(NotifierTests):
    @pytest.fixture
    def delivery(self, sms):
        """Keys are the gateway's own ids of clients."""
        server = sms.fresh()
        asked = Gateway(
            url=f"http://127.0.0.1:{server.port}/send",
            headers={"Authorization": "Bearer {secret.token}"},
            json={"phone": "{to}", "text": "{brief}", "client_id": "{key}", "ttl": 60},
            answer={"status": "OK", "messages.0.code": 0},
            timeout=5,
        )

        def received():
            return [
                Received(row["said"]["client_id"], row["said"]["phone"], row["said"]["text"])
                for row in server.rows()
            ]

        with HttpNotifier(asked, {"token": "t-1"}) as notifier:
            yield Delivery(notifier, received, "+7 900 000-00-17", server.stop, "+7-never")


class TestFolder(NotifierTests):
    @pytest.fixture
    def delivery(self, tmp_path):
        """A folder; whoever gets the print-out is no address."""
        folder = tmp_path / "prints"

        def received():
            files = sorted(folder.rglob("*.txt"), key=lambda one: one.stat().st_mtime_ns)
            return [
                Received(one.stem.rpartition("-")[2], TO, one.read_text("utf-8")) for one in files
            ]

        class Distinct(FolderNotifier):
            """The kit's keys differ at their ends."""

            def send(self, letter):
                super().send(evolve(letter, key=letter.key[::-1]))

        def down():
            """A file stands where the folder was."""
            shutil.rmtree(folder, ignore_errors=True)
            folder.write_text("")

        return Delivery(Distinct(folder), received, TO, down)


# -- mail ------------------------------------------------------------------------------------------


def test_a_message_has_two_parts_and_says_that_a_program_sent_it(tmp_path):
    """Text first, then HTML; sender by name; no vacation notes in answer."""
    with smtp(tmp_path / "mail") as server:
        notifier = SmtpNotifier(
            "127.0.0.1", "school@школа.рф", name="Школа № 26", port=server.port, security="plain"
        )
        notifier.send(make_letter("g-1@почта.рф"))
        notifier.close()
        (found,) = server.mail()
    message = found.message
    assert "multipart/alternative" == message.get_content_type()
    assert ["text/plain", "text/html"] == [one.get_content_type() for one in message.iter_parts()]
    assert "Школа № 26" == message["From"].addresses[0].display_name
    assert "xn--80atdl2c.xn--p1ai" == message["From"].addresses[0].domain
    assert ["g-1@xn--80a1acny.xn--p1ai"] == found.to
    assert "auto-generated" == message["Auto-Submitted"]
    assert "ru" == message["Content-Language"]
    assert re.fullmatch(r"<0{39}1@xn--80atdl2c\.xn--p1ai>", message["Message-ID"])
    assert make_letter("").text == found.part("plain")
    assert make_letter("").html == found.part("html").rstrip("\n")


def test_mail_goes_over_starttls_with_a_login(tmp_path, certificate):
    """The password goes only after the connection is ciphered."""
    cert, key = map(str, certificate)
    asked = {"security": "starttls", "certificate": cert, "key": key, "login": True}
    with smtp(tmp_path / "mail", **asked) as server:
        with SmtpNotifier("localhost", "s@example.org", port=server.port, trusted=cert,
                          user="school", password="secret") as notifier:  # fmt: skip
            notifier.send(make_letter(TO))
        (found,) = server.mail()
        assert (True, True) == (found.tls, found.login)
        wrong = SmtpNotifier("localhost", "s@example.org", port=server.port, trusted=cert,
                             user="school", password="wrong")  # fmt: skip
        with pytest.raises(NotDelivered, match=r"does not let us in \(SMTP 535\)") as caught:
            wrong.send(make_letter(TO))
        assert caught.value.whole_channel


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path, certificate, security):
    """Its certificate is signed by itself, and not trusted: no letter and no password goes there."""
    cert, key = map(str, certificate)
    with smtp(tmp_path / "mail", security=security, certificate=cert, key=key) as server:
        notifier = SmtpNotifier("localhost", "s@example.org", port=server.port, security=security)
        with pytest.raises(NotDelivered, match="SSLCertVerificationError") as caught:
            notifier.send(make_letter(TO))
        assert caught.value.whole_channel
        assert [] == server.mail()


@pytest.mark.parametrize("security", ["starttls"])
def test_a_server_without_starttls_gets_nothing(tmp_path, security):
    """Somebody on the way may take the word out of its greeting."""
    with smtp(tmp_path / "mail") as server:
        notifier = SmtpNotifier("127.0.0.1", "s@example.org", port=server.port, security=security)
        with pytest.raises(NotDelivered, match="SMTPNotSupportedError"):
            notifier.send(make_letter(TO))
        assert [] == server.mail()


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"security": "ssl"}, "unknown kind of security"),
        ({"security": "plain", "user": "u", "password": "p"}, "anybody on the way could read"),
        ({"sender": "school"}, "not an address"),
        ({"sender": "a@b\r\nBcc: c@d"}, "not an address"),
        ({"sender": "a@b, c@d"}, "not an address"),
    ],
)
def test_mail_that_cannot_be_set_up_so_is_told_at_once(more, what):
    """Before any letter is sent."""
    with pytest.raises(BadInput, match=what):
        SmtpNotifier("localhost", **({"sender": "s@example.org"} | more))


@pytest.mark.parametrize(
    "to", ["", "g-17", "@example.org", "a@b, c@d", "a@b\nBcc: c@d", "<a@b>", "иван@почта.рф"]
)
def test_what_is_no_address_is_refused_for_good(to):
    """Nothing is asked of a server."""
    with pytest.raises(
        NotDelivered, match="an address or a subject that no mail can have"
    ) as caught:
        SmtpNotifier("localhost", "s@example.org", port=1).send(make_letter(to))
    assert caught.value.for_good


def test_a_connection_that_the_server_closed_meanwhile_costs_no_letter(tmp_path):
    """The next letter finds it closed and opens another."""
    with smtp(tmp_path / "first") as server:
        notifier = SmtpNotifier("127.0.0.1", "s@example.org", port=server.port, security="plain")
        notifier.send(make_letter(TO, 1))
        port = server.port
    with smtp(tmp_path / "second", port=port) as server:
        notifier.send(make_letter(TO, 2))
        notifier.close()
        assert 1 == len(server.mail())


# -- gateways --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["json", "form"])
def test_a_gateway_is_asked_as_the_data_say(tmp_path, shape):
    """Any method; fields in JSON or in a form."""
    with gateway(tmp_path / "sms") as server:
        fields = {"phone": "{to}", "text": "{subject}: {brief}", "who": "{secret.user}"}
        asked = Gateway(
            url=f"http://127.0.0.1:{server.port}/v1/send", method="PUT",
            headers={"X-Key": "{key}"}, **{shape: fields},
        )  # fmt: skip
        with HttpNotifier(asked, {"user": "школа"}) as notifier:
            notifier.send(make_letter("+7900", 3, "5 & 6 = 11 + {to}"))
        (row,) = server.rows()
    said = row["said"]
    assert {"phone": "+7900", "text": "Письмо 3: 5 & 6 = 11 + {to}", "who": "школа"} == said
    assert ("/v1/send", f"{3:040x}") == (row["path"], row["headers"]["X-Key"])


@pytest.mark.parametrize(
    ("to", "what", "for_good", "whole"),
    [
        ("+7-never", r"HTTP 422", True, False),
        ("+7-money", r"HTTP 402", False, True),
        ("+7-busy", r"HTTP 503", False, False),
        ("+7-says-no", r"messages\.0\.code is another", False, False),
        ("+7-no-json", r"not JSON", False, False),
    ],
)
def test_what_a_gateway_says_decides(tmp_path, to, what, for_good, whole):
    """Status and answer, as the data say; what it quotes of the number is not told."""
    with gateway(tmp_path / "sms") as server:
        asked = Gateway(
            url=f"http://127.0.0.1:{server.port}/", form={"phone": "{to}"},
            answer={"messages.0.code": 0},
        )  # fmt: skip
        with HttpNotifier(asked) as notifier, pytest.raises(NotDelivered, match=what) as caught:
            notifier.send(make_letter(to))
    assert (for_good, whole) == (caught.value.for_good, caught.value.whole_channel)
    assert to not in str(caught.value)


def test_no_log_of_anybody_tells_what_was_sent(tmp_path, caplog):
    """Not even that of httpx, which tells the URL of every request."""
    caplog.set_level(0)
    with gateway(tmp_path / "sms") as server, smtp(tmp_path / "mail") as mail:
        asked = Gateway(
            url=f"http://127.0.0.1:{server.port}/", headers={"X-Token": "{secret.t}"},
            form={"phone": "{to}", "text": "{brief}"},
        )  # fmt: skip
        with HttpNotifier(asked, {"t": "s3cret"}) as notifier:
            notifier.send(make_letter("+79001234567", words="Тайна"))
        with SmtpNotifier(
            "127.0.0.1", "s@example.org", port=mail.port, security="plain"
        ) as notifier:
            notifier.send(make_letter(TO, words="Тайна"))
        assert (1, 1) == (len(server.rows()), len(mail.rows()))
    assert "HTTP/1.1 200" in caplog.text
    for secret in ("79001234567", "s3cret", "Тайна", "%D0%A2", TO):
        assert secret not in caplog.text


def test_a_long_text_is_cut_for_a_gateway(tmp_path):
    """At its length, with a sign that something lacks."""
    with gateway(tmp_path / "sms") as server:
        asked = Gateway(
            url=f"http://127.0.0.1:{server.port}/", form={"text": "{brief}"}, longest=70
        )
        with HttpNotifier(asked) as notifier:
            notifier.send(make_letter("+7", words="ж" * 71))
            notifier.send(make_letter("+7", words="ж" * 70))
        assert ["ж" * 69 + "…", "ж" * 70] == [row["said"]["text"] for row in server.rows()]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"url": "http://x/{to}"}, "a place in a URL"),
        ({"form": {"a": "{fone}"}}, "an unknown place"),
        ({"json": {"a": ["{secret.token}"]}}, "an unknown place"),
        ({"json": {}, "form": {"a": "b"}}, "two bodies"),
    ],
)
def test_a_gateway_that_cannot_be_asked_so_is_told_at_once(more, what):
    """Before any letter is sent."""
    with pytest.raises(BadInput, match=what):
        HttpNotifier(Gateway(**({"url": "http://127.0.0.1"} | more)))


def test_httpx_is_loaded_by_who_sends_over_it_only():
    """Mail and print-outs need no extra."""
    code = (
        "import sys, edujournal.notifying, edujournal.adapters.notifiers.making as m,"
        "edujournal.adapters.notifiers.http; sys.exit('httpx' in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


# -- folders ---------------------------------------------------------------------------------------


def test_print_outs_lie_by_day_and_pupil(tmp_path):
    """Ids that are no names of files are written as such; what is not of a day is news."""
    notifier = FolderNotifier(tmp_path)
    notifier.send(evolve(make_letter(""), pupil="../п 1", account="con", key="a" * 40))
    notifier.send(evolve(make_letter(""), pupil=None, day="", key="b" * 40))
    found = sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*.*"))
    assert found == [
        "2026-09-18/%2E%2E%2F%D0%BF%201-con-aaaaaaaaaaaa.html",
        "2026-09-18/%2E%2E%2F%D0%BF%201-con-aaaaaaaaaaaa.txt",
        "news/g-1-bbbbbbbbbbbb.html",
        "news/g-1-bbbbbbbbbbbb.txt",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which folder a handle is of")
def test_print_outs_are_on_the_disk_before_they_count(tmp_path, monkeypatch):
    """The names of both files, and of the folders that were made for them: each synced after it came."""
    synced, sync = [], os.fsync

    def noted(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            place = Path(f"/proc/self/fd/{handle}").readlink()
            synced.append((place, {one.name.rpartition(".")[2] for one in place.iterdir()}))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    prints = tmp_path / "prints"
    notifier = FolderNotifier(prints)
    notifier.send(make_letter(""))
    day = (prints / "2026-09-18", {"html", "txt"})
    assert [(tmp_path, {"prints"}), (prints, {"2026-09-18"}), day] == synced
    synced.clear()
    notifier.send(make_letter("", 2))
    assert [day] == synced


def test_a_folder_that_cannot_be_written_is_down(tmp_path):
    """Nothing is left of what was begun, and no path of it is told."""
    (tmp_path / "prints").write_text("")
    with pytest.raises(
        NotDelivered, match=r"^the folder cannot be written \(NotADirectoryError\)$|FileExistsError"
    ) as caught:
        FolderNotifier(tmp_path / "prints").send(make_letter(""))
    assert caught.value.whole_channel


def test_a_sender_whom_the_server_refuses_is_a_fault_of_the_whole_channel(tmp_path):
    """No other letter would fare better; what the server says of him is not told."""
    with smtp(tmp_path / "mail", refuses="s@example.org") as server:
        notifier = SmtpNotifier("127.0.0.1", "s@example.org", port=server.port, security="plain")
        with pytest.raises(NotDelivered, match=r"^the sender was refused \(SMTP 553\)$") as caught:
            notifier.send(make_letter(TO))
        notifier.close()
        assert (False, True) == (caught.value.for_good, caught.value.whole_channel)


def test_a_letter_that_the_server_will_not_have_is_refused_for_good(tmp_path):
    """Its content, and not its receiver: others go on."""
    with smtp(tmp_path / "mail", dislikes=f"{7:040x}") as server:
        notifier = SmtpNotifier("127.0.0.1", "s@example.org", port=server.port, security="plain")
        with pytest.raises(NotDelivered, match=r"^the letter was refused \(SMTP 554\)$") as caught:
            notifier.send(make_letter(TO, 7))
        assert (True, False) == (caught.value.for_good, caught.value.whole_channel)
        notifier.send(make_letter(TO, 8))
        notifier.close()
        assert 1 == len(server.mail())


def test_an_error_of_delivery_can_be_pickled():
    """It may come from a worker of the host's."""
    import pickle

    error = pickle.loads(pickle.dumps(NotDelivered("no answer", for_good=True, whole_channel=True)))  # noqa: S301
    assert ("no answer", True, True) == (error.what, error.for_good, error.whole_channel)
