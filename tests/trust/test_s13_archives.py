"""trust-S13: ``verify.py``, an independent reader, and the main verifier agree on every archive."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest

from edujournal.adapters.archives import write_archive
from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.adapters.stampers.rfc3161 import Rfc3161Authority, Rfc3161Stamper
from edujournal.archiving.package import CHECKER, MANIFEST, TAG_MANIFEST
from edujournal.archiving.reading import judge
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from tests.archiving.archives import (
    BOOK,
    LOG_KEY,
    ORIGIN,
    OTHER,
    READER,
    RESULTS,
    STRANGER,
    WITNESS_KEY,
    by_library,
    by_program,
    packed,
    relisted,
    unsealed,
)
from tests.figures import cases, figure, seed
from tests.ledger.authorities import Authority

KEPT_FILE = "data/results/00004.jsonl"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """An archive with two rounds of seals, a witness, texts, and an erasure."""
    return packed(tmp_path_factory.mktemp("good"))


def file_of(files, book):
    """The file of a book, and that of its texts."""
    rows = [decode(line) for line in files["data/books.jsonl"].splitlines()]
    (row,) = (one for one in rows if one["book"] == book)
    return row["file"], row["texts"]


def with_lines(files, name, change):
    """The archive with the lines of a file changed, and its manifests made anew."""
    lines = files[name].splitlines(keepends=True)
    change(lines)
    return relisted({**files, name: b"".join(lines)})


def rechained(files, book, change):
    """A book whose bodies were changed and whose chain and head were made anew: a skilful hand."""
    name, _ = file_of(files, book)
    bodies = [line[65:] for line in files[name].splitlines()]
    change(bodies)
    last, lines = "0" * 64, []
    for body in bodies:
        last = entry_hash(last, body)
        lines.append(b"%b %b\n" % (last.encode(), body))
    rows = [decode(line) for line in files["data/books.jsonl"].splitlines()]
    for row in rows:
        if row["book"] == book:
            row |= {"n": len(bodies), "hash": last}
    table = b"".join(encode(row) + b"\n" for row in rows)
    return relisted({**files, name: b"".join(lines), "data/books.jsonl": table})


def fields_of_body():
    """Every field of a body, and what may stand there instead."""
    return [(name, value) for name in ("at", "book", "by", "item", "kind", "n", "about", "pupil", "school", "texts", "v", "evidence", "key", "target")
            for value in (None, 0, True, "x", [], {}, {"lo": None, "hi": 5}, {"lo": "1", "hi": 5}, {"account": "a", "role": "b"}, 2)]  # fmt: skip


def skilful(what, files, books):
    """Bodies changed, and all made anew that can be made without a key."""
    for book in books:
        title = f"{what} {book}"
        yield (
            f"{title} better mark",
            rechained(
                files, book, lambda some: some.__setitem__(0, some[0].replace(b'"5"', b'"2"'))
            ),
        )
        for place in (0, -1):
            yield (
                f"{title} without {place}",
                rechained(files, book, lambda some, at=place: some.__delitem__(at)),
            )
        for name, value in fields_of_body():

            def change(some, name=name, value=value):
                some[0] = encode({**decode(some[0]), name: value})

            yield f"{title} {name} {value!r}", rechained(files, book, change)
        for wrong in (b"", b"[]", b"1", b'"x"', b"{", b"\xff", b'{"a":1.5}', b'{"a":1,"a":1}', b'{"b":1, "a":2}',
                      '{"a":"е\u0308"}'.encode(), b'{"a":"\\ud800"}', b"9" * 400, b"[" * 40 + b"]" * 40, b"[" * 5000):  # fmt: skip
            yield (
                f"{title} body {wrong[:20]!r}",
                rechained(files, book, lambda some, wrong=wrong: some.__setitem__(0, wrong)),
            )


def corpora(good):
    """Name and files of many an archive, whole and damaged, clumsily and with skill."""
    log, texts = file_of(good, BOOK)
    seals, _ = file_of(good, "seals/2026")
    office, _ = file_of(good, "school/2026")
    yield "whole", good
    yield "listed anew", relisted(good)
    for name in good:
        yield f"without {name}", {n: c for n, c in good.items() if n != name}
        yield f"without {name}, listed anew", relisted({n: c for n, c in good.items() if n != name})
        yield f"emptied {name}", {**good, name: b""}
        yield f"emptied {name}, listed anew", relisted({**good, name: b""})
        yield (
            f"halved {name}, listed anew",
            relisted({**good, name: good[name][: len(good[name]) // 2]}),
        )
    yield "one file more", {**good, "data/documents/more.pdf": b"x"}
    yield "one tag more", {**good, "more.txt": b"x"}
    yield "no last line feed", {**good, MANIFEST: good[MANIFEST][:-1]}
    yield "swapped manifests", {**good, MANIFEST: good[TAG_MANIFEST], TAG_MANIFEST: good[MANIFEST]}
    for name in (log, seals, office, texts, KEPT_FILE, "data/books.jsonl", "data/keys.txt"):
        count = len(good[name].splitlines())
        for place in range(count):
            yield (
                f"{name} cut at {place}",
                with_lines(good, name, lambda some, at=place: some.__delitem__(slice(at, None))),
            )
            yield (
                f"{name} without {place}",
                with_lines(good, name, lambda some, at=place: some.__delitem__(at)),
            )
            yield (
                f"{name} double {place}",
                with_lines(good, name, lambda some, at=place: some.insert(at, some[at])),
            )
            yield (
                f"{name} swapped {place}",
                with_lines(good, name, lambda some, at=place: some.insert(0, some.pop(at))),
            )
    yield from skilful("sealed", good, (OTHER, "seals/2026", RESULTS[1]))
    yield from skilful("unsealed", unsealed(), (BOOK, "school/2026"))
    seal = json.loads(good[seals].splitlines()[0][65:])["values"]
    for name, value in (("n", seal["n"] + 1), ("n", "1"), ("n", -1), ("hash", "0" * 64), ("root", "0" * 64), ("peaks", []),
                        ("peaks", ["x"]), ("peaks", 1), ("book", "journal/7A/alg/2027"), ("book", "seals/2026"), ("book", 1)):  # fmt: skip

        def reseal(some, name=name, value=value):
            body = decode(some[0])
            some[0] = encode({**body, "values": {**body["values"], name: value}})

        yield f"seal {name} {value!r}", rechained(good, "seals/2026", reseal)
    note = next(name for name in good if name.endswith(".note"))
    for name, change in {
        "other root": lambda data: data.replace(b"\n", b"\n0", 1),
        "other origin": lambda data: data.replace(b"edujournal/", b"edujournax/"),
        "no signature": lambda data: data.partition(b"\n\n")[0] + b"\n",
        "other signature": lambda data: data[:-6] + b"AAAA=\n",
        "unknown key": lambda data: data.replace("— edujournal".encode(), "— another".encode()),
        "blank": lambda data: b"\n" + data,
        "carriage return": lambda data: data.replace(b"\n", b"\r\n"),
    }.items():  # fmt: skip
        yield f"note {name}", relisted({**good, note: change(good[note])})


def test_both_readers_say_the_same_of_every_archive(good):
    """Level, whether anything is damaged, and which files and books: the same, always."""
    tried, differ = 0, {}
    for name, files in corpora(good):
        tried += 1
        library, program = by_library(files), by_program(files)
        if library != program:
            differ[name] = library, program
    assert {} == differ
    for keys in ([], [LOG_KEY.public], [WITNESS_KEY.public], [STRANGER.public]):
        tried += 1
        assert by_library(good, keys) == by_program(good, keys), keys
    for anchor in ((3, "0" * 64), (99, "0" * 64)):
        tried += 1
        assert by_library(good, None, [anchor]) == by_program(good, None, [anchor])
    figure("S13", "archives judged by both readers", tried)
    figure("S13", "judged otherwise", len(differ))


def test_levels_rise_with_what_confirms_them(good, tmp_path):
    """Without a key L1, with the school's L2, with a witness or print L3; a stranger's key proves nothing."""
    root = by_root(good)
    assert ("L3", False, set()) == by_program(good)
    assert ("L2", False, set()) == by_program(good, [LOG_KEY.public])
    assert ("L1", False, set()) == by_program(good, [])
    assert ("L1", False, set()) == by_program(good, [STRANGER.public])
    assert ("L3", False, set()) == by_program(good, [], [root])
    assert ("L2", False, set()) == by_program(packed(tmp_path, witnessed=False))


def by_root(files):
    """Size and root of the seal log, as a sheet has them."""
    found = READER["check"](files)
    return found["seals"], found["root"]


def test_no_edited_byte_goes_unnoticed(good):
    """One byte of any file but the checker is changed, put in or taken out: always found, and the file named.

    Of a manifest: what it lists.
    """
    chance = random.Random(seed(13))
    names = [name for name in good if name != CHECKER]
    sizes = [len(good[name]) for name in names]
    wanted = cases(2_000, 100_000)
    unnoticed = []
    for number in range(wanted):
        (name,) = chance.choices(names, sizes)
        data, at = bytearray(good[name]), chance.randrange(len(good[name]))
        what = number % 3
        if what == 0:
            data[at] ^= chance.randrange(1, 256)
        elif what == 1:
            data.insert(at, chance.randrange(256))
        else:
            del data[at]
        found = by_program({**good, name: bytes(data)})
        named = name in (MANIFEST, TAG_MANIFEST) or (found != "unreadable" and name in found[2])
        if found != "unreadable" and (found[0] is not None or not found[1] or not named):
            unnoticed.append((name, what, at))
    assert [] == unnoticed
    figure("S13", "bytes edited in an archive", wanted)
    figure("S13", "edits unnoticed", 0)


def run(folder, *arguments):
    """Run the archive's own checker as a stranger does: exit code, what it says."""
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(folder / CHECKER), *arguments],
        capture_output=True, text=True, env={"PATH": os.defpath}, cwd="/", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_checker_runs_without_anything_installed(good, tmp_path):
    """A process of its own, no site, no environment: a verdict to read, in two languages, and exit codes."""
    folder = tmp_path / "archive"
    write_archive(folder, good.items())
    code, told = run(folder)
    assert (0, True) == (code, "L3: a witness" in told)
    assert ORIGIN in told
    code, told = run(folder, "--ru")
    assert (0, True) == (code, "L3: свидетель" in told)
    code, told = run(folder, "--json")
    assert "L3" == json.loads(told)["level"]
    assert "L2: " in run(folder, "--key", LOG_KEY.public)[1]
    assert "L1: " in run(folder, "--key", STRANGER.public)[1]
    size, root = by_root(good)
    assert "L3: " in run(folder, "--key", LOG_KEY.public, "--anchor", f"{size}:{root}")[1]
    assert 2 == run(folder, "--wrong")[0]
    log, _ = file_of(good, BOOK)
    whole = (folder / log).read_bytes()
    (folder / log).write_bytes(whole[: len(whole) // 2])
    code, told = run(folder)
    assert (1, True, True) == (code, f"{log}, entry 0: changed" in told, "DAMAGED" in told)
    (folder / log).unlink()
    code, told = run(folder)
    assert (1, True) == (code, f"{log}, entry 0: missing" in told)
    (folder / "data/{0}.txt").write_text("x")
    assert "data/{0}.txt, entry 0: unknown" in run(folder)[1]
    (folder / "data/archive.json").unlink()
    assert 2 == run(folder)[0]


@pytest.mark.parametrize("value", [None, True, 0, "x", [], {}, [1]])
@pytest.mark.parametrize("field", ["book", "n", "hash", "file", "texts", "school", "origin"])
def test_a_field_of_another_kind_is_judged_by_both_readers(good, field, value):
    """No reader ends otherwise than by its verdict, and both say how much is proven."""
    name = "data/archive.json" if field in ("school", "origin") else "data/books.jsonl"
    first, gap, rest = good[name].partition(b"\n")
    changed = encode({**decode(first), field: value})
    files = relisted({**good, name: changed + gap + rest})
    assert by_library(files) == by_program(files)


def test_an_archive_of_another_year_or_with_texts_of_another_book_is_judged_alike(good):
    """Which erasures count does not hang on what the reader takes for the year, or can read of texts."""
    for files in (good, unsealed()):
        about = decode(files["data/archive.json"])
        for year in ("2027", "", "seals/2026"):
            changed = relisted({**files, "data/archive.json": encode({**about, "year": year})})
            assert by_library(changed) == by_program(changed) == "unreadable"
        rows = files["data/books.jsonl"].splitlines()
        for place, row in enumerate(rows):
            for file in ("data/books/00001.jsonl", "data/texts/00001.jsonl", "data/none"):
                some = [*rows[:place], encode({**decode(row), "texts": file}), *rows[place + 1 :]]
                table = b"".join(one + b"\n" for one in some)
                changed = relisted({**files, "data/books.jsonl": table})
                assert by_library(changed) == by_program(changed), (place, file)


def test_stamps_are_judged_alike(good, tmp_path):
    """A token of a real authority over each size; of another text, of another size, cut, or no token at all."""
    authority = Authority(tmp_path)
    log = by_root(good)[0]
    with authority.serving():
        reader = Rfc3161Authority([authority.root])
        stamper = Rfc3161Stamper(authority.url, reader)
        note = next(content for name, content in good.items() if name.endswith(".note"))
        text = note.partition(b"\n\n")[0] + b"\n"
        token, other = stamper.stamp(text), stamper.stamp(b"other")
    size = int(text.split(b"\n")[1])
    right = relisted({**good, f"data/stamps/000001-{size}.tsr": token})
    assert READER["check"](right)["stamps"] == [size]
    assert by_library(right) == by_program(right) == ("L3", False, set())
    judged = judge(right, Ed25519Verifier, None, (), [reader])
    assert ([size], ()) == ([one.size for one in judged.assured.years[0].stamps], judged.damages)
    assert (size,) == judge(right, Ed25519Verifier).assured.years[0].unread
    (tmp_path / "other").mkdir()
    strange = Rfc3161Authority([Authority(tmp_path / "other").root])
    assert ["stamp"] == [
        one.what for one in judge(right, Ed25519Verifier, None, (), [strange]).damages
    ]
    for name, content in {
        f"000001-{size}.tsr": other,
        f"000001-{log}.tsr": token,
        "000001-99.tsr": token,
        "000001-0.tsr": token,
        "000001.tsr": token,
        f"000001-{size}.txt": token,
        f"000001-0{size}.tsr": token,
        f"000002-{size}.tsr": b"",
        f"000003-{size}.tsr": token[:40],
    }.items():
        files = relisted({**right, f"data/stamps/{name}": content})
        found = by_library(files)
        assert found == by_program(files), name
        assert (None, True, {"seals/2026"}) == found, name
