"""Sessions roll back by default, migrations are safe for several starters, errors are ours."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError, OperationalError

from monitor.errors import DatabaseError, DatabaseUnavailable, DataFolderError, SchemaMismatch
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.errors import converted_errors
from monitor.storage.session import SCRIPTS, Database, open_database
from tests.storage.helpers import FAST, kill, server_pid

LOST = OperationalError("SELECT", {}, Exception("gone"), connection_invalidated=True)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = open_database(empty_url)
    yield database
    database.close()


def _count(database: Database) -> object:
    with database.session() as session:
        return session.scalar(text("SELECT count(*) FROM t"))


def _make_table(database: Database) -> None:
    with database.session() as session:
        session.execute(text("CREATE TABLE t (n int UNIQUE, at timestamptz)"))
        session.commit()


def test_what_is_not_committed_is_rolled_back(empty: Database) -> None:
    _make_table(empty)
    with empty.session() as session:
        session.execute(text("INSERT INTO t VALUES (1)"))
        session.commit()
        session.execute(text("INSERT INTO t VALUES (2)"))
    assert _count(empty) == 1


def test_an_error_in_the_use_case_rolls_back_and_passes_as_it_is(empty: Database) -> None:
    def use_case() -> None:
        with empty.session() as session:
            session.execute(text("INSERT INTO t VALUES (1)"))
            raise ZeroDivisionError

    _make_table(empty)
    with pytest.raises(ZeroDivisionError):
        use_case()
    assert _count(empty) == 0


def test_times_come_back_in_utc_whatever_the_servers_zone_is(empty: Database) -> None:
    _make_table(empty)
    with empty.session() as session:
        session.execute(text(f"ALTER DATABASE {empty.engine.url.database} SET timezone = 'America/Lima'"))
        session.commit()
    empty.close()
    with empty.session() as session:
        now = session.scalar(text("SELECT now()"))
    assert isinstance(now, datetime)
    assert now.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=5)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_usual_form_of_address_is_understood(scheme: str, empty_url: str) -> None:
    database = open_database(empty_url.replace("postgresql+psycopg", scheme))
    with database.session() as session:
        assert session.scalar(text("SELECT 1")) == 1
    with psycopg.connect(database.url) as connection:
        assert connection.info.dbname == database.engine.url.database
    database.close()


@pytest.mark.parametrize("address", ["", "sqlite:///x.db", "mysql://u:secret@h/d", "no address", "postgres"])
def test_another_kind_of_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(DatabaseError, match="write postgresql://user:password@host/database") as caught:
        open_database(address)
    assert "secret" not in str(caught.value)


def test_a_refused_statement_is_a_database_error_with_its_cause(empty: Database) -> None:
    with (
        pytest.raises(DatabaseError, match='relation "missing" does not exist') as caught,
        empty.session() as s,
    ):
        s.execute(text("SELECT * FROM missing"))
    assert type(caught.value) is DatabaseError
    assert caught.value.__cause__ is not None
    assert "\n" not in str(caught.value)


def test_no_server_is_told_with_what_to_do() -> None:
    database = open_database("postgresql://u:secret@127.0.0.1:1/d")
    with pytest.raises(
        DatabaseUnavailable, match=r"does not answer .* start it, or check DATABASE_URL"
    ) as caught:
        database.migrate()
    assert "secret" not in str(caught.value)


def test_a_wrong_password_or_database_is_not_called_down(postgres: str) -> None:
    for wrong in (postgres.replace("@", "x@"), postgres.replace("/monitor?", "/nowhere?")):
        with pytest.raises(DatabaseError, match="refused") as caught:
            open_database(wrong).check_schema()
        assert type(caught.value) is DatabaseError


def test_a_server_lost_in_the_middle_is_unavailable_and_comes_back(folder: Path) -> None:
    def lose_it(database: Database) -> None:
        with database.session() as session:
            session.execute(text("INSERT INTO rows VALUES (101)"))
            kill(server_pid(folder))
            time.sleep(0.2)
            session.commit()

    with EmbeddedPostgres(folder, FAST) as server, closing(open_database(server.url)) as database:
        with pytest.raises(DatabaseUnavailable):
            lose_it(database)
        server.ensure()
        with database.session() as session:
            assert session.scalar(text("SELECT count(*) FROM rows")) == 100


def test_a_connection_ended_by_the_server_is_unavailable(empty: Database) -> None:
    with pytest.raises(DatabaseUnavailable), empty.session() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with empty.session() as session:
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize(
    ("error", "ours", "told"),
    [
        (psycopg.errors.DiskFull("no room"), DataFolderError, "the disk of the database is full"),
        (psycopg.OperationalError("x: No space left on device"), DataFolderError, "free some space"),
        (psycopg.errors.TooManyConnections("too many"), DatabaseUnavailable, "takes no more connections"),
        (psycopg.errors.AdminShutdown("bye"), DatabaseUnavailable, "does not answer"),
        (psycopg.errors.DeadlockDetected("locked"), DatabaseError, "refused: locked"),
        (InvalidRequestError("misuse"), DatabaseError, "refused: misuse"),
        (LOST, DatabaseUnavailable, "does not answer"),
    ],
)  # fmt: skip
def test_errors_of_the_driver_become_ours(error: Exception, ours: type[Exception], told: str) -> None:
    with pytest.raises(ours, match=told) as caught, converted_errors():
        raise error
    assert caught.value.__cause__ is error


def test_several_starters_migrate_once(empty: Database) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        database = open_database(empty.url)
        try:
            database.migrate()
        except BaseException as error:  # noqa: BLE001 (told by the assertion below)
            failures.append(error)
        database.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    empty.check_schema()


def test_a_migration_that_fails_changes_nothing(empty: Database, tmp_path: Path) -> None:
    broken = _scripts(tmp_path, "op.execute('CREATE TABLE half (n int)'); op.execute('nonsense')")
    with closing(open_database(empty.url, broken)) as program, pytest.raises(DatabaseError, match="syntax"):
        program.migrate()
    with empty.session() as session:
        assert session.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0


def test_an_empty_database_is_told_how_to_be_made(empty: Database) -> None:
    with pytest.raises(SchemaMismatch, match="older than this program; run `monitor init`"):
        empty.check_schema()


def test_an_older_program_refuses_a_newer_schema(database: Database, tmp_path: Path) -> None:
    older = open_database(database.url, _scripts(tmp_path, "pass"))
    for act in (older.check_schema, older.migrate):
        with pytest.raises(SchemaMismatch, match="is newer than this program; install the newer monitor"):
            act()
    older.close()


def test_an_older_schema_is_refused_until_it_is_migrated(empty: Database, tmp_path: Path) -> None:
    scripts = _scripts(tmp_path, "pass")
    program = open_database(empty.url, scripts)
    program.migrate()
    (scripts / "versions" / "2.py").write_text(_SCRIPT.format(version="'b'", before="'a'", body="pass"))
    with pytest.raises(SchemaMismatch, match="older"):
        program.check_schema()
    program.migrate()
    program.check_schema()
    program.close()


def test_a_percent_sign_in_the_folder_of_the_migrations_is_no_trouble(
    empty: Database, tmp_path: Path
) -> None:
    (tmp_path / "100%s").mkdir()
    program = open_database(empty.url, _scripts(tmp_path / "100%s", "pass"))
    program.migrate()
    program.check_schema()
    program.close()


def test_an_advisory_lock_is_held_by_one_at_a_time(empty: Database) -> None:
    with empty.advisory_lock("leader") as first, empty.advisory_lock("other", wait=False) as other:
        assert (first, other) == (True, True)
        with empty.advisory_lock("leader", wait=False) as second:
            assert second is False
    with empty.advisory_lock("leader", wait=False) as third:
        assert third is True


def test_who_waits_for_an_advisory_lock_gets_it_in_the_end(empty: Database) -> None:
    order = []

    def wait() -> None:
        with empty.advisory_lock("leader"):
            order.append("second")

    with empty.advisory_lock("leader"):
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


_SCRIPT = """
from alembic import op
revision, down_revision = {version}, {before}
def upgrade(): {body}
"""


def _scripts(folder: Path, body: str) -> Path:
    """A folder of migrations with one of our own making."""
    scripts = folder / "alembic"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text((SCRIPTS / "env.py").read_text())
    (scripts / "versions" / "1.py").write_text(_SCRIPT.format(version="'a'", before="None", body=body))
    return scripts
