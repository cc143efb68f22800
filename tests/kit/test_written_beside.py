"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
import threading

import pytest

from edujournal.errors import BadInput
from edujournal.synced_files import write_file, written_beside


def test_a_file_comes_as_a_whole_with_the_rights_of_the_one_before(tmp_path):
    """Until the block ends the old one is there; nothing else is left beside it."""
    file = tmp_path / "report.csv"
    file.write_text("old")
    file.chmod(0o600)
    with written_beside(file) as part:
        part.write_text("new")
        assert "old" == file.read_text()
    assert "new" == file.read_text()
    assert 0o600 == file.stat().st_mode & 0o777
    assert [file] == list(tmp_path.iterdir())


def cut_short(file):
    """Begin to write a file, and be stopped."""
    with written_beside(file) as part:
        part.write_text("half")
        raise KeyboardInterrupt


def test_a_block_that_fails_leaves_the_old_file_or_none(tmp_path):
    """Also where it is cut short by hand."""
    file = tmp_path / "report.csv"
    for there in (False, True):
        if there:
            write_file(file, b"old")
        with pytest.raises(KeyboardInterrupt):
            cut_short(file)
        assert there == file.exists()
        assert len(list(tmp_path.iterdir())) == there
    assert b"old" == file.read_bytes()


def test_a_link_stays_one_and_what_is_no_file_is_written_to_at_once(tmp_path):
    """A pipe is not replaced by a file."""
    file, link, pipe = (tmp_path / name for name in ("file", "link", "pipe"))
    link.symlink_to(file)
    write_file(link, b"new")
    assert (True, b"new") == (link.is_symlink(), file.read_bytes())

    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"told")
    reader.join(10)
    assert [b"told"] == read
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["folder", "none/file"])
def test_a_place_where_no_file_can_be_is_told_before_anything_is_done(tmp_path, name):
    """A folder, or a name in a folder that is not there: refused at the beginning, and nothing is left."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match="cannot be written"), written_beside(tmp_path / name):
        raise AssertionError("it is not begun")
    assert [tmp_path / "folder"] == list(tmp_path.iterdir())
