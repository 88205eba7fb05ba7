"""Articles with everything that hangs on one."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import CASCADE, Base, key, reference


class ArticleRow(Base):
    """One article: what the feed gave, what the page gave, and how far it has come."""

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_due", "state", "next_attempt_at"),
        Index("ix_articles_text_hash", "text_hash", postgresql_where=sql("text_hash <> ''")),
        Index("ix_articles_published_at", "published_at"),
    )

    id: Mapped[int] = key()
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete=CASCADE), index=True)
    #: canonical address; one row for each
    url: Mapped[str] = mapped_column(unique=True)
    #: address as the feed gave it, the one that is fetched
    source_url: Mapped[str]
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())

    feed_title: Mapped[str] = mapped_column(server_default="")
    feed_summary: Mapped[str] = mapped_column(server_default="")
    feed_html: Mapped[str] = mapped_column(server_default="")
    feed_authors: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    feed_published_at: Mapped[datetime | None]

    state: Mapped[str] = mapped_column(server_default="new")
    state_since: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    next_attempt_at: Mapped[datetime | None]
    #: why it is in quarantine, "" for nothing
    reason: Mapped[str] = mapped_column(server_default="")
    #: what people should know of it for good: it has no page, it is not translated
    notes: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    #: the state to go on from when a quarantine ends
    resume_state: Mapped[str] = mapped_column(server_default="")

    title: Mapped[str] = mapped_column(server_default="")
    title_en: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str] = mapped_column(server_default="")
    authors: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    section: Mapped[str] = mapped_column(server_default="")
    published_at: Mapped[datetime | None]
    modified_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(server_default="")
    content: Mapped[str] = mapped_column(server_default="")
    paywalled: Mapped[bool] = mapped_column(server_default=sql("false"))
    words: Mapped[int] = mapped_column(server_default=sql("0"))
    #: SHA-256 of the normalised text; equal for copies of a wire story
    text_hash: Mapped[str] = mapped_column(server_default="")


class EntryRow(Base):
    """One item of one feed, and the article it became."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("feed_id", "key"),)

    id: Mapped[int] = key()
    feed_id: Mapped[int] = reference("feeds.id")
    #: SHA-256 of the entry's key
    key: Mapped[str]
    article_id: Mapped[int] = reference("articles.id", index=True)
    seen_at: Mapped[datetime]


class PageRow(Base):
    """The body of a fetched page, kept until it was read."""

    __tablename__ = "pages"

    article_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("articles.id", ondelete=CASCADE), primary_key=True
    )
    #: zlib-compressed bytes as they came
    body: Mapped[bytes]
    content_type: Mapped[str] = mapped_column(server_default="")
    final_url: Mapped[str]
    fetched_at: Mapped[datetime]
