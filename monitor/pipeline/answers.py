"""What a feed answered, read; of a sitemap index the sitemaps it names, too."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.model import (
    Entry,
    FeedForPoll,
    FeedKind,
    FeedPolled,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
    FetchRequest,
    Outlet,
    ParsedFeed,
    ParseFailure,
)
from monitor.pipeline import decide
from monitor.ports import Fetcher
from monitor.steps.parse import parse

#: most sitemaps read of one index in one poll
MOST_CHILDREN = 5
#: entries of an index's sitemaps that are older are the outlet's archive, not its news
NEWS_AGE = timedelta(days=7)
_NEWS = re.compile(r"(?i)news|notic|google")
_DULL = re.compile(r"(?i)tag|categor|author|autor|page|pagina|image|imagen|video|taxonom|user")


@dataclass(frozen=True, slots=True)
class Answer:
    """A feed's answer that was read: what it holds, and what tells its body from another."""

    #: without its body: many wait to be kept, and a body may have megabytes
    page: FetchedPage
    parsed: ParsedFeed
    body_hash: str


def read_answer(
    feed: FeedForPoll, page: FetchedPage | FetchFailure, outlet: Outlet, now: datetime
) -> Answer | FeedPolled:
    """Read what came from the network, or say what is to be kept of a poll that gave nothing to read."""
    if isinstance(page, FetchFailure):
        return decide.feed_failed(feed, page, now)
    body_hash = hashlib.sha256(page.body).hexdigest()
    # Some servers change a feed under one ETag, others send one body under many: the body decides.
    if page.status == 304 or body_hash == feed.body_hash:
        return decide.feed_unchanged(feed, page, now)
    parsed = parse(feed.kind, page.body, page.final_url, now, page.content_type, outlet.timezone)
    if isinstance(parsed, ParseFailure):
        return decide.feed_unreadable(feed, parsed, now)
    return Answer(replace(page, body=b""), parsed, body_hash)


def read_index(
    fetcher: Fetcher, feed: FeedForPoll, index: Answer, outlet: Outlet, now: datetime
) -> Answer | FeedPolled:
    """The news of the newest sitemaps that an index names, as if it listed them itself.

    The hash is that of all bodies, and no validators are kept: an index often stays the same while its
    sitemaps change.
    """
    found = followed(fetcher, index.page, index.parsed, outlet.timezone, now)
    if found.failures and not found.bodies:
        return decide.feed_failed(feed, found.failures[0], now)
    page = replace(index.page, etag="", last_modified="")
    body_hash = hashlib.sha256(" ".join([index.body_hash, *found.bodies]).encode()).hexdigest()
    if body_hash == feed.body_hash and not found.failures:
        return decide.feed_unchanged(replace(feed, etag="", last_modified=""), page, now)
    return Answer(page, found.parsed, body_hash)


@dataclass(frozen=True, slots=True)
class Followed:
    """The sitemaps of an index, read as one."""

    parsed: ParsedFeed
    #: SHA-256 of each sitemap that came
    bodies: tuple[str, ...]
    failures: tuple[FetchFailure, ...]


def followed(
    fetcher: Fetcher, page: FetchedPage, index: ParsedFeed, timezone: str, now: datetime
) -> Followed:
    """Read the likeliest sitemaps of an index, and of the indexes among them."""
    parts, bodies, failures = list[ParsedFeed](), list[str](), list[FetchFailure]()
    waiting, seen = likeliest(index.children), {page.url, page.final_url}
    for _ in range(MOST_CHILDREN):
        url = next((one for one in waiting if one not in seen), "")
        if not url:
            break
        seen.add(url)
        child = fetcher.fetch(FetchRequest(url))
        if isinstance(child, FetchFailure):
            failures.append(child)
            continue
        bodies.append(hashlib.sha256(child.body).hexdigest())
        parsed = parse(FeedKind.SITEMAP, child.body, child.final_url, now, child.content_type, timezone)
        if isinstance(parsed, ParsedFeed):
            parts.append(parsed)
            waiting = [*likeliest(parsed.children), *waiting]
        else:
            failures.append(FetchFailure(url, FetchFailureKind.PROTOCOL, parsed.reason))
    return Followed(_as_one(index, parts, failures, now), tuple(bodies), tuple(failures))


def _as_one(
    index: ParsedFeed, parts: Iterable[ParsedFeed], failures: Iterable[FetchFailure], now: datetime
) -> ParsedFeed:
    entries = {entry.key: entry for part in parts for entry in part.entries if _is_news(entry, now)}
    problems = [f"{failure.url}: {failure.reason}" for failure in failures]
    problems += dict.fromkeys(problem for part in parts for problem in part.problems)
    return replace(index, entries=tuple(entries.values()), problems=tuple(problems))


def likeliest(urls: Iterable[str]) -> list[str]:
    """The sitemaps that call themselves news; else those not of tags, authors and the like; else all."""
    listed = list(urls)
    news = [url for url in listed if _NEWS.search(urlsplit(url).path)]
    return news or [url for url in listed if not _DULL.search(urlsplit(url).path)] or listed


def _is_news(entry: Entry, now: datetime) -> bool:
    moment = entry.published_at or entry.updated_at
    return moment is None or now - moment <= NEWS_AGE
