"""``monitor doctor | backup | restore | db | settings``: for whoever operates it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.health import FAILED, checks
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, progress_bars, table
from monitor.errors import InputError
from monitor.settings import listed
from monitor.storage.backup import Progress, back_up, count_rows, move
from monitor.storage.backup import restore as bring_back
from monitor.storage.session import Database, open_database


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def settings(as_json: bool) -> None:
    """List every setting, its value with secrets hidden, and where that came from."""
    found = listed(prepared())
    if as_json:
        print_json({"settings": [asdict(one) for one in found]})
        return
    shown = table("Settings", "variable", "value", "from")
    for one in found:
        shown.add_row(one.variable, escape(one.value), one.origin)
    Console().print(shown)


@click.command()
@click.option("--offline", is_flag=True, help="Do not try the mail server and the outlets.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def doctor(offline: bool, as_json: bool) -> None:
    """Check everything the program needs, and say how to mend it; exit status 1 where something is wrong.

    \b
    Examples:
      monitor doctor
      monitor doctor --json | jq '.checks[] | select(.status != "ok")'
    """
    found = list(checks(prepared(), offline=offline))
    if as_json:
        print_json({"checks": [asdict(one) for one in found]})
    else:
        for one in found:
            click.echo(f"{one.status.upper():8}{one.name}: {one.found}")
            if one.mend:
                click.echo(f"{'':8}-> {one.mend}")
    raise SystemExit(any(one.status == FAILED for one in found))


@contextmanager
def bars() -> Iterator[Progress]:
    """Progress of a copy, table by table."""
    with progress_bars(hidden=False) as progress:
        yield lambda done, total, _: progress("copy", done + 1, total)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would be written, and do nothing.")
def backup(file: Path, dry_run: bool) -> None:
    """Write the whole database into FILE, in pg_dump's own format; services may go on meanwhile.

    \b
    Example:
      monitor backup /backups/monitor-$(date +%F).dump
    """
    with bootstrap.open_store(prepared()) as database:
        if dry_run:
            say(count_rows(database), f"would be written to {file}")
            return
        with bars() as progress:
            back_up(database, file, progress)
    click.echo(f"Written: {file} ({file.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Say what would be replaced, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, dry_run: bool, yes: bool) -> None:
    """Put the database back as it was in FILE; what it holds now is gone. Stop all services first.

    Where anything goes wrong nothing is changed.
    """
    with bootstrap.open_store(prepared()) as database:
        say(count_rows(database), "would be replaced" if dry_run else "will be replaced")
        if dry_run:
            return
        if not yes:
            click.confirm("Replace them?", abort=True)
        with bars() as progress:
            bring_back(database, file, progress)
        database.migrate()
        say(count_rows(database), "are there now")


@click.group()
def db() -> None:
    """Bring the database up to date, or move it to a server's Postgres."""


@db.command()
def migrate() -> None:
    """Bring the schema to the newest version; workers of the version before may go on meanwhile."""
    with bootstrap.open_store(prepared()):
        click.echo("The database is up to date.")


@db.command("move")
@click.argument("url")
@click.option("--dry-run", is_flag=True, help="Say what would be copied, and do nothing.")
def move_(url: str, dry_run: bool) -> None:
    """Copy everything into the empty database at URL and count it there. Stop all services first.

    \b
    Example:
      monitor db move postgresql://monitor:secret@db.example.org/monitor
      (then set DATABASE_URL to it)
    """
    with bootstrap.open_store(prepared()) as source, opened(url) as target:
        if source.url == target.url:
            raise InputError("this is the database that is in use; name another one")
        if dry_run:
            say(count_rows(source), "would be copied")
            return
        with bars() as progress:
            rows = move(source, target, progress)
        target.check_schema()
    say(rows, "were copied and counted")
    click.echo("Now set DATABASE_URL to the new address, and start the services.")


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Another database than the one that is set."""
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def say(rows: dict[str, int], what: str) -> None:
    """How many rows of the tables that matter to people."""
    shown = ", ".join(f"{rows.get(name, 0)} {name}" for name in ("articles", "alerts", "digests", "outlets"))
    click.echo(f"{shown}: these {what}.")
