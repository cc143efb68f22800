"""Faults around any store: it dies, it dawdles, a rival is always first, its n-th call fails.

Each wrapper has the methods of the store behind it and no more, so that its capabilities are the same::

    store = FailingNth(OurStore(), 3, answer_lost=True)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from edujournal.errors import StoreError, StoreUnwritable, UnknownOutcome

#: Every method that a store may have; each of them is one call.
CALLS: Final = (
    "append", "books", "erase", "find_key", "follow", "head", "keep", "kept", "projection", "read", "scan",
    "schools", "shred", "writing",
)  # fmt: skip

#: Calls that keep or destroy something.
CHANGES: Final = ("append", "erase", "keep", "shred", "writing")


class Crashed(BaseException):
    """The process is dead, as far as this handle knows. No ``except Exception`` survives that.

    *Version added: 0.1.*
    """


class Around:
    """A store around another one, with the same methods: inherit it to make a fault of your own.

    Reading is done at once and as a whole, inside the call. The block of ``writing`` has two moments:
    its beginning (*before*) and, where it went well, its end (*after*).

    *Version added: 0.1.*

    Args:
        store: The store behind it.
    """

    def __init__(self, store: Any) -> None:
        self._behind = store
        for name in CALLS:
            if hasattr(store, name):
                # On the object, not by __getattr__: a protocol looks for what is really there.
                vars(self)[name] = self._writing if name == "writing" else self._calling(name)

    def before(self, call: str, school: str, book: str) -> None:
        """What happens before a call; what is raised here keeps the call from the store."""

    def after(self, call: str, school: str, book: str) -> None:
        """What happens after a call that went well; what is raised here takes the answer away."""

    def close(self) -> None:
        """Close the store behind it, if it can be closed."""
        close = getattr(self._behind, "close", None)
        if close is not None:
            close()

    def _calling(self, name: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            school, book = _place(name, *given, **named)
            self.before(name, school, book)
            answer = getattr(self._behind, name)(*given, **named)
            if name in {"books", "follow", "read", "scan", "schools"}:
                answer = iter(list(answer))
            self.after(name, school, book)
            return answer

        return call

    @contextmanager
    def _writing(self, school: str, book: str, after: int) -> Iterator[Any]:
        self.before("writing", school, book)
        with self._behind.writing(school, book, after) as act:
            yield act
        self.after("writing", school, book)


class FailingNth(Around):
    """A store whose *n*-th call fails.

    *Version added: 0.1.*

    Args:
        store: The store behind it.
        n: Number of the call that fails, from 1.
        answer_lost: The call is done, and its answer is lost on the way; else it is not done.
        error: What is raised; by default :class:`~edujournal.errors.UnknownOutcome` where the answer
            to a change is lost, else :class:`~edujournal.errors.StoreUnwritable`.
        calls: Names of the calls that count; all by default.
        stays: Every such call after it fails as well.

    Attributes:
        failed_call: Name of the call that failed last; empty where none has yet.
    """

    def __init__(
        self,
        store: Any,
        n: int,
        *,
        answer_lost: bool = False,
        error: StoreError | None = None,
        calls: tuple[str, ...] = CALLS,
        stays: bool = False,
    ) -> None:
        super().__init__(store)
        self.failed_call = ""
        self._made = 0
        self._n = n
        self._answer_lost = answer_lost
        self._error = error
        self._calls = calls
        self._stays = stays

    def before(self, call: str, school: str, book: str) -> None:
        """Count; fail before anything is done."""
        if call in self._calls:
            self._made += 1
            if not self._answer_lost:
                self._fail(call, book or school)

    def after(self, call: str, school: str, book: str) -> None:
        """Fail after all was done."""
        if call in self._calls and self._answer_lost:
            self._fail(call, book or school)

    def _fail(self, call: str, where: str) -> None:
        if self._made == self._n or (self._stays and self._made > self._n):
            self.failed_call = call
            kind = UnknownOutcome if self._answer_lost and call in CHANGES else StoreUnwritable
            raise self._error or kind(f"call {self._made} fails, as was asked: {call}", where=where)


class Crashing(Around):
    """A store whose process dies at its *n*-th call: that call and every later one raises :class:`Crashed`.

    What the store behind it holds then is what a process would leave behind that was killed there;
    open it anew to look.

    *Version added: 0.1.*

    Args:
        store: The store behind it.
        n: Number of the call at which it dies, from 1.
        late: It dies after the call was done, and before anybody heard of it.
    """

    def __init__(self, store: Any, n: int, *, late: bool = False) -> None:
        super().__init__(store)
        self._left = n
        self._late = late

    @property
    def crashed(self) -> bool:
        """Whether it is dead."""
        return self._left <= 0

    def before(self, call: str, school: str, book: str) -> None:
        """Die, or be dead already."""
        dead = self.crashed
        self._left -= 1
        if dead or (self._left == 0 and not self._late):
            raise Crashed(f"{call} {book or school}".strip())

    def after(self, call: str, school: str, book: str) -> None:
        """Die before the answer is heard."""
        if self.crashed:
            raise Crashed(f"{call} {book or school}".strip())


class Slow(Around):
    """A store that dawdles before each call and after it, so that others come in between.

    *Version added: 0.1.*

    Args:
        store: The store behind it.
        seconds: How long, each time.
        wait: What waits; a test may count instead.
    """

    def __init__(
        self, store: Any, seconds: float = 0.01, *, wait: Callable[[float], object] = time.sleep
    ) -> None:
        super().__init__(store)
        self._seconds = seconds
        self._wait = wait

    def before(self, _call: str, _school: str, _book: str) -> None:
        """Dawdle."""
        self._wait(self._seconds)

    def after(self, _call: str, _school: str, _book: str) -> None:
        """Dawdle."""
        self._wait(self._seconds)


class Racing(Around):
    """A store with a rival who acts just before each of the first *times* changes to a book.

    *Version added: 0.1.*

    Args:
        store: The store behind it.
        rival: Called with school and book; it writes through a handle of its own.
        times: How often the rival is first.
    """

    def __init__(self, store: Any, rival: Callable[[str, str], object], *, times: int = 1) -> None:
        super().__init__(store)
        self._rival = rival
        self._left = times

    def before(self, call: str, school: str, book: str) -> None:
        """Let the rival in."""
        if call in {"append", "writing"} and self._left > 0:
            self._left -= 1
            self._rival(school, book)


def _place(name: str, school: str = "", book: str = "", *_: Any, **__: Any) -> tuple[str, str]:
    """School and book of a call; calls that name no book give the empty text."""
    if name in {"append", "erase", "head", "projection", "read"}:
        return school, book
    return school, ""
