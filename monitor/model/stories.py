"""Stories: the articles of one event, as the store hands them out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArticleForStory:
    """What grouping needs of an article that raised alerts."""

    id: int
    #: ISO 639-1
    language: str
    title: str
    #: the beginning of the body
    text: str
    #: "" where nothing is translated
    title_en: str
    #: the beginning of the English body
    text_en: str
    #: when it was published, or found where it states no date; aware, UTC
    at: datetime
    #: id of the outlet
    outlet: str
    #: of the outlet, ISO code, "" where it has none
    country: str = ""
    #: its vectors as ``steps.cluster.pack`` made them, empty where none were computed
    meaning: bytes = b""
    #: the same of the English
    meaning_en: bytes = b""


@dataclass(frozen=True, slots=True)
class StoryBond:
    """What holds an article in its story: the article there that is most like it, and why."""

    article: int
    nearest: int
    #: 0 to 1, and what each sign adds to it or takes away, the largest first
    likeness: float
    reasons: tuple[tuple[str, float], ...]
    #: rare names and numbers that both hold, folded
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryOutlet:
    """An outlet that told a story."""

    id: str
    name: str
    country: str
    #: value of ``OutletKind``
    kind: str
    articles: int


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story, as people see it."""

    id: int
    url: str
    title: str
    title_en: str
    language: str
    outlet: str
    outlet_name: str
    country: str
    kind: str
    #: when it was published, or found where it states no date
    at: datetime
    #: how well it is placed: the best score of its alerts
    score: float


@dataclass(frozen=True, slots=True)
class StoredStory:
    """A story for lists, digests and briefs."""

    id: int
    #: of its best-placed article; the original one where nothing is translated
    headline_en: str
    headline: str
    first_seen: datetime
    #: name of the outlet that was first
    first_outlet: str
    last_seen: datetime
    #: first to tell it first
    outlets: tuple[StoryOutlet, ...]
    #: in order of time
    articles: tuple[StoryArticle, ...]
    #: ids of its alerts
    alerts: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    #: value of ``TriageStatus``: the newest mark on the story as a whole
    status: str = "new"
