"""When an article was published and changed.

What the page states for machines comes first (JSON-LD, Open Graph, microdata, other meta tags), then the
date in its address, then the line for people beside the headline, then htmldate's guess. A moment without
an offset is in the outlet's time zone.
"""

import re
from datetime import datetime
from itertools import takewhile

from monitor.steps.extract.moments import date_in, read_moment, zone_named
from monitor.steps.extract.structured import Structured
from monitor.steps.extract.tree import PROSE, Element, paragraphs, text_of

_DATE_CLASSES = (
    ".//*[contains(@class, 'fecha') or contains(@class, 'date') or contains(@class, 'data-pub')"
    " or contains(@class, 'publi') or self::time]"
)
_IN_URL = re.compile(r"(?<!\d)(20[0-4]\d|199\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")
#: what may stand before a date in a part of a dateline: a weekday, *publicado el*, a name; no lower-case verb
_BEFORE_DATE = re.compile(
    r"^\W*(?:(?:por|by|el|em|en|día|dia|fecha|data|hora|a las|às"
    r"|\d{1,2}[:h]\d{2}(?:\s?hs?|\s?[ap]\.?\s?m\.?)?"
    r"|(?:publicad|criad|cread"
    r"|actualizad|atualizad|modificad|postad)[ao]|(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
    r"|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|(?-i:[A-ZÁÉÍÓÚÂÊÔÃÕÇ][\w.'’-]*))(?!\w)[\s:,.]*){0,8}$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[|·•–—]\s*|\s+-\s+")
_CHANGED = re.compile(r"\b(?:actualiz|atualiz|modific)", re.IGNORECASE)
#: lines before and after the headline, letters of a line, in which a dateline stands
_BEFORE, _AFTER, _LONGEST_LINE = 8, 16, 100

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


def find_published(tree: Element, said: Structured, url: str, zone: str) -> datetime | None:
    """The moment of publication, aware, with the page's or the outlet's offset; None where it says none."""
    stated = [said.said("datePublished"), *said.meta(*_PUBLISHED), *said.items.get("datePublished", [])]
    for text in [*stated, *_times(tree), said.said("dateCreated"), said.said("uploadDate")]:
        moment = read_moment(text, zone)
        if moment is not None:
            return moment
    return (
        _from_url(url, zone)
        or _beside_headline(tree, zone)
        or _shown(tree, zone)
        or _guessed(tree, url, zone)
    )


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
    """The dateline that stands by the headline, whatever its element is called."""
    lines = [line for line in _by_headline(tree) if _is_dateline(line)]
    return next((moment for moment in (read_moment(line, zone) for line in lines) if moment), None)


def _by_headline(tree: Element) -> list[str]:
    """The lines below the last ``h1``, then those above it, where today's date may stand; each time what
    tells of a change last. Without a headline, those before the first running text.
    """
    lines = paragraphs(tree)
    heads = {text_of(h1) for h1 in tree.iter("h1")}
    place = max((place for place, line in enumerate(lines) if line in heads), default=None)
    if place is None:
        parts = [list(takewhile(lambda line: len(line) < 3 * PROSE, lines))]
    else:
        parts = [lines[place : place + _AFTER], lines[max(0, place - _BEFORE) : place]]
    return [line for part in parts for line in sorted(part, key=lambda one: bool(_CHANGED.search(one)))]


def _is_dateline(line: str) -> bool:
    """A line that gives a date as such, not within a statement."""
    if len(line) > _LONGEST_LINE:
        return False
    for part in _PARTS.split(line):
        place = date_in(part)
        if place is not None and _BEFORE_DATE.match(part[: place[0]]):
            return True
    return False


def _shown(tree: Element, zone: str) -> datetime | None:
    """A date that only people are meant to see, in an element whose class says that it is one."""
    lines = (text_of(element) for element in tree.xpath(_DATE_CLASSES)[:20])
    moments = (read_moment(line, zone) for line in lines if len(line) < 100)
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
