"""Subscriptions in force, and which alerts belong to each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from monitor.config.digests import Known, Subscription, load_digests
from monitor.errors import ConfigError, QueryError
from monitor.model import ArticleForMatch, StoredAlert
from monitor.pipeline.context import Context
from monitor.pipeline.files import in_force
from monitor.pipeline.reload import WatchedFile
from monitor.steps.match import Matcher, TopicQuery, compile_watchlist
from monitor.storage.alerts import load_many_for_match
from monitor.storage.session import Database

log = structlog.get_logger(__name__)


def digests_file(path: Callable[[], Path]) -> WatchedFile:
    """Who gets which digests. A bad file never stops the collection, and names that are gone no digest."""

    def read(context: Context, path: Path) -> tuple[Context, str]:
        try:
            file = in_force(context.database, path, load_digests, context.clock())
        except ConfigError as error:  # and no good one was ever kept
            return context, str(error)
        known = Known(context.watchlist, frozenset(context.outlets))
        return replace(context, subscriptions=file.value), file.error or _unknown_names(path, known)

    return WatchedFile(path, read)


def _unknown_names(path: Path, known: Known) -> str:
    """What the file names that is not there: a warning, for the rest of the digest must not suffer."""
    try:
        load_digests(path, known)
    except ConfigError as error:
        return str(error)
    return ""


def wanted_topics(context: Context, subscription: Subscription) -> list[str]:
    """The topics of the watchlist that a subscription is told about, in the watchlist's order."""
    no_outlet = replace(subscription, outlets=())
    return [topic.id for topic in context.watchlist.topics if no_outlet.wants(topic.id, topic.priority, "")]


def chosen(context: Context, subscription: Subscription, alerts: Iterable[StoredAlert]) -> list[StoredAlert]:
    """The alerts that belong to a subscription, in the order given."""
    priorities: dict[str, str] = {topic.id: topic.priority for topic in context.watchlist.topics}
    wanted = [
        alert
        for alert in alerts
        if subscription.wants(alert.topic, priorities.get(alert.topic, ""), alert.outlet)
    ]
    matcher = _matcher(context, subscription)
    return _meeting(context.database, matcher, wanted) if matcher and wanted else wanted


def _matcher(context: Context, subscription: Subscription) -> Matcher | None:
    """The subscription's query, None where it has none or one that cannot be used (any more).

    A list that left the watchlist must not silence a mail: without its query it tells more, and the error is
    told with it.
    """
    if not subscription.query:
        return None
    try:
        query = TopicQuery(subscription.name, subscription.query)
        return compile_watchlist([query], context.watchlist.lists)
    except QueryError as error:
        log.error("deliver", status="query-ignored", subscription=subscription.name, reason=str(error))
        return None


def _meeting(database: Database, matcher: Matcher, alerts: Sequence[StoredAlert]) -> list[StoredAlert]:
    with database.session() as session:
        articles = load_many_for_match(session, {alert.article_id for alert in alerts})
    met = {number for number, article in articles.items() if _meets(matcher, article)}
    return [alert for alert in alerts if alert.article_id in met]


def _meets(matcher: Matcher, article: ArticleForMatch) -> bool:
    return bool(matcher.match(article))
