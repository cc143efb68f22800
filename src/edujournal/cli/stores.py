"""Opening what is there: a store, the school in it, its regulations. Nothing is made by looking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, unquote

from edujournal.cli.options import Place
from edujournal.errors import BadInput, Unknown

if TYPE_CHECKING:
    from edujournal.adapters.schools.plain import PlainSchool
    from edujournal.adapters.stores.ciphered import CipheredStore
    from edujournal.adapters.stores.files import FileStore
    from edujournal.adapters.stores.memory import MemoryStore
    from edujournal.adapters.stores.sql import SqlStore
    from edujournal.journals import Journals
    from edujournal.journals_core import RegulationSource
    from edujournal.model.facts import Facts

    AnyStore = MemoryStore | FileStore | SqlStore | CipheredStore

#: Where a SQLite file says how it is written (sqlite.org/fileformat.html): 2 for a write-ahead log.
_MAGIC: Final = b"SQLite format 3\x00"
_WRITE_VERSION: Final = 18


class Opened(NamedTuple):
    """The journals of a school, and the names of what is in them."""

    journals: Journals
    school: PlainSchool

    @property
    def facts(self) -> Facts:
        """What the school's data says."""
        return self.school.facts()


@contextmanager
def opened(place: Place, *, writes: bool = False) -> Iterator[Opened]:
    """Open the journals of a school in a store that is there.

    Args:
        place: Store, school, regulations.
        writes: Whether anything is to be recorded.

    Raises:
        BadInput: There is no such store, or nothing tells under which regulation it is kept.
        Unknown: The store has no such school.
        StoreError: It cannot be used.
    """
    from edujournal.journals import Journals

    with existing(place.store, place.keys, writes=writes) as store:
        school = school_of(store, place)
        given = regulations(store, school.id, place.regulation)
        yield Opened(Journals(store, school, given), school)


@contextmanager
def existing(url: str, keys: str | None = None, *, writes: bool = False) -> Iterator[AnyStore]:
    """Open a store that is there; without *writes* nothing in it changes, not even a file beside it.

    Args:
        url: Where it is.
        keys: Folder with the keys of its texts, if they are ciphered.
        writes: Whether anything is to be recorded.

    Raises:
        BadInput: There is none.
        StoreError: It cannot be used.
    """
    from edujournal.adapters.stores.opening import open_store

    if url.partition(":")[0] == "memory":
        raise BadInput(
            "a store in memory is empty",
            where="--store",
            expected="sqlite:///FILE, file:DIR, or a database",
            found=url,
        )
    path = _path(url)
    if path is not None and not path.exists():
        raise BadInput(
            "no such store",
            where="--store",
            found=str(path),
            mend="A store is made by edujournal tour, edujournal import, or the library.",
        )
    if _is_sqlite(url):
        from edujournal.adapters.stores.sql import SqlStore

        store: AnyStore = SqlStore(_sqlite(url, writes=writes), create=False)
    elif "://" in url:
        from edujournal.adapters.stores.sql import SqlStore

        store = SqlStore(url, create=False)
    else:
        store = open_store(url)
    with store:
        if keys is None:
            yield store
            return
        from edujournal.adapters.keys import FileKeys
        from edujournal.adapters.stores.ciphered import CipheredStore

        if not Path(keys).is_dir():
            raise BadInput("no such folder", where="--keys", found=keys)
        yield CipheredStore(store, FileKeys(keys))


def is_there(url: str) -> bool:
    """Tell whether the file or folder of *url* is there; of a database server nothing is asked."""
    path = _path(url)
    return path is None or path.exists()


def _is_sqlite(url: str) -> bool:
    return url.partition("://")[0].partition("+")[0] == "sqlite"


def _path(url: str) -> Path | None:
    """The file or folder that *url* names; None for what is elsewhere."""
    scheme, _, rest = url.partition(":")
    if scheme == "file":
        return Path(unquote(rest.removeprefix("//")))
    name, sign, _ = rest.removeprefix("//").partition("?")
    return Path(name.removeprefix("/")) if _is_sqlite(url) and not sign else None


def _sqlite(url: str, *, writes: bool) -> str:
    """The URL by which SQLite opens the file of *url*, and never makes one.

    A reader that may write takes its own traces away when it leaves; it is let in so only where the
    file is in the mode that we keep it in, for otherwise it would be changed.
    """
    path = _path(url)
    if path is None:
        return url
    if path.is_dir():
        raise BadInput("a folder, and not a database", where="--store", found=str(path))
    with path.open("rb") as stream:
        head = stream.read(len(_MAGIC) + 4)
    ours = head.startswith(_MAGIC) and head[_WRITE_VERSION : _WRITE_VERSION + 1] == b"\x02"
    mode = "rw" if writes or ours else "ro"
    return f"{url.partition('://')[0]}:///file:{quote(str(path))}?mode={mode}&uri=true"


def school_of(store: AnyStore, place: Place) -> PlainSchool:
    """The school's data, as the store carries it or as a file has it.

    Raises:
        Unknown: There is no such school, or no data of it.
        BadInput: The store has several schools and none is named.
    """
    from edujournal.adapters.schools import kept_school, load_plain

    if place.school_data is not None:
        school = load_plain(place.school_data)
        if place.school not in (None, school.id):
            raise Unknown("school", str(place.school), [school.id], where=place.school_data)
        return school
    return kept_school(store, place.school)


def regulations(store: AnyStore, school: str, named: Sequence[str]) -> Sequence[RegulationSource]:
    """The regulations that are named, or else those that the store carries.

    Raises:
        BadInput: None is named, and the store carries none.
    """
    from edujournal.adapters.schools import kept_regulations

    if named:
        return list(named)
    kept = kept_regulations(store, school)
    if not kept:
        raise BadInput(
            "the store does not say under which regulation it is kept",
            where=school,
            mend="Name one: --regulation ru-school26-2023, or a TOML file.",
        )
    return list(kept)
