"""How the history of the watchlist and its tests look in a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from monitor.cli.show import table
from monitor.config.watchlist_changes import ListChange, QueryChange, TopicChange, WatchlistDifference
from monitor.pipeline.backtest import Found, Outcome, TopicOutcome

_KINDS = {
    "added": "[green]new[/]",
    "removed": "[red]taken out[/]",
    "changed": "changed",
    "described": "the query is the same",
}
#: pieces of evidence shown of an alert
_EVIDENCE = 3
#: terms of a list shown as never found
_TERMS = 40


def print_log(versions: Sequence[Mapping[str, Any]]) -> None:
    """One row a version, the newest first."""
    if not versions:
        Console().print("No version was applied yet. Run: monitor watchlist apply, or monitor once")
        return
    shown = table("Versions of the watchlist", "version", "applied", "by", "what changed")
    for version in versions:
        said = [f"{kind}: {', '.join(ids)}" for kind, ids in version["changes"].items() if ids]
        said = [f"“{version['note']}”"] * bool(version["note"]) + said
        applied = str(version["applied_at"])[:16].replace("T", " ")
        shown.add_row(str(version["version"]), applied, escape(version["who"]), escape("; ".join(said)))
    Console().print(shown)


def print_difference(found: WatchlistDifference, compared: str) -> None:
    """What changed, topic by topic, then list by list."""
    console = Console()
    console.print(f"[bold]{escape(compared[:1].upper() + compared[1:])}[/]")
    for line in _difference(found):
        console.print(line, highlight=False)


def _difference(found: WatchlistDifference) -> Iterator[str]:
    if not found:
        yield "Nothing changed."
    for topic in found.topics:
        yield f"\n[bold]{escape(topic.id)}[/] ({escape(topic.title)}): {_KINDS[topic.kind]}"
        yield from _topic(topic)
    for changed in found.lists:
        yield f"\n[bold]@{escape(changed.name)}[/]: {_KINDS[changed.kind]}{_users(changed)}"
        yield from _query(changed.query)


def _topic(topic: TopicChange) -> Iterator[str]:
    yield from _query(topic.query)
    if topic.lists:
        yield f"  through {', '.join('@' + escape(name) for name in topic.lists)}"
    for name, before, now in topic.fields:
        yield f"  {name}: {escape(before) or '(nothing)'} → {escape(now) or '(nothing)'}"


def _query(change: QueryChange) -> Iterator[str]:
    if change.added:
        yield f"  [green]+ {escape(', '.join(change.added))}[/]"
    if change.removed:
        yield f"  [red]− {escape(', '.join(change.removed))}[/]"
    for wording in change.wording:
        yield f"  {escape(wording)}"


def _users(changed: ListChange) -> str:
    return f", used by {', '.join(map(escape, changed.topics))}" if changed.topics else ", used by no topic"


def print_backtest(outcome: Outcome, compared: str) -> None:
    """Gained and lost alerts of each topic, and the terms that stand nowhere."""
    console = Console()
    console.print(f"[bold]{escape(compared)}[/], over {outcome.articles:,} stored articles", highlight=False)
    for topic in outcome.topics:
        for line in _outcome(topic):
            console.print(line, highlight=False)
    if outcome.silent_terms:
        console.print("\n[bold]In no article of this period[/]")
    for owner, terms in outcome.silent_terms.items():
        rest = f" … and {len(terms) - _TERMS} more" if len(terms) > _TERMS else ""
        console.print(f"  {escape(owner)}: {escape(', '.join(terms[:_TERMS]))}{rest}", highlight=False)


def _outcome(topic: TopicOutcome) -> Iterator[str]:
    counts = f"{topic.before} alerts before, {topic.after} now"
    change = f"[green]+{topic.gained}[/] [red]−{topic.lost}[/]" if topic.gained or topic.lost else "no change"
    yield f"\n[bold]{escape(topic.id)}[/] ({escape(topic.title)}): {counts}, {change}"
    yield from _alerts("[green]+[/]", topic.gained_alerts, topic.gained)
    yield from _alerts("[red]−[/]", topic.lost_alerts, topic.lost)


def _alerts(sign: str, shown: Sequence[Found], total: int) -> Iterator[str]:
    for found in shown:
        yield f"  {sign} {headline(found)}"
        yield from evidence_lines(found)
    if total > len(shown):
        yield f"  {sign} [dim]and {total - len(shown)} more (--limit 0 shows all)[/]"


def headline(found: Found) -> str:
    """An article in one line: English headline, original headline, outlet, day."""
    article = found.article
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else "no date"
    english = f"{escape(article.title_en)} · " if article.title_en else ""
    return f"{english}{escape(article.title)} [dim]({escape(article.outlet)}, {day})[/]"


def evidence_lines(found: Found) -> Iterator[str]:
    """The most telling pieces of evidence, a line each."""
    for evidence in found.evidence[:_EVIDENCE]:
        said = escape(evidence.sentence)
        yield f"      [bold]{escape(evidence.term)}[/] in {evidence.field.value}: [dim]{said}[/]"


def print_applied(done: Mapping[str, Any]) -> None:
    """What was done, or would be."""
    console = Console()
    if done["dry_run"]:
        console.print(f"Nothing was written. {escape(done['file'])} would change:", highlight=False)
    elif done["new"]:
        console.print(f"Version {done['version']} is in force. It changed:", highlight=False)
    else:
        console.print(f"Version {done['version']} has this text already and stays in force.", highlight=False)
    for line in _difference(done["changes"]):
        console.print(line, highlight=False)
    if "alerts" in done:
        _print_rematch(console, done)


def _print_rematch(console: Console, done: Mapping[str, Any]) -> None:
    total = sum(done["alerts"].values())
    said = f"would raise {total} alerts" if done["dry_run"] else f"raised {done['raised']} alerts"
    console.print(f"\nThe stored articles {said}.", highlight=False)
    for topic, count in done["alerts"].items():
        console.print(f"  {count:6} {escape(topic)}", highlight=False)
