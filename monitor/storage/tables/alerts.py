"""Alerts."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import Base, key, reference


class AlertRow(Base):
    """One article on one topic."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("article_id", "topic"),)

    id: Mapped[int] = key()
    article_id: Mapped[int] = reference("articles.id")
    topic: Mapped[str] = mapped_column(index=True)
    topic_version: Mapped[int]
    score: Mapped[float]
    evidence: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
