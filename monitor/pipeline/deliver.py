"""deliver:

give stories to the articles that have none yet
for each subscription whose period has ended:
    take the alerts it was not told yet, by topic and story
    add what changed, and the coverage: what was fetched, blocked, broken or silent
    render it, store it in the outbox with its alerts marked as told, in one commit
send what the outbox holds (pipeline/outbox.py)
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import structlog

from monitor.config.digests import Schedule, Subscription, due_periods
from monitor.errors import DatabaseUnavailable
from monitor.model import DigestContent
from monitor.pipeline.compose import DigestWanted, compose
from monitor.pipeline.context import Context
from monitor.pipeline.outbox import digest_path, send_due, write_files
from monitor.pipeline.stories import group_stories
from monitor.steps.digest import render_digest
from monitor.steps.mail import message_id
from monitor.steps.mail.message import address
from monitor.storage.digests import (
    DigestForStore,
    first_period_start,
    last_period_end,
    store_began,
    store_digest,
)

log = structlog.get_logger(__name__)

#: alerts raised so long before a period began are told too, where they came too late for the one before
GRACE = timedelta(days=1)
#: the digest of what one run found, for those who run by hand; no subscription can have its name
RUN = Subscription("_run", Schedule((time(0),)), title="What this run found")


def deliver(context: Context) -> int:
    """Compose every digest that is due, then send what waits in the outbox.

    :returns: how many digests were composed.
    """
    composed = compose_due(context)
    send_due(context)
    return composed


def compose_due(context: Context) -> int:
    """Put every digest that is due into the outbox; two workers take turns.

    :returns: how many.
    """
    group_stories(context)
    count = 0
    with context.database.advisory_lock("compose"):
        for subscription in context.subscriptions:
            try:
                count += sum(1 for _ in _composed(context, subscription))
            except DatabaseUnavailable:
                raise
            except Exception as error:  # a bug met by one digest must not silence the others
                log.error("deliver", status="not-composed", subscription=subscription.name, exc_info=error)
    return count


def _composed(context: Context, subscription: Subscription) -> Iterable[int]:
    for wanted in wanted_now(context, subscription):
        yield _store(context, wanted)


def wanted_now(context: Context, subscription: Subscription) -> list[DigestWanted]:
    """What a subscription has to be told now: nothing, or one digest with all that was missed.

    A first digest is due once a moment of the schedule has passed since the store began.
    """
    if not subscription.enabled:
        return []
    now, known = context.clock(), _known(context, subscription)
    with context.database.session() as session:
        began = store_began(session)
    due = due_periods(subscription, known.last_end, now)
    return [
        DigestWanted(
            subscription, period.start, period.end, since=known.since(period.start), until=period.end
        )
        for period in due
        if known.last_end is not None or began is None or period.end > began
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a subscription was told: when its first digest began, and when the last one ended."""

    first_start: datetime | None
    last_end: datetime | None

    def since(self, start: datetime) -> datetime:
        """Alerts raised before are none of this subscription's, or were told."""
        return start if self.first_start is None else max(self.first_start, start - GRACE)


def _known(context: Context, subscription: Subscription) -> _Known:
    with context.database.session() as session:
        name = subscription.name
        return _Known(first_period_start(session, name), last_period_end(session, name))


def deliver_now(context: Context, subscription: Subscription = RUN) -> Path:
    """``compose_now``, and send what waits.

    :returns: path of the HTML that was written.
    """
    wanted = compose_now(context, subscription)
    send_due(context)
    return digest_path(context.data, subscription.name, wanted.period_end)


def compose_now(context: Context, subscription: Subscription) -> DigestWanted:
    """Put what a subscription was not told yet, up to this moment, into the outbox, due or not."""
    group_stories(context)
    with context.database.advisory_lock("compose"):
        wanted = preview_wanted(context, subscription)
        _store(context, wanted)
    return wanted


def preview_wanted(context: Context, subscription: Subscription, *, everything: bool = False) -> DigestWanted:
    """The digest a subscription would get if it were due at this moment."""
    now, known = context.clock(), _known(context, subscription)
    start = known.last_end or now - timedelta(days=1)
    unbound = everything or subscription == RUN
    since = None if unbound else known.since(start)
    return DigestWanted(subscription, start, now, everything, since)


def write_preview(context: Context, subscription: Subscription) -> Path:
    """Write everything a subscription could be told into a file; nothing is marked as told.

    :returns: path of the HTML.
    """
    wanted = preview_wanted(context, subscription, everything=True)
    rendered = render_digest(compose(context, wanted))
    path = digest_path(context.data, subscription.name, wanted.period_end)
    write_files(path, rendered.html, rendered.text)
    return path


def _store(context: Context, wanted: DigestWanted) -> int:
    """Compose one digest and keep it with its deliveries, in one commit."""
    content, subscription = compose(context, wanted), wanted.subscription
    rendered = render_digest(content)
    told = [alert.id for topic in content.topics for story in topic.stories for alert in story.alerts]
    ways = _channels(context, subscription, nothing=not told and not content.changes)
    digest = DigestForStore(
        subscription=subscription.name,
        period_start=wanted.period_start,
        period_end=wanted.period_end,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        message_id=message_id(subscription.name, wanted.period_start, _domain(context.sender)),
        recipients=subscription.recipients,
        payload=payload(content) if "webhook" in ways else {},
        channels=ways,
    )
    with context.database.session() as session:
        number = store_digest(session, digest, told, context.clock())
        session.commit()
    log.info("deliver", status="composed", subscription=subscription.name, digest=number, alerts=len(told))
    return number


def _channels(context: Context, subscription: Subscription, *, nothing: bool) -> tuple[str, ...]:
    """The ways a digest takes; one that says nothing, and is not wanted then, takes none."""
    if nothing and subscription.empty == "skip":
        return ()
    if subscription == RUN:
        return ("file",)
    mail = ("mail",) if subscription.recipients else ()
    return ("file", "atom", *mail, *(("webhook",) if context.poster else ()))


def _domain(sender: str) -> str:
    return address(sender).domain if sender else "monitor.invalid"


def payload(content: DigestContent) -> dict[str, Any]:
    """A digest for programs: what it says, as plain values."""
    text = json.dumps(asdict(content), default=datetime.isoformat)
    return dict(json.loads(text))
