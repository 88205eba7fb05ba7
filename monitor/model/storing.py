"""What the pipeline and the store hand each other, named by role."""

from dataclasses import dataclass
from datetime import datetime

from monitor.model.articles import ArticleState, Content
from monitor.model.feeds import Entry, FeedKind
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
    #: seconds between two changes as learned, 0 while unknown
    gap_s: float = 0.0
    #: when it last listed something new
    changed_at: datetime | None = None
    #: where permanent redirects lead, "" for nowhere
    moved_to: str = ""
    #: outcome of the last poll, "" before the first
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedKept:
    """How many entries of a feed were new, and in what sense."""

    #: articles that no feed had listed before
    found: int = 0
    #: entries that this feed had not listed before
    unseen: int = 0
    #: those among them that lead to no article
    refused: int = 0


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
    #: it lists something new
    changed: bool = False
    problems: tuple[str, ...] = ()
    #: seconds between two changes as learned, 0 while unknown
    gap_s: float = 0.0
    #: where permanent redirects lead, "" for nowhere
    moved_to: str = ""


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
class EntriesForStore:
    """What one feed listed and nobody has seen before."""

    feed_id: int
    outlet_id: str
    entries: tuple[EntryForStore, ...]


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
    #: how often its page was asked for again in the background
    page_attempts: int = 0
    #: the moment wanted from an archive, None: now
    as_of: datetime | None = None


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
    #: how often its page was asked for again in the background
    page_attempts: int = 0


@dataclass(frozen=True, slots=True)
class ArticleForJoining:
    """An article that is known under the address that another one claims."""

    id: int
    outlet_id: str
    title: str
    #: "" while it was not read
    text: str


@dataclass(frozen=True, slots=True)
class ArticleForLook:
    """An article that raised an alert and is looked at again."""

    id: int
    #: canonical address
    url: str
    title: str
    text: str
    content: Content
    #: when it raised its first alert
    alerted_at: datetime
    #: its page was gone when it was looked at last
    vanished: bool


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article."""

    title: str
    text: str
    #: when the next one was seen, None for the present one
    replaced_at: datetime | None


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
    #: address that the page gives itself or redirects led to, "" where there is none to be believed
    true_url: str = ""


@dataclass(frozen=True, slots=True)
class ArticleForTranslation:
    """The text to be translated, and a copy's translation where one is stored already."""

    id: int
    language: str
    title: str
    text: str
    attempts: int
    #: earlier translation of this article, or that of a copy, whose sentences need not be translated again
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
    #: when to ask for its page again in the background, None: never
    page_due_at: datetime | None = None
