"""Feeds that put what they give where nobody looks."""

from datetime import UTC, datetime

import pytest

from monitor.model import Entry, FeedKind, ParsedFeed, ParseFailure
from monitor.steps.parse import parse

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://diario.example/rss"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def _only(item: str, attributes: str = "") -> Entry:
    feed = parse(FeedKind.FEED, f"<rss {attributes}><channel>{item}</channel></rss>".encode(), URL, NOW)
    assert isinstance(feed, ParsedFeed)
    (entry,) = feed.entries
    return entry


def test_an_item_that_is_a_film_takes_headline_text_and_address_from_it() -> None:
    film = _only(
        '<item><media:content url="7.mp4"><media:title>Hallan armas</media:title><media:description>En Santos'
        '</media:description><media:player url="https://diario.example/7"/></media:content></item>',
        MEDIA,
    )
    assert (film.title, film.summary, film.url) == ("Hallan armas", "En Santos", "https://diario.example/7")


def test_the_photographer_of_an_item_with_its_own_headline_is_not_its_author() -> None:
    entry = _only(
        "<item><title>Hallan armas</title><link>https://diario.example/7</link><media:content url='7.jpg'>"
        "<media:credit>Foto: Ana</media:credit><media:description>El puerto</media:description>"
        "</media:content></item>",
        MEDIA,
    )
    assert (entry.authors, entry.summary) == ((), "")


def test_an_address_behind_an_empty_link_is_the_items() -> None:
    assert (
        _only("<item><title>A</title><link/>https://diario.example/7</item>").url
        == "https://diario.example/7"
    )


def test_a_body_in_xhtml_is_kept() -> None:
    item = "<item><link>https://diario.example/7</link><x:body><p>Hallan armas</p></x:body></item>"
    assert "Hallan armas</p>" in _only(item, 'xmlns:x="http://www.w3.org/1999/xhtml"').html


@pytest.mark.parametrize("root", ["rss", "feed xmlns='http://www.w3.org/2005/Atom'"])
def test_a_feed_that_calls_itself_html_is_read(root: str) -> None:
    body = f"<!DOCTYPE html>\n<{root}></{root.split(maxsplit=1)[0]}>"
    assert isinstance(parse(FeedKind.FEED, body.encode(), URL, NOW), ParsedFeed)


def test_a_list_of_addresses_may_hold_a_remark() -> None:
    text = "https://d.example/a\nhttps://d.example/b\nfin de la lista\n"
    feed = parse(FeedKind.SITEMAP, text.encode(), URL, NOW)
    assert isinstance(feed, ParsedFeed)
    assert [entry.url for entry in feed.entries] == ["https://d.example/a", "https://d.example/b"]
    assert isinstance(parse(FeedKind.SITEMAP, b"https://d.example/a\nuna\ndos", URL, NOW), ParseFailure)
