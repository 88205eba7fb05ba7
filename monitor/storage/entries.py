"""What feeds list: entries not seen before, and the articles they become. One statement a table for all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from monitor.model import EntriesForStore, EntryForStore
from monitor.storage.bulk import among, given, rows_of, those
from monitor.storage.enriching import enrich
from monitor.storage.tables import AddressRow, ArticleRow
from monitor.text.fold import fold_words

_ARTICLES = ArticleRow.metadata.tables["articles"]
_ENTRIES = ArticleRow.metadata.tables["entries"]
_ADDRESSES, _DAYS = (ArticleRow.metadata.tables[name] for name in ("addresses", "outlet_days"))


def unseen_entries(session: Session, listed: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these (feed, key of an entry) that are not kept yet."""
    if not listed:
        return set()
    asked = given([{"feed_id": feed, "key": key} for feed, key in listed])
    # As plain tuples: thousands of them come at every poll of what was polled before
    return set(listed).difference(map(tuple, session.execute(_kept_entries(), asked)))


@cache
def _kept_entries() -> Select[int, str]:
    asked, entry = rows_of(_ENTRIES, ("feed_id", "key")).subquery().c, _ENTRIES.c
    same = (entry.feed_id == asked.feed_id) & (entry.key == asked.key)
    return select(entry.feed_id, entry.key).where(same)


def store_entries(session: Session, feeds: Sequence[EntriesForStore], now: datetime) -> dict[int, int]:
    """Keep entries; those whose address is new become ``new`` articles, those seen before change nothing.

    :returns: feed → how many of its articles were new.
    """
    listed = [(one, entry) for one in feeds for entry in one.entries]
    if not listed:
        return {}
    articles, added = _store(session, [(one.outlet_id, entry) for one, entry in listed], now)
    rows = [
        {"feed_id": one.feed_id, "key": entry.key, "article_id": articles[entry.url_key], "seen_at": now}
        for one, entry in listed
    ]
    session.execute(_adding(_ENTRIES, tuple(rows[0])), given(rows))
    return _count(session, listed, added, now)


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
    articles, added = _store(session, [(outlet_id, entry) for entry in entries], now, as_of)
    return articles, len(added)


def _store(
    session: Session,
    listed: Iterable[tuple[str, EntryForStore]],
    now: datetime,
    as_of: datetime | None = None,
) -> tuple[dict[str, int], set[str]]:
    """Key of the address → article, for all (outlet, entry), and the keys of those that were new."""
    # In the order of addresses, so that two that store the same articles at once cannot deadlock.
    wanted: dict[str, tuple[str, EntryForStore]] = {}
    for outlet, entry in sorted(listed, key=lambda one: one[1].url_key):
        first = wanted.get(entry.url_key)
        wanted[entry.url_key] = (first[0], _fuller(first[1], entry)) if first else (outlet, entry)
    titles = {key: entry.entry.title for key, (_, entry) in wanted.items()}
    known = _known_articles(session, titles)
    enrich(session, [(known[key], *one) for key, one in wanted.items() if key in known], now)
    rows = [_row(*one, now, as_of) for key, one in wanted.items() if key not in known]
    if not rows:
        return known, set()
    added = _add(session, rows)
    known |= added
    missed = {key: title for key, title in titles.items() if key not in known}
    return known | (_known_articles(session, missed) if missed else {}), set(added)


def _fuller(first: EntryForStore, second: EntryForStore) -> EntryForStore:
    """Two entries of one article: the first, with the longer texts of the two."""
    one, other = first.entry, second.entry
    both = replace(
        one,
        title=one.title or other.title,
        summary=max(one.summary, other.summary, key=len),
        html=max(one.html, other.html, key=len),
        authors=one.authors or other.authors,
        published_at=one.published_at or other.published_at,
    )
    return replace(first, entry=both)


def _add(session: Session, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert articles; key of the address → number, for those that were not there."""
    adding = _adding(_ARTICLES, tuple(rows[0])).returning(_ARTICLES.c.url_key, _ARTICLES.c.id)
    return dict(session.execute(adding, given(rows)).all())


@cache
def _adding(table: Table, columns: tuple[str, ...]) -> Insert:
    """Insert rows, those that are there already left out."""
    return insert(table).from_select(columns, rows_of(table, columns)).on_conflict_do_nothing()


def _known_articles(session: Session, titles: Mapping[str, str]) -> dict[str, int]:
    """Key of an address → the article that it is known to be; unknown ones are missing.

    That a page or a redirect led to an address does not prove that it is the same article: unless texts
    proved it, the headline has to be the same, too. Otherwise it becomes an article of its own until it was
    read.

    :param titles: key of an address → headline as listed.
    """
    keys = list(titles)
    found = dict(session.execute(_own_articles(), those(keys)).all())
    others = [key for key in keys if key not in found]
    return found | (_led_to(session, others, titles) if others else {})


def _led_to(session: Session, keys: list[str], titles: Mapping[str, str]) -> dict[str, int]:
    return {
        key: article
        for key, sure, article, *known in session.execute(_articles_led_to(), those(keys))
        if sure or (titles[key] and fold_words(titles[key]) in map(fold_words, known))
    }


@cache
def _own_articles() -> Select[str, int]:
    return select(_ARTICLES.c.url_key, _ARTICLES.c.id).where(among(_ARTICLES.c.url_key))


@cache
def _articles_led_to() -> Select[str, bool, int, str, str]:
    led, article = _ADDRESSES.c, _ARTICLES.c
    query = select(led.url_key, led.sure, article.id, article.title, article.feed_title)
    return query.where(article.id == led.article_id, among(led.url_key))


def articles_at(session: Session, url_key: str) -> list[int]:
    """The article whose own address this is, and the one that a page or a redirect led to it."""
    own = select(ArticleRow.id).where(ArticleRow.url_key == url_key)
    led = select(AddressRow.article_id).where(AddressRow.url_key == url_key)
    return [*session.scalars(own), *session.scalars(led)]


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


def _count(
    session: Session, listed: Sequence[tuple[EntriesForStore, EntryForStore]], added: set[str], now: datetime
) -> dict[int, int]:
    """Count the new articles for the day of their outlet; each belongs to the first feed that lists it."""
    first = {entry.url_key: one for one, entry in reversed(listed) if entry.url_key in added}
    if first:
        outlets = Counter(one.outlet_id for one in first.values())
        days = [
            {"outlet_id": outlet, "day": now.date(), "articles": n} for outlet, n in sorted(outlets.items())
        ]
        session.execute(_counting(), given(days))
    return Counter(one.feed_id for one in first.values())


@cache
def _counting() -> Insert:
    columns = ("outlet_id", "day", "articles")
    counted = insert(_DAYS).from_select(columns, rows_of(_DAYS, columns))
    more = {"articles": _DAYS.c.articles + counted.excluded.articles}
    return counted.on_conflict_do_update(index_elements=columns[:2], set_=more)
