"""What one digest says."""

from dataclasses import dataclass
from datetime import datetime

from monitor.model.stored import StoredAlert
from monitor.model.stories import StoryOutlet


@dataclass(frozen=True, slots=True)
class DigestStory:
    """The alerts of one event, best-placed first."""

    alerts: tuple[StoredAlert, ...]
    #: 0 where the alert stands alone
    story_id: int = 0
    #: told before; only what is new is in ``alerts``
    follow_up: bool = False
    #: the story's own English headline, "" where it is that of the first alert
    headline_en: str = ""
    #: when and by which outlet (its name) the story was first seen; None and "" where unknown
    first_seen: datetime | None = None
    first_outlet: str = ""
    #: everyone who told it so far, in earlier digests too
    outlets: tuple[StoryOutlet, ...] = ()
    #: value of ``TriageStatus``: the newest mark on the story as a whole
    status: str = "new"


@dataclass(frozen=True, slots=True)
class DigestTopic:
    """One topic's part."""

    id: str
    title: str
    #: version of the topic's query in force
    version: int
    stories: tuple[DigestStory, ...]
    #: measured precision from the analysts' marks, None where too few
    precision: float | None = None
    #: reports left out because somebody marked them as not relevant before the digest was composed
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class DigestChange:
    """An article told earlier that its outlet has since changed or taken away."""

    url: str
    title: str
    title_en: str
    language: str
    outlet_name: str
    #: True: the page is gone; False: it reads differently now
    vanished: bool
    #: what is different, one sentence, "" where nothing more is known
    what: str = ""


@dataclass(frozen=True, slots=True)
class OutletCoverage:
    """What one outlet gave in the period."""

    id: str
    name: str
    #: value of ``OutletStatus``
    status: str
    articles: int = 0
    since: datetime | None = None
    reason: str = ""
    #: how its volume falls outside what was learned, "" for nothing
    alarm: str = ""
    alarm_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutletRecovered:
    """An outlet that is well again."""

    name: str
    #: value of ``OutletStatus`` before
    before: str
    #: when it was well again
    at: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen and what was not."""

    outlets: tuple[OutletCoverage, ...]
    articles: int
    #: articles in quarantine or stored untranslated, with the reason's count
    unread: int = 0
    #: errors in the analysts' files, last good version in force
    config_errors: tuple[str, ...] = ()
    #: reasons behind ``unread``, each with its count
    unread_reasons: tuple[tuple[str, int], ...] = ()
    #: outlets that were not well in the period and are again
    recovered: tuple[OutletRecovered, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Everything a digest shows; rendering adds nothing to it."""

    subscription: str
    title: str
    #: aware, UTC, half open
    period_start: datetime
    period_end: datetime
    topics: tuple[DigestTopic, ...]
    coverage: Coverage
    #: language of the frame: "en", "es" or "pt"
    frame: str = "en"
    #: IANA zone in which times are shown
    timezone: str = "UTC"
    #: address of the web pages, "" where there are none
    base_url: str = ""
    #: most alerts shown; the rest is counted
    limit: int = 200
    #: most bytes of HTML; reports beyond are told in one line each, or only counted
    size: int = 96_000
    #: what changed or vanished since it was told in an earlier digest
    changes: tuple[DigestChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """The three faces of a digest."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class BriefSource:
    """One article as a brief cites it."""

    url: str
    title: str
    title_en: str
    #: ISO 639-1
    language: str
    outlet_name: str
    #: how the outlet is described in a citation ("Argentine daily …"), "" for none
    description: str
    published_at: datetime | None
    #: the passage that matters, in the original and in English ("" where nothing is translated)
    excerpt: str
    excerpt_en: str
    #: what translated it ("embedded: apertium es-pt + pten-tiny"), "" where nothing did
    engine: str = ""
    #: ISO 3166-1 alpha-2 of the outlet, "" where unknown
    country: str = ""
    #: value of ``OutletKind``
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BriefContent:
    """Everything a brief is drafted from."""

    heading: str
    #: one or two sentences under the heading, "" for none
    summary: str
    sources: tuple[BriefSource, ...]
    #: IANA zone in which dates are shown
    timezone: str = "UTC"
    #: aware, UTC
    drafted_at: datetime | None = None
