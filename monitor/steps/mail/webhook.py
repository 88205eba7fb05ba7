"""Alerts for another program: a JSON body and its signature."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any


def webhook_body(content: Mapping[str, Any]) -> bytes:
    """The bytes to send and to sign: the same content gives the same bytes, UTF-8, keys in order."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """Value for the header ``Monitor-Signature``: ``t=<seconds>,v1=<HMAC-SHA256 of "seconds.body">``.

    The moment is signed too, so that a receiver can refuse a body that someone sends again later.
    """
    signed = f"{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def verify(body: bytes, secret: str, header: str, now: int, tolerance: int = 300) -> bool:
    """What a receiver does: the signature is ours, and no older or newer than the tolerance in seconds."""
    stamp = header.partition(",")[0].removeprefix("t=")
    if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > tolerance:
        return False
    return hmac.compare_digest(signature(body, secret, int(stamp)).encode(), header.encode())
