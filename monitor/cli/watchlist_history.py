"""``monitor watchlist log|diff|test|apply``: the history of the file, and what an edit would do."""

import getpass
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, progress_bars
from monitor.cli.since import SINCE
from monitor.cli.watchlist_show import print_applied, print_backtest, print_difference, print_log
from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.config.watchlist_changes import difference
from monitor.errors import InputError
from monitor.pipeline.backtest import SHOWN, Wanted, backtest
from monitor.pipeline.files import apply_file
from monitor.pipeline.history import edition_in_force, log_objects, what_changed
from monitor.pipeline.rematch import Missing, Rematch, count_missing, missing_alerts, raise_alerts

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value and nothing else.")
_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)


@click.command()
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="0: all.")
@_JSON
def log(limit: int, as_json: bool) -> None:
    """List the versions of the watchlist: when, by whom, what changed."""
    with bootstrap.open_store(prepared()) as database:
        versions = log_objects(database, limit)
    if as_json:
        print_json(versions)
        return
    print_log(versions)


@click.command("diff")
@click.argument("first", metavar="[VERSION|FILE]", default="")
@click.argument("second", metavar="[VERSION|FILE]", default="")
@_JSON
def diff_(first: str, second: str, as_json: bool) -> None:
    """Say what changed, topic by topic.

    \b
    monitor watchlist diff                 from the version in force to the file as it is now
    monitor watchlist diff edited.yaml     from the version in force to another file
    monitor watchlist diff 7               what version 7 changed
    monitor watchlist diff 4 7             from version 4 to version 7
    monitor watchlist diff 4 edited.yaml   from version 4 to a file
    """
    settings = prepared()
    with bootstrap.open_store(settings) as database:
        found, compared = what_changed(
            database, first, second, bootstrap.config_file(settings, "watchlist.yaml")
        )
    if as_json:
        print_json({"compared": compared} | asdict(found))
        return
    print_difference(found, compared)


@click.command()
@_FILE
@click.option("--since", type=SINCE, default="30d", show_default=True, help="Articles of this period.")
@click.option("--topic", "topics", multiple=True, help="Only this topic; may be given several times.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=SHOWN, show_default=True, help="Alerts shown; 0: all."
)
@_JSON
def test(file: Path | None, since: datetime, topics: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Run an edited file over the stored articles: alerts gained and lost, terms never found.

    It is compared with the version in force. Topics that an edit leaves alone are left out unless they are
    named. Nothing is written: no alert, no version.

    \b
    Examples:
      monitor watchlist test edited.yaml
      monitor watchlist test --since 7d --topic iran-latin-america edited.yaml
    """
    settings = prepared()
    path = file or bootstrap.config_file(settings, "watchlist.yaml")
    new = load_watchlist(path)
    with bootstrap.open_store(settings) as database, progress_bars(hidden=as_json) as progress:
        number, old = edition_in_force(database)
        _check_topics(topics, old, new)
        wanted = Wanted(since, topics, limit, settings.workers or bootstrap.cores())
        outcome = backtest(database, old, new, wanted, progress)
    if as_json:
        print_json({"file": str(path), "version": number, "since": since.isoformat()} | asdict(outcome))
        return
    print_backtest(outcome, f"{path} beside version {number}" if number else f"{path}, the first version")


def _check_topics(topics: tuple[str, ...], *editions: Watchlist) -> None:
    for topic in topics:
        if not any(edition.topic(topic) for edition in editions):
            raise InputError(f"there is no topic {topic!r}; see the ids in the watchlist")


@click.command()
@_FILE
@click.option("--who", default=getpass.getuser, help="Who applies it (default: the user of this machine).")
@click.option("--note", default="", help="Why, for the log.")
@click.option("--rematch", type=SINCE, help="Raise its alerts in stored articles of this period, as 30d.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@_JSON
def apply(
    file: Path | None, who: str, note: str, rematch: datetime | None, dry_run: bool, as_json: bool
) -> None:
    """Put a file into force now, and into the place from which every process reads it.

    With --rematch it is also run over the stored articles; what it finds and no alert tells yet becomes
    an alert of its new version, once. Alerts that it would no longer raise stay.

    \b
    Examples:
      monitor watchlist apply edited.yaml --note "dockers' strike" --rematch 30d --dry-run
    """
    settings = prepared()
    path = file or bootstrap.config_file(settings, "watchlist.yaml")
    new = load_watchlist(path)
    with bootstrap.open_store(settings) as database, progress_bars(hidden=as_json) as progress:
        done: dict[str, Any] = {"file": str(path), "dry_run": dry_run}
        done["changes"] = difference(edition_in_force(database, strict=False)[1], new)
        missing: list[Missing] = []
        if rematch is not None:
            workers = settings.workers or bootstrap.cores()
            missing = missing_alerts(database, new, Rematch(rematch, workers), progress)
            done["alerts"] = count_missing(missing)
        if not dry_run:
            target = settings.config / "watchlist.yaml"
            applied = apply_file(database, path, target, who, bootstrap.utc_now(), note)
            raised = raise_alerts(database, new, applied.versions, missing, bootstrap.utc_now())
            done |= {"version": applied.number, "new": applied.new, "raised": raised}
    if as_json:
        print_json(done | {"changes": asdict(done["changes"])})
        return
    print_applied(done)


#: what this file adds to ``monitor watchlist``
VERBS = (log, diff_, test, apply)
