"""What a run found, as plain values for tables and for ``--json``."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from monitor.model import StoredAlert, StoredArticle, StoredOutlet
from monitor.pipeline.health import recoveries, told
from monitor.storage.alerts import AlertFilter, list_alerts
from monitor.storage.articles import count_by_state, list_articles
from monitor.storage.health import status_changes
from monitor.storage.outbox import undelivered
from monitor.storage.outlets import list_outlets
from monitor.storage.session import Database
from monitor.storage.watchlist import config_states, newest_watchlist

#: for how long an outlet that is well again is told
LATELY = timedelta(days=2)
#: a digest that has not left after so long is told, for so long
LATE, TOLD = timedelta(hours=1), timedelta(days=14)


def report(database: Database, seconds: Mapping[str, float]) -> dict[str, Any]:
    """Outlets, articles and alerts of a store in the form that ``monitor demo --json`` prints.

    :param seconds: step → seconds it took.
    """
    with database.session() as session:
        outlets = [outlet for outlet in list_outlets(session) if outlet.enabled]
        articles = list_articles(session)
        alerts = list_alerts(session)
    return {
        "outlets": [outlet_object(outlet) for outlet in outlets],
        "articles": [article_object(article) for article in articles],
        "alerts": [alert_object(alert) for alert in alerts],
        "seconds": {step: round(value, 3) for step, value in seconds.items()},
    }


def outlet_object(outlet: StoredOutlet) -> dict[str, Any]:
    """One outlet: how its collection went."""
    shown: dict[str, Any] = {
        "id": outlet.id,
        "status": outlet.status,
        "since": outlet.since.isoformat() if outlet.since else None,
        "entries": outlet.entries,
        "articles": outlet.articles,
    }
    if outlet.alarm:
        shown["alarm"] = outlet.alarm
    if outlet.reason:
        shown["error"] = outlet.reason
    if outlet.problems:
        shown["problems"] = list(outlet.problems)
    return shown


def article_object(article: StoredArticle) -> dict[str, Any]:
    """One article: how far it came and what it is."""
    shown: dict[str, Any] = {
        "url": article.url,
        "outlet": article.outlet,
        "language": article.language,
        "state": article.state.value,
        "title": article.title,
        "title_en": article.title_en,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "words": article.words,
        "text_chars": article.text_chars,
        "content": article.content,
    }
    if article.reason:
        shown["reason"] = article.reason
    return shown


def alert_object(alert: StoredAlert) -> dict[str, Any]:
    """One alert: the article, the topic and the evidence."""
    return {
        "id": alert.id,
        "topic": alert.topic,
        "topic_version": alert.topic_version,
        "url": alert.url,
        "outlet": alert.outlet,
        "title": alert.title,
        "title_en": alert.title_en,
        "language": alert.language,
        "published_at": alert.published_at.isoformat() if alert.published_at else None,
        "content": alert.content,
        "score": alert.score,
        "story": alert.story_id or None,
        "status": alert.status,
        "evidence": [asdict(evidence) for evidence in alert.evidence],
    }


def status(database: Database, now: datetime) -> dict[str, Any]:
    """How the whole stands: articles by state, outlets and those that are well again, errors in files."""
    with database.session() as session:
        outlets = [outlet for outlet in list_outlets(session) if outlet.enabled]
        newest = newest_watchlist(session)
        return {
            "articles": count_by_state(session),
            "alerts": len(list_alerts(session)),
            "outlets": [outlet_object(outlet) for outlet in outlets],
            "recovered": {
                one.outlet.id: told(one.mended)
                for one in recoveries(outlets, status_changes(session, now - LATELY))
            },
            "watchlist": {
                "version": newest.id if newest else None,
                "applied_at": newest.applied_at.isoformat() if newest else None,
            },
            "config_errors": {
                state.name: state.error for state in config_states(session).values() if state.error
            },
            "undelivered": [
                asdict(one) | {"composed_at": one.composed_at.isoformat()}
                for one in undelivered(session, now - TOLD, now - LATE)
            ],
        }


def find_alerts(
    database: Database,
    *,
    topic: str = "",
    outlet: str = "",
    since: datetime | None = None,
    alert_id: int = 0,
    status: str = "",
) -> list[StoredAlert]:
    """The alerts that meet every condition given."""
    wanted = AlertFilter(topic=topic, outlet=outlet, since=since, alert_id=alert_id, status=status)
    with database.session() as session:
        return list_alerts(session, wanted)
