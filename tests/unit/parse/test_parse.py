"""What feeds, sitemaps and section pages give, is kept; what they are not, is said."""
# ruff: noqa: E501  (documents read better unbroken)

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Entry, FeedKind, ParsedFeed, ParseFailure
from monitor.steps.parse import entries as entries_module
from monitor.steps.parse import feeds as feeds_module
from monitor.steps.parse import parse
from monitor.steps.parse import sitemaps as sitemaps_module

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://diario.example/rss/feed.xml"
REAL = Path(__file__).parents[3].parent / "shared" / "real"


def _read(body: bytes | str, kind: FeedKind = FeedKind.FEED, **more: str) -> ParsedFeed:
    result = _any(body, kind, **more)
    assert isinstance(result, ParsedFeed), result
    return result


def _any(body: bytes | str, kind: FeedKind = FeedKind.FEED, **more: str) -> ParsedFeed | ParseFailure:
    raw = body.encode() if isinstance(body, str) else body
    return parse(kind, raw, more.pop("url", URL), NOW, **more)


def _rss(items: str, head: str = "", attributes: str = "") -> str:
    return f'<rss version="2.0" {attributes}><channel><title>Diario</title>{head}{items}</channel></rss>'


def _only(body: bytes | str, **more: str) -> Entry:
    (entry,) = _read(body, **more).entries
    return entry


# --- formats --------------------------------------------------------------------------------------

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:odd="https://odd.example/"'
)


def test_an_rss_item_gives_all_it_has() -> None:
    item = """<item><guid isPermaLink="false">n-7</guid><title>Caen <b>dos</b></title><link>https://diario.example/7</link>
      <description>&lt;p&gt;Resumen&lt;/p&gt;</description><content:encoded><![CDATA[<p>Cuerpo</p>]]></content:encoded>
      <dc:creator>Ana Ruiz</dc:creator><author>desk@diario.example (Luis Paz)</author>
      <pubDate>Wed, 14 Oct 2026 10:00:00 -0300</pubDate><dcterms:modified>2026-10-14T15:00:00Z</dcterms:modified>
      <category>Mundo</category><category>Mundo</category><media:group><media:content url="x.jpg"/>
      <media:keywords>armas, drogas</media:keywords></media:group><odd:title>no</odd:title><!-- x --></item>"""
    feed = _read(_rss(item, "<language>es-AR</language>", NAMESPACES))
    assert (feed.format, feed.title, feed.problems) == ("rss20", "Diario", ())
    assert feed.entries == (
        Entry(
            key="n-7 https://diario.example/7",
            url="https://diario.example/7",
            title="Caen dos",
            summary="Resumen",
            html="<p>Cuerpo</p>",
            authors=("Ana Ruiz", "Luis Paz"),
            published_at=datetime(2026, 10, 14, 13, tzinfo=UTC),
            updated_at=datetime(2026, 10, 14, 15, tzinfo=UTC),
            categories=("Mundo", "armas", "drogas"),
            language="es",
        ),
    )


