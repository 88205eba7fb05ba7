"""The command line: thin, one file a group of verbs, each loaded only when it is called."""

import importlib
import sys

import click

from monitor import __version__
from monitor.errors import MonitorError

#: verb → module and name of its click command
VERBS = {
    "demo": "monitor.cli.demo:demo",
    "init": "monitor.cli.run:init",
    "once": "monitor.cli.run:once",
    "status": "monitor.cli.run:status",
    "alerts": "monitor.cli.alerts:alerts",
    "digest": "monitor.cli.digest:digest",
    "extract": "monitor.cli.extract:extract",
    "detect": "monitor.cli.extract:detect",
    "translate": "monitor.cli.translate:translate",
    "match": "monitor.cli.match:match",
    "models": "monitor.cli.models:models",
    "glossary": "monitor.cli.glossary:glossary",
    "watchlist": "monitor.cli.watchlist:watchlist",
    "outlets": "monitor.cli.outlets:outlets",
}


class LazyGroup(click.Group):
    """A group whose verbs are imported when they are used, so that ``monitor match`` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the verbs in the order of a day's work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one verb, None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """News of Latin America: collected, translated, matched and explained on your own server.

    \b
    A first day:
      monitor demo           see it work on a sample day
      monitor init           make config files and the database here
      monitor once           fetch, read, match and write a digest, once
      monitor alerts list    what was found, and why
    """


def main() -> None:
    """Run the command line; our own errors become one sentence and exit status 1."""
    try:
        cli(standalone_mode=True)
    except MonitorError as error:
        click.echo(f"monitor: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
