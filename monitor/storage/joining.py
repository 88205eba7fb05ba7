"""One article once: what two addresses lead to becomes one row, and nothing of the other is lost."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import ArticleForJoining, ArticleState
from monitor.storage.entries import articles_at
from monitor.storage.tables import AddressRow, AlertRow, ArticleRow, EntryRow, PageRow, RevisionRow


def articles_known_at(session: Session, url_key: str) -> list[ArticleForJoining]:
    """The articles known under an address: the one whose own it is first, then one that was led to it."""
    rows = (session.get_one(ArticleRow, number) for number in articles_at(session, url_key))
    return [ArticleForJoining(row.id, row.outlet_id, row.title, row.text) for row in rows]


def add_address(session: Session, article_id: int, url_key: str, *, sure: bool = False) -> None:
    """From now on this address leads to the article, too; one that leads elsewhere already stays.

    :param sure: texts proved that it is the same article.
    """
    values = {"url_key": url_key, "article_id": article_id, "sure": sure}
    statement = insert(AddressRow).values(values)
    proved = {"article_id": article_id, "sure": True}
    session.execute(
        statement.on_conflict_do_update(index_elements=["url_key"], set_=proved)
        if sure
        else statement.on_conflict_do_nothing()
    )


def join_articles(session: Session, gone: int, into: int, now: datetime) -> bool:
    """Make one article of two: entries, addresses, alerts, revisions and what the feed gave move over.

    An article that still waits for its page takes the other one's. False where one was gone already.
    """
    locked = select(ArticleRow).where(ArticleRow.id.in_([gone, into])).order_by(ArticleRow.id)
    rows = {row.id: row for row in session.scalars(locked.with_for_update())}
    if len(rows) < 2:
        return False
    _move(session, gone, into)
    _hand_over_page(session, rows[gone], rows[into], now)
    _keep_longer(rows[into], rows[gone])
    add_address(session, into, rows[gone].url_key, sure=True)
    session.flush()
    session.execute(delete(ArticleRow).where(ArticleRow.id == gone))
    return True


def _move(session: Session, gone: int, into: int) -> None:
    for table in (EntryRow, AddressRow, RevisionRow):
        session.execute(update(table).where(table.article_id == gone).values(article_id=into))
    session.execute(update(ArticleRow).where(ArticleRow.copy_of == gone).values(copy_of=into))
    known = select(AlertRow.topic).where(AlertRow.article_id == into)
    fresh = update(AlertRow).where(AlertRow.article_id == gone, AlertRow.topic.not_in(known))
    session.execute(fresh.values(article_id=into))


def _hand_over_page(session: Session, gone: ArticleRow, into: ArticleRow, now: datetime) -> None:
    waits = ArticleState.NEW.value in {into.state, into.resume_state} or into.page_due_at is not None
    has_page = session.scalar(select(func.count()).where(PageRow.article_id == gone.id))
    if not (waits and has_page):
        return
    session.execute(delete(PageRow).where(PageRow.article_id == into.id))
    session.execute(update(PageRow).where(PageRow.article_id == gone.id).values(article_id=into.id))
    into.state, into.state_since, into.resume_state = ArticleState.FETCHED.value, now, ""
    into.attempts, into.next_attempt_at, into.page_due_at, into.reason = 0, None, None, ""
    into.notes = []


def _keep_longer(into: ArticleRow, gone: ArticleRow) -> None:
    """What the feeds gave: the fuller of the two."""
    for name in ("feed_title", "feed_summary", "feed_html"):
        setattr(into, name, max(getattr(into, name), getattr(gone, name), key=len))
    into.feed_authors = into.feed_authors or gone.feed_authors
    into.feed_published_at = into.feed_published_at or gone.feed_published_at
    # A copy of what it was joined with would be a copy of itself.
    if into.copy_of in {into.id, gone.id}:
        into.copy_of = None
