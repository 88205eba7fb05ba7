"""``monitor outlets``: the catalogue and how collection goes."""

import click
from rich.console import Console

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import outlets_table, print_json
from monitor.pipeline.report import status as status_of


@click.group()
def outlets() -> None:
    """List outlets and how their collection goes."""


@outlets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def list_(as_json: bool) -> None:
    """List every outlet that was collected, with its status."""
    with bootstrap.open_store(prepared()) as database:
        found = status_of(database)["outlets"]
    if as_json:
        print_json(found)
    else:
        Console().print(outlets_table(found))
