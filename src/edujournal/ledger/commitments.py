"""Commitments: a text stays outside the hashed body, a salted hash of it inside.

Erasing salt and text leaves the chain whole; without the salt nobody can guess the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from unicodedata import is_normalized

from edujournal.errors import BadInput, StoreDamaged
from edujournal.ledger.bytes import decode, encode

#: What every commitment begins with, so that it can never be the hash of something else.
COMMITMENT_DOMAIN: Final = b"edujournal/commitment/v1\n"

#: Bytes of a salt: 128 bits, too many to try.
SALT_SIZE: Final = 16

#: One text in a private part, as it is written where nothing needs an escape; see ``shapes``.
_ONE: Final = (
    rf'"([a-z_]+)":{{"salt":"([0-9a-f]{{{2 * SALT_SIZE}}})","text":"([^"\\\x00-\x1f]*+)"}}'
)
_FEW: Final = re.compile(rf"{{{_ONE}(?:,{_ONE})?(?:,{_ONE})?}}")

_SALT: Final = re.compile(f"[0-9a-f]{{{2 * SALT_SIZE}}}")


def commitment(salt: bytes, text: str) -> str:
    r"""Commit to *text*: ``SHA-256("edujournal/commitment/v1\n" + salt + text)``, text as UTF-8.

    Returns:
        64 lowercase hex digits.

    *Version added: 0.1.*
    """
    return sha256(COMMITMENT_DOMAIN + salt + text.encode()).hexdigest()


def seal_texts(
    texts: Mapping[str, str], salts: Sequence[bytes]
) -> tuple[dict[str, str], bytes | None]:
    """Part texts into what the body shows and what travels beside it.

    Args:
        texts: Name → text.
        salts: One salt of :data:`SALT_SIZE` random bytes for each text, in the order of *texts*.

    Returns:
        Name → commitment for the body's ``texts``, and the private bytes; ``({}, None)`` without texts.

    Raises:
        BadInput: A salt has another length, their number is another, or a text has no canonical bytes.

    *Version added: 0.1.*
    """
    if len(salts) != len(texts):
        raise BadInput(
            "as many salts as texts are needed", expected=str(len(texts)), found=str(len(salts))
        )
    for name, salt in zip(texts, salts, strict=True):
        if len(salt) != SALT_SIZE:
            raise BadInput(
                "a salt of the wrong length",
                where=name,
                expected=f"{SALT_SIZE} bytes",
                found=f"{len(salt)} bytes",
            )
    if not texts:
        return {}, None
    private = encode(
        {
            name: {"salt": salt.hex(), "text": text}
            for (name, text), salt in zip(texts.items(), salts, strict=True)
        }
    )
    commitments = {
        name: commitment(salt, text)
        for (name, text), salt in zip(texts.items(), salts, strict=True)
    }
    return commitments, private


#: The only name in a private part that is ciphered: what is under it is no text, but encrypted.
CIPHERED: Final = "ciphered"


def ciphered_part(private: bytes | None) -> Mapping[str, Any] | None:
    """What a private part is ciphered with; None where there is none, or texts can be read in it.

    *Version added: 0.1.*
    """
    if private is None or not private.startswith(b'{"ciphered":{"alg"'):
        return None
    try:
        value = decode(private)
    except BadInput:
        return None
    part = value.get(CIPHERED) if isinstance(value, dict) and len(value) == 1 else None
    return part if isinstance(part, dict) else None


def open_texts(
    commitments: Mapping[str, str] | None, private: bytes | None
) -> dict[str, str | None]:
    """Bring texts back and check each against its commitment.

    Args:
        commitments: The body's ``texts``, or None when it has none.
        private: The private bytes beside the body, or None when there are none (any more).

    Returns:
        Name → text for every commitment; None for a text that was erased, and for all of them where
        they are ciphered under a key that is not here.

    Raises:
        StoreDamaged: A text is not the one that was committed to, or one has no commitment.

    *Version added: 0.1.*
    """
    promised = commitments or {}
    kept = {} if private is None or ciphered_part(private) is not None else _read(private)
    for name in kept:
        if name not in promised:
            raise StoreDamaged(
                "a text that the body does not know",
                where=name,
                expected=_names(promised),
                found=name,
            )
    opened: dict[str, str | None] = {}
    for name, promise in promised.items():
        if name not in kept:
            opened[name] = None
            continue
        salt, text = kept[name]
        actual = commitment(salt, text)
        if actual != promise:
            raise StoreDamaged(
                "a text that is not the one committed to",
                where=name,
                expected=promise,
                found=actual,
            )
        opened[name] = text
    return opened


def _read(private: bytes) -> dict[str, tuple[bytes, str]]:
    quick = _read_few(private)
    if quick is not None:
        return quick
    try:
        value = decode(private)
    except BadInput as error:
        raise StoreDamaged("private bytes that are not canonical", found=str(error)) from error
    if not isinstance(value, dict):
        raise StoreDamaged("private bytes of another form", expected="an object by name")
    if isinstance(value.get(CIPHERED), str):
        raise StoreDamaged("a ciphered text that does not open", found=value[CIPHERED])
    return {name: _pair(name, item) for name, item in value.items()}


def _read_few(private: bytes) -> dict[str, tuple[bytes, str]] | None:
    """The same in one go, of few texts without escapes; None for all else, be it right or wrong."""
    try:
        whole = private.decode()
    except UnicodeDecodeError:
        return None
    found = _FEW.fullmatch(whole)
    if found is None or not (whole.isascii() or is_normalized("NFC", whole)):
        return None
    kept: dict[str, tuple[bytes, str]] = {}
    last = ""
    for name, salt, text in zip(*[iter(found.groups())] * 3, strict=True):
        if name is None:
            break
        if name <= last:
            return None
        last = name
        kept[name] = bytes.fromhex(salt), text
    return kept


def _pair(name: str, item: Any) -> tuple[bytes, str]:
    if isinstance(item, dict) and item.keys() == {"salt", "text"}:
        salt, text = item["salt"], item["text"]
        if isinstance(salt, str) and isinstance(text, str) and _SALT.fullmatch(salt):
            return bytes.fromhex(salt), text
    raise StoreDamaged(
        "private bytes of another form", where=name, expected="a salt in hex and a text"
    )


def _names(promised: Mapping[str, str]) -> str:
    return ", ".join(promised) or "no text"
