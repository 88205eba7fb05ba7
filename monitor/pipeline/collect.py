"""collect:

for each feed that is due, many hosts at a time:
    fetch it, conditionally
    nothing new, or the same body as last time: note that
    read its entries
    store those not seen before as new articles, with the feed's next due time, in one commit
then, for each outlet that answers:
    silent for longer than usual, or a day with unusually few or many articles: note that
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog

from monitor.errors import DatabaseUnavailable, InputError
from monitor.model import (
    Entry,
    EntryForStore,
    FeedForPoll,
    FeedPolled,
    FetchedPage,
    FetchFailure,
    FetchRequest,
    Outlet,
    ParsedFeed,
    ParseFailure,
)
from monitor.pipeline import decide
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import by_host, counter, run_groups
from monitor.pipeline.volume import WINDOW, Verdict, judge
from monitor.steps.parse import parse
from monitor.storage.entries import store_entries, unseen_keys
from monitor.storage.health import last_news, mark_watched, put_verdict, volumes
from monitor.storage.outlets import feeds_due, record_poll, sync_outlets
from monitor.text.urls import canonical_key, canonical_url, is_wrapper

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A feed's answer that was read: what it holds, and what tells its body from another."""

    page: FetchedPage
    parsed: ParsedFeed
    body_hash: str


def collect(context: Context, *, everything: bool = False) -> int:
    """Poll the feeds that are due, or all active ones.

    :returns: how many articles were new.
    """
    now = context.clock()
    with context.database.session() as session:
        sync_outlets(session, context.outlets.values())
        feeds = feeds_due(session, now, everything=everything)
        session.commit()
    found: list[int] = []

    def work(feed: FeedForPoll) -> bool:
        found.append(_collected(context, feed))
        return True

    count = counter(context.progress, "collect", len(feeds))
    run_groups(by_host(feeds, lambda feed: feed.url), work, context.connections, count)
    watch_volume(context)
    return sum(found)


def _collected(context: Context, feed: FeedForPoll) -> int:
    try:
        return collect_feed(context, feed)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # a bug met by one feed must not stop the others; it is polled again
        log.error("collect", status="failed", feed=feed.url, outlet=feed.outlet_id, exc_info=error)
        return 0


def collect_feed(context: Context, feed: FeedForPoll) -> int:
    """Poll one feed and keep what it gave, in one commit.

    :returns: how many articles were new.
    """
    request = FetchRequest(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    page = context.fetcher.fetch(request)
    now = context.clock()
    outlet = context.outlets[feed.outlet_id]
    answer = read_answer(feed, page, outlet, now)
    with context.database.session() as session:
        found = 0
        if isinstance(answer, Answer):
            # Most entries were seen before: only for the others are their addresses worked out.
            listed = {_hash(entry): entry for entry in answer.parsed.entries}
            unseen = (listed[key] for key in unseen_keys(session, feed.id, list(listed)))
            found = store_entries(session, feed.id, outlet.id, list(entries_for_store(unseen, outlet)), now)
            answer = decide.feed_read(feed, answer.page, answer.parsed, answer.body_hash, found, now)
        record_poll(session, feed, answer, now)
        session.commit()
    status, reason = answer.status.value, answer.reason
    log.info("collect", status=status, feed=feed.url, outlet=feed.outlet_id, new=found, reason=reason)
    return found


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


def watch_volume(context: Context) -> None:
    """Note which outlets are silent, or gave unusually few or many articles yesterday."""
    now = context.clock()
    with context.database.session() as session:
        mark_watched(session, now)
        counted = volumes(session, now, WINDOW)
        for outlet_id, (newest, alarm) in last_news(session).items():
            verdict = judge(counted.get(outlet_id, {}), newest, now)
            if verdict != Verdict() or alarm:
                put_verdict(session, outlet_id, verdict.silence, verdict.alarm, now)
        session.commit()


def entries_for_store(entries: Iterable[Entry], outlet: Outlet) -> Iterable[EntryForStore]:
    """Entries with the identity of their articles; those that lead nowhere are left out."""
    for entry in entries:
        try:
            url = canonical_url(entry.url, outlet.host_rewrites)
        except InputError as error:
            log.warning("collect", status="entry-refused", outlet=outlet.id, reason=str(error))
            continue
        if is_wrapper(url):
            log.warning("collect", status="entry-refused", outlet=outlet.id, reason=f"{url} hides its target")
            continue
        yield EntryForStore(_hash(entry), url, entry, canonical_key(url))


def _hash(entry: Entry) -> str:
    return hashlib.sha256(entry.key.encode()).hexdigest()
