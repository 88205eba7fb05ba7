"""The tables, as SQLAlchemy 2 typed models. Rows of them never leave this room."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]

CASCADE = "CASCADE"


class CleanText(TypeDecorator[str]):
    """Text as Postgres can hold it: NUL characters and lone surrogates, are dropped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean a value on its way in."""
        return value if value is None else clean(value)


def clean(value: str) -> str:
    """A string without the characters that Postgres refuses."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


class Base(DeclarativeBase):
    """Common types and names: text without a length, aware times, constraints with fixed names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: CleanText,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        list[str]: ARRAY(CleanText),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def _key() -> Mapped[int]:
    return mapped_column(BigInteger, Identity(), primary_key=True)


def _reference(column: str, *, index: bool = False) -> Mapped[int]:
    return mapped_column(BigInteger, ForeignKey(column, ondelete=CASCADE), index=index)


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

    id: Mapped[int] = _key()
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


class ArticleRow(Base):
    """One article: what the feed gave, what the page gave, and how far it has come."""

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_due", "state", "next_attempt_at"),
        Index("ix_articles_text_hash", "text_hash", postgresql_where=sql("text_hash <> ''")),
        Index("ix_articles_published_at", "published_at"),
    )

    id: Mapped[int] = _key()
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

    id: Mapped[int] = _key()
    feed_id: Mapped[int] = _reference("feeds.id")
    #: SHA-256 of the entry's key
    key: Mapped[str]
    article_id: Mapped[int] = _reference("articles.id", index=True)
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


class TranslationRow(Base):
    """The English of an article, sentence beside sentence, with its provenance."""

    __tablename__ = "translations"

    article_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("articles.id", ondelete=CASCADE), primary_key=True
    )
    language: Mapped[str]
    engine: Mapped[str]
    model: Mapped[str] = mapped_column(server_default="")
    version: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime]
    #: [source, target, marks]
    title: Mapped[list[Any]]
    #: paragraphs of [source, target, marks]
    paragraphs: Mapped[list[Any]]
    #: the English body as one text, so that a back-test need not put it together 50,000 times
    text_en: Mapped[str] = mapped_column(server_default="")


class WatchlistVersionRow(Base):
    """One applied version of the watchlist file."""

    __tablename__ = "watchlist_versions"

    id: Mapped[int] = _key()
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
    watchlist_version_id: Mapped[int] = _reference("watchlist_versions.id", index=True)


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


class AlertRow(Base):
    """One article on one topic."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("article_id", "topic"),)

    id: Mapped[int] = _key()
    article_id: Mapped[int] = _reference("articles.id")
    topic: Mapped[str] = mapped_column(index=True)
    topic_version: Mapped[int]
    score: Mapped[float]
    evidence: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)


class DigestRow(Base):
    """The outbox: one composed digest of one subscription and period."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("subscription", "period_end"),)

    id: Mapped[int] = _key()
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
    digest_id: Mapped[int] = _reference("digests.id", index=True)
