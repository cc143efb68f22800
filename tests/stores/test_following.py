"""One cursor over all books of a school: on stores that know the order, and on those that do not."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import BadInput, StoreDamaged, StoreUnwritable
from edujournal.following import follow
from edujournal.ledger.records import Head
from edujournal.testing.records import SCHOOL, head_of, make_record, make_records
from edujournal.testing.simulated import SimDisk


class FourMethods:
    """A store without any capability."""

    def __init__(self, inner):
        self.books, self.head = inner.books, inner.head
        self.read, self.append = inner.read, inner.append


def write(store, book, count):
    """Append to the end of a book."""
    head = store.head(SCHOOL, book)
    made = make_records(head, count, book=book)
    store.append(SCHOOL, book, made, head.number)
    return made


def some(store, cursor, count, met):
    """Follow a few records; give where to go on."""
    for _ in range(count):
        cursor, record = next(follow(store, SCHOOL, cursor), (cursor, None))
        if record is not None:
            met.append(record)
    return cursor


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 9)), max_size=20)
)
def test_a_cursor_misses_nothing_and_meets_nothing_twice(acts):
    """Whatever is written between two questions, and however early a reader stops: each record once,
    each book in its order; with Tails in the order of the writing.
    """
    store = MemoryStore()
    least = FourMethods(store)
    written, met, met_least = [], [], []
    cursor = slow = ""
    for book, count, taken in acts:
        written += write(store, book, count)
        cursor = some(store, cursor, taken, met)
        slow = some(least, slow, taken, met_least)
    met += [record for _, record in follow(store, SCHOOL, cursor)]
    met_least += [record for _, record in follow(least, SCHOOL, slow)]

    assert written == met
    for book in "abc":
        mine = [record for record in written if record.book == book]
        assert mine == [record for record in met_least if record.book == book]
    assert len(written) == len(met_least)


def test_without_an_order_records_come_by_the_times_on_record():
    """Between books the time on record decides; inside a book its order, though the clock went back."""
    store = FourMethods(MemoryStore())
    write(store, "b", 1)
    write(store, "a", 3)
    write(store, "b", 2)

    found = [(record.book, record.number) for _, record in follow(store, SCHOOL)]
    # Records of the kit are written at the second of their number.
    assert [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)] == found


@pytest.mark.parametrize(
    "cursor", ["x", "-1", "{", "[]", '{"a":"b"}', '{"a":0}', "1.5", "²", "\ud800"]
)
def test_what_is_no_cursor_is_refused(cursor):
    """A cursor is not guessed from something else."""
    for store in (MemoryStore(), FourMethods(MemoryStore())):
        with pytest.raises(BadInput, match="cursor"):
            follow(store, SCHOOL, cursor)


def test_a_cursor_of_a_store_of_another_kind_is_refused():
    """A position says nothing to a store without an order, nor numbers of books to one with it."""
    store = MemoryStore()
    write(store, "a", 1)
    ((position, _),) = follow(store, SCHOOL)
    ((numbers, _),) = follow(FourMethods(store), SCHOOL)
    with pytest.raises(BadInput, match="another store"):
        follow(FourMethods(store), SCHOOL, position)
    with pytest.raises(BadInput, match="another store"):
        follow(store, SCHOOL, numbers)


# -- the feed of files ---------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    """Two books of three records, written in turn; the feed's path."""
    store = FileStore(tmp_path)
    written = []
    for _ in range(3):
        written += write(store, "b", 1) + write(store, "a", 1)
    (path,) = tmp_path.glob("*/feed.txt")
    return tmp_path, path, written


def order(store, after=0):
    """Book and number by position."""
    return [(record.book, record.number) for _, record in store.follow(SCHOOL, after)]


IN_TURN = [(book, number) for number in (1, 2, 3) for book in "ba"]


@pytest.mark.parametrize("rest", [b"0", b"00000000 7 4 4 b", b"\x00" * 40])
def test_a_torn_line_is_taken_away(files, rest):
    """What a dead writer left behind the last line is no position."""
    folder, path, _ = files
    with path.open("ab") as file:
        file.write(rest)
    store = FileStore(folder)
    assert IN_TURN == order(store)
    write(store, "b", 2)
    assert [*IN_TURN, ("b", 4), ("b", 5)] == order(store)
    assert () == store.recoveries


def test_a_line_whose_records_were_never_appended_is_taken_away(files, monkeypatch):
    """The writer died between the line and the records: nobody sees it, and the next one goes on."""
    folder, path, _ = files
    reader, writer, other = FileStore(folder), FileStore(folder), FileStore(folder)
    assert IN_TURN == order(reader)
    write(other, "a", 1)

    class DiedError(BaseException):
        """Nobody catches it."""

    def dying(*_given):
        raise DiedError

    with monkeypatch.context() as patch:
        patch.setattr("edujournal.adapters.stores.files.books.BookFolder.append", dying)
        with pytest.raises(DiedError):
            write(writer, "b", 2)
    assert 8 == path.read_bytes().count(b"\n")
    assert [*IN_TURN, ("a", 4)] == order(reader) == order(FileStore(folder))
    for store in (other, writer):
        write(store, "a", 1)
        write(store, "b", 1)
    expected = [*IN_TURN, ("a", 4), ("a", 5), ("b", 4), ("a", 6), ("b", 5)]
    assert expected == order(reader) == order(FileStore(folder))


