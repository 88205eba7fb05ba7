"""Stories, and what articles are compared by."""

from datetime import datetime
from typing import Any

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import CASCADE, Base, key, reference

#: numbers in a vector of the sentence encoder
DIMENSIONS = 512


class StoryRow(Base):
    """The articles of one event."""

    __tablename__ = "stories"

    id: Mapped[int] = key()
    #: when its first and its last article were published
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    #: the story it became part of, None while it stands on its own
    merged_into: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("stories.id", ondelete="SET NULL"), index=True
    )


class StoryArticleRow(Base):
    """An article in its one story."""

    __tablename__ = "story_articles"

    article_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("articles.id", ondelete=CASCADE), primary_key=True
    )
    story_id: Mapped[int] = reference("stories.id", index=True)
    joined_at: Mapped[datetime]


class SignsRow(Base):
    """What an article is found by when another one looks for its story."""

    __tablename__ = "signs"
    __table_args__ = (Index("ix_signs_names", "names", postgresql_using="gin"),)

    article_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("articles.id", ondelete=CASCADE), primary_key=True
    )
    #: meaning of headline and lead; None where the encoder failed
    vector: Mapped[Any] = mapped_column(VECTOR(DIMENSIONS), nullable=True)
    #: the vectors of the whole and of single sentences, as ``steps.cluster`` packs them
    meaning: Mapped[bytes] = mapped_column(server_default="")
    #: the same of the English, empty where nothing is translated
    meaning_en: Mapped[bytes] = mapped_column(server_default="")
    #: rare names and numbers, folded
    names: Mapped[list[str]]
