"""Alerts: one article on one topic, with the evidence that raised it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import ArticleForMatch, Evidence, Field, StoredAlert, TopicMatch, TriageStatus
from monitor.storage.tables import (
    AlertRow,
    ArticleRow,
    DigestItemRow,
    OutletRow,
    StoryArticleRow,
    TranslationRow,
)
from monitor.storage.translations import translation_of
from monitor.storage.triage import newest_marks
from monitor.text.urls import public_url

_MARKED = newest_marks().subquery()
_STATUS = func.coalesce(_MARKED.c.status, TriageStatus.NEW.value)


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are wanted; empty fields filter nothing."""

    topic: str = ""
    outlet: str = ""
    since: datetime | None = None
    #: raised before, half open
    until: datetime | None = None
    #: leave out what this subscription was told already
    untold_to: str = ""
    #: only what this subscription was told
    told_to: str = ""
    alert_id: int = 0
    story_id: int = 0
    #: value of ``TriageStatus``
    status: str = ""
    limit: int = 0


def load_for_match(session: Session, article_id: int) -> ArticleForMatch:
    """Everything a query can ask about an article."""
    return load_many_for_match(session, [article_id])[article_id]


def load_many_for_match(session: Session, article_ids: Collection[int]) -> dict[int, ArticleForMatch]:
    """Article → everything a query can ask about it."""
    rows = session.execute(
        select(ArticleRow, OutletRow, TranslationRow)
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .outerjoin(TranslationRow, TranslationRow.article_id == ArticleRow.id)
        .where(ArticleRow.id.in_(article_ids))
    )
    return {row.id: _for_match(row, outlet, translated) for row, outlet, translated in rows}


def _for_match(row: ArticleRow, outlet: OutletRow, translated: TranslationRow | None) -> ArticleForMatch:
    translation = translation_of(translated) if translated else None
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
    query = _narrowed(_alerts(), wanted or AlertFilter())
    order = (AlertRow.topic, AlertRow.score.desc(), ArticleRow.published_at.desc().nulls_last(), AlertRow.id)
    return [_alert(row) for row in session.execute(query.order_by(*order))]


def _alerts() -> Select[*tuple[Any, ...]]:
    """Only what people see: bodies and translations of a thousand articles would take seconds."""
    return (
        select(
            AlertRow,
            ArticleRow.url,
            ArticleRow.source_url,
            ArticleRow.language,
            ArticleRow.title,
            ArticleRow.title_en,
            ArticleRow.content,
            ArticleRow.published_at,
            ArticleRow.change,
            OutletRow.id.label("outlet"),
            OutletRow.name.label("outlet_name"),
            OutletRow.country,
            OutletRow.kind,
            # the English of the first sentence of the first paragraph
            TranslationRow.paragraphs[(0, 0, 1)].astext.label("lead_en"),
            StoryArticleRow.story_id,
            _STATUS.label("status"),
        )
        .join(ArticleRow, ArticleRow.id == AlertRow.article_id)
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .outerjoin(TranslationRow, TranslationRow.article_id == ArticleRow.id)
        .outerjoin(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .outerjoin(_MARKED, _MARKED.c.alert_id == AlertRow.id)
    )


def _narrowed(query: Select[*tuple[Any, ...]], wanted: AlertFilter) -> Select[*tuple[Any, ...]]:
    if wanted.since:
        query = query.where(AlertRow.created_at >= wanted.since)
    if wanted.until:
        query = query.where(AlertRow.created_at < wanted.until)
    conditions: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.topic, AlertRow.topic == wanted.topic),
        (wanted.outlet, ArticleRow.outlet_id == wanted.outlet),
        (wanted.alert_id, AlertRow.id == wanted.alert_id),
        (wanted.story_id, StoryArticleRow.story_id == wanted.story_id),
        (wanted.status, _STATUS.in_([wanted.status])),
        (wanted.untold_to, AlertRow.id.not_in(_told(wanted.untold_to))),
        (wanted.told_to, AlertRow.id.in_(_told(wanted.told_to))),
    ]
    query = query.where(*(condition for given, condition in conditions if given))
    return query.limit(wanted.limit) if wanted.limit else query


def _told(subscription: str) -> Select[int]:
    return select(DigestItemRow.alert_id).where(DigestItemRow.subscription == subscription)


def _alert(row: Row[*tuple[Any, ...]]) -> StoredAlert:
    alert = row.AlertRow
    return StoredAlert(
        id=alert.id,
        topic=alert.topic,
        topic_version=alert.topic_version,
        score=alert.score,
        evidence=tuple(_evidence(stored) for stored in alert.evidence),
        created_at=alert.created_at,
        article_id=alert.article_id,
        url=public_url(row.url, row.source_url),
        outlet=row.outlet,
        outlet_name=row.outlet_name,
        country=row.country,
        kind=row.kind,
        language=row.language,
        title=row.title,
        title_en=row.title_en,
        content=row.content,
        published_at=row.published_at,
        lead_en=row.lead_en or "",
        story_id=row.story_id or 0,
        status=row.status,
        change=row.change,
    )


def _evidence(stored: dict[str, Any]) -> Evidence:
    return Evidence(**(stored | {"field": Field(stored["field"])}))
