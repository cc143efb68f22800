"""The register of people in an archive: what only it says of them, and commitments that outlive it.

Books name people by ids. Who these are, which roles they had and where they belonged stands in the
register, a line for each; beside it stands a salted hash of each line. Lines can be erased, on a ground,
and what is left is believed as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from edujournal.archiving.bags import rebagged
from edujournal.errors import BadInput
from edujournal.ledger.bytes import decode, encode
from edujournal.ledger.chain import Damage, is_hash
from edujournal.ledger.commitments import SALT_SIZE, commitment

#: The commitments, one a line; the register itself; what was erased of it, and on what ground.
COMMITMENTS: Final = "data/people.txt"
REGISTER: Final = "data/register.jsonl"
ERASED: Final = "data/erased.jsonl"


@frozen
class Registered:
    """A line of the register.

    *Version added: 0.1.*

    Attributes:
        number: Its number, from 1.
        salt: The salt of its commitment.
        person: What the school's data says of the person.
    """

    number: int
    salt: bytes
    person: Mapping[str, Any]

    @property
    def commitment(self) -> str:
        """The salted hash of the person's canonical bytes, as that of a text of an entry."""
        return commitment(self.salt, encode(dict(self.person)).decode())

    def __bytes__(self) -> bytes:
        """The line, without a line feed."""
        return encode({"n": self.number, "person": dict(self.person), "salt": self.salt.hex()})

    @classmethod
    def parse(cls, line: bytes) -> Registered:
        """Read a line.

        Raises:
            BadInput: It is none.
        """
        said = decode(line)
        if type(said) is not dict or said.keys() != {"n", "person", "salt"}:
            raise BadInput("not a line of the register", expected="n, person, salt")
        number, salt, person = said["n"], said["salt"], said["person"]
        if type(number) is not int or type(person) is not dict or type(salt) is not str:
            raise BadInput("not a line of the register", expected="a number, a person, a salt")
        if not is_hash(salt * 2):
            raise BadInput("not a salt", expected=f"{SALT_SIZE} bytes in hex", found=salt[:80])
        return cls(number, bytes.fromhex(salt), person)


def register(
    people: Iterable[Mapping[str, Any]], entropy: Callable[[int], bytes]
) -> tuple[Registered, ...]:
    """Make the register of people.

    Args:
        people: What the school's data says of each, as
            :func:`edujournal.adapters.schools.people.people_of` gives it.
        entropy: Gives random bytes for salts, such as ``os.urandom``.

    *Version added: 0.1.*
    """
    return tuple(
        Registered(number, entropy(SALT_SIZE), person) for number, person in enumerate(people, 1)
    )


def register_files(people: Iterable[Registered]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the files of a register.

    *Version added: 0.1.*
    """
    lines = list(people)
    yield COMMITMENTS, "".join(f"{one.commitment}\n" for one in lines).encode()
    yield REGISTER, b"".join(bytes(one) + b"\n" for one in lines)


@frozen
class PeopleReport:
    """What was found of the register of an archive.

    *Version added: 0.1.*

    Attributes:
        people: How many people the commitments are of.
        erased: Numbers of those whose lines were erased.
        grounds: On what grounds, each once.
        damages: What does not fit.
    """

    people: int
    erased: frozenset[int]
    grounds: tuple[str, ...]
    damages: tuple[Damage, ...]


def judge_people(files: Mapping[str, bytes]) -> PeopleReport:
    """Hold the register to its commitments, and what is missing of it to the erasures.

    *Version added: 0.1.*
    """
    promised = _lines(files, COMMITMENTS)
    damages = [
        Damage(COMMITMENTS, place, "person", "64 hex digits", repr(line[:80]))
        for place, line in enumerate(promised, 1)
        if not is_hash(line.decode(errors="replace"))
    ]
    erased, grounds = set[int](), dict[str, None]()
    for place, line in enumerate(_lines(files, ERASED), 1):
        try:
            numbers, ground = _erasure(line, len(promised))
        except BadInput as error:
            damages.append(Damage(ERASED, place, "erasure", "an erasure", str(error)[:200]))
            continue
        erased |= numbers
        grounds[ground] = None
    kept = set[int]()
    for place, line in enumerate(_lines(files, REGISTER), 1):
        try:
            one = Registered.parse(line)
        except BadInput as error:
            damages.append(Damage(REGISTER, place, "person", "a person", str(error)[:200]))
            continue
        expected = promised[one.number - 1] if 0 < one.number <= len(promised) else b""
        if one.commitment.encode() != expected or one.number <= max(kept, default=0):
            found = f"{one.number}: {one.commitment}"
            damages.append(
                Damage(REGISTER, place, "person", expected.decode(errors="replace"), found)
            )
        elif one.number in erased:
            damages.append(Damage(REGISTER, place, "unerased", "an erased line", str(one.number)))
        kept.add(one.number)
    damages += [
        Damage(REGISTER, number, "lost", "a person", "nothing, and no erasure")
        for number in range(1, len(promised) + 1)
        if number not in kept and number not in erased
    ]
    return PeopleReport(len(promised), frozenset(erased), tuple(grounds), tuple(damages))


def erase_people(
    files: Mapping[str, bytes], ground: str, at: int, ids: Iterable[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Make the files of an archive without lines of its register; what is left verifies as before.

    Args:
        files: The files of the archive; whether it is whole is to be asked before.
        ground: Why they are erased; it is kept, and told with every verdict.
        at: Moment of the erasure, UTC microseconds.
        ids: Ids of those who are erased; None for everybody.

    Yields:
        Name and bytes of each file of the new archive; the manifests come last.

    Raises:
        BadInput: There is no ground, nobody in the register to be erased, or an id that it lacks.

    Source: clause 1.7. *Version added: 0.1.*
    """
    if not ground.strip():
        raise BadInput("an erasure without a ground", where="ground", expected="why it is done")
    people = [Registered.parse(line) for line in _lines(files, REGISTER)]
    wanted = None if ids is None else frozenset(ids)
    going = {one.number for one in people if wanted is None or one.person.get("id") in wanted}
    missing = (wanted or frozenset()) - {one.person.get("id") for one in people}
    if missing or not going:
        raise BadInput(
            "nobody in the register of the archive to be erased", where=REGISTER,
            found=", ".join(sorted(missing)),
        )  # fmt: skip
    act = encode({"at": at, "ground": ground, "people": sorted(going)})
    left = [bytes(one) + b"\n" for one in people if one.number not in going]
    changed = {
        ERASED: files.get(ERASED, b"") + act + b"\n",
        REGISTER: b"".join(left) if left else None,
    }
    yield from rebagged(files, changed)


def _lines(files: Mapping[str, bytes], name: str) -> list[bytes]:
    """The lines of a file; a last one that does not end keeps a line feed, and is no line."""
    *whole, rest = files.get(name, b"").split(b"\n")
    return [*whole, rest + b"\n"] if rest else whole


def _erasure(line: bytes, people: int) -> tuple[set[int], str]:
    """Whom an erasure is of, and its ground."""
    said = decode(line)
    if type(said) is not dict or said.keys() != {"at", "ground", "people"}:
        raise BadInput("not an erasure", expected="at, ground, people")
    at, ground, numbers = said["at"], said["ground"], said["people"]
    if type(at) is not int or type(ground) is not str or not ground.strip():
        raise BadInput("an erasure without moment or ground")
    if type(numbers) is not list or not all(
        type(one) is int and 0 < one <= people for one in numbers
    ):
        raise BadInput("an erasure of nobody", expected=f"numbers of 1 to {people}")
    return set(numbers), ground
