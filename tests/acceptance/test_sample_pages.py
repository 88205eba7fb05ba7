"""The sample day's pages and feeds, read by the steps that read real ones."""

from datetime import UTC, datetime
from functools import cache

import pytest

from monitor.demo.sample_news import SampleArticle, SampleOutlet, sample_articles, sample_outlets
from monitor.demo.sample_page import Renderer
from monitor.model import ExtractedPage, FeedKind, ParsedFeed, ParseFailure
from monitor.steps.extract import extract_page
from monitor.steps.parse import parse

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
ARTICLES = sample_articles(NOW)
OUTLETS = {outlet.id: outlet for outlet in sample_outlets()}
READABLE = [pytest.param(one, id=f"{one.outlet}-{one.number}") for one in ARTICLES if one.status == 200]
FED = [pytest.param(one, id=one.id) for one in OUTLETS.values() if one.feed not in {"front", "refusal"}]
RENDERER = Renderer(ARTICLES)


@cache
def page(url: str) -> ExtractedPage:
    article = next(one for one in ARTICLES if one.url == url)
    outlet = OUTLETS[article.outlet]
    content_type = f"text/html; charset={article.declared_charset}"
    html = RENDERER.page(outlet, article)
    return extract_page(html, article.url, timezone=outlet.timezone, content_type=content_type)


def is_person(name: str, outlet: SampleOutlet) -> bool:
    """A house byline may be kept or left; a person's name must be kept."""
    return outlet.name not in name and name not in {"RT", "Sputnik"} and len(name.split()) > 1


@pytest.mark.parametrize("article", READABLE)
def test_a_page_gives_its_paragraphs_and_nothing_else(article: SampleArticle) -> None:
    paragraphs = page(article.url).text.split("\n")
    standfirst = paragraphs[:1] == [article.summary]
    assert paragraphs[standfirst:] == list(article.shown)


@pytest.mark.parametrize("article", READABLE)
def test_a_page_gives_its_headline_date_and_address(article: SampleArticle) -> None:
    read = page(article.url)
    assert read.title == article.headline
    assert read.published_at == article.published_at
    assert read.canonical_url == article.url
    assert read.language == OUTLETS[article.outlet].language


@pytest.mark.parametrize("article", READABLE)
def test_a_page_gives_the_people_who_wrote_it_and_never_a_word_of_the_frame(article: SampleArticle) -> None:
    people = [name for name in article.authors if is_person(name, OUTLETS[article.outlet])]
    assert set(people) <= set(page(article.url).authors) <= set(article.authors)


def test_the_page_behind_a_wall_is_known_as_one() -> None:
    (walled,) = (article for article in ARTICLES if article.paywalled)
    assert page(walled.url).paywalled


def test_free_pages_of_outlets_without_a_meter_are_not_walls() -> None:
    free = [one for one in ARTICLES if one.status == 200 and OUTLETS[one.outlet].layout != "elpais"]
    assert not [one.url for one in free if page(one.url).paywalled]


@pytest.mark.parametrize("outlet", FED)
def test_a_feed_gives_every_headline_address_and_date(outlet: SampleOutlet) -> None:
    own = [article for article in ARTICLES if article.outlet == outlet.id]
    kind = FeedKind.SITEMAP if outlet.feed == "sitemap" else FeedKind.FEED
    read = parse(kind, RENDERER.feed(outlet, own), outlet.feed_url, NOW, "", outlet.timezone)
    assert isinstance(read, ParsedFeed)
    assert [(one.url, one.title, one.published_at) for one in read.entries] == [
        (one.url, one.headline, one.published_at) for one in own
    ]
    assert bool(read.problems) == outlet.ill_formed


def test_a_front_page_in_a_feeds_place_is_no_feed() -> None:
    outlet = OUTLETS["primicias"]
    assert isinstance(parse(FeedKind.FEED, RENDERER.front(outlet), outlet.feed_url, NOW), ParseFailure)
