"""Articles that raised an alert, looked at again: earlier versions, and those that vanished."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from monitor.model import ArticleForLook, ArticleRead, ArticleState, Content, Revision
from monitor.storage.articles import advance, read_values
from monitor.storage.tables import AlertRow, ArticleRow, RevisionRow


def plan_first_look(session: Session, article_id: int, at: datetime) -> None:
    """Have an article looked at again because it raised its first alert; one that is planned stays."""
    fresh = (ArticleRow.id == article_id, ArticleRow.look_at.is_(None), ArticleRow.looks == 0)
    session.execute(update(ArticleRow).where(*fresh).values(look_at=at))


def looks_due(session: Session, now: datetime) -> list[tuple[int, str]]:
    """(id, address) of the articles that are to be looked at again now, longest waiting first."""
    due = (ArticleRow.look_at <= now, ArticleRow.state == ArticleState.MATCHED.value)
    columns = select(ArticleRow.id, ArticleRow.source_url)
    rows = session.execute(columns.where(*due).order_by(ArticleRow.look_at, ArticleRow.id))
    return [(row.id, row.source_url) for row in rows]


def load_for_look(session: Session, article_id: int) -> ArticleForLook:
    """What is known of an article that is looked at again."""
    row = session.get_one(ArticleRow, article_id)
    first = select(func.min(AlertRow.created_at)).where(AlertRow.article_id == article_id)
    return ArticleForLook(
        id=row.id,
        url=row.url,
        title=row.title,
        text=row.text,
        content=Content(row.content),
        alerted_at=session.scalar(first) or row.found_at,
        vanished=row.vanished_at is not None,
    )


def store_look(session: Session, article_id: int, next_at: datetime | None) -> None:
    """An article was looked at; the next time is planned (None: no more)."""
    values = {"look_at": next_at, "looks": ArticleRow.looks + 1}
    session.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(values))


def store_vanished(session: Session, article_id: int, gone: bool, change: str, now: datetime) -> None:
    """An article's page is gone, or back again; ``change`` says so to people."""
    values = {"vanished_at": now if gone else None, "change": change, "changed_at": now}
    session.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(values))


def store_edit(session: Session, article_id: int, read: ArticleRead, change: str, now: datetime) -> bool:
    """Keep what an article says now and, as a revision, what it said before: ``matched → extracted``.

    False where the article was no longer at rest.
    """
    old = session.get_one(ArticleRow, article_id, populate_existing=True)
    revision = RevisionRow(article_id=article_id, replaced_at=now, title=old.title, text=old.text)
    values = read_values(read) | {"change": change, "changed_at": now}
    if not advance(session, article_id, ArticleState.MATCHED, ArticleState.EXTRACTED, now, values):
        return False
    session.add(revision)
    return True


def list_revisions(session: Session, article_id: int) -> list[Revision]:
    """Every version of an article, the oldest first, the present one last with no end."""
    rows = session.scalars(
        select(RevisionRow).where(RevisionRow.article_id == article_id).order_by(RevisionRow.id)
    )
    earlier = [Revision(row.title, row.text, row.replaced_at) for row in rows]
    now = session.get_one(ArticleRow, article_id)
    return [*earlier, Revision(now.title, now.text, None)]
