"""Outlets and their feeds: the catalogue as declared, and how each poll went."""

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    DateTime,
    Row,
    Table,
    Text,
    Update,
    all_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import FeedForPoll, FeedKind, FeedPolled, FeedSource, Outlet, OutletStatus, StoredOutlet
from monitor.storage.bulk import among, given, rows_of, those
from monitor.storage.tables import ArticleRow, FeedRow, OutletRow, StatusChangeRow

_OUTLETS, _FEEDS = (FeedRow.metadata.tables[name] for name in ("outlets", "feeds"))
#: columns of a feed that are kept as its poll gave them
_AS_POLLED = (
    "reason",
    "failures",
    "interval_s",
    "gap_s",
    "etag",
    "last_modified",
    "body_hash",
    "entries",
    "next_due",
)
#: all that a poll gives
_POLLED = (*_AS_POLLED, "id", "status", "problems", "moved_to", "succeeded_at", "changed_at")
#: of an outlet's feeds the best status counts: one good way in is enough
_BEST_FIRST = [OutletStatus.OK, OutletStatus.EMPTY, OutletStatus.SILENT]
_ANSWERS = frozenset({OutletStatus.OK.value, OutletStatus.EMPTY.value})
_WORST = [OutletStatus.BLOCKED, OutletStatus.BROKEN, OutletStatus.SUSPENDED]


def sync_outlets(session: Session, outlets: Iterable[Outlet]) -> None:
    """Make the store agree with the catalogue; outlets and feeds that left it are switched off."""
    catalogue = list(outlets)
    if catalogue:
        _put(session, _OUTLETS, "id", [_outlet_values(outlet) for outlet in catalogue])
    feeds = {feed.url: _feed_values(outlet, feed) for outlet in catalogue for feed in outlet.feeds}
    if feeds:
        _put(session, _FEEDS, "url", list(feeds.values()))
    addresses = [feed.url for outlet in catalogue if outlet.enabled for feed in outlet.feeds]
    left = update(FeedRow).where(FeedRow.url != all_(cast(addresses, ARRAY(Text))), FeedRow.active)
    session.execute(left.values(active=False))
    known = [outlet.id for outlet in catalogue]
    gone = update(OutletRow).where(OutletRow.id != all_(cast(known, ARRAY(Text))), OutletRow.enabled)
    session.execute(gone.values(enabled=False))


def _put(session: Session, table: Table, key: str, values: list[dict[str, Any]]) -> None:
    """Insert rows, or declare those that are there anew, in one statement."""
    columns = list(values[0])
    statement = insert(table).from_select(columns, rows_of(table, columns))
    declared = {name: statement.excluded[name] for name in columns if name != key}
    session.execute(statement.on_conflict_do_update(index_elements=[key], set_=declared), given(values))


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
    # Plain rows: as objects of a session thousands of them take several times the room
    query = select(_FEEDS).where(FeedRow.active, or_(due, well) if everything else due)
    rows = session.execute(query.order_by(FeedRow.next_due.nulls_first(), FeedRow.id))
    return [_feed(row) for row in rows]


def feed_due(session: Session, feed_id: int, now: datetime) -> FeedForPoll | None:
    """One feed, None where it is not due (any more)."""
    row = session.get(FeedRow, feed_id)
    due = row and row.active and (row.next_due is None or row.next_due <= now)
    return _feed(row) if row and due else None


def _feed(row: FeedRow | Row[Any]) -> FeedForPoll:
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


def record_polls(session: Session, polls: Iterable[tuple[FeedForPoll, FeedPolled]], now: datetime) -> None:
    """Keep the outcomes of polls, on the feeds and on their outlets."""
    # In the order of feeds and outlets, so that two that record at once cannot deadlock.
    in_order = sorted(polls, key=lambda poll: poll[0].id)
    values = [_poll_values(feed, polled, now) for feed, polled in in_order]
    session.execute(_recording(), given(values, now=now))
    changed = {feed.outlet_id for feed, polled in in_order if polled.changed}
    moved = {
        feed.outlet_id
        for feed, polled in in_order
        if (feed.status, feed.reason) != (polled.status.value, polled.reason)
    }
    spoke = _silent(session, changed - moved)
    _refresh_outlets(session, sorted(moved | spoke), changed, now)


@cache
def _recording() -> Update:
    """The outcomes of any number of polls, on their feeds."""
    polled, locked = rows_of(_FEEDS, _POLLED).subquery(), _FEEDS.alias()
    # Locked in one order, whichever way the server then joins them
    in_order = select(polled).join(locked, locked.c.id == polled.c.id).order_by(locked.c.id)
    new = in_order.with_for_update(key_share=True, of=locked).subquery().c
    feed, now = _FEEDS.c, bindparam("now", type_=DateTime(timezone=True))
    values: dict[str, Any] = {name: new[name] for name in (*_AS_POLLED, "status", "problems", "moved_to")}
    values |= {
        "status_since": case((feed.status == new.status, feed.status_since), else_=now),
        "moved_since": case((feed.moved_to == new.moved_to, feed.moved_since), else_=now),
        "polled_at": now,
        "succeeded_at": func.coalesce(new.succeeded_at, feed.succeeded_at),
        "changed_at": func.coalesce(new.changed_at, feed.changed_at),
    }
    return update(_FEEDS).where(feed.id == new.id).values(values)


def _poll_values(feed: FeedForPoll, polled: FeedPolled, now: datetime) -> dict[str, Any]:
    """What one poll gave, by column; None leaves a moment as it was."""
    return {name: getattr(polled, name) for name in _AS_POLLED} | {
        "id": feed.id,
        "status": polled.status.value,
        "problems": list(polled.problems),
        "moved_to": polled.moved_to,
        "succeeded_at": now if polled.failures == 0 else None,
        "changed_at": now if polled.changed else None,
    }


def _silent(session: Session, outlets: Collection[str]) -> set[str]:
    """Those of these outlets that are silent."""
    if not outlets:
        return set()
    silent = select(OutletRow.id).where(among(_OUTLETS.c.id), OutletRow.status == OutletStatus.SILENT.value)
    return set(session.scalars(silent, those(outlets)))


def _refresh_outlets(
    session: Session, outlet_ids: Sequence[str], changed: Container[str], now: datetime
) -> None:
    """Give outlets the status that their feeds amount to."""
    if not outlet_ids:
        return
    # Weaker than FOR UPDATE: new articles refer to these rows, and two may store some at once.
    rows = select(OutletRow).where(among(_OUTLETS.c.id)).order_by(OutletRow.id)
    outlets = session.scalars(rows.with_for_update(key_share=True), those(outlet_ids)).all()
    polled = (among(_FEEDS.c.outlet_id), FeedRow.active, FeedRow.status != "")
    feeds: dict[str, list[tuple[str, str]]] = {}
    for outlet_id, status, reason in session.execute(
        select(FeedRow.outlet_id, FeedRow.status, FeedRow.reason).where(*polled), those(outlet_ids)
    ):
        feeds.setdefault(outlet_id, []).append((status, reason))
    for outlet in outlets:
        status, reason = _outlet_status(feeds.get(outlet.id, []))
        # One that is silent and answers still says nothing new
        if outlet.status != OutletStatus.SILENT.value or status not in _ANSWERS or outlet.id in changed:
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
