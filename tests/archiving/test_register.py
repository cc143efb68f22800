"""The register of people: held to salted hashes while it is there, told with its ground when it is erased."""

from __future__ import annotations

import random

import bagit
import pytest
from hypothesis import given, settings

import edujournal as ej
from edujournal.adapters.archives import write_archive
from edujournal.adapters.schools.people import people_of, with_people, without_people
from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.archiving.disposing import dispose
from edujournal.archiving.reading import judge
from edujournal.archiving.register import (
    COMMITMENTS,
    ERASED,
    REGISTER,
    Registered,
    erase_people,
    register,
)
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.testing.odd_schools import plain_schools
from tests.archiving.archives import AT, BOOK, READER, by_library, by_program, packed, relisted

SCHOOL = ej.samples.school()
PEOPLE = register(people_of(SCHOOL), random.Random(7).randbytes)
GROUND = "согласие отозвано"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """An archive with a register."""
    folder = tmp_path_factory.mktemp("good")
    return packed(folder, school=without_people(SCHOOL), people=PEOPLE)


def damages(files):
    """Place and kind of what both readers find, which is the same."""
    library = {(one.book, one.number, one.what) for one in judge(files, Ed25519Verifier).damages}
    program = set(map(tuple, READER["check"](files)["damages"]))
    assert library == program
    return program


def with_line(files, name, place, line):
    """The archive with another line in one file, None for without it; the manifests made anew."""
    lines = files[name].splitlines(keepends=True)
    lines[place : place + 1] = [] if line is None else [line + b"\n"]
    return relisted({**files, name: b"".join(lines)})


@given(school=plain_schools())
@settings(max_examples=30, deadline=None)
def test_a_school_and_its_people_make_the_school_again(school):
    """Nothing is lost between the two, whatever the school's data is."""
    assert school == with_people(without_people(school), people_of(school))


def test_who_people_are_stands_in_the_register_only(good):
    """No name of a person in any other file, and each pupil and account once in it."""
    names = [one.person["name"] for one in PEOPLE if "name" in one.person]
    assert len(names) > 100
    for name, content in good.items():
        if name not in (REGISTER, "verify.py"):
            assert not any(one.encode() in content for one in names), name
    ids = [(one.person["kind"], one.person["id"]) for one in PEOPLE]
    assert len(ids) == len(set(ids))
    pupil = next(one.person for one in PEOPLE if one.person["id"] == "p-7")
    assert {"group": "7A", "pupil": "p-7"} in pupil["memberships"]
    head = next(one.person for one in PEOPLE if one.person["id"] == "head")
    assert ["head"] == head["account"]["roles"]
    assert set() == damages(good)
    assert len(PEOPLE) == judge(good, Ed25519Verifier).people.people


def test_an_edited_line_is_named(good):
    """Another name, another role, another salt, two lines changed round: by its place in the register."""
    for place in (0, 5, len(PEOPLE) - 1):
        one = PEOPLE[place]
        other = Registered(one.number, one.salt, {**one.person, "name": "Иванов Иван"})
        salted = Registered(one.number, bytes(16), one.person)
        moved = Registered(one.number, *(PEOPLE[place - 1].salt, PEOPLE[place - 1].person))
        for line in (other, salted, moved):
            found = damages(with_line(good, REGISTER, place, bytes(line)))
            assert {(REGISTER, place + 1, "person")} == found
    for line in (b"", b"{}", b"[]", b"x", encode({"n": 0, "person": {}, "salt": "0" * 32})):
        found = damages(with_line(good, REGISTER, 4, line))
        assert (REGISTER, 5, "person") in found


def test_a_lost_line_is_named_and_an_erased_one_is_not(good):
    """What is missing without an erasure is damage; with one it is told, with its ground."""
    lost = with_line(good, REGISTER, 4, None)
    assert {(REGISTER, 5, "lost")} == damages(lost)
    act = encode({"at": AT, "ground": GROUND, "people": [5]})
    told = relisted({**lost, ERASED: act + b"\n"})
    assert set() == damages(told)
    both = relisted({**good, ERASED: act + b"\n"})
    assert {(REGISTER, 5, "unerased")} == damages(both)
    bare = relisted({name: content for name, content in good.items() if name != REGISTER})
    assert {(REGISTER, n, "lost") for n in range(1, len(PEOPLE) + 1)} == damages(bare)


