"""Electronic signatures: what poppler makes of them, and of a file that was changed afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

import edujournal as ej
from edujournal.adapters.documents.pdf import write_pdf
from edujournal.adapters.documents.signing import sign_pdf
from tests.papers.conftest import stamp_of

SECRET = b"secret"


def key_of(person: str) -> bytes:
    """A key and a certificate of *person*, as an authority gives them out."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, person)])
    usage = dict.fromkeys(
        (
            "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
            "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"key", key, certificate, None, BestAvailableEncryption(SECRET)
    )


@pytest.fixture(scope="module")
def paper(kept):
    """A certified sheet."""
    made = kept(10).sheet("ru")
    return made, write_pdf(made, stamp_of(made))


@pytest.fixture(scope="module")
def signed(paper):
    """The sheet, signed by a deputy and then by the head."""
    _, data = paper
    once = sign_pdf(data, key_of("Рябова Ольга"), SECRET, reason="Проверено")
    return once, sign_pdf(once, key_of("Акимова Татьяна"), SECRET, place="Москва")


def pdfsig(data: bytes, folder) -> list[str]:
    """What poppler says of each signature of a file."""
    if shutil.which("pdfsig") is None:
        pytest.skip("skip: poppler's pdfsig not found")
    file = folder / "signed.pdf"
    file.write_bytes(data)
    done = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False
    )
    return re.split(r"Signature #\d+:", done.stdout)[1:]


def test_poppler_takes_the_signatures_of_several_hands(signed, tmp_path):
    """Each is PAdES, valid, and says whose it is; the last one covers the whole file."""
    first, second = pdfsig(signed[1], tmp_path)

    for found, name in ((first, "Рябова Ольга"), (second, "Акимова Татьяна")):
        assert "Signature is Valid" in found
        assert "ETSI.CAdES.detached" in found
        assert name in found
    assert "Total document signed" in second


def test_poppler_finds_what_was_changed_after_signing(signed, tmp_path):
    """One byte of the content is enough."""
    data = bytearray(signed[0])
    at = data.index(b"/MediaBox")
    data[at + 12 : at + 13] = b"9"

    (found,) = pdfsig(bytes(data), tmp_path)
    assert "Signature is Valid" not in found


def test_a_signed_file_begins_with_the_one_that_was_signed(paper, signed):
    """Nothing of it is rewritten: paper, content and digest are as they were."""
    made, data = paper
    assert signed[0].startswith(data)
    assert signed[1].startswith(signed[0])
    with pikepdf.open(BytesIO(signed[1])) as pdf:
        content = pdf.attachments["content.json"].get_file().read_bytes()
        assert made.digest == sha256(content).hexdigest()
        assert "3" == pdf.open_metadata()["pdfaid:part"]
        assert ["signature-1", "signature-2"] == [str(one.T) for one in pdf.Root.AcroForm.Fields]
        # A widget of PDF/A is printed, and hidden by nothing.
        assert {132} == {int(one.F) for one in pdf.Root.AcroForm.Fields}


@pytest.mark.parametrize(
    ("data", "key", "password", "what"),
    [
        (b"%PDF-1.7", None, SECRET, "not a PDF"),
        (None, None, b"wrong", "not its password"),
        (None, b"no key", SECRET, "no key"),
    ],
)
def test_misuse_is_told(paper, data, key, password, what):
    """A file that is no PDF, a key that is none, a wrong password."""
    with pytest.raises(ej.BadInput, match=what):
        sign_pdf(data or paper[1], key or key_of("Х"), password)
