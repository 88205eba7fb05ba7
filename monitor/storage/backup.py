"""Backups in pg_dump's format, and the move of a whole database, with the tools that the program brings.

Whatever goes wrong, the database that is written to stays as it was: emptying, filling and checking it is one
transaction, and a backup file gets its name only when it is complete.
"""

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from psycopg.sql import SQL, Literal
from sqlalchemy import URL, text

from monitor.errors import DatabaseError, InputError
from monitor.storage.embedded.cluster import binary
from monitor.storage.session import Database

#: called with the number of tables begun, of all tables, and the name of the one that comes now
Progress = Callable[[int, int, str], None]

_Tool = subprocess.Popen[str]
# Owners, rights and comments belong to the server, not to the data.
_PORTABLE = ("--no-owner", "--no-privileges", "--no-comments", "--verbose")
_TABLE = re.compile(r'(?:dumping contents of|processing data for) table "public\.([^"]+)"')
_SAID = re.compile(r"(?:ERROR|FATAL|error): +(.+)")
_EMPTY = """
DO $$
DECLARE command text; commands text[];
BEGIN
  SET LOCAL lock_timeout = '60s';
  -- All names are read before anything is dropped: a thing dropped with another has only its number left.
  SELECT array_agg(line) INTO commands FROM (
    SELECT format('DROP %s IF EXISTS %s CASCADE',
      CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
      ELSE 'TABLE' END, oid::regclass)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('e', 'a', 'i'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
    FROM pg_type WHERE typnamespace = 'public'::regnamespace AND (typtype IN ('e', 'd')
      OR typtype = 'c' AND (SELECT relkind FROM pg_class WHERE pg_class.oid = typrelid) = 'c')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
  ) AS found (line);
  FOREACH command IN ARRAY coalesce(commands, '{}') LOOP EXECUTE command; END LOOP;
END $$;
"""
_CHECK = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM public.alembic_version WHERE version_num = ANY({versions})) THEN
    RAISE EXCEPTION 'the copy was made by a newer monitor than this one';
  END IF;
END $$;
"""


def back_up(database: Database, path: Path, progress: Progress) -> None:
    """Write the whole database into one file, readable for us alone; an older file is replaced at the end.

    :raises DatabaseError: when the server refuses.
    :raises InputError: when the file cannot be written.
    """
    # Beside the target, so that giving it its name is one step.
    new = path.with_name(f".{path.name}.part")
    total = len(_tables(database))
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with _dump(database, "custom", file.fileno()) as dump:
                said = _follow(dump, total, progress)
            _must(dump, said)
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; choose another place") from error
    finally:
        new.unlink(missing_ok=True)


def restore(database: Database, path: Path, progress: Progress) -> None:
    """Put the database in the state of a backup; what it held before is gone. Migrate it afterwards.

    :raises InputError: when the file is missing or no backup.
    :raises DatabaseError: when the backup is damaged or newer than the program; nothing is changed then.
    """
    total = _tables_in(path)
    command = [str(binary("pg_restore")), *_PORTABLE, "--file=-", str(path)]
    _load(database, lambda output: _started(command, output), total, progress)


def move(source: Database, target: Database, progress: Progress) -> dict[str, int]:
    """Copy everything into another, empty database and count it there; nothing may write meanwhile.

    :return: the number of rows of each table.
    :raises DatabaseError: when the target already holds rows, a server refuses, or the counts differ.
    """
    filled = [table for table, rows in count_rows(target).items() if rows and table != "alembic_version"]
    if filled:
        raise DatabaseError(f"the new database already holds data (table {filled[0]}); move to an empty one")
    _load(target, lambda output: _dump(source, "plain", output), len(_tables(source)), progress)
    after = count_rows(target)
    if after != count_rows(source):
        raise DatabaseError("the old database changed while it was moved; stop all workers and move again")
    return after


def count_rows(database: Database) -> dict[str, int]:
    """The number of rows of each table."""
    tables = _tables(database)
    with database.session() as session:
        return {name: session.scalar(text(f'SELECT count(*) FROM public."{name}"')) or 0 for name in tables}


def _tables(database: Database) -> list[str]:
    with database.session() as session:
        statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        return list(session.scalars(text(statement)))


def _tables_in(path: Path) -> int:
    listing = [str(binary("pg_restore")), "--list", str(path)]
    done = subprocess.run(
        listing, capture_output=True, text=True, errors="replace", check=False, env=_environment()
    )
    if done.returncode != 0:
        raise InputError(
            f"{path} is no backup ({_reason(done.stderr)}); name a file that `monitor backup` wrote"
        )
    return done.stdout.count(" TABLE DATA public ")


def _dump(database: Database, form: str, output: int) -> _Tool:
    url = database.engine.url
    return _started([str(binary("pg_dump")), *_PORTABLE, f"--format={form}", _place(url)], output, url)


def _started(command: list[str], output: int, url: URL | None = None) -> _Tool:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=output, stderr=pipe, text=True, errors="replace", env=_environment(url)
    )


def _load(database: Database, start: Callable[[int], _Tool], total: int, progress: Progress) -> None:
    """Let psql empty the database, run the script that a tool writes and check the result, or change nothing.

    :param start: starts the tool, which writes to the descriptor it gets.

    We keep the script's pipe open ourselves until the tool has ended well: psql, which would take the end of
    a broken script for the end of the whole one, is killed before it can commit.
    """
    out, into = os.pipe()
    with tempfile.TemporaryFile("w+") as words, start(into) as tool, _loader(database, out, words) as loader:
        os.close(out)
        try:
            said = _follow(tool, total, progress)
            if tool.wait() != 0:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    loader.wait(0.5)
                loader.kill()
        except BaseException:
            loader.kill()
            tool.kill()
            raise
        finally:
            os.close(into)
        if loader.wait() > 0:
            words.seek(0)
            raise DatabaseError(f"nothing was changed: {_reason(words.read())}")
        _must(tool, said)


def _loader(database: Database, script: int, words: IO[str]) -> _Tool:
    check = SQL(_CHECK).format(versions=Literal(sorted(database.versions()))).as_string()
    act = [
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--command",
        _EMPTY,
        "--file=-",
        "--command",
        check,
    ]
    url = database.engine.url
    command = [str(binary("psql")), "--no-psqlrc", "--quiet", *act, _place(url)]
    return subprocess.Popen(
        command, stdin=script, stdout=words, stderr=words, text=True, env=_environment(url)
    )


def _follow(process: _Tool, total: int, progress: Progress) -> str:
    """Read what a tool says until it ends, telling of each table; returns its complaints."""
    seen: set[str] = set()
    said = ""
    assert process.stderr is not None
    for line in process.stderr:
        found = _TABLE.search(line)
        # A plain dump names each table twice.
        if found and found[1] not in seen:
            progress(len(seen), total, found[1])
            seen.add(found[1])
        elif _SAID.search(line):
            said += line
    return said


def _must(process: _Tool, said: str) -> None:
    if process.wait() != 0:
        raise DatabaseError(f"nothing was changed: {_reason(said)}")


def _reason(said: str) -> str:
    found = _SAID.search(said)
    return found[1] if found else "the tool gave no reason"


def _place(url: URL) -> str:
    """The address without the password, which others could read among the machine's processes."""
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string()


def _environment(url: URL | None = None) -> dict[str, str]:
    secret = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    return {**os.environ, **secret, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}
