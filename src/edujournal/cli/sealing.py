"""``edujournal key``, ``seal``, ``prove``, ``witness``: what shows later that nothing was altered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from edujournal.adapters.checkpoints import FolderCheckpoints
from edujournal.adapters.signers.ed25519 import (
    Ed25519Cosigner,
    Ed25519Signer,
    Ed25519Verifier,
)
from edujournal.adapters.signers.witness import KeepingWitness
from edujournal.adapters.stampers.rfc3161 import Rfc3161Stamper
from edujournal.cli.options import Place, Shown
from edujournal.cli.printing import Printer
from edujournal.cli.private_files import write_private
from edujournal.cli.stores import existing
from edujournal.cli.verifying import public_keys, read_authority, schools_of
from edujournal.errors import BadInput, NotStamped
from edujournal.ledger.checkpoints import Checkpoint
from edujournal.ledger.notes import parse_note, signed_by
from edujournal.ledger.proofs import Proof, check_proof
from edujournal.ledger.requests import Request
from edujournal.ledger.tree import consistency_proof
from edujournal.model.ids import JournalId
from edujournal.model.time import MINUTE
from edujournal.plain_files import LARGEST_PAPER, read_plain
from edujournal.sealing import Round, Seals, SealTimes
from edujournal.synced_files import write_file

_Key = TypeVar("_Key", bound=Ed25519Signer)


def key(name: str, file: Path, shown: Shown, *, witness: bool) -> int:
    """Make a key; print its public half."""
    printer = Printer(shown)
    made = Ed25519Cosigner.generate(name) if witness else Ed25519Signer.generate(name)
    write_private(file, made.to_pem(), "file")
    if printer.json:
        printer.line({"name": made.name, "public": made.public})
    else:
        printer.text(made.public)
    return 0


def seal(
    place: Place,
    shown: Shown,
    *,
    signer: Path,
    checkpoints: Path,
    name: str,
    year: str | None,
    witness: str | None,
    ask: Path | None,
    stamp: str | None,
    authority: Sequence[Path],
    daily: Sequence[str] = (),
    every: int | None = None,
    zone: str | None = None,
) -> int:
    """Make a round for each year of a school, and for a witness a request."""
    times = _times(daily, every, zone, year)
    if (witness is None) != (ask is None):
        raise BadInput(
            "a request needs a witness and a folder",
            where="--ask" if ask is None else "--witness",
            expected="--witness and --ask together, or neither",
            mend="Nothing was sealed.",
        )
    asked = None if witness is None else public_keys([witness])[0]
    printer = Printer(shown)
    if (stamp is None) is not (not authority):
        raise BadInput(
            "an authority of time without its certificate, or the other way round",
            where="--stamp, --authority", expected="both, or neither",
        )  # fmt: skip
    stampers = [Rfc3161Stamper(stamp, read_authority(authority))] if stamp else []
    kept = FolderCheckpoints(checkpoints)
    own = _read_key(Ed25519Signer, name, signer)
    missed: NotStamped | None = None
    with existing(place.store, writes=True) as store:
        for school in schools_of(store, place.school):
            seals = Seals(
                store, school, name=name, signers=[own], checkpoints=kept, stampers=stampers,
                clock=_now, times=times,
            )  # fmt: skip
            years = seals.years() if year is None else [year]
            for done in map(seals.round, years) if times is None else seals.tick().rounds:
                _show_round(printer, seals, done)
                # Sealed and signed it is: no authority keeps other years and schools from that.
                missed = missed or done.missed
            for one in years:
                if times is not None and seals.checkpoint(one) is None:
                    continue  # Its first round is not due, so that there is nothing to witness.
                if ask is not None and asked is not None:
                    ask.mkdir(parents=True, exist_ok=True)
                    request = _request(seals, one, asked)
                    file = ask / f"{quote(seals.origin(one), safe='')}.request"
                    write_file(file, bytes(request))
    if missed is not None:
        raise missed
    return 0


def _times(
    daily: Sequence[str], every: int | None, zone: str | None, year: str | None
) -> SealTimes | None:
    """When rounds are due; None for now."""
    if not daily and every is None:
        if zone is not None:
            raise BadInput("a zone without times of the day", where="--zone", expected="--daily")
        return None
    if year is not None:
        raise BadInput(
            "a year, and times that are for every one",
            where="--year",
            mend="Nothing was sealed.",
        )
    if daily and zone is None:
        raise BadInput(
            "by whose clocks?",
            where="--daily",
            expected="--zone",
            mend="Nothing was sealed.",
        )
    return SealTimes(zone or "UTC", tuple(daily), None if every is None else every * MINUTE)


def _show_round(printer: Printer, seals: Seals, done: Round) -> None:
    note = seals.checkpoint(done.year)
    known = None if note is None else Checkpoint.parse(note.text)
    if printer.json:
        printer.line(
            {
                "year": done.year,
                "sealed": list(done.sealed),
                "size": done.size,
                "origin": seals.origin(done.year),
                "root": None if known is None else known.root.hex(),
            }
        )
        return
    printer.text(printer.say("sealed", year=done.year, n=len(done.sealed), size=done.size))
    if known is not None:
        printer.text(str(known).rstrip("\n"), "dim")


def _request(seals: Seals, year: str, witness: Ed25519Verifier) -> Request:
    """What a witness is asked: from the last checkpoint that bears its name to the last of all."""
    note = seals.checkpoint(year)
    if note is None:
        raise BadInput("no checkpoint", where=seals.origin(year))
    old = 0
    for data in seals.checkpoints(year):
        seen = parse_note(data)
        if signed_by(seen, [witness]):
            old = Checkpoint.parse(seen.text).size
    leaves = seals.log(year).leaves[: Checkpoint.parse(note.text).size]
    return Request(old, consistency_proof(leaves, old) if old else (), note)


def witness(
    request: Path,
    shown: Shown,
    *,
    signer: Path,
    name: str,
    memory: Path,
    public: Sequence[str],
    checkpoints: Path,
) -> int:
    """Cosign what grew from the last checkpoint that was seen, and keep it in the school's folder."""
    printer = Printer(shown)
    key = _read_key(Ed25519Cosigner, name, signer).at(_now)
    seen = KeepingWitness(key, FolderCheckpoints(memory), public_keys(public))
    asked = Request.parse(_bytes(request))
    note = seen.cosign(asked.note, asked.proof)
    known = Checkpoint.parse(note.text)
    FolderCheckpoints(checkpoints).keep(known.origin, bytes(note))
    if printer.json:
        printer.line({"origin": known.origin, "size": known.size, "root": known.root.hex()})
    else:
        printer.text(printer.say("witnessed", origin=known.origin, size=known.size))
    return 0


