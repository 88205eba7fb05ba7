"""One Postgres for the whole run, one migrated template in it, a fresh database for each test that asks."""

import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import structlog
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database, open_database

TEMPLATE = "tests_template"

# Nobody reads the log of a test, and structlog's own default draws every exception with all its locals.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the run's server, which all xdist workers share; the last one that leaves stops it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    # What is lost when the machine fails does not matter here: nothing waits for the disk.
    fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with EmbeddedPostgres(shared / "data", fast) as server:
        yield server.url


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """The address of the server once the template is there; the first worker makes it."""
    with _admin(postgres) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
        if not known:
            _make_template(postgres, admin)
        admin.execute("SELECT pg_advisory_unlock(1)")
    return postgres


def _make_template(postgres: str, admin: "psycopg.Connection") -> None:
    """Migrate under another name first: a worker killed in between leaves no half made template."""
    _drop(admin, f"{TEMPLATE}_new")
    admin.execute(f"CREATE DATABASE {TEMPLATE}_new")
    database = open_database(_named(postgres, f"{TEMPLATE}_new"))
    database.migrate()
    database.close()
    admin.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    with _fresh(template, f"TEMPLATE {TEMPLATE}") as url:
        yield url


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """The address of a fresh database without any tables."""
    with _fresh(postgres) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database."""
    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session on a fresh, migrated database."""
    with database.session() as session:
        yield session


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's data folder; the workers have left it by now."""
    if not hasattr(config, "workerinput") and (factory := getattr(config, "_tmp_path_factory", None)):
        shutil.rmtree(Path(factory.getbasetemp()) / "data", ignore_errors=True)


@contextmanager
def _fresh(server: str, clause: str = "") -> Iterator[str]:
    """The address of a database of its own, which goes with the block."""
    name = f"test_{uuid.uuid4().hex}"
    with _admin(server) as admin:
        admin.execute(f"CREATE DATABASE {name} {clause}")
    yield _named(server, name)
    with _admin(server) as admin:
        _drop(admin, name)


def _drop(admin: "psycopg.Connection", name: str) -> None:
    """Drop a database with whoever of ours is still in it.

    Not `WITH (FORCE)`: it is refused when autovacuum happens to be at work there, as its process belongs to
    no role. A plain DROP sends autovacuum away by itself and waits for it.
    """
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = %s AND usename = current_user",
        [name],
    )
    admin.execute(f"DROP DATABASE IF EXISTS {name}")


def _admin(url: str) -> "psycopg.Connection":
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
