"""One HTML page to what an analyst needs of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize
from urllib.parse import urljoin, urlsplit

from monitor.model import ExtractedPage, PageHints
from monitor.steps.extract.authors import find_authors
from monitor.steps.extract.body import body_of
from monitor.steps.extract.dates import find_modified, find_published
from monitor.steps.extract.hydrated import TOO_LITTLE, carried_text
from monitor.steps.extract.lead import find_lead
from monitor.steps.extract.moments import zone_named
from monitor.steps.extract.prune import prune
from monitor.steps.extract.stated import is_contained, reconciled
from monitor.steps.extract.structured import Structured, read_structured
from monitor.steps.extract.titles import find_title
from monitor.steps.extract.tree import Element, parse, squeeze, text_of
from monitor.steps.extract.walls import is_walled

#: characters of a page in which the phrases of a wall are looked for
READ_FOR_WALLS = 60_000
_NO_HINTS = PageHints()
_NO_NAME = re.compile(r"\.\w{2,3}$|\|| - |\b(?:S\.?\s?[AL]\b\.?|Ltda|Ediciones|Editora|Grupo)", re.IGNORECASE)


def extract_page(
    html: bytes,
    url: str = "",
    *,
    timezone: str = "UTC",
    hints: PageHints = _NO_HINTS,
    content_type: str = "",
) -> ExtractedPage:
    """Read one page: text in paragraphs, and what the page says of itself.

    :param html: the page's bytes as they were fetched; its encoding is found here
    :param url: where it was fetched, for relative addresses and dates in them
    :param timezone: IANA name, for dates that state no offset
    :param hints: what the outlet's pages need beyond the generic rules
    :param content_type: the HTTP header, where it is known
    :raises InputError: when the bytes are no HTML, or a hint cannot be read.
    """
    tree = parse(html, content_type)
    said = read_structured(tree)
    stated = _stated(tree, said, url, timezone, hints.date_format)
    visible = text_of(tree)[:READ_FOR_WALLS]
    lead = find_lead(tree, stated.title, _descriptions(said))
    prune(tree, hints.keep, hints.drop)
    text = reconciled(body_of(tree, stated.title), said.as_written("articleBody"))
    if len(text) < TOO_LITTLE and not is_walled(said, visible, text):
        text = carried_text(tree, stated.title) or text
    text = _with_lead(lead, text)
    return replace(stated, text=text, paywalled=is_walled(said, visible, text))


def _stated(tree: Element, said: Structured, url: str, zone: str, date_format: str) -> ExtractedPage:
    """All that a page says of itself, read from the whole tree; its text is still to come."""
    canonical = _canonical(tree, said, url)
    host = _host(canonical or url)
    site = _site(said, host)
    published = find_published(tree, said, url or canonical, zone, date_format)
    return ExtractedPage(
        title=find_title(tree, said, site, host),
        text="",
        authors=find_authors(tree, said, site),
        published_at=_utc(published),
        published_local=_local(published, zone),
        modified_at=_utc(find_modified(said, zone)),
        language=_language(tree, said),
        site=site,
        canonical_url=canonical,
        section=_section(said),
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _local(moment: datetime | None, zone: str) -> datetime | None:
    """A moment stated in UTC, in the outlet's own time; one with an offset of its own as it is."""
    if moment is None or zone == "UTC" or moment.utcoffset():
        return moment
    return moment.astimezone(zone_named(zone))


def _canonical(tree: Element, said: Structured, url: str) -> str:
    base = url if _host(url) else ""
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for address in [*links, *said.meta("og:url")]:
        try:
            absolute = str(urljoin(base, address.strip()))
            if urlsplit(absolute).scheme in {"http", "https"} and urlsplit(absolute).hostname:
                return absolute
        except ValueError:
            continue
    return ""


def _site(said: Structured, host: str) -> str:
    """The outlet's name: its publisher in JSON-LD unless an address or a company, else Open Graph's."""
    publisher = said.article.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else ""
    named = said.meta("og:site_name", "application-name", "publisher")
    if isinstance(name, str) and name and not (named and _NO_NAME.search(name)):
        return squeeze(name)
    parts = re.split(r"\s+[-–|]\s+", named[0]) if named else [""]
    return min(parts, key=lambda part: _key(part) not in host.replace("-", ""))


def _key(name: str) -> str:
    """A name as a host would spell it: *La Prensa Gráfica* → laprensagrafica."""
    return "".join(filter(str.isascii, filter(str.isalnum, normalize("NFD", name.lower()))))


def _descriptions(said: Structured) -> list[str]:
    return [*said.meta("description", "og:description", "twitter:description"), said.said("description")]


def _section(said: Structured) -> str:
    return next(
        iter([said.said("articleSection"), *said.meta("article:section", "section", "parsely-section")]), ""
    )


def _language(tree: Element, said: Structured) -> str:
    """The language that the page declares, as two letters."""
    stated = [
        tree.get("lang") or "",
        said.said("inLanguage"),
        *said.meta("content-language", "language", "og:locale"),
    ]
    codes = (text.strip().lower().replace("_", "-").split("-")[0] for text in stated)
    return next((code for code in codes if len(code) == 2 and code.isalpha()), "")


def _with_lead(lead: str, text: str) -> str:
    return f"{lead}\n{text}".strip() if lead and not is_contained(lead, text) else text
