"""Processes that work side by side, one school each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from edujournal.errors import StoreError


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes, for as long as the block lasts.

    Raises:
        StoreError: A process ended before it had answered.
    """
    # Begun anew, not copied: an engine's threads do not live on in a copy of a process.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        try:
            yield executor
        except BrokenExecutor as error:
            raise StoreError(
                "a process ended before it had answered", where="--workers", found=str(error),
                mend="Repeat it, with fewer processes where memory was short.",
            ) from error  # fmt: skip