def test_an_atom_entry_gives_all_it_has() -> None:
    feed = _read("""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pt-BR"><title>Jornal</title>
      <link href="https://jornal.example/"/><entry><id>tag:7</id><title type="html">Dois &amp;amp; tr&amp;#234;s</title>
      <link rel="enclosure" href="/a.mp3"/><link rel="alternate" type="application/pdf" href="/7.pdf"/>
      <link rel="alternate" type="text/html" href="/7"/><author><name>Rui Sá</name><email>r@x</email></author>
      <updated>2026-10-14T10:00:00Z</updated><category term="Mundo"/><summary>Resumo</summary>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Corpo</p></div></content></entry></feed>""")
    (entry,) = feed.entries
    assert (feed.format, feed.title) == ("atom10", "Jornal")
    assert (entry.title, entry.url, entry.language) == ("Dois & três", "https://diario.example/7", "pt")
    assert (entry.authors, entry.categories, entry.summary) == (("Rui Sá",), ("Mundo",), "Resumo")
    assert entry.published_at == entry.updated_at == datetime(2026, 10, 14, 10, tzinfo=UTC)
    assert "<p>Corpo</p>" in entry.html


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
         "<channel><title>D</title></channel>"
         '<item rdf:about="https://diario.example/7"><title>T</title></item></rdf:RDF>', "rdf"),
        ('<rss version="0.91"><channel><item><title>T</title><link>https://diario.example/7</link></item></channel></rss>',
         "rss091"),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title>'
         '<link rel="alternate" href="https://diario.example/7"/></entry></feed>', "atom03"),
        ("<channel><item><title>T</title><guid>https://diario.example/7</guid></item></channel>", "rss20"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "https://diario.example/7", "title": "T"}]}',
         "json"),
    ],
)  # fmt: skip
def test_other_formats_are_read_too(document: str, name: str) -> None:
    feed = _read(document)
    assert feed.format == name
    assert [(entry.url, entry.title) for entry in feed.entries] == [("https://diario.example/7", "T")]


def test_a_json_feed_gives_all_it_has() -> None:
    item = {
        "id": 7, "url": "/7", "title": "Dos & <tres>", "summary": "Resumen", "content_text": "Uno < dos\n\nTres",
        "date_published": "2026-10-14T10:00:00Z", "date_modified": "2026-10-15T10:00:00Z", "language": "es",
        "authors": [{"name": "Ana"}, "odd"], "author": {"name": "Luis"}, "tags": ["Mundo", 5],
    }  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "D", "home_page_url": "https://www.diario.example/",
            "items": [item, "odd", {"external_url": "https://otro.example/1"}, {"title": "no address"}]}  # fmt: skip
    read = _read(json.dumps(feed))
    first, second = read.entries
    assert first == Entry(
        key="7 https://www.diario.example/7", url="https://www.diario.example/7", title="Dos & <tres>",
        summary="Resumen", html="<p>Uno &lt; dos</p><p>Tres</p>", authors=("Ana", "Luis"),
        published_at=datetime(2026, 10, 14, 10, tzinfo=UTC), updated_at=datetime(2026, 10, 15, 10, tzinfo=UTC),
        categories=("Mundo",), language="es",
    )  # fmt: skip
    assert second.url == "https://otro.example/1"
    assert read.problems == ("1 items without an address left out",)


@pytest.mark.parametrize("text", ["{", "{}", '{"items": 7}', '{"items": []}', '{"a":' * 100_000])
def test_json_that_is_no_feed_is_said_to_be_none(text: str) -> None:
    result = _any(text)
    assert isinstance(result, ParseFailure)
    assert (result.reason, result.looks_like) == ("not RSS or Atom", "json")


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        ("<!DOCTYPE html><html><body></body></html>", "html"),
        ("<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'></html>", "html"),
        ("<div>Error</div>", "html"),
        ("<div><item>Error</div>", "html"),
        ("<NewsML><NewsItem/></NewsML>", "newsml"),
        ("<opml version='2.0'/>", "opml"),
        ("Service unavailable", "text"),
        ("", "empty"),
        (" \r\n\x00", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes | str, looks_like: str) -> None:
    result = _any(body)
    assert isinstance(result, ParseFailure)
    assert result.looks_like == looks_like
    said = {"empty": "the answer is empty", "html": "a web page, not RSS or Atom"}
    assert result.reason == said.get(looks_like, "not RSS or Atom")


# --- identity, links, text, dates -----------------------------------------------------------------


def test_a_reused_guid_or_a_reused_link_hides_nothing() -> None:
    items = "".join(
        f"<item><guid>{guid}</guid><link>https://diario.example/{link}</link><title>T</title></item>"
        for guid, link in (("1", "a"), ("1", "b"), ("2", "a"), ("1", "a"))
    )
    feed = _read(_rss(items))
    assert len(feed.entries) == len({entry.key for entry in feed.entries}) == 3
    assert feed.problems == ("1 items given twice",)


