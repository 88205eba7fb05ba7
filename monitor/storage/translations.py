"""Translations: sentence pairs with their provenance, stored as JSON and read back equal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
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


def copied_translation(session: Session, article: ArticleRow) -> BilingualText | None:
    """A translation whose sentences can be used again: the article's own earlier one, else that of a copy.

    None where there is none in the same language.
    """
    same = [ArticleRow.id == article.id]
    if article.copy_of:
        same += [ArticleRow.id == article.copy_of]
    if article.text_hash:
        same += [ArticleRow.text_hash == article.text_hash]
    row = session.scalars(
        select(TranslationRow)
        .join(ArticleRow, ArticleRow.id == TranslationRow.article_id)
        .where(or_(*same), TranslationRow.language == article.language)
        .order_by(ArticleRow.text_hash != article.text_hash, ArticleRow.id != article.id, ArticleRow.id)
        .limit(1)
    ).first()
    return translation_of(row) if row else None


def translation_of(row: TranslationRow) -> BilingualText:
    """A stored translation as a record."""
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


def provenances(session: Session, article_ids: Sequence[int]) -> dict[int, Provenance]:
    """Article → who translated it, with what."""
    columns = (
        TranslationRow.article_id,
        TranslationRow.engine,
        TranslationRow.model,
        TranslationRow.version,
        TranslationRow.at,
    )
    rows = session.execute(select(*columns).where(TranslationRow.article_id.in_(article_ids)))
    return {row.article_id: Provenance(row.engine, row.model, row.version, row.at) for row in rows}
