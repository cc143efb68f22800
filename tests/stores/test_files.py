"""The file store on a real disk: its format, its locks, and everything that may lie in its folder."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import stat
import subprocess
import sys

import pytest

from edujournal.adapters.stores.files import FileStore, RealDisk
from edujournal.adapters.stores.files.names import LONGEST, file_name
from edujournal.errors import (
    BadInput,
    EdujournalError,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreTooNew,
    StoreUnwritable,
)
from edujournal.ledger.bytes import encode
from edujournal.ledger.records import Head
from edujournal.ledger.verify import verify
from edujournal.testing.records import BOOK, SCHOOL, head_of, make_record, make_records
from edujournal.testing.stores import ODD_NAMES

ROOM = "school-1/journal%2f7%41%2falg%2f2026"


# -- the format ----------------------------------------------------------------------------------


def test_the_files_of_a_book_are_pinned(folder):
    """Byte for byte: the log, the private file and the head, as the reference describes them."""
    made = make_records(Head(), 2, text="Да")
    made += make_records(head_of(made), 2)
    log = b"".join(record.hash.encode() + b" " + record.body + b"\n" for record in made)
    private = b"".join(b"%d %b\n" % (record.number, record.private) for record in made[:2])
    head = (folder / ROOM / "head").read_bytes()

    assert log == (folder / ROOM / "log.jsonl").read_bytes()
    assert private == (folder / ROOM / "private.jsonl").read_bytes()
    assert 3 * 4096 == len(head)
    blocks = [head[n : n + 4096].rstrip(b" \n").decode() for n in (0, 4096, 8192)]
    assert (
        '{"book":"journal/7A/alg/2026","format":"edujournal/book/v1","school":"school-1"}'
        == blocks[0]
    )
    assert [
        f"{2:016x} {3:016x} {len(log) - len(made[3].body) - 66:016x} {len(private):016x} {made[2].hash}",
        f"{3:016x} {4:016x} {len(log):016x} {len(private):016x} {made[3].hash}",
    ] == [block[:-65] for block in blocks[1:]]
    assert [
        "081a18ce5a303bbe1fe3c4ab183032b3a29e2cad3b109506cf77b45ae0aee5d1",
        "c909b2c5893519111dd9aed3f5b234dfe71118ba2048f007b604027cc7c86560",
    ] == [block[-64:] for block in blocks[1:]]
    assert b'{"format":"edujournal/files","version":1}' == (folder / "store.json").read_bytes()
    assert b'{"school":"school-1"}' == (folder / "school-1" / "school.json").read_bytes()


def test_a_store_written_by_hand_is_read(tmp_path):
    """The format needs no library: a few lines of any language write a book that opens here."""
    from hashlib import sha256

    record = make_record(text="Да")
    room = tmp_path / ROOM
    room.mkdir(parents=True)
    (tmp_path / "store.json").write_text('{"format":"edujournal/files","version":1}')
    (tmp_path / "school-1" / "school.json").write_text('{"school":"school-1"}')
    log = f"{record.hash} ".encode() + record.body + b"\n"
    private = b"1 " + record.private + b"\n"
    title = b'{"book":"journal/7A/alg/2026","format":"edujournal/book/v1","school":"school-1"}'
    title = title.ljust(4095) + b"\n"
    blocks = [title]
    for sequence, number, end, private_end, hash_ in (
        (0, 0, 0, 0, "0" * 64),
        (1, 1, len(log), len(private), record.hash),
    ):
        line = f"{sequence:016x} {number:016x} {end:016x} {private_end:016x} {hash_}".encode()
        check = sha256(b"edujournal/slot/v1\n" + title + line).hexdigest()
        blocks.append((line + f" {check}".encode()).ljust(4095) + b"\n")
    (room / "head").write_bytes(b"".join(blocks))
    (room / "log.jsonl").write_bytes(log)
    (room / "private.jsonl").write_bytes(private)

    assert [record] == list(FileStore(tmp_path).read(SCHOOL, BOOK))
    assert [SCHOOL] == list(FileStore(tmp_path).schools())


def test_erased_texts_keep_their_place(folder):
    """A private line whose text is overwritten by dashes reads as a record without texts."""
    path = folder / ROOM / "private.jsonl"
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"1 " + b"-" * (len(first) - 3) + b"\n" + second)
    found = list(FileStore(folder).read(SCHOOL, BOOK))

    assert [False, True] == [record.private is not None for record in found[:2]]
    damages = verify(FileStore(folder), SCHOOL).damages
    assert [(1, "lost")] == [(one.number, one.what) for one in damages]


def test_a_later_format_is_refused(folder):
    """A store of a later version asks for an upgrade, whatever else it holds."""
    (folder / "store.json").write_bytes(encode({"format": "edujournal/files", "version": 2}))

    with pytest.raises(StoreTooNew, match="Upgrade"):
        FileStore(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b'{"format":"other","version":1}', b'{"format":"edujournal/files"}'],
)
def test_a_format_that_cannot_be_read_is_damage(folder, content):
    """A store does not guess what it is."""
    (folder / "store.json").write_bytes(content)

    with pytest.raises(StoreDamaged):
        FileStore(folder)


def test_schools_without_a_format_are_damage(folder):
    """The file that tells the format cannot be left out."""
    (folder / "store.json").unlink()

    with pytest.raises(StoreDamaged, match="format"):
        FileStore(folder)


def test_a_store_makes_nothing_before_the_first_write(tmp_path):
    """To look into a folder that is not there leaves none behind."""
    store = FileStore(tmp_path / "new")

    assert [] == list(store.schools())
    assert [] == list(store.books(SCHOOL))
    assert store.kept(SCHOOL, "regulation") is None
    assert not (tmp_path / "new").exists()


def test_a_file_is_no_folder(tmp_path):
    """A path that names a file is a mistake of the caller."""
    (tmp_path / "x").write_text("")

    with pytest.raises(BadInput, match="not a folder"):
        FileStore(tmp_path / "x")


# -- names ---------------------------------------------------------------------------------------


def test_names_of_files_are_plain_and_apart():
    """Every id gets a name of its own, of a few safe characters, on disks that ignore case as well."""
    names = {
        id: file_name(id) for id in (*ODD_NAMES, "x" * 400, "x" * 401, "CON", "con.txt", "ꙮ" * 99)
    }

    assert len(names) == len({name.casefold() for name in names.values()})
    for name in names.values():
        assert re.fullmatch(r"[a-z0-9_%~-]+", name)
        assert len(name) <= LONGEST
        assert name not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert "journal%2f7%41%2falg%2f2026" == names.get(BOOK, file_name(BOOK))
    assert "%63on" == file_name("con")


def test_no_name_leads_out_of_the_store(tmp_path):
    """Whatever the books are called, every file lies two folders deep in the store."""
    store = FileStore(tmp_path / "store")
    for name in ODD_NAMES:
        store.append(SCHOOL, name, [make_record(book=name)], 0)
        store.keep(SCHOOL, name, b"x")

    assert ["store"] == [path.name for path in tmp_path.iterdir()]
    depths = {
        len(path.relative_to(tmp_path / "store").parts) for path in tmp_path.rglob("log.jsonl")
    }
    assert {3} == depths


@pytest.mark.parametrize(
    "path", ["school-1", ROOM, f"{ROOM}/log.jsonl", f"{ROOM}/head", "store.json"]
)
def test_symbolic_links_are_refused(folder, tmp_path_factory, path):
    """A link inside the store, to a file or a folder, is told and not followed."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "moved"
    (folder / path).rename(elsewhere)
    (folder / path).symlink_to(elsewhere)

    with pytest.raises(StoreDamaged, match="symbolic link"):
        list(FileStore(folder).read(SCHOOL, BOOK))


