"""`edujournal notify`: one tick over a store, its outbox beside it, a real mail server behind it."""

from __future__ import annotations

import json

import pytest

from edujournal.cli import main
from tests.notices.servers import smtp

FILE = """
since = 2026-09-01
school = "School 26"
[channels.email]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "plain"
sender = "school@example.org"
[channels.print]
kind = "folder"
folder = "prints"
[[address]]
account = "g-17"
email = "{to}"
language = "en"
[[subscription]]
account = "g-17"
channel = "email"
kinds = ["mark"]
[[subscription]]
account = "g-17"
channel = "print"
kinds = ["diary"]
"""

AT = "2026-10-20T12:00:00+03:00"


@pytest.fixture
def run(copied, tmp_path, capsys):
    """Run it on a copy of the tour's store; give the exit code and what was printed."""

    def run(*options, port=1, to="g17@example.org", more=""):
        place = tmp_path / "notices.toml"
        place.write_text(FILE.format(port=port, to=to) + more, "utf-8")
        capsys.readouterr()
        at = [] if "--at" in options else ["--at", AT]
        where = ["--store", f"sqlite:///{copied}", "--notices", str(place)]
        code = main(["notify", *where, *at, *options])
        return code, capsys.readouterr()

    return run


def test_what_is_new_is_sent_once(run, tmp_path):
    """The outbox is in the database of the journals; the print-outs lie beside the file."""
    with smtp(tmp_path / "mail") as server:
        code, said = run("--json", port=server.port)
        assert 0 == code, said
        rows = [json.loads(line) for line in said.out.splitlines()]
        mail = server.mail()
        assert mail
        assert "School 26" in mail[0].part("plain")
        sent = {row["letter"] for row in rows if row.get("sent") is True and "letter" in row}
        assert {one.key[1:].partition("@")[0] for one in mail} <= sent
        assert {"arisen", "sent", "failed", "withdrawn", "waiting", "undeliverable"} == set(
            rows[-1]
        )
        code, said = run("--json", port=server.port)
        assert (0, 0) == (code, json.loads(said.out.splitlines()[-1])["sent"])
        assert len(mail) == len(server.mail())
    assert list((tmp_path / "prints").rglob("*-g-17-*.html"))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_what_is_not_sent_is_told_without_names(run, lang, tmp_path):
    """The exit code is 1; channel, key and what happened, and no address."""
    code, said = run("--lang", lang, "--outbox", f"file:{tmp_path / 'box'}")
    assert 1 == code
    assert "(ConnectionRefusedError)" in said.out
    assert "example.org" not in said.out + said.err
    assert list((tmp_path / "box").glob("*.jsonl"))


@pytest.mark.search
def test_what_was_set_aside_is_tried_again_when_it_is_asked_for(run, tmp_path):
    """A mailbox that is not there: the third refusal sets the letter aside, --again tries it."""
    with smtp(tmp_path / "mail") as server:
        for _ in range(3):
            code, said = run("--json", "--again", port=server.port, to="nobody@example.org")
        last = json.loads(said.out.splitlines()[-1])
        assert 1 == code
        assert last["undeliverable"]
        assert None in [json.loads(line).get("next", 0) for line in said.out.splitlines()]
        code, said = run(port=server.port, to="nobody@example.org")
        assert (1, True) == (code, "Set aside" in said.out)
        code, said = run("--again", port=server.port)
        assert 0 == code, said
        assert server.mail()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--outbox", "notices.db"), "not an outbox"),
        (("--outbox", "file:"), "not an outbox"),
        (("--secrets", "missing.toml"), "cannot be read"),
        (("--at", "2100-01-01T00:00:00+03:00"), "has not come"),
    ],
)
def test_misuse_is_told(run, options, expected):
    """Exit code 2, one clear line."""
    code, said = run(*options)
    assert 2 == code
    assert expected in said.err


@pytest.mark.parametrize("content", ['mail = "s3cret', "mail = 5", "[mail]\na = 's3cret'"])
def test_a_file_of_secrets_is_never_quoted(run, tmp_path, content):
    """Not even where it is at fault."""
    place = tmp_path / "secrets.toml"
    place.write_text(content)
    code, said = run("--secrets", str(place))
    assert 2 == code
    assert "s3cret" not in said.err + said.out


@pytest.mark.search
def test_who_cannot_be_reached_is_named_once_a_channel(run, tmp_path, capsys):
    """All accounts in one place; nothing of them is lost, and the exit code says so."""
    code, said = run(
        "--outbox",
        f"file:{tmp_path / 'box'}",
        more="""
[[subscription]]
role = "teacher"
channel = "email"
""",
    )
    assert 1 == code
    assert 1 == said.out.count("No address (email)")
    assert "t-ivanova" in said.out
