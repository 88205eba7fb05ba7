"""Many hosts at a time, one address of a host after the other."""

import threading
from collections import deque

import pytest

from monitor.pipeline.hosts import by_host, host, run_groups


def test_items_are_grouped_by_host_the_longest_first() -> None:
    urls = ["https://a.test/1", "https://b.test/1", "https://B.test/2", "https://[bad", "nonsense"]
    groups = by_host(urls, lambda url: url)
    assert groups[0] == ["https://b.test/1", "https://B.test/2"]
    assert len(groups) == 4
    assert host("nonsense") == "nonsense"


def test_a_group_is_worked_on_in_order_and_others_meanwhile() -> None:
    seen: list[str] = []
    slow = threading.Event()

    def work(item: str) -> bool:
        if item == "slow":
            assert slow.wait(5)
        seen.append(item)
        if item == "b2":
            slow.set()
        return True

    count: list[int] = []
    run_groups(deque([["slow", "a2"], ["b1", "b2"]]), work, threads=2, done=lambda: count.append(1))
    assert seen == ["b1", "b2", "slow", "a2"]
    assert len(count) == 4


def test_a_group_that_gives_up_leaves_its_rest_and_still_counts_it() -> None:
    seen: list[int] = []
    count: list[int] = []

    def work(item: int) -> bool:
        seen.append(item)
        return item != 1

    run_groups(deque([[1, 2, 3]]), work, threads=1, done=lambda: count.append(1))
    assert seen == [1]
    assert len(count) == 3


def test_an_error_is_raised_after_what_was_begun_ended_and_nothing_further_is_begun() -> None:
    seen: list[int] = []
    begun, failing = threading.Event(), threading.Event()

    def work(item: int) -> bool:
        if item == 1:
            assert begun.wait(5)
            failing.set()
            raise ValueError("bug")
        begun.set()
        assert failing.wait(5)
        seen.append(item)
        return True

    groups = deque([[1], [2, 3], *[[other] for other in range(4, 100)]])
    with pytest.raises(ValueError, match="bug"):
        run_groups(groups, work, threads=2, done=lambda: None)
    assert seen[:2] == [2, 3]
    assert len(seen) < 97
    assert not groups


def test_no_groups_are_no_work() -> None:
    run_groups(deque[list[int]](), lambda _: True, threads=2, done=lambda: None)
