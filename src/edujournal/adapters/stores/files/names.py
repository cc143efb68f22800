"""Names of files, made from ids: no id can leave its folder, and no two ids share a file."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Final

#: Longest file name, in characters; ids that need more are cut and told apart by a hash.
LONGEST: Final = 80

_PLAIN: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_")
_SPELLING: Final = [chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in range(256)]

#: Names that some systems give to devices.
_DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)


@lru_cache(4096)
def file_name(id: str) -> str:
    """Name the file or folder of *id*.

    Lowercase Latin letters, digits, ``-`` and ``_`` stay; every other byte of the UTF-8 text is
    written ``%xx``. So ``7A`` and ``7a`` differ on a disk that ignores case, and the store's own
    files, which all have a dot in their names, are never met.
    """
    data = id.encode()
    name = "".join([_SPELLING[byte] for byte in data])
    if name in _DEVICES:
        name = f"%{data[0]:02x}{name[1:]}"
    if len(name) > LONGEST:
        name = f"{name[: LONGEST // 2]}~{sha256(data).hexdigest()[:32]}"
    return name
