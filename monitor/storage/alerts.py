"""Alerts: one article on one topic, with the evidence that raised it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import ArticleForMatch, Evidence, Field, StoredAlert, TopicMatch
from monitor.storage.tables import AlertRow, ArticleRow, DigestItemRow, OutletRow, TranslationRow
from monitor.storage.translations import load_translation
from monitor.text.urls import public_url


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are wanted; empty fields filter nothing."""

    topic: str = ""
    outlet: str = ""
    since: datetime | None = None
    #: leave out what this subscription was told already
    untold_to: str = ""
    alert_id: int = 0
    limit: int = 0


def load_for_match(session: Session, article_id: int) -> ArticleForMatch:
    """Everything a query can ask about an article."""
    row, outlet = session.execute(
        select(ArticleRow, OutletRow).join(OutletRow).where(ArticleRow.id == article_id)
    ).one()
    translation = load_translation(session, article_id)
    return ArticleForMatch(
        id=str(row.id),
        language=row.language,
        title=row.title,
        text=row.text,
        title_en=row.title_en,
        text_en=translation.text_en if translation else "",
        outlet=outlet.id,
        country=outlet.country,
        kind=outlet.kind,
        pairs=tuple(translation.pairs()) if translation else (),
    )


def store_alerts(
    session: Session,
    article_id: int,
    matches: Iterable[TopicMatch],
    versions: Mapping[str, int],
    now: datetime,
) -> int:
    """Keep the alerts of one article; one that is there already stays as it was.

    :param versions: topic → version of its query in force.
    :returns: how many were new.
    """
    values = [
        {
            "article_id": article_id,
            "topic": match.topic,
            "topic_version": versions.get(match.topic, 0),
            "score": match.score,
            "evidence": [asdict(evidence) for evidence in match.evidence],
            "created_at": now,
        }
        for match in matches
    ]
    if not values:
        return 0
    statement = insert(AlertRow).on_conflict_do_nothing().returning(AlertRow.id)
    return len(session.scalars(statement, values).all())


def list_alerts(session: Session, wanted: AlertFilter | None = None) -> list[StoredAlert]:
    """The alerts wanted: by topic, the highest score first."""
    query = _narrowed(
        select(AlertRow, ArticleRow, OutletRow, TranslationRow)
        .join(ArticleRow, ArticleRow.id == AlertRow.article_id)
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .outerjoin(TranslationRow, TranslationRow.article_id == ArticleRow.id),
        wanted or AlertFilter(),
    )
    order = (AlertRow.topic, AlertRow.score.desc(), ArticleRow.published_at.desc().nulls_last(), AlertRow.id)
    return [_alert(row) for row in session.execute(query.order_by(*order))]


def _narrowed(query: Select[*tuple[Any, ...]], wanted: AlertFilter) -> Select[*tuple[Any, ...]]:
    if wanted.topic:
        query = query.where(AlertRow.topic == wanted.topic)
    if wanted.outlet:
        query = query.where(ArticleRow.outlet_id == wanted.outlet)
    if wanted.since:
        query = query.where(AlertRow.created_at >= wanted.since)
    if wanted.alert_id:
        query = query.where(AlertRow.id == wanted.alert_id)
    if wanted.untold_to:
        told = select(DigestItemRow.alert_id).where(DigestItemRow.subscription == wanted.untold_to)
        query = query.where(AlertRow.id.not_in(told))
    return query.limit(wanted.limit) if wanted.limit else query


def _alert(row: Row[*tuple[Any, ...]]) -> StoredAlert:
    alert, article, outlet, translation = row
    return StoredAlert(
        id=alert.id,
        topic=alert.topic,
        topic_version=alert.topic_version,
        score=alert.score,
        evidence=tuple(_evidence(stored) for stored in alert.evidence),
        created_at=alert.created_at,
        article_id=article.id,
        url=public_url(article.url, article.source_url),
        outlet=outlet.id,
        outlet_name=outlet.name,
        country=outlet.country,
        kind=outlet.kind,
        language=article.language,
        title=article.title,
        title_en=article.title_en,
        content=article.content,
        published_at=article.published_at,
        lead_en=_lead(translation),
    )


def _evidence(stored: dict[str, Any]) -> Evidence:
    return Evidence(**(stored | {"field": Field(stored["field"])}))


def _lead(translation: TranslationRow | None) -> str:
    if translation is None or not translation.paragraphs or not translation.paragraphs[0]:
        return ""
    return str(translation.paragraphs[0][0][1])
