"""``monitor backfill`` and ``monitor ingest``: articles of the past, and single ones."""

from datetime import datetime
from pathlib import Path

import click

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, progress_bars
from monitor.errors import InputError
from monitor.pipeline.backfill import Wanted
from monitor.pipeline.backfill import backfill as fill
from monitor.pipeline.ingest import ingest_addresses, ingest_warc
from monitor.pipeline.process import process

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


@click.command()
@click.option("--outlet", required=True, help="Id of the outlet.")
@click.option("--from", "start", type=_DAY, required=True, help="First day.")
@click.option("--to", "end", type=_DAY, required=True, help="Last day.")
@click.option("--archive", is_flag=True, help="Read the feeds as an archive behind the gateway kept them.")
@click.option("--collect-only", is_flag=True, help="Find the articles; leave reading them to the next run.")
@_JSON
def backfill(
    outlet: str, start: datetime, end: datetime, archive: bool, collect_only: bool, as_json: bool
) -> None:
    """Get an outlet's articles of the past from its monthly sitemaps or from an archive.

    What was read is not read again: a run that was stopped goes on where it was.

    \b
    Examples:
      monitor backfill --outlet el-pais --from 2026-09-01 --to 2026-09-30
      MONITOR_GATEWAY='https://archive.example/web/{timestamp}id_/{url}' \\
        monitor backfill --outlet el-faro --from 2026-01-01 --to 2026-01-31 --archive
    """
    settings = prepared()
    if archive and "{timestamp}" not in settings.gateway:
        raise InputError(
            "--archive needs a gateway with {timestamp}; set MONITOR_GATEWAY to an archive's address"
        )
    wanted = Wanted(outlet, start.date(), end.date(), archive)
    with (
        progress_bars(hidden=as_json) as progress,
        bootstrap.monitor(settings, progress=progress) as context,
    ):
        filled = fill(context, wanted)
        alerts = 0 if collect_only else process(context)
    failures = [{"url": url, "reason": reason} for url, reason in filled.failures]
    if as_json:
        found = {"articles": filled.articles, "skipped": filled.skipped, "failures": failures}
        print_json(found | {"alerts": alerts})
        return
    for failure in failures:
        click.echo(f"{failure['url']}: {failure['reason']}", err=True)
    again = f", {filled.skipped} addresses read before" if filled.skipped else ""
    click.echo(f"{filled.articles} new articles, {alerts} new alerts{again}")


@click.command()
@click.argument("urls", nargs=-1)
@click.option("--warc", type=click.Path(path_type=Path), help="Take the pages of a WARC file.")
@click.option("--outlet", default="", help="Whose they are; without, the outlet with that host.")
@_JSON
def ingest(urls: tuple[str, ...], warc: Path | None, outlet: str, as_json: bool) -> None:
    """Get single articles by their addresses, or the pages of a WARC file, and process them.

    \b
    Examples:
      monitor ingest https://www.infobae.com/america/2026/11/22/nota/
      monitor ingest --warc crawl.warc.gz --outlet el-faro
    """
    if not urls and not warc:
        raise InputError("give addresses of articles, or --warc FILE")
    with (
        progress_bars(hidden=as_json) as progress,
        bootstrap.monitor(prepared(), progress=progress) as context,
    ):
        found, left_out = ingest_warc(context, warc, outlet) if warc else (0, 0)
        found += ingest_addresses(context, urls, outlet)
        alerts = process(context)
    if as_json:
        print_json({"articles": found, "left_out": left_out, "alerts": alerts})
        return
    click.echo(f"{found} new articles, {alerts} new alerts, {left_out} pages of unknown outlets left out")
