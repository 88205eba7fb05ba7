"""Dates in the form that an outlet's ``date_format`` states, where what the generic rules read is wrong.

03/04/2026 is the fourth of March only for outlets that write the month first; no page says so of itself.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from monitor.errors import InputError
from monitor.steps.extract.moments import zone_named

_CODES = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "p": r"(?P<p>[ap])\.?\s?m\.?",
}


def formatted_moment(texts: Iterable[str], form: str, zone: str) -> datetime | None:
    """The first moment that one of these texts gives in this form, in the outlet's zone; None without one.

    :param form: as ``strptime`` writes it, of the numbers ``%d %m %Y %y %H %I %M`` and ``%p``: ``%m/%d/%Y``
    :raises InputError: when the form cannot be read.
    """
    pattern = date_pattern(form)
    moments = (_moment(found, zone) for text in texts if (found := pattern.search(text)))
    return next((moment for moment in moments if moment), None)


@lru_cache(maxsize=512)
def date_pattern(form: str) -> re.Pattern[str]:
    """What finds a date of this form in a line.

    :raises InputError: when the form cannot be read, or lacks day, month or year.
    """
    literal, *coded = form.split("%")
    codes = [part[:1] for part in coded]
    if not set(codes) <= _CODES.keys() or not {"d", "m"} <= set(codes) or len({"Y", "y"} & set(codes)) != 1:
        raise InputError(f"cannot read the date format {form!r}; write it like %m/%d/%Y or %d.%m.%y %H:%M")
    try:
        parts = "".join(_CODES[part[0]] + _spaced(part[1:]) for part in coded)
        return re.compile(rf"(?<!\d){_spaced(literal)}{parts}(?!\d)", re.IGNORECASE)
    except re.error as error:
        raise InputError(f"the date format {form!r} names a number twice") from error


def _spaced(text: str) -> str:
    return r"\s*".join(map(re.escape, re.split(r"\s+", text)))


def _moment(found: re.Match[str], zone: str) -> datetime | None:
    said = {name: value for name, value in found.groupdict().items() if value}
    year = int(said.get("Y") or f"20{said['y']}")
    hour = int(said.get("H", 0))
    if half := said.get("p", "").lower():
        hour = hour % 12 + 12 * (half == "p")
    try:
        day = datetime(year, int(said["m"]), int(said["d"]), hour, int(said.get("M", 0)))
    except ValueError:
        return None
    return day.replace(tzinfo=zone_named(zone))
