"""Digests to look at: a preview, a trial mail, a mail as a file. Nothing is marked as told."""

from email.message import EmailMessage

from monitor.config.digests import Subscription
from monitor.errors import DeliveryError, InputError
from monitor.model import RenderedDigest
from monitor.pipeline.compose import compose
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import preview_wanted
from monitor.pipeline.outbox import message_of
from monitor.pipeline.stories import group_stories
from monitor.steps.digest import render_digest
from monitor.steps.mail import Envelope, build_message
from monitor.storage.outbox import digest_for_sending

#: who a mail in a file comes from while no sender is set
NOBODY = "Monitor <monitor@monitor.invalid>"


def preview(context: Context, subscription: Subscription, *, everything: bool = False) -> RenderedDigest:
    """The digest a subscription would get at this moment."""
    group_stories(context)
    return render_digest(compose(context, preview_wanted(context, subscription, everything=everything)))


def trial(
    context: Context, subscription: Subscription, to: tuple[str, ...], *, everything: bool = False
) -> None:
    """Mail a preview to these addresses only, under a Message-ID of its own.

    :raises DeliveryError: when no mail server is set, or it does not accept the mail.
    """
    if context.mailer is None:
        raise DeliveryError("no mail server is set; set MONITOR_SMTP_HOST and MONITOR_SMTP_SENDER")
    context.mailer.send(_message(context, subscription, to, everything=everything))


def eml(context: Context, subscription: Subscription, *, everything: bool = False) -> EmailMessage:
    """A preview as the mail that the subscription's recipients would get."""
    to = subscription.recipients or (context.sender or NOBODY,)
    return _message(context, subscription, to, everything=everything)


def stored_eml(context: Context, digest_id: int) -> EmailMessage:
    """A digest of the outbox as it is mailed.

    :raises InputError: when there is none of this number.
    """
    with context.database.session() as session:
        stored = digest_for_sending(session, digest_id)
    if stored is None:
        raise InputError(f"there is no digest {digest_id}; see: monitor digest list")
    sender = context.sender or NOBODY
    return message_of(stored, sender, stored.recipients or (sender,))


def _message(
    context: Context, subscription: Subscription, to: tuple[str, ...], *, everything: bool
) -> EmailMessage:
    now = context.clock()
    rendered = preview(context, subscription, everything=everything)
    # A name and a moment of its own: the receiver must not take the real mail for a repeated one.
    trial_name = f"trial-{subscription.name}"
    return build_message(rendered, Envelope(context.sender or NOBODY, to, trial_name, now, now))
