"""One address for one article: variants, trackers and wrappers taken off.

``canonical_url`` is what is stored and shown; ``url_key`` is coarser and only says "the same article".
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

from monitor.errors import InputError

#: longest address kept, in characters; a Postgres index row ends at about 2,700 bytes
MAX_LENGTH = 2000
_NONE: Mapping[str, str] = MappingProxyType({})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MOBILE = re.compile(r"^(?:m|mobile|movil|amp)\.(?=[^.]+\.)")
# Parameters that only say where a reader came from
_TRACKING = re.compile(
    r"""(?xi) utm_.* | at_(?:medium|campaign|link.*|bbc.*|custom.*|format|ptr.*|term|content|creation) | ns_.*
    | fbclid | fb_.* | [gdy]clid | gclsrc | [gw]braid | msclkid | twclid | ttclid | igshid | igsh | li_fat_id
    | mc_[ce]id | _ga | _gl | gaa_.* | mkt_tok | _hs(?:enc|mi) | hss_channel | vero_.* | wt[._]?mc.* | xtor
    | ocid | cmpid | cmp | i?intcmp | icid | ito | smid | ssm | prm | event_log | traffic_source
    | ref_?(?:src|url) | referrer | sr_share | __twitter_impression
    | pinned_post_.* | __.*cft__.* | spm | ftag | usqp | amp_js_v | amp_gsa | usg | ved"""
)
# Parameters that do so when their value names a channel, and may be an article's number otherwise
_MAYBE_TRACKING = frozenset(
    {"ref", "source", "src", "origin", "origen", "from", "via", "feed", "partner", "emc", "cid"}
)
_CHANNEL = re.compile(
    r"""(?xi) .* (?:rss|feed|twitter|facebook|whatsapp|telegram|instagram|linkedin|google|newsletter|share
    |social|push|boletin|compartir|email|home|portada|amp) .* | tw | fb | wa | ig | tg | x"""
)
# Parameters that ask for a lighter copy of the same page
_VARIANT = re.compile(r"(?i)(?:amp|outputtype)=(?:1|true|amp.*)?|amp|m=[01]|mobile=(?:1|true)|nomobile=.*")
_REDIRECTOR = re.compile(
    r"(?i)(?:^|[./_-])(?:redir|redirect|redirector|url|click|out|go|goto|away|link|links|l|r|sharer?|track|safelinks)"
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
# What most paths are made of, and what never needs an escape
_PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*")
_SECOND_LEVEL = frozenset(
    ("com", "org", "net", "gob", "gov", "gub", "edu", "co", "mil", "info", "ac", "nom", "tv")
)


def canonical_url(url: str, rewrites: Mapping[str, str] = _NONE) -> str:
    """The address under which an article is stored; idempotent.

    Wrapped links are unwrapped, http becomes https; fragments, default ports, credentials, tracking
    parameters and AMP or mobile variants are taken off; escapes are written in one way. For telling articles
    apart and for showing; what is fetched is ``fetch_url``.

    :param rewrites: ``{host in links: host to fetch}``, as an outlet declares it.
    :raises InputError: for what is no http or https address, or one of more than ``MAX_LENGTH`` characters.
    """
    current = _cleaned(url)
    for _ in range(20):  # each round takes something off; wrappers may hold wrappers
        following = _one_round(current, rewrites)
        if following == current:
            return current
        current = following
    raise InputError(f"this address is wrapped too many times: {_shown(url)}")


def fetch_url(url: str, rewrites: Mapping[str, str] = _NONE) -> str:
    """Where an article is fetched: the address as its feed gives it, unwrapped, at the host that answers.

    Nothing else is changed: an outlet may not answer at the canonical form of its own address.

    :param rewrites: as ``canonical_url``.
    :raises InputError: as ``canonical_url``.
    """
    cleaned = _cleaned(url)
    if not rewrites and not _may_hold_another(cleaned):
        return cleaned
    parts = _split(cleaned)
    for _ in range(20):
        inner = _unwrapped(parts)
        if not inner:
            break
        parts = _split(_cleaned(inner))
    host = _desktop(_ascii(parts.hostname or ""))
    if _rewritten(host, rewrites) == host:
        return parts.geturl()
    return parts._replace(netloc=_place(parts, rewrites)[1]).geturl()


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


def is_wrapper(url: str) -> bool:
    """Whether an address hides its article behind a page of an aggregator (Google News and the like).

    Such links cannot be resolved without a browser; they must be refused, not stored.
    """
    return bool(_WRAPPER.match(url.strip()))


def _one_round(url: str, rewrites: Mapping[str, str]) -> str:
    parts = _split(url)
    if _may_hold_another(url):
        inner = _unwrapped(parts)
        if inner:
            return _cleaned(inner)
    scheme, netloc = _place(parts, rewrites)
    path = _without_amp(_escaped(_without_dots(parts.path or "/"), "/:@!$&'()*+,;=~"))
    # Pages made by a script carry the article's own address behind “#!” or “#/”
    route = parts.fragment if parts.fragment.startswith(("!", "/")) and len(parts.fragment) > 2 else ""
    result = urlunsplit((scheme, netloc, path, _query(parts.query), _escaped(route, "/:@!$&'()*+,;=~?")))
    if len(result) > MAX_LENGTH:
        raise InputError(f"this address has more than {MAX_LENGTH} characters: {_shown(url)}")
    return result


def _cleaned(url: str) -> str:
    """White space, control characters and HTML's ``&amp;`` out of an address as a feed gives it."""
    url = url.strip()
    if not url.isprintable():
        url = re.sub(r"[\x00-\x1f\x7f]", "", url).strip()
    while "&amp;" in url:
        url = url.replace("&amp;", "&")
    return f"https:{url}" if url.startswith("//") else url


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError as error:
        raise InputError(f"this is no address: {_shown(url)} ({error})") from error
    if not usable:
        raise InputError(f"this is no http or https address: {_shown(url)}")
    return parts