def test_an_archive_without_its_register_is_believed_with_a_ground(good, tmp_path):
    """Erased in parts and as a whole: the level stays, number and ground are told, hashes stay."""
    part = dict(erase_people(good, GROUND, AT, ["p-7", "head"]))
    whole = dict(erase_people(part, "срок истёк", AT))
    for files, count, grounds in (
        (part, 2, [GROUND]),
        (whole, len(PEOPLE), [GROUND, "срок истёк"]),
    ):
        assert ("L3", False, set()) == by_library(files) == by_program(files)
        judged, told = judge(files, Ed25519Verifier).people, READER["check"](files)
        assert (count, grounds) == (len(judged.erased), sorted(judged.grounds))
        assert (count, grounds) == (told["forgotten"], told["grounds"])
        assert files[COMMITMENTS] == good[COMMITMENTS]
    assert REGISTER not in whole
    assert "Ершова" not in b"".join(whole.values()).decode(errors="replace")
    write_archive(tmp_path / "whole", whole.items())
    assert bagit.Bag(str(tmp_path / "whole")).validate()
    left = dict(dispose(whole, lambda book: book == BOOK))
    assert ("L3", False, set()) == by_library(left) == by_program(left)
    with pytest.raises(BadInput, match="nobody"):
        dict(erase_people(whole, GROUND, AT))


@pytest.mark.parametrize("ids", [["p-7", "p-nobody"], []])
def test_who_is_not_there_is_not_erased(good, ids):
    """A mistyped id erases nobody."""
    with pytest.raises(BadInput, match="nobody in the register"):
        dict(erase_people(good, GROUND, AT, ids))
    with pytest.raises(BadInput, match="without a ground"):
        dict(erase_people(good, " ", AT))


def test_an_erasure_of_another_form_excuses_nothing(good):
    """No ground, no moment, nobody or somebody unknown: it is named, and the line is lost."""
    lost = with_line(good, REGISTER, 4, None)
    act = {"at": AT, "ground": GROUND, "people": [5]}
    for change in (
        {"ground": ""}, {"ground": " "}, {"ground": 1}, {"at": "1"}, {"at": None}, {"more": 1},
        {"people": 5}, {"people": {"5": 1}}, {"people": [0, 5]}, {"people": [True, 5]},
        {"people": [len(PEOPLE) + 1, 5]}, {"people": None},
    ):  # fmt: skip
        files = relisted({**lost, ERASED: encode(act | change) + b"\n"})
        assert {(ERASED, 1, "erasure"), (REGISTER, 5, "lost")} == damages(files)
    for line in (b"", b"[]", b"x", b"{}"):
        assert (ERASED, 1, "erasure") in damages(relisted({**lost, ERASED: line + b"\n"}))


def test_both_readers_say_the_same_of_every_line(good):
    """Lines cut, doubled, swapped or written otherwise in each of the files of the register."""
    act = encode({"at": AT, "ground": GROUND, "people": [5]}) + b"\n"
    files = relisted({**with_line(good, REGISTER, 4, None), ERASED: act})
    for name in (COMMITMENTS, REGISTER, ERASED):
        lines = files[name].splitlines(keepends=True)[:3]
        rest = files[name][sum(map(len, lines)) :]
        for some in (
            lines[1:], [*lines, lines[0]], lines[::-1], [b"\n", *lines], [lines[0][:-1]], [],
            [lines[0].upper(), *lines[1:]], [b"\xff", *lines], [lines[0].replace(b":", b": ", 1)],
        ):  # fmt: skip
            for tail in (rest, b""):
                damages(relisted({**files, name: b"".join(some) + tail}))


@pytest.mark.parametrize(
    "value", [None, True, 0, 1, -1, 5, "x", [], {}, "0" * 32, "A" * 32, "0" * 64]
)
def test_both_readers_say_the_same_of_every_field(good, value):
    """Each field of a line of the register as any other value."""
    line = decode(good[REGISTER].splitlines()[4])
    for field in line:
        files = with_line(good, REGISTER, 4, encode(line | {field: value}))
        assert (REGISTER, 5, "person") in damages(files) or line[field] == value
