"""Mail: letters handed to an SMTP server, as text and HTML in one message."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from types import TracebackType
from typing import Final, Self

from edujournal.errors import BadInput, NotDelivered
from edujournal.model.notices import Letter

#: How the connection is kept from being read on its way → the port where nothing else is said.
SECURITY: Final = {"plain": 25, "starttls": 587, "tls": 465}


class SmtpNotifier:
    """Hands letters to an SMTP server. One connection is kept for many letters; not for many threads.

    The ``Message-ID`` is made of the letter's key: a mailbox that gets one letter twice knows it. A
    domain may have any letters; the name before it is ASCII, as nearly every mail server asks.

    *Version added: 0.1.*

    Args:
        host: The server.
        sender: Address from which letters come.
        name: Name of the sender, such as the school's.
        port: Its port; that of the kind of security by default.
        security: ``starttls``, ``tls``, or ``plain`` for a server on the same machine or network.
        user: Name to log in with; empty for no login.
        password: Its password.
        trusted: File with the certificates that are trusted; the system's by default.
        timeout: Seconds to wait for each answer.

    Raises:
        BadInput: There is no such kind of security, no such address, or a password that anybody on
            the way could read.
    """

    def __init__(
        self,
        host: str,
        sender: str,
        *,
        name: str = "",
        port: int | None = None,
        security: str = "starttls",
        user: str = "",
        password: str = "",
        trusted: str | None = None,
        timeout: float = 20.0,
    ) -> None:
        if security not in SECURITY:
            raise BadInput(
                "unknown kind of security", where="security",
                expected=", ".join(SECURITY), found=repr(security),
            )  # fmt: skip
        if user and security == "plain":
            raise BadInput(
                "a password that anybody on the way could read", where="security",
                expected="starttls or tls", found="plain",
            )  # fmt: skip
        try:
            self._sender = Address(display_name=name, addr_spec=_ascii(sender))
        except (ValueError, HeaderParseError, IndexError) as error:
            raise BadInput("not an address", where="sender", found=repr(sender)) from error
        self._host = host
        self._port = SECURITY[security] if port is None else port
        self._security = security
        self._login = (user, password)
        self._timeout = timeout
        self._context = None if security == "plain" else ssl.create_default_context(cafile=trusted)
        self._open: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """See :meth:`edujournal.ports.Notifier.send`."""
        message = self._message(letter)
        server = self._connected()
        try:
            server.send_message(message, self._sender.addr_spec)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise _refused("the receiver was refused", code) from None
        except smtplib.SMTPSenderRefused as error:
            told = _told("the sender was refused", error.smtp_code)
            raise NotDelivered(told, whole_channel=True) from None
        except smtplib.SMTPResponseException as error:
            raise _refused("the letter was refused", error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            # Nobody knows what the server has taken; what comes again has the same Message-ID.
            self._drop()
            raise NotDelivered(f"the connection was lost ({type(error).__name__})") from None

    def close(self) -> None:
        """Say goodbye to the server."""
        server, self._open = self._open, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- inside ----------------------------------------------------------------------------------

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = self._sender
            message["To"] = Address(addr_spec=_ascii(letter.to))
            message["Subject"] = letter.subject
            message["Message-ID"] = f"<{letter.key}@{self._sender.domain}>"
        except (ValueError, HeaderParseError, IndexError):
            # What the error says has the address in it.
            raise NotDelivered(
                "an address or a subject that no mail can have", for_good=True
            ) from None
        message["Date"] = formatdate(usegmt=True)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        message.add_alternative(letter.html, subtype="html", cte="base64")
        # Such headers belong to the whole only when its parts are there.
        message["Content-Language"] = letter.language
        return message

    def _connected(self) -> smtplib.SMTP:
        server = self._open
        if server is not None:
            try:
                # A server may have closed what was idle; a letter must not be the one to find out.
                if server.noop()[0] == 250:
                    return server
            except (smtplib.SMTPException, OSError):
                self._open = None
            self._drop()
        try:
            server = self._connect()
        except smtplib.SMTPResponseException as error:
            told = _told("the server does not let us in", error.smtp_code)
            raise NotDelivered(told, whole_channel=True) from None
        except (smtplib.SMTPException, OSError) as error:
            told = f"the server is out of reach ({type(error).__name__})"
            raise NotDelivered(told, whole_channel=True) from None
        self._open = server
        return server

    def _connect(self) -> smtplib.SMTP:
        if self._security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=self._context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            server.ehlo()
            if self._security == "starttls":
                server.starttls(context=self._context)
                server.ehlo()
            if self._login[0]:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return server

    def _drop(self) -> None:
        server, self._open = self._open, None
        if server is not None:
            server.close()


def _ascii(address: str) -> str:
    """The address with its domain as the mail system writes it: letters beyond ASCII are encoded."""
    local, sign, domain = address.rpartition("@")
    if not sign or not local or not domain:
        raise ValueError("not an address")
    return f"{local}@{domain.encode('idna').decode() if not domain.isascii() else domain}"


def _refused(what: str, code: int) -> NotDelivered:
    """A refusal: codes from 500 on are for good (RFC 5321, 4.2.1)."""
    return NotDelivered(_told(what, code), for_good=code >= 500)


def _told(what: str, code: int) -> str:
    """What happened, with the number of the answer; its text may name the receiver."""
    return f"{what} (SMTP {code})"
