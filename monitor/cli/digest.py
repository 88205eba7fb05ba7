"""``monitor digest``: what mails will say, have said, and whether they went out."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, table
from monitor.config.digests import Subscription, next_moment
from monitor.errors import InputError
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import compose_due, compose_now, wanted_now
from monitor.pipeline.outbox import Outcome, again, due, listed, send_due
from monitor.pipeline.trial import eml, preview, stored_eml, trial


@click.group()
def digest() -> None:
    """Preview, send and list digests; config/digests.yaml says who gets which, and when."""


@digest.command("preview")
@click.argument("name", default="")
@click.option("--html", "as_html", is_flag=True, help="Print the HTML part instead of the plain text.")
@click.option("--all", "everything", is_flag=True, help="Include what was told before.")
@click.option("--eml", "eml_file", type=click.Path(path_type=Path), help="Write the whole mail into a file.")
def preview_(name: str, as_html: bool, everything: bool, eml_file: Path | None) -> None:
    """Print the digest of what subscription NAME was not told yet; nothing is sent or marked.

    \b
    Examples:
      monitor digest preview
      monitor digest preview morning --all --html > digest.html
      monitor digest preview morning --eml morning.eml
    """
    with bootstrap.monitor(prepared()) as context:
        chosen = subscription(context, name)
        if eml_file:
            write_bytes(eml_file, eml(context, chosen, everything=everything).as_bytes())
            click.echo(f"Written: {eml_file}")
            return
        rendered = preview(context, chosen, everything=everything)
    click.echo(rendered.html if as_html else rendered.text)


@digest.command("send")
@click.argument("name", default="")
@click.option("--to", multiple=True, help="A trial: send a preview to this address only and mark nothing.")
@click.option("--all", "everything", is_flag=True, help="With --to: include what was told before.")
@click.option("--dry-run", is_flag=True, help="Say what would be composed and sent, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def send(name: str, to: Sequence[str], everything: bool, dry_run: bool, as_json: bool) -> None:
    """Compose what is due and send what waits; with NAME compose that digest now, due or not.

    \b
    Examples:
      monitor digest send
      monitor digest send morning --to me@example.org
    """
    with bootstrap.monitor(prepared()) as context:
        if to:
            trial(context, subscription(context, name), tuple(to), everything=everything)
            said = {"sent": 1, "failed": 0, "trial": list(to)}
        elif dry_run:
            said = would_send(context, name)
        else:
            said = {"composed": compose(context, name)} | outcome(send_due(context))
    print_json(said) if as_json else click.echo("\n".join(sentences(said)))
    raise SystemExit(1 if said.get("failed") else 0)


def compose(context: Context, name: str) -> int:
    """Put what is due into the outbox, or one digest at once.

    :returns: how many.
    """
    if not name:
        return compose_due(context)
    compose_now(context, subscription(context, name))
    return 1


def would_send(context: Context, name: str) -> dict[str, object]:
    """What ``send`` would do at this moment."""
    wanted = [subscription(context, name)] if name else context.subscriptions
    found = [one.name for one in wanted if name or wanted_now(context, one)]
    return {"would compose": found, "would send": due(context)}


def outcome(done: Outcome) -> dict[str, object]:
    """What a round of the outbox did."""
    if not done.alone:
        raise InputError("another process sends at this moment; look at: monitor digest list")
    return {"sent": done.sent, "failed": done.failed}


def sentences(said: dict[str, object]) -> list[str]:
    """The same for people."""
    plain = {key: ", ".join(it) if isinstance(it, list) else it for key, it in said.items()}
    shown = [f"{key.capitalize()}: {value or 'nothing'}" for key, value in plain.items()]
    return [*shown, "Why: monitor digest list"] if said.get("failed") else shown


def subscription(context: Context, name: str) -> Subscription:
    """A subscription by its name; without one the first that is enabled.

    :raises InputError: when there is none of this name.
    """
    named = [one for one in context.subscriptions if one.name == name or (not name and one.enabled)]
    if not named:
        known = ", ".join(one.name for one in context.subscriptions) or "none yet"
        raise InputError(f"there is no digest {name!r} in digests.yaml (there: {known})")
    return named[0]


def write_bytes(path: Path, content: bytes) -> None:
    """Put a file.

    :raises InputError: when it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; choose another place") from error


@digest.command("list")
@click.option("--subscription", "name", default="", help="Only this subscription.")
@click.option("--limit", type=click.IntRange(min=1), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def list_(name: str, limit: int, as_json: bool) -> None:
    """List the outbox, newest first, and when each subscription is due next."""
    with bootstrap.monitor(prepared()) as context:
        stored = listed(context.database, name, limit)
        now = context.clock()
        coming = {one.name: next_moment(one, now) for one in context.subscriptions if one.enabled}
    if as_json:
        print_json({"digests": [asdict(one) for one in stored], "next": coming})
        return
    shown = table("Digests", "id", "subscription", "until (UTC)", "alerts", "to", "state")
    for one in stored:
        ways = [
            f"{way.channel} {way.state}" + (f": {escape(way.reason)}" if way.reason else "")
            for way in one.deliveries
        ]
        shown.add_row(
            str(one.id),
            one.subscription,
            f"{one.period_end:%Y-%m-%d %H:%M}",
            str(one.items),
            escape(", ".join(one.recipients)) or "–",
            "\n".join(ways) or "nothing to tell, nothing sent",
        )
    Console().print(shown)
    for known, moment in coming.items():
        click.echo(f"{known}: due next at {moment:%Y-%m-%d %H:%M} UTC")


@digest.command("resend")
@click.argument("numbers", metavar="ID…", type=int, nargs=-1)
@click.option("--failed", is_flag=True, help="Everything that was given up.")
@click.option("--eml", "eml_file", type=click.Path(path_type=Path), help="Write one mail into a file.")
def resend(numbers: Sequence[int], failed: bool, eml_file: Path | None) -> None:
    """Send digests of the outbox again, under the same Message-ID.

    \b
    Examples:
      monitor digest resend 12
      monitor digest resend --failed
    """
    if bool(numbers) == failed or (eml_file and failed):
        raise InputError("name the digests to send again, or --failed; see: monitor digest list")
    with bootstrap.monitor(prepared()) as context:
        if eml_file:
            write_bytes(eml_file, stored_eml(context, numbers[0]).as_bytes())
            click.echo(f"Written: {eml_file}")
            return
        count = again(context.database, numbers, only_failed=failed)
        said = {"again": count} | outcome(send_due(context))
    click.echo("\n".join(sentences(said)))
    raise SystemExit(1 if said["failed"] else 0)
