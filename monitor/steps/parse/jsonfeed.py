"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import html
import json
from datetime import datetime
from typing import Any

from monitor.model import ParsedFeed, ParseFailure
from monitor.steps.parse.entries import base_language, collected, newest
from monitor.steps.parse.plain import plain
from monitor.steps.parse.raw import RawItem
from monitor.text.sound import sound


def json_feed_of(text: str, url: str, now: datetime, zone: str) -> ParsedFeed | ParseFailure:
    """A document that begins like a JSON object."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return ParseFailure("not RSS or Atom", "json", {"error": str(error)[:200]})
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not ("jsonfeed.org" in _text(feed, "version") or "title" in feed):
        return ParseFailure("not RSS or Atom", "json")
    base = _text(feed, "home_page_url") or url
    raws = (_raw(item, base) for item in items if isinstance(item, dict))
    found = collected(raws, now, zone, base_language(_text(feed, "language")))
    problems = found.problems()
    return ParsedFeed(
        "json", newest(found.entries.values(), problems, now), plain(_text(feed, "title")), tuple(problems)
    )


def _raw(item: dict[str, Any], base: str) -> RawItem:
    guid, text = _text(item, "id"), _text(item, "content_text")
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    return RawItem(
        guid=guid,
        link=_text(item, "url") or _text(item, "external_url") or (guid if guid.startswith("http") else ""),
        base=base,
        title=html.escape(_text(item, "title")),
        summary=html.escape(_text(item, "summary")),
        html=_text(item, "content_html") or paragraphs,
        authors=tuple(_text(one, "name") for one in [*_list(item, "authors"), item.get("author")]),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        categories=tuple(sound(tag) for tag in _list(item, "tags") if isinstance(tag, str)),
        language=_text(item, "language"),
    )


def _text(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return sound(str(found)) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _list(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []
