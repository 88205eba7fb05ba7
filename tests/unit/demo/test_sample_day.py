import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import html5lib
import pytest

from monitor.demo.sample_day import write_sample_day
from monitor.demo.sample_news import SampleArticle, SampleOutlet, sample_articles, sample_outlets, slug

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
ARTICLES = sample_articles(NOW)
OUTLETS = {outlet.id: outlet for outlet in sample_outlets()}
#: Hosts on which an outlet publishes besides those of its front page and feeds.
FURTHER_HOSTS = {"www1.folha.uol.com.br"}


@pytest.fixture(scope="module")
def manifest_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample_day(tmp_path_factory.mktemp("sample"), NOW)


@pytest.fixture(scope="module")
def manifest(manifest_path: Path) -> dict[str, Any]:
    return dict(json.loads(manifest_path.read_text(encoding="utf-8")))


def body(manifest_path: Path, manifest: dict[str, Any], url: str) -> bytes:
    return (manifest_path.parent / manifest["responses"][url]["file"]).read_bytes()


def feed_urls(manifest: dict[str, Any]) -> list[str]:
    return [
        feed if isinstance(feed, str) else feed["url"] for one in manifest["outlets"] for feed in one["feeds"]
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_named_exists_and_every_file_written_is_named(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    named = {answer["file"] for answer in manifest["responses"].values()}
    assert named | {"manifest.json"} == set(contents(manifest_path.parent))
    assert len(named) == len(manifest["responses"])


def test_every_feed_and_every_article_is_answered(manifest: dict[str, Any]) -> None:
    assert set(manifest["responses"]) == set(feed_urls(manifest)) | {article.url for article in ARTICLES}


def test_every_item_of_every_feed_leads_to_an_article(manifest_path: Path, manifest: dict[str, Any]) -> None:
    listed = set()
    for url in feed_urls(manifest):
        read = feedparser.parse(body(manifest_path, manifest, url))
        listed |= {entry.link for entry in read.entries}
    sitemap_only = {article.url for article in ARTICLES if OUTLETS[article.outlet].feed == "sitemap"}
    assert listed == {article.url for article in ARTICLES} - sitemap_only


def test_the_sitemap_lists_the_articles_of_the_outlet_without_a_feed(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    text = body(manifest_path, manifest, "https://www.laprensa.hn/sitemapforgoogle.xml").decode()
    own = [article for article in ARTICLES if article.outlet == "la-prensa-hn"]
    assert len(own) == 3
    assert all(f"<loc>{article.url}</loc>" in text for article in own)


def test_two_runs_of_a_day_write_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_sample_day(first, NOW.replace(hour=6, minute=0))
    write_sample_day(second, NOW + timedelta(hours=14))
    assert contents(first) == contents(second)


def test_the_next_day_has_its_own_dates_and_addresses() -> None:
    later = sample_articles(NOW + timedelta(days=1))
    assert [one.published_at + timedelta(days=1) for one in ARTICLES] == [one.published_at for one in later]
    assert {one.url for one in ARTICLES if "/21/" in one.url}.isdisjoint(one.url for one in later)


@pytest.mark.parametrize("hour", range(0, 24, 3))
@pytest.mark.parametrize("month", [3, 7, 11])
def test_no_article_is_of_the_future_and_none_older_than_two_days(hour: int, month: int) -> None:
    now = datetime(2027, month, 8, hour, tzinfo=UTC)
    ages = [now - article.published_at for article in sample_articles(now)]
    assert timedelta(0) < min(ages)
    assert max(ages) < timedelta(days=2)


def test_no_address_is_outside_the_outlets_hosts_and_every_article_is_marked_as_sample(
    manifest: dict[str, Any],
) -> None:
    own = {urlsplit(one["homepage"]).hostname for one in manifest["outlets"]} | FURTHER_HOSTS
    own |= {urlsplit(url).hostname for url in feed_urls(manifest)}
    assert {urlsplit(url).hostname for url in manifest["responses"]} <= own
    assert all("/muestra/" in article.url for article in ARTICLES)


def test_pages_link_only_to_their_own_outlet(manifest_path: Path, manifest: dict[str, Any]) -> None:
    for article in ARTICLES:
        hosts = {urlsplit(OUTLETS[article.outlet].homepage).hostname, urlsplit(article.url).hostname}
        page = html5lib.parse(body(manifest_path, manifest, article.url), namespaceHTMLElements=False)
        links = {urlsplit(element.get("href")).hostname for element in page.iter("a")}
        assert links - {None} <= hosts, article.url


def test_every_page_is_html_without_a_parse_error(manifest_path: Path) -> None:
    pages = sorted(manifest_path.parent.rglob("*.html"))
    assert len(pages) > 40
    for path in pages:
        parser = html5lib.HTMLParser()
        parser.parse(path.read_bytes())
        assert not parser.errors, (path.name, parser.errors)


def test_every_page_shows_its_headline_and_its_paragraphs_in_order(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    for article in (one for one in ARTICLES if one.status == 200):
        page = html5lib.parse(
            body(manifest_path, manifest, article.url).decode(),
            namespaceHTMLElements=False,
            treebuilder="lxml",
        )
        texts = ["".join(element.itertext()) for element in page.iter("p")]
        assert [text for text in texts if text in article.paragraphs] == list(article.shown), article.url
        assert ["".join(element.itertext()) for element in page.iter("h1")] == [article.headline]


def test_the_days_named_in_a_text_are_the_days_of_its_date() -> None:
    saturday = {article.headline: article for article in ARTICLES}
    monday = {article.headline: article for article in sample_articles(NOW + timedelta(days=2))}
    brazil = next(headline for headline in saturday if headline.startswith("Mineradora chinesa"))
    ecuador = next(headline for headline in saturday if headline.startswith("Ecuador: un ataque"))
    assert "anunciou neste sábado a compra" in saturday[brazil].paragraphs[0]
    assert "anunciou nesta segunda-feira a compra" in monday[brazil].paragraphs[0]
    assert "madrugada de este sábado" in saturday[ecuador].paragraphs[0]
    assert not any("{" in text or "}" in text for one in ARTICLES for text in (*one.paragraphs, one.summary))


def test_the_day_is_large_and_varied_enough() -> None:
    topics = Counter(topic for article in ARTICLES for topic in article.topics)
    watched = sum(bool(article.topics) for article in ARTICLES)
    assert len({article.outlet for article in ARTICLES}) >= 14
    assert 40 <= len(ARTICLES) <= 50
    assert len(topics) >= 9
    assert 0.4 <= watched / len(ARTICLES) <= 0.6
    assert sum(bool(article.trap) for article in ARTICLES) >= 10
    assert all(150 <= words(article) <= 350 for article in ARTICLES)
    assert Counter(OUTLETS[article.outlet].language for article in ARTICLES)["pt"] >= 10


def words(article: SampleArticle) -> int:
    return sum(len(paragraph.split()) for paragraph in article.paragraphs)


def test_a_trap_is_about_no_watched_topic() -> None:
    assert not [article.url for article in ARTICLES if article.trap and article.topics]


def test_events_are_told_across_outlets_languages_and_kinds() -> None:
    outlets: dict[str, list[SampleOutlet]] = {}
    for article in (one for one in ARTICLES if one.event):
        outlets.setdefault(article.event, []).append(OUTLETS[article.outlet])
    told = {event: those for event, those in outlets.items() if len({one.id for one in those}) > 1}
    assert len(told) >= 7
    assert sum(len({one.language for one in those}) == 2 for those in told.values()) >= 3
    assert {"state-run", "independent"} <= {one.kind for one in told["ecuador-terminal"]}


def test_the_wire_story_stands_in_three_outlets_with_one_body() -> None:
    wire = [article for article in ARTICLES if article.event == "litio-consorcio"]
    assert len({article.outlet for article in wire}) == len({article.headline for article in wire}) == 3
    assert len({article.paragraphs for article in wire}) == 1


def test_one_feed_is_empty_one_is_blocked_and_one_answers_a_page(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    answers = manifest["responses"]
    assert answers["https://www.eleconomista.com.mx/rss/top-noticias"]["status"] == 403
    assert answers["https://www.primicias.ec/feed/"]["content_type"].startswith("text/html")
    assert "status" not in answers["https://www.primicias.ec/feed/"]
    empty = feedparser.parse(body(manifest_path, manifest, "https://beta.elfaro.net/rss.xml"))
    assert (empty.version, empty.bozo, empty.entries) == ("rss20", False, [])


def test_exactly_one_feed_is_ill_formed_and_its_items_can_still_be_read(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    feeds = {url: feedparser.parse(body(manifest_path, manifest, url)) for url in feed_urls(manifest)}
    ill = [url for url, read in feeds.items() if read.bozo and read.version]
    assert ill == ["https://efectococuyo.com/feed/"]
    text = body(manifest_path, manifest, ill[0]).decode()
    assert "maduro & queso" in text
    assert "</categoria>" in text
    assert [entry.link for entry in feeds[ill[0]].entries] == [
        article.url for article in ARTICLES if article.outlet == "efecto-cocuyo"
    ]


def test_the_refused_page_has_its_text_in_the_feed_and_the_missing_one_a_summary(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    (refused,) = (article for article in ARTICLES if article.status == 403)
    (missing,) = (article for article in ARTICLES if article.status == 404)
    for article in (refused, missing):
        assert manifest["responses"][article.url]["status"] == article.status
    for article, expected in ((refused, refused.paragraphs[-1]), (missing, missing.summary)):
        feed = body(manifest_path, manifest, OUTLETS[article.outlet].feed_url).decode()
        item = next(part for part in feed.split("<item>") if f"<link>{article.url}</link>" in part)
        assert expected[:40] in item


def test_one_page_declares_another_encoding_than_its_own(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    (wrong,) = (article for article in ARTICLES if article.declared_charset != "utf-8")
    page = body(manifest_path, manifest, wrong.url)
    assert b'<meta charset="ISO-8859-1">' in page
    assert manifest["responses"][wrong.url]["content_type"] == "text/html; charset=ISO-8859-1"
    assert "Huracán" in page.decode("utf-8")


def test_one_page_keeps_most_of_its_text_for_subscribers(
    manifest_path: Path, manifest: dict[str, Any]
) -> None:
    (walled,) = (article for article in ARTICLES if article.paywalled)
    text = body(manifest_path, manifest, walled.url).decode()
    assert "ctn_freemium_article" in text
    assert walled.paragraphs[1][:40] in text
    assert walled.paragraphs[2][:40] not in text


def test_the_latin_1_feed_keeps_every_character(manifest_path: Path, manifest: dict[str, Any]) -> None:
    raw = body(manifest_path, manifest, "https://feeds.folha.uol.com.br/emcimadahora/rss091.xml")
    titles = [entry.title for entry in feedparser.parse(raw).entries]
    assert b'encoding="ISO-8859-1"' in raw
    assert sorted(titles) == sorted(article.headline for article in ARTICLES if article.outlet == "folha")


def test_a_slug_is_plain_letters_and_hyphens() -> None:
    assert slug("  Petróleo & paz: ¿qué dijo “Íñigo”? ") == "petroleo-paz-que-dijo-inigo"
