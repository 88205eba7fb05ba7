"""What the port shows to whoever knows the token: what is watched is nobody else's business."""

import hmac
import re
from typing import NamedTuple
from urllib.parse import unquote

ATOM, HTML = "application/atom+xml; charset=utf-8", "text/html; charset=utf-8"
_BELOW = re.compile(r"/feeds/([^/]+)/(.+)")


class Document(NamedTuple):
    """An answer."""

    body: bytes
    #: value of Content-Type
    form: str


def below(path: str, token: str) -> str:
    """What a path names below ``/feeds/TOKEN/``; "" where it is another path or another token.

    :param token: what an address must hold; "" shows nothing to anybody.
    """
    wanted = _BELOW.fullmatch(path)
    known = wanted and token and hmac.compare_digest(unquote(wanted[1]).encode(), token.encode())
    return wanted[2] if wanted and known else ""