def test_the_folder_itself_may_be_reached_by_a_link(folder, tmp_path_factory):
    """Where the store lies is the host's business."""
    link = tmp_path_factory.mktemp("links") / "store"
    link.symlink_to(folder)

    assert 4 == len(list(FileStore(link).read(SCHOOL, BOOK)))


def test_a_folder_under_another_name_is_damage(folder):
    """The folder of one book moved to the place of another is told, with both names."""
    (folder / ROOM).rename(folder / "school-1" / "other")
    store = FileStore(folder)

    with pytest.raises(StoreDamaged, match="another book"):
        store.head(SCHOOL, "other")
    with pytest.raises(StoreDamaged, match="folder of another"):
        list(store.books(SCHOOL))


def test_the_folder_of_one_school_under_the_name_of_another_is_damage(folder):
    """Books cannot be handed to another school by renaming a folder."""
    (folder / "school-1").rename(folder / "school-2")
    store = FileStore(folder)

    for using in (
        lambda: list(store.schools()),
        lambda: list(store.books("school-2")),
        lambda: list(store.read("school-2", BOOK)),
        lambda: store.append("school-2", BOOK, [], 0),
    ):
        with pytest.raises(StoreDamaged):
            using()


def test_broken_books_do_not_hide_the_others(folder):
    """Books that can be read are listed before the one that cannot is told."""
    store = FileStore(folder)
    for book in ("a", "z"):
        store.append(SCHOOL, book, [make_record(book=book)], 0)
    (folder / "school-1" / "a" / "head").write_bytes(b"")
    listing = iter(store.books(SCHOOL))

    assert [BOOK, "z"] == [next(listing)[0], next(listing)[0]]
    with pytest.raises(StoreDamaged, match="school-1/a/head"):
        next(listing)
    report = verify(store, SCHOOL)
    assert report.assurance is None
    assert 5 == report.records


