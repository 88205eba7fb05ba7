"""Outlets and their feeds: the catalogue as declared, and how each poll went."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import FeedForPoll, FeedKind, FeedPolled, Outlet, OutletStatus, StoredOutlet
from monitor.storage.tables import ArticleRow, FeedRow, OutletRow

#: of an outlet's feeds the best status counts: one good way in is enough
_BEST_FIRST = [OutletStatus.OK, OutletStatus.EMPTY, OutletStatus.SILENT]
_WORST = [OutletStatus.BLOCKED, OutletStatus.BROKEN, OutletStatus.SUSPENDED]


def sync_outlets(session: Session, outlets: Iterable[Outlet]) -> None:
    """Make the store agree with the catalogue; outlets and feeds that left it are switched off."""
    catalogue = list(outlets)
    for outlet in catalogue:
        _put_outlet(session, outlet)
        for feed in outlet.feeds:
            _put_feed(session, outlet, feed.url, feed.kind, feed.section)
    addresses = [feed.url for outlet in catalogue if outlet.enabled for feed in outlet.feeds]
    session.execute(update(FeedRow).where(FeedRow.url.not_in(addresses)).values(active=False))
    known = [outlet.id for outlet in catalogue]
    session.execute(update(OutletRow).where(OutletRow.id.not_in(known)).values(enabled=False))


def _put_outlet(session: Session, outlet: Outlet) -> None:
    declared = {
        "name": outlet.name,
        "language": outlet.language,
        "country": outlet.country,
        "kind": outlet.kind.value,
        "homepage": outlet.homepage,
        "owner_note": outlet.owner_note,
        "enabled": outlet.enabled,
    }
    statement = insert(OutletRow).values(id=outlet.id, **declared)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=declared))


def _put_feed(session: Session, outlet: Outlet, url: str, kind: FeedKind, section: str) -> None:
    declared = {"outlet_id": outlet.id, "kind": kind.value, "section": section, "active": outlet.enabled}
    statement = insert(FeedRow).values(url=url, **declared)
    session.execute(statement.on_conflict_do_update(index_elements=["url"], set_=declared))


def feeds_due(session: Session, now: datetime, *, everything: bool = False) -> list[FeedForPoll]:
    """The active feeds whose time has come (or all active ones), longest waiting first."""
    query = select(FeedRow).where(FeedRow.active)
    if not everything:
        query = query.where(or_(FeedRow.next_due.is_(None), FeedRow.next_due <= now))
    rows = session.scalars(query.order_by(FeedRow.next_due.nulls_first(), FeedRow.id))
    return [_feed(row) for row in rows]


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
    )


def record_poll(session: Session, feed: FeedForPoll, polled: FeedPolled, now: datetime) -> None:
    """Keep the outcome of one poll, on the feed and on its outlet."""
    row = session.get_one(FeedRow, feed.id)
    if row.status != polled.status:
        row.status, row.status_since = polled.status.value, now
    row.reason, row.failures, row.interval_s = polled.reason, polled.failures, polled.interval_s
    row.etag, row.last_modified, row.body_hash = polled.etag, polled.last_modified, polled.body_hash
    row.entries, row.problems = polled.entries, list(polled.problems)
    row.polled_at, row.next_due = now, polled.next_due
    if polled.failures == 0:
        row.succeeded_at = now
    if polled.changed:
        row.changed_at = now
    session.flush()
    _refresh_outlet(session, feed.outlet_id, now)


def _refresh_outlet(session: Session, outlet_id: str, now: datetime) -> None:
    outlet = session.get_one(OutletRow, outlet_id, with_for_update=True)
    feeds = session.scalars(
        select(FeedRow).where(FeedRow.outlet_id == outlet_id, FeedRow.active, FeedRow.status != "")
    ).all()
    status, reason = _outlet_status(feeds)
    if outlet.status != status:
        outlet.status, outlet.status_since = status, now
    outlet.reason = reason


def _outlet_status(feeds: Sequence[FeedRow]) -> tuple[str, str]:
    by_status = {OutletStatus(feed.status): feed.reason for feed in feeds}
    for status in [*_BEST_FIRST, *_WORST]:
        if status in by_status:
            return status.value, by_status[status]
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
        )
        for row in session.scalars(select(OutletRow).order_by(OutletRow.id))
    ]
