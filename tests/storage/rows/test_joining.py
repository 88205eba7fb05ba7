"""Two rows of one article become one, and nothing of the other is lost."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.model import ArticleState, Content, EntriesForStore, TopicMatch
from monitor.storage import articles
from monitor.storage.alerts import list_alerts, store_alerts
from monitor.storage.copies import forget_old_texts, similar_texts, store_copy
from monitor.storage.entries import articles_at, store_entries
from monitor.storage.joining import add_address, articles_known_at, join_articles
from monitor.storage.outlets import feeds_due
from monitor.storage.tables import EntryRow
from tests.fakes import NOW
from tests.storage.rows.conftest import entry
from tests.storage.rows.test_articles import READ, to_extracted


def second_article(session: Session, **more: object) -> int:
    feed = feeds_due(session, NOW)[0]
    store_entries(session, [EntriesForStore(feed.id, "infobae", (entry(2, **more),))], NOW)
    return articles_at(session, "infobae.com/nota-2")[0]


def test_entries_alerts_and_addresses_move_over(stored: Session, article: int) -> None:
    gone = second_article(stored, html="<p>Un cuerpo entero.</p>", authors=("Ana",))
    to_extracted(stored, article)
    store_alerts(stored, article, [TopicMatch("iran", 1.0, ())], {}, NOW)
    store_alerts(stored, gone, [TopicMatch("iran", 1.0, ()), TopicMatch("cuba", 1.0, ())], {}, NOW)
    store_copy(stored, article, gone, [1], NOW)
    assert join_articles(stored, gone, article, NOW)
    stored.expire_all()
    assert len(articles.list_articles(stored)) == 1
    assert [(alert.topic, alert.article_id) for alert in list_alerts(stored)] == [
        ("cuba", article),
        ("iran", article),
    ]
    assert set(stored.scalars(select(EntryRow.article_id))) == {article}
    got = articles.load_for_reading(stored, article)
    assert (got.feed_html, got.feed_summary, got.feed_authors) == (
        "<p>Un cuerpo entero.</p>",
        "Resumen.",
        ("Ana",),
    )
    assert articles.list_articles(stored)[0].copy_of is None
    assert not join_articles(stored, gone, article, NOW)


def test_an_address_that_was_joined_leads_to_the_one_article(stored: Session, article: int) -> None:
    gone = second_article(stored)
    join_articles(stored, gone, article, NOW)
    feed = feeds_due(stored, NOW)[1]
    assert store_entries(stored, [EntriesForStore(feed.id, "infobae", (entry(2),))], NOW) == {}
    [other] = articles_known_at(stored, "infobae.com/nota-2")
    assert (other.id, other.title) == (article, "Titular 1")
    assert articles_known_at(stored, "infobae.com/nada") == []


def test_an_address_keeps_its_first_article(stored: Session, article: int) -> None:
    second = second_article(stored)
    add_address(stored, article, "infobae.com/corto")
    add_address(stored, second, "infobae.com/corto")
    assert articles_at(stored, "infobae.com/corto") == [article]


def test_an_address_that_only_a_page_claims_hides_no_other_headline(stored: Session, article: int) -> None:
    add_address(stored, article, "infobae.com/nota-2")
    feed = feeds_due(stored, NOW)[0]
    assert store_entries(stored, [EntriesForStore(feed.id, "infobae", (entry(2),))], NOW) == {feed.id: 1}
    assert len(articles_at(stored, "infobae.com/nota-2")) == 2


def test_an_address_that_a_page_claims_is_believed_with_the_same_headline(
    stored: Session, article: int
) -> None:
    add_address(stored, article, "infobae.com/nota-2")
    same = replace(entry(2), entry=replace(entry(2).entry, title="TITULAR 1"))
    feed = feeds_due(stored, NOW)[0]
    assert store_entries(stored, [EntriesForStore(feed.id, "infobae", (same,))], NOW) == {}


def test_the_fuller_text_of_another_feed_is_kept_and_read_again(stored: Session, article: int) -> None:
    to_extracted(stored, article, replace(READ, content=Content.SUMMARY))
    articles.mark_translated(stored, article, "Headline", "", NOW)
    articles.mark_matched(stored, article, NOW)
    feed = feeds_due(stored, NOW)[1]
    fuller = entry(1, html=f"<p>{'Un cuerpo entero. ' * 9}</p>")
    assert store_entries(stored, [EntriesForStore(feed.id, "infobae", (fuller,))], NOW) == {}
    stored.expire_all()
    assert articles.current_state(stored, article) is ArticleState.FETCHED
    got = articles.load_for_reading(stored, article)
    assert (got.feed_summary, got.feed_html) == ("Resumen.", fuller.entry.html)


def test_two_entries_of_one_article_give_the_fuller_texts_of_both(stored: Session) -> None:
    feed = feeds_due(stored, NOW)[0]
    bare = replace(entry(3), entry=replace(entry(3).entry, title=""))
    full = replace(entry(4, html="<p>Un cuerpo entero.</p>"), url_key=bare.url_key)
    assert store_entries(stored, [EntriesForStore(feed.id, "infobae", (bare, full))], NOW) == {feed.id: 1}
    [number] = articles_at(stored, bare.url_key)
    got = articles.load_for_reading(stored, number)
    assert (got.feed_title, got.feed_html) == ("Titular 4", "<p>Un cuerpo entero.</p>")


def test_candidates_for_copies_come_by_hash_and_by_bands(stored: Session, article: int) -> None:
    second = second_article(stored)
    to_extracted(stored, article)
    store_copy(stored, article, None, [1, 2, 3], NOW)
    assert [seen.original for seen in similar_texts(stored, second, "abc", [9], NOW)] == [article]
    assert [seen.original for seen in similar_texts(stored, second, "other", [3, 9], NOW)] == [article]
    assert similar_texts(stored, second, "", [9], NOW) == []
    forget_old_texts(stored, NOW + timedelta(days=31))
    assert similar_texts(stored, second, "other", [3], NOW) == []


def test_two_articles_are_not_copies_of_each_other(stored: Session, article: int) -> None:
    second = second_article(stored)
    to_extracted(stored, article)
    store_copy(stored, article, second, [1], NOW)
    assert similar_texts(stored, second, "abc", [1], NOW) == []
