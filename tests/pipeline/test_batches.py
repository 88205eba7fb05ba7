"""What many threads hand in is kept whole, together and by one at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
    batches: list[Sequence[int]] = []
    with Batches[int].open(batches.append, 7, patience=0.0) as open_batches:
        open_batches.put(1)
        open_batches.put(2)
        assert batches == [[1], [2]]


def test_a_thread_hands_in_and_goes_on_while_another_one_keeps() -> None:
    batches: list[Sequence[int]] = []
    keeping, go_on = Event(), Event()

    def keep(things: Sequence[int]) -> None:
        keeping.set()
        assert go_on.wait(5)
        batches.append(things)

    with Batches[int].open(keep, 7, patience=0.0) as open_batches, ThreadPoolExecutor(1) as pool:
        first = pool.submit(open_batches.put, 1)
        assert keeping.wait(5)
        open_batches.put(2)
        open_batches.put(3)
        assert not batches
        go_on.set()
        first.result()
        assert batches == [[1], [2, 3]]


def test_an_error_reaches_who_handed_in_and_nothing_is_kept_after_it() -> None:
    def keep(things: Sequence[int]) -> None:
        raise OSError("full")

    def hand_in() -> None:
        with Batches[int].open(keep, 2) as open_batches:
            open_batches.put(1)
            open_batches.put(2)

    with pytest.raises(OSError, match="full"):
        hand_in()


def test_a_turn_that_comes_when_all_was_kept_keeps_nothing() -> None:
    batches: list[Sequence[int]] = []
    with Batches[int].open(batches.append, 2) as open_batches:
        open_batches._keep_some()
    assert batches == []
