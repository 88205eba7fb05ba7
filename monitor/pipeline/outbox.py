"""The outbox, while nobody else sends:

for each delivery that waits, or that a crash cut off:
    note that an attempt begins
    hand it over: to the mail server, the webhook, a file, the feed
    accepted: mark it sent
    refused, or nobody knows: note why and when to try again, later each time, with the same Message-ID

A crash between acceptance and mark leaves it at "sending": it is sent again under the same Message-ID, which
is the one case in which something arrives twice; nothing arrives never.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import structlog

from monitor.config.documents import write_atomically
from monitor.errors import ConfigError, DatabaseUnavailable, DeliveryError
from monitor.model import RenderedDigest
from monitor.pipeline.context import Context
from monitor.steps.mail import Envelope, FeedItem, MailError, build_message, render_atom, webhook_body
from monitor.storage import outbox
from monitor.storage.alerts import AlertFilter, list_alerts
from monitor.storage.digests import StoredDigest, list_digests
from monitor.storage.outbox import Delivery
from monitor.storage.session import Database

log = structlog.get_logger(__name__)

#: longest wait between two attempts, and the wait after a refusal that a person has to mend
LONGEST = timedelta(hours=6)
#: attempts until a delivery is given up: about three days either way
MOST, MOST_REFUSED = 20, 12
#: how long a delivery waits for its way to be set up
PATIENCE = timedelta(days=3)
#: alerts in an Atom feed
FEED = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one round of the outbox did."""

    sent: int = 0
    #: failed attempts, to be tried again or given up
    failed: int = 0
    #: False: another process sends at this moment
    alone: bool = True


def send_due(context: Context) -> Outcome:
    """Send what waits; what fails stays in the outbox with its reason."""
    with context.database.advisory_lock("send", wait=False) as alone:
        if not alone:
            return Outcome(alone=False)
        _give_up_waiting(context)
        with context.database.session() as session:
            due = outbox.due_deliveries(session, context.clock(), _open_channels(context))
        results = [_send(context, number) for number in due]
    return Outcome(sum(results), len(results) - sum(results))


def _give_up_waiting(context: Context) -> None:
    """Nobody who sets up a mail server wants a month of mails from it."""
    closed = set(CHANNELS) - set(_open_channels(context))
    before = context.clock() - PATIENCE
    with context.database.session() as session:
        count = outbox.give_up_waiting(session, closed, before, "this way is not set up")
        session.commit()
    if count:
        log.warning("deliver", status="given-up", deliveries=count, reason="the way is not set up")


def due(context: Context) -> int:
    """How many deliveries would be tried now."""
    with context.database.session() as session:
        return len(outbox.due_deliveries(session, context.clock(), _open_channels(context)))


def listed(database: Database, subscription: str = "", limit: int = 0) -> list[StoredDigest]:
    """Digests of the outbox with their deliveries, newest first."""
    with database.session() as session:
        return list_digests(session, subscription, limit)


def again(database: Database, digest_ids: Sequence[int], *, only_failed: bool = False) -> int:
    """Put digests back to the beginning of the outbox, or all deliveries that were given up.

    :returns: how many deliveries.
    """
    with database.session() as session:
        count = outbox.send_again(session, digest_ids, only_failed=only_failed)
        session.commit()
    return count


def _open_channels(context: Context) -> list[str]:
    """The ways that are set up; what waits for another one goes on waiting."""
    ways = {"file": True, "atom": True, "mail": context.mailer, "webhook": context.poster}
    return [name for name, there in ways.items() if there]


def _send(context: Context, number: int) -> bool:
    with context.database.session() as session:
        delivery = outbox.begin_delivery(session, number)
        session.commit()
    note = ""
    try:
        CHANNELS[delivery.channel](context, delivery)
    except MailError as error:
        if not error.delivered:
            return _failed(context, delivery, str(error), permanent=error.permanent)
        note = str(error)
    except (DeliveryError, ConfigError, OSError) as error:
        return _failed(context, delivery, str(error))
    except DatabaseUnavailable:
        raise
    except Exception as error:  # a bug met by one digest must not hold up the others
        log.error("deliver", status="broke", subscription=delivery.subscription, exc_info=error)
        return _failed(context, delivery, f"{type(error).__name__}: {error}")
    with context.database.session() as session:
        outbox.mark_sent(session, number, context.clock(), note)
        session.commit()
    log.info("deliver", status="sent", subscription=delivery.subscription, by=delivery.channel, note=note)
    return True