def test_a_json_feed_gives_nothing_that_a_database_cannot_hold() -> None:
    entry = _only(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1\\u0000", "tags": ["\\ud800a"],'
        ' "url": "https://diario.example/a", "title": "T\\u0000\\ud83d"}]}'
    )
    assert (entry.title, entry.categories, entry.key) == ("T", ("a",), "1 https://diario.example/a")


@pytest.mark.parametrize(
    "number",
    ["&#0;", "&#xD800;", "&#57343;", "&#x110000;", "&#xFFFE;", "&#99999999999999999999;", "&#xD&#0;800;"],
)
def test_a_number_that_is_no_character_costs_no_item(number: str) -> None:
    broken = f"<a href='<![CDATA[{number}'>x</b>"
    items = f"<item><title>T {number} U</title><link>https://diario.example/a</link>{broken}</item>"
    entry = _only(_rss(items))
    assert entry.url == "https://diario.example/a"
    assert entry.title.split()[0] == "T"


def test_headlines_that_share_one_address_are_told() -> None:
    items = "".join(
        f"<item><guid>{n}</guid><link>https://diario.example/</link><title>T{n}</title></item>" for n in "123"
    )
    assert _read(_rss(items)).problems == (
        "2 items with another headline under the address of an earlier one",
    )


def test_an_address_without_its_scheme_is_no_folder_of_the_feed() -> None:
    entry = _only(_rss("<item><title>T</title><link>www.diario.example/a</link></item>"))
    assert entry.url == "https://www.diario.example/a"


def test_a_sitemap_without_end_is_read_as_far_as_the_protocol_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps_module, "MOST_URLS", 3)
    places = [f"https://diario.example/{n}" for n in range(9)]
    whole = "".join(f"<url><loc>{place}</loc></url>" for place in places)
    for body in (f"<urlset>{whole}</urlset>", "\n".join(places)):
        read = parse(FeedKind.SITEMAP, body.encode(), "https://diario.example/", NOW)
        assert isinstance(read, ParsedFeed)
        assert [entry.url for entry in read.entries] == places[:3]


def test_a_key_that_would_be_too_long_is_shortened() -> None:
    entry = _only(_rss(f"<item><guid>{'g' * 900}</guid><link>https://diario.example/a</link></item>"))
    assert len(entry.key) == 64


@pytest.mark.parametrize(
    ("head", "link", "expected"),
    [
        ("", "/a", "https://diario.example/a"),
        ("", "a", "https://diario.example/rss/a"),
        ("", " https://diario.example/a b\n", "https://diario.example/a%20b"),
        ("<link>https://www.diario.example/mundo/</link>", "a", "https://www.diario.example/mundo/a"),
        ("<link>diario.example</link>", "/a", "https://diario.example/a"),
    ],
)
def test_relative_links_become_absolute(head: str, link: str, expected: str) -> None:
    assert _only(_rss(f"<item><link>{link}</link></item>", head)).url == expected


def test_xml_base_says_what_a_link_is_relative_to() -> None:
    items = '<item xml:base="https://otro.example/x/"><link>a</link></item>'
    assert _only(_rss(items, "<link>https://www.diario.example/</link>")).url == "https://otro.example/x/a"


def test_the_original_link_is_better_than_a_feed_services() -> None:
    item = "<item><link>https://feeds.example/~r/1</link><feedburner:origLink>https://diario.example/7</feedburner:origLink></item>"
    assert _only(_rss(item, attributes=NAMESPACES)).url == "https://diario.example/7"


