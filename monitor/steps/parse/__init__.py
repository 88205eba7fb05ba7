"""Feeds, sitemaps and section pages to entries; nothing a feed gave is lost."""

import re
from datetime import datetime

from monitor.model import FeedKind, ParsedFeed, ParseFailure
from monitor.steps.parse.encoding import text_of
from monitor.steps.parse.entries import address
from monitor.steps.parse.feeds import feed_of
from monitor.steps.parse.items import local
from monitor.steps.parse.jsonfeed import json_feed_of
from monitor.steps.parse.markup import tree_of
from monitor.steps.parse.sections import section_of
from monitor.steps.parse.sitemaps import lines_of, sitemap_of, unpacked

__all__ = ["parse"]

# Also where it calls itself HTML, a feed is one
_HTML = re.compile(
    r"\s*+(?>(?:<!--(?>.*?-->))\s*+)*+<(?:!doctype\s+html(?![^>]*>\s*<(?:rss|feed|rdf:rdf)\b)|html|head|body)\b",
    re.I | re.S,
)
# Pages without a head, as some servers send them for an error
_HTML_NAMES = frozenset({"html", "div", "p", "br", "script", "table", "center", "h1", "a"})
_A_PAGE = "a web page, not RSS or Atom"


def parse(
    kind: FeedKind, body: bytes, url: str, now: datetime, content_type: str = "", timezone: str = "UTC"
) -> ParsedFeed | ParseFailure:
    """Read what lies at an address that lists articles. Raises nothing for any bytes.

    :param kind: what is expected; a feed or sitemap is also read where the other one was expected.
    :param url: the address that answered, against which relative links stand.
    :param content_type: the header; only its charset is used, and only if the document states none.
    :param timezone: IANA zone for dates that state none.
    """
    url = address(url, "")  # "" for one that cannot be joined with anything
    body, damage = unpacked(body)
    text, wrong_charset = text_of(body, content_type)
    problems = tuple(one for one in (damage, wrong_charset) if one)
    result = _read(kind, text.lstrip("\ufeff\x00 \t\r\n"), url, now, timezone)
    if isinstance(result, ParsedFeed) and problems:
        return ParsedFeed(
            result.format, result.entries, result.title, problems + result.problems, result.children
        )
    return result


def _read(kind: FeedKind, text: str, url: str, now: datetime, zone: str) -> ParsedFeed | ParseFailure:
    if not text:
        return ParseFailure("the answer is empty", "empty")
    if text.startswith("{"):
        return json_feed_of(text, url, now, zone)
    if kind is FeedKind.SITEMAP and text.startswith("http"):
        return lines_of(text, url, now)
    if _HTML.match(text):
        return _page(kind, text, url, now)
    return _markup(kind, text, url, now, zone)


def _page(kind: FeedKind, text: str, url: str, now: datetime) -> ParsedFeed | ParseFailure:
    return section_of(text, url, now) if kind is FeedKind.SECTION else ParseFailure(_A_PAGE, "html")


def _markup(kind: FeedKind, text: str, url: str, now: datetime, zone: str) -> ParsedFeed | ParseFailure:
    tree = tree_of(text, url)
    if tree.hostile:
        return ParseFailure("declares nested entities, which are refused", "entities")
    name = local(tree.root) if tree.root is not None else ""
    if name in {"urlset", "sitemapindex"}:
        return sitemap_of(tree, url, now, zone)
    result = feed_of(tree, url, now, zone)
    is_page = isinstance(result, ParseFailure) and (name in _HTML_NAMES or kind is FeedKind.SECTION)
    return _page(kind, text, url, now) if is_page else result
