"""What the database driver raises becomes one of our errors, with the cause kept."""

import contextlib
from collections.abc import Iterator

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitor.errors import DatabaseError, DatabaseUnavailable, DataFolderError, MonitorError

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_GONE = ("08", "57P")
_FULL = ("53100",)
_BUSY = ("53300",)
_REFUSED = ("authentication failed", "does not exist", "no pg_hba.conf entry", "permission denied")


@contextlib.contextmanager
def converted_errors() -> Iterator[None]:
    """Convert what SQLAlchemy and psycopg raise inside the block.

    :raises DatabaseUnavailable: no server answers, or it went away.
    :raises DataFolderError: the database's disk is full.
    :raises DatabaseError: anything else it refused.
    """
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as error:
        raise _converted(error) from error


def _converted(error: Exception) -> MonitorError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    state = (cause.sqlstate or "") if isinstance(cause, psycopg.Error) else ""
    said = " ".join(str(cause).split())
    if state.startswith(_FULL) or "No space left on device" in said:
        return DataFolderError(
            f"the disk of the database is full ({said}); free some space there, nothing is lost"
        )
    if state.startswith(_BUSY):
        return DatabaseUnavailable(
            f"the database takes no more connections ({said}); try again, or allow it more"
        )
    nameless = (
        isinstance(cause, psycopg.OperationalError) and not state and not any(r in said for r in _REFUSED)
    )
    if lost or nameless or state.startswith(_GONE):
        return DatabaseUnavailable(f"the database does not answer ({said}); start it, or check DATABASE_URL")
    return DatabaseError(f"the database refused: {said}")
