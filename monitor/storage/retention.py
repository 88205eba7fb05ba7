"""What is not kept for ever: texts of articles in which nothing was found."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from monitor.model import ArticleState
from monitor.storage.tables import AlertRow, ArticleRow, FingerprintRow, RevisionRow, TranslationRow


def texts_before(session: Session, moment: datetime, most: int) -> list[int]:
    """Matched articles found before a moment, without any alert, that still have a text."""
    alerted = exists().where(AlertRow.article_id == ArticleRow.id)
    query = select(ArticleRow.id).where(
        ArticleRow.found_at < moment,
        ArticleRow.state == ArticleState.MATCHED.value,
        func.length(ArticleRow.text) + func.length(ArticleRow.feed_html) > 0,
        ~alerted,
    )
    return list(session.scalars(query.order_by(ArticleRow.id).limit(most)))


def drop_texts(session: Session, articles: list[int]) -> None:
    """Take text, translation, fingerprint and old versions off articles.

    Address, headline and dates stay, so that none of them is taken for new when a feed lists it again.
    """
    gone = {"text": "", "feed_html": "", "feed_summary": "", "page_due_at": None}
    session.execute(update(ArticleRow).where(ArticleRow.id.in_(articles)).values(gone))
    for table in (TranslationRow, FingerprintRow, RevisionRow):
        session.execute(delete(table).where(table.article_id.in_(articles)))
