"""Keys in a folder of their own, one small file each, that only their owner reads."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from edujournal.adapters.keys.naming import SECRET_SIZE, new_id, parts_of, place_of
from edujournal.errors import BadInput, StoreDamaged, StoreError, StoreUnwritable
from edujournal.ledger.bytes import decode, encode
from edujournal.synced_files import sync_folder

_KEY: Final = ".key"
_NEW: Final = ".new"


class FileKeys:
    """Keeps keys as files. Safe to share between threads and processes of one computer.

    Nothing is remembered between calls, so that a key that one process has destroyed is gone for all.
    Keep the folder on another disk than the books, copy it apart from them, and let old copies go:
    a key that can be brought back destroys nothing.

    *Version added: 0.1.*

    Args:
        folder: Where the keys lie; made by the first key, for its owner alone.

    Raises:
        BadInput: *folder* is a file.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._root = Path(folder).absolute()
        if self._root.exists() and not self._root.is_dir():
            raise BadInput("not a folder", where=str(self._root), mend="Name a folder for keys.")

    def current(self, school: str, name: str) -> tuple[str, bytes]:
        """See :meth:`edujournal.ports.KeyStore.current`."""
        place = self._place(school) / place_of(name)
        for path in self._files(place):
            secret = self._read(path, school, name)
            if secret is not None:
                return f"{place.name}-{path.name.removesuffix(_KEY)}", secret
        return self._make(place, school, name)

    def find(self, school: str, id: str) -> bytes | None:
        """See :meth:`edujournal.ports.KeyStore.find`."""
        of, own = parts_of(id)
        return self._read(self._place(school) / of / f"{own}{_KEY}", school, None)

    def destroy(self, school: str, name: str) -> int:
        """See :meth:`edujournal.ports.KeyStore.destroy`."""
        place, gone = self._place(school) / place_of(name), 0
        with _told(str(place)):
            for path in (*self._files(place), *sorted(place.glob(f"*{_NEW}"))):
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
                gone += path.name.endswith(_KEY)
            if gone:
                sync_folder(place)
        return gone

    def _place(self, school: str) -> Path:
        return self._root / sha256(b"edujournal/key-school/v1\n" + school.encode()).hexdigest()[:32]

    @staticmethod
    def _files(place: Path) -> list[Path]:
        return sorted(place.glob(f"*{_KEY}"))

    def _make(self, place: Path, school: str, name: str) -> tuple[str, bytes]:
        """Make a key; it has its name only when it is on the disk."""
        id, secret = new_id(name), os.urandom(SECRET_SIZE)
        path = place / f"{parts_of(id)[1]}{_KEY}"
        content = encode({"name": name, "school": school, "secret": secret.hex()})
        with _told(str(path)):
            for folder in (self._root, self._root / place.parent.name, place):
                if not folder.exists():
                    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                    sync_folder(folder.parent)
            new = path.with_suffix(_NEW)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.rename(path)
            sync_folder(place)
        return id, secret

    @staticmethod
    def _read(path: Path, school: str, name: str | None) -> bytes | None:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError("a key cannot be read", where=str(path), found=_said(error)) from error
        try:
            value = decode(content)
            secret = bytes.fromhex(value["secret"])
            good = value["school"] == school and name in (None, value["name"])
        except (BadInput, KeyError, TypeError, ValueError):
            secret, good = b"", False
        if not good or len(secret) != SECRET_SIZE:
            if not any(content):
                # It is being destroyed at this moment, or a crash came between the two steps of that.
                return None
            raise StoreDamaged(
                "not a key", where=str(path), mend="Bring the folder of keys back from its copy."
            )
        return secret


@contextmanager
def _told(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnwritable(
            "the folder of keys refused", where=where, found=_said(error),
            mend="Nothing was ciphered under a key that is not on the disk.",
        ) from error  # fmt: skip


def _said(error: OSError) -> str:
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"{name} ({error.strerror or error})"
