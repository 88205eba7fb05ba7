"""Stories as people see them: headline, first seen and by whom, outlets, alerts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from monitor.model import StoredStory, StoryArticle, StoryOutlet
from monitor.storage.tables import AlertRow, ArticleRow, MarkRow, OutletRow, StoryArticleRow, StoryRow
from monitor.text.urls import public_url


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which stories are wanted; empty fields filter nothing."""

    topic: str = ""
    #: with an article published or found since
    since: datetime | None = None
    ids: tuple[int, ...] = ()
    limit: int = 0


def list_stories(session: Session, wanted: StoryFilter | None = None) -> list[StoredStory]:
    """The stories wanted, the one with the newest article first."""
    wanted = wanted or StoryFilter()
    ids = list(session.scalars(_ids(wanted)))
    articles = _articles(session, ids)
    alerts = _alerts(session, ids)
    statuses = _statuses(session, ids)
    return [
        _story(number, articles[number], alerts.get(number, []), statuses.get(number, "new"))
        for number in ids
        if number in articles
    ]


def _ids(wanted: StoryFilter) -> Any:
    query = select(StoryRow.id).where(StoryRow.merged_into.is_(None))
    if wanted.topic:
        members = select(StoryArticleRow.story_id).join(
            AlertRow, AlertRow.article_id == StoryArticleRow.article_id
        )
        query = query.where(StoryRow.id.in_(members.where(AlertRow.topic == wanted.topic)))
    if wanted.since:
        query = query.where(StoryRow.last_at >= wanted.since)
    if wanted.ids:
        query = query.where(StoryRow.id.in_(wanted.ids))
    query = query.order_by(StoryRow.last_at.desc(), StoryRow.id)
    return query.limit(wanted.limit) if wanted.limit else query


def _articles(session: Session, ids: Sequence[int]) -> dict[int, list[StoryArticle]]:
    at = func.coalesce(ArticleRow.published_at, ArticleRow.found_at).label("at")
    best = (
        select(AlertRow.article_id, func.max(AlertRow.score).label("score"))
        .group_by(AlertRow.article_id)
        .subquery()
    )
    query = (
        select(
            StoryArticleRow.story_id,
            ArticleRow.id,
            ArticleRow.url,
            ArticleRow.source_url,
            ArticleRow.title,
            ArticleRow.title_en,
            ArticleRow.language,
            OutletRow.id.label("outlet"),
            OutletRow.name.label("outlet_name"),
            OutletRow.country,
            OutletRow.kind,
            at,
            func.coalesce(best.c.score, 0.0).label("score"),
        )
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .outerjoin(best, best.c.article_id == ArticleRow.id)
        .where(StoryArticleRow.story_id.in_(ids))
        .order_by(at, ArticleRow.id)
    )
    found: dict[int, list[StoryArticle]] = {}
    for row in session.execute(query):
        found.setdefault(row.story_id, []).append(_article(row))
    return found


def _article(row: Row[*tuple[Any, ...]]) -> StoryArticle:
    return StoryArticle(
        id=row.id,
        url=public_url(row.url, row.source_url),
        title=row.title,
        title_en=row.title_en,
        language=row.language,
        outlet=row.outlet,
        outlet_name=row.outlet_name,
        country=row.country,
        kind=row.kind,
        at=row.at,
        score=row.score,
    )


def _alerts(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Story → (alert, topic)."""
    query = select(StoryArticleRow.story_id, AlertRow.id, AlertRow.topic).join(
        AlertRow, AlertRow.article_id == StoryArticleRow.article_id
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for story, alert, topic in session.execute(
        query.where(StoryArticleRow.story_id.in_(ids)).order_by(AlertRow.id)
    ):
        found.setdefault(story, []).append((alert, topic))
    return found


def _statuses(session: Session, ids: Sequence[int]) -> dict[int, str]:
    newest = select(func.max(MarkRow.id)).where(MarkRow.story_id.in_(ids)).group_by(MarkRow.story_id)
    marked = session.execute(select(MarkRow.story_id, MarkRow.status).where(MarkRow.id.in_(newest)))
    return {story: status for story, status in marked if story is not None}


def _story(
    number: int, articles: Sequence[StoryArticle], alerts: Sequence[tuple[int, str]], status: str
) -> StoredStory:
    lead = max(articles, key=_place)
    return StoredStory(
        id=number,
        headline_en=lead.title_en,
        headline=lead.title,
        first_seen=articles[0].at,
        first_outlet=articles[0].outlet_name,
        last_seen=articles[-1].at,
        outlets=tuple(_outlets(articles)),
        articles=tuple(articles),
        alerts=tuple(alert for alert, _ in alerts),
        topics=tuple(sorted({topic for _, topic in alerts})),
        status=status,
    )


def _place(article: StoryArticle) -> tuple[bool, float, float, int]:
    """The headline is that of a translated article, then the best-placed, then the earliest."""
    return bool(article.title_en), article.score, -article.at.timestamp(), -article.id


def _outlets(articles: Iterable[StoryArticle]) -> Iterable[StoryOutlet]:
    told: dict[str, list[StoryArticle]] = {}
    for article in articles:
        told.setdefault(article.outlet, []).append(article)
    for outlet, own in told.items():
        yield StoryOutlet(outlet, own[0].outlet_name, own[0].country, own[0].kind, len(own))