def test_related_links_do_not_take_the_place_of_the_articles_own() -> None:
    item = '<item><link>https://diario.example/7</link><atom:link rel="related" href="https://diario.example/8"/></item>'
    assert _only(_rss(item, attributes=NAMESPACES)).url == "https://diario.example/7"


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "https://[half/", "mailto:a@b.c"])
def test_an_item_without_an_address_is_left_out_and_counted(link: str) -> None:
    feed = _read(_rss(f"<item><title>T</title><link>{link}</link></item>"))
    assert feed.entries == ()
    assert feed.problems == ("1 items without an address left out",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<![CDATA[Dos & tres]]>", "Dos & tres"),
        ("Dos &amp;amp; tres", "Dos & tres"),
        ("Dos &amp;lt;i&amp;gt;tres&amp;lt;/i&amp;gt;", "Dos tres"),
        ("&lt;p&gt;Dos&lt;/p&gt;&lt;p&gt;tres&lt;/p&gt;", "Dos tres"),
        ("5 &lt; 6 y 7 &gt; 3", "5 < 6 y 7 > 3"),
        ("<![CDATA[<script>x()</script>Dos<style>y</style>]]>", "Dos"),
        ("  Dos \n tres ", "Dos tres"),
        ("A&amp;amp;amp;amp;amp;B", "A&amp;B"),
    ],
)
def test_a_headline_is_plain_text(title: str, expected: str) -> None:
    assert _only(_rss(f"<item><link>/a</link><title>{title}</title></item>")).title == expected


def test_a_body_escaped_twice_is_html_and_a_long_description_is_a_body() -> None:
    encoded = "<item><link>/a</link><content:encoded>&amp;lt;p&amp;gt;Cuerpo&amp;lt;/p&amp;gt;</content:encoded></item>"
    assert _only(_rss(encoded, attributes=NAMESPACES)).html == "<p>Cuerpo</p>"
    five = "<item><link>/a</link><content:encoded>&amp;amp;amp;amp;lt;p&amp;amp;amp;amp;gt;</content:encoded></item>"
    assert _only(_rss(five, attributes=NAMESPACES)).html == "&lt;p&gt;"
    long = "Hallan un arsenal. " * 40
    assert _only(_rss(f"<item><link>/a</link><description>{long}</description></item>")).html == long.strip()
    assert _only(_rss("<item><link>/a</link><description>Corto</description></item>")).html == ""


def test_future_and_impossible_dates_are_dropped_and_counted() -> None:
    dates = ("Sat, 1 Jan 2028 10:00:00 GMT", "32 Oct 2026", "qua, 14 out 2026 10:00:00 -0300", "")
    items = "".join(
        f"<item><link>/{n}</link><pubDate>{text}</pubDate></item>" for n, text in enumerate(dates)
    )
    feed = _read(_rss(items))
    assert [entry.published_at for entry in feed.entries] == [
        None,
        None,
        datetime(2026, 10, 14, 13, tzinfo=UTC),
        None,
    ]
    assert feed.problems == ("2 impossible or future dates ignored",)


def test_a_date_without_zone_stands_in_the_outlets() -> None:
    item = "<item><link>/a</link><pubDate>2026-10-14 10:00:00</pubDate></item>"
    assert _only(_rss(item), timezone="America/Bogota").published_at == datetime(2026, 10, 14, 15, tzinfo=UTC)


# --- characters -----------------------------------------------------------------------------------

TITLE = "Asunción: «años» — €5"
ITEM = f"<item><link>/a</link><title>{TITLE}</title></item>"


