"""trust-S4: hostile files for every import are refused, or read, within limits; nothing is written."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import edujournal as ej
from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.exchange.csvset import write_set
from edujournal.adapters.schools.documents import to_json, to_plain, to_toml
from edujournal.adapters.signers.ed25519 import Ed25519Cosigner, Ed25519Signer
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ledger.notes import parse_note
from edujournal.ledger.requests import Request
from edujournal.sealing import Seals
from edujournal.testing.clocks import StandingClock
from tests.figures import cases, figure, seed
from tests.trust.hostile import PARSERS, corpus, mutated
from tests.trust.small import a_school

pytest.importorskip("icalendar", reason="the extra 'ical' is not installed")
pytest.importorskip("recurring_ical_events", reason="the extra 'ical' is not installed")
pytest.importorskip("resource", reason="this system has no limits for processes")

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
NAME = "school26.example"
SECONDS = 1.0

FET = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="5.37.0"><Institution_Name>Школа</Institution_Name>
<Days_List><Day><Name>Mon</Name></Day></Days_List>
<Hours_List><Hour><Name>1. 8:30</Name></Hour><Hour><Name>2. 9:30</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>alg</Name></Subject></Subjects_List>
<Teachers_List><Teacher><Name>T</Name></Teacher></Teachers_List>
<Students_List><Year><Name>A</Name><Group><Name>A1</Name></Group></Year></Students_List>
<Activities_List><Activity><Teacher>T</Teacher><Subject>alg</Subject><Students>A</Students>
<Duration>2</Duration><Id>7</Id><Active>true</Active></Activity></Activities_List>
<Time_Constraints_List><ConstraintActivityPreferredStartingTime>
<Weight_Percentage>100</Weight_Percentage><Activity_Id>7</Activity_Id><Preferred_Day>Mon</Preferred_Day>
<Preferred_Hour>1. 8:30</Preferred_Hour></ConstraintActivityPreferredStartingTime></Time_Constraints_List>
</fet>
"""
ICAL = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//t//t//EN
BEGIN:VEVENT
UID:e0
DTSTAMP:20260801T000000Z
SUMMARY:Алгебра
DTSTART;TZID=Europe/Moscow:20260907T083000
DTEND;TZID=Europe/Moscow:20260907T091500
RRULE:FREQ=WEEKLY;COUNT=4
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
SUBSCRIPTIONS = """since = 2026-09-01

[channels.mail]
kind = "smtp"
host = "mail.example"
sender = "school@school.example"

[[address]]
account = "mother"
mail = "mother@mail.example"

[[subscription]]
account = "mother"
channel = "mail"
"""
DRAFT = '{"record": "mark", "lesson": "l1", "pupil": "p-1", "kind": "oral", "value": 4.5}'
FINDING = '{"code": "after-close", "about": "lesson:l1", "journal": "7A/alg/2026", "pupil": null}'


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Parser → the files of a folder that it reads, the first one being that which is changed."""
    school = a_school()
    journals = ej.Journals(MemoryStore(), school, "ru-school26-2023", clock=StandingClock(NOW))
    for pupil in ("p-1", "p-2"):
        journals.record(ej.Comment(lesson="l0", pupil=pupil, comment="Да"), by="t-1")
    folder = tmp_path_factory.mktemp("good")
    entries = list(journals.entries("journal/7A/alg/2026"))
    write_set(folder / "set", school, entries)
    rows = {path.name: path.read_bytes() for path in (folder / "set").glob("*.csv")}
    signer, cosigner = Ed25519Signer.generate(NAME), Ed25519Cosigner.generate("w.example")
    kept = FolderCheckpoints(folder / "kept")
    seals = Seals(
        journals.store, "s-1", name=NAME, signers=[signer], checkpoints=kept, clock=lambda: NOW
    )
    seals.seal("2026")
    (note,) = kept.notes(seals.origin("2026"))
    regulation = ROOT / "src/edujournal/rules/regulations/ru-minpros-model.toml"
    case = ROOT / "tests/cases/2.10-border-same-act.case.toml"
    shared = {"small.school.toml": (ROOT / "tests/cases/small.school.toml").read_bytes()}
    plain = to_plain(school)
    contents = {
        "regulation": regulation.read_bytes(),
        "school": to_toml(plain).encode(),
        "school-json": to_json(school),
        "case": case.read_bytes(),
        "subscriptions": SUBSCRIPTIONS.encode(),
        "csvset": rows["entries.csv"],
        "rosters": rows["people.csv"],
        "fet": FET.encode(),
        "ical": ICAL.encode(),
        "draft": DRAFT.encode(),
        "finding": FINDING.encode(),
        "proof": bytes(seals.prove("journal/7A/alg/2026", 1)),
        "note": note,
        "request": bytes(Request(0, (bytes(32),), parse_note(note))),
        "public": cosigner.public.encode(),
        "pem": signer.to_pem(),
    }
    assert contents.keys() == PARSERS.keys()
    public = {"public.txt": signer.public.encode()}
    beside = {"case": shared, "csvset": rows, "rosters": rows, "proof": public}
    return {
        parser: ({PARSERS[parser][0]: content}, beside.get(parser, {}))
        for parser, content in contents.items()
    }


class Shelf:
    """Folders of hostile files, and what became of each."""

    def __init__(self, folder, good):
        self.folder, self.good = folder / "root", good
        self.must = set()
        for parser in good:
            self.put(parser, "good", self.content(parser))

    def content(self, parser):
        """The good file of a parser."""
        ((_, content),) = self.good[parser][0].items()
        return content

    def put(self, parser, name, content, *, must=False):
        """Lay a file where the child looks, with what has to lie beside it."""
        place = self.folder / parser / name
        place.mkdir(parents=True)
        for other, data in self.good[parser][1].items():
            (place / other).write_bytes(data)
        (place / PARSERS[parser][0]).write_bytes(content)
        if must:
            self.must.add(f"{parser}/{name}")

    def read(self):
        """Have all of it read by a process that may take 64 MiB; give what it told."""
        before = sorted(str(one) for one in self.folder.parent.rglob("*"))
        done = subprocess.run(
            [sys.executable, "-B", "-m", "tests.trust.hostile", str(self.folder)],
            capture_output=True, text=True, cwd=self.folder.parent, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert before == sorted(str(one) for one in self.folder.parent.rglob("*"))
        assert [] == told.pop()["tried"]
        return told

    def check(self):
        """Everything was read or refused, in time; what had to be refused was. Give how many."""
        told = self.read()
        found = {one["file"]: one for one in told}
        assert [] == [one for one in told if one["told"] not in ("read", "refused")]
        assert [] == [one for one in told if one["seconds"] > SECONDS]
        assert [] == sorted(one for one in self.must if found[one]["told"] != "refused")
        return found


def test_hostile_files_are_refused_within_limits(good, tmp_path):
    """Bombs of every sort for every parser: no other error, 64 MiB, 1 s each, nothing written."""
    shelf = Shelf(tmp_path, good)
    for parser in good:
        for name, content, must in corpus(parser, shelf.content(parser)):
            shelf.put(parser, name, content, must=must and (parser, name) not in MAY_BE_READ)
    found = shelf.check()
    hostile = [one for file, one in found.items() if not file.endswith("/good")]
    assert len(hostile) >= 200
    figure("S4", "hostile files", len(hostile))
    figure("S4", "refused", sum(one["told"] == "refused" for one in hostile))
    figure("S4", "longest", round(max(one["seconds"] for one in hostile), 2), "s")
    figure("S4", "other errors", 0)
    figure("S4", "writes", 0)


#: What is no harm to a parser, though it is to others.
MAY_BE_READ: set[tuple[str, str]] = set()


def test_changed_files_are_refused_or_read(good, tmp_path):
    """Good files with a few things changed, from a seed: no other error, and no limit is met."""
    chance = random.Random(seed(4))
    shelf = Shelf(tmp_path, good)
    wanted = cases(600, 30_000)
    for start in range(0, wanted, 3_000):
        shutil.rmtree(shelf.folder)
        shelf = Shelf(tmp_path, good)
        for number in range(start, min(start + 3_000, wanted)):
            parser = sorted(good)[number % len(good)]
            shelf.put(parser, f"m{number}", mutated(shelf.content(parser), chance))
        shelf.check()
    figure("S4", "changed files", wanted)


def test_a_file_of_a_set_is_no_way_out(good, tmp_path):
    """A symbolic link in a folder that came from elsewhere is not followed, and not read aloud."""
    secret = tmp_path / "secret"
    secret.write_text("id,kind\nверните,деньги\n", "utf-8")
    shelf = Shelf(tmp_path, good)
    path = shelf.folder / "rosters" / "good" / "people.csv"
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(ej.BadFile, match=r"people\.csv") as caught:
        PARSERS["rosters"][1](path)

    assert "symbolic link" in str(caught.value)
    assert "верните" not in str(caught.value)
