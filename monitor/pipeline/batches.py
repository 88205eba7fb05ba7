"""Things that many threads hand in, kept by one thread at a time, many in one commit.

A commit costs the same for one thing as for thirty. What comes quickly waits for company, what comes slowly
does not wait.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Safe to hand things in from many threads; made by :meth:`open`.

    :param keep: called with at least one thing, from one thread at a time.
    :param most: things kept at once; with that many waiting, whoever hands in one more waits for them.
    :param patience: seconds for which things wait for company after others were kept.
    """

    def __init__(self, keep: Callable[[Sequence[T]], object], most: int, patience: float) -> None:
        self._keep, self._most, self._patience = keep, most, patience
        self._waiting: deque[T] = deque()
        self._turn, self._kept_at = Lock(), time.monotonic()

    @classmethod
    @contextmanager
    def open(cls, keep: Callable[[Sequence[T]], object], most: int, patience: float = 1.0) -> Iterator[Self]:
        """Batches of which the last is kept at the end, unless an error ends them."""
        batches = cls(keep, most, patience)
        yield batches
        while batches._waiting:
            batches._keep_some()

    def put(self, thing: T) -> None:
        """Hand in one thing: it is kept here, by another thread, or at the end.

        :raises Exception: what ``keep`` raised; what it was given is not kept then.
        """
        self._waiting.append(thing)
        # Asked again after the turn was given back, for what came while it was still held
        while self._due() and self._turn.acquire(blocking=len(self._waiting) >= self._most):
            try:
                self._keep_some()
            finally:
                self._turn.release()

    def _due(self) -> bool:
        late = time.monotonic() - self._kept_at >= self._patience
        return len(self._waiting) >= self._most or (late and bool(self._waiting))

    def _keep_some(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        if taken:
            self._keep(taken)
            self._kept_at = time.monotonic()