def _may_hold_another(url: str) -> bool:
    """Whether it is worth while to look for an address inside this one: true of few, and cheap to tell."""
    rest = url[4:].lower()
    return "http" in rest or ".cdn.ampproject.org" in rest or "google." in rest


def _unwrapped(parts: SplitResult) -> str:
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


def _place(parts: SplitResult, rewrites: Mapping[str, str]) -> tuple[str, str]:
    """Scheme and host: https on the default port, no credentials or mobile variant, rewritten if declared."""
    host = _rewritten(_desktop(_ascii(parts.hostname or "")), rewrites)
    port = parts.port if parts.port != _DEFAULT_PORTS[parts.scheme] else None
    scheme = "https" if port is None else parts.scheme
    name = f"[{host}]" if ":" in host and not host.startswith("[") and host.count(":") > 1 else host
    return scheme, name if port is None else f"{name}:{port}"


def _ascii(host: str) -> str:
    host = host.rstrip(".")
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InputError(f"this is no host name: {_shown(host)}") from error
    if not re.fullmatch(r"[a-z0-9._~-]+|[0-9a-f:.]+", host):
        raise InputError(f"this is no host name: {_shown(host)}")
    return host


def _desktop(host: str) -> str:
    """``m.``, ``mobile.`` or ``amp.`` taken off; ``www.`` put on where only the registered name is left."""
    bare = _MOBILE.sub("", host)
    if bare == host:
        return host
    labels = bare.split(".")
    registered = len(labels) == 2 or (len(labels) == 3 and labels[1] in _SECOND_LEVEL and len(labels[2]) == 2)
    return f"www.{bare}" if registered else _desktop(bare)


def _rewritten(host: str, rewrites: Mapping[str, str]) -> str:
    seen = [host]
    while (following := rewrites.get(seen[-1], seen[-1]).lower()) not in seen:
        seen.append(following)
    return seen[-1] if following == seen[-1] else host  # a circle of rewrites is no rewrite


def _without_dots(path: str) -> str:
    """``/a/./b/../c`` as ``/a/c`` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    tail = [""] if segments[-1] in {".", ".."} else []
    return "/" + "/".join(kept + tail)


def _escaped(text: str, safe: str) -> str:
    """Percent escapes in capitals, only where needed; characters beyond ASCII as UTF-8."""
    if _PLAIN.fullmatch(text):
        return text
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    return "".join(
        _escape(piece) if number % 2 else quote(piece, safe=safe) for number, piece in enumerate(pieces)
    )


def _escape(piece: str) -> str:
    character = chr(int(piece[1:], 16))
    plain = character.isascii() and (character.isalnum() or character in "-._~")
    return character if plain else piece.upper()


def _without_amp(path: str) -> str:
    if "amp" not in path:
        return path
    path = re.sub(r"^/(?:google/)?amp/(?=.)", "/", path)
    path = re.sub(r"(?<=.)/amp/?$|(?<=[^/])\.amp$", "", path)
    return re.sub(r"(?<=[^/])[./]amp\.(?=html?$)", ".", path)


def _query(query: str) -> str:
    if not query:
        return ""
    kept = (part for part in query.split("&") if part and not _is_noise(part))
    return "&".join(_escaped(part, "/:@!$'()*+,;=~?[]{}|") for part in kept)


def _is_noise(part: str) -> bool:
    name, _, value = part.partition("=")
    if _TRACKING.fullmatch(name) or _VARIANT.fullmatch(part):
        return True
    return name.lower() in _MAYBE_TRACKING and bool(_CHANNEL.fullmatch(value))


def _shown(url: str) -> str:
    return repr(url if len(url) <= 80 else url[:77] + "…")
