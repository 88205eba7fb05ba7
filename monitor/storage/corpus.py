"""The stored articles as a body of text: read fast, in any order, without changing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, func, select
from sqlalchemy.orm import Session

from monitor.model import ArticleForMatch, ArticleState
from monitor.storage.tables import AlertRow, ArticleRow, OutletRow, TranslationRow

#: states in which an article has a text that can be searched
READ = (ArticleState.EXTRACTED, ArticleState.TRANSLATED, ArticleState.MATCHED)


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What people need to know an article by."""

    id: int
    url: str
    outlet: str
    language: str
    title: str
    title_en: str
    published_at: datetime | None


def corpus_ids(
    session: Session, since: datetime | None = None, states: Sequence[ArticleState] = READ
) -> list[int]:
    """Ids of the articles in these states, newest first.

    :param since: only those published since then; one without a date counts by the day it was found.
    """
    moment = func.coalesce(ArticleRow.published_at, ArticleRow.found_at)
    query = select(ArticleRow.id).where(ArticleRow.state.in_([state.value for state in states]))
    if since is not None:
        query = query.where(moment >= since)
    return list(session.scalars(query.order_by(moment.desc(), ArticleRow.id.desc())))


#: made once: building the statement costs more than reading ten articles
_READ = (
    select(
        ArticleRow.id,
        ArticleRow.language,
        ArticleRow.title,
        ArticleRow.text,
        ArticleRow.title_en,
        func.coalesce(TranslationRow.text_en, ""),
        OutletRow.id,
        OutletRow.country,
        OutletRow.kind,
    )
    .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
    .outerjoin(TranslationRow, TranslationRow.article_id == ArticleRow.id)
    .where(ArticleRow.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
)


def read_articles(session: Session, ids: Sequence[int]) -> list[ArticleForMatch]:
    """These articles in this order, without their sentence pairs; those that are gone are left out."""
    rows = {row[0]: ArticleForMatch(str(row[0]), *row[1:]) for row in _rows(session, _READ, ids)}
    return [rows[number] for number in ids if number in rows]


_HEADS = select(
    ArticleRow.id,
    ArticleRow.url,
    ArticleRow.outlet_id,
    ArticleRow.language,
    ArticleRow.title,
    ArticleRow.title_en,
    ArticleRow.published_at,
).where(ArticleRow.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def article_heads(session: Session, ids: Sequence[int]) -> dict[int, ArticleHead]:
    """Id → what people need to know the article by."""
    return {row[0]: ArticleHead(*row) for row in _rows(session, _HEADS, ids)}


def alerted(session: Session, topics: Sequence[str]) -> set[tuple[int, str]]:
    """(article, topic) of every stored alert of these topics."""
    rows = session.execute(select(AlertRow.article_id, AlertRow.topic).where(AlertRow.topic.in_(topics)))
    return {(article_id, topic) for article_id, topic in rows}


def _rows(session: Session, query: Any, ids: Sequence[int]) -> Any:
    return session.execute(query, {"ids": list(ids)})
