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
        Index("ix_articles_page_due_at", "page_due_at", postgresql_where=sql("page_due_at IS NOT NULL")),
        Index("ix_articles_look_at", "look_at", postgresql_where=sql("look_at IS NOT NULL")),
        Index("ix_articles_copy_of", "copy_of", postgresql_where=sql("copy_of IS NOT NULL")),
    )

    id: Mapped[int] = key()
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id", ondelete=CASCADE), index=True)
    #: canonical address
    url: Mapped[str]
    #: what all variants of its address have in common; one row for each
    url_key: Mapped[str] = mapped_column(unique=True)
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
    #: the article with the same text that was here before, None for an original
    copy_of: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("articles.id", ondelete="SET NULL"))

    #: when its page is asked for again in the background, None: no more
    page_due_at: Mapped[datetime | None]
    page_attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    #: the moment wanted from an archive, None: now
    as_of: Mapped[datetime | None]
    #: when it is looked at again because it raised an alert, None: no more
    look_at: Mapped[datetime | None]
    looks: Mapped[int] = mapped_column(server_default=sql("0"))
    #: the page is gone since
    vanished_at: Mapped[datetime | None]
    #: what its outlet changed or took away since it raised an alert, "" for nothing
    change: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime | None]


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


class AddressRow(Base):
    """Another address of an article, by which redirects or rel=canonical lead to it."""

    __tablename__ = "addresses"

    url_key: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int] = reference("articles.id", index=True)
    #: headline or text proved it, when two rows were joined
    sure: Mapped[bool] = mapped_column(server_default=sql("false"))


class FingerprintRow(Base):
    """The MinHash bands of a text, by which copies of it are found."""

    __tablename__ = "fingerprints"
    __table_args__ = (Index("ix_fingerprints_bands", "bands", postgresql_using="gin"),)

    article_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("articles.id", ondelete=CASCADE), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    bands: Mapped[list[int]]


class RevisionRow(Base):
    """An article as it read before its outlet changed it."""

    __tablename__ = "revisions"

    id: Mapped[int] = key()
    article_id: Mapped[int] = reference("articles.id", index=True)
    #: when the change was seen
    replaced_at: Mapped[datetime]
    title: Mapped[str]
    text: Mapped[str]
