"""Articles of the past and single ones."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import brotli
import pytest

from monitor.errors import InputError
from monitor.model import FeedKind, FeedSource, FetchFailureKind, StoredArticle
from monitor.pipeline.backfill import Wanted, backfill
from monitor.pipeline.context import Context
from monitor.pipeline.ingest import ingest_addresses, ingest_warc, outlet_of, warc_pages
from monitor.pipeline.process import process
from monitor.storage.articles import list_articles
from tests.fakes import FakeFetcher, failure, page
from tests.pipeline.conftest import ARTICLE, INFOBAE, MakeContext, answers, html, item, rss

MAPS = "https://www.infobae.com/sitemap-{YYYY}-{MM}.xml"
OLD = replace(INFOBAE, archives=(FeedSource(MAPS, FeedKind.SITEMAP),), homepage="https://www.infobae.com")
SEPTEMBER = "https://www.infobae.com/sitemap-2026-09.xml"
OCTOBER = "https://www.infobae.com/sitemap-2026-10.xml"
NOVEMBER = "https://www.infobae.com/sitemap-2026-11.xml"
WANTED = Wanted("infobae", date(2026, 9, 10), date(2026, 10, 5))


def sitemap(*notes: tuple[str, str]) -> bytes:
    urls = "".join(
        f"<url><loc>https://www.infobae.com/{name}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for name, day in notes
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(*urls: str) -> bytes:
    maps = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode()


def stored(context: Context) -> list[StoredArticle]:
    with context.database.session() as session:
        return list_articles(session)


def names(context: Context) -> set[str]:
    return {article.url.rpartition("/")[2] for article in stored(context)}


def past(make: MakeContext, **network: Any) -> Context:
    part = "https://www.infobae.com/parte-1.xml"
    pages = {
        SEPTEMBER: page(SEPTEMBER, sitemap(("a", "2026-09-09"), ("b", "2026-09-10"), ("c", ""))),
        OCTOBER: page(OCTOBER, index(part, OCTOBER)),
        part: page(part, sitemap(("d", "2026-10-05"), ("e", "2026-10-06"))),
    }
    return make(pages | network, outlets={"infobae": OLD})


def test_the_months_of_a_time_are_read_once(make_context: MakeContext) -> None:
    context = past(make_context)
    filled = backfill(context, WANTED)
    assert (filled.articles, filled.skipped, filled.failures) == (3, 0, [])
    assert names(context) == {"b", "c", "d"}
    again = backfill(context, WANTED)
    assert (again.articles, again.skipped) == (0, 2)


def test_an_address_that_failed_is_read_by_the_next_run(make_context: MakeContext) -> None:
    broken = {
        SEPTEMBER: failure(SEPTEMBER, FetchFailureKind.SERVER),
        OCTOBER: page(OCTOBER, b"<html>x</html>"),
    }
    filled = backfill(past(make_context, **broken), WANTED)
    assert [url for url, _ in filled.failures] == [SEPTEMBER, OCTOBER]
    assert backfill(past(make_context), WANTED).articles == 3


def test_more_sitemaps_than_are_followed_are_told_and_the_month_is_not_done(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pipeline.backfill.MOST_CHILDREN", 2)
    context = past(make_context, **{OCTOBER: page(OCTOBER, index(SEPTEMBER, NOVEMBER))})
    [(url, reason)] = [one for one in backfill(context, WANTED).failures if "names more" in one[1]]
    assert (url, reason) == (OCTOBER, "names more than 2 sitemaps; the others are left out")


def test_a_month_that_is_not_over_is_read_again(make_context: MakeContext) -> None:
    wanted = Wanted("infobae", date(2026, 11, 1), date(2026, 11, 30))
    network = {NOVEMBER: page(NOVEMBER, sitemap(("a", "2026-11-20")))}
    assert backfill(past(make_context, **network), wanted).articles == 1
    assert backfill(past(make_context, **network), wanted).skipped == 0


def test_a_list_without_months_is_narrowed_by_dates(make_context: MakeContext) -> None:
    whole = "https://www.infobae.com/todo.xml"
    outlet = replace(OLD, archives=(FeedSource(whole, FeedKind.SITEMAP),))
    body = sitemap(("a", "2026-09-12"), ("b", "2025-01-01"), ("c", ""))
    context = make_context({whole: page(whole, body)}, outlets={"infobae": outlet})
    assert backfill(context, WANTED).articles == 1


def test_an_archive_is_asked_for_each_day_and_for_the_pages_of_that_day(make_context: MakeContext) -> None:
    context = make_context(answers())
    wanted = Wanted("infobae", date(2026, 11, 21), date(2026, 11, 22), archive=True)
    assert backfill(context, wanted).articles == 1
    assert isinstance(context.fetcher, FakeFetcher)
    days = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (21, 22)]
    assert [request.as_of for request in context.fetcher.asked] == days
    process(context)
    assert context.fetcher.asked[2].as_of == days[0]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("nada", date(2026, 1, 1), date(2026, 1, 2)), "no outlet 'nada'"),
        (Wanted("infobae", date(2026, 1, 2), date(2026, 1, 1)), "lies before"),
        (Wanted("infobae", date(2026, 1, 1), date(2026, 1, 2)), "no sitemaps of the past"),
    ],
)
def test_what_cannot_be_filled_is_said(make_context: MakeContext, wanted: Wanted, said: str) -> None:
    with pytest.raises(InputError, match=said):
        backfill(make_context(), wanted)


def test_single_articles_belong_to_the_outlet_of_their_host(make_context: MakeContext) -> None:
    context = make_context(outlets={"infobae": OLD})
    assert ingest_addresses(context, [ARTICLE, ARTICLE]) == 1
    assert process(context) == 1
    assert ingest_addresses(context, ["https://otro.test/a"], "infobae") == 1
    for url, outlet, said in (
        ("https://otro.test/b", "", "no outlet has the host"),
        (ARTICLE, "nada", "no outlet 'nada'"),
        ("https://news.google.com/rss/articles/CBMi", "infobae", "no address of an article"),
    ):
        with pytest.raises(InputError, match=said):
            ingest_addresses(context, [url], outlet)


def test_the_nearest_host_above_an_address_decides() -> None:
    blog = replace(INFOBAE, id="blog", feeds=(FeedSource("https://blog.infobae.com/feed"),), homepage="")
    outlets = {"infobae": OLD, "blog": blog}
    assert outlet_of("https://deportes.infobae.com/x", outlets) == OLD
    assert outlet_of("https://www.blog.infobae.com/x", outlets) == blog
    assert outlet_of("https://[bad", outlets) is None


def warc(path: Path, *pages: tuple[str, bytes, str, str]) -> Path:
    """A file as crawlers write it: one gzip member a record."""
    records = [
        record(url, "response", f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body)
        for url, body, kind, status in pages
    ]
    path.write_bytes(b"".join([*records, record("https://x.test/", "metadata", b"{}")]))
    return path


def record(url: str, kind: str, content: bytes) -> bytes:
    form = "application/http; msgtype=response" if kind == "response" else "application/json"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-22T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid4()}>\r\nContent-Type: {form}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + content + b"\r\n\r\n")


def test_the_pages_of_a_warc_file_become_articles_without_fetching(
    make_context: MakeContext, tmp_path: Path
) -> None:
    path = warc(
        tmp_path / "crawl.warc.gz",
        (ARTICLE, html(), "text/html; charset=utf-8", "200 OK"),
        ("https://www.infobae.com/foto.jpg", b"x", "image/jpeg", "200 OK"),
        ("https://www.infobae.com/falta", b"x", "text/html", "404 Not Found"),
        ("https://otro.test/nota", html(), "text/html", "200 OK"),
    )
    bars: list[tuple[str, int, int]] = []
    context = make_context({}, outlets={"infobae": OLD}, progress=lambda *bar: bars.append(bar))
    assert ingest_warc(context, path) == (1, 1)
    assert bars[-1] == ("warc", path.stat().st_size, path.stat().st_size)
    with pytest.raises(InputError, match="no outlet 'nadie'"):
        ingest_warc(context, path, "nadie")
    assert process(context) == 1
    assert ingest_warc(context, path, "infobae") == (1, 0)
    assert isinstance(context.fetcher, FakeFetcher)
    assert context.fetcher.asked == []


def test_pages_of_a_warc_file_are_unpacked_however_they_came(tmp_path: Path) -> None:
    body = html()
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    answers = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Type: text/html\r\n\r\n" + brotli.compress(body),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n" + chunked,
        b"HTTP/2 200\r\ncontent-encoding: gzip\r\ncontent-type: text/html\r\n\r\n" + gzip.compress(body),
    )
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(
        b"".join(record(f"https://x.test/{n}", "response", one) for n, one in enumerate(answers))
    )
    assert [page.body for page in warc_pages(path)] == [body] * 3


def test_what_is_no_warc_file_is_said(make_context: MakeContext, tmp_path: Path) -> None:
    broken = tmp_path / "x.warc"
    broken.write_bytes(b"not a warc file at all\r\n\r\n" * 20)
    empty = tmp_path / "z.warc"
    empty.write_bytes(b"\x00" * 100)
    cases = ((broken, "no WARC file"), (tmp_path / "missing", "cannot be read"), (empty, "no WARC file"))
    for path, said in cases:
        with pytest.raises(InputError, match=said):
            ingest_warc(make_context(), path)


def test_a_warc_file_packed_as_a_whole_is_to_be_unpacked_first(
    make_context: MakeContext, tmp_path: Path
) -> None:
    path = warc(tmp_path / "whole.warc.gz", (ARTICLE, html(), "text/html", "200 OK"))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    with pytest.raises(InputError, match=r"unpack it first: gunzip whole\.warc\.gz$"):
        ingest_warc(make_context(), path)


def test_the_pages_before_the_damage_of_a_warc_file_are_kept(
    make_context: MakeContext, tmp_path: Path
) -> None:
    path = warc(tmp_path / "crawl.warc.gz", (ARTICLE, html(), "text/html", "200 OK"))
    nameless = gzip.decompress(record("https://x.test/", "response", b"HTTP/1.1 200 OK\r\n\r\n"))
    path.write_bytes(path.read_bytes() + gzip.compress(nameless.replace(b"WARC-Target-URI", b"X")))
    context = make_context({}, outlets={"infobae": OLD})
    with pytest.raises(InputError, match="pages before the damage are kept"):
        ingest_warc(context, path)
    assert len(stored(context)) == 1


@pytest.mark.parametrize("cut", [40, 400])
@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.warc"])
def test_a_warc_file_that_is_cut_off_is_told_and_what_came_before_is_kept(
    make_context: MakeContext, tmp_path: Path, name: str, cut: int
) -> None:
    second = ("https://www.infobae.com/otra", html(title="Otra nota"), "text/html", "200 OK")
    path = warc(tmp_path / "whole.warc.gz", (ARTICLE, html(), "text/html", "200 OK"), second)
    whole = path.read_bytes()
    whole = whole if name.endswith("gz") else gzip.decompress(whole)
    (tmp_path / name).write_bytes(whole[:-cut])
    context = make_context({}, outlets={"infobae": OLD})
    with pytest.raises(InputError, match="cut off"):
        ingest_warc(context, tmp_path / name)
    assert ARTICLE in [article.url for article in stored(context)]


def test_feeds_of_an_archive_that_list_other_days_give_nothing(make_context: MakeContext) -> None:
    feed = "https://www.infobae.com/rss"
    context = make_context({feed: page(feed, rss(item()))})
    wanted = Wanted("infobae", date(2026, 11, 1), date(2026, 11, 1), archive=True)
    assert backfill(context, wanted).articles == 0
