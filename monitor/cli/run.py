"""``monitor init``, ``monitor once`` and ``monitor status``."""

import shutil
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.cycle import run_cycle
from monitor.cli.settings import prepared
from monitor.cli.show import outlets_table, print_json, print_report, progress_bars
from monitor.pipeline.report import status as status_of
from monitor.settings import shipped

CONFIG_FILES = (
    "outlets.yaml",
    "watchlist.yaml",
    "exemplars.tsv",
    "exemplars.npz",
    "glossary.yaml",
    "digests.yaml",
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def init(as_json: bool) -> None:
    """Make the config folder, the data folder and the database; nothing that exists is touched.

    \b
    Afterwards edit config/outlets.yaml and config/watchlist.yaml, then: monitor once
    """
    settings = prepared()
    made = [str(path) for path in copy_config(settings.config)]
    with bootstrap.open_store(settings):
        pass
    if as_json:
        print_json({"config": str(settings.config), "data": str(settings.data), "made": made})
        return
    for path in made:
        click.echo(f"made {path}")
    click.echo(f"Database ready in {settings.data}. Next: edit {settings.config}, then run: monitor once")


def copy_config(folder: Path) -> list[Path]:
    """Put the shipped analysts' files where there are none yet.

    :returns: the files that were made.
    """
    bootstrap.make_folder(folder)
    made = []
    for name in CONFIG_FILES:
        source, target = shipped("config") / name, folder / name
        if source.exists() and not target.exists():
            shutil.copyfile(source, target)
            made.append(target)
    return made


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def once(as_json: bool) -> None:
    """Fetch every outlet, read, translate and match what is new, write a digest of it; then end.

    \b
    Examples:
      monitor once
      monitor once --json | jq '.alerts | length'
    """
    settings = prepared()
    with (
        progress_bars(hidden=as_json) as progress,
        bootstrap.monitor(settings, progress=progress) as context,
    ):
        cycle = run_cycle(context)
    if as_json:
        print_json(cycle.report | {"digest": str(cycle.digest)})
        return
    print_report(cycle.report)
    click.echo(f"Digest: {cycle.digest}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def status(as_json: bool) -> None:
    """Say how everything stands: articles, outlets that need attention, errors in the analysts' files."""
    with bootstrap.open_store(prepared()) as database:
        found = status_of(database, bootstrap.utc_now())
    if as_json:
        print_json(found)
        return
    print_status(found)


def print_status(found: dict[str, Any]) -> None:
    """Show the status as text."""
    console = Console()
    states = ", ".join(f"{count} {state}" for state, count in sorted(found["articles"].items()))
    console.print(f"Articles: {states or 'none yet'}; alerts: {found['alerts']}")
    version = found["watchlist"]["version"]
    console.print(f"Watchlist: version {version}" if version else "Watchlist: none applied yet")
    for name, error in found["config_errors"].items():
        console.print(f"[red]{name}[/]: {error} (the last good version stays in force)")
    for one in found["undelivered"]:
        said = "given up" if one["state"] == "failed" else "still waits"
        why = escape(one["reason"] or "its way is not set up, or nobody sends")
        console.print(
            f"[red]Digest {one['digest_id']} ({one['subscription']}) by {one['channel']}[/]: {said}: {why}"
        )
    for outlet, change in found["recovered"].items():
        console.print(f"[green]{outlet}[/]: {escape(change)}")
    attention = [one for one in found["outlets"] if one["status"] not in {"ok", ""} or one.get("alarm")]
    if attention:
        console.print(outlets_table(attention))
    elif found["outlets"]:
        console.print("Every outlet that was polled is well.")
    else:
        console.print("No outlet was polled yet. Run: monitor once")
