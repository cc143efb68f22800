"""trust-R2: the kit finds stores that are wrong, each by a promise with a name, and none in a right one."""

from __future__ import annotations

import inspect
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.testing import StoreTests
from tests.figures import figure
from tests.kit.wrong_stores import WRONG, ForgetsPrivateParts, Rows, at_one_place

EVERY = [(promise, store) for promise, stores in WRONG.items() for store in stores]


def ask(promise, store):
    """Put one promise to a store: raises as a test would, or skips."""
    opening = at_one_place(store)
    with ExitStack() as opened:

        def open_store():
            one = opening()
            opened.callback(getattr(one, "close", int))
            return one

        first = open_store()
        given = SimpleNamespace(
            store=first,
            make_store=opening,
            open_store=open_store,
            count_queries=(lambda: first.statements) if hasattr(first, "statements") else None,
        )
        method = getattr(StoreTests(), promise)
        method(**{name: getattr(given, name) for name in inspect.signature(method).parameters})


@pytest.mark.parametrize(("promise", "store"), EVERY, ids=lambda one: getattr(one, "__name__", one))
def test_a_wrong_store_is_found_by_a_promise(promise, store):
    """The promise that is named breaks, and says so by an error of its own or of the library."""
    with pytest.raises((Exception, pytest.fail.Exception)) as caught:
        ask(promise, store)
    assert not isinstance(caught.value, AttributeError | NameError | TypeError), caught.value
    figure("R2", "wrong stores found by the kit", 1)


@pytest.mark.parametrize("promise", sorted(WRONG))
def test_a_right_store_is_not(promise):
    """What the stores above are made of keeps each of these promises, where it can be asked for."""
    with suppress(pytest.skip.Exception):
        if promise != "test_what_was_acknowledged_outlives_a_killed_process":
            ask(promise, MemoryStore)
    if promise == "test_queries_do_not_grow_with_the_number_of_pupils":
        ask(promise, Rows)


def test_a_wrong_store_is_found_by_a_random_program():
    """The machine gives a program of a few steps that ends where the store differs from memory."""
    with pytest.raises(AssertionError) as caught:
        ask("test_random_programs_get_the_answers_of_memory", ForgetsPrivateParts)
    program = "\n".join(caught.value.__notes__)
    assert "state.append(" in program
    assert program.count("state.") <= 5, program
    figure("R2", "wrong stores found by the kit", 1)


def test_so_many_wrong_stores_are_found():
    """Sixteen at least, by as many promises as there are ways to be wrong."""
    assert len(EVERY) >= 16
    assert len(WRONG) >= 16
    assert set(WRONG) <= set(StoreTests.promises)
    figure("R2", "wrong stores", len(EVERY) + 1)