def _failed(context: Context, delivery: Delivery, reason: str, *, permanent: bool = False) -> bool:
    again = next_attempt(delivery.attempts, context.clock(), permanent=permanent)
    with context.database.session() as session:
        outbox.mark_failed(session, delivery.id, reason, again)
        session.commit()
    status = "retry" if again else "given-up"
    log.warning(
        "deliver", status=status, subscription=delivery.subscription, by=delivery.channel, reason=reason
    )
    return False


def next_attempt(attempts: int, now: datetime, *, permanent: bool) -> datetime | None:
    """When to try again after so many attempts: 1, 2, 4 … minutes, at most hours; None: no more.

    A refusal that only a person can mend is tried seldom; once it is mended, nobody has to send it again.
    """
    if attempts >= (MOST_REFUSED if permanent else MOST):
        return None
    return now + (LONGEST if permanent else min(LONGEST, timedelta(minutes=2 ** (attempts - 1))))


def message_of(delivery: Delivery, sender: str, to: tuple[str, ...] = ()) -> EmailMessage:
    """The mail of a digest, under the Message-ID that was stored with it.

    :raises DeliveryError: when an address cannot be used or there is no recipient.
    """
    rendered = RenderedDigest(delivery.subject, delivery.html, delivery.text)
    envelope = Envelope(
        sender=sender,
        recipients=to or delivery.recipients,
        subscription=delivery.subscription,
        period_start=delivery.period_start,
        date=delivery.composed_at,
    )
    message = build_message(rendered, envelope)
    message.replace_header("Message-ID", delivery.message_id)
    return message


def digest_path(data: Path, subscription: str, period_end: datetime) -> Path:
    """Where the HTML of a digest lies."""
    return data / "digests" / f"{subscription.strip('_')}-{period_end:%Y-%m-%d-%H%M}.html"


def write_files(path: Path, html: str, text: str) -> None:
    """Leave a digest as HTML, and as text beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path.with_suffix(".txt"), text)
    write_atomically(path, html)


def _by_mail(context: Context, delivery: Delivery) -> None:
    assert context.mailer is not None
    context.mailer.send(message_of(delivery, context.sender))


def _by_webhook(context: Context, delivery: Delivery) -> None:
    assert context.poster is not None
    body = webhook_body({"delivery": delivery.message_id, "digest": delivery.payload})
    context.poster.post(body, delivery.message_id, int(context.clock().timestamp()))


def _to_file(context: Context, delivery: Delivery) -> None:
    write_files(
        digest_path(context.data, delivery.subscription, delivery.period_end), delivery.html, delivery.text
    )


def _to_feed(context: Context, delivery: Delivery) -> None:
    """The newest alerts told to the subscription, as one feed that is written anew each time."""
    titles = {topic.id: topic.title for topic in context.watchlist.topics}
    with context.database.session() as session:
        told = list_alerts(session, AlertFilter(told_to=delivery.subscription))
    newest = sorted(told, key=lambda alert: (alert.created_at, alert.id), reverse=True)[:FEED]
    items = [FeedItem(one, titles.get(one.topic, one.topic), one.created_at) for one in newest]
    name = f"{delivery.subscription}.atom"
    place = f"{context.base_url.rstrip('/')}/{name}" if context.base_url else f"urn:monitor:{name}"
    feed = render_atom(delivery.subscription, place, items, delivery.composed_at)
    path = context.data / "digests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, feed.decode())


CHANNELS: dict[str, Callable[[Context, Delivery], None]] = {
    "mail": _by_mail,
    "webhook": _by_webhook,
    "file": _to_file,
    "atom": _to_feed,
}