@pytest.mark.parametrize(
    ("body", "content_type", "problem"),
    [
        (_rss(ITEM).encode(), "", ""),
        (_rss(ITEM).encode("utf-16"), "", ""),
        (_rss(ITEM).encode("utf-8-sig"), "text/xml; charset=iso-8859-1", ""),
        (b'<?xml version="1.0" encoding="utf-16"?>' + _rss(ITEM).encode(), "", ""),
        (
            f'<?xml version="1.0" encoding="utf-16le"?>{_rss(ITEM)}'.encode("utf-16-le"),
            "text/xml; charset=utf-16le",
            "",
        ),
        (_rss(ITEM).encode("utf-16-le"), "text/xml; charset=iso-8859-1", ""),
        (f"\n{_rss(ITEM)}".encode("utf-16-be"), "text/xml; charset=utf-16be", ""),
        (_rss(ITEM).encode("cp1252"), "", "Windows-1252"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + _rss(ITEM).encode("cp1252"), "", "Windows-1252"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + _rss(ITEM).encode("cp1252"), "", ""),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + _rss(ITEM).encode(), "", "but it is UTF-8"),
        (_rss(ITEM).encode("cp1252"), 'text/xml; charset="windows-1252"', ""),
        (
            b'<?xml version="1.0" encoding="ISO-8859-15"?>'
            + _rss(ITEM.replace("—", "-")).encode("iso8859-15"),
            "",
            "",
        ),
        (b'<?xml version="1.0" encoding="cp850x"?>' + _rss(ITEM).encode(), "", ""),
        (b'<?xml version="1.0" encoding="idna"?>' + _rss(ITEM).encode(), "", ""),
        (b'<?xml version="1.0" encoding="gb18030"?>' + _rss(ITEM).encode("gb18030"), "", ""),
    ],
)
def test_characters_are_read_as_the_bytes_say(body: bytes, content_type: str, problem: str) -> None:
    feed = _read(body, content_type=content_type)
    assert feed.entries[0].title.replace(" - ", " — ") == TITLE
    assert any(problem in one for one in feed.problems) or not problem
    assert bool(problem) == bool(feed.problems)


def test_one_foreign_byte_spoils_nothing_else() -> None:
    body = _rss(ITEM).encode().replace("años".encode(), b"a\xf1os \x81")
    assert _read(body).entries[0].title == "Asunción: «años \x81» — €5"


# --- ill-formed --------------------------------------------------------------------------------------------------

TWO = "<item><title>A</title><link>https://d.example/1</link></item><item><title>B</title><link>https://d.example/2</link></item>"


@pytest.mark.parametrize(
    "document",
    [
        "\n\t " + _rss(TWO),
        "Notice: x in y.php on line 3\n<?xml version='1.0'?>" + _rss(TWO),
        "<br />\n<b>Warning</b>: x<br />" + _rss(TWO),
        _rss(TWO).replace("</channel></rss>", ""),
        _rss(TWO).replace("</link></item><item>", "</link><item>"),
        _rss(TWO).replace("A</title>", "A"),
        _rss(TWO).replace("<item><title>B", "</channel></rss><item><title>B"),
        _rss(TWO.replace("<title>A", "<description>R$ 5 & <5 &nbsp; &foo; \x07 &#11; &copy;</description><title>A")),
        _rss(TWO) + _rss(""),
        TWO,
        "<!-- x -->" + _rss(TWO),
        "</x>" + TWO,
        "words " + TWO,
        _rss(TWO).replace("<rss", "<rs"),
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd">' + _rss(TWO),
        '<!DOCTYPE rss [<!ENTITY % html SYSTEM "http://x.example/">%html;]>' + _rss(TWO),
        "<media:x/>".join((_rss("")[:50], _rss("")[50:])).replace("</channel>", f"{TWO}</channel>"),
    ],
)  # fmt: skip
def test_an_ill_formed_feed_loses_no_item(document: str) -> None:
    feed = _read(document)
    assert [entry.url for entry in feed.entries] == ["https://d.example/1", "https://d.example/2"]
    assert [entry.title for entry in feed.entries] == ["A", "B"]


def test_text_with_lone_signs_is_kept_with_what_it_says() -> None:
    description = "<description>R$ 5 & <5 &eacute; \x07&#38; &nbsp;fin</description>"
    feed = _read(_rss(f"<item><link>/a</link>{description}</item>"))
    assert feed.entries[0].summary == "R$ 5 & <5 é & fin"
    assert feed.problems[0].startswith("ill-formed: ")


def test_an_entity_of_the_documents_own_is_put_in_its_place() -> None:
    document = '<!DOCTYPE rss [<!ENTITY pais "Perú &#38; Chile">]>' + _rss(
        "<item><link>/a</link><title>&pais; &amp;</title></item>"
    )
    assert _only(document).title == "Perú & Chile &"


