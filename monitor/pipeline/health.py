"""How the collection of every outlet goes, as plain values for tables and for ``--json``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.model import Outlet, OutletStatus, StatusChange, StoredFeed, StoredOutlet
from monitor.pipeline.volume import WINDOW, usual
from monitor.storage.health import list_feeds, status_changes, volumes
from monitor.storage.outlets import list_outlets
from monitor.storage.session import Database

#: how far back changes of a status are told
RECENT = timedelta(days=14)
_WELL = {OutletStatus.OK.value, OutletStatus.EMPTY.value}


@dataclass(frozen=True, slots=True)
class Recovery:
    """An outlet that was out of order in some time and is well now."""

    outlet: StoredOutlet
    #: the first and the newest change of that time by which it left a state that is not well
    first: StatusChange
    mended: StatusChange
    #: it was out of order already when that time began; else the breakdown came and went within it
    from_the_start: bool


def health(database: Database, now: datetime, outlet_id: str = "") -> list[dict[str, Any]]:
    """One object an outlet: status with since and why, its ways in, what changed, what is usual."""
    with database.session() as session:
        outlets = [outlet for outlet in list_outlets(session) if outlet.id == (outlet_id or outlet.id)]
        feeds = list_feeds(session, outlet_id)
        changes = status_changes(session, now - RECENT, outlet_id)
        days = volumes(session, now, WINDOW)
    return [
        _object(
            outlet,
            [feed for feed in feeds if feed.outlet_id == outlet.id],
            [change for change in changes if change.outlet_id == outlet.id],
            days.get(outlet.id, {}),
            now.date(),
        )
        for outlet in outlets
    ]


def _object(
    outlet: StoredOutlet,
    feeds: Sequence[StoredFeed],
    changes: Sequence[StatusChange],
    days: dict[date, int],
    today: date,
) -> dict[str, Any]:
    expected = usual(days, today)
    return {
        "id": outlet.id,
        "name": outlet.name,
        "enabled": outlet.enabled,
        "status": outlet.status,
        "since": outlet.since,
        "reason": outlet.reason,
        "alarm": outlet.alarm,
        "alarm_since": outlet.alarm_since,
        "articles": outlet.articles,
        "today": days.get(today, 0),
        "usual": [expected.low, expected.high] if expected else None,
        "faults": _faults(feeds),
        "feeds": [asdict(feed) for feed in feeds],
        "changes": [{"at": change.at, "told": told(change)} | asdict(change) for change in changes],
    }


def recoveries(outlets: Sequence[StoredOutlet], changes: Sequence[StatusChange]) -> Iterator[Recovery]:
    """Outlets that are well and were out of order at some moment of the time the changes are of.

    An outlet that lists something again after nothing was well all along.

    :param changes: every change of that time, newest first.
    """
    for outlet in outlets:
        own = [change for change in changes if change.outlet_id == outlet.id]
        left = [change for change in own if change.before and change.before not in _WELL]
        if left and outlet.status in _WELL:
            yield Recovery(outlet, left[-1], left[0], from_the_start=left[-1] is own[-1])


def _faults(feeds: Sequence[StoredFeed]) -> list[str]:
    """The ways in of several that are not well; the fault of a single one is the outlet's own."""
    faulty = [feed for feed in feeds if feed.status not in {"", OutletStatus.OK.value}]
    return [
        f"{feed.url} {feed.status} since {feed.since:%Y-%m-%d %H:%M} UTC: {feed.reason}"
        for feed in faulty
        if feed.since and len(feeds) > 1
    ]


def told(change: StatusChange) -> str:
    """A change of status in words: what is broken now, or that it is fixed again."""
    if change.after in _WELL and change.before not in _WELL:
        return f"{change.after} again, was {change.before}"
    return f"{change.after}, was {change.before}" + (f": {change.reason}" if change.reason else "")


def moves(database: Database, catalogue: Iterable[Outlet]) -> list[StoredFeed]:
    """The ways in that have moved for good and still stand in the catalogue with their old addresses."""
    with database.session() as session:
        feeds = list_feeds(session)
    listed = {(outlet.id, source.url) for outlet in catalogue for source in outlet.feeds}
    known = {feed.url for feed in feeds} | {url for _, url in listed}
    moved = [feed for feed in feeds if feed.moved_to and feed.moved_to not in known]
    return [feed for feed in moved if (feed.outlet_id, feed.url) in listed]
