"""Which story an article belongs to. Pure given the candidates; the caller limits them to recent stories."""

from collections.abc import Callable, Sequence
from heapq import nlargest

from monitor.steps.cluster.items import Story, StoryItem
from monitor.steps.cluster.likeness import likeness

#: closeness from which an article joins; measured in benchmarks/stories.py
THRESHOLD = 0.45
#: articles of a story that speak for it, so that a long story stays open to its next chapter
SPEAKERS = 8


def assign(item: StoryItem, candidates: Sequence[Story]) -> int | None:
    """The id of the closest story that is close enough, None where the article begins a new one.

    Of equally close stories the one with the smallest id wins, so that a repeated run decides the same.
    """
    return next((story.id for story in _near(item, candidates)), None)


def merges(item: StoryItem, candidates: Sequence[Story]) -> tuple[int, ...]:
    """Ids of further stories that are the assigned one after all, now that this article stands between them.

    Two outlets may begin one event apart before a third tells what connects them; joining both keeps the
    outcome the same in whatever order the three come. Call it after ``assign`` with the same candidates.
    """
    home, *others = _near(item, candidates) or (Story(0, ()),)
    whole = home
    for other in others:
        if _same(whole, other):
            whole = Story(home.id, whole.items + other.items)
    held = {one.article_id for one in whole.items}
    return tuple(other.id for other in others if other.items[0].article_id in held)


def _near(item: StoryItem, candidates: Sequence[Story]) -> list[Story]:
    """The stories the article may join, closest first."""
    ranked = [(-closeness(item, story), story.id, story) for story in candidates if story.items]
    return [story for far, _, story in sorted(ranked, key=lambda entry: entry[:2]) if -far >= THRESHOLD]


def _same(one: Story, other: Story) -> bool:
    """On the mean, the articles of one of them would join the other."""
    return max(_mean(one, other), _mean(other, one)) >= THRESHOLD


def _mean(story: Story, home: Story) -> float:
    return sum(closeness(item, home) for item in story.items) / len(story.items)


def closeness(item: StoryItem, story: Story) -> float:
    """The mean of the nearest few.

    The nearest alone would chain one event to the next, the mean of all would shut a story that moves on.
    """
    nearest = nlargest(SPEAKERS, (likeness(item, other) for other in story.items))
    return sum(nearest) / len(nearest)


def lead_item(items: Sequence[StoryItem], place: Callable[[StoryItem], float]) -> StoryItem:
    """The article that gives a story its headline: translated, then best-placed, then earliest.

    :param place: how well an article is placed (its alert's score); larger is better.
    """
    return max(items, key=lambda item: (bool(item.title_en), place(item), _earliness(item), -item.article_id))


def _earliness(item: StoryItem) -> float:
    return -item.published_at.timestamp() if item.published_at else float("-inf")
