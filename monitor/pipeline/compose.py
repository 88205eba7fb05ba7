"""What one digest says: alerts by topic and story, what changed, what was seen and what was not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.config.digests import Subscription
from monitor.model import (
    Coverage,
    DigestChange,
    DigestContent,
    DigestStory,
    DigestTopic,
    OutletCoverage,
    OutletRecovered,
    StatusChange,
    StoredAlert,
    StoredOutlet,
    StoredStory,
    TriageStatus,
)
from monitor.pipeline.context import Context
from monitor.pipeline.health import recoveries
from monitor.pipeline.subscriptions import chosen, wanted_topics
from monitor.pipeline.triage import topic_precision
from monitor.storage import digests
from monitor.storage.alerts import AlertFilter, list_alerts
from monitor.storage.health import status_changes
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
    #: topic → reports left out, as somebody marked them as not relevant
    left_out: Mapping[str, int]
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
        size=subscription.size * 1000,
        changes=found.changes,
    )


def _find(context: Context, wanted: DigestWanted) -> _Found:
    name, start, end = wanted.subscription.name, wanted.period_start, wanted.period_end
    untold = "" if wanted.everything else name
    with context.database.session() as session:
        raised = list_alerts(session, AlertFilter(untold_to=untold, since=wanted.since, until=wanted.until))
        belonging = chosen(context, wanted.subscription, raised)
        alerts = [alert for alert in belonging if alert.status != TriageStatus.NOT_RELEVANT]
        numbers = tuple({alert.story_id for alert in alerts})
        told = set() if wanted.everything else digests.told_stories(session, name)
        outlets = list_outlets(session)
        return _Found(
            alerts=alerts,
            left_out=_left_out(wanted, belonging),
            stories={one.id: one for one in list_stories(session, StoryFilter(ids=numbers))},
            told=told,
            changes=tuple(digests.changes_of_told(session, name, start, end)),
            coverage=_coverage(
                context,
                [outlet for outlet in outlets if outlet.enabled and wanted.subscription.hears(outlet.id)],
                digests.articles_found(session, start, end),
                digests.unread_reasons(session, start, end),
                status_changes(session, start),
            ),
        )


def _left_out(wanted: DigestWanted, alerts: Iterable[StoredAlert]) -> Mapping[str, int]:
    """Topic → reports of the period that are marked as not relevant.

    They are not noted as told, so that one whose mark is taken back comes with the next digest; those of the
    day before were counted then.
    """
    since = None if wanted.everything else wanted.period_start
    return Counter(
        alert.topic
        for alert in alerts
        if alert.status == TriageStatus.NOT_RELEVANT and (since is None or alert.created_at >= since)
    )


def _topics(context: Context, subscription: Subscription, found: _Found) -> Iterable[DigestTopic]:
    """Every topic of the subscription, with or without alerts; topics that left the watchlist come last."""
    by_topic: dict[str, list[StoredAlert]] = {}
    for alert in found.alerts:
        by_topic.setdefault(alert.topic, []).append(alert)
    titles = {topic.id: topic.title for topic in context.watchlist.topics}
    precision = topic_precision(context)
    for topic in dict.fromkeys(
        [*wanted_topics(context, subscription), *sorted({*by_topic, *found.left_out})]
    ):
        alerts = by_topic.get(topic, [])
        yield DigestTopic(
            id=topic,
            title=titles.get(topic, topic),
            version=max([context.versions.get(topic, 0), *(alert.topic_version for alert in alerts)]),
            stories=tuple(stories_of(alerts, found.stories, found.told)),
            precision=precision.get(topic),
            left_out=found.left_out.get(topic, 0),
        )


def stories_of(
    alerts: Sequence[StoredAlert], stories: Mapping[int, StoredStory], told: set[int]
) -> list[DigestStory]:
    """Alerts of one topic by story: new stories first, the strongest first; in each the best-placed first.

    Last stand stories that somebody marked as not relevant as a whole: what joined them since is new.

    :param alerts: the highest score first; one without a story stands alone.
    """
    groups: dict[tuple[int, int], list[StoredAlert]] = {}
    for alert in alerts:
        groups.setdefault((alert.story_id, 0 if alert.story_id else alert.id), []).append(alert)
    made = [
        _story(number, group, stories.get(number), number in told) for (number, _), group in groups.items()
    ]
    return sorted(made, key=lambda story: (story.status == TriageStatus.NOT_RELEVANT, story.follow_up))


def _story(
    number: int, alerts: Sequence[StoredAlert], story: StoredStory | None, follow_up: bool
) -> DigestStory:
    if story is None:
        return DigestStory(tuple(alerts))
    # the report that gives the story its headline leads, so that nothing is said twice
    leading = sorted(alerts, key=lambda alert: alert.title_en != story.headline_en)
    return DigestStory(
        tuple(leading),
        story_id=number,
        follow_up=follow_up,
        headline_en=story.headline_en,
        first_seen=story.first_seen,
        first_outlet=story.first_outlet,
        outlets=story.outlets,
        status=story.status,
    )


def _coverage(
    context: Context,
    outlets: Sequence[StoredOutlet],
    found: Mapping[str, int],
    unread: Mapping[tuple[str, str], int],
    changes: Sequence[StatusChange],
) -> Coverage:
    """What was seen in a period; an outlet that was never polled says so by its empty status."""
    heard = {outlet.id for outlet in outlets}
    reasons = Counter[str]()
    for (outlet, reason), count in unread.items():
        reasons[reason] += count * (outlet in heard)
    return Coverage(
        outlets=tuple(_seen(outlet, found.get(outlet.id, 0)) for outlet in outlets),
        articles=sum(count for outlet, count in found.items() if outlet in heard),
        unread=reasons.total(),
        config_errors=context.config_errors,
        unread_reasons=tuple((reason, count) for reason, count in reasons.most_common() if count),
        recovered=tuple(
            OutletRecovered(one.outlet.name, one.first.before, one.mended.at)
            for one in recoveries(outlets, changes)
            # what came and went within the period was read afterwards
            if one.from_the_start
        ),
    )


def _seen(outlet: StoredOutlet, articles: int) -> OutletCoverage:
    return OutletCoverage(
        outlet.id,
        outlet.name,
        outlet.status,
        articles=articles,
        since=outlet.since,
        reason=outlet.reason,
        alarm=outlet.alarm,
        alarm_since=outlet.alarm_since,
    )