def prove(
    book: str,
    number: int,
    place: Place,
    shown: Shown,
    *,
    checkpoints: Path,
    name: str,
    out: Path,
) -> int:
    """Write the proof of an entry."""
    printer = Printer(shown)
    with existing(place.store) as store:
        schools = schools_of(store, place.school)
        if len(schools) != 1:
            raise BadInput(
                "which school?", where="--school", expected="one of " + ", ".join(schools)
            )
        kept = FolderCheckpoints(checkpoints)
        seals = Seals(store, schools[0], name=name, checkpoints=kept, clock=_now)
        proof = seals.prove(_book(book), number)
    write_file(out, bytes(proof))
    _show_proof(printer, proof, ())
    return 0


def check(
    file: Path, shown: Shown, *, public: Sequence[str], name: str, receipt: str | None
) -> int:
    """Check a proof, without any store."""
    proof = Proof.parse(_bytes(file))
    found = check_proof(proof, public_keys(public), name, receipt)
    _show_proof(Printer(shown), proof, [one.name for one in found])
    return 0


def _show_proof(printer: Printer, proof: Proof, signed: Sequence[str]) -> None:
    known = Checkpoint.parse(parse_note(proof.checkpoint).text)
    if printer.json:
        printer.line(
            {
                "school": proof.school,
                "book": proof.book,
                "entry": proof.number,
                "hash": proof.hash,
                "origin": known.origin,
                "size": known.size,
                "signed": list(signed),
            }
        )
        return
    printer.text(
        printer.say("proven" if signed else "proof_made", book=proof.book, n=proof.number), "bold"
    )
    printer.text(proof.hash)
    printer.text(printer.say("proof_by", origin=known.origin, size=known.size), "dim")
    for name in signed:
        printer.text(printer.say("signed_by", name=name), "dim")


def _read_key(kind: type[_Key], name: str, file: Path) -> _Key:
    password = os.environ.get("EDUJOURNAL_KEY_PASSWORD")
    return kind.from_pem(name, _bytes(file), password.encode() if password else None)


def _bytes(file: Path) -> bytes:
    return read_plain(file, LARGEST_PAPER, BadInput)


def _book(text: str) -> str:
    whole = text.startswith(("class/", "school/", "access/"))
    return text if whole else JournalId.parse(text).book


def _now() -> datetime:
    return datetime.now(UTC)
