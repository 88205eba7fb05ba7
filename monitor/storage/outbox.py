"""The outbox: each digest leaves on its ways, stored first, then sent, then marked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from monitor.storage.tables import DeliveryRow, DigestRow


@dataclass(frozen=True, slots=True)
class Delivery:
    """A digest on one of its ways, with all that is needed to send it."""

    id: int
    digest_id: int
    channel: str
    #: attempts that began, this one included
    attempts: int
    subscription: str
    period_start: datetime
    period_end: datetime
    composed_at: datetime
    subject: str
    html: str
    text: str
    recipients: tuple[str, ...]
    message_id: str
    payload: Mapping[str, Any]


def due_deliveries(session: Session, now: datetime, channels: Collection[str]) -> list[int]:
    """Deliveries to be tried now, oldest digest first.

    One that stands at "sending" was cut off by a crash: it may have arrived or not, and is sent again.
    Call it while holding the lock over all senders.
    """
    waiting = (DeliveryRow.state == "composed") & (
        DeliveryRow.next_attempt_at.is_(None) | (DeliveryRow.next_attempt_at <= now)
    )
    query = (
        select(DeliveryRow.id)
        .join(DigestRow, DigestRow.id == DeliveryRow.digest_id)
        .where(waiting | (DeliveryRow.state == "sending"), DeliveryRow.channel.in_(channels))
    )
    return list(session.scalars(query.order_by(DigestRow.period_end, DeliveryRow.id)))


def begin_delivery(session: Session, delivery_id: int) -> Delivery:
    """Note that an attempt begins, and hand out what to send."""
    row = session.get_one(DeliveryRow, delivery_id)
    row.state, row.attempts = "sending", row.attempts + 1
    return _delivery(session.get_one(DigestRow, row.digest_id), row)


def digest_for_sending(session: Session, digest_id: int) -> Delivery | None:
    """A stored digest as it would be sent by mail, None where there is none; nothing is noted."""
    digest = session.get(DigestRow, digest_id)
    return _delivery(digest, DeliveryRow(id=0, channel="mail", attempts=0)) if digest else None


def _delivery(digest: DigestRow, row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        digest_id=digest.id,
        channel=row.channel,
        attempts=row.attempts,
        subscription=digest.subscription,
        period_start=digest.period_start,
        period_end=digest.period_end,
        composed_at=digest.created_at,
        subject=digest.subject,
        html=digest.html,
        text=digest.text,
        recipients=tuple(digest.recipients),
        message_id=digest.message_id,
        payload=digest.payload,
    )


def mark_sent(session: Session, delivery_id: int, now: datetime, note: str = "") -> None:
    """The attempt succeeded; a note says what did not go with it."""
    row = session.get_one(DeliveryRow, delivery_id)
    row.state, row.sent_at, row.next_attempt_at, row.reason = "sent", now, None, note


def mark_failed(session: Session, delivery_id: int, reason: str, next_attempt_at: datetime | None) -> None:
    """The attempt failed; without a next attempt the delivery is given up until somebody sends it again."""
    row = session.get_one(DeliveryRow, delivery_id)
    row.state = "composed" if next_attempt_at else "failed"
    row.next_attempt_at, row.reason = next_attempt_at, reason


def send_again(session: Session, digest_ids: Collection[int], *, only_failed: bool = False) -> int:
    """Put deliveries back to the beginning: those of some digests, or all that were given up.

    :returns: how many.
    """
    failed = DeliveryRow.state == "failed"
    chosen = failed if only_failed else DeliveryRow.digest_id.in_(digest_ids)
    fresh = {"state": "composed", "attempts": 0, "next_attempt_at": None, "reason": ""}
    done = session.scalars(update(DeliveryRow).where(chosen).values(**fresh).returning(DeliveryRow.id))
    return len(done.all())


def give_up_waiting(session: Session, channels: Collection[str], before: datetime, reason: str) -> int:
    """Give up what was composed before a moment and still waits on these ways; it stays listed as failed.

    :returns: how many deliveries.
    """
    old = select(DigestRow.id).where(DigestRow.created_at < before)
    waiting = DeliveryRow.channel.in_(channels) & (DeliveryRow.state == "composed")
    statement = update(DeliveryRow).where(waiting, DeliveryRow.digest_id.in_(old))
    given_up = session.scalars(statement.values(state="failed", reason=reason).returning(DeliveryRow.id))
    return len(given_up.all())


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A digest that did not leave on one of its ways."""

    digest_id: int
    subscription: str
    channel: str
    #: "failed": given up; else it is tried again, or its way is not set up
    state: str
    reason: str
    composed_at: datetime


def undelivered(session: Session, since: datetime, before: datetime) -> list[Undelivered]:
    """What was given up since a moment, and what was composed before another and has not left."""
    late = (DeliveryRow.state != "sent") & (DigestRow.created_at < before)
    rows = session.execute(
        select(DeliveryRow, DigestRow)
        .join(DigestRow, DigestRow.id == DeliveryRow.digest_id)
        .where(DigestRow.created_at >= since, late | (DeliveryRow.state == "failed"))
        .order_by(DigestRow.created_at, DeliveryRow.id)
    )
    return [
        Undelivered(digest.id, digest.subscription, row.channel, row.state, row.reason, digest.created_at)
        for row, digest in rows
    ]
