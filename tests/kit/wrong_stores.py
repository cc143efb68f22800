"""Stores that are wrong, each in one way that somebody's store was wrong in before.

``WRONG`` tells of each which promise of the kit finds it.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from contextlib import suppress
from itertools import count

from attrs import evolve

from edujournal.adapters.stores.acts import check_batch, check_links, check_place
from edujournal.adapters.stores.memory import MemoryStore
from edujournal.errors import StaleHead
from edujournal.ledger.index import index_of
from edujournal.ledger.records import Head, Record

#: Name of the promise, and the classes that it finds.
WRONG: dict[str, list[type]] = {}


def found_by(promise):
    """Say which promise finds a store."""

    def put(store):
        WRONG.setdefault(f"test_{promise}", []).append(store)
        return store

    return put


def at_one_place(store):
    """A function that opens the same place again: of what lives in an object, the object."""
    if hasattr(store, "opener"):
        return store.opener()
    one = store(timeout=0.2)
    return lambda: one


# -- bytes ---------------------------------------------------------------------------------------


class Changing(MemoryStore):
    """Changes the bytes of a record on its way out."""

    def read(self, school, book, after=0):
        """As it was, but for a change."""
        for record in super().read(school, book, after):
            private = record.private and self.changed(record.private)
            yield evolve(record, body=self.changed(record.body), private=private)


@found_by("bytes_come_back_as_they_went_in")
class TrimsWhitespace(Changing):
    """Takes several blanks for one."""

    def changed(self, data):
        """Squeeze."""
        return re.sub(rb"  +", b" ", data)


@found_by("bytes_come_back_as_they_went_in")
class NormalisesUnicode(Changing):
    """Keeps texts in a column that folds what looks alike."""

    def changed(self, data):
        """Compatibility form."""
        return unicodedata.normalize("NFKC", data.decode()).encode()


@found_by("bytes_come_back_as_they_went_in")
class ReadsLatin(Changing):
    """Connects to the database in another encoding than the tables have."""

    def changed(self, data):
        """What does not fit becomes a question mark."""
        return data.decode().encode("latin-1", "replace")


@found_by("bytes_come_back_as_they_went_in")
class RewritesJson(Changing):
    """Keeps bodies in a column of type JSON."""

    def changed(self, data):
        """The same value, and other bytes."""
        return json.dumps(json.loads(data), ensure_ascii=False).encode()


@found_by("bytes_come_back_as_they_went_in")
class CutsLongTexts(Changing):
    """Keeps bytes in a column of 64 KiB."""

    def changed(self, data):
        """No more than the column holds."""
        return data[:65_535]


@found_by("bytes_come_back_as_they_went_in")
class ForgetsPrivateParts(MemoryStore):
    """Keeps no private part."""

    def append(self, school, book, records, expect):
        """Half of it."""
        super().append(school, book, [evolve(r, private=None) for r in records], expect)


# -- heads, numbers and batches ------------------------------------------------------------------


@found_by("a_stale_append_is_refused_and_tells_the_actual_head")
class IgnoresExpect(MemoryStore):
    """Allows an update: the last writer wins."""

    def append(self, school, book, records, expect):
        """From there on."""
        self._books.setdefault((school, book), [])[expect:] = records


@found_by("a_stale_append_is_refused_and_tells_the_actual_head")
class TellsAnotherHead(MemoryStore):
    """Says that a head is stale, and not which it is."""

    def append(self, school, book, records, expect):
        """Zero."""
        try:
            super().append(school, book, records, expect)
        except StaleHead as error:
            raise StaleHead(book, expect, 0) from error


@found_by("a_batch_is_kept_whole_or_not_at_all")
class KeepsHalfABatch(MemoryStore):
    """Keeps what it can of a bad batch."""

    def append(self, school, book, records, expect):
        """One by one."""
        for number, record in enumerate(records, expect):
            super().append(school, book, [record], number)


@found_by("reading_goes_on_after_any_number")
class LosesTheLastOfABatch(MemoryStore):
    """Takes the end of a range for its last."""

    def append(self, school, book, records, expect):
        """All but the last of several."""
        super().append(school, book, records[:-1] if len(records) > 1 else records, expect)


@found_by("a_batch_is_kept_whole_or_not_at_all")
class TakesGaps(MemoryStore):
    """Gives numbers of its own to what comes, so that gaps are not seen."""

    def append(self, school, book, records, expect):
        """Whatever number they bear."""
        kept = self._books.setdefault((school, book), [])
        if len(kept) != expect:
            raise StaleHead(book, expect, len(kept))
        kept.extend(evolve(r, number=n) for n, r in enumerate(records, expect + 1))


@found_by("the_head_is_the_last_record")
class CachesTheHead(MemoryStore):
    """Asks for the head once."""

    def head(self, school, book):
        """As it was when it was first asked for."""
        cache = vars(self).setdefault("cache", {})
        return cache.setdefault((school, book), super().head(school, book))

    def append(self, school, book, records, expect):
        """Who appends asks before."""
        self.head(school, book)
        super().append(school, book, records, expect)


@found_by("what_was_kept_is_not_the_callers")
class KeepsTheCallersList(MemoryStore):
    """Keeps the list that it was handed, not what was in it."""

    def append(self, school, book, records, expect):
        """The very list, where it is the first."""
        super().append(school, book, records, expect)
        if records and not expect:
            self._books[school, book] = records


# -- reading -------------------------------------------------------------------------------------


@found_by("reading_goes_on_after_any_number")
class ReadsOneTooMany(MemoryStore):
    """Reads the record that the caller knows once more."""

    def read(self, school, book, after=0):
        """From after, not after it."""
        return super().read(school, book, max(after - 1, 0))


@found_by("reading_goes_on_after_any_number")
class ReadsBackwards(MemoryStore):
    """Reads the newest first."""

    def read(self, school, book, after=0):
        """Reversed."""
        return iter(list(super().read(school, book, after))[::-1])


@found_by("a_long_book_is_read_while_it_grows")
class PagesFromTheEnd(MemoryStore):
    """Reads pages by their distance from the end, which moves while others write."""

    def read(self, school, book, after=0):
        """A page at a time."""
        kept = self._books.get((school, book), [])
        left = len(kept) - after
        while left > 0:
            yield from kept[len(kept) - left : len(kept) - left + 1000][:left]
            left -= 1000


@found_by("order_and_moments_are_those_of_the_records")
class OrdersByTheClock(MemoryStore):
    """Takes the order of moments for the order of a book."""

    def read(self, school, book, after=0):
        """By when they were recorded."""
        return iter(sorted(super().read(school, book, after), key=lambda r: r.index.recorded))


@found_by("order_and_moments_are_those_of_the_records")
class HasItsOwnClock(MemoryStore):
    """Writes down when it kept a record, and gives that for when it was recorded."""

    ticks = count(1)

    def append(self, school, book, records, expect):
        """Now."""
        now = next(self.ticks)
        stamped = [evolve(r, index=evolve(r.index, recorded=now)) for r in records]
        super().append(school, book, stamped, expect)


# -- names and schools ---------------------------------------------------------------------------


class Renaming(MemoryStore):
    """Takes several names for one."""

    def head(self, school, book):
        """Of the other name."""
        return super().head(school, self.renamed(book))

    def read(self, school, book, after=0):
        """Of the other name."""
        for record in super().read(school, self.renamed(book), after):
            yield evolve(record, book=book)

    def append(self, school, book, records, expect):
        """To the other name."""
        name = self.renamed(book)
        super().append(school, name, [evolve(r, book=name) for r in records], expect)


@found_by("names_are_taken_as_they_are")
class FoldsCase(Renaming):
    """Takes 7A and 7a for one name."""

    def renamed(self, book):
        """Fold."""
        return book.casefold()


@found_by("names_are_taken_as_they_are")
class PadsNames(Renaming):
    """Keeps names in a column that is padded: 7A and 7A with a blank are one."""

    def renamed(self, book):
        """Without the end."""
        return book.rstrip()


@found_by("schools_see_nothing_of_each_other")
class LeaksBetweenSchools(MemoryStore):
    """Forgets the school in a query."""

    def read(self, school, book, after=0):
        """Whatever school."""
        return super().read("school-1", book, after)


@found_by("names_are_taken_as_they_are")
class ListsAsTheyCame(MemoryStore):
    """Lists books in no order."""

    def books(self, school):
        """Backwards."""
        return list(super().books(school))[::-1]


class Rows:
    """A store in one table of SQLite, as it is written in an afternoon; right, but that others inherit it."""

    shared = True
    statements = 0

    def __init__(self, path=":memory:"):
        self.database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS r (s TEXT, b TEXT, n INTEGER, h TEXT, y BLOB, p BLOB)"
        )

    @classmethod
    def opener(cls):
        """One connection."""
        one = cls()
        return lambda: one

    def ask(self, text, *given):
        """One statement."""
        self.statements += 1
        return self.database.execute(text, given).fetchall()

    def books(self, school):
        """By name."""
        names = self.ask("SELECT DISTINCT b FROM r WHERE s = ?", school)
        return [(book, self.head(school, book)) for (book,) in sorted(names)]

    def head(self, school, book):
        """The last."""
        check_place(school, book)
        found = self.ask(
            "SELECT n, h FROM r WHERE s = ? AND b = ? ORDER BY n DESC LIMIT 1", school, book
        )
        return Head(*found[0]) if found else Head()

    def read(self, school, book, after=0):
        """In order."""
        check_place(school, book)
        found = self.ask(
            "SELECT n, h, y, p FROM r WHERE s = ? AND b = ? AND n > ? ORDER BY n",
            school,
            book,
            after,
        )
        return iter([Record(book, n, h, y, p, index_of(y)) for n, h, y, p in found])

    def append(self, school, book, records, expect):
        """Compared, then kept."""
        check_place(school, book)
        batch = check_batch(book, records, expect)
        head = self.head(school, book)
        if head.number != expect:
            raise StaleHead(book, expect, head.number)
        check_links(head, batch)
        self.put(school, book, batch)

    def put(self, school, book, batch):
        """All in one statement."""
        rows = [(school, book, r.number, r.hash, r.body, r.private) for r in batch]
        self.statements += 1
        self.database.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?, ?)", rows)


@found_by("names_are_taken_as_they_are")
class LetsNamesInject(Rows):
    """Puts names into the text of a query."""

    def head(self, school, book):
        """Whatever the name says."""
        check_place(school, book)
        script = f"SELECT n, h FROM r WHERE s = '{school}' AND b = '{book}' ORDER BY n DESC LIMIT 1"
        with suppress(sqlite3.OperationalError, sqlite3.ProgrammingError):
            found = self.database.execute(script).fetchall()
            return Head(*found[0]) if found else Head()
        self.database.executescript(script)
        return Head()


@found_by("queries_do_not_grow_with_the_number_of_pupils")
class AsksForEachPupil(Rows):
    """One query a pupil."""

    def put(self, school, book, batch):
        """One by one."""
        for record in batch:
            super().put(school, book, [record])


# -- writers -------------------------------------------------------------------------------------


@found_by("racing_writers_lose_nothing")
class ComparesBeforeItLocks(MemoryStore):
    """Looks at the head, and locks afterwards: two who look at once both write."""

    def append(self, school, book, records, expect):
        """Look, dawdle, write."""
        kept = self._books.setdefault((school, book), [])
        if len(kept) != expect:
            raise StaleHead(book, expect, len(kept))
        list(map(hash, range(20_000)))
        with self._locked(school):
            kept.extend(records)


class Handle(MemoryStore):
    """One of several handles on the same lists, each with a lock of its own."""

    @classmethod
    def opener(cls):
        """Another handle on the same lists."""
        first = cls(timeout=0.2)

        def opening():
            other = cls(timeout=0.2)
            for name in ("_books", "_keys", "_order", "_documents"):
                setattr(other, name, getattr(first, name))
            return other

        return opening


@found_by("racing_handles_lose_nothing")
class LocksInTheObject(Handle):
    """Has a lock, which another object on the same place does not know."""

    def append(self, school, book, records, expect):
        """Locked, for this object."""
        with self._locked(school):
            kept = self._books.setdefault((school, book), [])
            if len(kept) != expect:
                raise StaleHead(book, expect, len(kept))
            list(map(hash, range(20_000)))
            kept.extend(records)


@found_by("writing_shuts_others_out")
class LetsASecondWriterIn(MemoryStore):
    """Appends without asking for the lock of an act."""

    def append(self, school, book, records, expect):
        """Open the lock."""
        if self._writer.locked():
            self._writer.release()
        super().append(school, book, records, expect)


@found_by("writing_forgets_what_was_appended_when_the_block_fails")
class KeepsFailedActs(MemoryStore):
    """Keeps an act that failed."""

    def writing(self, school, book, after):
        """Whatever happens."""
        real = super().writing(school, book, after)

        class Act:
            """Ends well."""

            def __enter__(self):
                return real.__enter__()

            def __exit__(self, kind, error, trace):
                real.__exit__(None, None, None)

        return Act()


# -- opening again -------------------------------------------------------------------------------


@found_by("what_was_kept_is_there_after_opening_again")
class ReopensEmpty(MemoryStore):
    """Is another store each time."""

    @classmethod
    def opener(cls):
        """A new one."""
        return cls


@found_by("what_was_kept_is_there_after_opening_again")
class AcknowledgesBeforeItIsDurable(Handle):
    """Keeps in memory what it will write when it is closed."""

    def append(self, school, book, records, expect):
        """Later."""
        if "_later" not in vars(self):
            self._books = {place: list(kept) for place, kept in self._books.items()}
            self._later = True
        super().append(school, book, records, expect)


@found_by("what_was_acknowledged_outlives_a_killed_process")
class DiesWithItsProcess(MemoryStore):
    """Is shared by all who open it, in one process."""


# -- capabilities --------------------------------------------------------------------------------


@found_by("a_key_finds_every_record_that_bears_it")
class ForgetsKeys(MemoryStore):
    """Finds the first record of a key only."""

    def find_key(self, school, account, key):
        """One."""
        return super().find_key(school, account, key)[:1]


@found_by("an_act_whose_answer_was_lost_is_repeated_and_stands_once")
class CommitsAgain(MemoryStore):
    """Tries a commit again that had gone well, because its answer came late."""

    def writing(self, school, book, after):
        """What the block appended, twice."""
        real = super().writing(school, book, after)
        kept = self._books.setdefault((school, book), [])

        class Act:
            """Commits, and commits again."""

            def __enter__(self):
                self.act = real.__enter__()
                return self.act

            def __exit__(self, kind, error, trace):
                batch = list(self.act._batch)
                ended = real.__exit__(kind, error, trace)
                kept.extend(batch)
                return ended

        return Act()


@found_by("documents_are_replaced_and_belong_to_a_school")
class MixesDocuments(MemoryStore):
    """Keeps one document of a name for all schools."""

    def kept(self, school, name):
        """Anybody's."""
        return next((c for (_, n), c in self._documents.items() if n == name), None)


@found_by("erasing_takes_texts_and_salts_and_nothing_else")
class ErasesTooMuch(MemoryStore):
    """Erases the texts of a whole book."""

    def erase(self, school, book, numbers):
        """Every number."""
        super().erase(school, book, numbers)
        return super().erase(school, book, range(1, self.head(school, book).number + 1))


@found_by("following_goes_on_where_it_stopped")
class FollowsByBook(MemoryStore):
    """Gives positions by the order of books, not of the writing."""

    def follow(self, school, after=0):
        """Book by book."""
        every = [r for book, _ in self.books(school) for r in self._books[school, book]]
        return iter(list(enumerate(every, 1))[after:])
