"""Servers of the tests of notices: processes of their own, and what they took."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Taken(NamedTuple):
    """A message that a mail server took."""

    to: list[str]
    message: EmailMessage
    tls: bool
    login: bool

    @property
    def key(self) -> str:
        """By what mailboxes know a message that they have already."""
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """The text of one of its two parts."""
        body = self.message.get_body((kind,))
        assert body is not None
        return body.get_content().replace("\r\n", "\n")


class Running:
    """A server process, its port, and the file into which it writes what it took."""

    def __init__(self, script: str, file: Path, **asked: Any) -> None:
        self._file = file
        self._process = subprocess.Popen(
            [sys.executable, HERE / script, json.dumps({"file": str(file), **asked})],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.skipped = 0
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def rows(self) -> list[dict[str, Any]]:
        """What it took, in order."""
        if not self._file.exists():
            return []
        lines = self._file.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines[self.skipped :]]

    def mail(self) -> list[Taken]:
        """The messages it took, in order."""
        return [
            Taken(
                row["to"],
                message_from_bytes(base64.b64decode(row["content"]), policy=default),  # type: ignore[arg-type]
                row["tls"],
                row["login"],
            )
            for row in self.rows()
        ]

    def plainly(self) -> list[tuple[str, str, str]]:
        """Key, receiver and text of each message, read as quickly as a thousand of them ask for."""
        found = []
        for row in self.rows():
            message = message_from_bytes(base64.b64decode(row["content"]))
            text = message.get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
            found.append((str(message["Message-ID"]), row["to"][0], text.replace("\r\n", "\n")))
        return found

    @property
    def is_there(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


class Kept:
    """A server for several tests, that each finds empty; it is started anew where one has ended it."""

    def __init__(self, script: str, folder: Path, **asked: Any) -> None:
        self._script, self._file, self._asked = script, folder / "taken", asked
        self._running: Running | None = None

    def fresh(self) -> Running:
        """The server, as if it had taken nothing yet."""
        if self._running is None or not self._running.is_there:
            self._running = Running(self._script, self._file, **self._asked)
        self._running.skipped = 0
        self._running.skipped = len(self._running.rows())
        return self._running

    def stop(self) -> None:
        """End it."""
        if self._running is not None:
            self._running.stop()


@contextmanager
def smtp(file: Path, **asked: Any) -> Iterator[Running]:
    """A mail server; see ``smtp_server.py``."""
    server = Running("smtp_server.py", file, **asked)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def gateway(file: Path) -> Iterator[Running]:
    """A gateway; see ``http_server.py``."""
    server = Running("http_server.py", file)
    try:
        yield server
    finally:
        server.stop()
