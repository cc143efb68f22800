"""Bags of BagIt (RFC 8493): manifests, and a bag of which files were taken out, changed or put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

#: The manifests: of the payload, and of the files beside it.
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"

_OXUM: Final = re.compile(rb"(?m)^Payload-Oxum: .*$")


def manifest(hashes: Mapping[str, str]) -> bytes:
    """The manifest over files, as RFC 8493 has it: a line for each, in the order of their names.

    *Version added: 0.1.*
    """
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 that stands for every file of a bag: that of the manifest which lists all else.

    Args:
        files: The files of the bag.

    Returns:
        64 hex digits.

    *Version added: 0.1.*
    """
    return sha256(files[TAG_MANIFEST]).hexdigest()


def rebagged(
    files: Mapping[str, bytes], changed: Mapping[str, bytes | None]
) -> Iterator[tuple[str, bytes]]:
    """Make the files of a bag anew, with some of its payload changed.

    Args:
        files: The files of the bag.
        changed: Name in the payload → its new bytes; None takes it out.

    Yields:
        Name and bytes of each file; the manifests come last.

    *Version added: 0.1.*
    """
    hashes: dict[str, str] = {}
    size = 0
    for name in sorted({one for one in files if one.startswith("data/")} | changed.keys()):
        content = changed[name] if name in changed else files[name]
        if content is not None:
            hashes[name] = sha256(content).hexdigest()
            size += len(content)
            yield name, content
    tags = {
        name: files[name]
        for name in files
        if not name.startswith("data/") and name not in (MANIFEST, TAG_MANIFEST)
    }
    oxum = f"Payload-Oxum: {size}.{len(hashes)}".encode()
    tags["bag-info.txt"] = _OXUM.sub(oxum, tags["bag-info.txt"])
    tags[MANIFEST] = manifest(hashes)
    yield from sorted(tags.items())
    yield TAG_MANIFEST, manifest({name: sha256(one).hexdigest() for name, one in tags.items()})
