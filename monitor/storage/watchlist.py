"""The history of the watchlist, and the state of every analysts' file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.storage.tables import ConfigFileRow, TopicVersionRow, WatchlistVersionRow


@dataclass(frozen=True, slots=True)
class TopicForStore:
    """A topic as it is applied."""

    id: str
    title: str
    #: hash of its effective query, lists resolved
    hash: str


@dataclass(frozen=True, slots=True)
class AppliedWatchlist:
    """One applied version of the file."""

    id: int
    applied_at: datetime
    who: str
    hash: str
    source: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ConfigState:
    """An analysts' file: the last good text, and what is wrong with the newest edit."""

    name: str
    hash: str
    source: str
    applied_at: datetime
    error: str
    error_at: datetime | None


def newest_watchlist(session: Session) -> AppliedWatchlist | None:
    """The version in force, None before the first."""
    return next(iter(watchlist_log(session, limit=1)), None)


def watchlist_log(session: Session, limit: int = 0) -> list[AppliedWatchlist]:
    """The applied versions, newest first."""
    query = select(WatchlistVersionRow).order_by(WatchlistVersionRow.id.desc())
    rows = session.scalars(query.limit(limit) if limit else query)
    return [_applied(row) for row in rows]


def watchlist_version(session: Session, number: int) -> AppliedWatchlist | None:
    """One applied version, None where there is none of this number."""
    row = session.get(WatchlistVersionRow, number)
    return _applied(row) if row else None


def version_before(session: Session, number: int) -> AppliedWatchlist | None:
    """The version that was in force before this one, None before the first."""
    older = select(WatchlistVersionRow).where(WatchlistVersionRow.id < number)
    row = session.scalars(older.order_by(WatchlistVersionRow.id.desc()).limit(1)).first()
    return _applied(row) if row else None


def newest_version(session: Session) -> int:
    """Number of the version in force, 0 before the first."""
    return session.scalar(select(func.max(WatchlistVersionRow.id))) or 0


def newest_hash(session: Session) -> str:
    """Hash of the version in force, "" before the first; cheap enough to be asked all the time."""
    newest = select(WatchlistVersionRow.hash).order_by(WatchlistVersionRow.id.desc()).limit(1)
    return session.scalar(newest) or ""


def was_applied(session: Session, hash_: str) -> bool:
    """Whether some version, in force or earlier, had this text."""
    query = select(WatchlistVersionRow.id).where(WatchlistVersionRow.hash == hash_).limit(1)
    return session.scalar(query) is not None


def lock_watchlist(session: Session) -> None:
    """Let nobody else apply a version until this session commits; readers are not hindered."""
    session.execute(sql("LOCK TABLE watchlist_versions IN SHARE ROW EXCLUSIVE MODE"))


def _applied(row: WatchlistVersionRow) -> AppliedWatchlist:
    return AppliedWatchlist(row.id, row.applied_at, row.who, row.hash, row.source, row.changes)


def apply_watchlist(
    session: Session, version: AppliedWatchlist, topics: Iterable[TopicForStore]
) -> dict[str, int]:
    """Keep a new version of the file (its ``id`` is ignored) and of each topic whose query changed.

    The same file applied twice in a row is kept once, also by two processes at the same moment.

    :returns: topic → version in force.
    """
    lock_watchlist(session)
    newest = newest_watchlist(session)
    if newest and newest.hash == version.hash:
        return topic_versions(session)
    row = WatchlistVersionRow(
        applied_at=version.applied_at,
        who=version.who,
        hash=version.hash,
        source=version.source,
        changes=dict(version.changes),
    )
    session.add(row)
    session.flush()
    hashes = _topic_hashes(session)
    for topic in topics:
        number, known = hashes.get(topic.id, (0, ""))
        if known != topic.hash:
            session.add(
                TopicVersionRow(
                    topic=topic.id,
                    version=number + 1,
                    hash=topic.hash,
                    title=topic.title,
                    watchlist_version_id=row.id,
                )
            )
    session.flush()
    return topic_versions(session)


def topic_versions(session: Session) -> dict[str, int]:
    """Topic → number of its newest version."""
    return {topic: number for topic, (number, _) in _topic_hashes(session).items()}


def _topic_hashes(session: Session) -> dict[str, tuple[int, str]]:
    newest = (
        select(TopicVersionRow.topic, func.max(TopicVersionRow.version).label("version"))
        .group_by(TopicVersionRow.topic)
        .subquery()
    )
    rows = session.scalars(
        select(TopicVersionRow).join(
            newest,
            (newest.c.topic == TopicVersionRow.topic) & (newest.c.version == TopicVersionRow.version),
        )
    )
    return {row.topic: (row.version, row.hash) for row in rows}


def record_config(session: Session, name: str, hash_: str, source: str, now: datetime) -> None:
    """A file was read without error and is in force from now on."""
    values = {"hash": hash_, "source": source, "applied_at": now, "error": "", "error_at": None}
    statement = insert(ConfigFileRow).values(name=name, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def record_config_error(session: Session, name: str, error: str, now: datetime) -> None:
    """The newest edit of a file cannot be used; the last good text, if any, stays."""
    values = {"error": error, "error_at": now}
    statement = insert(ConfigFileRow).values(name=name, hash="", source="", applied_at=now, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def config_states(session: Session) -> dict[str, ConfigState]:
    """Name of the file → its state."""
    rows = session.scalars(select(ConfigFileRow).order_by(ConfigFileRow.name))
    return {
        row.name: ConfigState(row.name, row.hash, row.source, row.applied_at, row.error, row.error_at)
        for row in rows
    }
