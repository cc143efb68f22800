"""Time stamps of RFC 3161 by the library ``rfc3161-client``, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from edujournal.errors import BadInput, MissingExtra, NotStamped
from edujournal.model.time import instant

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_ASKED: Final = "application/timestamp-query"
_TOLD: Final = "application/timestamp-reply"

#: No answer of an authority is longer, its certificates included.
_LONGEST: Final = 1 << 20


class Rfc3161Stamper:
    """Asks an authority over HTTP; it sees a SHA-256 digest and nothing else.

    *Version added: 0.1.*

    Args:
        url: Where it answers, ``https://`` or ``http://``.
        authority: Reads what comes back, so that a wrong answer is found now and not in years.
        timeout: Seconds to wait for it.

    Raises:
        BadInput: *url* is none.
        MissingExtra: ``rfc3161-client`` is not installed.
    """

    def __init__(self, url: str, authority: Rfc3161Authority, timeout: float = 10.0) -> None:
        if urlsplit(url).scheme not in ("https", "http"):
            raise BadInput(
                "not the address of an authority", expected="https://…", found=repr(url[:200])
            )
        self._url = url
        self._authority = authority
        self._timeout = timeout
        _client()

    def stamp(self, text: bytes) -> bytes:
        """See :meth:`edujournal.ports.Timestamper.stamp`."""
        module = _client()
        builder = module.TimestampRequestBuilder().data(text)
        asked = builder.hash_algorithm(module.HashAlgorithm.SHA256).build()
        token = self._answer(asked.as_bytes())
        try:
            self._authority.stamped(text, token, asked.nonce)
        except BadInput as error:
            raise NotStamped(f"the answer of the authority does not hold: {error}") from error
        return token

    def _answer(self, asked: bytes) -> bytes:
        request = Request(self._url, asked, {"Content-Type": _ASKED, "Accept": _TOLD})  # noqa: S310 - checked above
        try:
            with urlopen(request, timeout=self._timeout) as reply:  # noqa: S310 - as above
                if reply.status != HTTPStatus.OK or reply.headers.get_content_type() != _TOLD:
                    raise NotStamped(f"the authority answered otherwise: HTTP {reply.status}")
                token: bytes = reply.read(_LONGEST + 1)
        except HTTPError as error:
            error.close()  # it is the answer as well, and may be kept for as long as a round is
            raise NotStamped(f"the authority refuses: HTTP {error.code}") from error
        except (URLError, HTTPException, OSError) as error:
            raise NotStamped(f"the authority is out of reach: {error}") from error
        if len(token) > _LONGEST:
            raise NotStamped("the answer of the authority is too long")
        return token


class Rfc3161Authority:
    """Reads tokens of authorities whose root certificates are trusted.

    *Version added: 0.1.*

    Args:
        roots: Root certificates in PEM; each may hold several.
        intermediates: Certificates between them and the authority's, where tokens do not bring them.

    Raises:
        BadInput: There is no certificate, or one cannot be read.
        MissingExtra: ``rfc3161-client`` is not installed.
    """

    def __init__(self, roots: Iterable[bytes], intermediates: Iterable[bytes] = ()) -> None:
        self._roots = _certificates(roots)
        self._intermediates = _certificates(intermediates)
        if not self._roots:
            raise BadInput("no root certificate", expected="certificates in PEM")

    def stamped(self, text: bytes, token: bytes, nonce: int | None = None) -> int:
        """See :meth:`edujournal.ledger.stamps.StampReader.stamped`.

        Args:
            text: What was stamped.
            token: What the authority has answered.
            nonce: The number that the request bore, so that no older answer is taken for it.
        """
        module = _client()
        try:
            answer = module.decode_timestamp_response(token)
        except ValueError as error:
            raise BadInput("not a stamp of this text", found=str(error)) from error
        failed: Exception | None = None
        # One by one: of two roots of one name, as when a root was renewed, only one would be tried.
        for root in self._roots:
            builder = module.VerifierBuilder(
                roots=[root], intermediates=list(self._intermediates), nonce=nonce
            )
            try:
                builder.build().verify_message(answer, text)
            except (module.VerificationError, ValueError) as error:
                failed = failed or error
                continue
            return instant(answer.tst_info.gen_time)
        raise BadInput("not a stamp of this text", found=str(failed)) from failed


def _certificates(pems: Iterable[bytes]) -> tuple[Certificate, ...]:
    _client()
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return tuple(one for pem in pems for one in load_pem_x509_certificates(pem))
    except ValueError as error:
        raise BadInput("not a certificate", expected="PEM", found=str(error)) from error


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise MissingExtra(
            "stamps of time need rfc3161-client", mend='Install "edujournal[stamps]".'
        ) from error
    return rfc3161_client
