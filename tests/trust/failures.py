"""What is done while something fails, and what must be there afterwards: what R4 and R2 share."""

from __future__ import annotations

import errno
from itertools import count

from sqlalchemy import event, exc

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.sql import SqlStore
from edujournal.errors import StoreError
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.disks import MemoryDisk
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records

BEFORE = make_records(Head(), 3, text="Да", key="k")
COMING = make_records(head_of(BEFORE), 2, text="Нет", key="k")


def append(store):
    """A batch after the head."""
    store.append(SCHOOL, BOOK, COMING, 3)


def act(store):
    """The same with the book locked first."""
    with store.writing(SCHOOL, BOOK, 1) as writing:
        assert BEFORE[1:] == list(writing.tail)
        writing.append(COMING)


def begin(store):
    """The first record of a book."""
    store.append(SCHOOL, "b", [make_record(book="b", key="k")], 0)


def keep(store):
    """A document in the place of another."""
    store.keep(SCHOOL, "regulation", b"new")


def erase(store):
    """The texts of two records."""
    assert 2 == store.erase(SCHOOL, BOOK, [1, 3])


def follow(store):
    """Everything in the order of its writing."""
    assert [(n + 1, record.number) for n, record in enumerate(BEFORE)] == [
        (position, record.number) for position, record in store.follow(SCHOOL)
    ]


DOINGS = (append, act, begin, keep, erase, follow)


def begun(store):
    """Something acknowledged."""
    store.append(SCHOOL, BOOK, BEFORE, 0)
    store.keep(SCHOOL, "regulation", b"old")


def looked_at(store, doing, *, acknowledged):
    """What is there now: all that was acknowledged, and of *doing* all or nothing."""
    erased = doing is erase
    records = list(store.read(SCHOOL, BOOK))
    if erased:
        assert [record.body for record in BEFORE] == [record.body for record in records]
        gone = [record.private is None for record in records]
        assert not gone[1]
        assert gone[0] == gone[2] or not acknowledged
        assert gone[0] or not acknowledged
    else:
        assert records in ([BEFORE, [*BEFORE, *COMING]] if doing in (append, act) else [BEFORE])
    if acknowledged and doing in (append, act):
        assert [*BEFORE, *COMING] == records
    other = list(store.read(SCHOOL, "b"))
    assert other in ([], [make_record(book="b", key="k")])
    assert bool(other) or doing is not begin or not acknowledged
    document = store.kept(SCHOOL, "regulation")
    assert document in ({b"new"} if acknowledged and doing is keep else {b"old", b"new"})
    assert document == b"old" or doing is keep
    keyed = [(BOOK, record.number) for record in records] + [("b", 1)] * len(other)
    keyed.sort()
    assert keyed == list(store.find_key(SCHOOL, "t-ivanova", "k"))
    assert keyed == sorted((one.book, one.number) for _, one in store.follow(SCHOOL))
    more = make_record(head_of(records), text="weiter")
    store.append(SCHOOL, BOOK, [more], len(records))
    assert [more] == list(store.read(SCHOOL, BOOK, len(records)))
    # No entry tells of the erasure: that is found, and nothing else.
    assert {"lost"} >= {damage.what for damage in verify(store, SCHOOL).damages}
    assert erased or verify(store, SCHOOL).assurance == "L1"


def every_statement(folder, doing):
    """Let the n-th statement of *doing* on SQLite fail, for every n; give how many there are."""
    points = 0
    for fails in count(1):
        url = f"sqlite:///{folder / f'{fails}.db'}"
        with SqlStore(url) as store:
            begun(store)
            left = [fails]

            def failing(*_, left=left):
                left[0] -= 1
                if left[0] == 0:
                    raise exc.OperationalError(
                        "statement", {}, OSError(errno.EIO, "disk I/O error")
                    )

            engine = store._transactions.engine
            for name in ("before_cursor_execute", "commit"):
                event.listen(engine, name, failing)
            try:
                doing(store)
                acknowledged = True
            except StoreError:
                acknowledged = False
                assert left[0] <= 0
            for name in ("before_cursor_execute", "commit"):
                event.remove(engine, name, failing)
        with SqlStore(url) as store:
            looked_at(store, doing, acknowledged=acknowledged)
        if left[0] > 0:
            assert acknowledged
            break
        points += 1
    return points


class Overtaking(MemoryDisk):
    """A reader of a head reads it in two halves; in between another writer appends what is coming."""

    def __init__(self):
        super().__init__()
        self.coming = []

    def open(self, path, *, edit=False):
        """Open a file; read a head so."""
        file = super().open(path, edit=edit)
        if not self.coming or not path.endswith("head") or edit:
            return file
        coming, self.coming = self.coming, []
        first = file.read(0, 8192)
        writer = FileStore("", disk=self)
        for record in coming:
            writer.append(SCHOOL, BOOK, [record], record.number - 1)
        whole = first + file.read(8192, 4096)
        file.read = lambda offset, size: whole[offset : offset + size]
        return file
