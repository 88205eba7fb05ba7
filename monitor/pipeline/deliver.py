"""deliver:

for each subscription whose period has ended:
    take the alerts it was not told yet, by topic
    add the coverage: what was fetched, blocked, broken or silent
    render it, store it in the outbox with its alerts marked as told, in one commit
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from monitor.model import (
    ArticleState,
    Coverage,
    DigestAlert,
    DigestContent,
    DigestStory,
    DigestTopic,
    OutletCoverage,
    RenderedDigest,
    StoredAlert,
    StoredOutlet,
)
from monitor.pipeline.context import Context
from monitor.steps.digest import render_digest
from monitor.storage.alerts import AlertFilter, list_alerts
from monitor.storage.articles import count_by_state
from monitor.storage.digests import DigestForStore, last_period_end, store_digest
from monitor.storage.outlets import list_outlets


@dataclass(frozen=True, slots=True)
class DigestWanted:
    """Which digest to compose."""

    subscription: str
    title: str
    period_start: datetime
    period_end: datetime
    #: include what was told before
    everything: bool = False


def compose(context: Context, wanted: DigestWanted) -> DigestContent:
    """Gather what one digest says; nothing is marked as told."""
    untold_to = "" if wanted.everything else wanted.subscription
    with context.database.session() as session:
        alerts = list_alerts(session, AlertFilter(untold_to=untold_to))
        outlets = list_outlets(session)
        states = count_by_state(session)
    return DigestContent(
        subscription=wanted.subscription,
        title=wanted.title,
        period_start=wanted.period_start,
        period_end=wanted.period_end,
        topics=tuple(_topics(context, alerts)),
        coverage=Coverage(
            outlets=tuple(_coverage(outlet) for outlet in outlets if outlet.enabled),
            articles=sum(states.values()),
            unread=states.get(ArticleState.QUARANTINED.value, 0),
            config_errors=context.config_errors,
        ),
    )


def write(content: DigestContent, folder: Path) -> tuple[RenderedDigest, Path]:
    """Render a digest and leave it as HTML and text in a folder.

    :returns: the rendered digest, and the path of its HTML.
    """
    rendered = render_digest(content)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{content.subscription}-{content.period_end:%Y-%m-%d}.html"
    path.write_text(rendered.html, encoding="utf-8")
    path.with_suffix(".txt").write_text(rendered.text, encoding="utf-8")
    return rendered, path


def deliver(context: Context, subscription: str, title: str) -> Path:
    """Compose the digest of what a subscription was not told yet, and keep it in the outbox.

    :returns: path of the HTML that was written.
    """
    now = context.clock()
    with context.database.session() as session:
        start = last_period_end(session, subscription) or now - timedelta(days=1)
    content = compose(context, DigestWanted(subscription, title, start, now))
    rendered, path = write(content, context.data / "digests")
    told = [alert.alert_id for topic in content.topics for story in topic.stories for alert in story.alerts]
    stored = DigestForStore(
        subscription=subscription,
        period_start=start,
        period_end=now,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        message_id=f"<{subscription}.{now:%Y%m%dT%H%M%S.%f}@monitor>",
    )
    with context.database.session() as session:
        store_digest(session, stored, told, now)
        session.commit()
    return path


def _topics(context: Context, alerts: Iterable[StoredAlert]) -> Iterable[DigestTopic]:
    by_topic = {topic: list(group) for topic, group in groupby(alerts, key=lambda alert: alert.topic)}
    order = {topic.id: index for index, topic in enumerate(context.watchlist.topics)}
    titles = {topic.id: topic.title for topic in context.watchlist.topics}
    for topic in sorted(by_topic, key=lambda topic: (order.get(topic, len(order)), topic)):
        yield DigestTopic(
            id=topic,
            title=titles.get(topic, topic),
            version=max(alert.topic_version for alert in by_topic[topic]),
            stories=tuple(DigestStory((_item(alert),)) for alert in by_topic[topic]),
        )


def _item(alert: StoredAlert) -> DigestAlert:
    return DigestAlert(
        alert_id=alert.id,
        url=alert.url,
        title=alert.title,
        title_en=alert.title_en,
        language=alert.language,
        outlet=alert.outlet,
        outlet_name=alert.outlet_name,
        country=alert.country,
        kind=alert.kind,
        published_at=alert.published_at,
        score=alert.score,
        evidence=alert.evidence,
        content=alert.content,
        lead_en=alert.lead_en,
    )


def _coverage(outlet: StoredOutlet) -> OutletCoverage:
    return OutletCoverage(
        id=outlet.id,
        name=outlet.name,
        status=outlet.status,
        articles=outlet.articles,
        since=outlet.since,
        reason=outlet.reason,
    )
