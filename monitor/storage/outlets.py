"""Outlets and their feeds: the catalogue as declared, and how each poll went."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, all_, case, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import FeedForPoll, FeedKind, FeedPolled, FeedSource, Outlet, OutletStatus, StoredOutlet
from monitor.storage.tables import ArticleRow, FeedRow, OutletRow, StatusChangeRow

#: of an outlet's feeds the best status counts: one good way in is enough
_BEST_FIRST = [OutletStatus.OK, OutletStatus.EMPTY, OutletStatus.SILENT]
_ANSWERS = frozenset({OutletStatus.OK.value, OutletStatus.EMPTY.value})
_WORST = [OutletStatus.BLOCKED, OutletStatus.BROKEN, OutletStatus.SUSPENDED]


def sync_outlets(session: Session, outlets: Iterable[Outlet]) -> None:
    """Make the store agree with the catalogue; outlets and feeds that left it are switched off."""
    catalogue = list(outlets)
    if catalogue:
        _put(session, OutletRow, "id", [_outlet_values(outlet) for outlet in catalogue])
    feeds = {feed.url: _feed_values(outlet, feed) for outlet in catalogue for feed in outlet.feeds}
    if feeds:
        _put(session, FeedRow, "url", list(feeds.values()))
    addresses = [feed.url for outlet in catalogue if outlet.enabled for feed in outlet.feeds]
    left = update(FeedRow).where(FeedRow.url != all_(cast(addresses, ARRAY(Text))), FeedRow.active)
    session.execute(left.values(active=False))
    known = [outlet.id for outlet in catalogue]
    gone = update(OutletRow).where(OutletRow.id != all_(cast(known, ARRAY(Text))), OutletRow.enabled)
    session.execute(gone.values(enabled=False))


def _put(session: Session, row: type[OutletRow | FeedRow], key: str, values: list[dict[str, Any]]) -> None:
    """Insert rows, or declare those that are there anew, in one statement."""
    statement = insert(row).values(values)
    declared = {name: statement.excluded[name] for name in values[0] if name != key}
    session.execute(statement.on_conflict_do_update(index_elements=[key], set_=declared))


def _outlet_values(outlet: Outlet) -> dict[str, Any]:
    return {
        "id": outlet.id,
        "name": outlet.name,
        "language": outlet.language,
        "country": outlet.country,
        "kind": outlet.kind.value,
        "homepage": outlet.homepage,
        "owner_note": outlet.owner_note,
        "enabled": outlet.enabled,
    }


def _feed_values(outlet: Outlet, feed: FeedSource) -> dict[str, Any]:
    return {
        "url": feed.url,
        "outlet_id": outlet.id,
        "kind": feed.kind.value,
        "section": feed.section,
        "active": outlet.enabled,
    }


def feeds_due(session: Session, now: datetime, *, everything: bool = False) -> list[FeedForPoll]:
    """The active feeds whose time has come (or all active ones), longest waiting first."""
    due = or_(FeedRow.next_due.is_(None), FeedRow.next_due <= now)
    # A suspended feed keeps to its daily try whatever is asked for.
    well = FeedRow.status != OutletStatus.SUSPENDED.value
    query = select(FeedRow).where(FeedRow.active, or_(due, well) if everything else due)
    rows = session.scalars(query.order_by(FeedRow.next_due.nulls_first(), FeedRow.id))
    return [_feed(row) for row in rows]


def feed_due(session: Session, feed_id: int, now: datetime) -> FeedForPoll | None:
    """One feed, None where it is not due (any more)."""
    row = session.get(FeedRow, feed_id)
    due = row and row.active and (row.next_due is None or row.next_due <= now)
    return _feed(row) if row and due else None


def _feed(row: FeedRow) -> FeedForPoll:
    return FeedForPoll(
        id=row.id,
        outlet_id=row.outlet_id,
        url=row.url,
        kind=FeedKind(row.kind),
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        failures=row.failures,
        interval_s=row.interval_s,
        entries=row.entries,
        problems=tuple(row.problems),
        gap_s=row.gap_s,
        changed_at=row.changed_at,
        moved_to=row.moved_to,
        status=row.status,
        reason=row.reason,
    )


def record_poll(session: Session, feed: FeedForPoll, polled: FeedPolled, now: datetime) -> None:
    """Keep the outcome of one poll, on the feed and on its outlet."""
    values: dict[str, Any] = {
        "status": polled.status.value,
        "status_since": case((FeedRow.status == polled.status.value, FeedRow.status_since), else_=now),
        "reason": polled.reason,
        "failures": polled.failures,
        "interval_s": polled.interval_s,
        "gap_s": polled.gap_s,
        "etag": polled.etag,
        "last_modified": polled.last_modified,
        "body_hash": polled.body_hash,
        "entries": polled.entries,
        "problems": list(polled.problems),
        "polled_at": now,
        "next_due": polled.next_due,
        "moved_to": polled.moved_to,
        "moved_since": case((FeedRow.moved_to == polled.moved_to, FeedRow.moved_since), else_=now),
    }
    values |= {"succeeded_at": now} if polled.failures == 0 else {}
    values |= {"changed_at": now} if polled.changed else {}
    session.execute(update(FeedRow).where(FeedRow.id == feed.id).values(values))
    stayed = (feed.status, feed.reason) == (polled.status.value, polled.reason)
    if not stayed or (polled.changed and _is_silent(session, feed.outlet_id)):
        _refresh_outlet(session, feed.outlet_id, polled.changed, now)


def _is_silent(session: Session, outlet_id: str) -> bool:
    status = session.scalar(select(OutletRow.status).where(OutletRow.id == outlet_id))
    return status == OutletStatus.SILENT.value


def _refresh_outlet(session: Session, outlet_id: str, changed: bool, now: datetime) -> None:
    # Weaker than FOR UPDATE: new articles refer to this row, and two feeds may store some at once.
    outlet = session.get_one(OutletRow, outlet_id, with_for_update={"key_share": True})
    feeds = session.execute(
        select(FeedRow.status, FeedRow.reason).where(
            FeedRow.outlet_id == outlet_id, FeedRow.active, FeedRow.status != ""
        )
    )
    status, reason = _outlet_status([(feed.status, feed.reason) for feed in feeds])
    if outlet.status == OutletStatus.SILENT.value and status in _ANSWERS and not changed:
        return  # it answers, but still says nothing new
    put_status(session, outlet, status, reason, now)


def put_status(session: Session, outlet: OutletRow, status: str, reason: str, now: datetime) -> None:
    """Set an outlet's status; a change goes into its history."""
    if outlet.status != status:
        if outlet.status:
            change = StatusChangeRow(
                outlet_id=outlet.id, at=now, before=outlet.status, after=status, reason=reason
            )
            session.add(change)
        outlet.status, outlet.status_since = status, now
    outlet.reason = reason


