"""A body read in one go is a body read the long way: what one accepts the other does, and nothing more."""

from __future__ import annotations

import json
import re
from unicodedata import normalize

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.commitments import _read, _read_few, open_texts, seal_texts
from edujournal.ledger.index import index_from
from edujournal.ledger.records import Head, Record
from edujournal.ledger.shapes import Shapes
from edujournal.testing.records import BOOK, SCHOOL, make_record


def record_of(body: bytes, number: int = 1) -> Record:
    """A record of whatever bytes, its index as the body says if it can be told."""
    try:
        index = index_from(decode(body))
    except BadInput:
        index = make_record().index
    return Record(BOOK, number, "0" * 64, body, None, index)


def long_way(school: str, record: Record) -> dict[str, str] | None:
    """What the slow path says of a body."""
    try:
        body = decode(record.body)
        index = index_from(body)
    except BadInput:
        return None
    own = (body.get("school"), body.get("book"), body.get("n"))
    if own != (school, record.book, record.number) or type(own[2]) is not int:
        return None
    texts = body.get("texts") or {}
    if type(texts) is not dict or not all(type(one) is str for one in texts.values()):
        return None
    return texts if index == record.index else None


def taught(*bodies: dict) -> Shapes:
    """Shapes that have learnt from bodies."""
    shapes = Shapes()
    for body in bodies:
        for _ in range(3):
            shapes.learn(record_of(encode(body)), body)
    return shapes


def body_of(**more: object) -> dict:
    """A well-formed body."""
    return decode(make_record().body) | more


KINDS = (
    body_of(),
    body_of(texts={"comment": "ab" * 32, "note": "cd" * 32}),
    body_of(evidence={"lo": 5, "hi": 9, "by": "x", "role": "teacher"}),
    body_of(evidence={"lo": None, "hi": 9}, key="k-1", target=4),
    body_of(pupil=None, values={"absent": ["p-1", "p-2"], "late": {}, "none": [], "sure": True}),
)


@pytest.mark.parametrize("body", KINDS)
def test_a_known_shape_is_read_in_one_go(body):
    """After three of its like; with its texts."""
    record = record_of(encode(body))
    shapes = Shapes()
    for _ in range(3):
        assert shapes.read(SCHOOL, record) is None
        shapes.learn(record, body)
    assert shapes.read(SCHOOL, record) == body.get("texts", {})
    assert shapes.read("school-2", record) is None
    assert shapes.read(SCHOOL, evolve(record, number=2)) is None
    assert shapes.read(SCHOOL, evolve(record, book="journal/7B/alg/2026")) is None
    for name in ("kind", "about", "pupil", "account", "role", "key"):
        assert (
            shapes.read(SCHOOL, evolve(record, index=evolve(record.index, **{name: "?"}))) is None
        )
    for name in ("item", "recorded", "lo", "hi", "target"):
        changed = evolve(record.index, **{name: 77})
        assert shapes.read(SCHOOL, evolve(record, index=changed)) is None


#: The last integers below 2**53 are left to the long way.
LARGE = re.compile("9[0-9]{15}")

VALUES = st.one_of(
    st.text(max_size=6),
    st.text('абвё é\u0301\u1100\u1161"\\\x00\x1f\x7f', max_size=5),
    st.integers(-(2**60), 2**60),
    st.sampled_from([0, -1, 2**53 - 1, 2**53, -(2**53), 10**15, 10**16 - 1, 9 * 10**15]),
    st.none(),
    st.booleans(),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), max_size=2),
)


def paths(value: object, path: tuple = ()):
    """Every place in a body."""
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield from paths(one, (*path, key))


