"""The index of a record: what may be tabulated of it, derived from its body and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from edujournal.errors import BadInput, StoreTooNew
from edujournal.ledger.records import Index

#: The version of bodies that this library writes, and the latest that it reads.
BODY_VERSION: Final = 1

_TEXT: Final = (str,)
_TEXT_OR_NONE: Final = (str, type(None))
_NUMBER: Final = (int,)
_NUMBER_OR_NONE: Final = (int, type(None))


def index_of(body: bytes) -> Index:
    """Derive the index of a record from the bytes of its body.

    Whether the bytes are canonical is not asked here: ``verify`` does.

    Raises:
        BadInput: A field is missing or of another type; ``where`` is its path.
        StoreTooNew: The body was written by a later version of the library.

    *Version added: 0.1.*
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("a body that is not JSON", found=str(error)) from error
    return index_from(value)


def index_from(body: Mapping[str, Any]) -> Index:
    """Derive the index of a record from its decoded body; see :func:`index_of`.

    Without evidence the record was recorded when it says: ``lo`` is the instant, ``hi`` one after.

    *Version added: 0.1.*
    """
    if not isinstance(body, Mapping):
        raise BadInput("a body that is not an object", where="$", found=type(body).__name__)
    version = _field(body, "v", "$", _NUMBER)
    if version != BODY_VERSION:
        if version > BODY_VERSION:
            raise StoreTooNew(
                "a record of a later version of the library",
                where="$.v",
                expected=f"at most {BODY_VERSION}",
                found=str(version),
                mend="Upgrade edujournal.",
            )
        raise BadInput(
            "a version that never was", where="$.v", expected=str(BODY_VERSION), found=str(version)
        )
    by = _part(body, "by")
    at = _field(body, "at", "$", _NUMBER)
    lo, hi = at, at + 1
    if "evidence" in body:
        evidence = _part(body, "evidence")
        lo = _field(evidence, "lo", "$.evidence", _NUMBER_OR_NONE)
        hi = _field(evidence, "hi", "$.evidence", _NUMBER)
    return Index(
        kind=_field(body, "kind", "$", _TEXT),
        about=_field(body, "about", "$", _TEXT),
        pupil=_field(body, "pupil", "$", _TEXT_OR_NONE),
        account=_field(by, "account", "$.by", _TEXT),
        role=_field(by, "role", "$.by", _TEXT),
        key=_field(body, "key", "$", _TEXT_OR_NONE),
        item=_field(body, "item", "$", _NUMBER) if "item" in body else 0,
        recorded=at,
        lo=lo,
        hi=hi,
        target=_field(body, "target", "$", _NUMBER_OR_NONE),
    )


def _field(body: Mapping[str, Any], name: str, path: str, kinds: tuple[type, ...]) -> Any:
    value = body.get(name)
    if type(value) not in kinds:
        raise BadInput(
            "a body with a wrong field",
            where=f"{path}.{name}",
            expected=" or ".join(kind.__name__ for kind in kinds),
            found=repr(value)[:60] if name in body else "nothing",
        )
    return value


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if not isinstance(value, Mapping):
        raise BadInput(
            "a body with a wrong field",
            where=f"$.{name}",
            expected="an object",
            found=repr(value)[:60],
        )
    return value