@pytest.mark.parametrize(
    "declarations",
    [
        '<!ENTITY a "ja"><!ENTITY b "&a;&a;">',
        f'<!ENTITY a "{"x" * 500}">',
        '<!ENTITY a "<item/>">',
        "<!ENTITY a '%b;'>",
        " " * 30_000,
    ],
)
def test_nested_and_long_entities_are_refused(declarations: str) -> None:
    result = _any(f"<!DOCTYPE rss [{declarations}]>{_rss(TWO)}")
    assert isinstance(result, ParseFailure)
    assert result.looks_like == "entities"


def test_an_entity_that_names_a_file_brings_nothing_in() -> None:
    document = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _rss(
        "<item><link>/a</link><title>&x;</title></item>"
    )
    assert "root" not in _only(document).title


def test_feedparser_fills_in_what_the_tree_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    document = _rss(TWO).replace("<item><title>B", "</channel></rss><item><title>B")
    monkeypatch.setattr(feeds_module, "items_of", lambda _: [])
    feed = _read(document)
    assert [entry.title for entry in feed.entries] == ["A", "B"]
    assert "2 items recovered by feedparser" in feed.problems
    monkeypatch.setattr(feeds_module, "_MOST_CHARACTERS", 10)
    assert _read(document).entries == ()


def test_a_headline_that_only_feedparser_finds_completes_its_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        feeds_module, "_raw_items", lambda *_: [feeds_module.RawItem(link="https://d.example/1")]
    )
    feed = _read(_rss(TWO).replace("</channel>", ""))
    assert [(entry.url, entry.title) for entry in feed.entries] == [
        ("https://d.example/1", "A"),
        ("https://d.example/2", "B"),
    ]


def test_of_too_many_items_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries_module, "MOST_ENTRIES", 3)
    days = [NOW - timedelta(days=n) for n in (9, 1, 8, 2)]
    items = "".join(f"<item><link>/{day.day}</link><pubDate>{day:%Y-%m-%d}</pubDate></item>" for day in days)
    feed = _read(_rss(items + "<item><link>/undated</link></item>"))
    assert [entry.url.rpartition("/")[2] for entry in feed.entries] == ["21", "20", "undated"]
    assert feed.problems == ("only the newest 3 of 5 items kept",)


# --- sitemaps -------------------------------------------------------------------------------------

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def _sitemap(urls: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}" '
        f'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{urls}</urlset>'
    )


