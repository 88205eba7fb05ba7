"""Things that many threads hand in, kept by one thread, many in one commit.

A commit costs the same for one thing as for thirty. What comes quickly waits for company, what comes slowly
does not wait.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Safe to hand things in from many threads; made by :meth:`open`.

    :param keep: called with at least one thing, always in the same thread.
    :param most: things kept at once; with twice as many waiting, whoever hands in one more waits.
    :param patience: seconds for which things wait for company after others were kept.
    """

    def __init__(self, keep: Callable[[Sequence[T]], object], most: int, patience: float) -> None:
        self._keep, self._most, self._patience = keep, most, patience
        self._waiting: deque[T] = deque()
        self._changed = Condition()
        self._kept_at, self._ended = time.monotonic(), False
        self._keeping: Future[None] = Future()

    @classmethod
    @contextmanager
    def open(cls, keep: Callable[[Sequence[T]], object], most: int, patience: float = 1.0) -> Iterator[Self]:
        """Batches of which the last is kept at the end, unless an error ends them.

        :raises Exception: what ``keep`` raised; what was handed in then and since is not kept.
        """
        batches = cls(keep, most, patience)
        # A thread of its own: one that also hands in would leave the others waiting for its turn
        with ThreadPoolExecutor(1, thread_name_prefix="keeper") as keeper:
            batches._keeping = keeper.submit(batches._run)
            batches._keeping.add_done_callback(lambda _: batches._wake())
            try:
                yield batches
            except BaseException:
                batches._end(whole=False)
                raise
            batches._end(whole=True)
            batches._keeping.result()

    def put(self, thing: T) -> None:
        """Hand in one thing: it is kept with what others hand in.

        :raises Exception: what ``keep`` raised before.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < 2 * self._most or self._keeping.done())
            if self._keeping.done():
                self._keeping.result()
            self._waiting.append(thing)
            if len(self._waiting) in (1, self._most):
                self._changed.notify_all()

    def _end(self, *, whole: bool) -> None:
        with self._changed:
            self._ended = True
            if not whole:
                self._waiting.clear()
            self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        while things := self._next():
            self._keep(things)
            self._kept_at = time.monotonic()

    def _next(self) -> list[T]:
        """What is to be kept now, once that is so; nothing at the end."""
        with self._changed:
            while not self._due():
                self._changed.wait(self._patience if self._waiting else None)
            taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            self._changed.notify_all()
            return taken

    def _due(self) -> bool:
        late = time.monotonic() - self._kept_at >= self._patience
        return self._ended or len(self._waiting) >= self._most or (late and bool(self._waiting))
