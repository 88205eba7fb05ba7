"""What a feed, a sitemap or a section page lists."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class FeedKind(StrEnum):
    """What lies at an address that lists articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, with everything the feed gave for it."""

    #: identity inside its feed: the guid joined with the link, so that a reused guid loses nothing
    key: str
    #: absolute address of the article, as the feed gives it
    url: str
    #: headline as plain text, "" where the feed gives none
    title: str
    #: summary as plain text, "" where the feed gives none
    summary: str = ""
    #: full body as HTML where the feed carries one (content:encoded, Atom content, long description)
    html: str = ""
    #: names as given
    authors: tuple[str, ...] = ()
    #: aware, UTC; None where the feed gives none or an impossible one
    published_at: datetime | None = None
    #: aware, UTC
    updated_at: datetime | None = None
    #: categories and tags as given
    categories: tuple[str, ...] = ()
    #: ISO 639-1 where the item or its feed declares one
    language: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed that could be read, wholly or in part."""

    #: "rss20", "atom10", "rdf", "json", "sitemap", "section" …
    format: str
    #: items in the order of the feed, at most one for each key
    entries: tuple[Entry, ...]
    #: title of the feed
    title: str = ""
    #: what was wrong with it, one phrase each ("mismatched tag in line 12: 3 items recovered")
    problems: tuple[str, ...] = ()
    #: further addresses to read (sitemap indexes)
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Something that is no feed at all. ``reason`` is shown to people: "not RSS or Atom"."""

    reason: str
    #: what it seems to be: "html", "newsml", "empty", "json" …
    looks_like: str = ""
    details: dict[str, str] = field(default_factory=dict)
