"""A data folder that is ready, copied for each test because making one takes a second."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from monitor.storage.embedded import EmbeddedPostgres
from tests.storage.helpers import FAST


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one table of 100 rows, its server stopped."""
    folder = tmp_path_factory.mktemp("made")
    with (
        EmbeddedPostgres(folder, FAST) as server,
        psycopg.connect(server.url.replace("+psycopg", "")) as connection,
    ):
        connection.execute("CREATE TABLE rows AS SELECT generate_series(1, 100) AS n")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, owners kept."""
    copy = tmp_path / "data"
    subprocess.run(["cp", "-a", str(made), str(copy)], check=True)
    return copy


@pytest.fixture
def as_root() -> None:
    """Skip what only root can try."""
    if os.geteuid() != 0:
        pytest.skip("only root can change users and mount file systems")
