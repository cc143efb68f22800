"""Whether a store, or a school's data, has a capability: by the methods of its class, or its own."""

from __future__ import annotations

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.capabilities import offers
from edujournal.ports import Writes


class FourMethods:
    """A store without any capability."""


class Wrapping:
    """A store that gives what the one it wraps gives."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)


def test_a_capability_is_told_by_methods_of_the_class_and_of_the_one():
    """A wrapper has none in its class; each is asked for itself."""
    assert offers(MemoryStore(), Writes)
    assert not offers(FourMethods(), Writes)
    assert offers(Wrapping(MemoryStore()), Writes)
    assert not offers(Wrapping(FourMethods()), Writes)
    given = FourMethods()
    given.writing = MemoryStore().writing
    assert offers(given, Writes)
    assert not offers(FourMethods(), Writes)
