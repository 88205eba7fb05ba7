"""How results look in a terminal: tables on standard output, progress on standard error."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from monitor.pipeline.context import Progress as Report

#: how many alerts of a topic a table shows
MOST_ALERTS = 6
STYLES = {"ok": "green", "empty": "yellow", "silent": "yellow", "broken": "red", "blocked": "red"}


def print_json(value: object) -> None:
    """One JSON value on standard output and nothing else."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def table(title: str, *columns: str) -> Table:
    """An empty table in our style."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


@contextmanager
def progress_bars(*, hidden: bool = False) -> Iterator[Report]:
    """Bars on standard error, one a step, as the steps report."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=hidden,
        transient=False,
    )
    tasks: dict[str, TaskID] = {}

    def report(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done, total=total)

    with bars:
        yield report


def print_report(report: Mapping[str, Any]) -> None:
    """Outlets, articles by language and state, alerts by topic."""
    console = Console()
    console.print(outlets_table(report["outlets"]))
    console.print(articles_table(report["articles"]))
    console.print(alerts_table(report["alerts"]))
    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in report["seconds"].items())
    console.print(f"Time: {steps}", highlight=False)


def outlets_table(outlets: Sequence[Mapping[str, Any]]) -> Table:
    """One row an outlet."""
    shown = table("Outlets", "outlet", "status", "since (UTC)", "entries", "articles", "what is wrong")
    for outlet in outlets:
        status = outlet["status"] or "not yet"
        wrong = outlet.get("error") or outlet.get("alarm") or "; ".join(outlet.get("problems", []))
        shown.add_row(
            outlet["id"],
            f"[{STYLES.get(status, 'dim')}]{status}[/]",
            (outlet["since"] or "")[:16].replace("T", " "),
            str(outlet["entries"]),
            str(outlet["articles"]),
            escape(wrong),
        )
    return shown


def articles_table(articles: Sequence[Mapping[str, Any]]) -> Table:
    """How many articles in each language and state."""
    shown = table("Articles", "language", "state", "text from", "articles", "words")
    counts: Counter[tuple[str, str, str]] = Counter()
    words: Counter[tuple[str, str, str]] = Counter()
    for article in articles:
        key = (article["language"] or "–", article["state"], article["content"] or "–")
        counts[key] += 1
        words[key] += article["words"]
    for key, count in sorted(counts.items()):
        shown.add_row(*key, str(count), f"{words[key]:,}")
    return shown


def alerts_table(alerts: Sequence[Mapping[str, Any]], most: int = MOST_ALERTS) -> Table:
    """The best alerts of each topic, with numbers and what raised them; beyond ``most`` they are counted."""
    shown = table("Alerts", "id", "topic", "English title", "outlet", "evidence", "status")
    seen: Counter[str] = Counter()
    for alert in alerts:
        seen[alert["topic"]] += 1
        if seen[alert["topic"]] <= most:
            terms = ", ".join(dict.fromkeys(evidence["term"] for evidence in alert["evidence"]))
            headline = alert["title_en"] or alert["title"]
            shown.add_row(
                str(alert["id"]),
                alert["topic"],
                escape(headline),
                alert["outlet"],
                escape(terms),
                alert["status"],
            )
    for topic, count in seen.items():
        if count > most:
            shown.add_row("", topic, f"[dim]and {count - most} more[/]", "", "", "")
    return shown
