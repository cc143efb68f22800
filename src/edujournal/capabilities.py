"""Whether a store, or the school's data, can more than it must: asked with every write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard, TypeVar, cast

_Capability = TypeVar("_Capability")


def offers(one: object, capability: Callable[..., _Capability]) -> TypeGuard[_Capability]:
    """Whether *one* has the methods of a capability.

    Its class is asked first: Python remembers the answer, and with every write it is asked anew.

    Args:
        one: A store, or the school's data.
        capability: One of the protocols of :mod:`edujournal.ports` that is told to be a capability.
    """
    asked = cast("type", capability)  # types of protocols cannot be told of otherwise
    return issubclass(type(one), asked) or isinstance(one, asked)
