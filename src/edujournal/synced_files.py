"""Files that are there as a whole or not at all, and folders of which the names are on the disk."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edujournal.errors import BadInput


@contextmanager
def written_beside(file: Path) -> Iterator[Path]:
    """Give a place beside *file* to write to, which takes its name when the block ends.

    Where the block fails, a file that was there stays as it was. What is no file, such as a pipe, is
    written to at once.

    Raises:
        BadInput: It cannot be written there.
    """
    place = file.resolve()
    if place.exists() and not (place.is_file() or place.is_dir()):
        yield place
        return
    part = place.with_name(f"{place.name}.part")
    try:
        if place.is_dir():
            raise IsADirectoryError("a folder is there")
        part.touch()
        if place.exists():
            shutil.copymode(place, part)
    except OSError as error:
        raise _unwritten(file, error) from error
    try:
        yield part
        try:
            part.replace(place)
        except OSError as error:
            raise _unwritten(file, error) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_file(file: Path, content: bytes) -> None:
    """Write a file as a whole, in the place of one that may be there.

    Raises:
        BadInput: It cannot be written there.
    """
    with written_beside(file) as part:
        try:
            part.write_bytes(content)
        except OSError as error:
            raise _unwritten(file, error) from error


def _unwritten(file: Path, error: OSError) -> BadInput:
    return BadInput("a file that cannot be written", where=str(file), found=str(error))


def sync_folder(folder: str | Path) -> None:
    """Put the names in *folder* on the disk, as a file's own sync does not.

    Raises:
        OSError: It is no folder, or the disk has failed.
    """
    if sys.platform == "win32":
        # A folder cannot be opened there; its names are journalled by the file system.
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
