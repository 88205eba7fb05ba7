"""collect:

for each feed that is due, many hosts at a time:
    fetch it, conditionally
    nothing new, or the same body as last time: note that
    read its entries
    store those not seen before as new articles, with the feed's next due time, in one commit
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog

from monitor.errors import InputError
from monitor.model import (
    Entry,
    EntryForStore,
    FeedForPoll,
    FeedPolled,
    FetchedPage,
    FetchFailure,
    FetchRequest,
    Outlet,
    ParseFailure,
)
from monitor.pipeline import decide
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import by_host, run_groups
from monitor.steps.parse import parse
from monitor.storage.entries import store_entries
from monitor.storage.outlets import feeds_due, record_poll, sync_outlets
from monitor.text.urls import canonical_url, is_wrapper, url_key

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Poll:
    """One feed's answer, read: what to keep and which entries it lists."""

    outcome: FeedPolled
    entries: tuple[EntryForStore, ...] = ()


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
    polled: list[int] = []

    def work(feed: FeedForPoll) -> bool:
        found.append(collect_feed(context, feed))
        return True

    def done() -> None:
        polled.append(1)
        context.progress("collect", len(polled), len(feeds))

    run_groups(by_host(feeds, lambda feed: feed.url), work, context.connections, done)
    return sum(found)


def collect_feed(context: Context, feed: FeedForPoll) -> int:
    """Poll one feed and keep what it gave, in one commit.

    :returns: how many articles were new.
    """
    request = FetchRequest(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    answer = context.fetcher.fetch(request)
    now = context.clock()
    poll = read_answer(feed, answer, context.outlets[feed.outlet_id], now)
    with context.database.session() as session:
        found = store_entries(session, feed.id, feed.outlet_id, poll.entries, now)
        record_poll(session, feed, poll.outcome, now)
        session.commit()
    status = poll.outcome.status.value
    log.info(
        "collect", status=status, feed=feed.url, outlet=feed.outlet_id, new=found, reason=poll.outcome.reason
    )
    return found


def read_answer(feed: FeedForPoll, answer: FetchedPage | FetchFailure, outlet: Outlet, now: datetime) -> Poll:
    """Turn what came from the network into what is to be kept."""
    if isinstance(answer, FetchFailure):
        return Poll(decide.feed_failed(feed, answer, now))
    body_hash = hashlib.sha256(answer.body).hexdigest()
    # Some servers change a feed under one ETag, others send one body under many: the body decides.
    if answer.status == 304 or body_hash == feed.body_hash:
        return Poll(decide.feed_unchanged(feed, answer, now))
    parsed = parse(feed.kind, answer.body, answer.final_url, now, answer.content_type, outlet.timezone)
    if isinstance(parsed, ParseFailure):
        return Poll(decide.feed_unreadable(feed, parsed, now))
    outcome = decide.feed_changed(feed, answer, parsed, body_hash, now)
    return Poll(outcome, tuple(_entries_for_store(parsed.entries, outlet)))


def _entries_for_store(entries: Iterable[Entry], outlet: Outlet) -> Iterable[EntryForStore]:
    for entry in entries:
        try:
            url = canonical_url(entry.url, outlet.host_rewrites)
        except InputError as error:
            log.warning("collect", status="entry-refused", outlet=outlet.id, reason=str(error))
            continue
        if is_wrapper(url):
            log.warning("collect", status="entry-refused", outlet=outlet.id, reason=f"{url} hides its target")
            continue
        yield EntryForStore(hashlib.sha256(entry.key.encode()).hexdigest(), url, entry, url_key(url))
