"""After every kind of kill the next start has all data, and nothing is left running."""

import os
import time
from pathlib import Path

import psycopg
import pytest

from monitor.storage.embedded import EmbeddedPostgres, start_embedded
from tests.storage.helpers import FAST, client, eventually, kill, run_sql, runs, server_pid, stopped, watchers


def _committed(folder: Path) -> int:
    with EmbeddedPostgres(folder, FAST) as server:
        [(count,)] = run_sql(server.url, "SELECT count(*) FROM rows")
        assert isinstance(count, int)
    assert stopped(folder)
    return count


def test_a_killed_client_leaves_no_server_behind(folder: Path) -> None:
    with client(folder) as user:
        run_sql(user.says(), "INSERT INTO rows VALUES (101)")
        user.kill()
        assert eventually(lambda: not runs(folder))
    assert _committed(folder) == 101


def test_a_killed_client_does_not_take_the_server_from_others(folder: Path) -> None:
    with client(folder) as one, client(folder) as two:
        one.says()
        url = two.says()
        one.kill()
        time.sleep(0.3)
        assert run_sql(url, "SELECT count(*) FROM rows") == [(100,)]
        two.leave()
    assert stopped(folder)


def test_a_killed_server_is_started_again_by_its_user_under_the_same_address(folder: Path) -> None:
    with EmbeddedPostgres(folder, FAST) as server:
        before = server.url
        with psycopg.connect(before.replace("+psycopg", "")) as connection:
            connection.execute("INSERT INTO rows VALUES (101)")
            connection.commit()
            kill(server_pid(folder))
            assert server.ensure() == before
        assert run_sql(before, "SELECT count(*) FROM rows") == [(101,)]
    assert stopped(folder)
    assert eventually(lambda: not watchers(folder))


def test_a_killed_server_is_started_again_by_the_next_user(folder: Path) -> None:
    with client(folder) as user:
        user.says()
        kill(server_pid(folder))
        with EmbeddedPostgres(folder, FAST) as server:
            assert run_sql(server.url, "SELECT count(*) FROM rows") == [(100,)]
        user.leave()
    assert stopped(folder)


def test_client_and_server_killed_together_lose_nothing(folder: Path) -> None:
    with client(folder) as user:
        run_sql(user.says(), "INSERT INTO rows VALUES (101)")
        kill(server_pid(folder), user.process.pid)
        assert _committed(folder) == 101


def test_a_server_that_nobody_watches_is_joined_and_stopped(folder: Path) -> None:
    with client(folder) as user:
        user.says()
        pid = server_pid(folder)
        kill(*watchers(folder), user.process.pid)
        user.process.wait()
        with EmbeddedPostgres(folder, FAST):
            assert server_pid(folder) == pid
    assert stopped(folder)


def test_a_pid_file_that_names_a_living_process_is_not_believed(folder: Path) -> None:
    data = folder / "postgres" / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n127.0.0.1\n1 1\nready\n")
    assert _committed(folder) == 100


def test_a_client_killed_while_it_makes_the_folder_leaves_a_good_start(tmp_path: Path) -> None:
    with client(tmp_path / "data") as user:
        assert eventually((tmp_path / "data" / "postgres" / "data.new" / "base").exists)
        user.kill()
        with EmbeddedPostgres(tmp_path / "data", FAST) as server:
            assert run_sql(server.url, "SELECT 1") == [(1,)]
    assert not (tmp_path / "data" / "postgres" / "data.new").exists()


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15])
def test_a_client_killed_while_it_starts_the_server_leaves_a_good_start(folder: Path, after: float) -> None:
    with client(folder) as user:
        eventually(lambda: runs(folder))
        time.sleep(after)
        user.kill()
        assert _committed(folder) == 100


def test_several_users_in_one_process_survive_the_kill_of_the_server(folder: Path) -> None:
    one, two = start_embedded(folder, FAST), start_embedded(folder, FAST)
    kill(server_pid(folder))
    assert one.ensure() == two.ensure()
    one.close()
    assert run_sql(two.url, "SELECT count(*) FROM rows") == [(100,)]
    two.close()
    assert stopped(folder)
