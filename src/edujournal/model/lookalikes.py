"""Ids that look alike to people and differ to machines: «7А» in Cyrillic and "7A" in Latin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

#: Cyrillic and Greek letters, each with the Latin letter that it looks like in print.
_TWINS: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеѕіјорсухһԁԛԝүΑΒΕΖΗΙΚΜΝΟΡΤΥΧονкӏӀ‐‑‒–—−",
    "ABESIJKMHOPCTYX3aesijopcyxhdqwyABEZHIKMNOPTYXovkll------",
)


def skeleton(text: str) -> str:
    """Give the shape of *text*: equal for two texts that a reader cannot tell apart.

    Spaces, invisible characters and the width of letters do not count; case does. Meant for telling
    ids apart, never for showing.

    *Version added: 0.1.*
    """
    shown = (
        character
        for character in unicodedata.normalize("NFKC", text)
        if not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf"}
    )
    return "".join(shown).translate(_TWINS)


def lookalikes(ids: Iterable[str]) -> list[tuple[str, ...]]:
    """Give the sets of different *ids* that look alike, each and all in order.

    *Version added: 0.1.*
    """
    shapes: dict[str, set[str]] = {}
    for id in ids:
        shapes.setdefault(skeleton(id), set()).add(id)
    return sorted(tuple(sorted(twins)) for twins in shapes.values() if len(twins) > 1)


def scripts(text: str) -> str:
    """Name the scripts of the letters of *text*, such as ``CYRILLIC`` or ``LATIN``.

    *Version added: 0.1.*
    """
    named = {unicodedata.name(letter, "unknown").split()[0] for letter in text if letter.isalpha()}
    return " and ".join(sorted(named)) or "no letters"
