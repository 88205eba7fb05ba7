"""What the pipeline and the store hand each other, named by role."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.articles import ArticleState, Content
from monitor.model.feeds import Entry, FeedKind
from monitor.model.matching import Evidence
from monitor.model.outlets import OutletStatus
from monitor.model.translation import BilingualText


@dataclass(frozen=True, slots=True)
class FeedForPoll:
    """A feed that is due, with what is known of its last answer."""

    id: int
    outlet_id: str
    url: str
    kind: FeedKind
    etag: str = ""
    last_modified: str = ""
    #: SHA-256 of the last body, hexadecimal
    body_hash: str = ""
    #: failures in a row, fractional
    failures: float = 0.0
    #: seconds between polls as learned
    interval_s: int = 1800
    #: entries in the last body that was read
    entries: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedPolled:
    """What is to be kept of one poll."""

    status: OutletStatus
    #: why it is not ok, "" for nothing
    reason: str
    next_due: datetime
    interval_s: int
    failures: float = 0.0
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    entries: int = 0
    #: the body was new
    changed: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryForStore:
    """An entry with the canonical address of its article."""

    #: SHA-256 of ``entry.key``, hexadecimal
    key: str
    #: canonical address
    url: str
    entry: Entry
    #: what all variants of the address have in common (``text.urls.url_key``)
    url_key: str


@dataclass(frozen=True, slots=True)
class ArticleForFetch:
    """An article whose page is wanted."""

    id: int
    outlet_id: str
    #: address as the feed gave it
    url: str
    attempts: int
    #: the feed carried at least a summary, so that the article can be read without its page
    has_feed_text: bool


@dataclass(frozen=True, slots=True)
class ArticleForReading:
    """Everything that was got of an article: the page, where there is one, and what the feed gave."""

    id: int
    outlet_id: str
    url: str
    #: bytes of the page, None where it could not be had
    page: bytes | None
    content_type: str
    final_url: str
    feed_title: str
    feed_summary: str
    feed_html: str
    feed_authors: tuple[str, ...]
    feed_published_at: datetime | None
    #: why there is no page
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """What was read, for storing."""

    title: str
    text: str
    authors: tuple[str, ...]
    section: str
    published_at: datetime | None
    modified_at: datetime | None
    language: str
    content: Content
    paywalled: bool
    words: int
    #: SHA-256 of the normalised text, "" for an empty one
    text_hash: str


@dataclass(frozen=True, slots=True)
class ArticleForTranslation:
    """The text to be translated, and a copy's translation where one is stored already."""

    id: int
    language: str
    title: str
    text: str
    attempts: int
    #: translation of an article with the same text in the same language
    copy: BilingualText | None = None


@dataclass(frozen=True, slots=True)
class ArticleNext:
    """What becomes of an article that could not take its step."""

    state: ArticleState
    #: for people
    reason: str = ""
    #: when to try again, None: at once
    next_attempt_at: datetime | None = None
    #: where to go on from after a quarantine
    resume_state: ArticleState | None = None


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
    content: str
    published_at: datetime | None
    #: first sentence of the body in English
    lead_en: str = ""


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
