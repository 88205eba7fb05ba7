"""Work spread over hosts: one address of a host after the other, many hosts at a time.

A slow or hostile host holds one thread, never the others' turn.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


def by_host(items: Iterable[T], address: Callable[[T], str]) -> deque[list[T]]:
    """Group items by the host of their address, the longest group first."""
    groups: dict[str, list[T]] = defaultdict(list)
    for item in items:
        groups[host(address(item))].append(item)
    return deque(sorted(groups.values(), key=len, reverse=True))


def host(url: str) -> str:
    """Host and port of an address; the address itself where it has none."""
    try:
        return urlsplit(url).netloc.lower() or url
    except ValueError:
        return url


def run_groups(
    groups: deque[list[T]], work: Callable[[T], bool], threads: int, done: Callable[[], None]
) -> None:
    """Work on every item, the items of a group in order.

    :param groups: taken out as they are begun, so that what was worked on needs no memory.
    :param work: returns False to leave the rest of its group for another run.
    :param done: called once for each item, worked on or left, from one thread at a time.
    :raises Exception: what ``work`` raised, after the groups then begun have ended; the others are left.
    """
    lock, threads = Lock(), max(1, threads)

    def run(group: Sequence[T]) -> None:
        go_on = True
        for item in group:
            go_on = go_on and work(item)
            with lock:
                done()

    def run_some() -> None:
        try:
            for group in _taken(groups):
                run(group)
        except BaseException:
            groups.clear()
            raise

    with ThreadPoolExecutor(threads, thread_name_prefix="host") as pool:
        for future in [pool.submit(run_some) for _ in range(min(threads, len(groups)))]:
            future.result()


def _taken(groups: deque[list[T]]) -> Iterator[list[T]]:
    """The groups one after the other; several threads may take from the same ones."""
    with suppress(IndexError):
        while True:
            yield groups.popleft()


def counter(progress: Callable[[str, int, int], None], step: str, total: int) -> Callable[[], None]:
    """A function that reports one more of ``total`` as done each time it is called, from any thread."""
    done, lock = [0], Lock()

    def count() -> None:
        with lock:
            done[0] += 1
            progress(step, done[0], total)

    return count
