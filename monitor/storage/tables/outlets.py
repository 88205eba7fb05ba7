"""Outlets, their feeds, and how collection goes."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import CASCADE, Base, key


class OutletRow(Base):
    """One outlet of the catalogue and how its last collection went."""

    __tablename__ = "outlets"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    country: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="")
    homepage: Mapped[str] = mapped_column(server_default="")
    owner_note: Mapped[str] = mapped_column(server_default="")
    enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    status: Mapped[str] = mapped_column(server_default="")
    status_since: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    #: how its volume falls outside what was learned, "" for nothing
    alarm: Mapped[str] = mapped_column(server_default="")
    alarm_since: Mapped[datetime | None]


class FeedRow(Base):
    """One address that lists articles, with what is needed to poll it politely."""

    __tablename__ = "feeds"

    id: Mapped[int] = key()
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete=CASCADE), index=True)
    url: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    section: Mapped[str] = mapped_column(server_default="")
    active: Mapped[bool] = mapped_column(server_default=sql("true"))
    etag: Mapped[str] = mapped_column(server_default="")
    last_modified: Mapped[str] = mapped_column(server_default="")
    body_hash: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="")
    status_since: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    problems: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    #: fractional count of failures in a row (a timeout weighs less than a 404)
    failures: Mapped[float] = mapped_column(server_default=sql("0"))
    entries: Mapped[int] = mapped_column(server_default=sql("0"))
    interval_s: Mapped[int] = mapped_column(server_default=sql("1800"))
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    polled_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    #: seconds between two changes as learned, 0 while unknown
    gap_s: Mapped[float] = mapped_column(server_default=sql("0"))
    #: where it has moved for good, by permanent redirects
    moved_to: Mapped[str] = mapped_column(server_default="")
    moved_since: Mapped[datetime | None]


class StatusChangeRow(Base):
    """One change of an outlet's status, so that "fixed again" can be told."""

    __tablename__ = "status_changes"
    __table_args__ = (Index("ix_status_changes_outlet_id_at", "outlet_id", "at"),)

    id: Mapped[int] = key()
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete=CASCADE))
    at: Mapped[datetime]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")


class OutletDayRow(Base):
    """How many new articles an outlet's feeds gave on one day (UTC)."""

    __tablename__ = "outlet_days"

    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete=CASCADE), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    articles: Mapped[int]


class BackfillRow(Base):
    """One address of a back-fill that was read to its end, so that a second run goes on behind it."""

    __tablename__ = "backfills"

    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete=CASCADE), primary_key=True)
    #: the address, with the archive's moment where one was asked for
    address: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
    found: Mapped[int]
