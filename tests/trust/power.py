"""Lives of a file store on a disk that loses its power: what the tests of R1 and R2 share."""

from __future__ import annotations

import random
from contextlib import suppress

from edujournal.adapters.stores.files import FileStore
from edujournal.adapters.stores.files.feed import FEED
from edujournal.adapters.stores.files.keys import KEYS
from edujournal.adapters.stores.files.names import file_name
from edujournal.errors import StaleHead, StoreError, StoreUnwritable
from edujournal.ledger.verify import verify
from edujournal.testing.records import SCHOOL, head_of, make_records
from edujournal.testing.simulated import SimDisk

BOOKS = ("a", "b")
ACCOUNT = "t-ivanova"
DOCUMENT = "regulation"

#: Files that the recovery of a book never opens: of two disks that differ in nothing else only one has
#: to be looked at, but for what a thorough look asks. Whoever opens one of them is found out.
ASIDE = frozenset(f"{file_name(SCHOOL)}/{name}" for name in (FEED, KEYS))

#: Each draw of this many is looked at with all that a store can be asked.
THOROUGH = 256

#: Each draw of this many loses its power again while it recovers.
TWICE = 32


class Broken(AssertionError):
    """The store broke its promise: what was lost, made up, or cannot be read."""


class Life:
    """One store that writes on and on, while its power fails in other worlds after each step.

    Args:
        seed: Repeats this life.
        appends: How many appends it lives.
        draws: Crash states that are drawn at each step.
        make: Opens the store on a disk.
        disk: Makes the disk.
    """

    def __init__(self, seed, appends, draws, make=None, disk=SimDisk):
        self.chance = random.Random(seed)
        self.seed, self.appends, self.draws = seed, appends, draws
        self.segment = self.chance.choice([1 if appends < 50 else 4000, 2000, 9000, 1 << 26])
        self.make = make or (lambda disk: FileStore("", disk=disk, segment=self.segment))
        self.disk = disk
        self.acked = {book: [] for book in BOOKS}
        self.logs = dict.fromkeys(BOOKS, b"")
        self.texts = dict.fromkeys(BOOKS, b"")
        self.coming = (BOOKS[0], [])
        self.documents = {None}
        self.seen = []
        self.held = set()
        self.refusals = self.chance.choice([0, 0, 0.02, 0.1])
        self.drawn = self.states = self.refused = 0

    def run(self, most=1 << 62):
        """Live, until *most* states were looked at; give the number of distinct ones that were."""
        disk = self.disk(each=self.fails, refuses=self.refuses)
        store, self.now = self.make(disk), disk
        for _ in range(self.appends):
            if self.states >= most:
                break
            if self.chance.random() < 0.1:
                store = self.make(disk)
            if self.chance.random() < 0.04:
                content = self.chance.randbytes(9)
                self.documents.add(content)
                with suppress(StoreUnwritable):
                    store.keep(SCHOOL, DOCUMENT, content)
                    self.documents = {content}
            if self.chance.random() < 0.2:
                disk.write_back()
            if self.chance.random() < 0.08:
                self.follow(store)
            book = self.chance.choice("aaab")
            self.coming = (book, self.batch(self.acked[book], book))
            if self.append(store):
                self.acknowledge()
        return self.states

    def follow(self, store):
        """Somebody reads what came so far, and remembers the positions."""
        try:
            for position, record in store.follow(SCHOOL, len(self.seen)):
                self.seen.append((record.book, record.number))
                if position != len(self.seen):
                    raise Broken(f"position {position} after {len(self.seen) - 1}")
        except StoreError:
            # The disk refused to sync, of which a follower is told before it sees anything.
            self.refused += 1

    def append(self, store):
        """Append; where the disk refuses, let the same store, or another one, tell whether it is there."""
        book, batch = self.coming
        expect = len(self.acked[book])
        try:
            store.append(SCHOOL, book, batch, expect)
        except StoreUnwritable:
            self.refused += 1
        else:
            return True
        while True:
            if self.chance.random() < 0.5:
                store = self.make(self.now)
            try:
                store.append(SCHOOL, book, [], expect)
            except StoreUnwritable:
                self.refused += 1
            except StaleHead as error:
                if error.actual != expect + len(batch):
                    raise Broken(f"{book} ends at {error.actual} after a refusal") from error
                return True
            else:
                return False

    def refuses(self):
        """Whether the disk refuses to sync, as it does now and then."""
        return self.chance.random() < self.refusals

    def batch(self, before, book):
        """Some records that follow *before*."""
        return make_records(
            head_of(before), self.chance.choice([1, 1, 1, 2, 5]), book=book,
            text=self.chance.choice([None, "Да"]), key=self.chance.choice([None, "k"]),
        )  # fmt: skip

    def acknowledge(self):
        """What was coming is there for good."""
        book, batch = self.coming
        self.acked[book] = [*self.acked[book], *batch]
        self.logs[book] += log_of(batch)
        self.texts[book] += texts_of(batch)
        self.coming = (book, [])

    # -- other worlds ----------------------------------------------------------------------------

    def fails(self, disk):
        """The power fails at this step, in as many ways as are drawn."""
        try:
            self.fail(disk)
        except (Broken, StoreError) as error:
            raise Broken(
                f"{error} (life {self.seed}, draw {self.drawn}, after {disk.steps[-1]})"
            ) from error

    def fail(self, disk):
        """Draw, and look at each that is not like one before it."""
        seen = set()
        for _ in range(self.draws if disk.unsynced else 1):
            found = disk.without_power(self.chance)
            self.drawn += 1
            content = found.image()
            image = hash(content)
            if image in seen:
                continue
            seen.add(image)
            self.states += 1
            thorough = self.drawn % THOROUGH == 0
            if self.drawn % TWICE == 0:
                found = self.twice(found)
            elif not thorough:
                known = self.known(content)
                if known in self.held:
                    continue
                found.open = blind(found.open)
                self.look(found, thorough=False)
                self.held.add(known)
                continue
            self.look(found, thorough=thorough)

    def known(self, content):
        """All that the verdict on a disk can depend on: its bytes and names, and what is expected."""
        book, batch = self.coming
        told = tuple(one[:1] if one[0] in ASIDE else one for one in content)
        return hash((book, len(self.acked[book]), len(batch), told))

    def twice(self, disk):
        """Let the power fail again, at some step of the recovery."""
        worlds = []

        def fails(disk):
            worlds.append(disk.without_power(self.chance))
            self.states += 1

        again = disk.without_power(self.chance)
        again._each = fails
        store = self.make(again)
        self.settle(store, self.coming[0])
        return self.chance.choice(worlds) if worlds else disk

    def settle(self, store, book):
        """Let the store put right what it finds, and give where a book ends then."""
        expect = len(self.acked[book])
        try:
            store.append(SCHOOL, book, [], expect)
        except StaleHead as error:
            return error.actual
        except StoreError as error:
            raise Broken(f"unrecoverable: {error}") from error
        return expect

    def look(self, disk, *, thorough):
        """Open the store on what is left, and compare with what was acknowledged."""
        store = self.make(disk)
        for book in BOOKS if thorough else self.coming[:1]:
            self.look_at(disk, book, self.settle(store, book))
        if thorough:
            self.look_at_all(disk)

    def look_at(self, disk, book, number):
        """Compare the files of a book that was put right with what was written."""
        coming, batch = self.coming
        acked = len(self.acked[book])
        more = batch if book == coming else ()
        if number == acked:
            log, texts = self.logs[book], self.texts[book]
        elif more and number == acked + len(more):
            log, texts = self.logs[book] + log_of(more), self.texts[book] + texts_of(more)
        else:
            raise Broken(f"{book} ends at {number}, acknowledged was {acked} (+{len(more)})")
        if log_content(disk, book) != log or content(disk, book, "private.jsonl") != texts:
            raise Broken(f"{book}: the files are not what was written")

    def look_at_all(self, disk):
        """Ask a new process everything, and let it go on."""
        store = self.make(disk)
        if store.kept(SCHOOL, DOCUMENT) not in self.documents:
            raise Broken("a document that nobody kept")
        keyed, everything = [], []
        for book in BOOKS:
            number = store.head(SCHOOL, book).number
            more = self.coming[1] if book == self.coming[0] else []
            expected = [*self.acked[book], *more][:number]
            if list(store.read(SCHOOL, book)) != expected:
                raise Broken(f"{book} reads otherwise")
            keyed += [(book, record.number) for record in expected if record.index.key]
            coming = make_records(head_of(expected), 2, book=book, text="weiter", key="k")
            store.append(SCHOOL, book, coming, number)
            keyed += [(book, record.number) for record in coming]
            everything += [(book, n + 1) for n in range(number + 2)]
            if list(store.read(SCHOOL, book)) != [*expected, *coming]:
                raise Broken(f"{book} does not go on")
        if list(store.find_key(SCHOOL, ACCOUNT, "k")) != keyed:
            raise Broken("a client key is forgotten")
        order = [(record.book, record.number) for _, record in store.follow(SCHOOL)]
        if sorted(order) != sorted(everything):
            raise Broken("the order of the school lacks records")
        if order[: len(self.seen)] != self.seen:
            raise Broken("what a follower saw has another position now")
        if verify(self.make(disk), SCHOOL).assurance != "L1":
            raise Broken("verification finds damage")


def blind(opens):
    """Open files, but none that a recovery is said not to look into."""

    def open_one(path, **given):
        if path in ASIDE:
            raise Broken(f"a recovery looks into {path}")
        return opens(path, **given)

    return open_one


def log_of(records):
    """The lines of the log."""
    return b"".join(b"%b %b\n" % (record.hash.encode(), record.body) for record in records)


def texts_of(records):
    """The lines of private parts."""
    return b"".join(b"%d %b\n" % (r.number, r.private) for r in records if r.private is not None)


def content(disk, book, name):
    """A file of a book."""
    return disk.content(f"{file_name(SCHOOL)}/{file_name(book)}/{name}")


def log_content(disk, book):
    """All segments of the log of a book."""
    folder = f"{file_name(SCHOOL)}/{file_name(book)}"
    names = [name for name in disk.names(folder) if name.startswith("log.")]
    return b"".join(disk.content(f"{folder}/{name}") for name in sorted(names, key=begin_of))


def begin_of(name):
    """Where in the whole log a segment begins."""
    middle = name.removeprefix("log").removesuffix("jsonl").strip(".")
    return int(middle, 16) if middle else 0
