"""The migrations and the models say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from monitor.storage.session import Database
from monitor.storage.tables import Base


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_migration_changes_nothing(database: Database) -> None:
    database.migrate()
    database.check_schema()
