"""One entry to bytes and back, by libraries that do it: msgspec, cattrs, pydantic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from attrs import asdict

from edujournal.model.entries import Entry, Evidence
from edujournal.model.people import Actor


class Codec(NamedTuple):
    """A library set up for entries.

    Attributes:
        made: Makes of an entry the object that the library knows.
        dump: Writes one.
        load: Reads one.
        told: Makes an entry of it.
    """

    made: Callable[[Entry], Any]
    dump: Callable[[Any], bytes]
    load: Callable[[bytes], Any]
    told: Callable[[Any], Entry]


def _itself(one: Any) -> Any:
    return one


def by_msgspec() -> Codec:
    """The class of edujournal itself, written and read by msgspec."""
    from msgspec.json import Decoder, Encoder

    return Codec(_itself, Encoder().encode, Decoder(Entry).decode, _itself)


def by_cattrs_orjson() -> Codec:
    """The class of edujournal itself, by cattrs and orjson."""
    from cattrs.preconf.orjson import make_converter

    converter = make_converter()
    return Codec(_itself, converter.dumps, lambda data: converter.loads(data, Entry), _itself)


def by_cattrs_json() -> Codec:
    """The class of edujournal itself, by cattrs and the standard library."""
    from cattrs.preconf.json import make_converter

    converter = make_converter()
    return Codec(
        _itself,
        lambda entry: converter.dumps(entry, ensure_ascii=False).encode(),
        lambda data: converter.loads(data.decode(), Entry),
        _itself,
    )


def by_pydantic() -> Codec:
    """Models with the same fields."""
    from pydantic import BaseModel

    class Hand(BaseModel):
        account: str
        role: str | None
        on_behalf_of: str | None

    class Known(BaseModel):
        lo: int | None
        hi: int | None
        author: str | None
        role: str | None
        source: str

    class Said(BaseModel):
        book: str
        number: int
        kind: str
        about: str
        pupil: str | None
        values: dict[str, Any]
        texts: dict[str, str | None]
        by: Hand
        right: str
        at: int
        evidence: Known | None
        key: str | None
        item: int
        act: int
        target: int | None
        hash: str
        beside: dict[str, int]

    def told(one: Any) -> Entry:
        plain = one.model_dump()
        by, evidence = plain.pop("by"), plain.pop("evidence")
        return Entry(
            **plain, by=Actor(**by), evidence=None if evidence is None else Evidence(**evidence)
        )

    return Codec(
        lambda entry: Said.model_validate(asdict(entry)),
        lambda one: one.model_dump_json().encode(),
        Said.model_validate_json,
        told,
    )


#: Peers: what they are, what sets them up, what must be installed for them.
PEERS: Final[tuple[tuple[str, Callable[[], Codec], tuple[str, ...]], ...]] = (
    ("pydantic, a model with the same fields", by_pydantic, ("pydantic",)),
    ("msgspec, on our class", by_msgspec, ("msgspec",)),
    ("cattrs and orjson, on our class", by_cattrs_orjson, ("orjson",)),
    ("cattrs and json, on our class", by_cattrs_json, ()),
)
