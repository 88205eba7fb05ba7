"""What is shown and what is only counted."""

from dataclasses import dataclass

from monitor.model import DigestContent, DigestStory, DigestTopic, StoredAlert

#: measured precision below which a topic is said to be noisy
NOISY = 0.6
_Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Room:
    """How many alerts a mail has room for."""

    #: in full, and in full or in one line
    full: int
    shown: int


@dataclass(frozen=True, slots=True)
class ShownStory:
    """A story with the alerts that have room."""

    story: DigestStory
    alerts: tuple[StoredAlert, ...]
    #: alerts without room
    hidden: int
    #: ids of the alerts that are told in full; the others in one line
    full: frozenset[int]


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic with the stories that have room."""

    topic: DigestTopic
    stories: tuple[ShownStory, ...]
    hidden_stories: int
    #: alerts of the hidden stories
    hidden_alerts: int

    @property
    def noisy(self) -> bool:
        """Too many of its alerts were marked as not relevant."""
        return self.topic.precision is not None and self.topic.precision < NOISY


def alerts_of(topics: tuple[DigestTopic, ...]) -> int:
    """How many alerts there are."""
    return sum(len(story.alerts) for topic in topics for story in topic.stories)


def told_once(topics: tuple[DigestTopic, ...]) -> tuple[int, int]:
    """How many stories and articles there are; one on two topics counts once."""
    stories = [story for topic in topics for story in topic.stories]
    articles = {alert.url for story in stories for alert in story.alerts}
    return len({story.story_id or -story.alerts[0].article_id for story in stories}), len(articles)


def shown(content: DigestContent, room: Room) -> tuple[ShownTopic, ...]:
    """Every topic with what has room.

    Room goes first to the best alert of each topic's first story, then of its second, and so on; only then to
    the further alerts of stories: a noisy topic never pushes out a quiet one, nor one big story the others.
    """
    places = _places(content)
    chosen, full = set(places[: room.shown]), set(places[: room.full])
    return tuple(_topic(number, topic, chosen, full) for number, topic in enumerate(content.topics))


def _places(content: DigestContent) -> list[_Place]:
    return sorted(
        (rank, s, t)
        for t, topic in enumerate(content.topics)
        for s, story in enumerate(topic.stories)
        for rank in range(len(story.alerts))
    )


def _topic(number: int, topic: DigestTopic, chosen: set[_Place], full: set[_Place]) -> ShownTopic:
    whole = [_story((number, at), story, chosen, full) for at, story in enumerate(topic.stories)]
    hidden = [story for story in whole if not story.alerts]
    return ShownTopic(
        topic,
        tuple(story for story in whole if story.alerts),
        len(hidden),
        sum(story.hidden for story in hidden),
    )


def _story(at: tuple[int, int], story: DigestStory, chosen: set[_Place], full: set[_Place]) -> ShownStory:
    topic, number = at

    def among(places: set[_Place]) -> tuple[StoredAlert, ...]:
        return tuple(alert for rank, alert in enumerate(story.alerts) if (rank, number, topic) in places)

    alerts = among(chosen)
    whole = frozenset(alert.id for alert in among(full))
    return ShownStory(story, alerts, len(story.alerts) - len(alerts), whole)
