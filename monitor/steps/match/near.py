"""Places near each other, found by merging sorted lists: time grows with their number, not with its square.

The distance of two places is the difference of their nearest words' numbers: 1 for neighbours. Places that
share a word are not near each other, for a word is not evidence for itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise, starmap
from operator import attrgetter

from monitor.steps.match.article import Place


def near(left: Sequence[Place], right: Sequence[Place], distance: int, ordered: bool) -> tuple[Place, ...]:
    """Each place joined with its nearest partner before and after, or one that stands between its parts.

    Of pairs with one beginning, and of pairs with one end, the shortest is kept: so a chain of NEAR stays
    as small as what it is made of.
    """
    pairs = [*_followed(left, right, distance)]
    if not ordered:
        pairs += _followed(right, left, distance)
        pairs += _enclosed(left, right)
        pairs += _enclosed(right, left)
    shortest: dict[tuple[str, int, int], Place] = {}
    for pair in sorted(pairs, key=lambda pair: pair.last - pair.first):
        shortest.setdefault(("begins", pair.field, pair.first), pair)
        shortest.setdefault(("ends", pair.field, pair.last), pair)
    return tuple(sorted(set(shortest.values())))


def apart(left: Sequence[Place], right: Sequence[Place], distance: int, ordered: bool) -> tuple[Place, ...]:
    """The left places that have no right one within the distance (``ordered``: none that follows)."""
    close = {before for before, _ in _followers(left, right, distance)}
    if not ordered:
        close |= {after for _, after in _leaders(right, left, distance)}
    return tuple(place for place in left if place not in close)


def distinct_places(places: Iterable[Place]) -> int:
    """How many places there are when those that share a word count once."""
    count, field, reached = 0, -1, -1
    for place in sorted(places, key=_by_end):
        if place.field != field or place.first > reached:
            count, field, reached = count + 1, place.field, place.last
    return count


_by_end = attrgetter("field", "last", "first")


def _followed(before: Sequence[Place], after: Sequence[Place], distance: int) -> Iterable[Place]:
    """Pairs of a place and its nearest follower, seen from either."""
    yield from starmap(_joined, _followers(before, after, distance))
    yield from starmap(_joined, _leaders(before, after, distance))


def _followers(
    before: Sequence[Place], after: Sequence[Place], distance: int
) -> Iterable[tuple[Place, Place]]:
    """Each earlier place with the nearest later one."""
    starts = [(place.field, place.first) for place in after]
    for place in before:
        index = bisect_right(starts, (place.field, place.last))
        if index < len(after) and _within(place, after[index], distance):
            yield place, after[index]


def _leaders(before: Sequence[Place], after: Sequence[Place], distance: int) -> Iterable[tuple[Place, Place]]:
    """Each later place with the nearest earlier one."""
    by_end = sorted(before, key=_by_end)
    ends = [(place.field, place.last) for place in by_end]
    for place in after:
        index = bisect_left(ends, (place.field, place.first)) - 1
        if index >= 0 and _within(by_end[index], place, distance):
            yield by_end[index], place


def _enclosed(around: Sequence[Place], between: Sequence[Place]) -> Iterable[Place]:
    """Each place made of several with a partner in a gap between its parts: "a c b" for a NEAR b NEAR c."""
    starts = [(place.field, place.first) for place in between]
    for place in around:
        for after, before in pairwise(sorted(place.parts)):
            index = bisect_right(starts, (place.field, after.last))
            if (
                index < len(between)
                and between[index][:3] < (place.field, before.first)
                and (between[index].last < before.first)
            ):
                yield _joined(place, between[index])
                break


def _within(before: Place, after: Place, distance: int) -> bool:
    return before.field == after.field and 0 < after.first - before.last <= distance


def _joined(before: Place, after: Place) -> Place:
    return Place(
        before.field,
        before.first,
        max(before.last, after.last),
        before.start,
        max(before.end, after.end),
        parts=(*(before.parts or (before,)), *(after.parts or (after,))),
    )
