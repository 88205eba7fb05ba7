"""discover: the ways in of an outlet, from the address of its front page

fetch the front page; it may be a feed itself, and where it is refused the rest may yet be open
feeds it names, feeds on the page that lists them, then addresses at which feeds of common systems lie
sitemaps its robots.txt names, then addresses at which news sitemaps lie
the front page's own links where nothing else is of use
try each through the fetcher; keep those that list something new
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from monitor.errors import InputError
from monitor.model import FeedKind, FeedSource, FetchedPage, FetchFailure, FetchRequest, Outlet, OutletStatus
from monitor.pipeline import decide
from monitor.pipeline.trying import Trial, try_source, useful
from monitor.ports import Fetcher

#: where the systems of our outlets keep their feeds: WordPress, Arc XP (new and old), Sputnik, others
FEEDS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/arc/outboundfeeds/rss/?outputType=xml",
    "/arcio/rss/",
    "/feed.xml",
    "/atom.xml",
    "/feeds/rss/",
    "/export/rss2/archive/index.xml",
)
#: where they keep their news sitemaps: Arc XP, Liferay, WordPress plug-ins
SITEMAPS = (
    "/arc/outboundfeeds/news-sitemap/?outputType=xml",
    "/arc/outboundfeeds/news-sitemap2/",
    "/sitemapforgoogle.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/sitemap-google-news.xml",
    "/sitemap.xml",
)
#: a sitemap whose newest entry is older, or that lists more, is no list of news
NEWS_AGE, NEWS_ENTRIES = timedelta(days=7), 2000
#: a feed whose newest entry is older is dead
FEED_AGE = timedelta(days=90)
#: most ways in that are kept, most sitemaps that are tried, and most links to feeds in the text of the page
MOST_KEPT, MOST_SITEMAPS, MOST_SHOWN = 6, 12, 6
_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
}
_FEED_LINK = re.compile(
    r"(?i)^(?=https?://|/)\S*(?:/(?:rss2?|feeds?|atom)(?:\.xml|\.php|\.html?)?/?|[/_-]rss\.xml|\.rss)(?:\?\S*)?$"
)
#: an address on a page that lists feeds
_LISTED_LINK = re.compile(r"(?i)^(?:https?://|/)\S*(?:rss|feed|atom)")
#: a year in the address of a sitemap
_DATED = re.compile(r"(?<!\d)20\d\d(?!\d{3})")
_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "BO": "America/La_Paz", "BR": "America/Sao_Paulo",
    "CL": "America/Santiago", "CO": "America/Bogota", "CR": "America/Costa_Rica", "CU": "America/Havana",
    "DO": "America/Santo_Domingo",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "GT": "America/Guatemala",
    "HN": "America/Tegucigalpa", "MX": "America/Mexico_City", "NI": "America/Managua", "PA": "America/Panama",
    "PE": "America/Lima", "PT": "Europe/Lisbon", "PY": "America/Asuncion", "SV": "America/El_Salvador",
    "UY": "America/Montevideo", "VE": "America/Caracas",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was tried, and the entry that would be written."""

    outlet: Outlet
    trials: tuple[Trial, ...]


def discover(fetcher: Fetcher, url: str, now: datetime, taken: Collection[str] = ()) -> Discovery:
    """Find the ways in of the outlet at an address.

    :param taken: ids that are in use.
    :raises InputError: when the address does not answer, or refuses us as all tried in its place do.
    """
    url = url if "://" in url else f"https://{url}"
    answer = fetcher.fetch(FetchRequest(url))
    refused = isinstance(answer, FetchFailure) and answer.kind in decide.REFUSALS
    page = FetchedPage(url, url, 200, b"") if refused else answer
    if isinstance(page, FetchFailure):
        raise _unread(page)
    root = _root(page)
    trials = list(_tried(fetcher, page, root, now))
    kept = useful(trial for trial in trials if _is_news(trial, now))[:MOST_KEPT]
    if isinstance(answer, FetchFailure) and not kept:
        raise _unread(answer)
    feeds = [trial for trial in kept if trial.source.kind is not FeedKind.SECTION]
    return Discovery(_outlet(page, root, feeds or kept, taken), tuple(trials))


def _unread(failure: FetchFailure) -> InputError:
    return InputError(
        f"{failure.url} cannot be read: {failure.reason}; give the address of the front page or a feed"
    )


def _tried(fetcher: Fetcher, page: FetchedPage, root: Any, now: datetime) -> Iterable[Trial]:
    home = page.final_url
    named = [FeedSource(page.url), *_named_feeds(root, home)]
    common = [FeedSource(urljoin(home, path)) for path in FEEDS]
    own = [try_source(fetcher, source, now) for source in _distinct(named)]
    yield from own
    if not any(trial.entries and _is_news(trial, now) for trial in own):
        own = [try_source(fetcher, source, now) for source in _listed_feeds(fetcher, own)]
        yield from own
    if not any(trial.entries and _is_news(trial, now) for trial in own):
        yield from (try_source(fetcher, source, now) for source in common)
    yield from _tried_sitemaps(fetcher, home, now)
    yield try_source(fetcher, FeedSource(home, FeedKind.SECTION), now)


