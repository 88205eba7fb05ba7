"""What feeds list: entries not seen before, and the articles they become. One statement a table a feed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    any_,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from monitor.model import EntryForStore
from monitor.storage.tables import AddressRow, ArticleRow, EntryRow, OutletDayRow

_ARTICLES = ArticleRow.metadata.tables["articles"]
_ENTRIES = ArticleRow.metadata.tables["entries"]


def unseen_keys(session: Session, feed_id: int, keys: Sequence[str]) -> list[str]:
    """Those entries of a feed that are not kept yet, in their order."""
    seen = select(EntryRow.key).where(EntryRow.feed_id == feed_id, _among(EntryRow.key, list(keys)))
    known = set(session.scalars(seen))
    return [key for key in keys if key not in known]


def store_entries(
    session: Session, feed_id: int, outlet_id: str, entries: Sequence[EntryForStore], now: datetime
) -> int:
    """Keep entries; those whose address is new become ``new`` articles, those seen before change nothing.

    :returns: how many articles were new.
    """
    if not entries:
        return 0
    articles, found = store_articles(session, outlet_id, entries, now)
    rows = select(
        literal(feed_id),
        func.unnest(cast([entry.key for entry in entries], ARRAY(Text))),
        func.unnest(cast([articles[entry.url_key] for entry in entries], ARRAY(BigInteger))),
        literal(now),
    )
    columns = ["feed_id", "key", "article_id", "seen_at"]
    session.execute(insert(_ENTRIES).from_select(columns, rows).on_conflict_do_nothing())
    if found:
        _count(session, outlet_id, found, now)
    return found


def store_articles(
    session: Session,
    outlet_id: str,
    entries: Sequence[EntryForStore],
    now: datetime,
    as_of: datetime | None = None,
) -> tuple[dict[str, int], int]:
    """Make an article of every entry whose address is not known.

    :param as_of: the moment at which an archive is asked for the pages.
    :returns: key of the address → article, for all entries, and how many articles were new.
    """
    # In the order of addresses, so that two feeds storing the same articles at once cannot deadlock.
    wanted = {entry.url_key: entry for entry in sorted(entries, key=lambda entry: entry.url_key)}
    known = article_ids(session, list(wanted))
    rows = [_row(outlet_id, entry, now, as_of) for key, entry in wanted.items() if key not in known]
    if not rows:
        return known, 0
    # The table itself: the mapper would look at every row once more, at twice the cost
    adding = insert(_ARTICLES).on_conflict_do_nothing().returning(_ARTICLES.c.url_key, _ARTICLES.c.id)
    added: dict[str, int] = dict(session.execute(adding, rows).all())
    known |= added
    missed = [key for key in wanted if key not in known]
    return known | (article_ids(session, missed) if missed else {}), len(added)


def article_ids(session: Session, url_keys: Sequence[str]) -> dict[str, int]:
    """Key of an address → the article it leads to, also by a redirect or rel=canonical.

    Unknown addresses are missing.
    """
    keys = list(url_keys)
    own = select(ArticleRow.url_key, ArticleRow.id).where(_among(ArticleRow.url_key, keys))
    other = select(AddressRow.url_key, AddressRow.article_id).where(_among(AddressRow.url_key, keys))
    return dict(session.execute(union_all(own, other)).all())


def _among(column: InstrumentedAttribute[str], values: list[str]) -> ColumnElement[bool]:
    """One parameter however many values there are."""
    return column == any_(cast(values, ARRAY(Text)))


def _row(outlet_id: str, stored: EntryForStore, now: datetime, as_of: datetime | None) -> dict[str, Any]:
    entry = stored.entry
    return {
        "outlet_id": outlet_id,
        "url": stored.url,
        "url_key": stored.url_key,
        "source_url": entry.url,
        "found_at": now,
        "state_since": now,
        "feed_title": entry.title,
        "feed_summary": entry.summary,
        "feed_html": entry.html,
        "feed_authors": list(entry.authors),
        "feed_published_at": entry.published_at,
        "title": entry.title,
        "published_at": entry.published_at,
        "as_of": as_of,
    }


def _count(session: Session, outlet_id: str, found: int, now: datetime) -> None:
    counted = insert(OutletDayRow).values(outlet_id=outlet_id, day=now.date(), articles=found)
    more = {"articles": OutletDayRow.articles + counted.excluded.articles}
    session.execute(counted.on_conflict_do_update(index_elements=["outlet_id", "day"], set_=more))
