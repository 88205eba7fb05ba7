"""``monitor search``: one query over the stored articles."""

from dataclasses import asdict
from datetime import datetime

import click
from rich.console import Console

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, progress_bars
from monitor.cli.since import SINCE
from monitor.cli.watchlist_show import evidence_lines, headline
from monitor.config.watchlist import load_watchlist
from monitor.errors import QueryError
from monitor.pipeline.backtest import Found
from monitor.pipeline.search import SearchWanted
from monitor.pipeline.search import search as search_for


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--since", type=SINCE, help="Only articles of this period: 30d, 12h, or a day.")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="0: all.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def search(query: tuple[str, ...], since: datetime | None, limit: int, as_json: bool) -> None:
    """Search the stored articles in the language of the watchlist, newest first.

    Both sides are searched, the original and its English. Lists of the watchlist (@latin_america) may be
    used. docs/watchlist.md explains the language.

    \b
    Examples:
      monitor search 'Petro AND (Benedetti OR Sarabia)'
      monitor search --since 7d '"Tren de Aragua" NEAR/20 @venezuela'
    """
    settings = prepared()
    text = " ".join(query)
    lists = load_watchlist(bootstrap.config_file(settings, "watchlist.yaml")).lists if "@" in text else {}
    wanted = SearchWanted(text, lists, since, limit, settings.workers or bootstrap.cores())
    with bootstrap.open_store(settings) as database, progress_bars(hidden=as_json) as progress:
        try:
            found = search_for(database, wanted, progress)
        except QueryError as error:
            raise QueryError(pointed(text, error), error.position, error.expected) from error
    if as_json:
        print_json([_object(one) for one in found])
        return
    print_found(found, limit)


def pointed(query: str, error: QueryError) -> str:
    """The error with the query and a mark under the place."""
    column = len(query[: error.position].expandtabs(1).replace("\n", " "))
    line = query.expandtabs(1).replace("\n", " ")
    return f"{error.message}\n  {line}\n  {' ' * column}^"


def print_found(found: list[Found], limit: int) -> None:
    """Each article with its evidence."""
    console = Console()
    for one in found:
        console.print(headline(one), highlight=False)
        console.print(f"  {one.article.url}", style="dim", highlight=False, markup=False, soft_wrap=True)
        for line in evidence_lines(one):
            console.print(line, highlight=False)
    more = " There may be more: --limit 0 shows all." if limit and len(found) == limit else ""
    console.print(f"{len(found)} articles.{more}", highlight=False)


def _object(found: Found) -> dict[str, object]:
    return asdict(found.article) | {
        "score": found.score,
        "evidence": [asdict(evidence) for evidence in found.evidence],
    }
