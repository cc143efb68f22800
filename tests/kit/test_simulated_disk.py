"""The simulated disk holds after a loss of power what a real one might, and nothing else."""

from __future__ import annotations

import random

import pytest

from edujournal.testing.simulated import SimDisk


def worlds(disk, count=400):
    """What may be found after a loss of power at this moment."""
    chance = random.Random(3)
    return [dict(disk.without_power(chance).image()) for _ in range(count)]


def put(disk, path, data, *, at=0, synced=True):
    """Write to a file that exists."""
    with disk.open(path, edit=True) as file:
        file.write(at, data)
        if synced:
            file.sync()


@pytest.fixture
def disk():
    """A disk with one file of ten bytes, all of it synced."""
    disk = SimDisk()
    disk.make_folder("d")
    disk.create("d/f")
    put(disk, "d/f", b"0123456789")
    disk.sync_folder("d")
    return disk


def test_what_was_synced_is_there(disk):
    """Bytes and names that were synced survive, every time."""
    assert not disk.unsynced
    assert [{"": b"", "d": b"", "d/f": b"0123456789"}] * 400 == worlds(disk)


def test_what_was_not_synced_is_lost_whole_or_torn(disk):
    """A write of three bytes behind the end: none, some, zeros, junk, all."""
    put(disk, "d/f", b"abc", at=10, synced=False)
    found = {world["d/f"] for world in worlds(disk)}

    assert all(content.startswith(b"0123456789") for content in found)
    assert {b"", b"abc", b"ab", b"a", b"\0", b"\0\0\0", b"\0\0c"} <= {c[10:] for c in found}
    assert any(not set(content[10:]) <= set(b"abc\0") for content in found)
    assert disk.content("d/f") == b"0123456789abc"


def test_writes_are_not_kept_in_their_order(disk):
    """The second of two writes may be there without the first."""
    put(disk, "d/f", b"A", synced=False)
    put(disk, "d/f", b"Z", at=9, synced=False)
    found = {world["d/f"] for world in worlds(disk)}

    assert {b"012345678Z", b"A12345678Z", b"A123456789"} <= found


def test_names_are_synced_by_their_folder(disk):
    """A synced file without its name is not there; two new names come in any order."""
    for name in "gh":
        disk.create(f"d/{name}")
        put(disk, f"d/{name}", b"x")
    found = {"".join(sorted(p[-1] for p in world if p[:2] == "d/")) for world in worlds(disk)}
    assert {"f", "fg", "fh", "fgh"} == found

    disk.sync_folder("d")
    assert {"f", "g", "h"} == {path[-1] for path in worlds(disk, 1)[0] if path[:2] == "d/"}


def test_a_rename_happens_or_not(disk):
    """The old content or the new one under the name, never none."""
    disk.create("d/f.new")
    put(disk, "d/f.new", b"new")
    disk.rename("d/f.new", "d/f")

    assert {b"0123456789", b"new"} == {world["d/f"] for world in worlds(disk)}


def test_a_refused_sync_is_no_sync_and_neither_is_the_next(disk):
    """After the error the system shows what was written, and the next sync says well; it is not there."""
    answers = [True, False]
    disk._refuses = lambda: answers.pop(0) if answers else False
    with disk.open("d/f", edit=True) as file:
        file.write(0, b"A" * 5000)
        with pytest.raises(OSError, match="error"):
            file.sync()
        file.sync()

    assert b"A" * 5000 == disk.content("d/f")
    assert all(world["d/f"] != b"A" * 5000 for world in worlds(disk))


def test_disks_after_a_loss_are_apart(disk):
    """What is written to one of them is seen by no other."""
    chance = random.Random(3)
    one, other = disk.without_power(chance), disk.without_power(chance)
    put(one, "d/f", b"AAAA")

    assert b"0123456789" == other.content("d/f") == disk.content("d/f")
    assert b"AAAA456789" == one.without_power(chance).content("d/f")
