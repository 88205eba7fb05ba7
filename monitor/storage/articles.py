"""Articles: found, fetched, read, translated, matched. Each step is one conditional update, so that a step
done twice, or by two workers at once, changes nothing the second time."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import (
    ArticleForFetch,
    ArticleForReading,
    ArticleForTranslation,
    ArticleNext,
    ArticleRead,
    ArticleState,
    FetchedPage,
    StoredArticle,
)
from monitor.storage.tables import ArticleRow, PageRow
from monitor.storage.translations import copied_translation
from monitor.text.urls import public_url


def articles_due(session: Session, states: Sequence[ArticleState], now: datetime) -> list[tuple[int, str]]:
    """(id, address) of the articles in these states whose next attempt is due, newest first.

    A quarantined article counts with the state it goes on from.
    """
    wanted = [state.value for state in states]
    at_hand = or_(
        ArticleRow.state.in_(wanted),
        (ArticleRow.state == ArticleState.QUARANTINED.value) & ArticleRow.resume_state.in_(wanted),
    )
    due = or_(ArticleRow.next_attempt_at.is_(None), ArticleRow.next_attempt_at <= now)
    newest = ArticleRow.published_at.desc().nulls_last()
    rows = session.execute(
        select(ArticleRow.id, ArticleRow.source_url).where(at_hand, due).order_by(newest, ArticleRow.id)
    )
    return [(row.id, row.source_url) for row in rows]


def current_state(session: Session, article_id: int) -> ArticleState:
    """The state an article goes on from."""
    row = session.get_one(ArticleRow, article_id)
    return ArticleState(row.resume_state or row.state)


def load_for_fetch(session: Session, article_id: int) -> ArticleForFetch:
    """What is needed to fetch its page."""
    row = session.get_one(ArticleRow, article_id)
    return ArticleForFetch(
        id=row.id,
        outlet_id=row.outlet_id,
        url=row.source_url,
        attempts=row.attempts,
        has_feed_text=bool(row.feed_html or row.feed_summary),
    )


def load_for_reading(session: Session, article_id: int) -> ArticleForReading:
    """The page, where there is one, and what the feed gave."""
    row = session.get_one(ArticleRow, article_id)
    page = session.get(PageRow, article_id)
    return ArticleForReading(
        id=row.id,
        outlet_id=row.outlet_id,
        url=row.source_url,
        page=zlib.decompress(page.body) if page else None,
        content_type=page.content_type if page else "",
        final_url=page.final_url if page else row.source_url,
        feed_title=row.feed_title,
        feed_summary=row.feed_summary,
        feed_html=row.feed_html,
        feed_authors=tuple(row.feed_authors),
        feed_published_at=row.feed_published_at,
        reason="; ".join(row.notes),
    )


def load_for_translation(session: Session, article_id: int) -> ArticleForTranslation:
    """The text, and the translation of a copy where one is stored."""
    row = session.get_one(ArticleRow, article_id)
    return ArticleForTranslation(
        id=row.id,
        language=row.language,
        title=row.title,
        text=row.text,
        attempts=row.attempts,
        copy=copied_translation(session, row),
    )


def store_page(session: Session, article_id: int, page: FetchedPage, now: datetime) -> bool:
    """Keep a fetched page: ``new → fetched``. False where the article had moved on already."""
    if not _advance(session, article_id, ArticleState.NEW, ArticleState.FETCHED, now, {}):
        return False
    values = {
        "body": zlib.compress(page.body, 3),
        "content_type": page.content_type,
        "final_url": page.final_url,
        "fetched_at": now,
    }
    statement = insert(PageRow).values(article_id=article_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=values))
    return True


def store_read(session: Session, article_id: int, read: ArticleRead, now: datetime) -> bool:
    """Keep what was read: ``fetched → extracted``. The page itself is no longer needed."""
    values = {
        "title": read.title,
        "text": read.text,
        "authors": list(read.authors),
        "section": read.section,
        "published_at": read.published_at,
        "modified_at": read.modified_at,
        "language": read.language,
        "content": read.content.value,
        "paywalled": read.paywalled,
        "words": read.words,
        "text_hash": read.text_hash,
    }
    moved = _advance(session, article_id, ArticleState.FETCHED, ArticleState.EXTRACTED, now, values)
    if moved:
        session.execute(delete(PageRow).where(PageRow.article_id == article_id))
    return moved


def mark_translated(session: Session, article_id: int, title_en: str, reason: str, now: datetime) -> bool:
    """``extracted → translated``; a reason says why there is no translation."""
    values: dict[str, Any] = {"title_en": title_en}
    if reason:
        values["notes"] = func.array_append(ArticleRow.notes, reason)
    return _advance(session, article_id, ArticleState.EXTRACTED, ArticleState.TRANSLATED, now, values)


def mark_matched(session: Session, article_id: int, now: datetime) -> bool:
    """``translated → matched``: the article's way ends here."""
    return _advance(session, article_id, ArticleState.TRANSLATED, ArticleState.MATCHED, now, {})


def _advance(
    session: Session,
    article_id: int,
    before: ArticleState,
    after: ArticleState,
    now: datetime,
    values: dict[str, Any],
) -> bool:
    at_step = or_(
        ArticleRow.state == before.value,
        (ArticleRow.state == ArticleState.QUARANTINED.value) & (ArticleRow.resume_state == before.value),
    )
    progress = {
        "state": after.value,
        "state_since": now,
        "attempts": 0,
        "next_attempt_at": None,
        "reason": "",
    }
    statement = (
        update(ArticleRow)
        .where(ArticleRow.id == article_id, at_step)
        .values(**progress, resume_state="", **values)
        .returning(ArticleRow.id)
    )
    return session.scalar(statement) is not None


def store_next(
    session: Session, article_id: int, step: ArticleState, outcome: ArticleNext, now: datetime
) -> bool:
    """Keep what becomes of an article that could not take the step it stood at.

    A quarantine counts the attempt; otherwise the article goes on and the reason stays as a note.
    False where the article had moved on already.
    """
    if outcome.state is not ArticleState.QUARANTINED:
        note = {"notes": func.array_append(ArticleRow.notes, outcome.reason)}
        return _advance(session, article_id, step, outcome.state, now, note)
    at_step = or_(ArticleRow.state == step.value, ArticleRow.resume_state == step.value)
    statement = (
        update(ArticleRow)
        .where(ArticleRow.id == article_id, at_step)
        .values(
            state=outcome.state.value,
            state_since=now,
            reason=outcome.reason,
            attempts=ArticleRow.attempts + 1,
            next_attempt_at=outcome.next_attempt_at,
            resume_state=outcome.resume_state.value if outcome.resume_state else "",
        )
        .returning(ArticleRow.id)
    )
    return session.scalar(statement) is not None


def list_articles(session: Session) -> list[StoredArticle]:
    """Every article, newest first."""
    rows = session.scalars(
        select(ArticleRow).order_by(ArticleRow.published_at.desc().nulls_last(), ArticleRow.url)
    )
    return [
        StoredArticle(
            id=row.id,
            url=public_url(row.url, row.source_url),
            outlet=row.outlet_id,
            language=row.language,
            state=ArticleState(row.state),
            title=row.title,
            title_en=row.title_en,
            published_at=row.published_at,
            words=row.words,
            text_chars=len(row.text),
            content=row.content,
            reason="; ".join([row.reason, *row.notes]).strip("; "),
        )
        for row in rows
    ]


def count_by_state(session: Session) -> dict[str, int]:
    """How many articles stand in each state."""
    counted = session.execute(select(ArticleRow.state, func.count()).group_by(ArticleRow.state))
    return dict(counted.all())
