"""What analysts say of alerts."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import Base, key, reference


class MarkRow(Base):
    """One mark on one alert; the newest counts."""

    __tablename__ = "marks"
    __table_args__ = (Index("ix_marks_alert_id_id", "alert_id", "id"),)

    id: Mapped[int] = key()
    alert_id: Mapped[int] = reference("alerts.id")
    #: the story that was marked as a whole
    story_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("stories.id", ondelete="SET NULL"), index=True
    )
    status: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(server_default="")
