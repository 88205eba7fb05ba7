"""A section page's links, where an outlet has neither feed nor sitemap."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from monitor.errors import InputError
from monitor.model import ParsedFeed, ParseFailure
from monitor.steps.parse.entries import address, collected, newest
from monitor.steps.parse.plain import plain
from monitor.steps.parse.raw import RawItem
from monitor.text.urls import url_key

_INDEX = re.compile(
    r"(?i)/(?:tags?|temas?|topics?|autor(?:es)?|author|colunistas?|page|pagina|busca|"
    r"buscar|search|login|suscrib\w*|assine|contacto?|contato|privaci\w+|politica-de-\w+|terminos\S*|newsletters?|rss|feed)(?:/|$)"
)
_DATED = re.compile(r"/(?:19|20)\d{2}[/-]?(?:0[1-9]|1[0-2])(?:[/-]|\d{2})")
_NUMBERED = re.compile(r"\d{5,}")
_ASSET = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|xml|css|js|zip)$")
#: a headline has at least this many characters; menus have fewer
_HEADLINE = 20
#: how many boxes around a link are looked through for the heading of its card
_BOXES = 3


def section_of(text: str, url: str, now: datetime) -> ParsedFeed | ParseFailure:
    """The links of an HTML page that look like articles of the same site, with their texts as headlines."""
    root = _page(text)
    links = _links(root, url) if root is not None else {}
    if not links:
        return ParseFailure("no links to articles", "html")
    raws = (
        RawItem(link=link, title=title if len(title) >= _HEADLINE else "") for link, title in links.values()
    )
    found = collected(raws, now, "UTC", _language(root))
    problems = found.problems()
    title = plain(root.findtext(".//title") or "")
    return ParsedFeed("section", newest(found.entries.values(), problems, now), title, tuple(problems))


def _page(text: str) -> Any:
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        return lxml_html.document_fromstring(
            text.replace("\x00", "").encode("utf-8", "replace"), parser=parser
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _language(root: Any) -> str:
    declared = str(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    return declared[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", declared) else ""


def _links(root: Any, url: str) -> dict[str, tuple[str, str]]:
    """Key of the address to address and best headline, in the order of the page."""
    found: dict[str, tuple[str, str]] = {}
    for link, title in _candidates(root, url):
        try:
            key = url_key(link)
        except InputError:
            continue
        if len(title) > len(found.get(key, ("", ""))[1]) or key not in found:
            found[key] = (found.get(key, (link, ""))[0], title)
    return {key: (link, title) for key, (link, title) in found.items() if _is_article(link, title)}


def _candidates(root: Any, url: str) -> Iterator[tuple[str, str]]:
    base = next((address(one.get("href"), url) for one in root.iter("base") if one.get("href")), "") or url
    site = _site(url)
    for anchor in root.iter("a"):
        link = address(anchor.get("href") or "", base)
        if link and _site(link) == site and not _ASSET.search(urlsplit(link).path):
            yield link, _title(anchor)


def _title(anchor: Any) -> str:
    """The headline of a link: in it, of the picture in it, or of the card that it stands in."""
    heading = next((one for one in anchor.iter("h1", "h2", "h3", "h4")), anchor)
    picture = next((one.get("alt") for one in anchor.iter("img") if one.get("alt")), "")
    given = (_text(heading), anchor.get("title"), anchor.get("aria-label"), picture)
    told = [" ".join(text.split()) for text in given if text]
    long = next((text for text in told if len(text) >= _HEADLINE), "")
    return long or _title_of_card(anchor) or next(iter(told), "")


def _title_of_card(anchor: Any) -> str:
    """The heading of the nearest box around a link in which nothing leads elsewhere."""
    for box in islice(anchor.iterancestors(), _BOXES):
        if any(other.get("href") != anchor.get("href") for other in box.iter("a")):
            return ""
        heading = next(box.iter("h1", "h2", "h3", "h4"), None)
        if heading is not None:
            return _text(heading)
    return ""


def _text(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def _is_article(link: str, title: str) -> bool:
    path = urlsplit(link).path
    if path in {"", "/"} or _INDEX.search(path):
        return False
    slug = path.rstrip("/").rpartition("/")[2]
    # An address with a day and a name is an article's whatever the link says ("Leer más")
    if _DATED.search(path) and re.search(r"[a-z]{3}", slug):
        return True
    told = bool(_NUMBERED.search(path) or slug.count("-") >= 3)
    return told and len(title) >= _HEADLINE


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
