"""Digests composed and stored before they are sent, and which alert was told to whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import ArticleState, DigestChange
from monitor.storage.tables import (
    AlertRow,
    ArticleRow,
    DeliveryRow,
    DigestItemRow,
    DigestRow,
    OutletRow,
    StoryArticleRow,
    WatchlistVersionRow,
)
from monitor.text.urls import public_url


@dataclass(frozen=True, slots=True)
class DigestForStore:
    """A composed digest."""

    subscription: str
    period_start: datetime
    period_end: datetime
    subject: str
    html: str
    text: str
    message_id: str
    recipients: tuple[str, ...] = ()
    #: the same for programs
    payload: Mapping[str, Any] = field(default_factory=dict)
    #: the ways it is to leave on: "file", "mail", "webhook", "atom"; none: nothing is sent
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One way on which a digest leaves, for lists."""

    channel: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest of the outbox, for lists."""

    id: int
    subscription: str
    period_start: datetime
    period_end: datetime
    subject: str
    recipients: tuple[str, ...]
    message_id: str
    created_at: datetime
    #: alerts told
    items: int
    deliveries: tuple[StoredDelivery, ...]


def store_digest(session: Session, digest: DigestForStore, alert_ids: Iterable[int], now: datetime) -> int:
    """Keep a composed digest with its deliveries, and mark its alerts as told to the subscription.

    One of the same subscription and period that is there already stays as it was.

    :returns: id in the outbox.
    """
    added: int | None = session.scalar(_digest_insert(digest, now))
    if added is None:
        return session.scalars(
            select(DigestRow.id).where(
                DigestRow.subscription == digest.subscription, DigestRow.period_end == digest.period_end
            )
        ).one()
    items = [
        {"subscription": digest.subscription, "alert_id": alert_id, "digest_id": added}
        for alert_id in alert_ids
    ]
    if items:
        session.execute(insert(DigestItemRow).on_conflict_do_nothing(), items)
    session.add_all(DeliveryRow(digest_id=added, channel=channel) for channel in digest.channels)
    session.flush()
    return added


def _digest_insert(digest: DigestForStore, now: datetime) -> Any:
    values = {
        "subscription": digest.subscription,
        "period_start": digest.period_start,
        "period_end": digest.period_end,
        "subject": digest.subject,
        "html": digest.html,
        "text": digest.text,
        "recipients": list(digest.recipients),
        "payload": dict(digest.payload),
        "message_id": digest.message_id,
        "created_at": now,
    }
    return insert(DigestRow).values(**values).on_conflict_do_nothing().returning(DigestRow.id)


def list_digests(session: Session, subscription: str = "", limit: int = 0) -> list[StoredDigest]:
    """Digests of the outbox, newest first."""
    query = select(DigestRow).order_by(DigestRow.period_end.desc(), DigestRow.id)
    if subscription:
        query = query.where(DigestRow.subscription == subscription)
    rows = session.scalars(query.limit(limit) if limit else query).all()
    ids = [row.id for row in rows]
    counts = select(DigestItemRow.digest_id, func.count()).where(DigestItemRow.digest_id.in_(ids))
    items = dict(session.execute(counts.group_by(DigestItemRow.digest_id)).all())
    deliveries = _deliveries(session, ids)
    return [
        StoredDigest(
            id=row.id,
            subscription=row.subscription,
            period_start=row.period_start,
            period_end=row.period_end,
            subject=row.subject,
            recipients=tuple(row.recipients),
            message_id=row.message_id,
            created_at=row.created_at,
            items=items.get(row.id, 0),
            deliveries=tuple(deliveries.get(row.id, ())),
        )
        for row in rows
    ]


def _deliveries(session: Session, digest_ids: Collection[int]) -> dict[int, list[StoredDelivery]]:
    query = select(DeliveryRow).where(DeliveryRow.digest_id.in_(digest_ids)).order_by(DeliveryRow.id)
    found: dict[int, list[StoredDelivery]] = {}
    for row in session.scalars(query):
        shown = StoredDelivery(
            row.channel, row.state, row.attempts, row.next_attempt_at, row.sent_at, row.reason
        )
        found.setdefault(row.digest_id, []).append(shown)
    return found


def last_period_end(session: Session, subscription: str) -> datetime | None:
    """When the newest digest of a subscription ended, None before the first."""
    return session.scalar(
        select(func.max(DigestRow.period_end)).where(DigestRow.subscription == subscription)
    )


def first_period_start(session: Session, subscription: str) -> datetime | None:
    """When the first digest of a subscription began, None before the first."""
    return session.scalar(
        select(func.min(DigestRow.period_start)).where(DigestRow.subscription == subscription)
    )


def store_began(session: Session) -> datetime | None:
    """When the first watchlist was applied, and with it the watch began; None before."""
    return session.scalar(select(func.min(WatchlistVersionRow.applied_at)))


def articles_found(session: Session, start: datetime, end: datetime) -> dict[str, int]:
    """Outlet → articles found in the period."""
    query = select(ArticleRow.outlet_id, func.count()).where(
        ArticleRow.found_at >= start, ArticleRow.found_at < end
    )
    return dict(session.execute(query.group_by(ArticleRow.outlet_id)).all())


def unread_reasons(session: Session, start: datetime, end: datetime) -> dict[tuple[str, str], int]:
    """(Outlet, why) → articles that went into quarantine in a period and are there."""
    query = select(ArticleRow.outlet_id, ArticleRow.reason, func.count()).where(
        ArticleRow.state == ArticleState.QUARANTINED.value,
        ArticleRow.state_since >= start,
        ArticleRow.state_since < end,
    )
    rows = session.execute(query.group_by(ArticleRow.outlet_id, ArticleRow.reason))
    return {(outlet, reason): count for outlet, reason, count in sorted(rows.all())}


def told_stories(session: Session, subscription: str) -> set[int]:
    """The stories of which a subscription was told something."""
    query = (
        select(StoryArticleRow.story_id)
        .join(AlertRow, AlertRow.article_id == StoryArticleRow.article_id)
        .join(DigestItemRow, DigestItemRow.alert_id == AlertRow.id)
        .where(DigestItemRow.subscription == subscription)
    )
    return set(session.scalars(query.distinct()))


def changes_of_told(
    session: Session, subscription: str, start: datetime, end: datetime
) -> list[DigestChange]:
    """What outlets changed or took away in a period of the articles a subscription was told of."""
    told = (
        select(AlertRow.article_id)
        .join(DigestItemRow, DigestItemRow.alert_id == AlertRow.id)
        .where(DigestItemRow.subscription == subscription)
    )
    changed = (ArticleRow.changed_at >= start) & (ArticleRow.changed_at < end)
    vanished = (ArticleRow.vanished_at >= start) & (ArticleRow.vanished_at < end)
    rows = session.execute(
        select(ArticleRow, OutletRow.name)
        .join(OutletRow)
        .where(ArticleRow.id.in_(told), or_(changed, vanished))
        .order_by(ArticleRow.vanished_at.is_(None), OutletRow.name, ArticleRow.id)
    )
    return [
        DigestChange(
            url=public_url(row.url, row.source_url),
            title=row.title,
            title_en=row.title_en,
            language=row.language,
            outlet_name=name,
            vanished=row.vanished_at is not None,
            what=row.change,
        )
        for row, name in rows
    ]
