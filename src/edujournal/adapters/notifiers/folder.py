"""Print-outs: letters as pages of HTML and plain text in a folder, to be printed and handed out."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote

from edujournal.errors import NotDelivered
from edujournal.model.notices import Letter
from edujournal.synced_files import sync_folder


class FolderNotifier:
    """Puts letters into a folder: ``<day>/<pupil>-<account>-<key>.html``, and the same as ``.txt``.

    News have no day and lie in ``news``. A letter that comes again takes its own place again.

    *Version added: 0.1.*

    Args:
        folder: Where; it is made with the first letter.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def send(self, letter: Letter) -> None:
        """See :meth:`edujournal.ports.Notifier.send`."""
        names = [letter.pupil or "", letter.account, letter.key[:12]]
        name = "-".join(_plain(one) for one in names if one)
        place = self.folder / (letter.day or "news")
        try:
            is_new = not place.is_dir()
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            if is_new:
                sync_folder(self.folder.parent)
                sync_folder(self.folder)
            _put(place / f"{name}.txt", letter.text)
            _put(place / f"{name}.html", letter.html)
            # Once this has come back the letter counts as told, and is not made again.
            sync_folder(place)
        except OSError as error:
            told = f"the folder cannot be written ({type(error).__name__})"
            raise NotDelivered(told, whole_channel=True) from None


def _plain(id: str) -> str:
    """An id as part of a file's name, on any system."""
    return quote(id, safe="").replace(".", "%2E").replace("~", "%7E")[:60]


def _put(place: Path, text: str) -> None:
    # Whoever looks into the folder sees a whole page or none.
    with NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
        new = Path(file.name)
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            new.unlink(missing_ok=True)
            raise
    new.replace(place)