def _outlet_status(feeds: Sequence[tuple[str, str]]) -> tuple[str, str]:
    by_status = dict(feeds)
    for status in [*_BEST_FIRST, *_WORST]:
        if status.value in by_status:
            return status.value, by_status[status.value]
    return "", ""


def list_outlets(session: Session) -> list[StoredOutlet]:
    """Every outlet of the catalogue with the outcome of its last collection, by id."""
    counted = session.execute(select(ArticleRow.outlet_id, func.count()).group_by(ArticleRow.outlet_id))
    articles = dict(counted.all())
    feeds: dict[str, list[FeedRow]] = {}
    for feed in session.scalars(select(FeedRow).where(FeedRow.active).order_by(FeedRow.id)):
        feeds.setdefault(feed.outlet_id, []).append(feed)
    return [
        StoredOutlet(
            id=row.id,
            name=row.name,
            status=row.status,
            since=row.status_since,
            reason=row.reason,
            entries=sum(feed.entries for feed in feeds.get(row.id, [])),
            articles=articles.get(row.id, 0),
            problems=tuple(problem for feed in feeds.get(row.id, []) for problem in feed.problems),
            enabled=row.enabled,
            alarm=row.alarm,
            alarm_since=row.alarm_since,
        )
        for row in session.scalars(select(OutletRow).order_by(OutletRow.id))
    ]
