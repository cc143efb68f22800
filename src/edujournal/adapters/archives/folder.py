"""Archives as folders: written aside and moved, read file by file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shutil import rmtree

from edujournal.errors import BadInput, StoreUnwritable


def write_archive(folder: str | Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write the files of an archive into a new folder, which is there as a whole or not at all.

    Args:
        folder: Where; it must not be there yet.
        files: Name of each file, with ``/``, and its bytes.

    Returns:
        How many files were written.

    Raises:
        BadInput: The folder is there, or a name leads out of it.
        StoreUnwritable: It cannot be written; what was begun is taken away.

    *Version added: 0.1.*
    """
    place = Path(folder).absolute()
    aside = place.with_name(f".{place.name}.{os.getpid()}.part")
    if place.exists():
        raise BadInput(
            "a folder that is there already", where=str(place), expected="a new folder: an archive "
            "is never changed",
        )  # fmt: skip
    count = 0
    try:
        aside.mkdir(parents=True)
        for name, content in files:
            file = aside.joinpath(*name.split("/"))
            if not file.resolve().is_relative_to(aside.resolve()):
                raise BadInput("a name that leads out of the archive", where=name)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            count += 1
        aside.replace(place)
    except OSError as error:
        raise StoreUnwritable(
            "the archive was not written", where=str(place), found=str(error)
        ) from error
    finally:
        if aside.exists():
            rmtree(aside)
    return count


class FolderArchive(Mapping[str, bytes]):
    """The files of an archive in a folder, each read when it is asked for.

    *Version added: 0.1.*

    Args:
        folder: Where it lies.

    Raises:
        BadInput: There is no such folder, or a link in it, which could lead anywhere.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise BadInput("no such archive", where=str(folder), expected="a folder")
        self._files = dict(sorted(self._walk()))

    def _walk(self) -> Iterator[tuple[str, Path]]:
        for path in self.folder.rglob("*"):
            if path.is_symlink():
                raise BadInput(
                    "a link in an archive", where=str(path), expected="files and folders"
                )
            if not path.is_dir():
                yield path.relative_to(self.folder).as_posix(), path

    def __getitem__(self, name: str) -> bytes:
        path = self._files[name]
        try:
            return path.read_bytes()
        except OSError as error:
            raise BadInput(
                "a file that cannot be read", where=str(path), found=str(error)
            ) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
