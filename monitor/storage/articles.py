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


def articles_due(
    session: Session, states: Sequence[ArticleState], now: datetime, *, copies: bool | None = None
) -> list[tuple[int, str]]:
    """(id, address) of the articles in these states whose next attempt is due, newest first.

    A quarantined article counts with the state it goes on from.

    :param copies: only copies, or only what is none.
    """
    wanted = [state.value for state in states]
    at_hand = or_(
        ArticleRow.state.in_(wanted),
        (ArticleRow.state == ArticleState.QUARANTINED.value) & ArticleRow.resume_state.in_(wanted),
    )
    due = or_(ArticleRow.next_attempt_at.is_(None), ArticleRow.next_attempt_at <= now)
    query = select(ArticleRow.id, ArticleRow.source_url).where(at_hand, due)
    if copies is not None:
        query = query.where(ArticleRow.copy_of.is_not(None) if copies else ArticleRow.copy_of.is_(None))
    rows = session.execute(query.order_by(ArticleRow.published_at.desc().nulls_last(), ArticleRow.id))
    return [(row.id, row.source_url) for row in rows]


def pages_due(session: Session, now: datetime) -> list[tuple[int, str]]:
    """(id, address) of the articles that were read without their page and may get it now, newest first."""
    rows = session.execute(
        select(ArticleRow.id, ArticleRow.source_url)
        .where(ArticleRow.page_due_at <= now, ArticleRow.state == ArticleState.MATCHED.value)
        .order_by(ArticleRow.published_at.desc().nulls_last(), ArticleRow.id)
    )
    return [(row.id, row.source_url) for row in rows]


def current_state(session: Session, article_id: int) -> ArticleState | None:
    """The state an article goes on from, None where it was joined with another one."""
    row = session.get(ArticleRow, article_id)
    return ArticleState(row.resume_state or row.state) if row else None


def load_for_fetch(session: Session, article_id: int) -> ArticleForFetch:
    """What is needed to fetch its page."""
    row = session.get_one(ArticleRow, article_id)
    return ArticleForFetch(
        id=row.id,
        outlet_id=row.outlet_id,
        url=row.source_url,
        attempts=row.attempts,
        has_feed_text=bool(row.feed_html or row.feed_summary),
        page_attempts=row.page_attempts,
        as_of=row.as_of,
    )


def load_for_reading(session: Session, article_id: int) -> ArticleForReading:
    """The page, where there is one, and what the feed gave."""
    row = session.get_one(ArticleRow, article_id)
    page = session.get(PageRow, article_id)
    return ArticleForReading(
        id=row.id,
        outlet_id=row.outlet_id,
        url=row.url,
        page=zlib.decompress(page.body) if page else None,
        content_type=page.content_type if page else "",
        final_url=page.final_url if page else row.source_url,
        feed_title=row.feed_title,
        feed_summary=row.feed_summary,
        feed_html=row.feed_html,
        feed_authors=tuple(row.feed_authors),
        feed_published_at=row.feed_published_at,
        reason="; ".join(row.notes),
        page_attempts=row.page_attempts,
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
    if not advance(session, article_id, ArticleState.NEW, ArticleState.FETCHED, now, {}):
        return False
    _put_page(session, article_id, page, now)
    return True


def store_late_page(session: Session, article_id: int, page: FetchedPage, now: datetime) -> bool:
    """Keep a page that came after its article was read without it: ``matched → fetched``, to be read again.

    False where the article was not waiting for it.
    """
    again: dict[str, Any] = {"page_due_at": None, "page_attempts": ArticleRow.page_attempts + 1, "notes": []}
    if not advance(session, article_id, ArticleState.MATCHED, ArticleState.FETCHED, now, again):
        return False
    _put_page(session, article_id, page, now)
    return True


def plan_page(session: Session, article_id: int, at: datetime | None) -> None:
    """Count an attempt at a page in the background, and say when the next one is due (None: never)."""
    values = {"page_attempts": ArticleRow.page_attempts + 1, "page_due_at": at}
    session.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(values))


def _put_page(session: Session, article_id: int, page: FetchedPage, now: datetime) -> None:
    values = {
        "body": zlib.compress(page.body, 3),
        "content_type": page.content_type,
        "final_url": page.final_url,
        "fetched_at": now,
    }
    statement = insert(PageRow).values(article_id=article_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=values))


def drop_page(session: Session, article_id: int) -> None:
    """Forget a page that cannot be read; its article goes on with what the feed gave."""
    session.execute(delete(PageRow).where(PageRow.article_id == article_id))


def store_read(
    session: Session,
    article_id: int,
    read: ArticleRead,
    now: datetime,
    page_due_at: datetime | None = None,
) -> bool:
    """Keep what was read: ``fetched → extracted``. The page itself is no longer needed.

    :param page_due_at: when to ask for the page again because it gave less than the feed.
    """
    values = read_values(read)
    if page_due_at is not None:
        values["page_due_at"] = page_due_at
    moved = advance(session, article_id, ArticleState.FETCHED, ArticleState.EXTRACTED, now, values)
    if moved:
        session.execute(delete(PageRow).where(PageRow.article_id == article_id))
    return moved


def read_values(read: ArticleRead) -> dict[str, Any]:
    """What was read, by column."""
    return {
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


def mark_translated(session: Session, article_id: int, title_en: str, reason: str, now: datetime) -> bool:
    """``extracted → translated``; a reason says why there is no translation."""
    values: dict[str, Any] = {"title_en": title_en}
    if reason:
        values["notes"] = func.array_append(ArticleRow.notes, reason)
    return advance(session, article_id, ArticleState.EXTRACTED, ArticleState.TRANSLATED, now, values)


def mark_matched(session: Session, article_id: int, now: datetime) -> bool:
    """``translated → matched``: the article's way ends here."""
    return advance(session, article_id, ArticleState.TRANSLATED, ArticleState.MATCHED, now, {})


def advance(
    session: Session,
    article_id: int,
    before: ArticleState,
    after: ArticleState,
    now: datetime,
    values: dict[str, Any],
) -> bool:
    """Move an article on from a state, or from a quarantine before it; False where it stands elsewhere."""
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
        note = {
            "notes": func.array_append(ArticleRow.notes, outcome.reason),
            "page_due_at": outcome.page_due_at,
        }
        return advance(session, article_id, step, outcome.state, now, note)
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
            copy_of=row.copy_of,
        )
        for row in rows
    ]


def count_by_state(session: Session) -> dict[str, int]:
    """How many articles stand in each state."""
    counted = session.execute(select(ArticleRow.state, func.count()).group_by(ArticleRow.state))
    return dict(counted.all())
