"""The outbox: digests composed and stored before they are sent, and which alert was told to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.storage.tables import DigestItemRow, DigestRow


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


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest of the outbox, for lists."""

    id: int
    subscription: str
    period_start: datetime
    period_end: datetime
    subject: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    items: int


def store_digest(session: Session, digest: DigestForStore, alert_ids: Iterable[int], now: datetime) -> int:
    """Keep a composed digest and mark its alerts as told to the subscription.

    One of the same subscription and period that is there already stays as it was.

    :returns: id in the outbox.
    """
    added: int | None = session.scalar(
        insert(DigestRow)
        .values(
            subscription=digest.subscription,
            period_start=digest.period_start,
            period_end=digest.period_end,
            subject=digest.subject,
            html=digest.html,
            text=digest.text,
            message_id=digest.message_id,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(DigestRow.id)
    )
    if added is None:
        return session.scalars(
            select(DigestRow.id).where(
                DigestRow.subscription == digest.subscription, DigestRow.period_end == digest.period_end
            )
        ).one()
    for alert_id in alert_ids:
        session.execute(
            insert(DigestItemRow)
            .values(subscription=digest.subscription, alert_id=alert_id, digest_id=added)
            .on_conflict_do_nothing()
        )
    return added


def list_digests(session: Session) -> list[StoredDigest]:
    """Every digest of the outbox, newest first."""
    rows = session.scalars(select(DigestRow).order_by(DigestRow.period_end.desc(), DigestRow.id))
    return [
        StoredDigest(
            id=row.id,
            subscription=row.subscription,
            period_start=row.period_start,
            period_end=row.period_end,
            subject=row.subject,
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
            items=session.query(DigestItemRow).filter_by(digest_id=row.id).count(),
        )
        for row in rows
    ]


def last_period_end(session: Session, subscription: str) -> datetime | None:
    """When the newest digest of a subscription ended, None before the first."""
    return session.scalar(
        select(DigestRow.period_end)
        .where(DigestRow.subscription == subscription)
        .order_by(DigestRow.period_end.desc())
        .limit(1)
    )
