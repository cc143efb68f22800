"""Electronic signatures in a PDF, by PAdES (ETSI EN 319 142). Needs the extra ``signing``.

The signature itself is pyHanko's work: nothing of it is made here. The file only grows by it, so that
what was signed before stays signed, and several sign one after another.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from edujournal.errors import BadInput, MissingExtra


def sign_pdf(
    data: bytes,
    key: bytes,
    password: bytes | None = None,
    *,
    reason: str | None = None,
    place: str | None = None,
    timestamper: Any = None,
) -> bytes:
    """Sign a PDF.

    The moment of signing is that of the machine, or of the authority of time, if one is named: unlike a
    paper, a signed file is not the same twice.

    Args:
        data: The file, signed by others or not.
        key: Key and certificates as PKCS #12, as authorities give them out (``.p12``, ``.pfx``).
        password: Password of the key; None if it has none.
        reason: Why it is signed, as readers of PDF show it.
        place: Where.
        timestamper: A *pyHanko* time stamper (RFC 3161); None for none.

    Returns:
        The signed file, which begins with *data*.

    Raises:
        BadInput: It is no PDF, or no key, or not its password.
        MissingExtra: pyHanko is not installed.

    *Version added: 0.1.*
    """
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign import fields, signers
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("pyhanko"):
            raise
        raise MissingExtra(
            "pyHanko is not installed",
            where="a signature",
            mend="Run: pip install 'edujournal[signing]'",
        ) from error
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(key, [], password)
    except ValueError as error:
        raise BadInput(
            "no key, or not its password", where="key", expected="PKCS #12", found=str(error)
        ) from error
    out = BytesIO()
    try:
        writer = IncrementalPdfFileWriter(BytesIO(data))
        signed = sum(1 for _ in fields.enumerate_sig_fields(writer.prev, filled_status=True))
        signers.sign_pdf(
            writer,
            signers.PdfSignatureMetadata(
                field_name=f"signature-{signed + 1}",
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                reason=reason,
                location=place,
            ),
            signer=signer,
            timestamper=timestamper,
            output=out,
        )
    except PdfError as error:
        raise BadInput("not a PDF that can be signed", where="data", found=str(error)) from error
    return out.getvalue()
