"""Dates as feeds write them: RFC 822, ISO 8601, Portuguese, Spanish, without zone, or plainly wrong."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

#: nothing on the web is older; a date before it is a default of some program
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "ene"),
            ("feb", "fev"),
            ("mar",),
            ("apr", "abr"),
            ("may", "mai"),
            ("jun",),
            ("jul",),
            ("aug", "ago"),
            ("sep", "set"),
            ("oct", "out"),
            ("nov",),
            ("dec", "dez", "dic"),
        ),
        1,
    )
    for name in names
}
# Hours from UTC. Zones without a summer time of their own stand with the hour in force in 2026.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "brt": -3, "brst": -2, "art": -3, "uyt": -3, "pyt": -3, "clt": -4, "clst": -3,
    "bot": -4, "vet": -4, "cot": -5, "pet": -5, "ect": -5,
}  # fmt: skip
_TIME = (
    r"(?:\D{0,12}?(?P<hour>\d{1,2})\s?[:h.]\s?(?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?)?"
)
_ZONE = (
    r"\s*(?:h(?:s|rs|oras)?\b\.?)?\s*\(?(?:(?:gmt|utc)\s?(?=[+-]\d))?"
    r"(?P<zone>[+-]\d{1,2}:?\d{2}|[+-]\d{1,2}\b|[a-z]{1,5}\b)?"
)
_MONTH = r"(?P<month>[a-z]{3})[a-z]*"
_FORMS = tuple(
    re.compile(form + _TIME + _ZONE)
    for form in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|o|º|ª)?[\s.-]+(?:de\s+|of\s+)?{_MONTH}\.?[\s,./-]+(?:de[l]?\s+)?(?P<year>\d{{4}}|\d{{2}})\b",
        rf"\b{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:de\s+)?(?P<year>\d{{4}})\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?=\s+\d\d:\d\d(?::\d\d)?(?:\s+[a-z]{{3,4}})?\s+(?P<year>\d{{4}})$)",
        r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"\b(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=t|\b)",
        r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})\b",
    )
)


# As nearly all are written: "Sun, 22 Nov 2026 10:05:00 GMT"
_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d\d?) ([A-Za-z]{3}) (\d{4}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (GMT|[+-]\d{4})",
    re.ASCII,
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
# "15h30 - 20/11/2026"
_HOUR_FIRST = re.compile(r"^(\d{1,2}[:h]\d{2}(?::\d{2})?)(?:h|hs)?[\s,|-]+(?:de[l]? )?(\d.*)$")


def when(text: str, now: datetime, zone: str = "UTC") -> datetime | None:
    """The moment a feed's date names, aware and in UTC.

    :param zone: IANA zone for dates that state none; an unknown one counts as UTC.
    :returns: None for what is no date, impossible, before 1990, or more than a day after ``now``.
    """
    try:
        moment = _usual(text) or _timestamp(text) or _read(_simplified(text), zone_of(zone))
        moment = moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and _EARLIEST <= moment <= now + _AHEAD else None


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """An IANA zone by name, UTC where it is unknown."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _usual(text: str) -> datetime | None:
    """What the forms below would find, in a third of the time."""
    found = _USUAL.fullmatch(text)
    month = _MONTHS.get(found[2].lower()) if found else None
    if not found or not month:
        return None
    day, year, hour, minute, second = (int(found[at]) for at in (1, 3, 4, 5, 6))
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(found[7].lower(), UTC))


def _simplified(text: str) -> str:
    plain = text[:100].lower()
    if not plain.isascii():
        plain = _DASHES.sub("-", plain)
        plain = unicodedata.normalize("NFKD", plain.replace("º", "o"))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _HOUR_FIRST.sub(r"\2 \1", " ".join(plain.split()))
    return re.sub(r"^(\d{8}t\d\d)(\d\d)(\d\d)", r"\1:\2:\3", plain)  # ISO 8601 without its separators


def _timestamp(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970."""
    digits = text.strip()
    if not re.fullmatch(r"\d{10}|\d{13}", digits, re.ASCII):
        return None
    return datetime.fromtimestamp(int(digits[:10]), UTC)


def _read(text: str, zone: tzinfo) -> datetime | None:
    for form in _FORMS:
        found = form.search(text)
        if found and (found["month"].isdigit() or found["month"] in _MONTHS):
            return _moment(found, zone)
    return None


def _moment(found: re.Match[str], zone: tzinfo) -> datetime:
    month, number = _MONTHS.get(found["month"]) or int(found["month"]), int(found["day"])
    # The American order, where it is the only possible one
    if month > 12 >= number and found.start("year") > found.start("month"):
        month, number = number, month
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2000 if year < 70 else 1900
    day = datetime(year, month, number, tzinfo=_zone(found["zone"], zone))
    return day + timedelta(
        hours=_hour(found), minutes=int(found["minute"] or 0), seconds=int(found["second"] or 0)
    )


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"] or 0)
    if hour > 24 or int(found["minute"] or 0) > 59:
        raise ValueError("no such time of day")
    if not found["half"]:
        return hour
    return hour % 12 + (12 if found["half"].startswith("p") else 0)


# A feed has few zones
@lru_cache(maxsize=1024)
def _zone(name: str | None, default: tzinfo) -> tzinfo:
    if not name:
        return default
    if name[0] in "+-":
        digits = name[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(offset if name[0] == "+" else -offset)
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else default