# -- locks and processes -------------------------------------------------------------------------

HOLD = """
import sys
from edujournal.adapters.stores.files import FileStore
with FileStore(sys.argv[1]).writing("school-1", "journal/7A/alg/2026", 0):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_book_that_another_process_writes_is_busy(folder):
    """While another process holds the lock, writing is refused after the time-out, reading goes on."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert "held\n" == other.stdout.readline()
        store = FileStore(folder, timeout=0.05)
        with pytest.raises(StoreBusy, match="another process"):
            store.append(SCHOOL, BOOK, [], 4)
        assert 4 == len(list(store.read(SCHOOL, BOOK)))
        other.stdin.write("\n")

    store.append(SCHOOL, BOOK, [], 4)


def test_where_folders_cannot_be_locked_a_lock_file_is_used(folder, monkeypatch):
    """On systems without locks on folders one writer at a time holds a lock file."""
    fcntl = pytest.importorskip("fcntl")
    flock = fcntl.flock

    def no_folders(handle, how):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EBADF, "not a file")
        flock(handle, how)

    monkeypatch.setattr(fcntl, "flock", no_folders)
    first, second = FileStore(folder, timeout=0.05), FileStore(folder, timeout=0.05)
    with first.writing(SCHOOL, BOOK, 4), pytest.raises(StoreBusy):
        second.append(SCHOOL, BOOK, [], 4)
    second.append(SCHOOL, BOOK, [], 4)

    assert (folder / "school-1" / "lock.lock").exists()


def test_a_lock_that_fails_otherwise_is_no_lock(folder, monkeypatch):
    """What the system says to a lock is not taken for an answer that it did not give."""
    fcntl = pytest.importorskip("fcntl")

    def broken(handle, how):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(fcntl, "flock", broken)
    with pytest.raises(StoreUnwritable, match="EIO"):
        FileStore(folder).append(SCHOOL, BOOK, [], 4)


def test_a_full_disk_takes_nothing(folder):
    """At the limit of file size a batch is refused, nothing of it is kept, reading goes on."""
    made = list(FileStore(folder).read(SCHOOL, BOOK))
    batch = make_records(head_of(made), 100)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (14_000, hard))
    try:
        with pytest.raises(StoreUnwritable, match="EFBIG"):
            FileStore(folder).append(SCHOOL, BOOK, batch, 4)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert made == list(FileStore(folder).read(SCHOOL, BOOK))
    store = FileStore(folder)
    store.append(SCHOOL, BOOK, batch, 4)
    assert [*made, *batch] == list(store.read(SCHOOL, BOOK))
    (recovery,) = store.recoveries
    assert recovery.file.endswith("log.jsonl")


