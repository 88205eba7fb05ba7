"""``config/digests.yaml``: who reads what, in which language, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from monitor.config.complaints import nearest
from monitor.config.digests_schema import DIGESTS_SCHEMA, WEEKDAYS
from monitor.config.documents import Document, load_document, raise_errors
from monitor.config.outlets import unknown_zone
from monitor.config.watchlist import Priority, Watchlist
from monitor.errors import ConfigError, DeliveryError, QueryError
from monitor.steps.mail.message import address
from monitor.steps.match.inspect import QueryChecker

#: days looked back for the latest moment of a schedule; one weekday in the week is the rarest
LOOK_BACK = 8


@dataclass(frozen=True, slots=True)
class Schedule:
    """Local times on some weekdays, where the reader lives."""

    at: tuple[time, ...]
    #: IANA zone
    timezone: str = "UTC"
    #: 0 is Monday
    weekdays: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Subscription:
    """One digest to some people."""

    name: str
    schedule: Schedule
    title: str = ""
    #: none: the digest is only written to a file
    recipients: tuple[str, ...] = ()
    #: ids of topics; with ``priorities`` whichever applies; neither: all
    topics: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    #: articles must meet it too, "" for no condition
    query: str = ""
    #: ids of outlets, none: all
    outlets: tuple[str, ...] = ()
    #: of the frame
    language: Literal["en", "es", "pt"] = "en"
    #: what to do when there is nothing: say so, or send nothing
    empty: Literal["send", "skip"] = "send"
    #: most alerts shown
    limit: int = 200
    #: most kilobytes (1,000 bytes) of HTML; Gmail hides what is beyond 102
    size: int = 96
    enabled: bool = True

    def wants(self, topic: str, priority: str, outlet: str) -> bool:
        """Whether an alert of this topic, priority and outlet belongs here; the query is not asked."""
        everything = not (self.topics or self.priorities)
        chosen = everything or topic in self.topics or priority in self.priorities
        return chosen and self.hears(outlet)

    def hears(self, outlet: str) -> bool:
        """Whether articles of this outlet belong here."""
        return not self.outlets or outlet in self.outlets


@dataclass(frozen=True, slots=True)
class Known:
    """What subscriptions may name; None where it is not known, and then not checked."""

    watchlist: Watchlist | None = None
    #: ids
    outlets: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What one digest covers: aware, UTC, half open."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Fault:
    message: str
    keys: tuple[str | int, ...] = field(default=())


def load_digests(path: Path, known: Known | None = None) -> tuple[Subscription, ...]:
    """Every subscription in the file's order, disabled ones included.

    :raises ConfigError: naming file, line and column and what to write instead; its ``errors`` lists all.
    """
    document = load_document(path, DIGESTS_SCHEMA)
    raise_errors(_errors(document, known or Known()))
    return tuple(_subscription(entry) for entry in document.data["digests"])


def due_periods(
    subscription: Subscription, last_period_end: datetime | None, now: datetime
) -> tuple[Period, ...]:
    """What has to be told now: nothing, or one period up to the latest moment of the schedule.

    Missed moments (the machine was off) are caught up in one digest that begins where the last one ended, so
    nothing is lost and nobody gets a week of mails at once. A first digest covers the time since the moment
    before. A local time that the clocks skip counts an hour later, one that comes twice counts once.
    """
    moments = [moment for moment in _moments(subscription.schedule, now) if moment <= now]
    end = moments[-1]
    start = moments[-2] if last_period_end is None else last_period_end.astimezone(UTC)
    return (Period(start, end),) if start < end else ()


def next_moment(subscription: Subscription, now: datetime) -> datetime:
    """When the next digest is due, UTC."""
    return next(moment for moment in _moments(subscription.schedule, now) if moment > now)


def _moments(schedule: Schedule, now: datetime) -> list[datetime]:
    """The schedule's moments around now, in order, UTC; at least two before it and one after."""
    zone = ZoneInfo(schedule.timezone)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=offset) for offset in range(-2 * LOOK_BACK, LOOK_BACK + 1))
    wanted = [day for day in days if day.weekday() in schedule.weekdays]
    return sorted({_instant(day, at, zone) for day in wanted for at in schedule.at})


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time in UTC: the first of two (fold 0), a skipped one by the clock before the change."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _subscription(entry: Mapping[str, Any]) -> Subscription:
    values: dict[str, Any] = {
        key: tuple(entry.get(key) or ()) for key in ("recipients", "topics", "priorities", "outlets")
    }
    values |= {
        key: entry[key] for key in ("query", "language", "empty", "limit", "size", "enabled") if key in entry
    }
    title = entry.get("title") or entry["name"].replace("-", " ").capitalize()
    return Subscription(name=entry["name"], title=title, schedule=_schedule(entry["schedule"]), **values)


def _schedule(entry: Mapping[str, Any]) -> Schedule:
    days = entry.get("weekdays") or WEEKDAYS
    return Schedule(
        at=tuple(sorted(time.fromisoformat(text) for text in _times(entry))),
        timezone=entry.get("timezone", "UTC"),
        weekdays=frozenset(WEEKDAYS.index(day) for day in days),
    )


def _times(entry: Mapping[str, Any]) -> list[str]:
    return [entry["at"]] if isinstance(entry["at"], str) else list(entry["at"])


def _errors(document: Document, known: Known) -> Iterator[ConfigError]:
    for number, entry in enumerate(document.data["digests"]):
        faults = [*_address_faults(entry), *_zone_faults(entry), *_name_faults(entry, known)]
        for fault in faults:
            yield document.error(fault.message, "digests", number, *fault.keys)
        yield from _query_errors(document, number, entry, known)


def _address_faults(entry: Mapping[str, Any]) -> Iterator[_Fault]:
    for place, recipient in enumerate(entry.get("recipients") or ()):
        try:
            address(recipient)
        except DeliveryError as error:
            yield _Fault(str(error), ("recipients", place))


def _zone_faults(entry: Mapping[str, Any]) -> Iterator[_Fault]:
    message = unknown_zone(entry["schedule"].get("timezone", "UTC"))
    if message:
        yield _Fault(message, ("schedule", "timezone"))


def _name_faults(entry: Mapping[str, Any], known: Known) -> Iterator[_Fault]:
    topics = None if known.watchlist is None else [topic.id for topic in known.watchlist.topics]
    outlets = None if known.outlets is None else sorted(known.outlets)
    for key, word, names in (("topics", "topic", topics), ("outlets", "outlet", outlets)):
        for place, name in enumerate(entry.get(key) or ()):
            if names is not None and name not in names:
                yield _Fault(f"there is no {word} {name!r}{nearest(name, names)}", (key, place))


def _query_errors(
    document: Document, number: int, entry: Mapping[str, Any], known: Known
) -> Iterator[ConfigError]:
    if "query" in entry and known.watchlist is not None:
        try:
            QueryChecker(known.watchlist.lists).check(entry["query"], needs_term=False)
        except QueryError as error:
            place = document.place_in(error.position, "digests", number, "query")
            yield ConfigError(error.message, document.path, *place)
