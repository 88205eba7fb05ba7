"""What another way in says of an article that is known: the fuller text is kept, and read where it helps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import ArticleState, Content, EntryForStore
from monitor.storage.bulk import given, rows_of
from monitor.storage.tables import ArticleRow

_ARTICLES = ArticleRow.metadata.tables["articles"]
_TEXTS = ("feed_summary", "feed_html")


def enrich(session: Session, listed: Sequence[tuple[int, str, EntryForStore]], now: datetime) -> None:
    """Keep headline and text of (article, outlet, entry) where they are more than what is known.

    An article that was read without its page and gets a longer text is read again: ``matched → fetched``.
    """
    rows = [_row(*one) for one in listed if one[2].entry.summary or one[2].entry.html or one[2].entry.title]
    if not rows:
        return
    listed_as, kept = rows_of(_ARTICLES, rows[0]).subquery(), _ARTICLES.c
    longer = {name: func.length(listed_as.c[name]) > func.length(kept[name]) for name in _TEXTS}
    named = (kept.feed_title == "") & (listed_as.c.feed_title != "")
    values: dict[str, Any] = {
        name: case((more, listed_as.c[name]), else_=kept[name]) for name, more in longer.items()
    }
    values["feed_title"] = case((named, listed_as.c.feed_title), else_=kept.feed_title)
    values["title"] = case((kept.title == "", listed_as.c.feed_title), else_=kept.title)
    same = (kept.id == listed_as.c.id) & (kept.outlet_id == listed_as.c.outlet_id)
    poorer = select(kept.id).join(listed_as, same).where(or_(named, *longer.values()))
    # Locked in one order, so that two that enrich the same articles cannot deadlock
    found = list(session.scalars(poorer.order_by(kept.id).with_for_update(of=_ARTICLES), given(rows)))
    if found:
        session.execute(update(_ARTICLES).where(same, kept.id.in_(found)).values(values), given(rows))
        _read_again(session, found, now)


def _row(article_id: int, outlet_id: str, stored: EntryForStore) -> dict[str, Any]:
    entry = stored.entry
    texts = {"feed_title": entry.title, "feed_summary": entry.summary, "feed_html": entry.html}
    return {"id": article_id, "outlet_id": outlet_id} | texts


def _read_again(session: Session, articles: list[int], now: datetime) -> None:
    kept = _ARTICLES.c
    without_page = kept.content.in_([Content.FEED.value, Content.SUMMARY.value])
    gain = func.greatest(*(func.length(kept[name]) for name in _TEXTS)) > func.length(kept.text)
    at_rest = (kept.id.in_(articles), kept.state == ArticleState.MATCHED.value)
    again = update(_ARTICLES).where(*at_rest, without_page, gain)
    session.execute(again.values(state=ArticleState.FETCHED.value, state_since=now))
