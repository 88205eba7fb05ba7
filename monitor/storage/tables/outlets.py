"""Outlets, their feeds, and how collection goes."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
