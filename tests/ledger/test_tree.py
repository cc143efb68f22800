"""The tree against the recursive definition of RFC 6962, its published vectors, and forgers."""

from __future__ import annotations

from hashlib import sha256

import pytest

from edujournal.ledger.tree import (
    EMPTY_ROOT,
    Paths,
    Peaks,
    consistency_proof,
    grows,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from tests.figures import figure

MOST = 130

#: Inputs and roots of the reference implementation of Certificate Transparency (its merkle tests).
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def recursive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = recursive_root(leaves[:k]), recursive_root(leaves[k:])
    return sha256(b"\x01" + left + right).digest()


def recursive_path(place: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if place < k:
        return [*recursive_path(place, leaves[:k]), recursive_root(leaves[k:])]
    return [*recursive_path(place - k, leaves[k:]), recursive_root(leaves[:k])]


def recursive_proof(old: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if whole else [recursive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if old <= k:
        return [*recursive_proof(old, leaves[:k], whole=whole), recursive_root(leaves[k:])]
    return [*recursive_proof(old - k, leaves[k:], whole=False), recursive_root(leaves[:k])]


@pytest.fixture(scope="module")
def leaves() -> list[bytes]:
    """The leaves of the largest tree."""
    return [f"leaf {n}".encode() for n in range(MOST)]


@pytest.fixture(scope="module")
def hashes(leaves) -> list[bytes]:
    """Their hashes."""
    return [leaf_hash(leaf) for leaf in leaves]


@pytest.fixture(scope="module")
def roots(leaves) -> list[bytes]:
    """Roots of all trees, by the recursive definition."""
    return [recursive_root(leaves[:n]) for n in range(MOST + 1)]


def test_roots_are_those_of_the_published_vectors():
    """Roots are those of the published vectors."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root_of(hashes[:n]).hex() for n in range(1, 9)] == list(ROOTS)


def test_a_published_inclusion_proof_and_a_published_consistency_proof():
    """The paths that the reference implementation lists for (0, 8), (5, 8) and (1, 8), (6, 8)."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [one.hex() for one in inclusion_proof(hashes, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in inclusion_proof(hashes, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [one.hex() for one in consistency_proof(hashes, 1)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in consistency_proof(hashes, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.search
def test_roots_and_proofs_of_every_size_equal_the_recursive_definition(leaves, hashes, roots):
    """Roots and proofs of every size equal the recursive definition."""
    proofs = 0
    for size in range(1, MOST + 1):
        assert root_of(hashes[:size]) == roots[size]
        paths = Paths(hashes[:size])
        for place in range(size):
            proof = inclusion_proof(hashes[:size], place)
            assert proof == paths.of(place)
            assert list(proof) == recursive_path(place, leaves[:size])
            assert includes(hashes[place], place, size, proof, roots[size])
            proofs += 1
        for old in range(1, size + 1):
            proof = consistency_proof(hashes[:size], old)
            assert list(proof) == recursive_proof(old, leaves[:size])
            assert grows(old, roots[old], size, roots[size], proof)
            proofs += 1
    figure("S6", "proofs equal to the recursive definition, n up to 130", proofs, "proofs")


def test_a_tree_that_grows_from_its_peaks_is_the_tree_made_at_once(hashes, roots):
    """A tree that grows from its peaks is the tree made at once."""
    peaks = Peaks()
    for size, hash_ in enumerate(hashes, 1):
        peaks = peaks.add([hash_])
        assert peaks.root == roots[size]
        assert Peaks(peaks.size, peaks.hashes).root == roots[size]
    for cut in range(MOST + 1):
        assert Peaks().add(hashes[:cut]).add(hashes[cut:]) == peaks


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(1, ()), (2, (b"x" * 32, b"x" * 32)), (0, (b"x" * 32,)), (1, (b"short",)), (-1, ())],
)
def test_peaks_that_are_no_tree_are_refused(size, hashes):
    """Peaks that are no tree are refused."""
    with pytest.raises(ValueError, match="subtree"):
        Peaks(size, hashes)


def test_proofs_of_what_is_not_there_are_not_made(hashes):
    """Proofs of what is not there are not made."""
    for place in (-1, 5):
        with pytest.raises(ValueError, match="has none"):
            inclusion_proof(hashes[:5], place)
        with pytest.raises(ValueError, match="has none"):
            Paths(hashes[:5]).of(place)
    for old in (0, 6):
        with pytest.raises(ValueError, match="does not grow"):
            consistency_proof(hashes[:5], old)


def forged(proof: tuple[bytes, ...], other: bytes):
    """What a forger may try with a proof: drop, add, double, swap, change, cut short."""
    proof = list(proof)
    for n in range(len(proof)):
        yield proof[:n] + proof[n + 1 :]
        yield [*proof[:n], other, *proof[n + 1 :]]
        yield proof[: n + 1] + proof[n:]
        yield [*proof[:n], bytes([proof[n][0] ^ 1]) + proof[n][1:], *proof[n + 1 :]]
        yield [*proof[:n], proof[n][:-1], *proof[n + 1 :]]
        yield [*proof[:n], proof[n] + b"\x00", *proof[n + 1 :]]
    for n in range(len(proof) - 1):
        if proof[n] != proof[n + 1]:
            yield [*proof[:n], proof[n + 1], proof[n], *proof[n + 2 :]]
    yield [*proof, other]
    yield [other, *proof]
    if len(proof) > 1:
        yield proof[::-1]


@pytest.mark.search
def test_no_forged_proof_is_accepted(hashes, roots):
    """No forged proof is accepted."""
    other = sha256(b"not in the tree").digest()
    tried = 0
    for size in range(1, MOST + 1):
        root = roots[size]
        for place in range(0, size, 3):
            proof = inclusion_proof(hashes[:size], place)
            leaf = hashes[place]
            tries = [(leaf, place, size, tuple(one), root) for one in forged(proof, other)]
            tries += [
                (other, place, size, proof, root),
                (leaf, place, size, proof, other),
                (leaf, place, size, proof, roots[size - 1]),
                (leaf, -1, size, proof, root),
                (leaf, size, size, proof, root),
                (leaf, place, 0, proof, root),
            ]
            tries += [(leaf, at, size, proof, root) for at in range(size) if at != place]
            for one in tries:
                assert not includes(*one), (size, place)
            tried += len(tries)
        for old in range(1, size + 1, 3):
            proof = consistency_proof(hashes[:size], old)
            tries = [(old, roots[old], size, root, tuple(one)) for one in forged(proof, other)]
            tries += [(old, other, size, root, proof), (old, roots[old], size, other, proof)]
            if old != size:
                tries += [
                    (old, roots[old - 1], size, root, proof),
                    (size, root, old, roots[old], proof),
                    (old, root, size, roots[old], proof),
                ]
            tries += [(-1, roots[old], size, root, proof), (0, roots[old], size, root, proof)]
            for one in tries:
                assert not grows(*one), (size, old)
            tried += len(tries)
    assert grows(0, EMPTY_ROOT, 5, roots[5], ())
    assert not grows(0, EMPTY_ROOT, 5, roots[5], (other,))
    assert not grows(3, roots[3], 5, roots[5], ())
    figure("S6", "forged proofs accepted", 0, f"of {tried:,}")


def test_a_leaf_cannot_pass_for_a_node_nor_a_node_for_a_leaf(hashes):
    """The two are hashed under different first bytes, so that a tree has no second preimage."""
    left, right = hashes[0], hashes[1]
    assert leaf_hash(left + right) != node_hash(left, right)
    assert root_of([node_hash(left, right)]) == root_of([left, right])
    assert not includes(leaf_hash(left + right), 0, 1, (), root_of([left, right]))
