"""What an operator types."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.errors import InputError, SchemaMismatch
from monitor.jobs import Jobs
from monitor.pipeline.duties import Duty, Kind
from monitor.storage.session import Database

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.url)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments)

    return invoke


def test_the_doctor_names_what_is_wrong_and_how_to_mend_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "outlets.yaml").write_text("outlets: 7\n")
    result = run("doctor", "--offline", "--json")
    found = {one["name"]: one for one in json.loads(result.stdout)["checks"]}
    assert result.exit_code == 1
    assert found["outlets.yaml"]["status"] == "failed"
    assert "outlets.yaml:1" in found["outlets.yaml"]["found"]
    assert found["outlets.yaml"]["mend"]
    for name in ("database", "clock", "jobs", "digests", "collection", "translation es", "translation pt"):
        assert found[name]["status"] == "ok", found[name]


def test_a_backup_is_written_and_brought_back(run: Run, database: Database, tmp_path: Path) -> None:
    assert run("backup", "b.dump", "--dry-run").exit_code == 0
    assert not (tmp_path / "b.dump").exists()
    assert "Written: b.dump" in run("backup", "b.dump").stdout
    with Jobs(database.url) as jobs:
        jobs.put([Duty(Kind.WATCH)])
    assert "would be replaced" in run("restore", "b.dump", "--dry-run").stdout
    assert "are there now" in run("restore", "b.dump", "--yes").stdout
    with Jobs(database.url) as jobs:
        assert jobs.listed() == []


def test_the_database_is_moved_to_an_empty_one(run: Run, empty_url: str, database: Database) -> None:
    target = empty_url.replace("+psycopg", "")
    assert "would be copied" in run("db", "move", target, "--dry-run").stdout
    assert "were copied and counted" in run("db", "move", target).stdout
    assert isinstance(run("db", "move", database.url).exception, InputError)


def test_a_program_older_than_the_schema_refuses_to_start(run: Run, database: Database) -> None:
    assert "up to date" in run("db", "migrate").stdout
    with database.session() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        session.commit()
    error = run("worker").exception
    assert isinstance(error, SchemaMismatch)
    assert "newer than this program" in str(error)


def test_jobs_are_listed_and_retried(run: Run, database: Database) -> None:
    assert "No job was given up." in run("jobs", "list").stdout
    with Jobs(database.url) as jobs:
        jobs.put([Duty(Kind.ARTICLE, "5")])
    with database.session() as session:
        session.connection().exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing'")
        session.connection().exec_driver_sql("UPDATE procrastinate_jobs SET status = 'failed'")
        session.commit()
    [job] = json.loads(run("jobs", "list", "--json").stdout)["jobs"]
    assert (job["kind"], job["subject"], job["status"]) == ("article", "5", "failed")
    assert "article 5" in run("jobs", "list").stdout
    assert isinstance(run("jobs", "retry").exception, InputError)
    assert "tried again: 1" in run("jobs", "retry", "--all").stdout


def test_unknown_queues_are_refused(run: Run) -> None:
    error = run("worker", "--queues", "colect").exception
    assert isinstance(error, InputError)


def test_settings_are_listed(run: Run) -> None:
    assert "MONITOR_KEEP_DAYS" in run("settings").stdout
    shown = {one["variable"]: one for one in json.loads(run("settings", "--json").stdout)["settings"]}
    assert shown["DATABASE_URL"]["value"] == "**********"
