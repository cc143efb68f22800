"""Files with secrets: made anew, and readable by nobody else from their first byte on."""

from __future__ import annotations

import os
from pathlib import Path

from edujournal.errors import BadInput


def write_private(file: Path, content: bytes, where: str, expected: str = "") -> None:
    """Write a secret into a new file; one that is there already stays what it is.

    Args:
        file: The file.
        content: What goes into it.
        where: Option or argument that names the file, for messages.
        expected: What is asked for there, for messages.

    Raises:
        BadInput: There is such a file, or a link of that name, or it cannot be made.
    """
    # Never a moment with wider rights, and never through a link that somebody has laid.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(file, flags, 0o600)
    except FileExistsError as error:
        raise BadInput(
            "a file that is there already", where=where, expected=expected, found=str(file),
            mend="Name another; what is there is kept.",
        ) from error  # fmt: skip
    except OSError as error:
        raise BadInput(
            "a file that cannot be made", where=where, found=f"{file}: {error.strerror}"
        ) from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
