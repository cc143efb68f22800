"""trust-S13 on the archive of the tour: whatever byte of whatever file is edited, both readers say so."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from edujournal.archiving import reading
from edujournal.archiving.package import CHECKER, MANIFEST, TAG_MANIFEST
from tests.archiving.archives import READER
from tests.figures import cases, figure, seed

MANIFESTS = {MANIFEST, TAG_MANIFEST}


@pytest.fixture(scope="module")
def files(toured):
    """The files of the archive by their names."""
    top = toured / "archive"
    found = [file for file in top.rglob("*") if file.is_file()]
    return {file.relative_to(top).as_posix(): file.read_bytes() for file in found}


def edit(data, chance):
    """A byte is another, is gone, or is one too many."""
    place = chance.randrange(len(data) + 1)
    how = chance.choice(("other", "other", "gone", "more")) if place < len(data) else "more"
    if how == "other":
        return data[:place] + bytes([data[place] ^ chance.randrange(1, 256)]) + data[place + 1 :]
    if how == "gone":
        return data[:place] + data[place + 1 :]
    return data[:place] + bytes([chance.randrange(256)]) + data[place:]


def edits(files, count, begun):
    """So many edits: half of them in any file alike, half by the size of the files."""
    names = sorted(name for name in files if name != CHECKER)
    sizes = [len(files[name]) for name in names]
    for number in range(count):
        chance = random.Random(begun + number)
        name = chance.choice(names) if number % 2 else chance.choices(names, sizes)[0]
        yield name, edit(files[name], chance)


def test_any_edited_byte_of_any_file_is_found_by_both_readers(files, monkeypatch):
    """5,000 edits, of a night 100,000: none unnoticed, and the file is named where it is listed.

    Digests of files that were not edited are worked out once.
    """
    digests = {id(data): hashlib.sha256(data) for data in files.values()}

    def kept(data):
        return digests.get(id(data)) or hashlib.sha256(data)

    bag = READER["bag"]
    monkeypatch.setitem(bag.__globals__, "sha256", kept)
    monkeypatch.setattr(reading, "sha256", kept)
    found = []
    bag(files, found)
    assert [] == found == list(reading._bag_damages(files))

    count = cases(5_000, 100_000)
    for name, data in edits(files, count, seed(26)):
        if data == files[name]:  # a byte taken out of, or put into, a run of the same
            continue
        edited = {**files, name: data}
        found = []
        bag(edited, found)
        told = {one.book for one in reading._bag_damages(edited)}
        assert found, name
        assert told, name
        if name not in MANIFESTS:
            assert name in {one[0] for one in found} & told
    figure("S13", "the tour's archive: single bytes edited", count)
    figure("S13", "the tour's archive: unnoticed", 0)


def test_the_program_itself_ends_with_one_for_each_edit(toured, files, tmp_path):
    """With the interpreter alone, on the folder: a byte of each kind of file."""
    top = toured / "archive"
    kinds = {}
    for name in sorted(files):
        if name != CHECKER:
            kinds.setdefault((PurePosixPath(name).parent, PurePosixPath(name).suffix), name)
    chance = random.Random(26)
    for name in kinds.values():
        place = top / name
        try:
            place.write_bytes(edit(files[name], chance) + b"!")
            done = subprocess.run(
                [sys.executable, "-S", "-E", top / CHECKER, "--json"], cwd=tmp_path, text=True,
                capture_output=True, timeout=60, check=False,
            )  # fmt: skip
        finally:
            place.write_bytes(files[name])
        assert done.returncode in (1, 2), (name, done.stdout, done.stderr)
        assert name in done.stdout + done.stderr or done.returncode == 2 or name in MANIFESTS, name
