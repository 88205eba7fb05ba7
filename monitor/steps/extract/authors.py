"""Who wrote an article, as names."""

import html
import re
from collections.abc import Callable
from functools import cache
from itertools import islice

from monitor.steps.extract.datelines import signatures
from monitor.steps.extract.structured import Structured
from monitor.steps.extract.tree import Element, squeeze, text_of

_LEAD = re.compile(
    r"^(?:(?:escrito|publicado|redactado|elaborado|reportagem|texto|textos|autora?|autor\(a\)"
    r"|redacción|de|da)?\s*(?:por|by)\s*:?|"
    r"(?:por|by|texto|textos|autora?|autores|fuente|fonte|reportagem)\s*:|por|by)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\(|@|\d|https?:|\bespecial para\b|\benviad[ao] especial\b|\bcorresponsal\b"
    r"|\bperiodista\b|\bhora de publicación\b|"
    r"\btiempo de lectura\b|\bda redação\b|\bcolaboração para\b|\bem\s[A-Z]|\ben\s[A-Z]"
    r"|\bver (?:biografía|perfil|más)|\bseguir\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_JOINT = re.compile(r"\s*[;/,|]\s*|\s+(?:y|e|and|&)\s+(?=[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][\w.'’-]*\s+[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ])")
_NOBODY = re.compile(
    r"^(?:de|do|da|desde|em|en)\s|^(?:null|none|undefined|n/?a|admin(?:istrador)?|an[oó]nim[oa]|autor|author|por|by|user|usuario|web"
    r"|webmaster|super\s?user|superusuario|wp-?admin|soporte|editor|cms\b.*|staff|sin firma|test)$|"
    r"https?:|www\.|\.com\b|\.html|@|[{}<>=_]",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"^(?:la\s+|da\s+)?(?:redacci[oó]n|redação|redacao|redaccion|equipo|equipe|mesa|agencias?"
    r"|editorial|estadão conteúdo)\b",
    re.IGNORECASE,
)
_METAS = (
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "cxenseparse:author",
    "nrbi:authors",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "byl",
)
_LONGEST = 60
#: classes of what names an author; a link to an author's page
_BYLINE = re.compile(
    r"authorName|(?:^|[\s_-])authors?(?:$|[\s_-])|signature|publication-data__from|byline|firma|autor"
)
_AUTHORS_PAGE = re.compile(r"/(?:autor|autores|author)/")
#: the BBC names each part of a byline for screen readers: *Author, Ana Paz*
_LABELLED = ".//li/*[1][starts-with(., 'Author,') or starts-with(., 'Autor,')]/.."
_ASIDE = frozenset({"nav", "aside", "ul", "ol", "figure", "figcaption", "footer"})
#: a byline says *por*, or is a name alone: two to five words with capitals
_NAMED = re.compile(
    r"^\s*(?:por|by|Por|By|POR)\b\W*\w|^(?:[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][\w.'’-]+[\s,;/]*(?:\b(?:de|del|da|do|dos|la|y"
    r"|e)\b\s*)?){2,14}$|^[A-Z]{3,8}$"
)


def find_authors(tree: Element, said: Structured, site: str) -> tuple[str, ...]:
    """Names of people, else of agencies or desks; never the site itself, an address or a placeholder.

    JSON-LD is believed first, then meta tags, microdata and the byline of the page.
    """
    outlet = {site, *said.meta("og:site_name", "publisher")}
    bylines = cache(lambda: _bylines(tree))
    sources: list[Callable[[], list[str]]] = [
        lambda: _from_json(said.article.get("author")),
        lambda: said.meta(*_METAS),
        lambda: said.items.get("author", []),
        bylines,
        lambda: signatures(tree),
    ]
    desks: tuple[str, ...] = ()
    for source in sources:
        names = _names([text for text in source() if text not in outlet], site)
        people = tuple(name for name in names if not _DESK.match(name))
        if people:
            return _completed(people, _names(bylines(), site)) if len(people) == 1 else people
        desks = desks or names
    return desks


def _completed(stated: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    """All whom the byline names where it names the one that is stated: many systems state the first only."""
    return shown if stated[0] in shown and not any(map(_DESK.match, shown)) else stated


def _from_json(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _from_json(value.get("name"))
    return [name for part in value for name in _from_json(part)] if isinstance(value, list) else []


def _bylines(tree: Element) -> list[str]:
    """Labelled bylines, else the first that names someone: a ``rel=author``, or a class that says so."""
    labelled = [text_of(element).partition(", ")[2] for element in tree.xpath(_LABELLED)[:12]]
    if labelled:
        return labelled
    found = list(islice(filter(_is_byline, tree.iter()), 12))
    around = {up for element in found for up in element.iterancestors()}
    for element in (element for element in found if element not in around):
        line = text_of(element)
        if _may_name(line) and not _is_aside(element):
            return [line, *_beside(element)]
    parts = (squeeze(text) for element in found if not _is_aside(element) for text in element.itertext())
    return list(islice(filter(_may_name, parts), 1))


def _may_name(line: str) -> bool:
    return 0 < len(line) <= _LONGEST + 40 and bool(_NAMED.search(line))


def _is_aside(element: Element) -> bool:
    """Whether an element stands in a list or beside the article; a list of links to authors alone is none."""
    alone = text_of(element) if _leads_to_author(element) else ""
    return any(up.tag in _ASIDE and text_of(up) != alone for up in element.iterancestors())


def _is_byline(element: Element) -> bool:
    if element.tag in {"body", "html", "ul"}:
        return False
    return (
        bool(_BYLINE.search(element.get("class") or ""))
        or element.get("rel") == "author"
        or _leads_to_author(element)
    )


def _leads_to_author(element: Element) -> bool:
    return element.tag == "a" and bool(_AUTHORS_PAGE.search(element.get("href") or ""))


def _beside(link: Element) -> list[str]:
    """The names of the links to other authors' pages beside one."""
    others = filter(_leads_to_author, link.itersiblings("a")) if _leads_to_author(link) else ()
    return [name for name in map(text_of, others) if _NAMED.search(name)]


def _names(source: list[str], site: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for text in source:
        for part in _JOINT.split(squeeze(html.unescape(text)).strip("'\" ")):
            name = _clean(part)
            if _is_name(name, site):
                names.setdefault(name.casefold(), name)
    return tuple(names.values())


def _clean(part: str) -> str:
    name = _TAIL.sub("", _LEAD.sub("", part.strip())).strip(" .,:;'\"“”-–—")
    return name.title() if name.isupper() and len(name.split()) > 1 else name


def _is_name(name: str, site: str) -> bool:
    if not 3 <= len(name) <= _LONGEST or len(name.split()) > 7 or _NOBODY.search(name):
        return False
    return any(char.isupper() for char in name) and (
        bool(_DESK.match(name)) or not _is_site(_key(name), _key(site))
    )


def _is_site(name: str, site: str) -> bool:
    """Whether a name is the outlet's, whole, in part or with more around it."""
    return len(site) > 3 and (name == site or (len(name) > 5 and name in site) or site in name)


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold())).removesuffix("com")
