"""Making notifiers of what a file of subscriptions says of its channels. Passwords come from elsewhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import fields

from edujournal.errors import BadInput, Problem, nearest
from edujournal.notices.subscriptions import Channel, Subscriptions
from edujournal.ports import Notifier

#: What each kind of channel is called in a file.
KINDS = ("smtp", "http", "folder")


def notifiers_of(
    subscriptions: Subscriptions, secrets: Mapping[str, str], beside: Path | None = None
) -> dict[str, Notifier]:
    """Make a notifier for each channel.

    Args:
        subscriptions: What the file says.
        secrets: Passwords and tokens: ``password = "NAME"`` of a channel names one of them, and so does
            ``{secret.NAME}`` of a gateway.
        beside: Folder from which relative paths go; the present one by default.

    Raises:
        BadInput: A channel is of no known kind, or cannot be set up as it says.
        MissingExtra: What delivers on it is not installed.

    *Version added: 0.1.*
    """
    making: dict[str, Callable[..., Notifier]] = {"smtp": _smtp, "http": _http, "folder": _folder}
    found: dict[str, Notifier] = {}
    for channel in subscriptions.channels:
        where = f"channels.{channel.name}"
        if channel.kind not in making:
            near = nearest(channel.kind, KINDS)
            raise BadInput(
                "unknown kind of channel", where=f"{where}.kind", expected=", ".join(KINDS),
                found=repr(channel.kind), mend=f"Did you mean {near!r}?" if near else "",
            )  # fmt: skip
        try:
            found[channel.name] = making[channel.kind](channel, secrets, beside or Path())
        except BadInput as error:
            problems = [
                Problem(f"{where}.{one.where}", one.what, one.expected, one.found, one.mend)
                for one in error.problems
            ]
            raise BadInput(problems) from error
    return found


def _smtp(channel: Channel, secrets: Mapping[str, str], beside: Path) -> Notifier:
    from edujournal.adapters.notifiers.smtp import SmtpNotifier

    known = list(inspect.signature(SmtpNotifier).parameters)
    settings = _settings(channel, known, required=("host", "sender"))
    if "password" in settings:
        settings["password"] = _secret(settings["password"], secrets)
    if "trusted" in settings:
        place = beside / settings["trusted"]
        if not place.is_file():
            raise BadInput(
                "no such file", where="trusted", expected="a file with certificates",
                found=settings["trusted"],
            )  # fmt: skip
        settings["trusted"] = str(place)
    return SmtpNotifier(**settings)


def _http(channel: Channel, secrets: Mapping[str, str], beside: Path) -> Notifier:
    from edujournal.adapters.notifiers.http import Gateway, HttpNotifier

    known = [one.name for one in fields(Gateway)]
    settings = _settings(channel, known, required=("url",))
    for name in ("statuses", "never"):
        if name in settings:
            odd = [one for one in settings[name] if not _is(one, int)]
            if odd:
                raise BadInput(
                    "wrong type of value", where=name, expected="whole numbers", found=repr(odd[0])
                )
            settings[name] = tuple(settings[name])
    return HttpNotifier(Gateway(**settings), secrets)


def _folder(channel: Channel, secrets: Mapping[str, str], beside: Path) -> Notifier:
    from edujournal.adapters.notifiers.folder import FolderNotifier

    settings = _settings(channel, ["folder"], required=("folder",))
    return FolderNotifier(beside / settings["folder"])


def _settings(channel: Channel, known: list[str], required: tuple[str, ...]) -> dict[str, Any]:
    for name in sorted(set(channel.settings) - set(known)):
        near = nearest(name, known)
        mend = f"Did you mean {near!r}?" if near else f"Known are {', '.join(known)}."
        raise BadInput("unknown field", where=name, mend=mend)
    for name in required:
        if name not in channel.settings:
            raise BadInput("missing field", where=name)
    for name, value in channel.settings.items():
        wanted = _TYPES.get(name)
        if wanted is not None and not _is(value, wanted[0]):
            # Somebody may have written the password itself there.
            found = type(value).__name__ if name == "password" else repr(value)
            raise BadInput("wrong type of value", where=name, expected=wanted[1], found=found)
    return dict(channel.settings)


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    # A truth value is a number for Python, and for nobody else.
    return isinstance(value, kind) and not isinstance(value, bool)


def _secret(name: str, secrets: Mapping[str, str]) -> str:
    if name not in secrets:
        raise BadInput(
            "a secret that nobody gave", where="password", expected=", ".join(sorted(secrets)) or
            "secrets",
            mend="A password does not stand in this file: it names a secret that is given beside it.",
        )  # fmt: skip
    return secrets[name]


_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    **dict.fromkeys(
        ("host", "sender", "name", "security", "user", "password", "trusted", "url", "method",
         "folder"),
        (str, "text"),
    ),
    **dict.fromkeys(("port", "longest"), (int, "a whole number")),
    "timeout": ((int, float), "a number of seconds"),
    **dict.fromkeys(("headers", "form", "answer"), (Mapping, "a table")),
    **dict.fromkeys(("statuses", "never"), ((list, tuple), "a list of whole numbers")),
}  # fmt: skip
