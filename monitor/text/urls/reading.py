"""An address as a feed gives it, cleaned and taken apart."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from monitor.errors import InputError

DEFAULT_PORTS = {"http": 80, "https": 443}


def cleaned(url: str) -> str:
    """White space, control characters and HTML's ``&amp;`` out of an address as a feed gives it."""
    url = url.strip()
    if not url.isprintable():
        url = re.sub(r"[\x00-\x1f\x7f]", "", url).strip()
    while "&amp;" in url:
        url = url.replace("&amp;", "&")
    return f"https:{url}" if url.startswith("//") else url


def split(url: str) -> SplitResult:
    """An address in its parts.

    :raises InputError: for what is no http or https address.
    """
    try:
        parts = urlsplit(url)
        host, port = host_and_port(parts.netloc)
        usable = parts.scheme in DEFAULT_PORTS and bool(host) and port != 0
    except ValueError as error:
        raise InputError(f"this is no address: {shown(url)} ({error})") from error
    if not usable:
        raise InputError(f"this is no http or https address: {shown(url)}")
    return parts


# A feed has few hosts and many addresses
@lru_cache(maxsize=256)
def host_and_port(netloc: str) -> tuple[str, int | None]:
    """What stands between scheme and path: the host in small letters, "" for none, and the port if any.

    :raises ValueError: for a port that is none.
    """
    parts = SplitResult("", netloc, "", "", "")
    return parts.hostname or "", parts.port


def shown(url: str) -> str:
    """An address for a message, not too long."""
    return repr(url if len(url) <= 80 else url[:77] + "…")
