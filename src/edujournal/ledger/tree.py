"""The tree of RFC 6962 (its section 2.1; RFC 9162 has the same): roots, and proofs that need no key.

An inclusion proof shows that a leaf is in a tree of a known root; a consistency proof that a tree of a
known root was only added to. Sizes and places are never optional: a proof checked without them proves
something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

from attrs import frozen

#: Root of the tree without leaves.
EMPTY_ROOT: Final = sha256(b"").digest()

_SIZE: Final = 32


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf: SHA-256 over a zero byte and its bytes.

    *Version added: 0.1.*
    """
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees side by side: SHA-256 over a byte 1 and both hashes.

    *Version added: 0.1.*
    """
    return sha256(b"\x01" + left + right).digest()


@frozen
class Peaks:
    """What must be remembered of a tree to go on with it: its size, and its complete subtrees.

    The subtrees are those of the binary digits of the size, the largest first; a tree of a million
    leaves has at most 20.

    *Version added: 0.1.*

    Attributes:
        size: Number of leaves.
        hashes: One hash for each complete subtree.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what is no tree.

        Raises:
            ValueError: The hashes are not as many as the size asks for, or not hashes.
        """
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{len(self.hashes)} subtrees for a tree of {self.size} leaves")
        if any(type(one) is not bytes or len(one) != _SIZE for one in self.hashes):
            raise ValueError("a subtree whose hash has not 32 bytes")

    def add(self, hashes: Iterable[bytes]) -> Peaks:
        """The tree with more leaves, given by their hashes."""
        size, peaks = self.size, list(self.hashes)
        more = list(hashes)
        while more:
            # As large a complete subtree as may stand here, and as there are leaves for.
            room = size & -size or 1 << len(more).bit_length()
            while room > len(more):
                room >>= 1
            level, more = more[:room], more[room:]
            while len(level) > 1:
                level = list(map(node_hash, level[::2], level[1::2]))
            size += room
            peaks += level
            # It completes as many others as the size has further trailing zero bits.
            for _ in range((size & -size).bit_length() - room.bit_length()):
                right = peaks.pop()
                peaks.append(node_hash(peaks.pop(), right))
        return Peaks(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *others, root = self.hashes
        for left in reversed(others):
            root = node_hash(left, root)
        return root


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over leaves, given by their hashes.

    *Version added: 0.1.*
    """
    return Peaks().add(hashes).root


def inclusion_proof(hashes: Sequence[bytes], place: int) -> tuple[bytes, ...]:
    """Prove that the leaf at *place* is in the tree over *hashes*.

    Of many leaves of one tree :class:`Paths` gives the same with less work.

    Args:
        hashes: Hashes of all leaves of the tree.
        place: Place of the leaf, from 0.

    Raises:
        ValueError: The tree has no such place.

    *Version added: 0.1.*
    """
    return _path(len(hashes), place, lambda first, last: root_of(hashes[first:last]))


class Paths:
    """Inclusion proofs of many leaves of one tree: each of its subtrees is hashed once.

    *Version added: 0.1.*

    Args:
        hashes: Hashes of all leaves of the tree.
    """

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._hashes = hashes
        self._known: dict[tuple[int, int], bytes] = {}

    def of(self, place: int) -> tuple[bytes, ...]:
        """The proof of the leaf at *place*, from 0, as :func:`inclusion_proof` gives it.

        Raises:
            ValueError: The tree has no such place.
        """
        return _path(len(self._hashes), place, self._root)

    def _root(self, first: int, last: int) -> bytes:
        if last - first == 1:
            return self._hashes[first]
        if (first, last) not in self._known:
            middle = first + _split(last - first)
            both = self._root(first, middle), self._root(middle, last)
            self._known[first, last] = node_hash(*both)
        return self._known[first, last]


def _path(size: int, place: int, root: Callable[[int, int], bytes]) -> tuple[bytes, ...]:
    """Roots of the subtrees beside the way from the leaf at *place* up to the root of the tree."""
    if not 0 <= place < size:
        raise ValueError(f"a tree of {size} leaves has none at {place}")
    proof = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if place < middle:
            proof.append(root(middle, last))
            last = middle
        else:
            proof.append(root(first, middle))
            first = middle
    return tuple(reversed(proof))


def consistency_proof(hashes: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """Prove that the tree over *hashes* begins with the tree over its first *old* leaves.

    Args:
        hashes: Hashes of all leaves of the later tree.
        old: Size of the earlier tree, from 1.

    Raises:
        ValueError: The earlier tree is empty, or larger.

    *Version added: 0.1.*
    """
    size = len(hashes)
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves does not grow from one of {old}")
    proof = []
    first, last, whole = 0, size, True
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            proof.append(root_of(hashes[middle:last]))
            last = middle
        else:
            proof.append(root_of(hashes[first:middle]))
            first, whole = middle, False
    if not whole:
        proof.append(root_of(hashes[first:last]))
    return tuple(reversed(proof))


def includes(leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether *proof* shows that a leaf stands at *place* in the tree of *size* and *root*.

    Args:
        leaf: Hash of the leaf.
        place: Its place, from 0.
        size: Number of leaves of the tree.
        proof: Hashes, from the leaf upwards.
        root: Root of the tree.

    *Version added: 0.1.*
    """
    if not 0 <= place < size or not _are_hashes(leaf, root, *proof):
        return False
    node, last, hash_ = place, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            hash_ = node_hash(other, hash_)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, other)
        node, last = node >> 1, last >> 1
    return last == 0 and hash_ == root


def grows(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether *proof* shows that the tree of *size* begins with the one of *old* leaves.

    Args:
        old: Number of leaves of the earlier tree; 0 for the empty one, that every tree begins with.
        old_root: Its root.
        size: Number of leaves of the later tree.
        root: Its root.
        proof: Hashes, as :func:`consistency_proof` gives them.

    *Version added: 0.1.*
    """
    if not 0 <= old <= size or not _are_hashes(old_root, root, *proof):
        return False
    if old == 0:
        return old_root == EMPTY_ROOT and not proof
    if old == size:
        return old_root == root and not proof
    rest = list(proof) if old & (old - 1) else [old_root, *proof]
    if not rest:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = rest[0]
    for other in rest[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, other)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _split(size: int) -> int:
    """The largest power of two below *size*."""
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(*hashes: bytes) -> bool:
    return all(type(one) is bytes and len(one) == _SIZE for one in hashes)
