"""Path and parameters of an address: escapes in one way, trackers and lighter copies taken off."""

import re
from urllib.parse import quote

# Parameters that only say where a reader came from
_TRACKING = re.compile(
    r"""(?xi) utm_.* | at_(?:medium|campaign|link.*|bbc.*|custom.*|format|ptr.*|term|content|creation) | ns_.*
    | fbclid | fb_.* | [gdy]clid | gclsrc | [gw]braid | msclkid | twclid | ttclid | igshid | igsh | li_fat_id
    | mc_[ce]id | _ga | _gl | gaa_.* | mkt_tok | _hs(?:enc|mi) | hss_channel | vero_.* | wt[._]?mc.* | xtor
    | ocid | cmpid | cmp | i?intcmp | icid | ito | smid | ssm | prm | event_log | traffic_source
    | ref_?(?:src|url) | referrer | sr_share | __twitter_impression
    | pinned_post_.* | __.*cft__.* | spm | ftag | usqp | amp_js_v | amp_gsa | usg | ved | srsltid | gad_.*
    | ysclid | mibextid | rdid | sfnsn | wprov | trk | dicbo | tblci | obOrigUrl | cx_testid | cx_testvariant
    | cx_artpos | (?:mtm|pk|piwik|matomo|hsa)_.* | guce?_?(?:counter|referrer.*) | _branch_.* | epik | s_kwcid
    | ef_id | _x_tr_.* | PHPSESSID | jsessionid | ASPSESSIONID.*"""
)
# Parameters that do so when their value names a channel, and may be an article's number otherwise
_MAYBE_TRACKING = frozenset(
    {"ref", "source", "src", "origin", "origen", "from", "via", "feed", "partner", "emc", "cid", "share"}
)
_CHANNEL = re.compile(
    r"""(?xi) .* (?:rss|feed|twitter|facebook|whatsapp|telegram|instagram|linkedin|google|newsletter|share
    |social|push|boletin|compartir|email|home|portada|amp) .* | tw | fb | wa | ig | tg | x"""
)
# Parameters that ask for a lighter copy of the same page
_VARIANT = re.compile(
    r"(?i)(?:amp|output(?:type)?|view)=amp.*|(?:amp|outputtype)=(?:1|true)?|amp|m=[01]|mobile=(?:1|true)|nomobile=.*"
    r"|print(?:er|able|_?version)?=(?:1|true|yes|print)|imprimir=(?:1|true|si)|s=\d\d"
)
_SESSION = re.compile(r"(?i);(?:jsessionid|phpsessid)=[^/?#;]*")
# What most paths are made of, and what never needs an escape
_PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*")


def without_dots(path: str) -> str:
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


def escaped(text: str, safe: str) -> str:
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


def without_session(path: str) -> str:
    """The path without what only names a visit: it differs each time somebody asks."""
    return _SESSION.sub("", path) if ";" in path else path


def without_amp(path: str) -> str:
    """The path of the whole page where this one is of its AMP copy."""
    if "amp" not in path:
        return path
    path = re.sub(r"^/(?:google/)?amp/(?=.)", "/", path)
    path = re.sub(r"(?<=.)/amp/?$|(?<=[^/])\.amp$", "", path)
    return re.sub(r"(?<=[^/])[./]amp\.(?=html?$)", ".", path)


def clean_query(query: str) -> str:
    """The parameters that choose the page; those of trackers and lighter copies taken off."""
    if not query:
        return ""
    kept = (part for part in query.split("&") if part and not _is_noise(part))
    return "&".join(escaped(part, "/:@!$'()*+,;=~?[]{}|") for part in kept)


def _is_noise(part: str) -> bool:
    name, _, value = part.partition("=")
    if _TRACKING.fullmatch(name) or _VARIANT.fullmatch(part):
        return True
    return name.lower() in _MAYBE_TRACKING and bool(_CHANNEL.fullmatch(value))