@pytest.mark.skipif(os.geteuid() == 0, reason="skip: root writes into read-only folders")
def test_a_read_only_folder_is_read_and_not_written(folder):
    """Books on a read-only disk can be read; writing says so."""
    for path in (folder / "school-1", folder / ROOM, *(folder / ROOM).iterdir()):
        path.chmod(0o555)
    try:
        assert 4 == len(list(FileStore(folder).read(SCHOOL, BOOK)))
        with pytest.raises(StoreUnwritable):
            FileStore(folder).append(SCHOOL, BOOK, [], 4)
    finally:
        for path in (folder / "school-1", folder / ROOM):
            path.chmod(0o755)


def test_an_error_of_the_store_says_where(folder):
    """What a person reads names the file and the record, from the store's folder on."""
    path = folder / ROOM / "log.jsonl"
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(StoreDamaged) as caught:
        FileStore(folder).append(SCHOOL, BOOK, [], 4)
    assert f"{ROOM}/log.jsonl, byte {path.stat().st_size}, record 4" in str(caught.value)


def test_the_real_disk_refuses_what_is_written_to_a_reader(folder):
    """A file opened for reading cannot be written by mistake."""
    disk = RealDisk(folder)
    with disk.open("store.json") as file, pytest.raises(OSError, match="Bad file"):
        file.write(0, b"x")
    assert issubclass(StoreError, EdujournalError)
    assert 1 == json.loads((folder / "store.json").read_bytes())["version"]


# -- looked at while it is made ------------------------------------------------------------------


class _Meanwhile(RealDisk):
    """A disk that does something between the first look for a file, which is not there, and the next."""

    def __init__(self, root, name, act):
        super().__init__(root)
        self.name, self.act = name, act

    def open(self, path, *, edit=False):
        try:
            return super().open(path, edit=edit)
        except FileNotFoundError:
            act, self.act = self.act, None
            if act and path.rpartition("/")[2] == self.name:
                act()
            else:
                self.act = act
            raise


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.head(SCHOOL, BOOK).number,
        lambda store: len(list(store.read(SCHOOL, BOOK))),
        lambda store: sum(head.number for _, head in store.books(SCHOOL)),
        lambda store: len(list(store.follow(SCHOOL))),
        lambda store: 4 * len(list(store.schools())),
    ],
    ids=["head", "read", "books", "follow", "schools"],
)
@pytest.mark.parametrize("name", ["store.json", "school.json", "head"])
def test_a_book_that_is_made_between_two_looks_is_no_damage(tmp_path, ask, name):
    """Who looks for the head before a book is made, and for records after it, sees none or all."""

    def act():
        FileStore(tmp_path).append(SCHOOL, BOOK, make_records(Head(), 4), 0)

    disk = _Meanwhile(tmp_path, name, act)
    with FileStore(tmp_path, disk=disk) as store:
        assert ask(store) in {0, 4}
        if disk.act is None:
            assert 4 == ask(store)


def test_books_made_while_their_names_are_read_are_no_damage(tmp_path):
    """A folder whose head comes between the look for it and the look for its records."""
    records = make_records(Head(), 4)
    FileStore(tmp_path).append(SCHOOL, BOOK, records, 0)
    head = tmp_path / ROOM / "head"
    content = head.read_bytes()
    head.unlink()
    disk = _Meanwhile(tmp_path, "head", lambda: head.write_bytes(content))

    assert [(BOOK, head_of(records))] == list(FileStore(tmp_path, disk=disk).books(SCHOOL))
    head.unlink()
    with pytest.raises(StoreDamaged, match="without its head"):
        list(FileStore(tmp_path).books(SCHOOL))
    with pytest.raises(StoreDamaged, match="without its head"):
        FileStore(tmp_path).head(SCHOOL, BOOK)
