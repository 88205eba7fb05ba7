"""Feeds: read from the tree where the document is sound, together with feedparser where it is not."""

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import feedparser

from monitor.model import Entry, ParsedFeed, ParseFailure
from monitor.steps.parse.entries import Collected, base_language, collected, newest
from monitor.steps.parse.items import fields_of, first, items_of, language_of, local, raw_item, site_of
from monitor.steps.parse.markup import Tree
from monitor.steps.parse.plain import plain
from monitor.steps.parse.raw import RawItem

#: feedparser reads ill-formed text in pure Python, so a larger document is left to the tree alone
_MOST_CHARACTERS = 1_000_000
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})


def feed_of(tree: Tree, url: str, now: datetime, zone: str) -> ParsedFeed | ParseFailure:
    """A document that is, or once was meant to be, RSS or Atom."""
    root = tree.root
    name = local(root) if root is not None else ""
    # Of a damaged document the root may be what was damaged
    damaged = tree.recovered or name in {"", "item", "entry"}
    if name not in _ROOTS and not (damaged and re.search(r"<(?:item|entry)[\s>]", tree.text)):
        return ParseFailure("not RSS or Atom", name or "text")
    head = _head(root)
    language = base_language(first(head, ("language", "dc:language")) or (language_of(root) if name else ""))
    found = collected(_raw_items(root, head, url), now, zone, language)
    problems = tree.problems + (_second_opinion(tree, found, url, now, zone) if tree.recovered else [])
    problems += found.problems()
    if name not in _ROOTS and not found.entries:
        return ParseFailure("not RSS or Atom", name or "text")
    entries = newest(found.entries.values(), problems, now)
    return ParsedFeed(_format(root, name), entries, plain(first(head, ("title",))), tuple(problems))


def _head(root: Any) -> dict[str, list[Any]]:
    if root is None:
        return {}
    channel = next((child for child in root if local(child) == "channel"), root)
    return fields_of(channel)


def _raw_items(root: Any, head: dict[str, list[Any]], url: str) -> Iterator[RawItem]:
    if root is None:
        return
    site = site_of(head) if local(root) != "feed" else ""
    for element in items_of(root):
        yield raw_item(element, site if site.startswith(("http://", "https://")) else url, url)


def _format(root: Any, name: str) -> str:
    if name == "rdf":
        return "rdf"
    if name == "feed":
        return "atom03" if "purl.org/atom" in str(root.tag) else "atom10"
    version = root.get("version", "2.0") if root is not None else "2.0"
    return "rss" + "".join(re.findall(r"\d", version))[:3]


def _second_opinion(tree: Tree, found: Collected, url: str, now: datetime, zone: str) -> list[str]:
    """What feedparser finds in an ill-formed document and the tree did not; added to ``found``."""
    if len(tree.text) > _MOST_CHARACTERS:
        return []
    other = collected(_by_feedparser(tree.text, url), now, zone)
    known = {one for entry in found.entries.values() for one in (entry.url, entry.title)} - {""}
    missing = {key: entry for key, entry in other.entries.items() if not {entry.url, entry.title} & known}
    found.entries |= missing
    _completed(found.entries, other.entries)
    return [f"{len(missing)} items recovered by feedparser"] if missing else []


def _completed(entries: dict[str, Entry], others: dict[str, Entry]) -> None:
    """A broken-off item takes the fuller reading of the same address."""
    fuller = {entry.url: entry for entry in others.values()}
    for key, entry in entries.items():
        other = fuller.get(entry.url, entry)
        if not entry.title and other.title:
            entries[key] = other


def _by_feedparser(text: str, url: str) -> Iterator[RawItem]:
    # It is fed hostile text, and what it raises for that is not documented
    with contextlib.suppress(Exception):
        parsed = feedparser.parse(
            text.encode("utf-8", "replace"),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": _plain_url(url),
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        for one in parsed.entries:
            yield _raw(one, url)


def _plain_url(url: str) -> str:
    return url if url.isascii() and url.isprintable() else ""


def _raw(one: Any, url: str) -> RawItem:
    def text(name: str) -> str:
        return str(one.get(name) or "")

    return RawItem(
        guid=text("id"),
        link=text("link") or text("id"),
        base=url,
        title=text("title"),
        summary=text("summary"),
        html=max((str(part.get("value") or "") for part in one.get("content", ())), key=len, default=""),
        authors=tuple(str(author.get("name") or "") for author in one.get("authors", ())),
        published=text("published"),
        updated=text("updated"),
        categories=tuple(str(tag.get("term") or "") for tag in one.get("tags", ())),
    )
