"""Many hosts at a time, one address of a host after the other."""

import threading
import time

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
    run_groups([["slow", "a2"], ["b1", "b2"]], work, threads=2, done=lambda: count.append(1))
    assert seen == ["b1", "b2", "slow", "a2"]
    assert len(count) == 4


def test_a_group_that_gives_up_leaves_its_rest_and_still_counts_it() -> None:
    seen: list[int] = []
    count: list[int] = []

    def work(item: int) -> bool:
        seen.append(item)
        return item != 1

    run_groups([[1, 2, 3]], work, threads=1, done=lambda: count.append(1))
    assert seen == [1]
    assert len(count) == 3


def test_a_bug_in_one_group_is_raised_after_the_others_ended() -> None:
    seen: list[int] = []

    def work(item: int) -> bool:
        if item == 1:
            raise ValueError("bug")
        time.sleep(0.01)
        seen.append(item)
        return True

    with pytest.raises(ValueError, match="bug"):
        run_groups([[1], [2], [3]], work, threads=3, done=lambda: None)
    assert sorted(seen) == [2, 3]
