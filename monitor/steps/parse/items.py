"""RSS 0.9 to 2.0, RDF and Atom read from a tree by one table of names."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Any

from lxml import etree

from monitor.steps.parse.raw import RawItem

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# Namespace, with what varies cut off, to the prefix used below; "" for the formats' own names
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "https://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
}
_Fields = dict[str, list[Any]]
_TITLES = ("title", "media:title", "dc:title")
_SUMMARIES = (
    "description",
    "summary",
    "dc:description",
    "itunes:summary",
    "media:description",
    "dcterms:alternative",
)
_BODIES = ("content:encoded", "encoded", "content", "xhtml:body", "body", "fulltext")
_AUTHORS = ("dc:creator", "author", "itunes:author", "creator", "media:credit")
_PUBLISHED = (
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "created",
    "date",
)
_UPDATED = ("updated", "dcterms:modified", "modified", "lastmod", "lastbuilddate")
# Fields that never stand inside another one
_SWALLOWED = frozenset({"link", "guid", "pubdate", "description", "item", "entry"})
_CATEGORIES = ("category", "dc:subject", "media:category")


def items_of(root: Any) -> list[Any]:
    """The elements that are items, in the order of the document, also where a missing end tag nested them."""
    return [element for element in root.iter() if local(element) in {"item", "entry"}]


def local(element: Any) -> str:
    """Name without namespace or prefix, in lower case; "" for comments and the like."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


# A document has few names and many elements
@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def fields_of(element: Any) -> _Fields:
    """Children by name, as ``prefix:name``; groups of Media RSS are looked through.

    Of an item without a headline its medium is what it is about; else that has words of its own (a caption).
    """
    fields: _Fields = defaultdict(list)
    for child in _children(element):
        fields[_name(child)].append(child)
    for medium in fields.get("media:content", ()) if "title" not in fields else ():
        for child in _children(medium):
            fields[_name(child)].append(child)
    return fields


def raw_item(element: Any, site: str, url: str) -> RawItem:
    """One item.

    :param site: the feed's own site, against which relative links stand where no ``xml:base`` says otherwise.
    :param url: address of the feed.
    """
    fields = fields_of(element)
    base = element.base or ""
    guid = first(fields, ("guid", "id")) or element.get(_RDF_ABOUT, "")
    return RawItem(
        guid=guid,
        link=_link(fields, guid) or _swallowed_link(element),
        base=base if base and base != url else site or url,
        title=first(fields, _TITLES),
        summary=first(fields, _SUMMARIES),
        html=_longest(fields, _BODIES),
        authors=tuple(_texts(fields, _AUTHORS)),
        published=first(fields, _PUBLISHED),
        updated=first(fields, _UPDATED),
        categories=(*_texts(fields, _CATEGORIES), *_keywords(fields)),
        language=first(fields, ("dc:language", "language")) or language_of(element),
    )


def first(fields: _Fields, names: tuple[str, ...]) -> str:
    """The first text that is not empty, in the order of ``names``."""
    if fields.keys().isdisjoint(names):
        return ""
    return next(_texts(fields, names), "")


def language_of(element: Any) -> str:
    """``xml:lang`` in force at an element."""
    for one in (element, *element.iterancestors()):
        if one.get(_LANGUAGE):
            return str(one.get(_LANGUAGE))
    return ""


def site_of(fields: _Fields) -> str:
    """The address of the site that a feed's head names."""
    return _link(fields, "")


def _children(element: Any) -> Iterator[Any]:
    for child in element:
        name = local(child)
        if name == "group":
            yield from child
        elif name:
            yield child


def _name(element: Any) -> str:
    return _prefixed(str(element.tag))


@lru_cache(maxsize=1024)
def _prefixed(tag: str) -> str:
    if not tag.startswith("{"):
        prefix, _, name = tag.lower().rpartition(":")  # a prefix that nobody declared
        return f"{prefix}:{name}" if prefix and prefix != "atom" else name
    namespace, _, name = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace.rstrip("/"), _PREFIXES.get(namespace, "?"))
    return f"{prefix}:{name.lower()}" if prefix else name.lower()


def _texts(fields: _Fields, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for element in fields.get(name, ()):
            text = _text(element)
            if text:
                yield text


def _longest(fields: _Fields, names: tuple[str, ...]) -> str:
    return max(_texts(fields, names), key=len, default="")


def _keywords(fields: _Fields) -> list[str]:
    return [
        word for text in _texts(fields, ("media:keywords", "itunes:keywords")) for word in text.split(",")
    ]


def _text(element: Any) -> str:
    """An element's content: text, markup inside it as markup, an Atom person's name, a category's term."""
    if len(element) == 0:
        return str(element.text or element.get("term") or element.get("label") or "").strip()
    names = [str(child.text or "").strip() for child in element if local(child) == "name"]
    return names[0] if names else _inner(element).strip()


def _inner(element: Any) -> str:
    """Markup inside an element; what a missing end tag swallowed is no part of it."""
    own = takewhile(lambda child: local(child) not in _SWALLOWED, element)
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in own)


def _link(fields: _Fields, guid: str) -> str:
    """The article's address: before a feed service changed it, as text, as Atom's ``href``, else the guid."""
    links = fields.get("link", [])
    plain = next((str(one.text).strip() for one in links if one.text and one.text.strip()), "")
    stated = first(fields, ("feedburner:origlink",)) or plain or _href(links)
    return stated or _other_link(fields, links, guid)


def _href(links: list[Any]) -> str:
    hrefs = [one for one in links if one.get("href") and one.get("rel", "alternate") == "alternate"]
    hrefs.sort(key=lambda one: "html" not in one.get("type", "html"))
    return str(hrefs[0].get("href")) if hrefs else ""


def _other_link(fields: _Fields, links: list[Any], guid: str) -> str:
    # As HTML's "link" has no content, some programs put the address behind it
    behind = next((str(one.tail).strip() for one in links if one.tail and "://" in one.tail), "")
    permanent = guid if guid.strip().lower().startswith(("http://", "https://")) else ""
    # Media RSS may know the page of a film only as its player
    players = (str(one.get("url")) for one in fields.get("media:player", ()) if one.get("url"))
    return behind or permanent or next(players, "")


def _swallowed_link(element: Any) -> str:
    """A link that a missing end tag put inside another field."""
    within = (one for one in element.iter() if local(one) == "link")
    return next((str(one.text).strip() for one in within if one.text), "")
