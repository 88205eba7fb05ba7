"""What the store hands out for lists, digests and reports: rows as people see them."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.articles import ArticleState
from monitor.model.feeds import FeedKind
from monitor.model.matching import Evidence


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert with what people need to judge it."""

    id: int
    topic: str
    topic_version: int
    score: float
    evidence: tuple[Evidence, ...]
    created_at: datetime
    article_id: int
    url: str
    outlet: str
    outlet_name: str
    country: str
    kind: str
    language: str
    title: str
    title_en: str
    #: value of ``Content``: "page", "feed" or "summary"
    content: str
    published_at: datetime | None
    #: first sentence of the body in English, "" where there is none
    lead_en: str = ""
    #: 0 before it joined one
    story_id: int = 0
    #: value of ``TriageStatus``
    status: str = "new"
    #: what its outlet changed or took away since, "" for nothing
    change: str = ""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article for lists and reports."""

    id: int
    url: str
    outlet: str
    language: str
    state: ArticleState
    title: str
    title_en: str
    published_at: datetime | None
    words: int
    text_chars: int
    content: str
    reason: str
    #: the article with the same text that was there before, None for an original
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class StoredOutlet:
    """An outlet with the outcome of its last collection."""

    id: str
    name: str
    status: str
    since: datetime | None
    reason: str
    #: entries in its feeds at the last poll
    entries: int
    #: articles stored of it
    articles: int
    #: defects that were worked around
    problems: tuple[str, ...] = field(default=())
    enabled: bool = True
    #: how its volume falls outside what was learned, "" for nothing
    alarm: str = ""
    alarm_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredFeed:
    """One way in of an outlet with the outcome of its last poll."""

    id: int
    outlet_id: str
    url: str
    kind: FeedKind
    #: value of ``OutletStatus``, "" before the first poll
    status: str
    since: datetime | None
    reason: str
    entries: int
    failures: float
    interval_s: int
    polled_at: datetime | None
    next_due: datetime | None
    #: when it last listed something new
    changed_at: datetime | None
    problems: tuple[str, ...]
    #: where permanent redirects lead, "" for nowhere
    moved_to: str
    moved_since: datetime | None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """An outlet's status changed, for better or worse."""

    outlet_id: str
    at: datetime
    before: str
    after: str
    reason: str
