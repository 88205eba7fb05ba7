"""``monitor demo``: a day of news replayed on this machine."""

import hashlib
from contextlib import ExitStack
from datetime import time
from pathlib import Path
from typing import Any

import click

from monitor import bootstrap
from monitor.cli.cycle import run_cycle
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, print_report, progress_bars
from monitor.config.digests import Schedule, Subscription
from monitor.demo.gateway import Gateway
from monitor.demo.sample_day import write_sample_day

SAMPLE = Subscription("sample", Schedule((time(0),)), title="Sample day")


@click.command()
@click.option(
    "--replay", type=click.Path(path_type=Path), help="Play this manifest instead of the sample day."
)
@click.option("--data", type=click.Path(path_type=Path), help="Data folder of its own (default: data/demo).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def demo(replay: Path | None, data: Path | None, as_json: bool) -> None:
    """Play a day of news from feed to digest, on this machine only.

    A gateway on a local port answers for the outlets from recorded pages; database, translation and
    matching are the real ones. Run it twice and nothing is fetched or told twice.

    \b
    Examples:
      monitor demo
      monitor demo --json | jq '.alerts[] | .topic'
      monitor demo --replay ../shared/real/replay.json --data /tmp/replay
    """
    folder = data or default_folder(replay)
    with ExitStack() as stack:
        manifest = replay or write_sample_day(folder / "sample", bootstrap.utc_now())
        gateway = stack.enter_context(Gateway(manifest))
        settings = prepared(data=folder, gateway=gateway.template)
        progress = stack.enter_context(progress_bars(hidden=as_json))
        context = stack.enter_context(bootstrap.monitor(settings, outlets=gateway.outlets, progress=progress))
        cycle = run_cycle(context, preview=SAMPLE)
    show(cycle.report, cycle.digest, as_json=as_json)


def default_folder(replay: Path | None) -> Path:
    """A data folder of its own for the sample day and for each manifest."""
    if replay is None:
        return Path("data") / "demo"
    return Path("data") / f"replay-{hashlib.sha256(str(replay.resolve()).encode()).hexdigest()[:8]}"


def show(report: dict[str, Any], digest: Path, *, as_json: bool) -> None:
    """The report as tables, or as one JSON object."""
    if as_json:
        print_json(report | {"digest": str(digest)})
        return
    print_report(report)
    click.echo(f"Digest: {digest}")
