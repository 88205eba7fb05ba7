"""What many threads hand in is kept whole, together and by one at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Event, Lock

import pytest

from monitor.pipeline.batches import Batches


def test_everything_that_many_threads_hand_in_is_kept_once_by_one_at_a_time() -> None:
    batches: list[Sequence[int]] = []
    alone = Lock()

    def keep(things: Sequence[int]) -> None:
        assert alone.acquire(blocking=False)
        batches.append(things)
        alone.release()

    with Batches[int].open(keep, 7) as open_batches, ThreadPoolExecutor(8) as pool:
        list(pool.map(open_batches.put, range(1000)))
    assert sorted(thing for batch in batches for thing in batch) == list(range(1000))
    assert max(map(len, batches)) == 7
    assert len(batches) < 300


def test_what_comes_slowly_does_not_wait_for_company() -> None:
    kept: Queue[Sequence[int]] = Queue()
    with Batches[int].open(kept.put, 7, patience=0.0) as open_batches:
        open_batches.put(1)
        assert kept.get(timeout=5) == [1]
        open_batches.put(2)
        assert kept.get(timeout=5) == [2]


def test_what_waited_long_enough_is_kept_without_company() -> None:
    kept: Queue[Sequence[int]] = Queue()
    with Batches[int].open(kept.put, 7, patience=0.01) as open_batches:
        open_batches.put(1)
        open_batches.put(2)
        taken = [*kept.get(timeout=5)]
        while len(taken) < 2:
            taken += kept.get(timeout=5)
    assert taken == [1, 2]


def test_a_thread_hands_in_and_goes_on_while_others_are_kept_until_too_many_wait() -> None:
    batches: list[Sequence[int]] = []
    keeping, go_on = Event(), Event()

    def keep(things: Sequence[int]) -> None:
        keeping.set()
        assert go_on.wait(5)
        batches.append(things)

    with Batches[int].open(keep, 2, patience=0.0) as open_batches, ThreadPoolExecutor(1) as pool:
        open_batches.put(0)
        assert keeping.wait(5)
        for thing in range(1, 5):
            open_batches.put(thing)
        waits = pool.submit(open_batches.put, 5)
        assert not batches
        go_on.set()
        waits.result(5)
    assert batches == [[0], [1, 2], [3, 4], [5]]


def test_an_error_reaches_who_hands_in_next_and_nothing_is_kept_after_it() -> None:
    asked: list[Sequence[int]] = []
    failed = Event()

    def keep(things: Sequence[int]) -> None:
        asked.append(things)
        failed.set()
        raise OSError("full")

    def hand_in() -> None:
        with Batches[int].open(keep, 1) as open_batches:
            open_batches.put(1)
            assert failed.wait(5)
            for thing in range(2, 10):
                open_batches.put(thing)

    with pytest.raises(OSError, match="full"):
        hand_in()
    assert asked == [[1]]


def test_an_error_of_the_last_ones_is_raised_at_the_end() -> None:
    def keep(things: Sequence[int]) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"), Batches[int].open(keep, 7) as open_batches:
        open_batches.put(1)


def test_what_waits_is_not_kept_when_an_error_ends_the_rest() -> None:
    batches: list[Sequence[int]] = []

    def hand_in() -> None:
        with Batches[int].open(batches.append, 7, patience=60) as open_batches:
            open_batches.put(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hand_in()
    assert batches == []
