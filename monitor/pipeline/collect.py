"""collect:

for each feed that is due, many hosts at a time:
    fetch it, conditionally
    nothing new, or the same body as last time: note that
    read its entries, of a sitemap index those of its newest sitemaps
    hand in what was read
what was handed in is kept within a second or so, some feeds in one commit:
    entries not seen before as new articles, with each feed's next due time
then, for each outlet that answers:
    silent for longer than usual, or a day with unusually few or many articles: note that
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from monitor.errors import DatabaseUnavailable, InputError
from monitor.model import (
    EntriesForStore,
    Entry,
    EntryForStore,
    FeedForPoll,
    FeedKept,
    FeedPolled,
    FetchRequest,
    Outlet,
)
from monitor.pipeline import decide
from monitor.pipeline.answers import Answer, read_answer, read_index
from monitor.pipeline.batches import Batches
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import by_host, counter, run_groups
from monitor.pipeline.volume import WINDOW, Verdict, judge
from monitor.storage.entries import store_entries, unseen_entries
from monitor.storage.health import last_news, mark_watched, put_verdict, volumes
from monitor.storage.outlets import feeds_due, record_polls, sync_outlets
from monitor.text.urls import canonical_key, canonical_url, fetch_url, is_wrapper

log = structlog.get_logger(__name__)

#: most feeds kept in one commit
TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Polled:
    """A feed that was polled: what it gave, or what is to be kept of a poll that gave nothing to read."""

    feed: FeedForPoll
    outlet: Outlet
    answer: Answer | FeedPolled
    at: datetime


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
    count = counter(context.progress, "collect", len(feeds))
    groups = by_host(feeds, lambda feed: feed.url)
    del feeds  # each is forgotten once it is polled
    with Batches[Polled].open(lambda polled: found.append(_kept(context, polled)), TOGETHER) as batches:

        def work(feed: FeedForPoll) -> bool:
            with _mishap_of(context, feed):
                batches.put(poll(context, feed))
            return True

        run_groups(groups, work, context.connections, count)
    watch_volume(context)
    return sum(found)


def collect_feed(context: Context, feed: FeedForPoll) -> int:
    """Poll one feed and keep what it gave, in one commit.

    :returns: how many articles were new.
    """
    return keep(context, [poll(context, feed)])


def poll(context: Context, feed: FeedForPoll) -> Polled:
    """Fetch and read one feed."""
    etag, last_modified = decide.validators(feed, context.clock())
    page = context.fetcher.fetch(FetchRequest(feed.url, etag=etag, last_modified=last_modified))
    outlet, now = context.outlets[feed.outlet_id], context.clock()
    answer = read_answer(feed, page, outlet, now)
    if isinstance(answer, Answer) and answer.parsed.children and not answer.parsed.entries:
        answer = read_index(context.fetcher, feed, answer, outlet, now)
    return Polled(feed, outlet, answer, now)


def _kept(context: Context, polled: Sequence[Polled]) -> int:
    """Keep them together or, where one of them meets a bug, each for itself."""
    try:
        return keep(context, polled)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # whose bug it is shows when each is kept alone
        log.warning("collect", status="kept-one-by-one", feeds=len(polled), exc_info=error)
        found = 0
        for one in polled:
            with _mishap_of(context, one.feed):
                found += keep(context, [one])
        return found


@contextmanager
def _mishap_of(context: Context, feed: FeedForPoll) -> Iterator[None]:
    """A bug met by one feed must not stop the others, nor look like silence; it is polled again."""
    try:
        yield
    except DatabaseUnavailable:
        raise
    except Exception as error:
        log.error("collect", status="failed", feed=feed.url, outlet=feed.outlet_id, exc_info=error)
        now = context.clock()
        with context.database.session() as session:
            record_polls(session, [(feed, decide.feed_mishap(feed, type(error).__name__, now))], now)
            session.commit()


def keep(context: Context, polled: Sequence[Polled]) -> int:
    """Keep what feeds gave, in one commit.

    :returns: how many articles were new.
    """
    now = context.clock()
    with context.database.session() as session:
        listed = _listed(polled)
        unseen = unseen_entries(session, list(listed))
        # Most entries were seen before: only for the others are their addresses worked out.
        fresh = {place: entry for place, entry in listed.items() if place in unseen}
        chosen = _for_store(polled, fresh)
        found = store_entries(session, chosen, now)
        counts = _counts(fresh, chosen, found)
        outcomes = [(one.feed, _outcome(one, counts.get(one.feed.id, FeedKept()))) for one in polled]
        record_polls(session, outcomes, now)
        session.commit()
    for feed, outcome in outcomes:
        log.info(
            "collect",
            status=outcome.status.value,
            feed=feed.url,
            outlet=feed.outlet_id,
            new=found.get(feed.id, 0),
            reason=outcome.reason,
        )
    return sum(found.values())


def _listed(polled: Iterable[Polled]) -> dict[tuple[int, str], Entry]:
    """(feed, key) → entry, for all that were read."""
    return {
        (one.feed.id, _hash(entry)): entry
        for one in polled
        if isinstance(one.answer, Answer)
        for entry in one.answer.parsed.entries
    }


def _for_store(polled: Iterable[Polled], fresh: Mapping[tuple[int, str], Entry]) -> list[EntriesForStore]:
    by_feed: dict[int, list[Entry]] = {}
    for (feed_id, _), entry in fresh.items():
        by_feed.setdefault(feed_id, []).append(entry)
    return [
        EntriesForStore(
            one.feed.id, one.outlet.id, tuple(entries_for_store(by_feed[one.feed.id], one.outlet))
        )
        for one in polled
        if one.feed.id in by_feed
    ]


def _counts(
    fresh: Iterable[tuple[int, str]], chosen: Iterable[EntriesForStore], found: Mapping[int, int]
) -> dict[int, FeedKept]:
    """Feed → how many of its entries were new."""
    unseen = Counter(feed_id for feed_id, _ in fresh)
    stored = {one.feed_id: len(one.entries) for one in chosen}
    return {
        feed_id: FeedKept(found.get(feed_id, 0), count, count - stored[feed_id])
        for feed_id, count in unseen.items()
    }


def _outcome(polled: Polled, kept: FeedKept) -> FeedPolled:
    answer = polled.answer
    if isinstance(answer, FeedPolled):
        return answer
    return decide.feed_read(polled.feed, answer.page, answer.parsed, answer.body_hash, kept, polled.at)


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
        source = fetch_url(entry.url, outlet.host_rewrites)
        fetched = entry if source == entry.url else replace(entry, url=source)
        yield EntryForStore(_hash(entry), url, fetched, canonical_key(url))


def _hash(entry: Entry) -> str:
    """What tells an entry from those seen before.

    An entry whose text grew twice as long, or more, counts as another one: it is looked at again.
    """
    size = len(entry.html or entry.summary).bit_length()
    return hashlib.sha256(f"{entry.key}\n{size}".encode()).hexdigest()
