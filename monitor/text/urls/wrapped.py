"""Addresses that hold another one: redirectors, archives, caches, aggregators."""

import re
from urllib.parse import SplitResult, parse_qsl, unquote

_REDIRECTOR = re.compile(
    r"(?i)(?:^|[./_-])(?:redir|redirect|redirector|url|click|out|go|goto|away|link|links|l|r|sharer?|track|translate|safelinks)"
    r"(?:[./_-]|$)"
)
_TARGETS = (
    "url",
    "u",
    "q",
    "to",
    "target",
    "dest",
    "destination",
    "link",
    "redirect",
    "redirect_url",
    "goto",
)
# An address carried inside another one's path: Folha's "/*https://…", an archive's "/web/2020…/https://…"
_CARRIED = re.compile(r"(?i)(?:\*|^/web/\d[^/]*/|^/redirect/|^/r/)(https?(?::|%3a)(?:/|%2f){1,2}.+)$")
_AMP_CACHE = re.compile(r"^/(?:amp/|(?:[vci]|wp)/)(s/)?(?=[^/]+\.[^/]+)")
_WRAPPER = re.compile(
    r"""(?xi) ^https?:// (?: news\.google\.(?:com?\.)?[a-z]{2,3}/ (?:.*/)? (?:articles|read|stories|__i)/
    | apple\.news/ | (?:www\.)?newsbreak\.com/news/ | (?:www\.)?smartnews\.com/ | flip\.it/ | upday\.com/ )"""
)


def is_wrapper(url: str) -> bool:
    """Whether an address hides its article behind a page of an aggregator (Google News and the like).

    Such links cannot be resolved without a browser; they must be refused, not stored.
    """
    return bool(_WRAPPER.match(url.strip()))


def may_hold_another(url: str) -> bool:
    """Whether it is worth while to look for an address inside this one: true of few, and cheap to tell."""
    rest = url[4:].lower()
    return "http" in rest or ".cdn.ampproject.org" in rest or "google." in rest


def unwrapped(parts: SplitResult) -> str:
    """The address inside a wrapper, "" where this is none."""
    carried = _CARRIED.search(parts.path)
    if carried:
        return _joined(_readable(carried.group(1)), parts.query)
    host = parts.hostname or ""
    if host.endswith(".cdn.ampproject.org") or re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host):
        cache = _AMP_CACHE.match(parts.path)
        if cache:
            return _joined(f"http{'s' if cache.group(1) else ''}://{parts.path[cache.end() :]}", parts.query)
    return _target_parameter(parts, host)


def _target_parameter(parts: SplitResult, host: str) -> str:
    if not parts.query:
        return ""
    redirector = bool(_REDIRECTOR.search(host) or _REDIRECTOR.search(parts.path))
    given = {name.lower(): value for name, value in reversed(parse_qsl(parts.query, max_num_fields=None))}
    for name in _TARGETS:
        value = given.get(name, "").strip()
        if re.match(r"(?i)https?://[^/?#\s]+\.", value) and (redirector or name == "url"):
            return value
    return ""


def _joined(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _readable(address: str) -> str:
    """A carried address, unescaped where it was escaped as a whole; one slash mended to two."""
    if re.match(r"(?i)https?(?:%3a|:%2f)", address):
        address = unquote(address)
    return re.sub(r"^(?i:(https?):/+)", r"\1://", address)
