"""Alerts as an Atom feed (RFC 4287)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from monitor.model import StoredAlert

ATOM = "http://www.w3.org/2005/Atom"
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One alert and when and on what it was raised."""

    alert: StoredAlert
    #: title of its topic
    topic: str
    #: aware
    raised_at: datetime


def render_atom(title: str, address: str, items: Sequence[FeedItem], updated: datetime) -> bytes:
    """The feed as UTF-8 XML, in the order given.

    :param address: where the feed is served, or any lasting URI; its id.
    :param updated: aware, when the newest was raised or the feed was made.
    """
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(_name("feed"))
    _text(feed, "id", address)
    _text(feed, "title", title)
    _text(feed, "updated", _moment(updated))
    _text(_child(feed, "author"), "name", "monitor")
    _child(feed, "link", rel="self", href=_fit(address))
    for item in items:
        _entry(feed, item, address)
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Xml.Element, item: FeedItem, address: str) -> None:
    alert, entry = item.alert, _child(feed, "entry")
    _text(entry, "id", f"{address}#alert-{alert.id}")
    _text(entry, "title", alert.title_en or alert.title)
    _text(entry, "updated", _moment(item.raised_at))
    if alert.published_at:
        _text(entry, "published", _moment(alert.published_at))
    if re.match(r"https?://[^\s/]", alert.url):
        _child(entry, "link", rel="alternate", href=_fit(alert.url), hreflang=_fit(alert.language))
    _child(entry, "category", term=_fit(item.topic))
    _text(_child(entry, "author"), "name", alert.outlet_name)
    _text(entry, "summary", _summary(alert))


def _summary(alert: StoredAlert) -> str:
    """Why it is here, in plain words: original headline, then each sentence with its term."""
    lines = [
        alert.title,
        *(f"{one.term}: {one.sentence} {one.sentence_en}".strip() for one in alert.evidence),
    ]
    return "\n".join(dict.fromkeys(lines))


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _child(parent: Xml.Element, tag: str, **attributes: str) -> Xml.Element:
    return Xml.SubElement(parent, _name(tag), attributes)


def _text(parent: Xml.Element, tag: str, text: str) -> None:
    _child(parent, tag).text = _fit(text)


def _fit(text: str) -> str:
    """Without the characters XML forbids."""
    return _UNFIT.sub("", text)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
