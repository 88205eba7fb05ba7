"""Feeds polled, entries stored, nothing twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.errors import DatabaseUnavailable
from monitor.model import (
    ArticleState,
    EntriesForStore,
    FeedForPoll,
    FeedKind,
    FeedSource,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
    StoredOutlet,
)
from monitor.pipeline import collect as collecting
from monitor.pipeline.answers import likeliest
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.trying import check
from monitor.storage.articles import articles_due, list_articles
from monitor.storage.health import list_feeds, status_changes
from monitor.storage.outlets import list_outlets
from tests.fakes import NOW, FakeFetcher, failure, page
from tests.pipeline.conftest import ARTICLE, INFOBAE, MakeContext, answers, item, rss

FEED = "https://www.infobae.com/rss"


def outlet(context: Context) -> StoredOutlet:
    with context.database.session() as session:
        return list_outlets(session)[0]


def urls(context: Context) -> list[str]:
    with context.database.session() as session:
        return [article.url for article in list_articles(session)]


def with_clarin(make_context: MakeContext) -> Context:
    """Two outlets, one item each."""
    second = "https://clarin.test/rss"
    other = replace(INFOBAE, id="clarin", feeds=(FeedSource(second),))
    network = answers() | {second: page(second, rss(item("https://clarin.test/a-b-c-d")))}
    return make_context(network, outlets={"infobae": INFOBAE, "clarin": other})


def test_new_entries_become_articles_once(make_context: MakeContext) -> None:
    context = make_context()
    assert collect(context) == 1
    assert collect(context, everything=True) == 0
    assert urls(context) == ["https://www.infobae.com/iran-drones"]
    assert (outlet(context).status, outlet(context).entries) == ("ok", 1)


def test_a_feed_is_left_alone_until_it_is_due(make_context: MakeContext) -> None:
    context = make_context()
    collect(context)
    assert isinstance(context.fetcher, FakeFetcher)
    context.fetcher.asked.clear()
    collect(context)
    assert context.fetcher.asked == []


def test_validators_are_sent_and_a_304_keeps_what_is_known(make_context: MakeContext) -> None:
    first = page(FEED, rss(item()), etag='"a"', last_modified="yesterday")
    collect(make_context({FEED: first}))
    again = make_context({FEED: page(FEED, status=304)})
    collect(again, everything=True)
    assert isinstance(again.fetcher, FakeFetcher)
    assert (again.fetcher.asked[0].etag, again.fetcher.asked[0].last_modified) == ('"a"', "yesterday")
    assert (outlet(again).status, outlet(again).entries) == ("ok", 1)


def test_a_feed_that_changed_under_the_same_etag_is_read(make_context: MakeContext) -> None:
    collect(make_context({FEED: page(FEED, rss(item()), etag='"lie"')}))
    other = item("https://www.infobae.com/otra", "Otra")
    later = make_context({FEED: page(FEED, rss(item(), other), etag='"lie"')})
    assert collect(later, everything=True) == 1


def test_another_body_with_the_same_entries_is_no_news(make_context: MakeContext) -> None:
    collect(make_context())
    later = make_context({FEED: page(FEED, rss(item()) + b"<!-- 12:01 -->")})
    assert collect(later, everything=True) == 0
    assert outlet(later).articles == 1


def test_a_failing_feed_is_classified_and_waits(make_context: MakeContext) -> None:
    context = make_context({FEED: failure(FEED, FetchFailureKind.BLOCKED, status=403)})
    collect(context)
    assert (outlet(context).status, outlet(context).reason) == ("blocked", f"blocked at {FEED}")
    assert collect(make_context(answers(), clock=lambda: NOW + timedelta(hours=2))) == 1
    assert outlet(context).status == "ok"


def test_a_page_where_the_feed_was_is_broken(make_context: MakeContext) -> None:
    context = make_context({FEED: page(FEED, b"<!doctype html><html><body>Portada</body></html>")})
    collect(context)
    assert (outlet(context).status, outlet(context).reason) == ("broken", "a web page, not RSS or Atom")


def test_entries_that_lead_nowhere_are_refused_and_the_rest_kept(make_context: MakeContext) -> None:
    bad = item("https://www.infobae.com:99999/x", "Puerto")
    wrapped = item("https://news.google.com/rss/articles/CBMiabc", "Envuelta")
    context = make_context({FEED: page(FEED, rss(bad, wrapped, item()))})
    assert collect(context) == 1
    assert urls(context) == ["https://www.infobae.com/iran-drones"]
    assert outlet(context).problems == ("2 items refused: their addresses lead to no article",)


def test_a_feed_of_nothing_but_wrapped_links_is_broken_and_says_why(make_context: MakeContext) -> None:
    wrapped = item("https://news.google.com/rss/articles/CBMiabc", "Envuelta")
    context = make_context({FEED: page(FEED, rss(wrapped))})
    assert collect(context) == 0
    assert (outlet(context).status, outlet(context).reason) == (
        "broken",
        "none of its 1 items gives the address of an article",
    )


def asked_for(context: Context) -> list[str]:
    with context.database.session() as session:
        return [address for _, address in articles_due(session, [ArticleState.NEW], NOW)]


def test_an_article_is_fetched_unwrapped_and_from_the_host_that_answers(make_context: MakeContext) -> None:
    wrapped = "https://redir.folha.com.br/redir/online/mundo/rss091/*https://www1.folha.uol.com.br/a.shtml"
    moved = "http://platform.test/es/nota?utm_source=rss"
    rewriting = replace(INFOBAE, host_rewrites={"platform.test": "beta.elfaro.test"})
    context = make_context(
        {FEED: page(FEED, rss(item(wrapped), item(moved)))}, outlets={INFOBAE.id: rewriting}
    )
    collect(context)
    assert asked_for(context) == [
        "http://beta.elfaro.test/es/nota?utm_source=rss",
        "https://www1.folha.uol.com.br/a.shtml",
    ]


def test_a_feed_that_turned_over_between_two_polls_is_told_and_polled_more_often(
    make_context: MakeContext,
) -> None:
    def poll(hour: int) -> Context:
        news = [item(f"https://www.infobae.com/nota-{hour}-{n}") for n in range(4)]
        network = {FEED: page(FEED, rss(*news))}
        context = make_context(network, clock=lambda: NOW + timedelta(hours=hour))
        collect(context, everything=True)
        return context

    poll(0)
    [problem] = outlet(poll(4)).problems
    assert problem.startswith("lists nothing of what it listed before")
    with make_context().database.session() as session:
        [feed] = list_feeds(session)
    assert feed.interval_s == 3600


INDEX = replace(INFOBAE, feeds=(FeedSource(FEED, FeedKind.SITEMAP),))
NEWS_MAP, OLD_MAP = "https://www.infobae.com/post-2.xml", "https://www.infobae.com/post-1.xml"


def index(*places: str) -> bytes:
    listed = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places)
    return f'<?xml version="1.0"?><sitemapindex>{listed}</sitemapindex>'.encode()


def urlset(*places: str, date: str = "2026-11-22") -> bytes:
    listed = "".join(f"<url><loc>{place}</loc><lastmod>{date}</lastmod></url>" for place in places)
    return f'<?xml version="1.0"?><urlset>{listed}</urlset>'.encode()


def of_index(make_context: MakeContext, maps: dict[str, FetchedPage | FetchFailure]) -> Context:
    answers = {FEED: page(FEED, index(OLD_MAP, NEWS_MAP, f"{ARTICLE}/tags.xml"), etag='"1"'), **maps}
    context = make_context(answers, outlets={INFOBAE.id: INDEX})
    collect(context, everything=True)
    return context


def test_the_sitemaps_of_an_index_are_read_also_when_only_they_change(make_context: MakeContext) -> None:
    old = page(OLD_MAP, urlset("https://www.infobae.com/archivo", date="2020-01-01"))
    first = of_index(make_context, {NEWS_MAP: page(NEWS_MAP, urlset(ARTICLE)), OLD_MAP: old})
    assert urls(first) == [ARTICLE]
    assert isinstance(first.fetcher, FakeFetcher)
    assert [request.url for request in first.fetcher.asked] == [FEED, NEWS_MAP, OLD_MAP]
    more = page(NEWS_MAP, urlset(ARTICLE, "https://www.infobae.com/nueva"))
    second = of_index(make_context, {NEWS_MAP: more, OLD_MAP: old})
    assert isinstance(second.fetcher, FakeFetcher)
    assert second.fetcher.asked[0].etag == ""
    assert len(urls(second)) == 2
    of_index(make_context, {NEWS_MAP: more, OLD_MAP: old})
    assert (outlet(second).status, outlet(second).entries) == ("ok", 2)
    [(_, [trial])] = check(second)
    assert (trial.entries, trial.status.value) == (2, "ok")


def test_a_sitemap_of_an_index_that_fails_is_told_and_costs_no_other(make_context: MakeContext) -> None:
    down = failure(OLD_MAP, FetchFailureKind.SERVER)
    context = of_index(make_context, {NEWS_MAP: page(NEWS_MAP, urlset(ARTICLE)), OLD_MAP: down})
    assert urls(context) == [ARTICLE]
    assert outlet(context).problems == (f"{OLD_MAP}: server at {OLD_MAP}",)


def test_an_index_none_of_whose_sitemaps_comes_is_broken(make_context: MakeContext) -> None:
    context = of_index(make_context, {})
    assert (outlet(context).status, outlet(context).reason) == ("broken", f"not-found at {NEWS_MAP}")


def test_a_sitemap_of_an_index_that_is_none_is_told(make_context: MakeContext) -> None:
    context = of_index(make_context, {NEWS_MAP: page(NEWS_MAP, b"<html></html>")})
    assert outlet(context).status == "empty"
    assert outlet(context).problems == (
        f"{NEWS_MAP}: a web page, not RSS or Atom",
        f"{OLD_MAP}: not-found at {OLD_MAP}",
    )


def test_an_index_of_indexes_is_followed_to_the_news(make_context: MakeContext) -> None:
    inner = page(OLD_MAP, index(NEWS_MAP, FEED))
    context = of_index(make_context, {OLD_MAP: inner, NEWS_MAP: page(NEWS_MAP, urlset(ARTICLE))})
    assert urls(context) == [ARTICLE]


def test_no_more_than_a_few_sitemaps_of_an_index_are_read(make_context: MakeContext) -> None:
    places = [f"https://www.infobae.com/post-{n}.xml" for n in range(10, 20)]
    network = {FEED: page(FEED, index(*places))} | {place: page(place, urlset(ARTICLE)) for place in places}
    context = make_context(network, outlets={INFOBAE.id: INDEX})
    assert collect(context) == 1
    assert isinstance(context.fetcher, FakeFetcher)
    assert [request.url for request in context.fetcher.asked] == [FEED, *places[:-6:-1]]


def test_the_sitemaps_of_an_index_are_chosen_by_their_names() -> None:
    tags, news, posts = "https://x.test/tags.xml", "https://x.test/news.xml", "https://x.test/posts.xml"
    assert likeliest([tags, posts, news]) == [news]
    assert likeliest([tags, posts]) == [posts]
    assert likeliest([tags]) == [tags]


def test_a_bug_met_by_one_feed_stops_no_other(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = with_clarin(make_context)
    read = collecting.read_answer

    def broken(feed: FeedForPoll, *more: Any) -> Any:
        if feed.outlet_id == "infobae":
            raise ZeroDivisionError("bug")
        return read(feed, *more)

    monkeypatch.setattr(collecting, "read_answer", broken)
    assert collect(context) == 1
    with context.database.session() as session:
        told = {one.id: (one.status, one.reason) for one in list_outlets(session)}
    assert told["infobae"] == ("broken", "a fault of ours, see the log: ZeroDivisionError")
    assert told["clarin"] == ("ok", "")
    monkeypatch.undo()
    assert collect(context, everything=True) == 1

    def lost(*_: Any) -> Any:
        raise DatabaseUnavailable

    monkeypatch.setattr(collecting, "read_answer", lost)
    with pytest.raises(DatabaseUnavailable):
        collect(context, everything=True)


def test_a_bug_met_while_keeping_one_feed_costs_no_other_feed_its_items(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = with_clarin(make_context)
    store = collecting.store_entries

    def broken(session: Any, feeds: Sequence[EntriesForStore], now: datetime) -> dict[int, int]:
        if "infobae" in {one.outlet_id for one in feeds}:
            raise ZeroDivisionError("bug")
        return store(session, feeds, now)

    monkeypatch.setattr(collecting, "store_entries", broken)
    assert collect(context) == 1
    assert urls(context) == ["https://clarin.test/a-b-c-d"]

    def lost(*_: Any) -> Any:
        raise DatabaseUnavailable

    monkeypatch.setattr(collecting, "store_entries", lost)
    with pytest.raises(DatabaseUnavailable):
        collect(context, everything=True)


def test_an_outlet_that_falls_silent_is_told_and_its_return_too(make_context: MakeContext) -> None:
    for day in range(12):
        news = [item(f"https://www.infobae.com/nota-{day}-{n}") for n in range(20)]
        network = {FEED: page(FEED, rss(*news))}
        collect(make_context(network, clock=lambda day=day: NOW + timedelta(days=day)), everything=True)
    same = {FEED: page(FEED, status=304)}
    for day in (13, 14):
        collect(make_context(same, clock=lambda day=day: NOW + timedelta(days=day)), everything=True)
    context = make_context()
    assert outlet(context).status == "silent"
    assert outlet(context).reason.startswith("nothing new since 2026-12-03 12:00 UTC, about ")
    assert outlet(context).alarm.startswith("unusually few: 0 articles on ")
    emptied = {FEED: page(FEED, rss())}
    collect(make_context(emptied, clock=lambda: NOW + timedelta(days=14, hours=1)), everything=True)
    assert outlet(context).status == "silent"
    more = {FEED: page(FEED, rss(item("https://www.infobae.com/nueva-nota")))}
    collect(make_context(more, clock=lambda: NOW + timedelta(days=15)), everything=True)
    assert outlet(context).status == "ok"
    with context.database.session() as session:
        changes = status_changes(session, NOW, "infobae")
        assert [(change.before, change.after) for change in changes] == [("silent", "ok"), ("ok", "silent")]
        assert status_changes(session, NOW + timedelta(days=99)) == []
        [feed] = list_feeds(session, "infobae")
        assert (feed.status, feed.url) == ("ok", FEED)
        assert list_feeds(session) == [feed]


def test_progress_counts_every_feed(make_context: MakeContext) -> None:
    seen: list[tuple[str, int, int]] = []
    collect(make_context(progress=lambda step, done, total: seen.append((step, done, total))))
    assert seen == [("collect", 1, 1)]
