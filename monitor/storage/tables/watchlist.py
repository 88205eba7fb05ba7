"""The analysts' files and their history."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import Base, Json, key, reference


class WatchlistVersionRow(Base):
    """One applied version of the watchlist file."""

    __tablename__ = "watchlist_versions"

    id: Mapped[int] = key()
    applied_at: Mapped[datetime]
    who: Mapped[str] = mapped_column(server_default="")
    hash: Mapped[str]
    #: the file as it was, so that the last good version survives a restart
    source: Mapped[str]
    #: what changed against the version before
    changes: Mapped[Json]


class TopicVersionRow(Base):
    """One version of one topic's effective query."""

    __tablename__ = "topic_versions"

    topic: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    title: Mapped[str]
    watchlist_version_id: Mapped[int] = reference("watchlist_versions.id", index=True)


class ConfigFileRow(Base):
    """The state of one analysts' file: what is in force, and the error of the newest edit."""

    __tablename__ = "config_files"

    name: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    #: last good text
    source: Mapped[str]
    applied_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(server_default="")
    error_at: Mapped[datetime | None]
