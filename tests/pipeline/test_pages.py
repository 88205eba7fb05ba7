"""Pages that come late, and what they replace."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import DatabaseUnavailable
from monitor.model import (
    ArticleState,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
    FetchRequest,
    StoredArticle,
)
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.pages import fetch_pages
from monitor.pipeline.process import process
from monitor.storage.alerts import list_alerts
from monitor.storage.articles import list_articles
from tests.fakes import NOW, FakeFetcher, FakeTranslator, failure, page
from tests.pipeline.conftest import ARTICLE, BODY, MakeContext, answers, html, item

SUMMARY = "Cuba y Bolivia firmaron este domingo un convenio de salud, informó el Gobierno en La Paz."
TITLE = "Bolivia firma un convenio"
HALF_AN_HOUR = timedelta(minutes=30)
OTHER = "https://www.infobae.com/otra-noticia"


def stored(context: Context) -> StoredArticle:
    with context.database.session() as session:
        [article] = list_articles(session)
    return article


def topics(context: Context) -> list[str]:
    with context.database.session() as session:
        return [alert.topic for alert in list_alerts(session)]


def without_page(make: MakeContext, kind: FetchFailureKind) -> Context:
    network = answers(item(title=TITLE, summary=SUMMARY)) | {ARTICLE: failure(ARTICLE, kind)}
    context = make(network)
    collect(context)
    process(context)
    return context


def test_a_page_that_comes_late_replaces_the_feeds_text_and_adds_alerts(make_context: MakeContext) -> None:
    before = without_page(make_context, FetchFailureKind.SERVER)
    assert (stored(before).content, topics(before)) == ("summary", ["cuba"])
    assert process(make_context()) == 0  # not due yet
    translator = FakeTranslator()
    later = make_context(clock=lambda: NOW + HALF_AN_HOUR, translator=translator)
    assert process(later) == 1
    assert (stored(later).content, stored(later).reason) == ("page", "")
    assert topics(later) == ["cuba", "iran"]
    assert translator.sentences == ["Irán entrega drones a Bolivia", *BODY]
    assert process(make_context(clock=lambda: NOW + timedelta(days=9))) == 0


def test_a_page_that_never_comes_is_given_up(make_context: MakeContext) -> None:
    context = without_page(make_context, FetchFailureKind.BLOCKED)
    assert isinstance(context.fetcher, FakeFetcher)
    context.fetcher.asked.clear()
    for day in range(1, 30):
        fetch_pages(replace(context, clock=lambda day=day: NOW + timedelta(days=3 * day)))
    assert len(context.fetcher.asked) == 5
    assert (stored(context).state, stored(context).content) == (ArticleState.MATCHED, "summary")


def test_a_page_that_is_gone_is_not_asked_for_again(make_context: MakeContext) -> None:
    context = without_page(make_context, FetchFailureKind.GONE)
    assert isinstance(context.fetcher, FakeFetcher)
    context.fetcher.asked.clear()
    fetch_pages(replace(context, clock=lambda: NOW + timedelta(days=3)))
    assert context.fetcher.asked == []


def test_a_page_that_gives_less_than_the_feed_is_asked_for_again(make_context: MakeContext) -> None:
    wall = page(ARTICLE, html("Un momento, por favor.", title=TITLE))
    context = make_context(answers(item(title=TITLE, summary=SUMMARY)) | {ARTICLE: wall})
    collect(context)
    process(context)
    assert stored(context).content == "summary"
    assert process(make_context(clock=lambda: NOW + HALF_AN_HOUR)) == 1
    assert stored(context).content == "page"


def test_a_bug_met_by_one_page_stops_no_other(make_context: MakeContext) -> None:
    class Buggy(FakeFetcher):
        def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure:
            if request.url == OTHER:
                raise ZeroDivisionError("bug")
            return super().fetch(request)

    collect(make_context(answers(item(OTHER, "Otra noticia"), item())))
    context = make_context(fetcher=Buggy(answers()))
    process(context)
    with context.database.session() as session:
        states = {article.url: article.state for article in list_articles(session)}
    assert states == {OTHER: ArticleState.NEW, ARTICLE: ArticleState.MATCHED}

    class Lost(FakeFetcher):
        def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure:
            raise DatabaseUnavailable

    with pytest.raises(DatabaseUnavailable):
        fetch_pages(replace(context, fetcher=Lost()))
