"""What a breach code is: one row of the catalogue."""

from __future__ import annotations

from attrs import frozen


@frozen
class BreachCode:
    """One row of the catalogue.

    *Version added: 0.1.*

    Attributes:
        code: Stable name.
        family: ``timing``, ``quantity``, ``rights``, ``relations``, ``markers``, ``locks`` or
            ``integrity``.
        since: Version of the library that has it first.
        asks: What is asked.
        why: Why it is asked.
        kept: An example that keeps it.
        broken: An example that breaks it.
        mend: How to mend a breach.
    """

    code: str
    family: str
    since: str
    asks: str
    why: str
    kept: str
    broken: str
    mend: str
