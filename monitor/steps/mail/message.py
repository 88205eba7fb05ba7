"""A rendered digest as one mail message. Nothing from outside can add or end a header."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from monitor.errors import DeliveryError
from monitor.model import RenderedDigest

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_ADDRESS = re.compile(
    r"""(?:"?(?P<name>[^"<>@,;]*)"?\s*<)?"""
    r"(?P<user>[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)@(?P<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)"
    r"(?(name)>)",
    re.ASCII,
)
_NAME = re.compile(r"[^a-z0-9]+")
#: longest subject, in characters; no client shows more
SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom about which digest."""

    #: "Monitor <monitor@example.org>" or the bare address
    sender: str
    recipients: tuple[str, ...]
    #: the subscription's name
    subscription: str
    #: aware; with the subscription it names the digest for ever
    period_start: datetime
    #: aware, when the digest was composed
    date: datetime
    #: where a reader can end it: a mailto: or https: address; "" writes to the sender
    unsubscribe: str = ""


def build_message(rendered: RenderedDigest, envelope: Envelope) -> EmailMessage:
    """The message: plain text first, HTML as the better alternative, both UTF-8.

    Composed twice from the same digest it has the same Message-ID, so a receiver drops a repeated one.

    :raises DeliveryError: when an address cannot be used or there is no recipient.
    """
    sender = address(envelope.sender)
    if not envelope.recipients:
        raise DeliveryError(
            f"the digest {envelope.subscription!r} has no recipients; add one to digests.yaml"
        )
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = [address(recipient) for recipient in envelope.recipients]
    message["Subject"] = one_line(rendered.subject)[:SUBJECT]
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = message_id(envelope.subscription, envelope.period_start, sender.domain)
    for name, value in _list_headers(envelope, sender):
        message[name] = value
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message


def message_id(subscription: str, period_start: datetime, domain: str) -> str:
    """The digest's name in the mail world: the same for the same subscription and period, for ever."""
    moment = period_start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(subscription.encode()).hexdigest()[:12]
    return f"<{_token(subscription)}.{digest}.{moment}@{domain}>"


def address(text: str) -> Address:
    """A mail address with or without a name.

    :raises DeliveryError: when it is none.
    """
    found = _ADDRESS.fullmatch(text)
    if text != one_line(text) or not found:
        raise DeliveryError(f"{one_line(text)!r} is no mail address; write name@example.org")
    return Address((found["name"] or "").strip(), found["user"], found["domain"])


def one_line(text: str) -> str:
    """Text that fits into a header: line breaks, controls and overrides of direction become a blank."""
    return _UNFIT.sub(" ", text).strip()


def _list_headers(envelope: Envelope, sender: Address) -> list[tuple[str, str]]:
    stop = (
        envelope.unsubscribe
        or f"mailto:{sender.addr_spec}?subject=unsubscribe%20{_token(envelope.subscription)}"
    )
    if not re.fullmatch(r"(mailto:|https?://)[!-;=?-~]+", stop):
        raise DeliveryError(f"{one_line(stop)!r} cannot end a subscription; give a mailto: or https: address")
    return [
        (
            "List-Id",
            f"{_token(envelope.subscription)} <{_token(envelope.subscription)}.monitor.{sender.domain}>",
        ),
        ("List-Unsubscribe", f"<{stop}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "list"),
    ]


def _token(subscription: str) -> str:
    """Letters a header may hold unquoted; the hash beside it keeps names apart that look alike here."""
    return _NAME.sub("-", subscription.lower()).strip("-")[:40] or "digest"