def _tried_sitemaps(fetcher: Fetcher, home: str, now: datetime) -> Iterable[Trial]:
    robots = fetcher.fetch(FetchRequest(urljoin(home, "/robots.txt")))
    text = robots.body.decode("utf-8", "replace") if isinstance(robots, FetchedPage) else ""
    stated = re.findall(r"(?im)^\s*sitemap\s*:\s*(https?://\S+)", text)
    waiting = list(dict.fromkeys([*_news_first(stated), *(urljoin(home, path) for path in SITEMAPS)]))
    tried: set[str] = set()
    index_of: dict[str, str] = {}
    while waiting and len(tried) < MOST_SITEMAPS:
        url = waiting.pop(0)
        tried.add(url)
        trial = try_source(fetcher, FeedSource(url, FeedKind.SITEMAP), now)
        children = [child for child in _news_first(trial.children)[:2] if child not in tried]
        index_of |= dict.fromkeys(children, url)
        waiting = list(dict.fromkeys([*children, *waiting]))
        # Of a sitemap for this month alone its index is kept: collecting reads the newest of an index
        lasting = index_of.get(url, url) if _DATED.search(urlsplit(url).path + urlsplit(url).query) else url
        yield replace(trial, source=FeedSource(lasting, FeedKind.SITEMAP))
        if trial.entries and _is_news(trial, now):
            return


def _news_first(urls: Iterable[str]) -> list[str]:
    return sorted(urls, key=lambda url: not re.search(r"(?i)news|notic|google", url))


def _is_news(trial: Trial, now: datetime) -> bool:
    if trial.status is not OutletStatus.OK:
        return False
    if trial.source.kind is not FeedKind.SITEMAP:
        dead = trial.newest is not None and now - trial.newest > FEED_AGE
        return not dead and "comment" not in trial.source.url
    fresh = trial.newest is not None and now - trial.newest <= NEWS_AGE
    return fresh and trial.entries <= NEWS_ENTRIES


def _distinct(sources: Iterable[FeedSource]) -> list[FeedSource]:
    return list({source.url: source for source in sources}.values())


def _root(page: FetchedPage) -> Any:
    """The front page as a tree, None where it is none."""
    try:
        return lxml_html.document_fromstring(page.body, parser=lxml_html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError):
        return None


def _named_feeds(root: Any, home: str) -> Iterable[FeedSource]:
    if root is None:
        return
    home = urljoin(home, next((one.get("href") for one in root.iter("base") if one.get("href")), ""))
    for link in root.iter("link"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        href = (link.get("href") or "").strip()
        # Of this type are JSON feeds, but also what WordPress names on every page
        is_json = kind == "application/json" and "feed" in href
        alternate = "alternate" in (link.get("rel") or "").lower().split()
        if alternate and href and (kind in _FEED_TYPES or is_json):
            yield FeedSource(urljoin(home, href))
    shown = [link.get("href", "").strip() for link in root.iter("a")]
    yield from [FeedSource(urljoin(home, href)) for href in shown if _FEED_LINK.search(href)][:MOST_SHOWN]


def _listed_feeds(fetcher: Fetcher, tried: Iterable[Trial]) -> list[FeedSource]:
    """The feeds on a page that the front page calls its feeds, as many outlets have one."""
    known = {trial.source.url for trial in tried}
    for trial in list(tried)[1:]:
        page = fetcher.fetch(FetchRequest(trial.source.url)) if trial.status is OutletStatus.BROKEN else None
        root = _root(page) if isinstance(page, FetchedPage) else None
        if root is not None:
            links = [(link.get("href") or "").strip() for link in root.iter("a")]
            listed = [urljoin(trial.source.url, link) for link in links if _LISTED_LINK.search(link)]
            return [FeedSource(url) for url in dict.fromkeys(listed) if url not in known][:MOST_SHOWN]
    return []


def _outlet(page: FetchedPage, root: Any, kept: list[Trial], taken: Collection[str]) -> Outlet:
    host = (urlsplit(page.final_url).hostname or "").removeprefix("www.")
    country = host.rpartition(".")[2].upper()
    country = country if country in _ZONES else ""
    names = [name for name in (_meta(root, "og:site_name"), _title(root), host) if name]
    return Outlet(
        id=_free_id(host, taken),
        name=names[0],
        language=_language(root, kept, country),
        country=country,
        homepage=f"{urlsplit(page.final_url).scheme}://{urlsplit(page.final_url).netloc}",
        timezone=_ZONES.get(country, "UTC"),
        feeds=tuple(replace(trial.source, url=trial.moved_to or trial.source.url) for trial in kept),
        enabled=bool(kept),
        note="" if kept else "no way in was found",
    )


def _meta(root: Any, name: str) -> str:
    found = (
        root.xpath("//meta[@property=$name or @name=$name]/@content", name=name) if root is not None else []
    )
    return " ".join(str(found[0]).split()) if found else ""


def _title(root: Any) -> str:
    title = (root.findtext(".//title") or "") if root is not None else ""
    return re.split(r"\s+[|–—-]\s+", " ".join(title.split()))[0]


def _language(root: Any, kept: list[Trial], country: str) -> str:
    stated = [(root.get("lang") or "")[:2].lower()] if root is not None else []
    stated += [language for trial in kept for language in trial.languages]
    default = "pt" if country in {"BR", "PT"} else "es"
    return next((language for language in stated if language in {"es", "pt"}), default)


def _free_id(host: str, taken: Collection[str]) -> str:
    labels = [label for label in re.split(r"[^a-z0-9]+", host.lower()) if label] or ["outlet"]
    stem = labels[0]
    wanted = [stem, "-".join(labels), *(f"{stem}-{number}" for number in range(2, 1000))]
    return next(name for name in wanted if name not in taken)
