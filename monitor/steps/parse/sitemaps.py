"""Sitemaps: addresses with dates, news sitemaps with headlines, index files."""

import html
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from monitor.model import ParsedFeed, ParseFailure
from monitor.steps.parse.dates import when
from monitor.steps.parse.entries import address, collected, newest
from monitor.steps.parse.items import local
from monitor.steps.parse.markup import Tree
from monitor.steps.parse.raw import RawItem

#: most bytes after decompression: four hundred for each address that the protocol allows
MOST_BYTES = 20_000_000
#: most addresses that the sitemap protocol allows; what follows is an attack
MOST_URLS = 50_000
_LOC = re.compile(r"<(?:\w+:)?loc\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)", re.I)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def unpacked(body: bytes) -> tuple[bytes, str]:
    """A ``.gz`` file's content as far as it can be read, and what was wrong ("" for nothing)."""
    if not body.startswith(b"\x1f\x8b"):
        return body, ""
    unpack = zlib.decompressobj(31)
    try:
        content = unpack.decompress(body, MOST_BYTES)
    except zlib.error:
        return _what_is_sound(body), "broken gzip, read up to the damage"
    if unpack.unconsumed_tail:
        return content, f"more than {MOST_BYTES:,} bytes after decompression, cut there"
    return content, "" if unpack.eof else "the gzip file breaks off before its end"


def _what_is_sound(body: bytes) -> bytes:
    """What comes before the damage, unpacked in small steps so that nothing of it is lost."""
    unpack, content, start = zlib.decompressobj(31), bytearray(), 0
    with suppress(zlib.error):
        while start < len(body) and len(content) < MOST_BYTES:
            content += unpack.decompress(body[start : start + 512])
            start += 512
    return bytes(content)


def sitemap_of(tree: Tree, url: str, now: datetime, zone: str) -> ParsedFeed:
    """A document whose root is ``urlset`` or ``sitemapindex``."""
    problems = list(tree.problems)
    found = collected(islice(_urls(tree, url), MOST_URLS), now, zone)
    problems += found.problems()
    return ParsedFeed(
        "sitemap",
        newest(found.entries.values(), problems, now),
        problems=tuple(problems),
        children=_children(tree.root, url, now, zone),
    )


def lines_of(text: str, url: str, now: datetime) -> ParsedFeed | ParseFailure:
    """A sitemap that is a plain list of addresses, one a line; a few other lines do no harm."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    links = [line for line in lines if re.match(r"https?://\S+$", line)]
    if 2 * len(links) <= len(lines):
        return ParseFailure("not a sitemap", "text")
    found = collected((RawItem(link=link, base=url) for link in links[:MOST_URLS]), now, "UTC")
    problems = found.problems()
    return ParsedFeed("sitemap", newest(found.entries.values(), problems, now), problems=tuple(problems))


def _urls(tree: Tree, url: str) -> Iterator[RawItem]:
    for element in tree.root.iter():
        if local(element) == "url":
            yield _item(element, url)
    if not tree.clean and local(tree.root) == "urlset":
        known = {address(_first(one, "loc"), url) for one in tree.root.iter() if local(one) == "url"}
        for link in dict.fromkeys(map(html.unescape, _LOC.findall(tree.text))):
            if address(link, url) not in known and not link.endswith((".jpg", ".png", ".webp")):
                yield RawItem(link=link, base=url)


def _item(element: Any, url: str) -> RawItem:
    news = next((child for child in element if local(child) == "news"), None)
    return RawItem(
        link=_first(element, "loc"),
        base=url,
        title=_first(news, "title"),
        published=_first(news, "publication_date"),
        updated=_first(element, "lastmod"),
        categories=tuple(word for word in _first(news, "keywords").split(",") if word.strip()),
        language=_first(news, "language", deep=True),
    )


def _first(element: Any, name: str, deep: bool = False) -> str:
    """Text of the first child of that name, "" where there is none."""
    if element is None:
        return ""
    children = element.iter() if deep else iter(element)
    return next((str(child.text or "").strip() for child in children if local(child) == name), "")


def _children(root: Any, url: str, now: datetime, zone: str) -> tuple[str, ...]:
    """Further sitemaps, the ones changed last first; of equal dates, those with the highest numbers."""
    found = [
        (when(_first(one, "lastmod"), now, zone) or _EPOCH, address(_first(one, "loc"), url))
        for one in root.iter()
        if local(one) == "sitemap"
    ]
    found.sort(key=lambda one: (one[0], _numbers(one[1])), reverse=True)
    return tuple(dict.fromkeys(link for _, link in found if link))


def _numbers(link: str) -> list[int]:
    """The numbers in a file's name: months, or pages of an archive that grows at its end."""
    return [int(digits) for digits in re.findall(r"\d{1,12}", urlsplit(link).path.rpartition("/")[2])]
