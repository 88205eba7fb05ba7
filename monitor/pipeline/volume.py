"""How much an outlet usually gives, by weekday, and whether it now gives unusually little or much. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from statistics import mean, median

#: days from which is learned
WINDOW = 56
#: fewest days of the same weekday, and of any, from which anything is concluded
WEEKDAYS, DAYS = 3, 7
#: shortest silence that is told
SHORTEST_SILENCE = timedelta(hours=24)
#: articles that should have come: with so many, none at all is chance once in 150 times (Poisson)
MISSED = 5.0
#: how far outside is an alarm, in deviations; fewer articles than this are never too many
DEVIATIONS, FEW = 3.0, 10


@dataclass(frozen=True, slots=True)
class Usual:
    """Articles a day that are nothing special, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence each, "" for nothing to tell."""

    silence: str = ""
    alarm: str = ""


def judge(days: Mapping[date, int], last_new: datetime | None, now: datetime) -> Verdict:
    """Whether an outlet is silent, and whether yesterday (UTC) was outside what is usual for its weekday.

    :param days: day → new articles, for the days on which the outlet answered; others are no evidence.
    :param last_new: when something new was last found.
    """
    # The first day holds whatever the feeds had at hand, and today is not over.
    known = dict(sorted(days.items())[-WINDOW:])
    learned = {day: known[day] for day in list(known)[1:] if day < now.date()}
    if len(learned) < DAYS:
        return Verdict()
    return Verdict(_silence(learned, last_new, now), _alarm(learned, now.date() - timedelta(days=1)))


def usual(days: Mapping[date, int], day: date) -> Usual | None:
    """What other days let expect of one, None where too little is known.

    Median and median absolute deviation of the same weekday, never narrower than chance alone (Poisson).
    """
    others = {other: count for other, count in days.items() if other != day}
    counts = [count for other, count in others.items() if other.weekday() == day.weekday()]
    counts = counts if len(counts) >= WEEKDAYS else list(others.values())
    if len(counts) < WEEKDAYS:
        return None
    middle = median(counts)
    deviation = 1.4826 * median(abs(count - middle) for count in counts)
    reach = DEVIATIONS * max(deviation, sqrt(middle))
    return Usual(max(0, round(middle - reach)), round(middle + reach))


def _alarm(days: Mapping[date, int], day: date) -> str:
    expected = usual(days, day) if day in days else None
    if expected is None or expected.low <= days[day] <= max(expected.high, FEW):
        return ""
    much = "few" if days[day] < expected.low else "many"
    return (
        f"unusually {much}: {days[day]} articles on {day:%A %Y-%m-%d}, "
        f"{expected.low} to {expected.high} are usual"
    )


def _expected(days: Mapping[date, int], day: date) -> float:
    """Articles to be expected on a day: as on its weekday, where enough of them are known."""
    same = [count for other, count in days.items() if other.weekday() == day.weekday()]
    counts = same if len(same) >= WEEKDAYS else list(days.values())
    return mean(counts) if counts else 0.0


def _silence(days: Mapping[date, int], last_new: datetime | None, now: datetime) -> str:
    if last_new is None or now - last_new < SHORTEST_SILENCE:
        return ""
    before = {day: count for day, count in days.items() if day <= last_new.date()}
    watched = [day for day in days if day > last_new.date()]
    missed = sum(_expected(before, day) for day in watched)
    missed += _expected(before, now.date()) * now.hour / 24
    if missed < MISSED:
        return ""
    return f"nothing new since {last_new:%Y-%m-%d %H:%M} UTC, about {missed:.0f} articles would be usual"