def put(value, path, new):
    """The same body with another value at a place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


@given(data=st.data())
def test_one_go_and_the_long_way_say_the_same_of_any_value(data):
    """Whatever stands where: the quick way never takes what the slow way does not, nor reads it otherwise."""
    shapes = taught(*KINDS)
    body = data.draw(st.sampled_from(KINDS))
    for _ in range(data.draw(st.integers(0, 2))):
        body = put(body, data.draw(st.sampled_from(list(paths(body))[1:])), data.draw(VALUES))
    # A later version is an error of its own, by either way: see below.
    assume(type(body["v"]) is not int or body["v"] <= 1)
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data_ = text.encode("utf-8", "surrogatepass")
    record = record_of(data_)
    quick, slow = shapes.read(SCHOOL, record), long_way(SCHOOL, record)
    assert quick is None or quick == slow
    if slow is not None and text.isascii() and "\\" not in text and not LARGE.search(text):
        # Learnt, it is read: or the quick way would be none.
        shapes = taught(body)
        assert shapes.read(SCHOOL, record) == slow


@given(
    kind=st.sampled_from(KINDS),
    place=st.integers(0, 10_000),
    cut=st.integers(0, 2),
    new=st.one_of(
        st.binary(max_size=3), st.sampled_from([b" ", b'"', b",", b"0", b"-", b"\\u0041", b"\n"])
    ),
)
def test_one_go_and_the_long_way_say_the_same_of_any_bytes(kind, place, cut, new):
    """Bytes put in, taken out, exchanged: blanks, zeros, escapes, halves of letters."""
    data = encode(kind)
    place %= len(data) + 1
    record = evolve(record_of(data), body=data[:place] + new + data[place + cut :])
    quick = taught(*KINDS).read(SCHOOL, record)
    assert quick is None or quick == long_way(SCHOOL, record)


def test_what_is_not_in_normal_form_is_not_read():
    """A letter and its mark apart: canonical bytes have them as one."""
    shapes = taught(*KINDS)
    good = encode(body_of(pupil="п-é"))
    assert shapes.read(SCHOOL, record_of(good)) == {}
    apart = good.decode().replace("é", normalize("NFD", "é")).encode()
    record = evolve(
        record_of(good), body=apart, index=evolve(record_of(good).index, pupil="п-e\u0301")
    )
    assert shapes.read(SCHOOL, record) is None


def test_versions_are_never_left_open():
    """A body of a later version is of another shape, and judged as such."""
    later = encode(body_of(v=2))
    assert taught(*KINDS).read(SCHOOL, evolve(record_of(encode(body_of())), body=later)) is None


@pytest.mark.search
def test_shapes_do_not_grow_without_end():
    """Neither the shapes nor what is counted; the last of use are kept; a long body makes none."""
    shapes = Shapes()
    for turn in range(200):
        body = body_of(values={f"k{turn}": 1})
        for _ in range(3):
            shapes.learn(record_of(encode(body)), body)
    assert sum(map(len, shapes._shapes.values())) <= 8 * 32
    assert len(shapes._shapes) <= 32
    assert shapes.read(SCHOOL, record_of(encode(body_of(values={"k199": 7})))) == {}
    assert shapes.read(SCHOOL, record_of(encode(body_of(values={"k0": 7})))) is None
    for turn in range(3000):
        shapes.learn(record_of(encode(body)), body_of(values={f"n{turn}": 1}))
        assert len(shapes._counted) <= 1024
    long = body_of(values={"basis": "x" * 5000})
    assert taught(long).read(SCHOOL, record_of(encode(long))) is None
    for turn in range(40):
        body = body_of(kind=f"{turn:03}")
        for _ in range(3):
            shapes.learn(record_of(encode(body)), body)
    assert len(shapes._shapes) == 32


TEXTS = st.dictionaries(
    st.sampled_from(["comment", "note", "topic", "a b", "z"]),
    st.text('аё é\u0301"\\\n{}x', max_size=8).map(lambda text: normalize("NFC", text)),
    min_size=1,
    max_size=4,
)


@given(texts=TEXTS, place=st.integers(0, 10_000), cut=st.integers(0, 2), new=st.binary(max_size=2))
def test_texts_read_in_one_go_are_those_read_the_long_way(texts, place, cut, new):
    """Of private parts as well: right ones give the same texts, wrong ones are refused by both."""
    commitments, private = seal_texts(texts, [bytes([n]) * 16 for n in range(len(texts))])
    assert open_texts(commitments, private) == texts
    place %= len(private) + 1
    broken = private[:place] + new + private[place + cut :]
    quick = _read_few(broken)
    if quick is not None:
        assert (
            encode(
                {name: {"salt": salt.hex(), "text": text} for name, (salt, text) in quick.items()}
            )
            == broken
        )
    elif broken == private and all(name.replace("_", "").isalpha() for name in texts):
        assert len(texts) > 3 or b"\\" in private or b" b" in private
    try:
        opened = open_texts(commitments, broken)
    except StoreDamaged:
        assert broken != private
    else:
        assert all(text is None or text == texts[name] for name, text in opened.items())


def test_names_of_texts_out_of_order_or_twice_are_refused():
    """As the long way does."""
    one, two = (
        '"a":{"salt":"%s","text":"x"}' % ("0" * 32),
        '"b":{"salt":"%s","text":"y"}' % ("0" * 32),
    )
    assert set(_read(f"{{{one},{two}}}".encode())) == {"a", "b"}
    for wrong in (f"{{{two},{one}}}", f"{{{one},{one}}}", f"{{{one},}}", f"{{{one}}} ", "{}x"):
        with pytest.raises(StoreDamaged):
            _read(wrong.encode())


def test_a_head_that_was_followed_is_read_in_one_go_too():
    """The path as a whole: many of a kind, one of them changed by a letter."""
    from edujournal.adapters.stores.memory import MemoryStore
    from edujournal.ledger.verify import verify
    from edujournal.testing.records import make_records

    store = MemoryStore()
    store.append(SCHOOL, BOOK, make_records(Head(), 40, text="Хорошо"), 0)
    assert verify(store, SCHOOL).assurance == "L1"
    rows = store._books[SCHOOL, BOOK]
    rows[30] = evolve(rows[30], index=evolve(rows[30].index, pupil="p-99"))
    (damage,) = verify(store, SCHOOL).damages
    assert (damage.number, damage.what, damage.found) == (31, "index", "pupil 'p-99'")
