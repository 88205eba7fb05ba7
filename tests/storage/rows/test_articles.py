"""Articles step by step; every step once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.model import (
    ArticleNext,
    ArticleRead,
    ArticleState,
    BilingualText,
    Content,
    EntriesForStore,
    Provenance,
    SentencePair,
)
from monitor.storage import articles
from monitor.storage.entries import store_entries
from monitor.storage.outlets import feeds_due
from monitor.storage.tables import TranslationRow
from monitor.storage.translations import store_translation, translation_of
from tests.fakes import NOW, page
from tests.storage.rows.conftest import entry

LATER = NOW + timedelta(minutes=10)
READ = ArticleRead(
    title="Titular",
    text="Un párrafo.\nOtro.",
    authors=("Ana Pérez",),
    section="Mundo",
    published_at=NOW,
    modified_at=None,
    language="es",
    content=Content.PAGE,
    paywalled=False,
    words=3,
    text_hash="abc",
)
TRANSLATION = BilingualText(
    language="es",
    title=SentencePair("Titular", "Headline"),
    paragraphs=((SentencePair("Un párrafo.", "A paragraph."),), (SentencePair("Otro.", "Another."),)),
    provenance=Provenance("embedded", "pten", "1", NOW),
)


def states(session: Session) -> list[ArticleState]:
    session.expire_all()
    return [article.state for article in articles.list_articles(session)]


def to_extracted(session: Session, article: int, read: ArticleRead = READ) -> None:
    assert articles.store_page(session, article, page("https://www.infobae.com/nota-1", b"<p>"), NOW)
    assert articles.store_read(session, article, read, NOW)


def test_an_entry_seen_before_is_stored_once(stored: Session) -> None:
    feed = feeds_due(stored, NOW)[0]
    assert store_entries(
        stored,
        [
            EntriesForStore(
                feed.id,
                "infobae",
                (
                    entry(1),
                    entry(2),
                    entry(2),
                ),
            )
        ],
        NOW,
    ) == {feed.id: 1}
    assert len(articles.list_articles(stored)) == 2


def test_an_article_listed_by_two_feeds_is_one_article(stored: Session) -> None:
    other = feeds_due(stored, NOW)[1]
    assert store_entries(stored, [EntriesForStore(other.id, "infobae", (entry(1),))], NOW) == {}
    assert len(articles.list_articles(stored)) == 1


def test_an_article_goes_its_whole_way_once(stored: Session, article: int) -> None:
    assert articles.articles_due(stored, [ArticleState.NEW], NOW) == [
        (article, "https://www.infobae.com/nota-1?utm_source=x")
    ]
    assert articles.load_for_fetch(stored, article).has_feed_text
    to_extracted(stored, article)
    assert articles.load_for_translation(stored, article).text == READ.text
    assert articles.mark_translated(stored, article, "Headline", "", NOW)
    assert articles.mark_matched(stored, article, NOW)
    assert states(stored) == [ArticleState.MATCHED]
    assert not articles.store_page(stored, article, page("https://x.test/", b"other"), NOW)
    assert not articles.store_read(stored, article, READ, NOW)
    assert not articles.mark_translated(stored, article, "Headline", "", NOW)
    assert not articles.mark_matched(stored, article, NOW)
    assert articles.count_by_state(stored) == {"matched": 1}


def test_a_page_comes_back_as_it_was_and_goes_when_it_was_read(stored: Session, article: int) -> None:
    body = bytes(range(256)) * 10
    articles.store_page(stored, article, page("https://x.test/a", body, content_type="text/html"), NOW)
    got = articles.load_for_reading(stored, article)
    assert (got.page, got.content_type, got.final_url) == (body, "text/html", "https://x.test/a")
    articles.store_read(stored, article, READ, NOW)
    assert articles.load_for_reading(stored, article).page is None


def test_an_article_without_a_page_is_read_from_its_feed(stored: Session, article: int) -> None:
    outcome = ArticleNext(ArticleState.FETCHED, reason="no page: 403")
    assert articles.store_next(stored, article, ArticleState.NEW, outcome, NOW)
    stored.expire_all()
    got = articles.load_for_reading(stored, article)
    assert (got.page, got.feed_summary, got.reason) == (None, "Resumen.", "no page: 403")


def test_quarantine_waits_and_goes_on_where_it_stood(stored: Session, article: int) -> None:
    outcome = ArticleNext(
        ArticleState.QUARANTINED, "time-out", next_attempt_at=LATER, resume_state=ArticleState.NEW
    )
    assert articles.store_next(stored, article, ArticleState.NEW, outcome, NOW)
    assert states(stored) == [ArticleState.QUARANTINED]
    assert articles.articles_due(stored, [ArticleState.NEW], NOW) == []
    assert [number for number, _ in articles.articles_due(stored, [ArticleState.NEW], LATER)] == [article]
    assert articles.current_state(stored, article) is ArticleState.NEW
    assert articles.load_for_fetch(stored, article).attempts == 1
    assert articles.store_page(stored, article, page("https://x.test/", b"x"), LATER)
    stored.expire_all()
    assert articles.load_for_fetch(stored, article).attempts == 0
    assert not articles.store_next(stored, article, ArticleState.NEW, outcome, LATER)


def test_a_late_page_is_kept_only_for_an_article_at_rest(stored: Session, article: int) -> None:
    assert not articles.store_late_page(stored, article, page("https://x.test/", b"x"), NOW)


def test_characters_that_postgres_refuses_are_dropped(stored: Session, article: int) -> None:
    articles.store_page(stored, article, page("https://x.test/", b"x"), NOW)
    read = ArticleRead(
        **{name: getattr(READ, name) for name in ArticleRead.__slots__} | {"text": "a\x00b\ud800c"}
    )
    articles.store_read(stored, article, read, NOW)
    stored.expire_all()
    assert articles.load_for_translation(stored, article).text == "abc"


@pytest.mark.parametrize("text_hash", ["abc", ""])
def test_a_copy_finds_the_translation_of_the_same_text(stored: Session, article: int, text_hash: str) -> None:
    feed = feeds_due(stored, NOW)[0]
    store_entries(stored, [EntriesForStore(feed.id, "infobae", (entry(2),))], NOW)
    second = next(found.id for found in articles.list_articles(stored) if found.id != article)
    to_extracted(stored, article)
    store_translation(stored, article, TRANSLATION, NOW)
    read = ArticleRead(
        **{name: getattr(READ, name) for name in ArticleRead.__slots__} | {"text_hash": text_hash}
    )
    to_extracted(stored, second, read)
    stored.expire_all()
    copy = articles.load_for_translation(stored, second).copy
    assert copy == (TRANSLATION if text_hash else None)
    # An article's own earlier translation serves it, too.
    assert articles.load_for_translation(stored, article).copy == TRANSLATION


def test_a_translation_comes_back_equal_and_is_replaced(stored: Session, article: int) -> None:
    store_translation(stored, article, TRANSLATION, NOW)
    store_translation(stored, article, TRANSLATION, NOW)
    assert [translation_of(row) for row in stored.scalars(select(TranslationRow))] == [TRANSLATION]


def test_an_article_that_is_no_copy_has_nothing_to_borrow(stored: Session, article: int) -> None:
    to_extracted(stored, article)
    stored.expire_all()
    assert articles.load_for_translation(stored, article).copy is None


def test_an_article_can_go_on_without_a_translation(stored: Session, article: int) -> None:
    to_extracted(stored, article)
    assert articles.mark_translated(stored, article, "", "not translated: no engine", NOW)
    stored.expire_all()
    assert articles.list_articles(stored)[0].reason == "not translated: no engine"
