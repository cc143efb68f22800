"""What the two small files say that name a store's format and the owner of a folder."""

from __future__ import annotations

from typing import Final

from edujournal.adapters.stores.files.names import file_name
from edujournal.errors import BadInput, StoreDamaged, StoreTooNew
from edujournal.ledger.bytes import decode, encode

#: The file in the store's folder that tells its format.
STORE: Final = "store.json"

_FORMAT: Final = "edujournal/files"
_VERSION: Final = 1

#: What this version of the library writes into it.
THIS_FORMAT: Final = encode({"format": _FORMAT, "version": _VERSION})


def check_format(data: bytes) -> None:
    """Refuse what is not the format of a store, or a later one.

    Raises:
        StoreDamaged: *data* tells no format.
        StoreTooNew: A later version of the library wrote it.
    """
    try:
        value = decode(data)
        form, version = value["format"], value["version"]
    except (BadInput, KeyError, TypeError) as error:
        raise StoreDamaged("not the format of a store", where=STORE, found=str(error)) from error
    if form != _FORMAT or type(version) is not int or version < 1:
        raise StoreDamaged("not the format of a store", where=STORE, found=repr(value))
    if version > _VERSION:
        raise StoreTooNew(
            "the store was written by a later version of the library",
            where=STORE,
            expected=f"format {_VERSION} or older",
            found=f"format {version}",
            mend="Upgrade edujournal.",
        )


def school_in(data: bytes, folder: str, where: str) -> str:
    """Give the school that the file of its folder names.

    Raises:
        StoreDamaged: It names none, or one that this is not the folder of.
    """
    try:
        school = decode(data)["school"]
    except (BadInput, KeyError, TypeError) as error:
        raise StoreDamaged("not the name of a school", where=where, found=str(error)) from error
    if not isinstance(school, str) or file_name(school) != folder:
        raise StoreDamaged("a folder of another school", where=where, found=repr(school))
    return school
