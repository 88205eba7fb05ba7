"""One process of many leads, by a lock that the server gives up when that process or its machine dies."""

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.storage.errors import converted_errors
from monitor.storage.session import Database

#: within 25 seconds the server notices a machine that vanished without a word
_NOTICE = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")


class Leadership:
    """A lock over all processes of a database, held for as long as its own connection lasts."""

    def __init__(self, database: Database, name: str) -> None:
        """Nothing is taken yet."""
        self._database, self._name = database, f"monitor:lead:{name}"
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Try to lead; True where we do, now or already.

        :raises DatabaseUnavailable: when no server answers.
        """
        if self.held():
            return True
        with converted_errors():
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            for setting in _NOTICE:
                connection.execute(text(f"SET {setting}"))
            key = func.hashtextextended(self._name, 0)
            if connection.scalar(select(func.pg_try_advisory_lock(key))):
                self._connection = connection
                return True
            connection.invalidate()
            connection.close()
        return False

    def held(self) -> bool:
        """Whether we lead still: the connection that holds the lock is alive."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(select(1))
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give it up; may be called twice. The connection goes with it, so that no lock is left in a pool."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
