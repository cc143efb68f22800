"""A mail server in a process of its own, well behaved or not, as its first argument says in JSON.

It prints its port, and appends each message that it takes to a file, a JSON object a line.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

ASKED = json.loads(sys.argv[1])
FAULTS = ASKED.get("faults", {})
CHANCE = random.Random(ASKED.get("seed", 0))


def happens(fault: str) -> bool:
    """Whether a fault comes now: so many times in a thousand."""
    return CHANCE.randrange(1000) < FAULTS.get(fault, 0)


def keep(row) -> None:
    """Write down what was taken before it is acknowledged."""
    with Path(ASKED["file"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


class Desk:
    """Takes messages, or does not."""

    async def handle_MAIL(self, server, session, envelope, address, options):
        """Refuse whose letters it never takes."""
        if address == ASKED.get("refuses"):
            return f"553 5.7.1 <{address}>: you are nobody here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Refuse whom it never receives."""
        if address.startswith("nobody@"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        if happens("later"):
            return "451 4.7.1 come later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Take a message; it may be lost before it is kept, or its answer after."""
        if ASKED.get("dislikes", "\0").encode() in envelope.content:
            return "554 5.6.0 not this one"
        if happens("dropped"):
            server.transport.abort()
            return "451 gone"
        if happens("slow"):
            await asyncio.sleep(ASKED["sleep"])
            return "451 too slow"
        row = {
            "to": list(envelope.rcpt_tos),
            "from": envelope.mail_from,
            "content": base64.b64encode(envelope.content).decode(),
            "tls": session.ssl is not None,
            "login": session.authenticated,
        }
        keep(row)
        if happens("unanswered"):
            server.transport.abort()
        return "250 taken"


class Server(SMTP):
    """One that may let nobody in."""

    def connection_made(self, transport):
        """Hang up at once, sometimes."""
        if happens("refused"):
            transport.abort()
            return
        super().connection_made(transport)


def login(server, session, envelope, mechanism, data):
    """One name, one password."""
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"school", b"secret")
    return AuthResult(success=good, handled=False)


async def main() -> None:
    """Serve until the process is ended."""
    context = None
    if ASKED.get("certificate"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(ASKED["certificate"], ASKED["key"])
    tls = ASKED.get("security") == "tls"
    options = {"hostname": "localhost", "enable_SMTPUTF8": False, "decode_data": False}
    if ASKED.get("security") == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if ASKED.get("login"):
        # Over TLS from the first byte the server does not know that it is secure.
        options |= {"authenticator": login, "auth_required": True, "auth_require_tls": not tls}
    server = await asyncio.get_running_loop().create_server(
        lambda: Server(Desk(), **options), "127.0.0.1", ASKED.get("port", 0),
        ssl=context if tls else None,
    )  # fmt: skip
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
