"""The database of one process: sessions, migrations and locks over all processes."""

import contextlib
import hashlib
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import TypeAdapter
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from monitor.errors import DatabaseError, SchemaMismatch
from monitor.storage.errors import converted_errors

_BESIDE = Path(__file__).resolve().parents[2] / "alembic"
#: Alembic's folder as it came with the program: in a checkout, or under the prefix after an installation
# (beside an installed package lies the library of the same name, which has no env.py)
SCRIPTS = _BESIDE if (_BESIDE / "env.py").exists() else Path(sys.prefix) / "share" / "monitor" / "alembic"


class Database:
    """A pool of connections to one Postgres database. Safe to use from many threads."""

    def __init__(self, engine: Engine, scripts: Path = SCRIPTS) -> None:
        """Take an engine and the folder of the migrations."""
        self.engine = engine
        self._scripts = scripts

    @property
    def url(self) -> str:
        """The address with its password, as libpq writes it, for those who need a connection of their own."""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A unit of work: what the use-case does not commit is rolled back.

        :raises MonitorError: as :func:`monitor.storage.errors.converted_errors`.
        """
        with converted_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    def migrate(self) -> None:
        """Bring the schema to the newest version, all or nothing; several starters wait for one another.

        :raises SchemaMismatch: when the schema is newer than this program.
        """
        with converted_errors(), self.engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_key("migrate"))))
            if self._known(connection) != self._head():
                config = Config(attributes={"connection": connection})
                config.set_main_option("script_location", str(self._scripts).replace("%", "%%"))
                command.upgrade(config, "head")

    def check_schema(self) -> None:
        """Make sure that the schema is the one this program was written for.

        :raises SchemaMismatch: when it is older, newer or missing.
        """
        with converted_errors(), self.engine.connect() as connection:
            if self._known(connection) != self._head():
                raise SchemaMismatch(
                    "the database is older than this program; run `monitor init` to update it"
                )

    @contextlib.contextmanager
    def advisory_lock(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        """Hold a lock over all processes of this database; yields whether it was had.

        With ``wait`` it always is. The server releases it when this process dies.
        """
        with (
            converted_errors(),
            self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            take = func.pg_advisory_lock if wait else func.pg_try_advisory_lock
            had = connection.scalar(select(take(_key(name)))) is not False
            try:
                yield had
            finally:
                if had:
                    connection.execute(select(func.pg_advisory_unlock(_key(name))))

    def now(self) -> datetime:
        """The server's time, in UTC."""
        with converted_errors(), self.engine.connect() as connection:
            moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            return moment

    def versions(self) -> set[str]:
        """The versions of the schema that this program knows."""
        return {script.revision for script in ScriptDirectory(str(self._scripts)).walk_revisions()}

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _head(self) -> str | None:
        return ScriptDirectory(str(self._scripts)).get_current_head()

    def _known(self, connection: Connection) -> str | None:
        """The version of the schema, None for an empty database."""
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in self.versions():
            raise SchemaMismatch(
                f"the database (version {current}) is newer than this program; "
                "install the newer monitor here too"
            )
        return current


def open_database(url: str, scripts: Path = SCRIPTS) -> Database:
    """Make a database from its address; ``postgres://`` and ``postgresql://`` are both understood.

    It connects when it is first used.

    :raises DatabaseError: when the address is not one of a Postgres server.
    """
    engine = create_engine(
        _postgres(url),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
        # Compiled, straight to bytes, and it knows dates (decision 0094)
        json_serializer=TypeAdapter(Any).dump_json,
    )
    event.listen(engine, "connect", _speak_utc)
    return Database(engine, scripts)


def _postgres(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername.partition("+")[0] not in {"postgres", "postgresql"}:
        # The address itself is not repeated: it may hold a password.
        raise DatabaseError(
            "DATABASE_URL is not the address of a Postgres server; write postgresql://user:password@host/database"
        )
    return parsed.set(drivername="postgresql+psycopg")


def _speak_utc(connection: Any, _record: object) -> None:
    """Times come back in UTC, whatever the server's own zone is."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _key(name: str) -> int:
    """A lock's name as the 64-bit number that Postgres wants."""
    return int.from_bytes(hashlib.sha256(f"monitor:{name}".encode()).digest()[:8], signed=True)
