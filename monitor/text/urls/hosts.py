"""The host of an address: by https, without mobile variants, where the outlet says it answers."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult

from monitor.errors import InputError
from monitor.text.urls.reading import DEFAULT_PORTS, host_and_port, shown

_MOBILE = re.compile(r"^(?:m|mobile|movil|amp)\.(?=[^.]+\.)")
_SECOND_LEVEL = frozenset(
    ("com", "org", "net", "gob", "gov", "gub", "edu", "co", "mil", "info", "ac", "nom", "tv")
)


def place(parts: SplitResult, rewrites: Mapping[str, str]) -> tuple[str, str]:
    """Scheme and host: https on the default port, no credentials or mobile variant, rewritten if declared."""
    named, port = host_and_port(parts.netloc)
    host = rewritten(desktop(ascii_host(named)), rewrites)
    port = port if port != DEFAULT_PORTS[parts.scheme] else None
    scheme = "https" if port is None else parts.scheme
    name = f"[{host}]" if ":" in host and not host.startswith("[") and host.count(":") > 1 else host
    return scheme, name if port is None else f"{name}:{port}"


# A feed has few hosts and many addresses
@lru_cache(maxsize=256)
def ascii_host(host: str) -> str:
    """The host in small ASCII letters, as names beyond ASCII are sent.

    :raises InputError: for what is no host name.
    """
    host = host.rstrip(".")
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InputError(f"this is no host name: {shown(host)}") from error
    if not re.fullmatch(r"[a-z0-9._~-]+|[0-9a-f:.]+", host):
        raise InputError(f"this is no host name: {shown(host)}")
    return host


@lru_cache(maxsize=256)
def desktop(host: str) -> str:
    """``m.``, ``mobile.`` or ``amp.`` taken off; ``www.`` put on where only the registered name is left."""
    bare = _MOBILE.sub("", host)
    if bare == host:
        return host
    labels = bare.split(".")
    registered = len(labels) == 2 or (len(labels) == 3 and labels[1] in _SECOND_LEVEL and len(labels[2]) == 2)
    return f"www.{bare}" if registered else desktop(bare)


def rewritten(host: str, rewrites: Mapping[str, str]) -> str:
    """The host that answers for this one, as an outlet declares it."""
    seen = [host]
    while (following := rewrites.get(seen[-1], seen[-1]).lower()) not in seen:
        seen.append(following)
    return seen[-1] if following == seen[-1] else host  # a circle of rewrites is no rewrite
