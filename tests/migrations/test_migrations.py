"""The migrations and the models say the same."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from procrastinate.schema import SchemaManager

from monitor.storage.session import Database
from monitor.storage.tables import Base


def not_of_the_queue(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_server_default": True, "include_name": not_of_the_queue}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_migration_changes_nothing(database: Database) -> None:
    database.migrate()
    database.check_schema()


def test_the_queue_has_no_migrations_that_ours_do_not_know() -> None:
    """When this fails, add a revision that runs the newer files, and name the last one here."""
    files = sorted(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    assert files[-1] == "03.04.00_50_post_add_retry_failed_job_procedure.sql"
