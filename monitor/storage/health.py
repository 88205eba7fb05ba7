"""How collection goes: ways in, volumes by day, silence, and the history of every status."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import FeedKind, OutletStatus, StatusChange, StoredFeed
from monitor.storage.outlets import put_status
from monitor.storage.tables import FeedRow, OutletDayRow, OutletRow, StatusChangeRow

_ANSWERS = (OutletStatus.OK.value, OutletStatus.EMPTY.value, OutletStatus.SILENT.value)


def list_feeds(session: Session, outlet_id: str = "") -> list[StoredFeed]:
    """The ways in that are in use, of one outlet or of all, by outlet."""
    query = select(FeedRow).where(FeedRow.active)
    if outlet_id:
        query = query.where(FeedRow.outlet_id == outlet_id)
    return [_feed(row) for row in session.scalars(query.order_by(FeedRow.outlet_id, FeedRow.id))]


def _feed(row: FeedRow) -> StoredFeed:
    return StoredFeed(
        id=row.id,
        outlet_id=row.outlet_id,
        url=row.url,
        kind=FeedKind(row.kind),
        status=row.status,
        since=row.status_since,
        reason=row.reason,
        entries=row.entries,
        failures=row.failures,
        interval_s=row.interval_s,
        polled_at=row.polled_at,
        next_due=row.next_due,
        changed_at=row.changed_at,
        problems=tuple(row.problems),
        moved_to=row.moved_to,
        moved_since=row.moved_since,
    )


def status_changes(session: Session, since: datetime, outlet_id: str = "") -> list[StatusChange]:
    """What became better or worse since a moment, newest first."""
    query = select(StatusChangeRow).where(StatusChangeRow.at >= since)
    if outlet_id:
        query = query.where(StatusChangeRow.outlet_id == outlet_id)
    rows = session.scalars(query.order_by(StatusChangeRow.at.desc(), StatusChangeRow.id.desc()))
    return [_change(row) for row in rows]


def _change(row: StatusChangeRow) -> StatusChange:
    return StatusChange(row.outlet_id, row.at, row.before, row.after, row.reason)


def mark_watched(session: Session, now: datetime) -> None:
    """Note for every outlet that answers that this day was watched, even if it gives nothing."""
    answering = select(OutletRow.id, literal(now.date()), literal(0)).where(
        OutletRow.enabled, OutletRow.status.in_(_ANSWERS)
    )
    columns = ["outlet_id", "day", "articles"]
    session.execute(insert(OutletDayRow).from_select(columns, answering).on_conflict_do_nothing())


def volumes(session: Session, now: datetime, days: int) -> dict[str, dict[date, int]]:
    """Outlet → day → new articles, for the days on which it answered."""
    found: dict[str, dict[date, int]] = {}
    since = now.date() - timedelta(days=days)
    columns = select(OutletDayRow.outlet_id, OutletDayRow.day, OutletDayRow.articles)
    for outlet, day, articles in session.execute(columns.where(OutletDayRow.day >= since)):
        found.setdefault(outlet, {})[day] = articles
    return found


def last_news(session: Session) -> dict[str, tuple[datetime | None, str]]:
    """Enabled outlet that answers → when its feeds last listed something new, and the alarm on it."""
    rows = session.execute(
        select(OutletRow.id, func.max(FeedRow.changed_at), OutletRow.alarm)
        .join(FeedRow, FeedRow.outlet_id == OutletRow.id)
        .where(OutletRow.enabled, OutletRow.status.in_(_ANSWERS))
        .group_by(OutletRow.id)
    )
    return {outlet_id: (newest, alarm) for outlet_id, newest, alarm in rows}


def put_verdict(session: Session, outlet_id: str, silence: str, alarm: str, now: datetime) -> None:
    """Keep what was concluded from an outlet's volume; "" for nothing."""
    outlet = session.get_one(OutletRow, outlet_id, with_for_update={"key_share": True})
    if silence:
        put_status(session, outlet, OutletStatus.SILENT.value, silence, now)
    if bool(alarm) != bool(outlet.alarm):
        outlet.alarm_since = now if alarm else None
    outlet.alarm = alarm
