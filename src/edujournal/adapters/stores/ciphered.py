"""A store whose texts are ciphered: private parts are encrypted, each under a key of its pupil.

To destroy a pupil's key destroys every text about the pupil, in the store and in every copy of it.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

from attrs import evolve

from edujournal.errors import BadInput, MissingExtra
from edujournal.ledger.bytes import encode
from edujournal.ledger.commitments import ciphered_part
from edujournal.ledger.records import Head, Record
from edujournal.ports import (
    Entropy,
    Erases,
    FindsKeys,
    Keeps,
    KeyStore,
    Projects,
    Store,
    Tails,
    Writes,
    Writing,
)
from edujournal.scanning import Scans

#: What is bound to every ciphered text, beside its place, so that it opens nowhere else.
CIPHER_DOMAIN: Final = b"edujournal/ciphered/v1\n"

#: Name of the algorithm as envelopes have it: AES in Galois/counter mode with keys of 256 bits.
ALGORITHM: Final = "A256GCM"

#: Bytes of a nonce.
NONCE_SIZE: Final = 12

#: Capabilities of the store behind, with the methods that pass them on.
_PASSED: Final[tuple[tuple[type, tuple[str, ...]], ...]] = (
    (Writes, ("writing",)),
    (FindsKeys, ("find_key",)),
    (Tails, ("follow",)),
    (Keeps, ("schools", "keep", "kept")),
    (Erases, ("erase",)),
    (Projects, ("projection",)),
    (Scans, ("scan",)),
)


#: Acts whose ground outlives what they are about.
_ACTS: Final = frozenset({"erasure", "release", "restriction"})


def name_of(record: Record) -> str:
    """Name of the key that the texts of *record* are ciphered under: its pupil's, or its book's."""
    index = record.index
    if index.pupil is None or index.kind in _ACTS:
        return f"book/{record.book}"
    return f"pupil/{index.pupil}"


class CipheredStore:
    """Ciphers the private parts of records before another store keeps them, and opens them after.

    Bodies stay readable: marks, absences and ids are not ciphered. A text whose key was destroyed reads
    as erased. Records that were kept before in the open stay as they are.

    It has the capabilities of the store behind it.

    *Version added: 0.1.*

    Args:
        store: Where the books are kept.
        keys: Where the keys are kept: apart, or nothing is destroyed with a key.
        entropy: Gives random bytes for nonces; the system's by default.

    Raises:
        MissingExtra: ``cryptography`` is not installed.
    """

    # There only where the store behind has them.
    writing: Any
    find_key: Any
    follow: Any
    schools: Any
    keep: Any
    kept: Any
    erase: Any
    projection: Any
    scan: Any

    def __init__(self, store: Store, keys: KeyStore, entropy: Entropy | None = None) -> None:
        self._store: Any = store
        self._keys = keys
        self._entropy = entropy or os.urandom
        self._cipher, self._refused = _cipher()
        # Whatever hands records over opens and closes their texts; the rest is passed on as it is.
        own = {"writing": self._writing, "follow": self._follow, "scan": self._scan}
        for capability, methods in _PASSED:
            if isinstance(store, capability):
                for method in methods:
                    setattr(self, method, own.get(method) or getattr(store, method))

    def books(self, school: str) -> Iterable[tuple[str, Head]]:
        """See :meth:`edujournal.ports.Store.books`."""
        found: Iterable[tuple[str, Head]] = self._store.books(school)
        return found

    def head(self, school: str, book: str) -> Head:
        """See :meth:`edujournal.ports.Store.head`."""
        found: Head = self._store.head(school, book)
        return found

    def read(self, school: str, book: str, after: int = 0) -> Iterator[Record]:
        """See :meth:`edujournal.ports.Store.read`."""
        return self.opened(school, self._store.read(school, book, after))

    def append(self, school: str, book: str, records: Sequence[Record], expect: int) -> None:
        """See :meth:`edujournal.ports.Store.append`."""
        self._store.append(school, book, self.closed(school, records), expect)

    def shred(self, school: str, pupil: str) -> int:
        """See :meth:`edujournal.ports.Shreds.shred`."""
        return self._keys.destroy(school, f"pupil/{pupil}")

    def close(self) -> None:
        """Close the store behind."""
        close = getattr(self._store, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- capabilities of the store behind --------------------------------------------------------

    @contextmanager
    def _writing(self, school: str, book: str, after: int) -> Iterator[Writing]:
        with self._store.writing(school, book, after) as act:
            yield _Act(self, school, act)

    def _follow(self, school: str, after: int = 0) -> Iterator[tuple[int, Record]]:
        find = self._finder(school)
        for position, record in self._store.follow(school, after):
            yield position, self._open(school, record, find)

    def _scan(self, school: str) -> Iterator[Sequence[Record]]:
        find = self._finder(school)
        for some in self._store.scan(school):
            yield [self._open(school, record, find) for record in some]

    # -- ciphering -------------------------------------------------------------------------------

    def closed(self, school: str, records: Iterable[Record]) -> list[Record]:
        """*records* as the store behind keeps them."""
        current: dict[str, tuple[str, bytes]] = {}
        found = []
        for record in records:
            if record.private is None:
                found.append(record)
                continue
            name = name_of(record)
            if name not in current:
                current[name] = self._keys.current(school, name)
            id, secret = current[name]
            nonce = self._entropy(NONCE_SIZE)
            data = self._cipher(secret).encrypt(nonce, record.private, _bound(school, record, id))
            part = {
                "alg": ALGORITHM,
                "data": b64encode(data).decode(),
                "key": id,
                "nonce": b64encode(nonce).decode(),
            }
            found.append(evolve(record, private=encode({"ciphered": part})))
        return found

    def opened(self, school: str, records: Iterable[Record]) -> Iterator[Record]:
        """*records* of the store behind as they read."""
        find = self._finder(school)
        for record in records:
            yield self._open(school, record, find)

    def _finder(self, school: str) -> Callable[[str], bytes | None]:
        """Looks keys up, each once; forgotten with the call, so that a destroyed key is gone."""
        seen: dict[str, bytes | None] = {}

        def find(id: str) -> bytes | None:
            if id not in seen:
                seen[id] = self._keys.find(school, id)
            return seen[id]

        return find

    def _open(self, school: str, record: Record, find: Callable[[str], bytes | None]) -> Record:
        part = ciphered_part(record.private)
        if part is None:
            return record
        try:
            if part["alg"] != ALGORITHM:
                return _spoilt(record, f"ciphered by {part['alg']!r}, not by {ALGORITHM}")
            id = part["key"]
            data, nonce = (b64decode(part[name], validate=True) for name in ("data", "nonce"))
            secret = find(id)
        except (BadInput, KeyError, TypeError, BadBase64) as error:
            return _spoilt(record, f"ciphered in another form: {error}")
        if secret is None:
            return evolve(record, private=None)
        try:
            private = self._cipher(secret).decrypt(nonce, data, _bound(school, record, id))
        except (self._refused, ValueError):
            return _spoilt(record, "its key does not open it: it was changed, or belongs elsewhere")
        return evolve(record, private=private)


def _spoilt(record: Record, why: str) -> Record:
    """A record whose texts cannot be opened: whoever asks for them is told why, and reading goes on."""
    return evolve(record, private=encode({"ciphered": why}))


def _bound(school: str, record: Record, id: str) -> bytes:
    """What a ciphered text is bound to: its record, by place and hash, and its key."""
    return CIPHER_DOMAIN + encode(
        {"book": record.book, "hash": record.hash, "key": id, "n": record.number, "school": school}
    )


def _cipher() -> tuple[Callable[[bytes], Any], type[Exception]]:
    try:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "texts cannot be ciphered without the library cryptography",
            mend='Install it: pip install "edujournal[keys]".',
        ) from error
    return AESGCM, InvalidTag


class _Act:
    """An act of the store behind, with its texts opened and ciphered on the way."""

    def __init__(self, store: CipheredStore, school: str, act: Any) -> None:
        self._store, self._school, self._act = store, school, act
        self._tail = list(store.opened(school, act.tail))

    @property
    def tail(self) -> Sequence[Record]:
        """See :attr:`edujournal.ports.Writing.tail`."""
        return self._tail

    def tail_of(self, book: str, after: int) -> Sequence[Record]:
        """See :meth:`edujournal.ports.Writing.tail_of`."""
        return list(self._store.opened(self._school, self._act.tail_of(book, after)))

    def append(self, records: Sequence[Record]) -> None:
        """See :meth:`edujournal.ports.Writing.append`."""
        self._act.append(self._store.closed(self._school, records))

    def project(self, view: str, content: bytes) -> None:
        """See :meth:`edujournal.ports.Projecting.project`: it has no texts, and goes through as it is."""
        self._act.project(view, content)
