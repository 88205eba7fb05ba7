"""The outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import CASCADE, Base, key, reference


class DigestRow(Base):
    """One composed digest of one subscription and period."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("subscription", "period_end"),)

    id: Mapped[int] = key()
    subscription: Mapped[str]
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    subject: Mapped[str]
    html: Mapped[str]
    text: Mapped[str]
    #: who it was composed for
    recipients: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    #: the same for programs
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'::jsonb"))
    message_id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class DigestItemRow(Base):
    """An alert told in a digest; once to each subscription."""

    __tablename__ = "digest_items"

    subscription: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("alerts.id", ondelete=CASCADE), primary_key=True
    )
    digest_id: Mapped[int] = reference("digests.id", index=True)


class DeliveryRow(Base):
    """One way on which a digest leaves: stored with it, then sent."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("digest_id", "channel"),)

    id: Mapped[int] = key()
    digest_id: Mapped[int] = reference("digests.id")
    #: "file", "mail", "webhook" or "atom"
    channel: Mapped[str]
    #: composed → sending → sent or failed
    state: Mapped[str] = mapped_column(server_default="composed", index=True)
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    #: why it is not sent, or what to know of it, "" for nothing
    reason: Mapped[str] = mapped_column(server_default="")
