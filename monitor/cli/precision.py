"""``monitor watchlist precision``: what the analysts' marks say of topics and terms."""

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, table
from monitor.pipeline.triage import ENOUGH, precision


@click.command("precision")
@click.option("--topic", default="", help="Only this topic.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def measured(topic: str, as_json: bool) -> None:
    """Show how many of the alerts that were marked were relevant, by topic, version and term.

    Relevant and escalated alerts count as right, not relevant ones as wrong; new ones do not count. A term's
    share is that of the alerts whose evidence names it.

    \b
    Examples:
      monitor watchlist precision
      monitor watchlist precision --topic cuba --json
    """
    with bootstrap.open_store(prepared()) as database:
        found = [one for one in precision(database) if not topic or one.topic == topic]
    if as_json:
        print_json(
            [
                {"topic": one.topic, "version": one.version, "term": one.term, "judged": one.judged}
                | {"relevant": one.relevant, "precision": round(one.share, 3)}
                for one in found
            ]
        )
        return
    if not found:
        click.echo("No alert was marked yet. Run: monitor alerts mark ID --as relevant")
        return
    shown = table("Precision", "topic", "version", "term", "judged", "relevant", "share")
    for one in found:
        share = f"{one.share:.0%}" if one.judged >= ENOUGH else f"({one.share:.0%}, few)"
        version = str(one.version) if one.version else "all"
        shown.add_row(one.topic, version, escape(one.term), str(one.judged), str(one.relevant), share)
    Console().print(shown)
