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
    return Answer(page, parsed, body_hash)


def read_index(
    fetcher: Fetcher, feed: FeedForPoll, index: Answer, outlet: Outlet, now: datetime
) -> Answer | FeedPolled:
    """The news of the newest sitemaps that an index names, as if it listed them itself.

    The hash is that of all bodies, and no validators are kept: an index often stays the same while its
    sitemaps change.
    """
    hashes, parts, failures = [index.body_hash], list[ParsedFeed](), list[FetchFailure]()
    for page in _pages(fetcher, index, outlet, now, parts):
        if isinstance(page, FetchFailure):
            failures.append(page)
        else:
            hashes.append(hashlib.sha256(page.body).hexdigest())
    if failures and not parts:
        return decide.feed_failed(feed, failures[0], now)
    page = replace(index.page, etag="", last_modified="")
    body_hash = hashlib.sha256(" ".join(hashes).encode()).hexdigest()
    if body_hash == feed.body_hash and not failures:
        return decide.feed_unchanged(replace(feed, etag="", last_modified=""), page, now)
    problems = [f"{failure.url}: {failure.reason}" for failure in failures]
    entries = {entry.key: entry for part in parts for entry in part.entries if _is_news(entry, now)}
    problems += dict.fromkeys(problem for part in parts for problem in part.problems)
    whole = replace(index.parsed, entries=tuple(entries.values()), problems=tuple(problems))
    return Answer(page, whole, body_hash)


def _pages(
    fetcher: Fetcher, index: Answer, outlet: Outlet, now: datetime, parts: list[ParsedFeed]
) -> Iterable[FetchedPage | FetchFailure]:
    """The sitemaps of an index, and of the indexes among them, read into ``parts``."""
    waiting, seen = likeliest(index.parsed.children), {index.page.url, index.page.final_url}
    for _ in range(MOST_CHILDREN):
        url = next((one for one in waiting if one not in seen), "")
        if not url:
            return
        seen.add(url)
        page = fetcher.fetch(FetchRequest(url))
        yield page
        if isinstance(page, FetchFailure):
            continue
        parsed = parse(FeedKind.SITEMAP, page.body, page.final_url, now, page.content_type, outlet.timezone)
        if isinstance(parsed, ParsedFeed):
            parts.append(parsed)
            waiting = [*likeliest(parsed.children), *waiting]


def likeliest(urls: Iterable[str]) -> list[str]:
    """The sitemaps that call themselves news; else those not of tags, authors and the like; else all."""
    listed = list(urls)
    news = [url for url in listed if _NEWS.search(urlsplit(url).path)]
    return news or [url for url in listed if not _DULL.search(urlsplit(url).path)] or listed


def _is_news(entry: Entry, now: datetime) -> bool:
    moment = entry.published_at or entry.updated_at
    return moment is None or now - moment <= NEWS_AGE
