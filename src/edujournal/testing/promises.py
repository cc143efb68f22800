"""What every kit has: promises that nobody can talk out of, and capabilities that are declared.

A promise is a method ``test_…`` whose docstring is what it promises, in one sentence.
"""

# ruff: noqa: S101 - a promise is an assertion

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from edujournal.ports import Store

#: What decides which promises are asked, and may therefore no more be overridden than they.
_GUARDED = frozenset({"capable", "given", "open_store", "store", "promises_as_given"})


def refuse_overridden(cls: Any) -> None:
    """Refuse a kit's heir that has a promise of its own under the name of one of the kit's.

    Raises:
        TypeError: It has; every such name is in the message.

    *Version added: 0.1.*
    """
    overridden = sorted(
        name
        for name, promise in (cls.promises | _guards(cls)).items()
        if inspect.getattr_static(cls, name, None) is not promise
    )
    if overridden:
        raise TypeError(f"a promise cannot be overridden: {', '.join(overridden)}")


def sentence(promise: Any) -> str:
    """What a promise promises.

    *Version added: 0.1.*
    """
    return " ".join((inspect.getdoc(promise) or "").split())


def _promises(kit: type) -> Iterator[tuple[str, Any]]:
    """The kit's own promises, then those of the parts that it is made of, each once."""
    met = set()
    for part in kit.__mro__:
        for name, promise in vars(part).items():
            if name.startswith("test_") and name not in met:
                met.add(name)
                yield name, promise


def _guards(cls: type) -> dict[str, Any]:
    """What a kit decides by, as the class nearest to the root has it."""
    return {
        name: vars(part)[name] for part in cls.__mro__ for name in _GUARDED if name in vars(part)
    }


def _name(what: Any) -> str:
    return getattr(what, "__name__", str(what))


class Outlives:
    """What a store may lack without being a lesser protocol: to outlive the process that wrote to it.

    Named in ``lacks`` by a store that is gone with its process, as memory is.

    *Version added: 0.1.*
    """


class Promises:
    """What every kit inherits.

    *Version added: 0.1.*

    Attributes:
        lacks: Capability → the reason why it is not there. What is named here is skipped with that
            reason; what is not named is asked for.
        promises: Name of each promise of the kit → the method that asks for it.
    """

    lacks: ClassVar[Mapping[type, str]] = MappingProxyType({})
    promises: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    def __init_subclass__(cls, *, kit: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        if kit:
            cls.promises = MappingProxyType(dict(_promises(cls)))
        refuse_overridden(cls)
        empty = sorted(_name(what) for what, why in cls.lacks.items() if not str(why).strip())
        if empty:
            raise TypeError(f"{cls.__name__} lacks something without a reason: {', '.join(empty)}")

    @pytest.fixture(autouse=True)
    def promises_as_given(self) -> None:
        """See to it that each promise is still the kit's when it is asked for."""
        refuse_overridden(type(self))

    def capable(self, candidate: Any, capability: type) -> Any:
        """Give *candidate* if it has *capability*; skip with the declared reason if it lacks it."""
        reason = self.lacks.get(capability)
        assert isinstance(candidate, capability) == (reason is None), (
            f"{capability.__name__} is {'declared lacking, and there' if reason else 'missing'}"
        )
        self.given(capability)
        return candidate

    def given(self, capability: type) -> None:
        """Skip with the declared reason if *capability* is declared lacking."""
        reason = self.lacks.get(capability)
        if reason is not None:
            pytest.skip(f"lacks {capability.__name__}: {reason}")


class StorePromises(Promises):
    """What the kits of stores share: how a store is opened.

    *Version added: 0.1.*
    """

    @pytest.fixture
    def make_store(self) -> Callable[[], Any]:
        """Give a function that opens the store; called again, it opens the same place again."""
        pytest.fail(f"{type(self).__name__} has no fixture 'make_store'")

    @pytest.fixture
    def count_queries(self) -> Callable[[], int] | None:
        """Give a function that tells how many queries were put to the database so far; None: unknown."""
        return None

    @pytest.fixture
    def open_store(self, make_store: Callable[[], Any]) -> Iterator[Callable[[], Store]]:
        """Open the store as often as a test likes; every one is closed after the test."""
        with ExitStack() as opened:

            def opening() -> Store:
                store = self.as_asked(make_store)
                close = getattr(store, "close", None)
                if close is not None:
                    opened.callback(close)
                return store

            yield opening

    @pytest.fixture
    def store(self, open_store: Callable[[], Store]) -> Store:
        """A store, opened."""
        return open_store()

    def as_asked(self, make_store: Callable[[], Any]) -> Store:
        """Open the store so that it can be asked as :class:`~edujournal.ports.Store` is."""
        store: Store = make_store()
        return store
