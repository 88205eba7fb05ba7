"""The English of articles."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables.base import CASCADE, Base


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
