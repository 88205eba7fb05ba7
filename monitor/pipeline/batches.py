"""Things that many threads hand in, kept by one thread, many in one commit.

A commit costs the same for one thing as for thirty. What comes quickly waits for company, what comes slowly
does not wait.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Safe to hand things in from many threads; made by :meth:`open`.

    :param keep: called with at least one thing, in a thread of its own.
    :param most: things kept at once; with that many waiting, whoever hands in one more waits for them.
    :param patience: seconds for which things wait for company after others were kept.
    """

    def __init__(
        self, keep: Callable[[Sequence[T]], object], most: int, patience: float, keeper: ThreadPoolExecutor
    ) -> None:
        self._keep, self._most, self._patience, self._keeper = keep, most, patience, keeper
        self._waiting: deque[T] = deque()
        self._turn, self._kept_at = Lock(), time.monotonic()

    @classmethod
    @contextmanager
    def open(cls, keep: Callable[[Sequence[T]], object], most: int, patience: float = 1.0) -> Iterator[Self]:
        """Batches of which the last is kept at the end, unless an error ends them."""
        # Of one thread: each that kept something would leave room for it in its own part of the allocator
        with ThreadPoolExecutor(1, thread_name_prefix="keeper") as keeper:
            batches = cls(keep, most, patience, keeper)
            yield batches
            while batches._waiting:
                batches._keep_some()

    def put(self, thing: T) -> None:
        """Hand in one thing: it is kept now, with what others hand in, or at the end.

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
            self._keeper.submit(self._keep, taken).result()
            self._kept_at = time.monotonic()
