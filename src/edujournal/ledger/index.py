"""The index of a record: what may be tabulated of it, derived from its body and from nothing else."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from edujournal.errors import BadInput, StoreTooNew
from edujournal.ledger.records import Index

#: The version of bodies that this library writes, and the latest that it reads.
BODY_VERSION: Final = 1

_NONE: Final = type(None)

#: What a body must hold for an index: path, and the types that may stand there.
_FIELDS: Final[tuple[tuple[str, tuple[type, ...]], ...]] = (
    ("kind", (str,)),
    ("about", (str,)),
    ("pupil", (str, _NONE)),
    ("key", (str, _NONE)),
    ("item", (int, _NONE)),
    ("target", (int, _NONE)),
    ("at", (int,)),
    ("by", (dict,)),
    ("by.account", (str,)),
    ("by.role", (str,)),
    ("evidence", (dict, _NONE)),
    ("evidence.lo", (int, _NONE)),
    ("evidence.hi", (int,)),
)


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


def index_from(body: Any) -> Index:
    """Derive the index of a record from its decoded body; see :func:`index_of`.

    Without evidence the record was recorded when it says: ``lo`` is the instant, ``hi`` one after.

    *Version added: 0.1.*
    """
    if type(body) is not dict:
        raise BadInput("a body that is not an object", where="$", found=type(body).__name__)
    version = body.get("v")
    if type(version) is not int or version != BODY_VERSION:
        _refuse_version(version)
    by, at, evidence = body.get("by"), body.get("at"), body.get("evidence")
    if type(by) is not dict or type(at) is not int:
        raise _fault(body)
    lo: Any = at
    hi: Any = at + 1
    if evidence is not None:
        if type(evidence) is not dict:
            raise _fault(body)
        lo, hi = evidence.get("lo"), evidence.get("hi")
    kind, about, pupil = body.get("kind"), body.get("about"), body.get("pupil")
    account, role, key = by.get("account"), by.get("role"), body.get("key")
    item, target = body.get("item"), body.get("target")
    if (
        type(kind) is str
        and type(about) is str
        and (pupil is None or type(pupil) is str)
        and type(account) is str
        and type(role) is str
        and (key is None or type(key) is str)
        and (item is None or type(item) is int)
        and (lo is None or type(lo) is int)
        and type(hi) is int
        and (target is None or type(target) is int)
    ):
        return Index(kind, about, pupil, account, role, key, item or 0, at, lo, hi, target)
    raise _fault(body)


def _refuse_version(version: Any) -> NoReturn:
    if type(version) is int and version > BODY_VERSION:
        raise StoreTooNew(
            "a record of a later version of the library",
            where="$.v",
            expected=f"at most {BODY_VERSION}",
            found=str(version),
            mend="Upgrade edujournal.",
        )
    raise BadInput(
        "a version that never was", where="$.v", expected=str(BODY_VERSION), found=repr(version)
    )


def _fault(body: dict[str, Any]) -> BadInput:
    """Find the first field that is wrong."""
    for path, kinds in _FIELDS:
        part, _, name = path.rpartition(".")
        holder = body.get(part) if part else body
        if holder is None:
            continue
        value = holder.get(name)
        if type(value) not in kinds:
            return BadInput(
                "a body with a wrong field",
                where=f"$.{path}",
                expected=" or ".join(kind.__name__ for kind in kinds),
                found=repr(value)[:60] if name in holder else "nothing",
            )
    raise AssertionError("the quick check refused what the slow one accepts")
