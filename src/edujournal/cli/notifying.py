"""``edujournal notify``: one tick of the notices over a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from edujournal.cli.options import Place, Shown, moment
from edujournal.cli.printing import Printer
from edujournal.cli.reading import echo
from edujournal.cli.stores import opened
from edujournal.errors import BadFile, BadInput
from edujournal.model.time import format_instant
from edujournal.plain_files import LARGEST_PAPER, read_plain, toml_of

if TYPE_CHECKING:
    from edujournal.notifying import NoticeReport
    from edujournal.ports import Outbox


def notify(
    place: Place,
    shown: Shown,
    notices: Path,
    outbox: str | None,
    secrets: Path | None,
    at: str | None,
    *,
    again: bool,
) -> int:
    """Send what is due; 1 where something could not be sent, or nobody knows where to."""
    from edujournal.adapters.notifiers.making import notifiers_of
    from edujournal.notices.loading import load_subscriptions
    from edujournal.notifying import notify

    asked = moment(at)
    said = load_subscriptions(notices)
    notifiers = notifiers_of(said, _secrets(secrets), notices.parent)
    printer = Printer(shown)
    with ExitStack() as stack:
        for notifier in notifiers.values():
            close = getattr(notifier, "close", None)
            if close is not None:
                stack.callback(close)
        there = stack.enter_context(opened(place))
        kept = stack.enter_context(_outbox(place.store if outbox is None else outbox))
        report = notify(
            there.journals, said, notifiers, kept, asked, directory=there.school, again=again
        )
        echo(printer, there.facts, report.at)
        if printer.json:
            _lines(printer, report, there.facts.calendar_at(report.at).zone)
        else:
            _say(printer, report)
    return 1 if report.failed or report.undeliverable or report.unreachable else 0


@contextmanager
def _outbox(url: str) -> Iterator[Outbox]:
    """Open an outbox; it is made where it is not there."""
    scheme, _, rest = url.partition(":")
    if scheme == "file":
        from edujournal.adapters.outboxes import FileOutbox

        if rest:
            yield FileOutbox(unquote(rest.removeprefix("//")))
            return
    elif "://" in url:
        from edujournal.adapters.stores.sql.outbox import SqlOutbox

        with SqlOutbox(url) as found:
            yield found
            return
    raise BadInput(
        "not an outbox", where="--outbox", expected="file:DIR, or a database such as"
        " sqlite:///notices.db", found=url,
    )  # fmt: skip


def _secrets(place: Path | None) -> Mapping[str, str]:
    if place is None:
        return {}
    content = read_plain(place, LARGEST_PAPER)
    try:
        found = toml_of(content, str(place))
    except BadFile:
        # What the reader says may have a secret in it.
        raise BadFile(
            "not TOML", where=str(place), expected='lines such as mail = "password"'
        ) from None
    wrong = sorted(name for name, value in found.items() if not isinstance(value, str))
    if wrong:
        raise BadFile("secrets that are not text", where=str(place), found=", ".join(wrong))
    return found


def _lines(printer: Printer, report: NoticeReport, zone: str) -> None:
    for channel, key in report.sent:
        printer.line({"letter": key, "channel": channel, "sent": True})
    for one in report.failed:
        next_ = None if one.next is None else format_instant(one.next, zone)
        printer.line(
            {
                "letter": one.key,
                "channel": one.channel,
                "sent": False,
                "what": one.what,
                "attempts": one.attempts,
                "next": next_,
            }
        )
    for account, channel in report.unreachable:
        printer.line({"unreachable": account, "channel": channel})
    printer.line(
        {
            "arisen": report.arisen,
            "sent": len(report.sent),
            "failed": len(report.failed),
            "withdrawn": report.withdrawn,
            "waiting": report.waiting,
            "undeliverable": report.undeliverable,
        }
    )


def _say(printer: Printer, report: NoticeReport) -> None:
    printer.text(
        printer.say(
            "notices_sent",
            sent=len(report.sent),
            waiting=report.waiting,
            withdrawn=report.withdrawn,
        ),
        "bold",
    )
    for one in report.failed:
        printer.text(
            printer.say("notices_failed", channel=one.channel, what=one.what, key=one.key[:12])
        )
    lost: dict[str, list[str]] = {}
    for account, channel in report.unreachable:
        lost.setdefault(channel, []).append(account)
    for channel, accounts in lost.items():
        told = ", ".join(sorted(accounts))
        printer.paragraph(printer.say("notices_unreachable", accounts=told, channel=channel))
    if report.undeliverable:
        printer.text(printer.say("notices_aside", n=report.undeliverable))
