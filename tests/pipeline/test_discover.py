"""Ways in found from a front page, and tried."""

from dataclasses import replace

import pytest

from monitor.errors import InputError
from monitor.model import FeedKind, FeedSource, FetchedPage, FetchFailure, FetchFailureKind, OutletStatus
from monitor.pipeline.discover import discover
from monitor.pipeline.trying import check, try_source
from tests.fakes import NOW, FakeFetcher, failure, page
from tests.pipeline.conftest import INFOBAE, MakeContext, item, rss

HOME = "https://www.laprensa.hn/"
FRONT = """<html lang="es-HN"><head><title>La Prensa | Honduras</title>
<meta property="og:site_name" content="La Prensa">
<link rel="alternate" type="application/rss+xml" href="/rss/todo">
<link rel="alternate" type="application/rss+xml" href="/comments/feed">
<link rel="alternate" hreflang="en" href="/en"></head>
<body><a href="/honduras/sube-el-precio-del-cafe-1234567">Sube el precio del café en Honduras</a></body>
</html>"""
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://www.laprensa.hn/nota-del-mapa-123456</loc>
<n:news><n:publication_date>{date}</n:publication_date><n:title>Del mapa</n:title></n:news></url></urlset>"""


def network(**more: str) -> FakeFetcher:
    bodies = {HOME: FRONT, f"{HOME}rss/todo": rss(item("https://www.laprensa.hn/a-b-c-d")).decode()}
    bodies |= {HOME + name.replace("__", "/").replace("_xml", ".xml"): body for name, body in more.items()}
    return FakeFetcher({url: page(url, body.encode()) for url, body in bodies.items()})


def test_feeds_and_news_sitemaps_are_found_and_the_section_page_left_out() -> None:
    fetcher = network(
        comments__feed=rss(item("https://www.laprensa.hn/comentario-a-b-c")).decode(),
        sitemapforgoogle_xml=NEWS.format(date="2026-11-22T10:00:00Z"),
    )
    found = discover(fetcher, "www.laprensa.hn/", NOW, taken=["otro"])
    outlet = found.outlet
    assert (outlet.id, outlet.name, outlet.language, outlet.country) == ("laprensa", "La Prensa", "es", "HN")
    assert (outlet.homepage, outlet.timezone) == ("https://www.laprensa.hn", "America/Tegucigalpa")
    assert [(source.url, source.kind.value) for source in outlet.feeds] == [
        (f"{HOME}rss/todo", "feed"),
        (f"{HOME}sitemapforgoogle.xml", "sitemap"),
    ]
    assert outlet.enabled


def test_sitemaps_that_robots_txt_names_are_followed_to_the_news() -> None:
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{HOME}viejas.xml</loc></sitemap><sitemap><loc>{HOME}news-1.xml</loc></sitemap>"
        f"<sitemap><loc>{HOME}indice.xml</loc></sitemap></sitemapindex>"
    )
    robots = f"User-agent: *\nSitemap: {HOME}indice.xml\nSITEMAP: {HOME}indice.xml\n"
    fetcher = FakeFetcher(
        {
            HOME: page(HOME, FRONT.encode()),
            f"{HOME}robots.txt": page(f"{HOME}robots.txt", robots.encode()),
            f"{HOME}indice.xml": page(f"{HOME}indice.xml", index.encode()),
            f"{HOME}news-1.xml": page(f"{HOME}news-1.xml", NEWS.format(date="2026-11-22").encode()),
            f"{HOME}viejas.xml": page(f"{HOME}viejas.xml", NEWS.format(date="2020-01-01").encode()),
        }
    )
    outlet = discover(fetcher, HOME, NOW, taken=["laprensa", "laprensa-hn"]).outlet
    assert [source.url for source in outlet.feeds] == [f"{HOME}news-1.xml"]
    assert outlet.id == "laprensa-2"


def test_of_a_sitemap_for_one_month_the_index_is_kept() -> None:
    month = f"{HOME}sitemap-{NOW:%Y-%m}-news.xml"
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{month}</loc></sitemap></sitemapindex>"
    )
    fetcher = FakeFetcher(
        {
            HOME: page(HOME, b"<html><title>El Diario</title></html>"),
            f"{HOME}sitemap.xml": page(f"{HOME}sitemap.xml", index.encode()),
            month: page(month, NEWS.format(date="2026-11-22").encode()),
        }
    )
    found = discover(fetcher, HOME, NOW)
    assert [feed.url for feed in found.outlet.feeds] == [f"{HOME}sitemap.xml"]


def test_a_feed_of_comments_or_a_dead_one_does_not_hide_the_feed_at_its_usual_place() -> None:
    old = item("https://www.laprensa.hn/vieja-a-b-c").replace("2026", "2019")
    fetcher = network(
        comments__feed=rss(item()).decode(), feed__=rss(item("https://www.laprensa.hn/x")).decode()
    )
    fetcher.answers = {**fetcher.answers, f"{HOME}rss/todo": page(f"{HOME}rss/todo", rss(old))}
    assert [source.url for source in discover(fetcher, HOME, NOW).outlet.feeds] == [f"{HOME}feed/"]


def test_feeds_are_found_in_the_text_of_the_page_and_against_its_base() -> None:
    front = (
        "<html><head><base href='https://cdn.laprensa.hn/x/'>"
        "<link rel='alternate' type='application/rss+xml' href='uno'></head><body>"
        "<a href='/servicios/rss.xml'>RSS</a><a href='/nota-de-feeds'>Nota</a><a>nada</a></body></html>"
    )
    found = discover(FakeFetcher({HOME: page(HOME, front.encode())}), HOME, NOW)
    asked = [trial.source.url for trial in found.trials][:3]
    assert asked == [HOME, "https://cdn.laprensa.hn/x/uno", "https://cdn.laprensa.hn/servicios/rss.xml"]


def test_the_front_page_itself_is_the_last_resort() -> None:
    fetcher = FakeFetcher({HOME: page(HOME, FRONT.encode())})
    outlet = discover(fetcher, HOME, NOW).outlet
    assert [(source.url, source.kind) for source in outlet.feeds] == [(HOME, FeedKind.SECTION)]


def test_an_outlet_without_a_way_in_is_proposed_switched_off() -> None:
    url = "https://exemplo.com.br/"
    outlet = discover(FakeFetcher({url: page(url, b"<html><body>Oi</body></html>")}), url, NOW).outlet
    assert (outlet.enabled, outlet.note, outlet.language) == (False, "no way in was found", "pt")
    assert outlet.name == "exemplo.com.br"


def test_the_address_of_a_feed_does_as_well() -> None:
    url = "https://medio.test/rss"
    feed = rss(item("https://medio.test/a-b-c-d")).replace(
        b"<title>Infobae", b"<language>pt-BR</language><title>M"
    )
    outlet = discover(FakeFetcher({url: page(url, feed)}), url, NOW).outlet
    assert (outlet.feeds, outlet.language, outlet.country) == ((FeedSource(url),), "pt", "")


def test_an_empty_front_page_still_gets_its_addresses_tried() -> None:
    found = discover(FakeFetcher({HOME: page(HOME, b"")}), HOME, NOW)
    assert not found.outlet.enabled
    assert len(found.trials) > 10


def test_a_front_page_that_is_refused_does_not_hide_an_open_feed() -> None:
    refused = failure(HOME, FetchFailureKind.BLOCKED)
    feed = page(f"{HOME}feed/", rss(item("https://www.laprensa.hn/a-b-c-d")))
    found = discover(FakeFetcher({HOME: refused, f"{HOME}feed/": feed}), HOME, NOW)
    assert [source.url for source in found.outlet.feeds] == [f"{HOME}feed/"]
    with pytest.raises(InputError, match="cannot be read: blocked"):
        discover(FakeFetcher({HOME: refused}), HOME, NOW)


def test_a_feed_that_moved_for_good_is_written_with_its_new_address() -> None:
    moved = replace(
        page(f"{HOME}rss/todo", rss(item("https://www.laprensa.hn/a-b-c-d"))),
        redirects=((301, "https://feeds.laprensa.hn/todo"),),
    )
    fetcher = FakeFetcher({HOME: page(HOME, FRONT.encode()), f"{HOME}rss/todo": moved})
    assert discover(fetcher, HOME, NOW).outlet.feeds == (FeedSource("https://feeds.laprensa.hn/todo"),)


def test_feeds_are_found_on_the_page_that_lists_them() -> None:
    front = '<html><a href="/falta/rss.xml">RSS</a><a href="/rss.html">Nuestros RSS</a></html>'
    listing = '<a href="/">Portada</a><a href="/rss/pais.xml">País</a><a href="/rss.html">RSS</a>'
    feed = rss(item("https://www.laprensa.hn/a-b-c-d"))
    bodies = {HOME: front.encode(), f"{HOME}rss.html": listing.encode(), f"{HOME}rss/pais.xml": feed}
    found = discover(FakeFetcher({url: page(url, body) for url, body in bodies.items()}), HOME, NOW)
    assert found.outlet.feeds == (FeedSource(f"{HOME}rss/pais.xml"),)
    assert f"{HOME}feed/" not in {trial.source.url for trial in found.trials}


def test_json_that_calls_itself_a_feed_is_tried() -> None:
    link = '<link rel="alternate" type="application/json" href="{}">'
    front = link.format("/wp-json/posts/1") + link.format("/feed.json")
    feed = '{"title": "J", "items": [{"id": "1", "url": "/a-b-c-d", "title": "Hallan armas"}]}'
    fetcher = FakeFetcher(
        {HOME: page(HOME, front.encode()), f"{HOME}feed.json": page(f"{HOME}feed.json", feed.encode())}
    )
    found = discover(fetcher, HOME, NOW)
    assert found.outlet.feeds == (FeedSource(f"{HOME}feed.json"),)
    assert f"{HOME}wp-json/posts/1" not in {trial.source.url for trial in found.trials}


def test_a_front_page_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        discover(FakeFetcher(), "https://nada.test/", NOW)


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (failure(HOME, FetchFailureKind.ROBOTS), OutletStatus.BLOCKED, f"robots at {HOME}"),
        (failure(HOME, FetchFailureKind.DNS), OutletStatus.BROKEN, f"dns at {HOME}"),
        (page(HOME, b"<html></html>"), OutletStatus.BROKEN, "a web page, not RSS or Atom"),
        (page(HOME, rss()), OutletStatus.EMPTY, "well, but lists nothing"),
        (page(HOME, rss(item())), OutletStatus.OK, ""),
    ],
)
def test_a_way_in_is_tried_and_judged(
    answer: FetchedPage | FetchFailure, status: OutletStatus, reason: str
) -> None:
    trial = try_source(FakeFetcher({HOME: answer}), FeedSource(HOME), NOW)
    assert (trial.status, trial.reason) == (status, reason)


def test_the_ways_in_of_one_outlet_or_of_all_are_checked(make_context: MakeContext) -> None:
    context = make_context()
    [(outlet, [trial])] = check(context)
    assert (outlet, trial.entries, trial.format) == (INFOBAE, 1, "rss20")
    assert trial.newest is not None
    assert check(context, "infobae") == [(outlet, [trial])]
    with pytest.raises(InputError, match="no outlet 'nada'"):
        check(context, "nada")
