"""Floors for grouping; measured by ``python -m benchmarks.stories`` (docs/benchmarks.md)."""

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.stories import (
    CLUSTERS,
    PAIRS,
    b_cubed_f1,
    by_date,
    group,
    pair_shares,
    pairwise_f1,
    read,
    shuffled,
    story_items,
)
from monitor.steps.cluster import StoryItem

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def accounts() -> tuple[Rows, Sequence[StoryItem]]:
    rows = [row for path in PAIRS for row in read(path)]
    return rows, story_items(rows)


def test_accounts_of_one_event_join_and_similar_events_stay_apart(
    accounts: tuple[Rows, Sequence[StoryItem]],
) -> None:
    rows, items = accounts
    true, false, trues, falses = pair_shares(items, rows)
    assert (trues, falses) == (252, 498)
    assert true >= 0.95
    assert false <= 0.045


def test_more_than_a_hundred_mixed_events_of_few_kinds_fall_into_their_stories(
    accounts: tuple[Rows, Sequence[StoryItem]],
) -> None:
    rows, items = accounts
    assert b_cubed_f1(group(items, by_date(rows)), [row["event"] for row in rows]) >= 0.9


@pytest.mark.skipif(not CLUSTERS.exists(), reason="the captured wire stories are not beside this checkout")
def test_wire_stories_fall_into_their_clusters_in_any_order() -> None:
    rows = read(CLUSTERS)
    gold, order, items = [row["cluster"] for row in rows], by_date(rows), story_items(rows)
    found = group(items, order)
    assert pairwise_f1(found, gold) >= 0.96
    assert b_cubed_f1(found, gold) >= 0.96
    orders = [b_cubed_f1(group(items, shuffled(order, seed)), gold) for seed in range(10)]
    assert max(abs(one - b_cubed_f1(found, gold)) for one in orders) <= 0.02
