"""Run the migrations: on the connection that `Database.migrate` hands over, or by Alembic's command."""

import os
from pathlib import Path

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import open_database
from monitor.storage.tables import Base, CleanText


def render(kind: str, item: object, _context: AutogenContext) -> str | bool:
    """Write plain Text into a migration, so that it does not change with our code."""
    return "sa.Text()" if kind == "type" and isinstance(item, CleanText) else False


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the tables of the queue, which has a schema of its own."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_item=render, include_name=ours
    )
    with context.begin_transaction():
        context.run_migrations()


def from_command_line(url: str) -> None:
    database = open_database(url)
    with database.engine.begin() as connection:
        migrate(connection)
    database.close()


if connection := context.config.attributes.get("connection"):
    migrate(connection)
elif url := os.environ.get("DATABASE_URL"):
    from_command_line(url)
else:
    with EmbeddedPostgres(Path(os.environ.get("MONITOR_DATA", "data"))) as server:
        from_command_line(server.url)
