"""Canonical bytes: one value, one byte string, and the one that RFC 8785 gives."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from enum import IntEnum

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st

from edujournal.errors import BadInput
from edujournal.ledger import bytes as canonical
from edujournal.ledger.bytes import DEEPEST, LARGEST, decode, encode
from edujournal.ledger.swift import UNREAD, swift

TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(
    lambda text: unicodedata.normalize("NFC", text)
)
KEYS = st.text(st.characters(max_codepoint=0x7F), max_size=8)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-LARGEST, LARGEST), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)

#: Pinned byte for byte: whoever changes one of these changes the format of every book there is.
VECTORS = [
    ({}, b"{}"),
    ({"b": 1, "a": [True, False, None]}, b'{"a":[true,false,null],"b":1}'),
    ({"B": 1, "_": 2, "a": 3, "1": 4, "": 5}, b'{"":5,"1":4,"B":1,"_":2,"a":3}'),
    ({"a": -LARGEST, "b": LARGEST, "c": 0}, b'{"a":-9007199254740991,"b":9007199254740991,"c":0}'),
    ({"t": "Молодец!"}, '{"t":"Молодец!"}'.encode()),
    ({"t": "𝄞\x7f/<>&\u2028"}, '{"t":"𝄞\x7f/<>&\u2028"}'.encode()),
    ({"t": '\x00\x08\t\n\x0b\x0c\r\x1f"\\'}, rb'{"t":"\u0000\b\t\n\u000b\f\r\u001f\"\\"}'),
]


@pytest.fixture(scope="module", autouse=True, params=["plain", "swift"])
def way(request):
    """Everything is asked twice: of the code itself, and where msgspec helps it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "plain":
            patch.setattr(canonical, "swift", lambda _: None)
        else:
            pytest.importorskip("msgspec")
        yield request.param


@given(st.one_of(VALUES.map(encode), st.binary(max_size=40), st.from_regex(r"[-0-9.eE\[\],]{1,12}")
       .map(str.encode)))  # fmt: skip
def test_what_is_read_swiftly_is_read_alike(data):
    """Of whatever msgspec reads the code itself reads the same value, of the same types, or refuses it."""
    pytest.importorskip("msgspec")
    found = swift(LARGEST).read(data)
    if found is UNREAD:
        return
    refusal = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "swift", lambda _: None)
        try:
            assert repr(decode(data)) == repr(found)
        except BadInput as refused:
            refusal = str(refused)
    assert refusal is None or "not ASCII" in refusal or "normal form C" in refusal


def test_most_bodies_are_read_swiftly():
    """Objects in objects, lists of objects: what entries are made of is read at one go."""
    pytest.importorskip("msgspec")
    value = {"a": {"b": [{"c": [1, None, True, "ж"]}]}, "d": [[[]]]}
    by = swift(LARGEST)
    assert value == by.read(encode(value))
    for data in (
        b"1.0",
        b"[1.5]",
        b"9007199254740992",
        b'{"a":1,"a":2}',
        b" 1",
        b'"\\u0041"',
        b"1e2",
    ):
        assert by.read(data) is UNREAD


@pytest.mark.parametrize(("value", "data"), VECTORS)
def test_the_bytes_are_pinned(value, data):
    """Literal vectors: sorted keys, no blanks, raw UTF-8, the fewest escapes."""
    assert data == encode(value)
    assert value == decode(data)


@given(VALUES)
def test_a_value_survives_its_bytes(value):
    """Reading what was written gives the same value, of the same types."""
    assert value == decode(encode(value))
    assert encode(value) == encode(decode(encode(value)))


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value):
    """Inside the profile the bytes are those of the published canonical form."""
    assert rfc8785.dumps(value) == encode(value)


@given(VALUES, st.sampled_from([" ", "\n", "\t"]), st.data())
def test_only_one_spelling_is_read(value, blank, data):
    """The same value with a blank, another order or other escapes is refused."""
    right = encode(value)
    others = [
        json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode(),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(),
        right + blank.encode(),
        blank.encode() + right,
    ]
    other = data.draw(st.sampled_from(others))
    assume(other != right)

    with pytest.raises(BadInput):
        decode(other)


@given(st.binary(max_size=40))
def test_whatever_is_read_is_written_alike(data):
    """Any bytes are refused, or are exactly the bytes of the value they give."""
    try:
        value = decode(data)
    except BadInput:
        return
    assert data == encode(value)


class Term(IntEnum):
    """A number in disguise."""

    FIRST = 1


