"""Floors for grouping; measured by ``python -m benchmarks.stories`` (docs/benchmarks.md)."""

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
from monitor.storage.stories import REST


def test_accounts_of_one_event_join_and_similar_events_stay_apart() -> None:
    """By pairs, and when five hundred events of few kinds come mixed.

    One test, as reading the accounts takes most of its time.
    """
    rows = [row for path in PAIRS for row in read(path)]
    items = story_items(rows)
    true, false, trues, falses = pair_shares(items, rows)
    assert (trues, falses) == (372, 1098)
    assert true >= 0.97
    assert false <= 0.025
    assert b_cubed_f1(group(items, by_date(rows), REST), [row["event"] for row in rows]) >= 0.95


@pytest.mark.skipif(not CLUSTERS.exists(), reason="the captured wire stories are not beside this checkout")
def test_wire_stories_fall_into_their_clusters_in_any_order() -> None:
    rows = read(CLUSTERS)
    gold, order, items = [row["cluster"] for row in rows], by_date(rows), story_items(rows)
    found = group(items, order)
    assert pairwise_f1(found, gold) >= 0.96
    assert b_cubed_f1(found, gold) >= 0.96
    orders = [b_cubed_f1(group(items, shuffled(order, seed)), gold) for seed in range(10)]
    assert max(abs(one - b_cubed_f1(found, gold)) for one in orders) <= 0.02