@pytest.mark.parametrize("kept", range(7))
def test_lines_that_the_loss_of_power_took_are_told_again(files, kept):
    """What is left keeps its positions; the rest follows book by book, and nothing is missing."""
    folder, path, _ = files
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:kept]))
    found = order(FileStore(folder))

    assert IN_TURN[:kept] == found[:kept]
    assert sorted(IN_TURN) == sorted(found)
    assert found == order(FileStore(folder))


def test_a_feed_that_is_deleted_is_told_again(files):
    """As is one of a store that was written before there were feeds."""
    folder, path, _ = files
    path.unlink()
    store = FileStore(folder)
    write(store, "b", 1)

    assert sorted([*IN_TURN, ("b", 4)]) == sorted(order(store))


def test_a_line_that_was_changed_is_told(files):
    """A reader that has checked the feed before meets damage; another one mends it and says so."""
    folder, path, _ = files
    store = FileStore(folder)
    assert IN_TURN == order(store)
    data = path.read_bytes()
    path.write_bytes(data.replace(b" 3 2 2 b", b" 3 2 3 b"))
    with pytest.raises(StoreDamaged, match="feed"):
        order(store)
    again = FileStore(folder)
    assert sorted(IN_TURN) == sorted(order(again))
    assert ["the order of the records was told anew from here"] == [
        r.what for r in again.recoveries
    ]


def test_a_sync_that_failed_is_believed_by_nobody(monkeypatch):
    """Renewing the feed fails, too: another process does not take the next sync's word for it."""
    refusing = [True, True]
    disk = SimDisk(refuses=lambda: bool(refusing) and refusing.pop())
    with_feed, other = FileStore("", disk=disk), FileStore("", disk=disk)
    refusing.clear()
    write(with_feed, "a", 2)
    write(with_feed, "b", 2)
    write(with_feed, "a", 2)
    disk.write_back()
    refusing += [True, True]
    with pytest.raises(StoreUnwritable):
        order(with_feed)
    assert [] == refusing
    assert "feed.doubtful.txt" in disk.names("school-1")
    seen = order(other)
    assert 6 == len(seen)
    for drawn in range(200):
        found = FileStore("", disk=disk.without_power(Random(drawn)))
        assert seen == order(found)
    write(other, "b", 1)
    assert [*seen, ("b", 3)] == order(with_feed)


@pytest.mark.search
def test_a_long_feed_is_entered_in_the_middle(tmp_path):
    """Every position finds its record, also where the feed is many pages long."""
    store = FileStore(tmp_path)
    books = [f"журнал/{n:03}/" + "ж" * 200 for n in range(40)]
    for round_ in range(6):
        for book in books:
            head = Head() if not round_ else store.head(SCHOOL, book)
            store.append(SCHOOL, book, make_records(head, 2, book=book), head.number)
    everything = list(store.follow(SCHOOL))
    assert list(range(1, 481)) == [position for position, _ in everything]
    (path,) = tmp_path.glob("*/feed.txt")
    assert path.stat().st_size > 3 * 8192
    for after in (*range(0, 480, 7), 478, 479, 480, 481):
        assert everything[after:] == list(store.follow(SCHOOL, after))


def test_a_school_without_a_folder_has_no_order(tmp_path):
    """To ask leaves nothing behind."""
    store = FileStore(tmp_path / "new")
    assert [] == order(store)
    assert not (tmp_path / "new").exists()
    store.append(SCHOOL, "a", [make_record(book="a")], 0)
    assert [("a", 1)] == order(store)
    assert head_of([make_record(book="a")]) == store.head(SCHOOL, "a")


class Counting(SimDisk):
    """A disk that counts the bytes that were read."""

    count = 0

    def open(self, path, *, edit=False):
        """A file of the disk, its reading counted."""
        file = super().open(path, edit=edit)
        read = file.read

        def counted(offset, size):
            found = read(offset, size)
            self.count += len(found)
            return found

        file.read = counted
        return file


@pytest.mark.parametrize("books", [1, 3])
def test_following_reads_each_book_once_however_many_appends_it_had(books):
    """A soak of 80,000 single appends was followed for half an hour: each was sought from the end on."""
    read = {}
    for count in (100, 400):
        disk = Counting()
        store = FileStore("", disk=disk)
        for number in range(count):
            write(store, f"b{number % books}", 1)
        begun = disk.count
        assert count == len(list(store.follow(SCHOOL)))
        read[count] = disk.count - begun
    assert read[400] < 5 * read[100]


def test_a_follower_sees_what_is_appended_while_it_reads(tmp_path):
    """More books than are read at once, and records that came after a reader had been opened."""
    store = FileStore(tmp_path)
    names = [f"b{number}" for number in range(40)]
    for name in names * 2:
        write(store, name, 3)
    reading = store.follow(SCHOOL)
    seen = [next(reading) for _ in range(130)]
    for name in names:
        write(store, name, 2)
    seen += reading
    seen += store.follow(SCHOOL, len(seen))
    assert list(range(1, 321)) == [position for position, _ in seen]
    assert [record for _, record in seen] == [record for _, record in store.follow(SCHOOL)]
    for name in names:
        own = [record for _, record in seen if record.book == name]
        assert own == list(store.read(SCHOOL, name))
