"""Floors for grouping; measured 2026-11-22 by ``python -m benchmarks.stories`` (docs/benchmarks.md)."""

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


def test_accounts_of_one_event_join_and_similar_events_stay_apart() -> None:
    rows = read(PAIRS)
    true, false, trues, falses = pair_shares(story_items(rows), rows)
    assert (trues, falses) == (22, 44)
    assert true >= 0.9
    assert false <= 0.05


@pytest.mark.skipif(not CLUSTERS.exists(), reason="the captured wire stories are not beside this checkout")
def test_wire_stories_fall_into_their_clusters_in_any_order() -> None:
    rows = read(CLUSTERS)
    gold, order, items = [row["cluster"] for row in rows], by_date(rows), story_items(rows)
    found = group(items, order)
    assert pairwise_f1(found, gold) >= 0.96
    assert b_cubed_f1(found, gold) >= 0.96
    orders = [b_cubed_f1(group(items, shuffled(order, seed)), gold) for seed in range(10)]
    assert max(abs(one - b_cubed_f1(found, gold)) for one in orders) <= 0.02
