"""``monitor alerts``: what was found, and why."""

from datetime import timedelta

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import alerts_table, print_json
from monitor.errors import InputError
from monitor.model import StoredAlert
from monitor.pipeline.report import alert_object, find_alerts


@click.group()
def alerts() -> None:
    """List alerts, or show one with its evidence."""


@alerts.command("list")
@click.option("--topic", default="", help="Only this topic.")
@click.option("--outlet", default="", help="Only this outlet.")
@click.option("--days", type=click.IntRange(min=1), help="Only those of the last days.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def list_(topic: str, outlet: str, days: int | None, as_json: bool) -> None:
    """List alerts by topic, the strongest first.

    \b
    Examples:
      monitor alerts list --days 1
      monitor alerts list --topic iran-latin-america --json
    """
    since = bootstrap.utc_now() - timedelta(days=days) if days else None
    with bootstrap.open_store(prepared()) as database:
        found = find_alerts(database, topic=topic, outlet=outlet, since=since)
    objects = [alert_object(alert) for alert in found]
    if as_json:
        print_json(objects)
    elif objects:
        Console().print(alerts_table(objects))
    else:
        click.echo("No alerts. Run: monitor once")


@alerts.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def show(number: int, as_json: bool) -> None:
    """Show one alert: both headlines, every piece of evidence in both languages, the address."""
    with bootstrap.open_store(prepared()) as database:
        found = find_alerts(database, alert_id=number)
    if not found:
        raise InputError(f"there is no alert {number}; see: monitor alerts list --json")
    if as_json:
        print_json(alert_object(found[0]))
        return
    print_alert(found[0])


def print_alert(alert: StoredAlert) -> None:
    """Show one alert as text."""
    console = Console()
    console.print(f"[bold]{escape(alert.title_en or alert.title)}[/]")
    console.print(escape(alert.title), style="italic")
    console.print(
        f"{alert.outlet_name} ({alert.country or '?'}, {alert.kind}), {alert.published_at or 'no date'}"
    )
    console.print(
        f"topic {alert.topic} v{alert.topic_version}, score {alert.score:.2f}, text from {alert.content}"
    )
    console.print(alert.url, highlight=False)
    for evidence in alert.evidence:
        console.print(
            f"• [bold]{escape(evidence.term)}[/] in {evidence.field.value}: {escape(evidence.sentence)}"
        )
        if evidence.sentence_en:
            console.print(f"  {escape(evidence.sentence_en)}", style="dim")
