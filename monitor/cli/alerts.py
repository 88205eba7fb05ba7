"""``monitor alerts``: what was found, why, and what the analysts say of it."""

import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.digest import write_bytes
from monitor.cli.settings import prepared
from monitor.cli.show import alerts_table, print_json
from monitor.cli.since import SINCE
from monitor.errors import InputError
from monitor.model import Evidence, Mark, StoredAlert, TriageStatus
from monitor.pipeline.changes import Diff
from monitor.pipeline.looks import history as edits_of
from monitor.pipeline.report import alert_object, find_alerts
from monitor.pipeline.triage import Judgement, history, mark_alerts, mark_story
from monitor.steps.digest import export_csv, export_jsonl, export_parquet

STATUSES = click.Choice([status.value for status in TriageStatus])
#: format of an export → the bytes of its file
FORMS: dict[str, Callable[[Sequence[StoredAlert]], bytes]] = {
    "csv": lambda found: export_csv(found).encode(),
    "excel": lambda found: export_csv(found).encode("utf-8-sig"),
    "jsonl": lambda found: export_jsonl(found).encode(),
    "parquet": export_parquet,
}


@click.group()
def alerts() -> None:
    """List, show, mark and export alerts."""


@alerts.command("list")
@click.option("--topic", default="", help="Only this topic.")
@click.option("--outlet", default="", help="Only this outlet.")
@click.option("--days", type=click.IntRange(min=1), help="Only those of the last days.")
@click.option("--status", type=STATUSES, default=None, help="Only those that were marked so.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def list_(topic: str, outlet: str, days: int | None, status: str | None, as_json: bool) -> None:
    """List alerts by topic, the strongest first.

    \b
    Examples:
      monitor alerts list --days 1
      monitor alerts list --topic iran-latin-america --status new --json
    """
    since = bootstrap.utc_now() - timedelta(days=days) if days else None
    with bootstrap.open_store(prepared()) as database:
        found = find_alerts(database, topic=topic, outlet=outlet, since=since, status=status or "")
    objects = [alert_object(alert) for alert in found]
    if as_json:
        print_json(objects)
    elif objects:
        Console().print(alerts_table(objects, most=len(objects)))
    else:
        click.echo("No alerts. Run: monitor once")


@alerts.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def show(number: int, as_json: bool) -> None:
    """Show one alert: both headlines, every piece of evidence in both languages, the address, its marks."""
    with bootstrap.open_store(prepared()) as database:
        found = find_alerts(database, alert_id=number)
        marks = history(database, number)
        edits = edits_of(database, found[0].article_id) if found else []
    if not found:
        raise InputError(f"there is no alert {number}; see: monitor alerts list")
    if as_json:
        shown = alert_object(found[0]) | {"marks": [mark_object(mark) for mark in marks]}
        print_json(shown | {"change": found[0].change, "edits": [edit_object(*edit) for edit in edits]})
        return
    print_alert(found[0])
    for edit in edits:
        print_edit(*edit)
    for mark in marks:
        click.echo(f"{mark.at:%Y-%m-%d %H:%M} {mark.who}: {mark.status.value} {mark.note}".rstrip())


def edit_object(seen: datetime, diff: Diff) -> dict[str, object]:
    """One edit of the article as plain values."""
    lines = [{"sign": sign, "sentence": sentence} for sign, sentence in diff.lines]
    return {"seen": seen.isoformat(), "summary": diff.summary, "diff": lines}


def print_edit(seen: datetime, diff: Diff) -> None:
    """Show one edit of the article as text."""
    console = Console()
    console.print(f"[bold]changed, seen {seen:%Y-%m-%d %H:%M} UTC:[/] {diff.summary}", highlight=False)
    sign_styles = {"-": "red", "+": "green"}
    for sign, sentence in diff.lines:
        console.print(f"  {sign} {escape(sentence)}", style=sign_styles[sign], highlight=False)


def mark_object(mark: Mark) -> dict[str, object]:
    """One mark as plain values."""
    return {
        "status": mark.status.value,
        "who": mark.who,
        "at": mark.at.isoformat(),
        "note": mark.note,
        "story": mark.story_id or None,
    }


def print_alert(alert: StoredAlert) -> None:
    """Show one alert as text."""
    console = Console()
    console.print(f"[bold]{escape(alert.title_en or alert.title)}[/]")
    console.print(escape(alert.title), style="italic")
    console.print(
        f"{alert.outlet_name} ({alert.country or '?'}, {alert.kind}), {alert.published_at or 'no date'}"
    )
    story = f", story {alert.story_id}" if alert.story_id else ""
    console.print(
        f"topic {alert.topic} v{alert.topic_version}, score {alert.score:.2f}, text from {alert.content}, "
        f"{alert.status}{story}"
    )
    console.print(alert.url, highlight=False)
    if alert.change:
        console.print(escape(alert.change), style="yellow", highlight=False)
    for quoted, terms in by_sentence(alert.evidence).items():
        place, sentence, sentence_en = quoted
        console.print(f"• [bold]{escape(', '.join(terms))}[/] in {place}: {escape(sentence)}")
        if sentence_en:
            console.print(f"  {escape(sentence_en)}", style="dim")


def by_sentence(evidence: Sequence[Evidence]) -> dict[tuple[str, str, str], list[str]]:
    """(Field, sentence, the same in the other language) → the terms in it, each once."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in evidence:
        terms = found.setdefault(
            (one.field.value, one.sentence, one.sentence_en or one.sentence_original), []
        )
        if one.term not in terms:
            terms.append(one.term)
    return found


@alerts.command()
@click.argument("numbers", metavar="ID…", type=int, nargs=-1, required=True)
@click.option("--as", "status", type=STATUSES, required=True, help="What you say of them.")
@click.option("--note", default="", help="Why, in your words.")
@click.option("--who", default=getpass.getuser, show_default="your user name", help="Who says so.")
@click.option("--story", "of_stories", is_flag=True, help="The numbers are stories: mark all their alerts.")
def mark(numbers: Sequence[int], status: str, note: str, who: str, of_stories: bool) -> None:
    """Mark alerts or stories; earlier marks are kept, the newest counts.

    \b
    Examples:
      monitor alerts mark 12 15 --as not-relevant --note "football"
      monitor alerts mark 3 --story --as escalated
    """
    said = Judgement(TriageStatus(status), who, note)
    with bootstrap.open_store(prepared()) as database:
        if of_stories:
            count = sum(mark_story(database, bootstrap.utc_now, number, said) for number in numbers)
        else:
            count = mark_alerts(database, bootstrap.utc_now, numbers, said)
    click.echo(f"Marked as {status}: {count} alert{'s' * (count != 1)}")


@alerts.command()
@click.option("--topic", default="", help="Only this topic.")
@click.option("--since", type=SINCE, help="Only those raised since: 36h, 7d, 2w or 2026-11-01.")
@click.option("--status", type=STATUSES, default=None, help="Only those that were marked so.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A file instead of standard output.")
def export(topic: str, since: datetime | None, status: str | None, form: str, out: Path | None) -> None:
    """Write alerts as a table for other programs; a spreadsheet executes nothing of it.

    Format excel is CSV with the mark by which Excel knows UTF-8; parquet needs two libraries more.

    \b
    Examples:
      monitor alerts export --since 7d --format excel --out alerts.csv
      monitor alerts export --format jsonl | jq .title_en
    """
    if form == "parquet" and out is None and sys.stdout.isatty():
        raise InputError("Parquet is no text; name a file with --out")
    with bootstrap.open_store(prepared()) as database:
        written = FORMS[form](find_alerts(database, topic=topic, since=since, status=status or ""))
    if out:
        write_bytes(out, written)
        click.echo(f"Written: {out}")
    else:
        sys.stdout.buffer.write(written)
