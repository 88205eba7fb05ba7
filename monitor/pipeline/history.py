"""The versions of the watchlist: who applied what, and what lies between two of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.config.watchlist_changes import WatchlistDifference, difference
from monitor.errors import InputError
from monitor.pipeline.files import as_applied
from monitor.storage.session import Database
from monitor.storage.watchlist import (
    AppliedWatchlist,
    newest_watchlist,
    version_before,
    watchlist_log,
    watchlist_version,
)

NONE = Watchlist((), {})


def log_objects(database: Database, limit: int = 0) -> list[dict[str, Any]]:
    """The applied versions, newest first, as plain values."""
    with database.session() as session:
        return [_object(version) for version in watchlist_log(session, limit)]


def _object(version: AppliedWatchlist) -> dict[str, Any]:
    changes: Mapping[str, Any] = version.changes
    shown = {kind: list(changes.get(kind, ())) for kind in ("added", "removed", "changed", "described")}
    return {
        "version": version.id,
        "applied_at": version.applied_at.isoformat(),
        "who": version.who,
        "note": str(changes.get("note", "")),
        "changes": shown,
    }


def edition_in_force(database: Database, *, strict: bool = True) -> tuple[int, Watchlist]:
    """Number and contents of the newest version; (0, nothing) before the first.

    :param strict: False: nothing for one that this program does not understand.
    :raises InputError: this program does not understand it.
    """
    with database.session() as session:
        newest = newest_watchlist(session)
    if newest is None:
        return 0, NONE
    return newest.id, _understood(newest) if strict else as_applied(newest) or NONE


def edition(database: Database, number: int) -> Watchlist:
    """One version.

    :raises InputError: there is none of this number, or this program does not understand it.
    """
    with database.session() as session:
        version = watchlist_version(session, number)
    if version is None:
        raise InputError(f"there is no version {number} of the watchlist; see: monitor watchlist log")
    return _understood(version)


def edition_before(database: Database, number: int) -> Watchlist:
    """The version that this one replaced; nothing before the first.

    :raises InputError: this program does not understand it.
    """
    with database.session() as session:
        version = version_before(session, number)
    return _understood(version) if version else NONE


def _understood(version: AppliedWatchlist) -> Watchlist:
    watchlist = as_applied(version)
    if watchlist is None:
        raise InputError(
            f"version {version.id} of the watchlist was written for another version of monitor and cannot "
            "be read; compare later ones"
        )
    return watchlist


def what_changed(database: Database, first: str, second: str, file: Path) -> tuple[WatchlistDifference, str]:
    """What lies between two versions, or between a version and a file; and what was compared.

    Nothing given: the version in force and ``file``; one number: that version and the one before it; one
    file: the version in force and that file.

    :raises ConfigError: the file cannot be read.
    :raises InputError: there is no such version.
    """
    if first.isdigit() and not second:
        new = edition(database, int(first))
        return difference(edition_before(database, int(first)), new), f"what version {first} changed"
    if second and not first.isdigit():
        raise InputError(f"{first!r} is no version; write the version first and the file after it")
    number, old = (int(first), edition(database, int(first))) if second else edition_in_force(database)
    other = second or first
    if other.isdigit():
        return difference(old, edition(database, int(other))), f"from version {number} to {other}"
    path = Path(other) if other else file
    return difference(old, load_watchlist(path)), f"from version {number} to {path}"
