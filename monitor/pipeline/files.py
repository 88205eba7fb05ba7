"""The analysts' files in force: a bad edit never takes a running file away.

read the file
    good: it is in force, and its text is kept as the last good one
    bad:  the error is kept for status and digest, the last good text stays in force

the watchlist, besides
    new text: kept as the next version (who, when, what changed)
    a text that was in force before, in a file older than the newest version: that version was applied
        elsewhere, and is in force here too
"""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from monitor.config.documents import read_text, write_atomically
from monitor.config.watchlist import Watchlist, diff, load_watchlist
from monitor.errors import ConfigError
from monitor.storage.session import Database
from monitor.storage.watchlist import (
    AppliedWatchlist,
    TopicForStore,
    apply_watchlist,
    config_states,
    lock_watchlist,
    newest_version,
    newest_watchlist,
    record_config,
    record_config_error,
    topic_versions,
    was_applied,
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
        value, source = _read_whole(path, load)
    except ConfigError as error:
        return _last_good(database, path, load, error, now)
    _keep_good(database, path.name, source, now)
    return InForce(value, source)


def _read_whole(path: Path, load: Callable[[Path], T]) -> tuple[T, str]:
    """A file's value and its text; read again when somebody wrote it in between."""
    while True:
        source = read_text(path)
        value = load(path)
        if read_text(path) == source:
            return value, source


def _keep_good(database: Database, name: str, source: str, now: datetime) -> None:
    with database.session() as session:
        known = config_states(session).get(name)
        if known is None or known.error or known.source != source:
            record_config(session, name, file_hash(source), source, now)
            session.commit()


def _keep_error(database: Database, name: str, error: str, now: datetime) -> None:
    with database.session() as session:
        known = config_states(session).get(name)
        if known is None or known.error != error:
            record_config_error(session, name, error, now)
            session.commit()


def _last_good(
    database: Database, path: Path, load: Callable[[Path], T], error: ConfigError, now: datetime
) -> InForce[T]:
    with database.session() as session:
        known = config_states(session).get(path.name)
    if known is None or not known.source:
        raise error
    _keep_error(database, path.name, str(error), now)
    return InForce(from_text(path.name, known.source, load), known.source, str(error))


def from_text(name: str, source: str, load: Callable[[Path], T]) -> T:
    """A file's value from a text that was kept.

    :raises ConfigError: this program does not understand it.
    """
    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        copy = Path(folder) / name
        copy.write_text(source, encoding="utf-8")
        return load(copy)


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
    with database.session() as session:
        newest = newest_watchlist(session)
    try:
        watchlist, source = _read_whole(path, load_watchlist)
    except ConfigError as error:
        kept = as_applied(newest)
        if kept is None:
            raise
        _keep_error(database, path.name, str(error), now)
        return WatchlistInForce(kept, _versions(database), str(error))
    if newest is not None and _is_behind(database, path, source, newest):
        kept = as_applied(newest)
        if kept is not None:
            return WatchlistInForce(kept, _versions(database), _behind(path, newest))
    versions = apply_text(database, watchlist, source, who, now).versions
    _keep_good(database, path.name, source, now)
    return WatchlistInForce(watchlist, versions)


def _is_behind(database: Database, path: Path, source: str, newest: AppliedWatchlist) -> bool:
    """An older version's text in a file that nobody touched since the newest version was applied."""
    if file_hash(source) == newest.hash:
        return False
    if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= newest.applied_at:
        return False
    with database.session() as session:
        return was_applied(session, file_hash(source))


def _behind(path: Path, newest: AppliedWatchlist) -> str:
    return (
        f"{path}: holds an earlier version than number {newest.id}, which {newest.who} applied on "
        f"{newest.applied_at:%Y-%m-%d %H:%M} and which is in force; to go back to this file run: "
        f"monitor watchlist apply {path}"
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """A version that was applied, or found in force already."""

    number: int
    versions: dict[str, int]
    #: False: the newest version has the same text
    new: bool


def apply_text(
    database: Database, watchlist: Watchlist, source: str, who: str, now: datetime, note: str = ""
) -> Applied:
    """Keep a text as the newest version, unless it is that already.

    :param note: why, in the words of who did it.
    """
    with database.session() as session:
        lock_watchlist(session)
        newest = newest_watchlist(session)
        if newest is not None and newest.hash == file_hash(source):
            return Applied(newest.id, topic_versions(session), False)
        changes = _changes(newest, watchlist) | ({"note": note} if note else {})
        version = AppliedWatchlist(0, now, who, file_hash(source), source, changes)
        versions = apply_watchlist(session, version, _topics(watchlist))
        number = newest_version(session)
        session.commit()
    return Applied(number, versions, True)


def apply_file(
    database: Database, file: Path, target: Path, who: str, now: datetime, note: str = ""
) -> Applied:
    """Put a file into force now, and in the place from which all processes read it.

    :param target: the analysts' own watchlist file.
    :raises ConfigError: the file is bad, or the target cannot be written; then the version is in force all
        the same, and the message says so.
    """
    watchlist, source = _read_whole(file, load_watchlist)
    applied = apply_text(database, watchlist, source, who, now, note)
    try:
        if not target.exists() or read_text(target) != source:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, source)
    except (ConfigError, OSError) as error:
        raise ConfigError(
            f"version {applied.number} is in force, but {target} still holds another text ({error}); "
            f"copy {file} there"
        ) from error
    _keep_good(database, target.name, source, now)
    return applied


def as_applied(version: AppliedWatchlist | None) -> Watchlist | None:
    """An applied version read again; None where there is none, or this program no longer understands it."""
    try:
        return from_text("watchlist.yaml", version.source, load_watchlist) if version else None
    except ConfigError:
        return None


def _versions(database: Database) -> dict[str, int]:
    with database.session() as session:
        return topic_versions(session)


def _topics(watchlist: Watchlist) -> list[TopicForStore]:
    return [TopicForStore(topic.id, topic.title, topic.hash) for topic in watchlist.topics]


def _changes(newest: AppliedWatchlist | None, watchlist: Watchlist) -> dict[str, Any]:
    before = as_applied(newest)
    changes = diff(before if before is not None else Watchlist((), {}), watchlist)
    return {kind: list(ids) for kind, ids in asdict(changes).items()}