NEWS_URL = f"""<url><loc> https://d.example/a?x=1&amp;y=2 </loc><lastmod>2026-10-15</lastmod><news:news>
  <news:publication><news:name>D</news:name><news:language>es</news:language></news:publication>
  <news:publication_date>2026-10-14T10:00:00-03:00</news:publication_date><news:title><![CDATA[{TITLE}]]></news:title>
  <news:keywords>armas, drogas</news:keywords></news:news>
  <image:image><image:loc>https://d.example/a.jpg</image:loc></image:image></url>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_news_sitemap_gives_headlines_and_dates(pack) -> None:
    feed = _read(pack(_sitemap(NEWS_URL).encode()), FeedKind.SITEMAP)
    assert feed.format == "sitemap"
    assert feed.entries == (
        Entry(
            key="https://d.example/a?x=1&y=2", url="https://d.example/a?x=1&y=2", title=TITLE,
            published_at=datetime(2026, 10, 14, 13, tzinfo=UTC), updated_at=datetime(2026, 10, 15, tzinfo=UTC),
            categories=("armas", "drogas"), language="es",
        ),
    )  # fmt: skip


def test_a_plain_sitemap_gives_addresses() -> None:
    entry = _read(_sitemap("<url><loc>/a</loc></url><url><loc></loc></url>"), FeedKind.SITEMAP).entries[0]
    assert (entry.url, entry.title, entry.published_at) == ("https://diario.example/a", "", None)


def test_an_index_gives_its_parts_the_newest_first() -> None:
    parts = "".join(
        f"<sitemap><loc>https://d.example/{name}.xml.gz</loc>{date}</sitemap>"
        for name, date in (
            ("a", ""),
            ("b", "<lastmod>2026-10-01</lastmod>"),
            ("c", "<lastmod>2026-11-01</lastmod>"),
            ("a", ""),
        )
    )
    feed = _read(f'<sitemapindex xmlns="{SITEMAP}">{parts}<sitemap/></sitemapindex>', FeedKind.SITEMAP)
    assert feed.entries == ()
    assert [child[18:19] for child in feed.children] == ["c", "b", "a"]


def test_an_ill_formed_sitemap_loses_no_address() -> None:
    broken = (
        _sitemap(NEWS_URL + "<url><loc>https://d.example/b</loc>").replace("</urlset>", "")
        + "<loc>https://d.example/c</loc>"
    )
    feed = _read(broken, FeedKind.SITEMAP)
    assert [entry.url for entry in feed.entries][:3] == [
        "https://d.example/a?x=1&y=2",
        "https://d.example/b",
        "https://d.example/c",
    ]
    assert len(feed.entries) == 3


def test_a_sitemap_may_be_a_list_of_lines() -> None:
    feed = _read("https://d.example/a\n\nhttps://d.example/b\n", FeedKind.SITEMAP)
    assert [entry.url for entry in feed.entries] == ["https://d.example/a", "https://d.example/b"]
    result = _any("https://d.example/a\nand words\n", FeedKind.SITEMAP)
    assert result == ParseFailure("not a sitemap", "text")


def test_a_gz_file_is_read_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = "".join(f"<url><loc>https://d.example/{n * n * 7919}</loc></url>" for n in range(4000))
    packed = gzip.compress(_sitemap(urls).encode())
    for body, problem in (
        (packed[:-2000], "breaks off"),
        (packed[:9000] + b"\xff" * 900 + packed[9900:], "broken gzip"),
    ):
        feed = _read(body, FeedKind.SITEMAP)
        assert len(feed.entries) > 500
        assert any(problem in one for one in feed.problems)
    monkeypatch.setattr(sitemaps_module, "MOST_BYTES", 9000)
    assert len(sitemaps_module._what_is_sound(packed)) < 20_000  # bounded there too
    assert any("cut there" in one for one in _read(packed, FeedKind.SITEMAP).problems)


# --- section pages --------------------------------------------------------------------------------

SECTION = """<!doctype html><html lang="es-CO"><head><title>Mundo | Diario</title><base href="https://www.diario.example/"></head>
<body><nav><a href="/mundo">Mundo</a><a href="/tag/venezuela-y-colombia-hoy">Todo sobre Venezuela y Colombia</a></nav>
<a href="/mundo/2026/10/14/hallan-armas"><img src="x.jpg"></a>
<a href="/mundo/2026/10/14/hallan-armas"><h2>Hallan un arsenal en la frontera</h2><p>Y más</p></a>
<a href="/mundo/2026/10/14/hallan-armas">Más sobre esta noticia</a>
<a href="/mundo/cae-el-jefe-de-una-banda?utm_source=home" title="Cae el jefe de una banda en Lima"></a>
<a href="/n/123456">Nota con número y un título largo</a><a href="/n/123457">Corto</a>
<div><a href="/n/123458"></a><p>Ayer</p><h3>Una tarjeta cuyo enlace no dice nada</h3></div>
<div><div><div><div><a href="/n/123459"></a></div></div></div></div>
<a href="/mundo/2026/10/14/sube-el-cobre">Leer más</a><a href="/mundo/2026/10/14/">Las noticias de aquel día</a>
<a href="/seccion/mundo/baja-el-cobre-en-chile"><img alt="Baja el precio del cobre"></a>
<a href="https://otro.example/2026/10/14/de-otro-sitio">Un enlace de otro sitio cualquiera</a>
<a href="/img/2026/10/foto-de-portada.jpg">Una fotografía con un título largo</a>
<a href="javascript:x()">Un guion con un título muy largo</a><a>sin enlace</a>
<a href="https://www.diario.example/%s">Un enlace demasiado largo para nadie</a></body></html>""" % (
    "a-b-c-d" * 400
)


def test_a_section_page_gives_its_articles() -> None:
    feed = _read(SECTION, FeedKind.SECTION)
    assert (feed.format, feed.title) == ("section", "Mundo | Diario")
    assert [(entry.url, entry.title, entry.language) for entry in feed.entries] == [
        ("https://www.diario.example/mundo/2026/10/14/hallan-armas", "Hallan un arsenal en la frontera", "es"),
        ("https://www.diario.example/mundo/cae-el-jefe-de-una-banda?utm_source=home", "Cae el jefe de una banda en Lima", "es"),
        ("https://www.diario.example/n/123456", "Nota con número y un título largo", "es"),
        ("https://www.diario.example/n/123458", "Una tarjeta cuyo enlace no dice nada", "es"),
        ("https://www.diario.example/mundo/2026/10/14/sube-el-cobre", "", "es"),
        ("https://www.diario.example/seccion/mundo/baja-el-cobre-en-chile", "Baja el precio del cobre", "es"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "<html></html>",
        "<div><a href='/'>Un título bastante largo aquí</a></div>",
        "words",
        "<html><!--",
        "<!doctype html>",
    ],
)
def test_a_page_without_articles_says_so(body: str) -> None:
    assert _any(body, FeedKind.SECTION) == ParseFailure("no links to articles", "html")


def test_a_feed_where_a_section_was_expected_is_read_as_a_feed() -> None:
    assert _read(_rss(TWO), FeedKind.SECTION).format == "rss20"


# --- anything at all ------------------------------------------------------------------------------

PIECES = ("<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "https://x.example/", "</rss>", "<![CDATA[",
          "]]>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]>", "&a;", "&", "<", "<?xml version='1.0' encoding='utf-16'?>", "\x00",
          "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<urlset>", "<url>", "<loc>", "{", '"items":[', "<html>",
          "<a href='//[x'>", "<a href='/2026/10/12/x'>", "xml:base='http://[", "<pubDate>", "99999-99-99", "é",
          "&#xD800;", "&#0;", "\\u0000", "\\ud800", "<!--")  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(FeedKind), st.binary(max_size=300), st.sampled_from([URL, "", "x", "http://[half"]))
def test_any_bytes_raise_nothing(kind: FeedKind, body: bytes, url: str) -> None:
    assert isinstance(parse(kind, body, url, NOW, "text/xml; charset=x"), ParsedFeed | ParseFailure)


@settings(deadline=None)
@given(
    st.sampled_from(FeedKind),
    st.lists(st.sampled_from(PIECES), max_size=20),
    st.sampled_from([URL, "http://[half"]),
)
def test_any_pieces_of_documents_raise_nothing(kind: FeedKind, pieces: list[str], url: str) -> None:
    result = parse(kind, "".join(pieces).encode(), url, NOW)
    assert isinstance(result, ParsedFeed | ParseFailure)
    if isinstance(result, ParsedFeed):
        assert len({entry.key for entry in result.entries}) == len(result.entries)
        assert all(entry.url.startswith("http") for entry in result.entries)


# --- the captured material ------------------------------------------------------------------------

FEEDS = sorted([*REAL.glob("feeds/*.xml"), *REAL.glob("made_feeds/*.xml")]) or [None]


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem if path else "absent")
def test_a_captured_feed_gives_at_least_what_feedparser_finds(path: Path | None) -> None:
    if path is None:
        pytest.skip("the captured material is not here")
    body = path.read_bytes()
    result = _any(body)
    if path.name.startswith("lavanguardia_"):
        assert result == ParseFailure("not RSS or Atom", "newsml")
        return
    assert isinstance(result, ParsedFeed)
    others = feedparser.parse(body, sanitize_html=False).entries
    assert len(result.entries) >= len(others) > 0
    assert all(entry.title for entry in result.entries)
    dated = sum("published_parsed" in one or "updated_parsed" in one for one in others)
    assert sum(entry.published_at is not None for entry in result.entries) >= dated
