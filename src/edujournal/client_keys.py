"""What a client key was used for: asked of the store, or found by reading where it cannot tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from edujournal.ledger.records import Head, Record
from edujournal.model.ids import is_log
from edujournal.ports import FindsKeys, Store


class KeysRead:
    """The client keys of all books of a school, as far as they were read; no record is read twice.

    *Version added: 0.1.*
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._places: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)

    def behind(self, heads: Iterable[tuple[str, Head]]) -> list[tuple[str, int]]:
        """Name the books that go on after what was read of them, each with the number read last.

        Logs of accesses are left out: no act with a key writes there.
        """
        known = ((book, self._numbers.get(book, 0), head.number) for book, head in heads)
        return [(book, number) for book, number, end in known if number < end and not is_log(book)]

    def take(self, records: Iterable[Record]) -> None:
        """Remember the keys of *records*, which go on where the reading of their book ended."""
        for record in records:
            if record.index.key is not None:
                place = (record.index.account, record.index.key)
                self._places[place].append((record.book, record.number))
            self._numbers[record.book] = record.number

    def find(self, account: str, key: str) -> Sequence[tuple[str, int]]:
        """Give (book, number) of every record read so far that bears *key* of *account*, ordered."""
        return sorted(self._places.get((account, key), ()))


def find_key(
    store: Store, school: str, account: str, key: str, read: KeysRead
) -> Sequence[tuple[str, int]]:
    """Give (book, number) of every record that bears *key* of *account*, on any store.

    Without the capability :class:`~edujournal.ports.FindsKeys` every book is read, once.

    *Version added: 0.1.*

    Args:
        store: Any store.
        school: Id of the school.
        account: Whose key it is.
        key: The client key.
        read: What earlier calls have read; brought up to date. One thread at a time.

    Raises:
        StoreError: What the store says.
    """
    if isinstance(store, FindsKeys):
        return store.find_key(school, account, key)
    for book, after in read.behind(store.books(school)):
        read.take(store.read(school, book, after))
    return read.find(account, key)
