"""trust-R5: no single bit flips unnoticed in log, head, texts, seals or checkpoint."""

from __future__ import annotations

from itertools import count

import pytest

from edujournal.adapters.signers.ed25519 import Ed25519Verifier
from edujournal.adapters.stores.files import FileStore
from edujournal.ledger.assurance import Evidence, assure
from edujournal.testing.records import SCHOOL
from tests.figures import cases, figure, seed
from tests.trust.flips import KEY, ORIGIN, YEAR, Flips

PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_every_flipped_bit_is_noticed(part):
    """200,000 flips: an error, a report, or damage that verification finds; never other records."""
    wanted = cases(200_000, 1_000_000) // PARTS
    flipped, unnoticed = 0, []
    for number in count(seed(part * 1000)):
        flips = Flips(number)
        for bit in flips.bits()[: wanted - flipped]:
            flipped += 1
            if not flips.noticed(*bit):
                unnoticed.append((number, *bit))
        if flipped >= wanted:
            break

    assert [] == unnoticed
    figure("R5", "bits flipped in log, head, texts, seals, checkpoint", flipped)
    figure("R5", "unnoticed", 0)


def test_without_a_flip_all_is_well():
    """Else everything would be noticed."""
    flips = Flips(0)
    evidence = Evidence(ORIGIN, [flips.note], [Ed25519Verifier(KEY.public)])
    found = assure(FileStore("", disk=flips.disk), SCHOOL, {YEAR: evidence})

    assert "L2" == found.assurance
