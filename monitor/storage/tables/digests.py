"""The outbox."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import CASCADE, Base, key, reference


class DigestRow(Base):
    """The outbox: one composed digest of one subscription and period."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("subscription", "period_end"),)

    id: Mapped[int] = key()
    subscription: Mapped[str]
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    subject: Mapped[str]
    html: Mapped[str]
    text: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(server_default="composed", index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    next_attempt_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")


class DigestItemRow(Base):
    """An alert told in a digest; once to each subscription."""

    __tablename__ = "digest_items"

    subscription: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("alerts.id", ondelete=CASCADE), primary_key=True
    )
    digest_id: Mapped[int] = reference("digests.id", index=True)