class Name(str):
    """A text in disguise."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "where", "what"),
    [
        (1.5, "$", "no canonical bytes"),
        ({"a": [1, {"b": 0.0}]}, "$.a[1].b", "no canonical bytes"),
        ({"a": math.nan}, "$.a", "no canonical bytes"),
        ({"a": 2**53}, "$.a", "too large"),
        ({"a": -(2**53)}, "$.a", "too large"),
        ({"a": 10**5000}, "$.a", "too large"),
        ({"a": (1, 2)}, "$.a", "no canonical bytes"),
        ({"a": b"x"}, "$.a", "no canonical bytes"),
        ({"a": Term.FIRST}, "$.a", "no canonical bytes"),
        ({"a": Name("x")}, "$.a", "no canonical bytes"),
        ({1: 2}, "$", "not ASCII"),
        ({"a": {None: 2}}, "$.a", "not ASCII"),
        ({"ключ": 1}, "$", "not ASCII"),
        ({"a": {Name("x"): 2}}, "$.a", "not ASCII"),
        ({"a": "e\u0301"}, "$.a", "normal form C"),
        (["x", "\ud800"], "$[1]", "lone surrogate"),
        ({"a": ["ж", "\udfff"]}, "$.a[1]", "lone surrogate"),
    ],
)
def test_what_lies_outside_the_profile_is_refused_with_its_path(value, where, what):
    """A refused value is named by its path and its fault."""
    with pytest.raises(BadInput) as caught:
        encode(value)

    (problem,) = caught.value.problems
    assert where == problem.where
    assert what in problem.what


def test_depth_is_limited_and_cycles_are_found():
    """At the limit it is written, one level deeper refused; a cycle is too deep, not endless."""
    value: list = []
    for _ in range(DEEPEST - 1):
        value = [value]
    assert b"[" * DEEPEST + b"]" * DEEPEST == encode(value)
    assert value == decode(encode(value))
    cycle: list = []
    cycle.append(cycle)
    nested: dict = {}
    for _ in range(DEEPEST):
        nested = {"a": nested}
    for deep in ([value], {"a": value}, cycle, nested):
        with pytest.raises(BadInput, match="too deeply"):
            encode(deep)
    for deep in (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b"[" * 100_000 + b"]" * 100_000):
        with pytest.raises(BadInput, match="too deeply"):
            decode(deep)


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (b"", "byte 0", "not JSON"),
        (b"{", "byte 1", "not JSON"),
        (b'{"a":1}x', "byte 7", "more after the value"),
        (b'{"a":1}\n', "byte 7", "more after the value"),
        (b' {"a":1}', "byte 0", "not JSON"),
        (b'\xef\xbb\xbf{"a":1}', "byte 0", "not JSON"),
        (b'{"a": 1}', "byte 5", "not canonical"),
        (b'{"a":1,"a":1}', "byte 6", "not canonical"),
        (b'{"b":1,"a":1}', "byte 2", "not canonical"),
        (b'{"a":"\\u0416"}', "byte 6", "not canonical"),
        ('{"ж":"\\/"}'.encode(), "$", "not ASCII"),
        (b'{"a":"\\/"}', "byte 6", "not canonical"),
        (b'{"a":"\\u000A"}', "byte 7", "not canonical"),
        (b'{"a":1.0}', "$.a", "no canonical bytes"),
        (b'{"a":1e3}', "$.a", "no canonical bytes"),
        (b'{"a":-0}', "byte 5", "not canonical"),
        (b'{"a":01}', "byte 6", "not JSON"),
        (b'{"a":NaN}', "$.a", "no canonical bytes"),
        (b'{"a":Infinity}', "$.a", "no canonical bytes"),
        (b'{"a":9007199254740992}', "$.a", "too large"),
        (b'{"a":' + b"9" * 5000 + b"}", "", "outside the profile"),
        (b'{"a":"\xd0"}', "byte 6", "not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "byte 6", "not UTF-8"),
        (b'{"a":"\\ud800"}', "$.a", "lone surrogate"),
        ('{"a":"e\u0301"}'.encode(), "$.a", "normal form C"),
        (b'{"a":"\n"}', "byte 6", "not JSON"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused_with_their_place(data, where, what):
    """A refused byte string tells where it goes wrong and how."""
    with pytest.raises(BadInput) as caught:
        decode(data)

    (problem,) = caught.value.problems
    assert (where, True) == (problem.where, what in problem.what), str(problem)


def test_without_msgspec_the_code_does_it_alone(monkeypatch):
    """Nothing is asked of whoever has not installed it."""
    monkeypatch.setitem(sys.modules, "msgspec", None)
    swift.cache_clear()
    try:
        assert swift(LARGEST) is None
        assert {"a": 1} == decode(encode({"a": 1}))
    finally:
        swift.cache_clear()
