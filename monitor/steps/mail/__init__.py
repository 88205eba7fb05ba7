"""Handing digests over: the message, the mail server, the signed webhook and the Atom feed."""

from monitor.steps.mail.atom import FeedItem, render_atom
from monitor.steps.mail.failures import MailError
from monitor.steps.mail.message import Envelope, build_message, message_id
from monitor.steps.mail.post import WebhookPoster
from monitor.steps.mail.smtp import SmtpMailer
from monitor.steps.mail.webhook import signature, verify, webhook_body

__all__ = [
    "Envelope",
    "FeedItem",
    "MailError",
    "SmtpMailer",
    "WebhookPoster",
    "build_message",
    "message_id",
    "render_atom",
    "signature",
    "verify",
    "webhook_body",
]
