"""The command itself is killed, at moments that chance names, until nothing waits any more."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

import edujournal as ej
from edujournal.adapters.schools import keep, keep_regulations
from edujournal.adapters.stores.sql import SqlStore
from tests.notices.conftest import LESSON, TEN
from tests.notices.servers import smtp

NOTICES = """
since = 2026-09-01
[channels.email]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "plain"
sender = "school@example.org"
"""
ROW = """
[[address]]
account = "{0}"
email = "{0}@example.org"
[[subscription]]
account = "{0}"
channel = "email"
"""


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 9))
def test_a_command_that_is_killed_loses_nothing(tmp_path, seed):
    """Each mark of a class is told; one receiver in its order; what came twice has one key."""
    chance = random.Random(seed)
    school = ej.samples.school(["7A"])
    pupils = sorted(school.facts().roll(school.facts().calendars[0], "7A", TEN.date()))
    url = f"sqlite:///{tmp_path / 'school.db'}"
    with SqlStore(url) as store:
        journals = ej.Journals(store, school, "ru-school26-2023", clock=lambda: TEN)
        for kind in ("oral", "classwork", "homework"):
            marks = [ej.Mark(lesson=LESSON, pupil=one, kind=kind, value=4) for one in pupils]
            journals.record_many(marks, by="t-ivanova")
        keep(store, school)
        keep_regulations(store, school.id, "ru-school26-2023")
    with smtp(tmp_path / "mail", faults={"unanswered": 50}, seed=seed) as server:
        notices = tmp_path / "notices.toml"
        guardians = [f"g-{one[2:]}" for one in pupils]
        notices.write_text(NOTICES.format(port=server.port) + "".join(map(ROW.format, guardians)))
        command = [
            sys.executable, "-c", "import sys; from edujournal.cli import main; sys.exit(main())",
            "notify", "--store", url, "--notices", str(notices), "--again",
        ]  # fmt: skip
        kills = 0
        for _ in range(60):
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                # While the first letters go: they are seen at the receiver's.
                before = len(server.rows())
                while kills < 6 and process.poll() is None and len(server.rows()) <= before:
                    time.sleep(0.005)
                if kills < 6 and process.poll() is None:
                    process.wait(chance.uniform(0, 0.1))
                assert process.wait(60) in (0, 1)
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
            finally:
                process.wait(10)
            if process.returncode == 0:
                break
        else:
            pytest.fail("something waits for ever")
        messages = server.plainly()
    assert kills
    keys = {}
    for key, to, text in messages:
        kept = keys.setdefault(to, {})
        kept.setdefault(key, text.partition("(")[2].partition(")")[0])
    expected = ["устный ответ", "работа на уроке", "домашняя работа"]
    assert {f"{one}@example.org": expected for one in guardians} == {
        to: list(kept.values()) for to, kept in keys.items()
    }
