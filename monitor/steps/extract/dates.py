"""When an article was published and changed.

What the page states for machines comes first (JSON-LD, Open Graph, microdata, other meta tags), then the
date in its address, then htmldate's guess. A moment without an offset is in the outlet's time zone.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from monitor.steps.extract.structured import Structured
from monitor.steps.extract.tree import Element, text_of

_ISO = re.compile(
    r"(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:[T\s]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D{1,6}(\d{1,2}:\d{2}))?")
_MONTH_NAMES = (
    "ene jan",
    "feb fev",
    "mar",
    "abr apr",
    "may mai",
    "jun",
    "jul",
    "ago aug",
    "sep set",
    "oct out",
    "nov",
    "dic dez dec",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_IN_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s+de)?\s+([a-zç]{3})[a-zç]*\.?,?(?:\s+del?)?\s+(\d{4})(?:\D{1,12}(\d{1,2})"
    r"[:h](\d{2}))?"
    r"|([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})(?:\s+(\d{1,2}):(\d{2}))?",
    re.IGNORECASE,
)
_DATE_CLASSES = (
    ".//*[contains(@class, 'fecha') or contains(@class, 'date') or contains(@class, 'data-pub')"
    " or contains(@class, 'publi') or self::time]"
)
_STAMP = re.compile(r"^1\d{9}(?:\d{3})?$")
_IN_URL = re.compile(r"(?<!\d)(20[0-4]\d|199\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")

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
    return _from_url(url, zone) or _shown(tree, zone) or _guessed(tree, url, zone)


def find_modified(said: Structured, zone: str) -> datetime | None:
    """The moment of the last change, aware; None where the page does not state it."""
    stated = [said.said("dateModified"), *said.meta(*_MODIFIED), *said.items.get("dateModified", [])]
    return next((moment for moment in (read_moment(text, zone) for text in stated) if moment), None)


def read_moment(text: str, zone: str) -> datetime | None:
    """One moment from what outlets write: ISO 8601 misspelt, numbers, Spanish and Portuguese words."""
    text = text.strip()[:120]
    if _STAMP.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    for reader in (_iso, _day_first, _in_words):
        try:
            moment = reader(text)
        except (ValueError, OverflowError):
            continue
        if moment is not None and 1990 <= moment.year <= 2100:
            return moment if moment.tzinfo else moment.replace(tzinfo=zone_named(zone))
    return None


def zone_named(name: str) -> ZoneInfo | timezone:
    """A time zone by its IANA name; UTC for a name that is not known."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def _iso(text: str) -> datetime | None:
    found = _ISO.match(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in re.split("[-/]", found["date"]))
    hour, minute, second = ([int(part) for part in (found["time"] or "0").split(":")] + [0, 0])[:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(found["zone"]))


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _day_first(text: str) -> datetime | None:
    found = _DAY_FIRST.search(text)
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    hour, minute = (int(part) for part in (found[4] or "0:0").split(":"))
    return datetime(year, month, day, hour, minute)


def _in_words(text: str) -> datetime | None:
    found = _IN_WORDS.search(text)
    if found is None:
        return None
    if found[1]:
        day, name, year, hour, minute = found[1], found[2], found[3], found[4], found[5]
    else:
        day, name, year, hour, minute = found[7], found[6], found[8], found[9], found[10]
    month = _MONTHS.get(name.lower())
    return datetime(int(year), month, int(day), int(hour or 0), int(minute or 0)) if month else None


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
    return read_moment(text, zone) if text else None
