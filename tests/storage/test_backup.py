"""A backup brings everything back, a move carries everything over, and what fails changes nothing."""

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import DatabaseError, DatabaseUnavailable, InputError
from monitor.storage import backup
from monitor.storage.backup import back_up, count_rows, move, restore
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database, open_database
from tests.storage.helpers import FAST

OUTLET = "INSERT INTO outlets (id, name, language) VALUES ('{id}', 'El Péríodico «ñ»', 'es')"


def _silent(_done: int, _total: int, _table: str) -> None:
    pass


def _run(database: Database, *statements: str) -> None:
    with database.session() as session:
        for statement in statements:
            session.execute(text(statement))
        session.commit()


def _names(database: Database) -> list[str]:
    with database.session() as session:
        return list(session.scalars(text("SELECT id FROM outlets ORDER BY 1")))


@pytest.fixture
def other(empty_url: str) -> Iterator[Database]:
    with closing(open_database(empty_url)) as other:
        yield other


@pytest.fixture
def filled(database: Database) -> Database:
    feed = "INSERT INTO feeds (outlet_id, url, kind) VALUES ('one', 'https://x/', 'rss')"
    _run(database, OUTLET.format(id="one"), feed)
    return database


def test_a_backup_brings_the_database_back_as_it_was(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "copy.dump"
    told: list[tuple[int, int, str]] = []
    back_up(filled, path, lambda *step: told.append(step))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [done for done, _, _ in told] == list(range(len(told)))
    assert {total for _, total, _ in told} == {len(told)}
    assert "articles" in {table for _, _, table in told}
    before = count_rows(filled)
    _run(filled, "DELETE FROM outlets", OUTLET.format(id="later"), "CREATE TABLE later (n int)")
    told.clear()
    restore(filled, path, lambda *step: told.append(step))
    assert count_rows(filled) == before
    assert _names(filled) == ["one"]
    assert told[-1][0] + 1 == told[-1][1]
    filled.migrate()
    filled.check_schema()
    _run(filled, "INSERT INTO feeds (outlet_id, url, kind) VALUES ('one', 'https://y/', 'rss')")
    assert [each.name for each in tmp_path.iterdir()] == ["copy.dump"]


def test_functions_types_and_views_are_replaced_too(
    filled: Database, other: Database, tmp_path: Path
) -> None:
    made = (
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE TABLE moods (id serial, mood mood)",
        "CREATE FUNCTION best() RETURNS mood LANGUAGE sql AS $$ SELECT 'good'::mood $$",
        "CREATE VIEW seen AS SELECT * FROM moods",
        "CREATE MATERIALIZED VIEW kept AS SELECT * FROM moods",
        "CREATE SEQUENCE own",
    )
    _run(filled, *made)
    back_up(filled, tmp_path / "copy", _silent)
    restore(filled, tmp_path / "copy", _silent)
    restore(other, tmp_path / "copy", _silent)
    for database in (filled, other):
        _run(database, "INSERT INTO moods (mood) VALUES (best())", "SELECT * FROM seen, nextval('own')")


def test_a_backup_also_fits_an_empty_server(filled: Database, other: Database, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy", _silent)
    restore(other, tmp_path / "copy", _silent)
    assert _names(other) == ["one"]
    other.check_schema()


def _truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _scrambled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 500] = bytes(500)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_truncated, _scrambled])
def test_a_damaged_backup_changes_nothing(
    damage: Callable[[Path], None], database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "copy"
    _run(
        database,
        "INSERT INTO outlets (id, name, language) "
        "SELECT 'o' || n, md5(n::text), 'es' FROM generate_series(1, 3000) n",
    )
    back_up(database, path, _silent)
    damage(path)
    _run(database, "DELETE FROM outlets", OUTLET.format(id="kept"))
    with pytest.raises((DatabaseError, InputError)):
        restore(database, path, _silent)
    assert _names(database) == ["kept"]


def test_a_backup_of_a_newer_program_is_refused_and_changes_nothing(filled: Database, tmp_path: Path) -> None:
    _run(filled, "UPDATE alembic_version SET version_num = 'newer'")
    back_up(filled, tmp_path / "copy", _silent)
    _run(filled, "UPDATE alembic_version SET version_num = '0001'", OUTLET.format(id="kept"))
    with pytest.raises(DatabaseError, match="nothing was changed: the copy was made by a newer monitor"):
        restore(filled, tmp_path / "copy", _silent)
    assert _names(filled) == ["kept", "one"]


def test_a_file_that_is_no_backup_is_told(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a backup")
    with pytest.raises(
        InputError, match=r"text is no backup \(.*\); name a file that `monitor backup` wrote"
    ):
        restore(filled, tmp_path / "text", _silent)
    with pytest.raises(InputError, match="missing is no backup"):
        restore(filled, tmp_path / "missing", _silent)


def test_a_place_that_cannot_be_written_keeps_the_old_backup(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="cannot be written: No such file or directory; choose another place"
    ):
        back_up(filled, tmp_path / "none" / "copy", _silent)


def test_a_backup_that_fails_keeps_the_old_one(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copy"
    path.write_text("old")
    # The password is wrong only for pg_dump: as if the server changed its mind.
    monkeypatch.setattr(backup, "_environment", lambda _url=None: {"PGPASSWORD": "wrong"})
    with pytest.raises(DatabaseError, match=r"nothing was changed: .*authentication failed"):
        back_up(filled, path, _silent)
    with pytest.raises(DatabaseError, match=r"nothing was changed: .*authentication failed"):
        move(filled, _emptied(filled), _silent)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["copy"]
    assert _names(filled) == []


def _emptied(database: Database) -> Database:
    _run(database, "DELETE FROM outlets")
    return database


def test_no_server_is_told(tmp_path: Path) -> None:
    with closing(open_database("postgresql://127.0.0.1:1/x")) as nowhere, pytest.raises(DatabaseUnavailable):
        back_up(nowhere, tmp_path / "copy", _silent)


def test_a_move_carries_everything_to_another_server(folder: Path, filled: Database) -> None:
    with EmbeddedPostgres(folder, FAST) as server, closing(open_database(server.url)) as target:
        _run(target, "DROP TABLE rows")
        told: list[str] = []
        moved = move(filled, target, lambda _done, _total, table: told.append(table))
        assert (moved["outlets"], moved["feeds"], moved["articles"]) == (1, 1, 0)
        assert "outlets" in told
        assert _names(target) == ["one"]
        target.check_schema()
        with pytest.raises(DatabaseError, match=r"already holds data \(table feeds\); move to an empty one"):
            move(filled, target, _silent)


def test_a_move_into_a_migrated_database_without_rows_works(filled: Database, other: Database) -> None:
    other.migrate()
    assert move(filled, other, _silent)["outlets"] == 1


def test_a_source_that_changed_meanwhile_is_told(filled: Database, other: Database) -> None:
    def write_meanwhile(_done: int, _total: int, table: str) -> None:
        if table == "alerts":
            _run(filled, OUTLET.format(id="meanwhile"))

    with pytest.raises(DatabaseError, match="changed while it was moved; stop all workers"):
        move(filled, other, write_meanwhile)


def test_an_interrupted_move_changes_nothing_and_ends_its_tools(filled: Database, other: Database) -> None:
    def interrupt(_done: int, _total: int, _table: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(filled, other, interrupt)
    assert count_rows(other) == {}


def test_an_interrupted_backup_leaves_no_file(filled: Database, tmp_path: Path) -> None:
    def interrupt(_done: int, _total: int, _table: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(filled, tmp_path / "copy", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_no_password_is_seen_among_the_processes(filled: Database) -> None:
    place = backup._place(filled.engine.url)
    assert str(filled.engine.url.password) not in place
    assert backup._environment(filled.engine.url)["PGPASSWORD"] == filled.engine.url.password
    assert backup._reason("quiet") == "the tool gave no reason"
