"""``monitor digest``: what the next mail will say."""

from datetime import timedelta

import click

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.pipeline.deliver import DigestWanted, compose
from monitor.steps.digest import render_digest


@click.group()
def digest() -> None:
    """Preview digests."""


@digest.command()
@click.option("--html", "as_html", is_flag=True, help="Print the HTML part instead of the plain text.")
@click.option("--all", "everything", is_flag=True, help="Include what was told before.")
@click.option("--subscription", default="daily", show_default=True)
def preview(as_html: bool, everything: bool, subscription: str) -> None:
    """Print the digest of what was not told yet; nothing is sent or marked.

    \b
    Examples:
      monitor digest preview
      monitor digest preview --all --html > digest.html
    """
    with bootstrap.monitor(prepared()) as context:
        now = context.clock()
        wanted = DigestWanted(subscription, "Daily digest", now - timedelta(days=1), now, everything)
        rendered = render_digest(compose(context, wanted))
    click.echo(rendered.html if as_html else rendered.text)
