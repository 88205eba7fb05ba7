"""One moment from what outlets write: ISO 8601 misspelt, numbers, Spanish and Portuguese words."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"(?<!\d)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})(?:[T\s]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
    re.IGNORECASE,
)
#: a year of two digits only from 2010 on, behind a day and a month of two digits
_DAY_FIRST = re.compile(
    r"(?<!\d)(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{2})([/.-])(\d{2})\5([1-4]\d))(?![\d/.-]*\d)"
)
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
    r"(?<!\d)(\d{1,2})[ºª°]?(?:\s+de\s+|[\s/.-]+)([a-zç]{3})[a-zç]*\.?,?(?:\s+del?\s+|[\s/.-]+)(\d{4})(?!\d)"
    r"|\b([a-zç]{3})[a-zç]*\.?\s+(\d{1,2}),?\s+(?:del?\s+)?(\d{4})(?!\d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})|\s?h(?:s|oras)?\b)(?::\d{2})?"
    r"(?:\s*h(?:s|rs)?\.?)?(?:\s*(?P<half>[ap])\.?\s?m\b)?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\d:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?\s*\(?(?:(?:GMT|UTC)?\s?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)(?![\d/])"
    r"|(?P<utc>GMT|UTC|Z)\b)",
    re.IGNORECASE,
)
#: characters after or before a date in which its time of day stands, up to what tells of a change
_NEAR = 32
_CHANGED = re.compile(r"\b(?:actualiz|atualiz|modific).*", re.IGNORECASE)
_STAMP = re.compile(r"^1\d{9}(?:\d{3})?$")


def read_moment(text: str, zone: str) -> datetime | None:
    """One moment, aware: with the offset that stands there, else in the outlet's zone (an IANA name)."""
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


def date_in(text: str) -> tuple[int, int] | None:
    """Where a whole date for people stands in a text, None where none does."""
    found = _ISO.search(text) or _DAY_FIRST.search(text) or _IN_WORDS.search(text)
    return found.span() if found else None


def zone_named(name: str) -> ZoneInfo | timezone:
    """A time zone by its IANA name; UTC for a name that is not known."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def _iso(text: str) -> datetime | None:
    found = _ISO.search(text)
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
    day, month = int(found[1] or found[4]), int(found[2] or found[6])
    if month > 12:
        day, month = month, day
    return datetime(int(found[3] or f"20{found[7]}"), month, day, *_clock(text, found), tzinfo=_zone(text))


def _in_words(text: str) -> datetime | None:
    found = _IN_WORDS.search(text)
    if found is None:
        return None
    day, name, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
    month = _MONTHS.get(name.lower())
    if month is None:
        return None
    return datetime(int(year), month, int(day), *_clock(text, found), tzinfo=_zone(text))


def _zone(text: str) -> timezone | None:
    """The offset behind a time of day: *18:05 GMT-0500*, *02:05:00 GMT*, *18:05 (GMT-5)*."""
    found = _ZONE.search(text)
    if found is None:
        return None
    offset = found["offset"] or "Z"
    return _offset(offset if len(offset) != 2 else f"{offset[0]}0{offset[1]}")


def _clock(text: str, date: re.Match[str]) -> tuple[int, int]:
    """Hour and minute that stand behind a date, else before it; midnight without any."""
    before = text[max(0, date.start() - _NEAR) : date.start()]
    after = _CHANGED.sub("", text[date.end() : date.end() + _NEAR])
    found = _CLOCK.search(after) or _CLOCK.search(before)
    if found is None:
        return 0, 0
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "p" and hour <= 12)
    return hour, int(found["minute"] or 0)
