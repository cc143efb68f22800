"""Ed25519 by the library ``cryptography``: keys that sign notes, keys of witnesses, public keys as text."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from typing import TYPE_CHECKING, Any, Final, Self

from edujournal.errors import BadInput, MissingExtra
from edujournal.ledger.notes import COSIGNATURE, ED25519, check_key_name, key_id
from edujournal.model.time import SECOND, instant

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    from edujournal.ports import Clock

_PUBLIC: Final = 32
_TIME: Final = 8


class Ed25519Signer:
    """A private key that signs notes.

    *Version added: 0.1.*

    Args:
        name: Name of the key; by C2SP's advice the origin of the log that it signs.
        key: The key.
    """

    kind: int = ED25519

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.name = check_key_name(name)
        self._key = key
        self._public = key.public_key().public_bytes_raw()
        self.key_id = key_id(name, self.kind, self._public)

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make a new key from the system's randomness."""
        return cls(name, _ed25519().Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, name: str, pem: bytes, password: bytes | None = None) -> Self:
        """Read a private key as PKCS #8 in PEM.

        Raises:
            BadInput: It is none, not of Ed25519, or the password is wrong.
            MissingExtra: ``cryptography`` is not installed.
        """
        module = _ed25519()
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(pem, password)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise BadInput(
                "not a private key, or not its password",
                where=name,
                expected="PKCS #8 in PEM",
                found=str(error),
            ) from error
        if not isinstance(key, module.Ed25519PrivateKey):
            raise BadInput("a key of another kind", where=name, expected="an Ed25519 key")
        return cls(name, key)

    def to_pem(self, password: bytes | None = None) -> bytes:
        """Write the private key as PKCS #8 in PEM, enciphered if there is a password."""
        from cryptography.hazmat.primitives import serialization as forms

        cipher = forms.BestAvailableEncryption(password) if password else forms.NoEncryption()
        return self._key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, cipher)

    def sign(self, text: bytes) -> bytes:
        """See :meth:`edujournal.ledger.notes.Signer.sign`."""
        return self._key.sign(text)

    @property
    def public(self) -> str:
        """The public key as text: ``name+id+key``, to be given to those who verify."""
        encoded = b64encode(bytes([self.kind]) + self._public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


class Ed25519Cosigner(Ed25519Signer):
    """A private key of a witness (c2sp.org/tlog-cosignature): it signs with the time at which it saw.

    *Version added: 0.1.*

    Args:
        name: Name of the witness.
        key: The key.
        clock: Gives the present moment.
    """

    kind = COSIGNATURE

    def __init__(self, name: str, key: Ed25519PrivateKey, clock: Clock | None = None) -> None:
        super().__init__(name, key)
        self._clock = clock

    def at(self, clock: Clock) -> Self:
        """The same key with a clock."""
        return type(self)(self.name, self._key, clock)

    def sign(self, text: bytes) -> bytes:
        """See :meth:`edujournal.ledger.notes.Signer.sign`.

        Raises:
            BadInput: It has no clock.
        """
        if self._clock is None:
            raise BadInput("a witness without a clock", where=self.name, mend="Use at(clock).")
        seconds = instant(self._clock()) // SECOND
        return seconds.to_bytes(_TIME, "big") + self._key.sign(_cosigned(seconds, text))


class Ed25519Verifier:
    """A public key: of a log, or of a witness.

    *Version added: 0.1.*

    Args:
        text: The key as text, ``name+id+key``, as :attr:`Ed25519Signer.public` gives it.

    Raises:
        BadInput: It is no such text, or its parts do not belong together.
        MissingExtra: ``cryptography`` is not installed.
    """

    def __init__(self, text: str) -> None:
        parts = text.split("+", 2)
        try:
            name, shown, encoded = parts
            data = b64decode(encoded, validate=True)
        except (ValueError, BadBase64) as error:
            raise BadInput(
                "not a public key", expected="name+id+base64", found=repr(text[:80])
            ) from error
        if len(data) != _PUBLIC + 1 or data[0] not in (ED25519, COSIGNATURE):
            raise BadInput(
                "a public key of another kind", expected="Ed25519", found=repr(text[:80])
            )
        self.name = check_key_name(name)
        self.kind = data[0]
        self.key_id = key_id(name, self.kind, data[1:])
        if self.key_id.hex() != shown:
            raise BadInput(
                "a public key with the id of another",
                where=name,
                expected=self.key_id.hex(),
                found=shown,
            )
        self._key: Ed25519PublicKey = _ed25519().Ed25519PublicKey.from_public_bytes(data[1:])

    @property
    def is_witness(self) -> bool:
        """Whether it is the key of a witness."""
        return self.kind == COSIGNATURE

    def verify(self, text: bytes, signature: bytes) -> bool:
        """See :meth:`edujournal.ledger.notes.Verifier.verify`."""
        from cryptography.exceptions import InvalidSignature

        if self.is_witness:
            if len(signature) <= _TIME:
                return False
            text = _cosigned(int.from_bytes(signature[:_TIME], "big"), text)
            signature = signature[_TIME:]
        try:
            self._key.verify(signature, text)
        except InvalidSignature:
            return False
        return True


def _cosigned(seconds: int, text: bytes) -> bytes:
    """What a witness signs."""
    return b"cosignature/v1\ntime %d\n" % seconds + text


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "signatures need the library cryptography",
            mend="Install edujournal[seals].",
        ) from error
    return ed25519
