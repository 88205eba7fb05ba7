"""Which article an address leads to, and whether two articles are one. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from monitor.errors import InputError
from monitor.model import ArticleForJoining, ArticleRead
from monitor.text.fold import fold_words
from monitor.text.likeness import containment, likeness
from monitor.text.urls import canonical_url, url_key

#: share of common shingles from which a text is a copy; edits to one word in ten leave 0.6, new leads 0.7
COPY = 0.5
#: a text of fewer words is a copy of nothing: such texts are notices of the site, not articles
SHORTEST_COPY = 30

_DATED = re.compile(r"/(?:19|20)\d{2}[/-]?(?:0[1-9]|1[0-2])(?:[/-]|\d{2})")
_NUMBERED = re.compile(r"\d{5,}")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|ghtml|jsp)$")


def true_address(own: str, claimed: str, landed: str, rewrites: Mapping[str, str]) -> str:
    """The first address among those of a page that can be its article's, "" where none can.

    Home pages, sections and addresses of other sites are no article's, whatever a page claims. Redirects may
    lead to another site: from a short address to an article's, or from an article's to one of the same name.

    :param own: canonical address under which the article is stored.
    :param claimed: rel=canonical of the page.
    :param landed: where redirects led; "", as for ``claimed``, where it is unknown.
    """
    there = _canonical(landed, rewrites)
    place = there if there and _is_forwarded(own, there) else own
    known = {url_key(place): place, url_key(own): own}
    for address in filter(None, (_canonical(claimed, rewrites), there)):
        if url_key(address) in known:
            return known[url_key(address)]
        if _site(address) == _site(place) and _may_be(urlsplit(address).path, urlsplit(place).path):
            return address
    return ""


def _canonical(url: str, rewrites: Mapping[str, str]) -> str:
    try:
        return canonical_url(url, rewrites)
    except InputError:
        return ""


def _is_forwarded(own: str, there: str) -> bool:
    path, led_to = urlsplit(own).path, urlsplit(there).path
    same_name = bool(_slug(path)) and _slug(path) == _slug(led_to)
    return _site(own) != _site(there) and (same_name or (_names_article(led_to) and not _names_article(path)))


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return re.sub(r"^(?:www\d?|m|amp|mobile|movil)\.", "", host)


def _may_be(path: str, own: str) -> bool:
    slug, own_slug = _slug(path), _slug(own)
    if not slug or own.startswith(path.rstrip("/") + "/"):
        return False
    return slug == own_slug or _names_article(path)


def _names_article(path: str) -> bool:
    return bool(_DATED.search(path) or _NUMBERED.search(path)) or _slug(path).count("-") >= 3


def _slug(path: str) -> str:
    return _EXTENSION.sub("", path.rstrip("/").rpartition("/")[2].lower())


def same_article(read: ArticleRead, other: ArticleForJoining, outlet_id: str) -> bool:
    """Whether what was read and an article stored under its true address are one.

    The address alone is not believed: some sites give all their pages one rel=canonical.
    """
    if other.outlet_id != outlet_id:
        return False
    same_title = bool(read.title) and fold_words(read.title) == fold_words(other.title)
    if read.text and other.text:
        return same_title or containment(read.text, other.text) >= COPY
    return same_title or containment(read.title, other.title) >= COPY


def is_copy(text: str, other: str) -> bool:
    """Whether one text is a copy of the other, perhaps shortened or edited a little."""
    return len(text.split()) >= SHORTEST_COPY and likeness(text, other) >= COPY
