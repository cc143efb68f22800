"""What the kit asks of a store on random programs: the answers of memory. One part of ``StoreTests``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Final

from edujournal.adapters.stores.memory import MemoryStore
from edujournal.ports import Store
from edujournal.testing.faults import CALLS
from edujournal.testing.promises import StorePromises

#: Programs, and steps of each.
_PROGRAMS: Final = 15
_STEPS: Final = 15


class ParityPromises(StorePromises):
    """The promise of parity, inherited by ``StoreTests``.

    *Version added: 0.1.*
    """

    def test_random_programs_get_the_answers_of_memory(
        self, open_store: Callable[[], Store]
    ) -> None:
        """Whatever is done in whatever order, answers and errors are those of the store in memory."""
        from hypothesis import HealthCheck, settings
        from hypothesis.stateful import run_state_machine_as_test

        from edujournal.testing.machines import Openers, StoresSideBySide

        numbers = count()

        class Machine(StoresSideBySide):
            """Memory, and the store under test, in schools that no program before has named."""

            rivals = False

            def open_places(self) -> Openers:
                memory, lead = MemoryStore(), f"{next(numbers)}/"
                return {"memory": lambda: memory, "yours": lambda: Elsewhere(open_store(), lead)}

        asked = settings(
            max_examples=_PROGRAMS,
            stateful_step_count=_STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Machine, settings=asked)


class Elsewhere:
    """A store in which every school has another name, so that one place serves many programs.

    Args:
        store: The store behind it; it stays open.
        lead: What stands before the name of each school.
    """

    def __init__(self, store: Any, lead: str) -> None:
        self._behind, self._lead = store, lead
        for name in CALLS:
            if name != "schools" and hasattr(store, name):
                vars(self)[name] = self._calling(name)
        if hasattr(store, "schools"):
            vars(self)["schools"] = self._schools

    def close(self) -> None:
        """Nothing: whoever opened the store closes it."""

    def _schools(self) -> Sequence[str]:
        lead = self._lead
        return [name.removeprefix(lead) for name in self._behind.schools() if name.startswith(lead)]

    def _calling(self, name: str) -> Callable[..., Any]:
        def call(school: str, *given: Any) -> Any:
            return getattr(self._behind, name)(self._named(school), *given)

        return call

    def _named(self, school: str) -> str:
        """What is no name stays none."""
        return f"{self._lead}{school}" if school else school
