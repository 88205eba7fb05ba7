"""The command line: thin, one file a group of verbs, each loaded only when it is called."""

import importlib
import sys

import click

from monitor import __version__
from monitor.errors import MonitorError

#: verb → module and name of its click command, and what the overview says of it, in the order of a day's work
VERBS = {
    "demo": ("monitor.cli.demo:demo", "Play a sample day of news from feed to digest."),
    "init": ("monitor.cli.run:init", "Make config files, data folder and database here."),
    "once": ("monitor.cli.run:once", "Fetch, read, match and write a digest, once."),
    "status": ("monitor.cli.run:status", "Say how everything stands and what needs attention."),
    "alerts": ("monitor.cli.alerts:alerts", "List, show, mark and export alerts."),
    "stories": ("monitor.cli.stories:stories", "List stories, or show one with all that tell it."),
    "digest": ("monitor.cli.digest:digest", "Preview, send and list digests."),
    "brief": ("monitor.cli.brief:brief", "Draft a brief with citations of a story or topic."),
    "watchlist": ("monitor.cli.watchlist:watchlist", "Check, test and apply the watchlist; its history."),
    "search": ("monitor.cli.search:search", "Search the stored articles in the watchlist's language."),
    "outlets": ("monitor.cli.outlets:outlets", "List, check, add and switch off outlets; say how they are."),
    "backfill": ("monitor.cli.backfill:backfill", "Get an outlet's articles of the past."),
    "ingest": ("monitor.cli.backfill:ingest", "Get single articles, or the pages of a WARC file."),
    "glossary": ("monitor.cli.glossary:glossary", "Check the glossary; suggest entries."),
    "models": ("monitor.cli.models:models", "List, install, remove and test translation models."),
    "run": ("monitor.cli.service:run", "Do everything in one process, for months."),
    "scheduler": ("monitor.cli.service:scheduler", "Put what is due into the queues; one of many leads."),
    "worker": ("monitor.cli.service:worker", "Do what waits in the queues."),
    "jobs": ("monitor.cli.service:jobs", "List and retry what was given up."),
    "doctor": ("monitor.cli.operate:doctor", "Check everything, and say how to mend it."),
    "backup": ("monitor.cli.operate:backup", "Write the whole database into one file."),
    "restore": ("monitor.cli.operate:restore", "Put the database back as it was in a backup."),
    "db": ("monitor.cli.operate:db", "Bring the database up to date, or move it to a server."),
    "settings": ("monitor.cli.operate:settings", "List every setting and where it came from."),
    "extract": ("monitor.cli.extract:extract", "Filter: an HTML page to headline, text and dates."),
    "detect": ("monitor.cli.extract:detect", "Filter: a text a line to its language."),
    "translate": ("monitor.cli.translate:translate", "Filter: a text a line to English."),
    "match": ("monitor.cli.match:match", "Filter: articles as JSON lines to topics with evidence."),
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
        module, name = VERBS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, text) for verb, (_, text) in VERBS.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
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
