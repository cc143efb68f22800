"""Sessions: when an account was logged in, where, and who sat there, where the host knows it."""

from __future__ import annotations

from attrs import field, frozen

from edujournal.errors import BadInput
from edujournal.model.ids import check_id
from edujournal.model.time import format_instant


@frozen
class Session:
    """One stretch of time in which an account was logged in. It is no entry: the host tells of it.

    *Version added: 0.1.*

    Attributes:
        account: The login.
        since: Instant at which it began, UTC microseconds.
        until: Instant at which it ended; None while it lasts, or where nobody noticed its end.
        person: Id of the person who was logged in, where the host knows it from elsewhere, such as by
            a second factor.
        place: Where that was, in any words of the host's own that differ for different places: a
            building, a network, a town.
        device: From what, for those who look into it; a person may use several at once.

    Raises:
        BadInput: It ends no later than it begins.
    """

    account: str = field()
    since: int
    until: int | None = None
    person: str | None = None
    place: str | None = None
    device: str | None = None

    @account.validator
    def _check_account(self, _attribute: object, value: str) -> None:
        check_id(value, "account")

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise BadInput(
                "a session without a moment", where=f"session of {self.account}",
                expected="since < until", found=f"[{format_instant(self.since, 'UTC')}, "
                f"{format_instant(self.until, 'UTC')})",
            )  # fmt: skip
