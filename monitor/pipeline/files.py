"""The analysts' files in force: a bad edit never takes a running file away.

read the file
    good: it is in force, and its text is kept as the last good one
    bad:  the error is kept for status and digest, the last good text stays in force
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from monitor.config.watchlist import Watchlist, diff, load_watchlist
from monitor.errors import ConfigError
from monitor.storage.session import Database
from monitor.storage.watchlist import (
    AppliedWatchlist,
    TopicForStore,
    apply_watchlist,
    config_states,
    newest_watchlist,
    record_config,
    record_config_error,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InForce(Generic[T]):
    """What is in force of one file."""

    value: T
    #: text that is in force
    source: str
    #: what is wrong with the newest edit, "" for nothing
    error: str = ""


def in_force(database: Database, path: Path, load: Callable[[Path], T], now: datetime) -> InForce[T]:
    """Read one file; fall back on its last good text.

    :raises ConfigError: it is bad and there is no last good one.
    """
    try:
        value = load(path)
        source = path.read_text(encoding="utf-8")
    except ConfigError as error:
        return _last_good(database, path, load, error, now)
    with database.session() as session:
        known = config_states(session).get(path.name)
        if known is None or known.error or known.source != source:
            record_config(session, path.name, file_hash(source), source, now)
            session.commit()
    return InForce(value, source)


def _last_good(
    database: Database, path: Path, load: Callable[[Path], T], error: ConfigError, now: datetime
) -> InForce[T]:
    with database.session() as session:
        known = config_states(session).get(path.name)
        if known is None or not known.source:
            raise error
        record_config_error(session, path.name, str(error), now)
        session.commit()
    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        copy = Path(folder) / path.name
        copy.write_text(known.source, encoding="utf-8")
        return InForce(load(copy), known.source, str(error))


def file_hash(source: str) -> str:
    """What tells one text of a file from another."""
    return hashlib.sha256(source.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class WatchlistInForce:
    """The watchlist, the version of each topic, and what is wrong with the newest edit."""

    watchlist: Watchlist
    versions: dict[str, int]
    error: str = ""


def watchlist_in_force(database: Database, path: Path, who: str, now: datetime) -> WatchlistInForce:
    """Read the watchlist file and keep it as a new version where it changed.

    :param who: who is said to have applied it.
    :raises ConfigError: it is bad and there is no last good one.
    """
    file = in_force(database, path, load_watchlist, now)
    with database.session() as session:
        newest = newest_watchlist(session)
        applied = AppliedWatchlist(
            id=0,
            applied_at=now,
            who=who,
            hash=file_hash(file.source),
            source=file.source,
            changes=_changes(newest, file.value),
        )
        versions = apply_watchlist(session, applied, _topics(file.value))
        session.commit()
    return WatchlistInForce(file.value, versions, file.error)


def _topics(watchlist: Watchlist) -> Iterable[TopicForStore]:
    return [TopicForStore(topic.id, topic.title, topic.hash) for topic in watchlist.topics]


def _changes(newest: AppliedWatchlist | None, watchlist: Watchlist) -> dict[str, Any]:
    before = _as_applied(newest) if newest else None
    if before is None:
        return {"added": [topic.id for topic in watchlist.topics], "removed": [], "changed": []}
    changes = diff(before, watchlist)
    return {"added": list(changes.added), "removed": list(changes.removed), "changed": list(changes.changed)}


def _as_applied(version: AppliedWatchlist) -> Watchlist | None:
    """An applied version read again; None where this program no longer understands it."""
    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        copy = Path(folder) / "watchlist.yaml"
        copy.write_text(version.source, encoding="utf-8")
        try:
            return load_watchlist(copy)
        except ConfigError:
            return None
