"""What one digest says: alerts by topic and story, what changed, what was seen and what was not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.config.digests import Subscription
from monitor.model import (
    Coverage,
    DigestAlert,
    DigestChange,
    DigestContent,
    DigestStory,
    DigestTopic,
    OutletCoverage,
    StoredAlert,
    StoredOutlet,
    StoredStory,
)
from monitor.pipeline.context import Context
from monitor.pipeline.subscriptions import chosen, wanted_topics
from monitor.pipeline.triage import topic_precision
from monitor.storage import digests
from monitor.storage.alerts import AlertFilter, list_alerts
from monitor.storage.outlets import list_outlets
from monitor.storage.story_list import StoryFilter, list_stories


@dataclass(frozen=True, slots=True)
class DigestWanted:
    """Which digest to compose."""

    subscription: Subscription
    period_start: datetime
    period_end: datetime
    #: include what was told before
    everything: bool = False
    #: only alerts raised in this time, half open; None: no bound
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store knows for one digest."""

    alerts: Sequence[StoredAlert]
    stories: Mapping[int, StoredStory]
    #: ids of the stories told before
    told: set[int]
    changes: tuple[DigestChange, ...]
    coverage: Coverage


def compose(context: Context, wanted: DigestWanted) -> DigestContent:
    """Gather what one digest says; nothing is marked as told."""
    found, subscription = _find(context, wanted), wanted.subscription
    return DigestContent(
        subscription=subscription.name,
        title=subscription.title or subscription.name,
        period_start=wanted.period_start,
        period_end=wanted.period_end,
        topics=tuple(_topics(context, subscription, found)),
        coverage=found.coverage,
        frame=subscription.language,
        timezone=subscription.schedule.timezone,
        base_url=context.base_url,
        limit=subscription.limit,
        changes=found.changes,
    )


def _find(context: Context, wanted: DigestWanted) -> _Found:
    name, start, end = wanted.subscription.name, wanted.period_start, wanted.period_end
    untold = "" if wanted.everything else name
    with context.database.session() as session:
        raised = list_alerts(session, AlertFilter(untold_to=untold, since=wanted.since, until=wanted.until))
        alerts = chosen(context, wanted.subscription, raised)
        numbers = tuple({alert.story_id for alert in alerts})
        told = set() if wanted.everything else digests.told_stories(session, name)
        outlets = list_outlets(session)
        return _Found(
            alerts=alerts,
            stories={one.id: one for one in list_stories(session, StoryFilter(ids=numbers))},
            told=told,
            changes=tuple(digests.changes_of_told(session, name, start, end)),
            coverage=_coverage(
                context, outlets, digests.articles_found(session, start, end), digests.unread_reasons(session)
            ),
        )


def _topics(context: Context, subscription: Subscription, found: _Found) -> Iterable[DigestTopic]:
    """Every topic of the subscription, with or without alerts; topics that left the watchlist come last."""
    by_topic: dict[str, list[StoredAlert]] = {}
    for alert in found.alerts:
        by_topic.setdefault(alert.topic, []).append(alert)
    titles = {topic.id: topic.title for topic in context.watchlist.topics}
    precision = topic_precision(context)
    for topic in dict.fromkeys([*wanted_topics(context, subscription), *sorted(by_topic)]):
        alerts = by_topic.get(topic, [])
        yield DigestTopic(
            id=topic,
            title=titles.get(topic, topic),
            version=max([context.versions.get(topic, 0), *(alert.topic_version for alert in alerts)]),
            stories=tuple(stories_of(alerts, found.stories, found.told)),
            precision=precision.get(topic),
        )


def stories_of(
    alerts: Sequence[StoredAlert], stories: Mapping[int, StoredStory], told: set[int]
) -> list[DigestStory]:
    """Alerts of one topic by story: new stories first, the strongest first; in each the best-placed first.

    :param alerts: the highest score first; one without a story stands alone.
    """
    groups: dict[tuple[int, int], list[StoredAlert]] = {}
    for alert in alerts:
        groups.setdefault((alert.story_id, 0 if alert.story_id else alert.id), []).append(alert)
    made = [
        _story(number, group, stories.get(number), number in told) for (number, _), group in groups.items()
    ]
    return sorted(made, key=lambda story: story.follow_up)


def _story(
    number: int, alerts: Sequence[StoredAlert], story: StoredStory | None, follow_up: bool
) -> DigestStory:
    if story is None:
        return DigestStory(tuple(item(alert) for alert in alerts))
    # the report that gives the story its headline leads, so that nothing is said twice
    leading = sorted(alerts, key=lambda alert: alert.title_en != story.headline_en)
    return DigestStory(
        tuple(item(alert) for alert in leading),
        story_id=number,
        follow_up=follow_up,
        headline_en=story.headline_en,
        first_seen=story.first_seen,
        first_outlet=story.first_outlet,
    )


def item(alert: StoredAlert) -> DigestAlert:
    """An alert as digests, feeds and exports show it."""
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
        change=alert.change,
        status=alert.status,
    )


def _coverage(
    context: Context,
    outlets: Iterable[StoredOutlet],
    found: Mapping[str, int],
    unread: Sequence[tuple[str, int]],
) -> Coverage:
    """What was seen in a period; an outlet that was never polled says so by its empty status."""
    return Coverage(
        outlets=tuple(
            OutletCoverage(
                outlet.id,
                outlet.name,
                outlet.status,
                articles=found.get(outlet.id, 0),
                since=outlet.since,
                reason=outlet.reason,
            )
            for outlet in outlets
            if outlet.enabled
        ),
        articles=sum(found.values()),
        unread=sum(count for _, count in unread),
        config_errors=context.config_errors,
        unread_reasons=tuple(unread),
    )
