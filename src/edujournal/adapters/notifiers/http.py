"""Gateways: letters handed to a service over HTTP, such as one for SMS. What is asked for is data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import field, frozen

from edujournal.errors import BadInput, MissingExtra, NotDelivered
from edujournal.model.notices import Letter

if TYPE_CHECKING:
    import httpx

#: What a template may name; ``{secret.NAME}`` beside.
PLACES: Final = ("to", "brief", "text", "subject", "key", "language")

_PLACE: Final = re.compile(r"\{([a-z_]+(?:\.[A-Za-z0-9_]+)?)\}")

#: The gateway does not know us, or has enough of us: no letter would fare better now.
_OF_ALL: Final = frozenset({401, 402, 403, 404, 405, 407, 429})


@frozen(kw_only=True)
class Gateway:
    """How a gateway is asked, and how it says that it has taken a letter.

    Texts are templates with ``{to}``, ``{brief}``, ``{text}``, ``{subject}``, ``{key}``,
    ``{language}`` and ``{secret.NAME}``. They are filled after they were taken apart, so that nothing
    in a letter can become a field, a header or another number.

    *Version added: 0.1.*

    Attributes:
        url: Where; it has no places, and there are no fields of a query: URLs stand in logs.
        method: ``POST`` or another.
        headers: Names and templates.
        form: Names and templates of a form in the body.
        json: Any JSON value for the body, its texts being templates.
        statuses: Statuses that mean "taken".
        answer: Path in the JSON of the answer, such as ``status`` or ``messages.0.code`` → its value.
        never: Statuses that mean "never", for this letter.
        longest: Longest ``{brief}`` in characters; what is longer ends in ``…``.
        timeout: Seconds to wait for the answer.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(factory=dict, hash=False, repr=False)
    form: Mapping[str, str] = field(factory=dict, hash=False, repr=False)
    json: Any = field(default=None, hash=False, repr=False)
    statuses: tuple[int, ...] = (200, 201, 202, 204)
    answer: Mapping[str, Any] = field(factory=dict, hash=False)
    never: tuple[int, ...] = (400, 422)
    longest: int = 480
    timeout: float = 20.0


class HttpNotifier:
    """Hands letters to a gateway over HTTP. Needs the extra ``sms``.

    *Version added: 0.1.*

    Args:
        gateway: How it is asked.
        secrets: What ``{secret.NAME}`` stands for.

    Raises:
        BadInput: The gateway cannot be asked like that.
        MissingExtra: httpx is not installed.
    """

    def __init__(self, gateway: Gateway, secrets: Mapping[str, str] | None = None) -> None:
        try:
            import httpx
        except ImportError as error:
            raise MissingExtra("httpx is not installed", mend="Install edujournal[sms].") from error
        self._httpx = httpx
        self._gateway = gateway
        self._secrets = {f"secret.{name}": value for name, value in (secrets or {}).items()}
        known = {*PLACES, *self._secrets}
        if _PLACE.search(gateway.url):
            raise BadInput(
                "a place in a URL", where="url", expected="places in form, json or headers",
                mend="URLs stand in logs of every server on the way.",
            )  # fmt: skip
        if gateway.form and gateway.json is not None:
            raise BadInput("two bodies", where="form, json", expected="one of them")
        asked = (gateway.headers, gateway.form, gateway.json)
        for name in sorted({name for one in asked for name in _places(one)} - known):
            raise BadInput(
                "an unknown place", where=f"{{{name}}}", expected=", ".join(sorted(known))
            )
        self._client: httpx.Client | None = None

    def send(self, letter: Letter) -> None:
        """See :meth:`edujournal.ports.Notifier.send`."""
        httpx, gateway = self._httpx, self._gateway
        brief = letter.brief
        if len(brief) > gateway.longest:
            brief = brief[: gateway.longest - 1].rstrip() + "…"
        values = self._secrets | {name: getattr(letter, name) for name in PLACES} | {"brief": brief}
        if self._client is None:
            self._client = httpx.Client(timeout=gateway.timeout)
        try:
            response = self._client.request(
                gateway.method,
                gateway.url,
                headers=_filled(gateway.headers, values),
                data=_filled(gateway.form, values) or None,
                json=_filled(gateway.json, values),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            told = f"the gateway is out of reach ({type(error).__name__})"
            raise NotDelivered(told, whole_channel=True) from None
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError, ValueError):
            raise NotDelivered("a letter that cannot be asked so", for_good=True) from None
        except httpx.HTTPError as error:
            raise NotDelivered(f"no answer ({type(error).__name__})") from None
        self._check(response)

    def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self, response: httpx.Response) -> None:
        status, gateway = response.status_code, self._gateway
        if status not in gateway.statuses:
            raise NotDelivered(
                f"the gateway did not take it (HTTP {status})",
                for_good=status in gateway.never,
                whole_channel=status in _OF_ALL and status not in gateway.never,
            )
        if not gateway.answer:
            return
        try:
            answer = response.json()
        except ValueError:
            raise NotDelivered("an answer that is not JSON") from None
        for path, wanted in gateway.answer.items():
            if _at(answer, path) != wanted:
                raise NotDelivered(f"the gateway did not take it ({path} is another)")


def _places(template: Any) -> set[str]:
    if isinstance(template, str):
        return set(_PLACE.findall(template))
    if isinstance(template, Mapping):
        return {name for one in template.values() for name in _places(one)}
    if isinstance(template, list | tuple):
        return {name for one in template for name in _places(one)}
    return set()


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return _PLACE.sub(lambda found: values[found[1]], template)
    if isinstance(template, Mapping):
        return {name: _filled(one, values) for name, one in template.items()}
    if isinstance(template, list | tuple):
        return [_filled(one, values) for one in template]
    return template


def _at(answer: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(answer, Mapping):
            answer = answer.get(name)
        elif isinstance(answer, list) and name.isdigit() and int(name) < len(answer):
            answer = answer[int(name)]
        else:
            return None
    return answer
