"""Folders of which the names are on the disk: what a file that was renamed or made is lost without."""

from __future__ import annotations

import os
import sys
from pathlib import Path


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
