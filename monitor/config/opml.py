"""Outlets from and to OPML, the exchange format of feed readers."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from lxml import etree

from monitor.errors import InputError
from monitor.model import FeedKind, FeedSource, Outlet

#: more than any reader's list; a larger file is an attack or a mistake
MOST_BYTES = 5_000_000


def write_opml(outlets: Iterable[Outlet]) -> str:
    """Every feed as an OPML 2.0 list, one folder an outlet; OPML has no place for sitemaps and pages."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Outlets"
    body = etree.SubElement(root, "body")
    for outlet in outlets:
        folder = etree.SubElement(body, "outline", text=outlet.name, title=outlet.name)
        for source in outlet.feeds:
            if source.kind is FeedKind.FEED:
                etree.SubElement(folder, "outline", _attributes(outlet, source))
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written.decode()


def read_opml(
    data: bytes, language: str = "es", known: Mapping[str, str] = MappingProxyType({})
) -> tuple[Outlet, ...]:
    """Outlets of an OPML list: feeds of one site become one outlet, enabled, in the list's order.

    :param language: for feeds whose entry names neither Spanish nor Portuguese.
    :param known: id → name of the outlets at hand; an id of theirs is kept under the same name only.
    :raises InputError: when it is not OPML, too large, or holds a document type or entities.
    """
    grouped: dict[str, list[etree._Element]] = {}
    for outline in _feeds(_parsed(data)):
        grouped.setdefault(_own_id(outline) or _site(outline), []).append(outline)
    taken: set[str] = set()
    return tuple(_outlet(outlines, language, known, taken) for outlines in grouped.values())


def _attributes(outlet: Outlet, source: FeedSource) -> dict[str, str]:
    name = f"{outlet.name}: {source.section}" if source.section else outlet.name
    said = {"type": "rss", "text": name, "title": name, "xmlUrl": source.url, "language": outlet.language}
    said |= {"outlet": outlet.id}  # ours; other readers leave alone what they do not know
    return said | ({"htmlUrl": outlet.homepage} if outlet.homepage else {})


def _parsed(data: bytes) -> etree._Element:
    if len(data) > MOST_BYTES:
        raise InputError(f"the OPML file is larger than {MOST_BYTES // 1_000_000} MB; split it")
    if re.search(rb"<!(DOCTYPE|ENTITY)", data.replace(b"\0", b""), re.IGNORECASE):
        raise InputError("the OPML file declares a document type or entities; delete the line <!DOCTYPE …>")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"this is not OPML: {error}") from error
    if etree.QName(root).localname != "opml":
        raise InputError("this is not OPML: its first element is not <opml>")
    return root


def _feeds(root: etree._Element) -> Iterator[etree._Element]:
    for outline in root.iter("outline"):
        if re.match(r"https?://[^\s/?#@]+([/?#]\S*)?$", _address(outline)):
            yield outline


def _address(outline: etree._Element) -> str:
    """The feed's address; ``feed:https://…`` and ``feed://…`` are what browsers once wrote."""
    given = (outline.get("xmlUrl") or "").strip()
    return re.sub(r"^feed://", "http://", re.sub(r"^feed:(?=https?:)", "", given))


def _own_id(outline: etree._Element) -> str:
    """The id under which ``write_opml`` wrote an outlet, "" where another program wrote the list."""
    given = outline.get("outlet") or ""
    return given if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", given) else ""


def _site(outline: etree._Element) -> str:
    """What joins feeds to one outlet: their front page, else the host they lie on."""
    page = _homepage(outline)
    return page.rstrip("/") or urlsplit(_address(outline)).netloc.removeprefix("www.").lower()


def _outlet(
    outlines: list[etree._Element], language: str, known: Mapping[str, str], taken: set[str]
) -> Outlet:
    first = outlines[0]
    name = (first.get("title") or first.get("text") or "").split(": ")[0].strip() or _site(first)
    own = _own_id(first)
    own = own if known.get(own, name) == name else ""
    declared = (first.get("language") or "")[:2].lower()
    return Outlet(
        id=_free_id(own or name, taken),
        name=name,
        language=declared if declared in ("es", "pt") else language,
        homepage=_homepage(first),
        feeds=tuple(_sources(outlines, name)),
    )


def _sources(outlines: list[etree._Element], name: str) -> Iterator[FeedSource]:
    seen: set[str] = set()
    for outline in outlines:
        url = _address(outline)
        if url not in seen:
            seen.add(url)
            title = outline.get("title") or outline.get("text") or ""
            yield FeedSource(url, section=title.removeprefix(name).lstrip(": ").strip())


def _homepage(outline: etree._Element) -> str:
    page = outline.get("htmlUrl") or ""
    return page if re.match(r"https?://[^\s/?#@]+([/?#]\S*)?$", page) else ""


def _free_id(name: str, taken: set[str]) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "outlet"
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    taken.add(free)
    return free
