"""Which story an article belongs to. Pure given the candidates; the caller limits them to recent stories."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from monitor.steps.cluster.items import Story, StoryItem
from monitor.steps.cluster.likeness import likeness

#: closeness from which an article joins; measured in benchmarks/stories.py
THRESHOLD = 0.45
#: articles of a story that speak for it, so that a long story stays open to its next chapter
SPEAKERS = 8


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article goes, and what changes among the stories that are there."""

    #: the story it joins, None where it begins a new one
    story: int | None
    #: further stories that are the same after all, now that the article stands between them
    merged: tuple[int, ...] = ()
    #: ids of articles of other stories that go with it, also into a new one
    drawn: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Near:
    """A candidate as the article sees it."""

    story: Story
    #: of the article and each of the story's
    likes: tuple[float, ...]

    @property
    def rank(self) -> tuple[float, int]:
        """Closest first; of equally close stories the one with the smallest id, so that a re-run agrees."""
        return -_nearest(self.likes), self.story.id


def assign(item: StoryItem, candidates: Sequence[Story]) -> Placement:
    """The closest story that is close enough, and what the article changes about earlier decisions.

    Two outlets may begin one event apart before a third tells what connects them, an article may have joined
    the best story there was before its own began, and two events may have begun as one. All are mended, so
    that the outcome depends little on the order in which articles come.
    """
    near = [
        _Near(one, tuple(likeness(item, other) for other in one.items)) for one in candidates if one.items
    ]
    near.sort(key=lambda one: one.rank)
    joined = [one for one in near if _nearest(one.likes) >= THRESHOLD]
    whole, merged = _merge([one.story for one in joined]) if joined else (Story(0, ()), ())
    parted = _part(item, joined[0]) if joined and not merged else ()
    if parted:
        return Placement(None, (), parted)
    apart = [one for one in near if one.story.id not in (whole.id, *merged)]
    drawn = _draw(Story(whole.id, (*whole.items, item)), apart)
    return Placement(whole.id if joined else None, merged, drawn)


def _merge(near: Sequence[Story]) -> tuple[Story, tuple[int, ...]]:
    """The first of the stories with all that are the same story, and the ids of those."""
    whole, *others = near
    merged = []
    for other in others:
        if _are_one(whole, other):
            whole = Story(whole.id, whole.items + other.items)
            merged.append(other.id)
    return whole, tuple(merged)


def _part(item: StoryItem, joined: _Near) -> tuple[int, ...]:
    """Articles that leave the story with the newcomer, as it shows that there were two; none where it is one.

    Two stories that came apart would not be merged at these means, so they may not depend on who came first.
    """
    members = joined.story.items
    leaving = _draw(Story(0, (item,)), [joined])
    if len(leaving) in (0, len(members)):
        return ()
    home = Story(0, (item, *(one for one in members if one.article_id in leaving)))
    rest = Story(0, tuple(one for one in members if one.article_id not in leaving))
    return () if _are_one(home, rest) else leaving


def _draw(home: Story, apart: Iterable[_Near]) -> tuple[int, ...]:
    """Articles that are close to the newcomer, and closer to its story than to the rest of their own."""
    close = [
        (like, -other.article_id, other, one.story)
        for one in apart
        for like, other in zip(one.likes, one.story.items, strict=True)
        if like >= THRESHOLD
    ]
    drawn: tuple[int, ...] = ()
    for *_, other, story in sorted(close, key=lambda entry: entry[:2], reverse=True):
        rest = Story(
            story.id, tuple(one for one in story.items if one.article_id not in (other.article_id, *drawn))
        )
        if closeness(other, home) >= max(THRESHOLD, closeness(other, rest)):
            home = Story(home.id, (*home.items, other))
            drawn += (other.article_id,)
    return drawn


def _are_one(story: Story, other: Story) -> bool:
    return max(_mean(story, other), _mean(other, story)) >= THRESHOLD


def _mean(story: Story, home: Story) -> float:
    """How close the articles of one story are to another, on the mean."""
    return sum(closeness(item, home) for item in story.items) / len(story.items)


def closeness(item: StoryItem, story: Story) -> float:
    """The mean of the nearest few, 0 for a story without articles.

    The nearest alone would chain one event to the next, the mean of all would shut a story that moves on.
    """
    return _nearest([likeness(item, other) for other in story.items])


def _nearest(likes: Sequence[float]) -> float:
    nearest = nlargest(SPEAKERS, likes)
    return sum(nearest) / max(1, len(nearest))


def lead_item(items: Sequence[StoryItem], place: Callable[[StoryItem], float]) -> StoryItem:
    """The article that gives a story its headline: translated, then best-placed, then earliest.

    :param place: how well an article is placed (its alert's score); larger is better.
    """
    return max(items, key=lambda item: (bool(item.title_en), place(item), _earliness(item), -item.article_id))


def _earliness(item: StoryItem) -> float:
    return -item.published_at.timestamp() if item.published_at else float("-inf")
