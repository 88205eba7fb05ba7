"""The forms of an address: to store and show, to fetch, to compare."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

from monitor.errors import InputError
from monitor.text.urls.hosts import ascii_host, desktop, place, rewritten
from monitor.text.urls.paths import clean_query, escaped, without_amp, without_dots, without_session
from monitor.text.urls.reading import cleaned, host_and_port, shown, split
from monitor.text.urls.wrapped import may_hold_another, unwrapped

#: longest address kept, in characters; a Postgres index row ends at about 2,700 bytes
MAX_LENGTH = 2000
_NONE: Mapping[str, str] = MappingProxyType({})


def canonical_url(url: str, rewrites: Mapping[str, str] = _NONE) -> str:
    """The address under which an article is stored; idempotent.

    Wrapped links are unwrapped, http becomes https; fragments, default ports, credentials, tracking
    parameters and AMP or mobile variants are taken off; escapes are written in one way. For telling articles
    apart and for showing; what is fetched is ``fetch_url``.

    :param rewrites: ``{host in links: host to fetch}``, as an outlet declares it.
    :raises InputError: for what is no http or https address, or one of more than ``MAX_LENGTH`` characters.
    """
    current = cleaned(url)
    for _ in range(20):  # each round takes something off; wrappers may hold wrappers
        following = _one_round(current, rewrites)
        if following == current:
            return current
        current = following
    raise InputError(f"this address is wrapped too many times: {shown(url)}")


def fetch_url(url: str, rewrites: Mapping[str, str] = _NONE) -> str:
    """Where an article is fetched: the address as its feed gives it, unwrapped, at the host that answers.

    Nothing else is changed: an outlet may not answer at the canonical form of its own address.

    :param rewrites: as ``canonical_url``.
    :raises InputError: as ``canonical_url``.
    """
    whole = cleaned(url)
    if not rewrites and not may_hold_another(whole):
        return whole
    parts = split(whole)
    for _ in range(20):
        inner = unwrapped(parts)
        if not inner:
            break
        parts = split(cleaned(inner))
    host = desktop(ascii_host(host_and_port(parts.netloc)[0]))
    if rewritten(host, rewrites) == host:
        return parts.geturl()
    return parts._replace(netloc=place(parts, rewrites)[1]).geturl()


def public_url(canonical: str, given: str) -> str:
    """The address to show and to open: the canonical one, by http where the outlet itself gives http.

    Identity does not care for the scheme, but an outlet without https does not answer there.
    """
    without_tls = canonical.replace("https://", "http://", 1)
    return without_tls if given.startswith("http://") else canonical


def url_key(url: str) -> str:
    """What all variants of one canonical address have in common: no scheme, no ``www.``, no last slash,
    parameters in one order. Two addresses with equal keys are one article.

    :raises InputError: as ``canonical_url``.
    """
    return canonical_key(canonical_url(url))


def canonical_key(canonical: str) -> str:
    """``url_key`` of an address that ``canonical_url`` gave, in a fraction of the time."""
    parts = urlsplit(canonical)
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    path = re.sub(r"/{2,}", "/", parts.path) if "//" in parts.path else parts.path
    bare = path.rstrip("/")
    route = f"#{parts.fragment}" if parts.fragment else ""
    return parts.netloc.removeprefix("www.") + bare + (f"?{query}" if query else "") + route


def _one_round(url: str, rewrites: Mapping[str, str]) -> str:
    parts = split(url)
    if may_hold_another(url):
        inner = unwrapped(parts)
        if inner:
            return cleaned(inner)
    scheme, netloc = place(parts, rewrites)
    plain = without_session(without_dots(parts.path or "/"))
    path = without_amp(escaped(plain, "/:@!$&'()*+,;=~"))
    # Pages made by a script carry the article's own address behind “#!” or “#/”
    route = parts.fragment if parts.fragment.startswith(("!", "/")) and len(parts.fragment) > 2 else ""
    result = urlunsplit((scheme, netloc, path, clean_query(parts.query), escaped(route, "/:@!$&'()*+,;=~?")))
    if len(result) > MAX_LENGTH:
        raise InputError(f"this address has more than {MAX_LENGTH} characters: {shown(url)}")
    return result
