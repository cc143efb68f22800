"""trust-R1: whatever a loss of power leaves on the disk, nothing acknowledged is lost or made up."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from edujournal.adapters.stores.files import FileStore, disk
from edujournal.adapters.stores.files.disk import RealDisk
from edujournal.adapters.stores.files.feed import FEED
from edujournal.adapters.stores.files.names import file_name
from edujournal.ledger.records import Head
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from edujournal.testing.simulated import SimDisk
from tests.figures import cases, figure, seed
from tests.trust.power import Broken, Life

PARTS = 8

#: Crash states drawn after each step of the store.
DRAWS = 12


@pytest.mark.parametrize("part", range(PARTS))
def test_power_that_fails_at_any_moment_loses_nothing(part):
    """A million crash states: 0 acknowledged lost, 0 phantom, 0 unrecoverable.

    Lives of 20 to 200 appends to two books, with segments of the log, documents and new processes;
    after each single step of the disk the power fails in several ways, now and then again while the
    store recovers. What is found is compared to the byte, and each 256th time asked everything.
    """
    wanted = cases(1_000_000, 100_000_000) // PARTS
    begun = seed(part * 1_000_000)
    states = 0
    for number in count(begun):
        life = Life(number, appends=(20, 60, 200)[number % 3], draws=DRAWS)
        reached = life.run(wanted - states)
        # Life by life: a night that is broken off tells how far it came.
        figure("R1", "distinct crash states", reached)
        for harm in ("acknowledged lost", "phantom", "unrecoverable"):
            figure("R1", harm, 0)
        states += reached
        if states >= wanted:
            break


class Peeking(FileStore):
    """A store whose recovery asks the order of the school, too."""

    def append(self, school, book, records, expect):
        """Append, with a look into the order before."""
        with suppress(FileNotFoundError):
            self._disk.open(f"{file_name(school)}/{FEED}")
        super().append(school, book, records, expect)


def test_a_recovery_that_looks_into_what_is_left_out_of_comparing_is_found_out():
    """Disks that differ in order and keys alone are looked at once: a recovery must not open those."""
    life = Life(1, appends=20, draws=DRAWS, make=lambda disk: Peeking("", disk=disk))
    with pytest.raises(Broken, match=r"a recovery looks into .*feed\.txt"):
        life.run()


def script(store):
    """Something of everything that changes the disk."""
    made = make_records(Head(), 3, text="Да", key="k")
    for record in made:
        store.append(SCHOOL, BOOK, [record], record.number - 1)
    store.keep(SCHOOL, "regulation", b"{}")
    store.keep(SCHOOL, "regulation", b"{ }")
    store.append(SCHOOL, "b", [make_record(book="b")], 0)
    store.append(SCHOOL, BOOK, [make_record(head_of(made))], 3)


def test_the_real_disk_does_what_the_simulated_one_does(tmp_path, monkeypatch):
    """Call by call of the system, syncs of files and folders included: what R1 shows holds for both."""
    told = []
    paths = {}

    def opened(path, flags, mode=0o777):
        there = Path(path).exists()
        handle = os_open(path, flags, mode)
        paths[handle] = path
        if flags & os.O_CREAT and not there:
            told.append(f"create {relative(path)}")
        elif flags & os.O_TRUNC and there:
            told.append(f"empty {relative(path)}")
        return handle

    def relative(path):
        found = Path(path).relative_to(tmp_path).as_posix()
        return "" if found == "." else found

    def noting(verb, real):
        def call(handle, *given):
            result = real(handle, *given)
            told.append(f"{verb} {relative(paths[handle])}")
            return result

        return call

    def replacing(old, new):
        result = replace(old, new)
        told.append(f"rename {relative(new)}")
        return result

    def making(path, *given, **named):
        mkdir(path, *given, **named)
        told.append(f"make {relative(path)}")

    os_open, replace, mkdir = os.open, Path.replace, Path.mkdir
    monkeypatch.setattr(os, "open", opened)
    for name in ("write", "ftruncate", "fsync"):
        verb = {"ftruncate": "cut", "fsync": "sync"}.get(name, name)
        monkeypatch.setattr(os, name, noting(verb, getattr(os, name)))
    monkeypatch.setattr(disk, "_sync", noting("sync", disk._sync))
    monkeypatch.setattr(Path, "replace", replacing)
    monkeypatch.setattr(Path, "mkdir", making)
    script(FileStore(tmp_path, segment=1000))
    monkeypatch.undo()

    simulated = SimDisk()
    script(FileStore("", disk=simulated, segment=1000))
    assert simulated.steps == told
    assert any("log.0" in step for step in told)
    for path, content in simulated.image():
        place = tmp_path / path
        assert place.is_dir() or content == place.read_bytes()
    assert isinstance(FileStore(tmp_path)._disk, RealDisk)
