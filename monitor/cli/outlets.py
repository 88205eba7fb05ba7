"""``monitor outlets``: the catalogue, how collection goes, and edits of the file."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import STYLES, outlets_table, print_json, progress_bars, table
from monitor.config.opml import read_opml, write_opml
from monitor.config.outlets import add_outlet, load_outlets, move_feed, outlet_entry, set_enabled
from monitor.errors import InputError
from monitor.model import Outlet
from monitor.pipeline.discover import discover
from monitor.pipeline.health import health as health_of
from monitor.pipeline.health import moves
from monitor.pipeline.report import status as status_of
from monitor.pipeline.trying import Trial
from monitor.pipeline.trying import check as check_now
from monitor.settings import Settings

FILE = "outlets.yaml"
_YES = click.option("--yes", is_flag=True, help="Write it; without, only say what would be written.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group()
def outlets() -> None:
    """List outlets, see how their collection goes, edit the catalogue."""


@outlets.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those not collected yet or switched off.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def list_(everything: bool, as_json: bool) -> None:
    """List every outlet that was collected, with its status."""
    settings = prepared()
    with bootstrap.open_store(settings) as database:
        found = status_of(database, bootstrap.utc_now())["outlets"]
    known = {outlet["id"] for outlet in found}
    others = [one for one in load_outlets(bootstrap.config_file(settings, FILE)) if one.id not in known]
    if everything:
        found += [_not_collected(outlet) for outlet in others]
    if as_json:
        print_json(found)
        return
    Console().print(outlets_table(found))
    if others and not everything:
        off = sum(not outlet.enabled for outlet in others)
        click.echo(f"{len(others)} more in the catalogue, {off} of them switched off; --all lists them.")


def _not_collected(outlet: Outlet) -> dict[str, Any]:
    status = "" if outlet.enabled else "off"
    shown = {"id": outlet.id, "status": status, "since": None, "entries": 0, "articles": 0}
    return shown if outlet.enabled else shown | {"error": outlet.note}


@outlets.command()
@click.argument("outlet", default="")
@_JSON
def health(outlet: str, as_json: bool) -> None:
    """Say how each outlet stands, since when and why, what changed lately, and what moved.

    \b
    Examples:
      monitor outlets health
      monitor outlets health infobae --json | jq '.[0].feeds'
    """
    with bootstrap.open_store(prepared()) as database:
        found = health_of(database, bootstrap.utc_now(), outlet)
    if outlet and not found:
        raise InputError(f"outlet {outlet!r} was never collected; see: monitor outlets list")
    if as_json:
        print_json(found)
    else:
        _print_health(found)


def _print_health(found: Sequence[dict[str, Any]]) -> None:
    shown = table("Outlets", "outlet", "status", "since", "today", "usual", "what to know")
    for outlet in found:
        status = outlet["status"] or "not yet"
        moved = [f"moved to {feed['moved_to']}" for feed in outlet["feeds"] if feed["moved_to"]]
        changes = [f"{change['at']:%m-%d %H:%M} {change['told']}" for change in outlet["changes"][:3]]
        known = [outlet["reason"], outlet["alarm"], *outlet["faults"], *moved, *changes]
        shown.add_row(
            outlet["id"] + ("" if outlet["enabled"] else " (off)"),
            f"[{STYLES.get(status, 'dim')}]{status}[/]",
            f"{outlet['since']:%Y-%m-%d %H:%M}" if outlet["since"] else "",
            str(outlet["today"]),
            "–".join(map(str, outlet["usual"])) if outlet["usual"] else "",
            escape("; ".join(filter(None, known))),
        )
    Console().print(shown)


@outlets.command()
@click.argument("outlet", default="")
@_JSON
def check(outlet: str, as_json: bool) -> None:
    """Try the ways in of one outlet, or of all, now, and say what they answer; nothing is stored.

    Exit status 1 when an outlet has no way in that lists anything.
    """
    with (
        progress_bars(hidden=as_json) as progress,
        bootstrap.monitor(prepared(), progress=progress) as context,
    ):
        found = check_now(context, outlet)
    objects = [{"id": one.id, "ways": [_trial(trial) for trial in trials]} for one, trials in found]
    if as_json:
        print_json(objects)
    else:
        Console().print(_trials_table([(one.id, trial) for one, trials in found for trial in trials]))
    useless = [one.id for one, trials in found if not any(trial.entries for trial in trials)]
    sys.exit(1 if useless else 0)


def _trial(trial: Trial) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "url": trial.source.url,
        "kind": trial.source.kind.value,
        "status": trial.status.value,
        "format": trial.format,
        "entries": trial.entries,
        "newest": trial.newest,
    }
    more = {"reason": trial.reason, "moved_to": trial.moved_to, "problems": list(trial.problems)}
    return shown | {key: value for key, value in more.items() if value}


def _trials_table(trials: Sequence[tuple[str, Trial]]) -> Any:
    shown = table("Ways in", "outlet", "address", "status", "entries", "newest", "what to know")
    for outlet_id, trial in trials:
        moved = f"moved to {trial.moved_to}" if trial.moved_to else ""
        style = STYLES.get(trial.status, "dim")
        shown.add_row(
            outlet_id,
            escape(trial.source.url),
            f"[{style}]{trial.status.value}[/]",
            f"{trial.entries} {trial.format}".strip(),
            f"{trial.newest:%Y-%m-%d %H:%M}" if trial.newest else "",
            escape("; ".join(filter(None, [trial.reason, moved, *trial.problems]))),
        )
    return shown


@outlets.command()
@click.argument("outlet")
@click.option("--reason", required=True, help="Why, for those who find it later.")
@_YES
def disable(outlet: str, reason: str, yes: bool) -> None:
    """Switch an outlet off in config/outlets.yaml; it stays in the catalogue with the reason."""
    _switch(outlet, enabled=False, reason=reason, yes=yes)


@outlets.command()
@click.argument("outlet")
@_YES
def enable(outlet: str, yes: bool) -> None:
    """Switch an outlet on in config/outlets.yaml."""
    _switch(outlet, enabled=True, reason="", yes=yes)


def _switch(outlet: str, *, enabled: bool, reason: str, yes: bool) -> None:
    path = _own_file(prepared())
    if outlet not in {one.id for one in load_outlets(path)}:
        raise InputError(f"there is no outlet {outlet!r} in {path}")
    if yes:
        set_enabled(path, outlet, enabled, reason)
    _said(f"{outlet}: enabled: {str(enabled).lower()}" + (f", note: {reason}" if reason else ""), path, yes)


@outlets.command()
@click.argument("url")
@_YES
@_JSON
def add(url: str, yes: bool, as_json: bool) -> None:
    """Find the ways in of an outlet from the address of its front page, try them, and add the outlet.

    \b
    Examples:
      monitor outlets add https://www.laprensa.hn
      monitor outlets add https://www.laprensa.hn --yes
    """
    settings = prepared()
    path = _own_file(settings)
    taken = {one.id for one in load_outlets(path)}
    with bootstrap.build_fetcher(settings) as fetcher:
        found = discover(fetcher, url, bootstrap.utc_now(), taken)
    entry = outlet_entry(found.outlet)
    if not as_json:
        Console().print(_trials_table([(found.outlet.id, trial) for trial in found.trials]))
    if yes:
        add_outlet(path, found.outlet)
    if as_json:
        print_json({"outlet": entry, "written": yes, "tried": [_trial(trial) for trial in found.trials]})
        return
    for key, value in entry.items():
        click.echo(f"{key}: {value}")
    _said(found.outlet.id, path, yes)


@outlets.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["es", "pt"]), default="es", help="Where the file says none.")
@_YES
def import_(file: Path, language: str, yes: bool) -> None:
    """Add the outlets of an OPML file that are not in the catalogue yet."""
    path = _own_file(prepared())
    known = load_outlets(path)
    try:
        listed = read_opml(file.read_bytes(), language, {one.id: one.name for one in known})
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
    ids = {one.id for one in known}
    addresses = {source.url for one in known for source in one.feeds}
    for outlet in listed:
        new = not addresses & {source.url for source in outlet.feeds} and outlet.id not in ids
        if new and yes:
            add_outlet(path, outlet)
        ids.add(outlet.id)
        addresses.update(source.url for source in outlet.feeds)
        _said(outlet.id if new else f"{outlet.id}: is there already, left out", path, yes and new)


@outlets.command()
def export() -> None:
    """Print the feeds of the catalogue as OPML."""
    click.echo(write_opml(load_outlets(bootstrap.config_file(prepared(), FILE))), nl=False)


@outlets.command()
@_YES
def moved(yes: bool) -> None:
    """List the ways in that have moved for good; with --yes put the new addresses into the file."""
    settings = prepared()
    with bootstrap.open_store(settings) as database:
        found = moves(database, load_outlets(bootstrap.config_file(settings, FILE)))
    if not found:
        click.echo("No way in has moved.")
        return
    path = _own_file(settings)
    for feed in found:
        if yes:
            move_feed(path, feed.outlet_id, feed.url, feed.moved_to)
        _said(f"{feed.outlet_id}: {feed.url} has moved to {feed.moved_to}", path, yes)


def _own_file(settings: Settings) -> Path:
    path = settings.config / FILE
    if not path.exists():
        raise InputError(f"there is no {path} to write to; run: monitor init")
    return path


def _said(what: str, path: Path, written: bool) -> None:
    click.echo(f"{what}: written to {path}" if written else f"{what} (nothing written; --yes writes {path})")
