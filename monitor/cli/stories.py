"""``monitor stories``: events, each with everything that was told of it."""

from dataclasses import asdict
from datetime import timedelta

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, table
from monitor.errors import InputError
from monitor.model import StoredStory, StoryBond
from monitor.pipeline.stories import find_stories, find_story, story_bonds

#: the smallest share of a likeness that is worth a word
SAID = 0.01
#: signs whose own names say too little
PLAIN = {
    "sentence": "closest sentences",
    "strangers": "names that the other lacks",
    "apart": "other places",
    "alike": "one language or both long",
    "clock": "time",
    "terse": "short texts",
}


@click.group()
def stories() -> None:
    """List stories (the coverage of one event), or show one."""


@stories.command("list")
@click.option("--topic", default="", help="Only those with an alert on this topic.")
@click.option("--days", type=click.IntRange(min=1), help="Only those with an article of the last days.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else.")
def list_(topic: str, days: int | None, as_json: bool) -> None:
    """List stories, the one with the newest article first.

    \b
    Examples:
      monitor stories list --days 2
      monitor stories list --topic cuba --json
    """
    since = bootstrap.utc_now() - timedelta(days=days) if days else None
    with bootstrap.open_store(prepared()) as database:
        found = find_stories(database, topic=topic, since=since)
    if as_json:
        print_json([asdict(story) for story in found])
    elif not found:
        click.echo("No stories. Run: monitor once")
    else:
        shown = table("Stories", "id", "story", "first seen (UTC)", "outlets", "topics", "status")
        for story in found:
            shown.add_row(
                str(story.id),
                escape(story.headline_en or story.headline),
                f"{story.first_seen:%Y-%m-%d %H:%M}, {escape(story.first_outlet)}",
                outlets(story),
                ", ".join(story.topics),
                story.status,
            )
        Console().print(shown)


@stories.command()
@click.argument("number", type=int)
@click.option("--why", is_flag=True, help="Say of each article what holds it in the story.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def show(number: int, why: bool, as_json: bool) -> None:
    """Show one story: its articles in order of time, its outlets, its alerts."""
    with bootstrap.open_store(prepared()) as database:
        story = find_story(database, number)
        bonds = story_bonds(database, story) if story and why else []
    if story is None:
        raise InputError(f"there is no story {number}; see: monitor stories list")
    if as_json:
        print_json(asdict(story) | ({"why": [asdict(bond) for bond in bonds]} if why else {}))
        return
    console = Console()
    console.print(f"[bold]{escape(story.headline_en or story.headline)}[/]")
    console.print(
        f"first seen {story.first_seen:%Y-%m-%d %H:%M} UTC, {escape(story.first_outlet)}; {outlets(story)}; "
        f"topics {', '.join(story.topics)}; status {story.status}"
    )
    console.print(f"alerts {', '.join(map(str, story.alerts))}", highlight=False)
    for article in story.articles:
        console.print(
            f"{article.at:%Y-%m-%d %H:%M} {escape(article.outlet_name)} "
            f"({article.country or '?'}, {article.kind})"
        )
        console.print(f"  {escape(article.title)}", style="italic")
        console.print(f"  {article.url}", highlight=False)
        for bond in bonds:
            if bond.article == article.id:
                console.print(f"  {_why(story, bond)}", highlight=False)


def _why(story: StoredStory, bond: StoryBond) -> str:
    """*0.71 like El País: meaning +0.22, names +0.10 (apure, zulia)*."""
    outlet = next(one.outlet_name for one in story.articles if one.id == bond.nearest)
    said = [
        f"{PLAIN.get(name, name)} {share:+.2f}"
        + (f" ({', '.join(bond.shared)})" if name == "names" and bond.shared else "")
        for name, share in bond.reasons
        if abs(share) >= SAID
    ]
    return escape(f"{bond.likeness:.2f} like {outlet}: {', '.join(said)}")


def outlets(story: StoredStory) -> str:
    """Outlets with country and kind, state-run ones beside independent ones."""
    return escape(", ".join(f"{one.name} ({one.country or '?'}, {one.kind})" for one in story.outlets))
