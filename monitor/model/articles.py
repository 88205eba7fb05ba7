"""Articles on their way from page to text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ArticleState(StrEnum):
    """How far an article has come; every step commits the next one."""

    NEW = "new"
    FETCHED = "fetched"
    EXTRACTED = "extracted"
    TRANSLATED = "translated"
    MATCHED = "matched"
    QUARANTINED = "quarantined"


class Content(StrEnum):
    """Where an article's text came from."""

    PAGE = "page"
    FEED = "feed"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """What could be read from one HTML page."""

    #: headline without the site's name, "" where none was found
    title: str
    #: paragraphs separated by one newline, no markup
    text: str
    authors: tuple[str, ...] = ()
    #: aware, UTC
    published_at: datetime | None = None
    modified_at: datetime | None = None
    #: language the page declares, ISO 639-1, or ""
    language: str = ""
    #: name of the site as the page gives it
    site: str = ""
    #: rel=canonical or og:url, absolute, or ""
    canonical_url: str = ""
    section: str = ""
    #: the page says that the rest is for subscribers, or is a consent wall
    paywalled: bool = False
    #: the same moment as ``published_at`` with the page's or outlet's own offset, for quoting the day
    published_local: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageHints:
    """What an outlet's pages need beyond the generic rules, as ``config/outlets.yaml`` gives it."""

    #: CSS selectors whose text is kept where the generic rules lose it
    keep: tuple[str, ...] = ()
    #: CSS selectors removed before extraction
    drop: tuple[str, ...] = ()
    #: how its dates are written, as ``strptime`` has it (*%m/%d/%Y*); "" where the generic rules read them
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language of a text: ISO 639-1, or "und" where nothing can be said."""

    language: str
    #: 0 to 1
    confidence: float
