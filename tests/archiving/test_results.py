"""Results are kept apart from their journals, each with its proof, and believed when these are gone."""

from __future__ import annotations

import re

import pytest

from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.archiving.disposing import dispose
from edujournal.archiving.package import pack
from edujournal.archiving.reading import judge
from edujournal.archiving.results import RESULTS as FOLDER
from edujournal.archiving.results import proofs_of
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import entry_hash
from edujournal.ledger.proofs import check_proof
from tests.archiving.archives import (
    AT,
    GIVEN,
    KEPT,
    LOG_KEY,
    OTHER,
    READER,
    RESULTS,
    SCHOOL,
    STRANGER,
    a_store,
    by_library,
    by_program,
    give_results,
    packed,
    relisted,
    sealed,
    unsealed,
)

NAME = f"{FOLDER}00004.jsonl"
CLASS = "class/8A/2026"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """An archive of which one journal got results after its last seal, too."""
    return packed(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def left(good):
    """The same after the journals were disposed of."""
    return dict(dispose(good, lambda book: book.startswith("journal/")))


def changed(files, place, change):
    """The archive with one line of its file of results changed, and the manifests made anew."""
    lines = files[NAME].splitlines()
    row = decode(lines[place])
    change(row)
    lines[place] = encode(row)
    return relisted({**files, NAME: b"".join(line + b"\n" for line in lines)})


def without(files, place):
    """The archive without one line of its file of results, and the manifests made anew."""
    lines = files[NAME].splitlines(keepends=True)
    return relisted({**files, NAME: b"".join(lines[:place] + lines[place + 1 :])})


def damages(files):
    """Place and kind of what both readers find, which is the same."""
    library = {(one.book, one.number, one.what) for one in judge(files, Ed25519Verifier).damages}
    program = set(map(tuple, READER["check"](files)["damages"]))
    assert library == program
    return program


def test_a_class_has_its_results_with_all_that_changes_them(good):
    """Results, markers in their place and for the subject, corrections and annulments; no other entry."""
    assert [NAME] == [name for name in good if name.startswith(FOLDER)]
    head, *rows = map(decode, good[NAME].splitlines())
    assert (CLASS, SCHOOL) == (head["book"], head["school"])
    found = [
        (row["body"]["book"], row["body"]["n"], row["path"] is None)
        for row in rows
        if "previous" in row
    ]
    later = tuple(number + len(GIVEN) for number in KEPT)
    first, second = RESULTS
    assert found == [
        *((first, number, False) for number in KEPT),
        *((first, number, True) for number in later),
        *((second, number, False) for number in KEPT),
    ]
    judged, told = judge(good, Ed25519Verifier), READER["check"](good)
    assert (18, 6) == (judged.results, judged.unproven) == (told["results"], told["unproven"])
    assert set() == damages(good)


def test_the_file_alone_is_believed_by_the_key(good):
    """Taken out of the archive, each sealed entry is proven by the school's public key and nothing else."""
    proofs = list(proofs_of(good[NAME]))
    assert list(KEPT) * 2 == [one.number for one in proofs]
    key = Ed25519Verifier(LOG_KEY.public)
    for one in proofs:
        assert (key,) == check_proof(one, [key], "edujournal")
    with pytest.raises(BadInput, match="no key that was given"):
        check_proof(proofs[0], [Ed25519Verifier(STRANGER.public)], "edujournal")
    assert [] == list(proofs_of(next(v for n, v in unsealed().items() if n.startswith(FOLDER))))
    lines = good[NAME].splitlines(keepends=True)
    with pytest.raises(BadInput, match="without a seal"):
        list(proofs_of(b"".join([lines[0], lines[2]])))


def test_results_are_believed_when_their_journals_are_gone(good, left):
    """The level, the number of results and the file are what they were."""
    assert ("L3", False, set()) == by_library(left) == by_program(left)
    assert set(RESULTS) < set(judge(left, Ed25519Verifier).disposed)
    assert 18 == judge(left, Ed25519Verifier).results
    assert left[NAME] == good[NAME]


@pytest.mark.parametrize("gone", [False, True])
def test_an_edited_result_is_named(good, left, gone):
    """A better mark, of another pupil, or elsewhere: the line is named, with the journal and without it."""
    files = left if gone else good
    for change in (
        lambda row: row["body"]["values"].update(value="2"),
        lambda row: row["body"].update(pupil="p-7"),
        lambda row: row["body"].update(book=RESULTS[1]),
        lambda row: row["body"].update(school="school-2"),
        lambda row: row.update(previous="0" * 64),
        lambda row: row.update(more=1),
    ):
        assert (NAME, 3, "proof") in damages(changed(files, 2, change))


@pytest.mark.parametrize("gone", [False, True])
def test_an_edited_proof_is_named(good, left, gone):
    """A changed, shortened or removed path of an entry or a seal, or another checkpoint."""
    files = left if gone else good

    def other(row):
        row["path"][0] = "0" * 64

    for place in (1, 2):
        for change in (other, lambda row: row["path"].pop(), lambda row: row.update(path=None)):
            assert (NAME, place + 1, "proof") in damages(changed(files, place, change))
    spelt = changed(files, 2, lambda row: row["path"].__setitem__(0, f" {row['path'][0]}"))
    assert (NAME, 3, "proof") in damages(spelt)
    head = changed(files, 0, lambda row: row.update(checkpoint=None))
    assert (NAME, 1, "proof") in damages(head)
    moved = changed(files, 0, lambda row: row.update(book="class/8B/2026"))
    assert (NAME, 3, "proof") in damages(moved)


def test_a_missing_row_is_named(good):
    """By journal and number, whichever row it is; also where the whole file is missing."""
    rows = [decode(line)["body"] for line in good[NAME].splitlines()[1:]]
    for place, body in enumerate(rows, 1):
        if body["kind"] != "seal":
            assert {(body["book"], body["n"], "unkept")} == damages(without(good, place))
    bare = relisted({name: content for name, content in good.items() if name != NAME})
    assert 18 == len(damages(bare))
    assert {"unkept"} == {what for _, _, what in damages(bare)}


def test_a_row_too_many_is_named(good, left):
    """A row twice, and a row that only looks like an entry of the journal."""
    lines = good[NAME].splitlines(keepends=True)
    false = decode(lines[-1][:-1])
    false["body"]["n"] += 1
    for files in (good, left):
        for row in (lines[-1], encode(false) + b"\n"):
            assert {(NAME, len(lines) + 1, "proof")} == damages(
                relisted({**files, NAME: good[NAME] + row})
            )
        cut = relisted({**files, NAME: good[NAME][:-1]})
        assert (NAME, len(lines), "proof") in damages(cut)


def test_a_result_that_was_put_into_the_journal_as_well_is_found(good):
    """A hand that rewrites journal and file alike still meets the seal."""
    (row,) = (
        one
        for one in map(decode, good["data/books.jsonl"].splitlines())
        if one["book"] == RESULTS[1]
    )
    bodies = [
        line[65:].replace(b'"value":"5"', b'"value":"2"') for line in good[row["file"]].splitlines()
    ]
    hashes = ["0" * 64]
    for body in bodies:
        hashes.append(entry_hash(hashes[-1], body))
    book = b"".join(b"%b %b\n" % (h.encode(), b) for h, b in zip(hashes[1:], bodies, strict=True))
    rows = []
    for one in map(decode, good[NAME].splitlines()):
        if "previous" in one and one["body"]["book"] == RESULTS[1]:
            number = one["body"]["n"]
            one |= {"body": decode(bodies[number - 1]), "previous": hashes[number - 1]}
        rows.append(encode(one) + b"\n")
    table = good["data/books.jsonl"].replace(row["hash"].encode(), hashes[-1].encode())
    files = relisted({**good, NAME: b"".join(rows), row["file"]: book, "data/books.jsonl": table})
    found = damages(files)
    assert {NAME, RESULTS[1]} == {name for name, _, _ in found}
    assert len(KEPT) == sum(what == "proof" for _, _, what in found)


def test_results_go_with_their_class_book(good):
    """Kept as long as class books are; when these are due the file goes, and its hash stays."""
    last = dict(dispose(good, lambda book: book.startswith(("journal/", "class/"))))
    assert NAME not in last
    assert re.search(rf"(?m)^[0-9a-f]{{64}}  {NAME}$", last["data/disposed.txt"].decode())
    assert ("L3", False, set()) == by_library(last) == by_program(last)
    only = dict(dispose(good, lambda book: book == CLASS))
    assert ("L3", False, set()) == by_library(only) == by_program(only)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """An archive with the results of two classes, of which the first has one journal."""
    store = a_store()
    give_results(store, OTHER)
    beside = sealed(store, tmp_path_factory.mktemp("two"))
    return dict(pack(store, SCHOOL, "2026", beside, at=AT, version="0.1.0"))


def files_of_results(files):
    """Names of the files of results, by the groups of their classes."""
    names = [name for name in files if name.startswith(FOLDER)]
    return {decode(files[name].splitlines()[0])["book"].split("/")[1]: name for name in names}


def test_after_one_class_was_disposed_of_missing_results_of_another_are_named(two):
    """The whole file, or one row of it; also where the journals of the first class are gone as well."""
    first, second = (files_of_results(two)[group] for group in ("7B", "8A"))
    assert set() == damages(two)
    kept = {(book, number) for book, number, _ in damages(relisted({**two, second: b""}))}
    assert {*RESULTS} == {book for book, _ in kept}
    for due in (("class/7B/2026",), ("class/7B/2026", OTHER)):
        after = dict(dispose(two, lambda book, due=due: book in due))
        assert first not in after
        assert set() == damages(after)
        bare = relisted({name: content for name, content in after.items() if name != second})
        assert {(*place, "unkept") for place in kept} == damages(bare)
        lines = after[second].splitlines(keepends=True)
        cut = relisted({**after, second: b"".join(lines[:-1])})
        body = decode(lines[-1][:-1])["body"]
        assert {(body["book"], body["n"], "unkept")} == damages(cut)


def test_results_under_the_name_of_another_class_are_named(two):
    """Else a list of what is gone would be about another class than it says."""
    first, second = files_of_results(two).values()
    exchanged = relisted({**two, first: two[second], second: two[first]})
    assert {(first, 1, "proof"), (second, 1, "proof")} == damages(exchanged)
    nobody = f"{FOLDER}99999.jsonl"
    moved = relisted({**{name: two[name] for name in two if name != second}, nobody: two[second]})
    assert {(nobody, 1, "proof")} == damages(moved)
    excused = relisted(
        {
            **{name: content for name, content in two.items() if name != second},
            "data/disposed.txt": f"{'0' * 64}  {nobody}\n".encode(),
        }
    )
    assert {*RESULTS} == {book for book, _, _ in damages(excused)}


def test_without_a_seal_results_are_there_and_unproven():
    """Nothing is lost, and what is not proven is told."""
    files = unsealed()
    assert set() == damages(files)
    judged, told = judge(files, Ed25519Verifier), READER["check"](files)
    assert (12, 12) == (judged.results, judged.unproven) == (told["results"], told["unproven"])


VALUES = (None, True, 0, 1, "x", [], {}, [1], {"n": 1}, "0" * 64, ["0" * 64], "class/8A/2026")


@pytest.mark.parametrize("gone", [False, True])
def test_both_readers_say_the_same_of_every_field(good, left, gone):
    """Each field of each kind of line, and of the bodies in it, as any other value, or not there."""
    files, differ = (left if gone else good), []
    for place in (0, 1, 2, 9):
        row = decode(files[NAME].splitlines()[place])
        places = [(name, None) for name in row]
        places += [("body", name) for name in row.get("body", ())]
        for outer, inner in places:
            for value in (*VALUES, KeyError):

                def change(some, outer=outer, inner=inner, value=value):
                    holder, name = (some, outer) if inner is None else (some[outer], inner)
                    if value is KeyError:
                        del holder[name]
                    else:
                        holder[name] = value

                other = changed(files, place, change)
                if by_library(other) != by_program(other):
                    differ.append((place, outer, inner, value))
    assert [] == differ
