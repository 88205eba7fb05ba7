"""When an article was published and changed.

What the page states for machines comes first (JSON-LD, Open Graph, microdata, other meta tags), then the
date in its address, then the line for people beside the headline (which may add the hour), then htmldate's
guess. A moment without an offset is in the outlet's time zone.
"""

import re
from datetime import datetime

from monitor.steps.extract.datelines import datelines, lines_by_headline
from monitor.steps.extract.formats import formatted_moment
from monitor.steps.extract.moments import read_moment, zone_named
from monitor.steps.extract.structured import Structured
from monitor.steps.extract.tree import PROSE, Element, text_of

_DATE_CLASSES = (
    ".//*[contains(@class, 'fecha') or contains(@class, 'date') or contains(@class, 'data-pub')"
    " or contains(@class, 'publi') or self::time]"
)
_IN_URL = re.compile(r"(?<!\d)(20[0-4]\d|199\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")
#: paragraphs and times below the headline among which the article's own stands
_NEAR = 12

_PUBLISHED_NAMES = """
    article:published_time og:article:published_time article:published datepublished
    parsely-pub-date cxenseparse:recs:publishtime cxenseparse:publishtime sailthru.date
    dc.date.issued dcterms.created dc.date.created date dc.date pubdate publish-date
    publication_date publishdate fecha data time
"""
_PUBLISHED = tuple(_PUBLISHED_NAMES.split())
_MODIFIED_NAMES = """
    article:modified_time og:article:modified_time og:updated_time datemodified last-modified
    dcterms.modified lastmod
"""
_MODIFIED = tuple(_MODIFIED_NAMES.split())


def find_published(tree: Element, said: Structured, url: str, zone: str, form: str = "") -> datetime | None:
    """The moment of publication, aware, with the page's or the outlet's offset; None where it says none.

    :param form: the outlet's ``date_format``; what is written so is believed before all else.
    :raises InputError: when the form cannot be read.
    """
    stated = [said.said("datePublished"), *said.meta(*_PUBLISHED), *said.items.get("datePublished", [])]
    if form and (moment := formatted_moment([*stated, *_times(tree), *_visible(tree)], form, zone)):
        return moment
    for text in [*stated, *_times(tree), said.said("dateCreated"), said.said("uploadDate")]:
        moment = read_moment(text, zone)
        if moment is not None:
            return moment
    day, line = _from_url(url, zone), _beside_headline(tree, zone)
    if day and line and day.date() == line.date():
        return line
    return day or line or _shown(tree, zone) or _guessed(tree, url, zone)


def find_modified(said: Structured, zone: str) -> datetime | None:
    """The moment of the last change, aware; None where the page does not state it."""
    stated = [said.said("dateModified"), *said.meta(*_MODIFIED), *said.items.get("dateModified", [])]
    return next((moment for moment in (read_moment(text, zone) for text in stated) if moment), None)


def _times(tree: Element) -> list[str]:
    """``<time>`` elements that say that they are the publication."""
    marked = tree.xpath(
        ".//time[@pubdate or contains(@class, 'publi') or contains(@class, 'entry-date') or"
        " @itemprop='datePublished']"
    )
    return [element.get("datetime") or "" for element in marked[:3]]


def _from_url(url: str, zone: str) -> datetime | None:
    found = _IN_URL.search(url)
    try:
        return (
            datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=zone_named(zone)) if found else None
        )
    except ValueError:
        return None


def _beside_headline(tree: Element, zone: str) -> datetime | None:
    """What stands by the headline: the line for people, whatever its element is called, else a ``<time>``."""
    moments = (read_moment(text, zone) for text in [*datelines(tree), *_first_time(tree)])
    return next((moment for moment in moments if moment), None)


def _first_time(tree: Element) -> list[str]:
    """The first ``<time>`` between headline and text, which may show its readers *hace 2 horas*."""
    for element in tree.xpath("(.//h1)[last()]/following::*[self::time[@datetime] or self::p]")[:_NEAR]:
        if element.tag == "p" and len(text_of(element)) > 2 * PROSE:
            break
        if element.tag == "time" and not any(up.tag in {"li", "aside"} for up in element.iterancestors()):
            return [element.get("datetime")]
    return []


def _visible(tree: Element) -> list[str]:
    """The lines by the headline, and those whose class says that they are dates."""
    return [*lines_by_headline(tree), *_dated(tree)]


def _dated(tree: Element) -> list[str]:
    """The lines whose class says that they are dates."""
    return [text_of(element) for element in tree.xpath(_DATE_CLASSES)[:20]]


def _shown(tree: Element, zone: str) -> datetime | None:
    """A date that only people are meant to see, in an element whose class says that it is one."""
    moments = (read_moment(line, zone) for line in _dated(tree) if len(line) < 100)
    return next((moment for moment in moments if moment), None)


def _guessed(tree: Element, url: str, zone: str) -> datetime | None:
    from htmldate import find_date

    try:
        text = find_date(
            tree, original_date=True, extensive_search=True, url=url or None, deferred_url_extractor=True
        )
    except Exception:  # noqa: BLE001  the last resort on a hostile page
        text = None
    # the first of January is what htmldate makes of a year alone, such as that of a copyright notice
    return read_moment(text, zone) if text and not text.endswith("-01-01") else None
