"""Translations: sentence pairs with their provenance, stored as JSON and read back equal."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import BilingualText, Provenance, SentencePair, UnsafeMark
from monitor.storage.tables import ArticleRow, TranslationRow


def store_translation(session: Session, article_id: int, translation: BilingualText, now: datetime) -> None:
    """Keep a translation; an earlier one of the same article is replaced."""
    made = translation.provenance
    values = {
        "language": translation.language,
        "engine": made.engine,
        "model": made.model,
        "version": made.version,
        "at": made.at or now,
        "title": _to_json(translation.title),
        "text_en": translation.text_en,
        "paragraphs": [[_to_json(pair) for pair in paragraph] for paragraph in translation.paragraphs],
    }
    statement = insert(TranslationRow).values(article_id=article_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=values))


def load_translation(session: Session, article_id: int) -> BilingualText | None:
    """The stored translation, None where there is none."""
    row = session.get(TranslationRow, article_id)
    return _from_row(row) if row else None


def copied_translation(session: Session, article: ArticleRow) -> BilingualText | None:
    """The translation of an article with the same text in the same language, None where there is none."""
    if not article.text_hash:
        return None
    row = session.scalars(
        select(TranslationRow)
        .join(ArticleRow, ArticleRow.id == TranslationRow.article_id)
        .where(
            ArticleRow.text_hash == article.text_hash,
            ArticleRow.id != article.id,
            TranslationRow.language == article.language,
        )
        .order_by(ArticleRow.id)
        .limit(1)
    ).first()
    return _from_row(row) if row else None


def _from_row(row: TranslationRow) -> BilingualText:
    return BilingualText(
        language=row.language,
        title=_from_json(row.title),
        paragraphs=tuple(tuple(_from_json(pair) for pair in paragraph) for paragraph in row.paragraphs),
        provenance=Provenance(row.engine, row.model, row.version, row.at),
    )


def _to_json(pair: SentencePair) -> list[Any]:
    return [pair.source, pair.target, [mark.value for mark in pair.marks]]


def _from_json(stored: list[Any]) -> SentencePair:
    source, target, marks = stored
    return SentencePair(source, target, tuple(UnsafeMark(mark) for mark in marks))
