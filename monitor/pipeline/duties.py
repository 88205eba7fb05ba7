"""Duties: the same work as ``collect``, ``process`` and ``deliver``, in pieces that many workers can share.

What is to be done is read off the store each time: nothing is lost with a queue, and a piece done twice
changes nothing the second time.

    collect   one feed, the page of one article (new, late, or a second look), the volume of all outlets
    process   one article: read, translated, matched; the stories; what is not kept for ever
    deliver   the digest of one subscription, the outbox
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from monitor.model import ArticleState, Outlet
from monitor.pipeline.collect import collect_feed, watch_volume
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import compose_due, wanted_now
from monitor.pipeline.hosts import host
from monitor.pipeline.looks import look_at
from monitor.pipeline.outbox import due as deliveries_due
from monitor.pipeline.outbox import send_due
from monitor.pipeline.pages import fetch_late_page, fetch_page
from monitor.pipeline.process import process_article
from monitor.pipeline.stories import group_stories
from monitor.storage import articles
from monitor.storage.copies import forget_old_texts
from monitor.storage.outlets import feed_due, feeds_due, sync_outlets
from monitor.storage.retention import drop_texts, texts_before
from monitor.storage.revisions import looks_due
from monitor.storage.session import Database
from monitor.storage.stories import waiting_articles

log = structlog.get_logger(__name__)

#: articles whose texts are dropped in one commit
BATCH = 500


class Kind(StrEnum):
    """What is to be done; also the name of the job."""

    FEED = "feed"
    PAGE = "page"
    LATE_PAGE = "late-page"
    LOOK = "look"
    WATCH = "watch"
    ARTICLE = "article"
    STORIES = "stories"
    CLEAN = "clean"
    DIGEST = "digest"
    OUTBOX = "outbox"


#: queue → kinds that wait in it
QUEUES: dict[str, tuple[Kind, ...]] = {
    "collect": (Kind.FEED, Kind.PAGE, Kind.LATE_PAGE, Kind.LOOK, Kind.WATCH),
    "process": (Kind.ARTICLE, Kind.STORIES, Kind.CLEAN),
    "deliver": (Kind.DIGEST, Kind.OUTBOX),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One piece of work."""

    kind: Kind
    #: id of a feed or article, name of a subscription, "" where there is only one
    subject: str = ""
    #: two duties under one lock never run at a time, "" for the duty's own name
    lock: str = ""
    #: higher comes first
    priority: int = 0

    @property
    def name(self) -> str:
        """By which it is known that it waits already."""
        return f"{self.kind}:{self.subject}"


def duties(context: Context) -> Iterator[Duty]:
    """Everything that is due now, in the order in which it should begin."""
    now = context.clock()
    for subscription in context.subscriptions:
        if wanted_now(context, subscription):
            yield Duty(Kind.DIGEST, subscription.name)
    if deliveries_due(context):
        yield Duty(Kind.OUTBOX)
    yield from _reading(context.database, now)
    yield from _fetching(context.database, now)


def _reading(database: Database, now: datetime) -> Iterator[Duty]:
    """Copies wait: when their turn comes, what they say is translated already."""
    read = [ArticleState.FETCHED, ArticleState.EXTRACTED, ArticleState.TRANSLATED]
    with database.session() as session:
        grouped = not waiting_articles(session)
        found = {copies: articles.articles_due(session, read, now, copies=copies) for copies in (False, True)}
    if not grouped:
        yield Duty(Kind.STORIES, priority=1)
    for copies, items in found.items():
        for number, _ in items:
            yield Duty(Kind.ARTICLE, str(number), priority=-int(copies))


def _fetching(database: Database, now: datetime) -> Iterator[Duty]:
    """One address of a host after the other, so that no thread waits for another one's host."""
    with database.session() as session:
        feeds = feeds_due(session, now)
        pages = {
            Kind.LATE_PAGE: articles.pages_due(session, now),
            Kind.LOOK: looks_due(session, now),
            Kind.PAGE: articles.articles_due(session, [ArticleState.NEW], now),
        }
    for feed in feeds:
        yield Duty(Kind.FEED, str(feed.id), f"host:{host(feed.url)}", priority=2)
    for priority, (kind, items) in enumerate(pages.items(), -1):
        for number, address in items:
            yield Duty(kind, str(number), f"host:{host(address)}", priority)


def take_catalogue(context: Context, known: Mapping[str, Outlet] | None) -> Mapping[str, Outlet]:
    """Make the store agree with the catalogue where that is another one than before.

    :param known: what this returned last time, None at first.
    """
    if context.outlets is not known:
        with context.database.session() as session:
            sync_outlets(session, context.outlets.values())
            session.commit()
    return context.outlets


def perform(context: Context, kind: Kind, subject: str, keep_days: int = 0) -> None:
    """Do one piece of work; what came too late, or was done meanwhile, changes nothing.

    :param keep_days: as :func:`clean_up`.
    :raises DatabaseUnavailable: nothing can be kept.
    """
    if kind is Kind.CLEAN:
        clean_up(context, keep_days)
    else:
        WORK[kind](context, subject)


def _feed(context: Context, subject: str) -> None:
    with context.database.session() as session:
        feed = feed_due(session, int(subject), context.clock())
    if feed and feed.outlet_id in context.outlets:
        collect_feed(context, feed)


def _page(context: Context, subject: str) -> None:
    with context.database.session() as session:
        state = articles.current_state(session, int(subject))
    if state is ArticleState.NEW:
        fetch_page(context, int(subject))


def _late_page(context: Context, subject: str) -> None:
    with context.database.session() as session:
        state = articles.current_state(session, int(subject))
    if state is ArticleState.MATCHED:
        fetch_late_page(context, int(subject))


def _look(context: Context, subject: str) -> None:
    with context.database.session() as session:
        address = dict(looks_due(session, context.clock())).get(int(subject))
    if address:
        look_at(context, int(subject), address)


def _digest(context: Context, subject: str) -> None:
    chosen = tuple(one for one in context.subscriptions if one.name == subject)
    compose_due(replace(context, subscriptions=chosen))
    send_due(context)


def clean_up(context: Context, keep_days: int) -> int:
    """Drop what is not kept: fingerprints of old texts, and texts older than so many days without an alert.

    :param keep_days: 0 keeps every text.
    :returns: how many articles lost their text.
    """
    now, count = context.clock(), 0
    with context.database.session() as session:
        forget_old_texts(session, now)
        session.commit()
        while keep_days and (old := texts_before(session, now - timedelta(days=keep_days), BATCH)):
            drop_texts(session, old)
            session.commit()
            count += len(old)
    if count:
        log.info("clean", status="dropped", texts=count, older_than_days=keep_days)
    return count


WORK: dict[Kind, Callable[[Context, str], object]] = {
    Kind.FEED: _feed,
    Kind.PAGE: _page,
    Kind.LATE_PAGE: _late_page,
    Kind.LOOK: _look,
    Kind.WATCH: lambda context, _: watch_volume(context),
    Kind.ARTICLE: lambda context, subject: process_article(context, int(subject)),
    Kind.STORIES: lambda context, _: group_stories(context),
    Kind.DIGEST: _digest,
    Kind.OUTBOX: lambda context, _: send_due(context),
}
