"""A real authority of time: `openssl ts` behind a server of HTTP, with certificates of its own."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
ess_cert_id_alg = sha256
"""


class Authority:
    """Keys and certificates in a folder; answers to requests; what it was asked."""

    def __init__(self, folder):
        self.openssl = shutil.which("openssl")
        if self.openssl is None:
            pytest.skip("skip: no openssl to play an authority of time")
        self.folder = folder
        self.url = ""
        self.status, self.spoil, self.asked = 200, bytes, []
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        self.root = certify(folder)

    def answer(self, request):
        """What openssl says to a request."""
        self.asked.append(request)
        (self.folder / "asked.tsq").write_bytes(request)
        done = subprocess.run(
            [
                self.openssl, "ts", "-reply", "-config", self.folder / "tsa.cnf",
                "-queryfile", self.folder / "asked.tsq", "-signer", self.folder / "tsa.pem",
                "-inkey", self.folder / "tsa.key",
                                "-out", self.folder / "told.tsr",
            ],
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return self.spoil((self.folder / "told.tsr").read_bytes())

    @contextmanager
    def serving(self):
        """Answer over HTTP on a port of its own."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = authority.answer(body)
                self.send_response(authority.status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_):
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/tsr"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def certify(folder):
    """Make a root and the certificate of the authority below it; give the root in PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def made(subject, issuer, key, signer, *extensions):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(subject)).issuer_name(named(issuer)).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        )  # fmt: skip
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(signer, hashes.SHA256())

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = made(
        "root", "root", root_key, root_key, x509.BasicConstraints(ca=True, path_length=None)
    )
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    own = made("authority", "root", key, root_key, usage)
    pem = root.public_bytes(forms.Encoding.PEM)
    (folder / "root.pem").write_bytes(pem)
    (folder / "tsa.pem").write_bytes(own.public_bytes(forms.Encoding.PEM))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(
            forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
        )
    )  # fmt: skip
    return pem
