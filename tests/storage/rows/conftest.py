"""One outlet with two feeds, as most tests of the store need it."""

import pytest
from sqlalchemy.orm import Session

from monitor.model import EntriesForStore, Entry, EntryForStore, FeedKind, FeedSource, Outlet, OutletKind
from monitor.storage.articles import list_articles
from monitor.storage.entries import store_entries
from monitor.storage.outlets import feeds_due, sync_outlets
from tests.fakes import NOW

INFOBAE = Outlet(
    id="infobae",
    name="Infobae",
    language="es",
    country="AR",
    kind=OutletKind.INDEPENDENT,
    feeds=(
        FeedSource("https://www.infobae.com/rss", section="all"),
        FeedSource("https://www.infobae.com/map", FeedKind.SITEMAP),
    ),
)


def entry(number: int, **more: object) -> EntryForStore:
    """An entry with its own address."""
    url = f"https://www.infobae.com/nota-{number}"
    made = Entry(key=f"key-{number}", url=f"{url}?utm_source=x", title=f"Titular {number}", **more)  # type: ignore[arg-type]
    return EntryForStore(key=f"hash-{number}", url=url, entry=made, url_key=url.removeprefix("https://www."))


@pytest.fixture
def stored(session: Session) -> Session:
    """A session on a store that holds the outlet and one new article."""
    sync_outlets(session, [INFOBAE])
    feed = feeds_due(session, NOW)[0]
    store_entries(
        session, [EntriesForStore(feed.id, "infobae", (entry(1, summary="Resumen.", published_at=NOW),))], NOW
    )
    return session


@pytest.fixture
def article(stored: Session) -> int:
    """The id of that article."""
    return list_articles(stored)[0].id
