"""``monitor brief``: a draft with citations."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from monitor import bootstrap
from monitor.cli.digest import write_bytes
from monitor.cli.settings import prepared
from monitor.cli.since import SINCE
from monitor.errors import InputError
from monitor.pipeline.briefs import BriefWanted, draft
from monitor.steps.digest import render_brief


@click.command()
@click.option("--topic", default="", help="All articles on this topic.")
@click.option("--story", type=int, default=0, help="All articles of this story.")
@click.option("--since", type=SINCE, help="Only alerts raised since: 36h, 7d, 2w or 2026-11-01.")
@click.option("--format", "form", type=click.Choice(["md", "html", "docx"]), default="md", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A file instead of standard output.")
def brief(
    topic: str, story: int, since: datetime | None, form: Literal["md", "html", "docx"], out: Path | None
) -> None:
    """Draft a brief: a heading, the sources in order of time, each cited with an excerpt in both languages.

    \b
    Examples:
      monitor brief --story 12
      monitor brief --topic cuba --since 7d --format docx --out cuba.docx
    """
    if bool(topic) == bool(story):
        raise InputError("name either --topic or --story; see: monitor stories list")
    if form == "docx" and out is None and sys.stdout.isatty():
        raise InputError("a Word document is no text; name a file with --out")
    with bootstrap.monitor(prepared()) as context:
        written = render_brief(draft(context, BriefWanted(topic, story, since)), form)
    if out:
        write_bytes(out, written)
        click.echo(f"Written: {out}")
    else:
        sys.stdout.buffer.write(written)
