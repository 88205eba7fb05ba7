"""Who wrote an article, as names."""

import html
import re

from monitor.steps.extract.structured import Structured
from monitor.steps.extract.tree import Element, squeeze, text_of

_LEAD = re.compile(
    r"^(?:(?:escrito|publicado|redactado|elaborado|reportagem|texto|textos|autora?|autor\(a\)|redacción|de|da)?\s*(?:por|by)\s*:?|"
    r"(?:por|by|texto|textos|autora?|autores|fuente|fonte|reportagem)\s*:|por|by)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\(|@|\d|https?:|\bespecial para\b|\benviad[ao] especial\b|\bcorresponsal\b|\bperiodista\b|\bhora de publicación\b|"
    r"\btiempo de lectura\b|\bda redação\b|\bcolaboração para\b|\bem\s[A-Z]|\ben\s[A-Z]|\bver (?:biografía|perfil|más)|\bseguir\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_JOINT = re.compile(r"\s*[;/,|]\s*|\s+(?:y|e|and|&)\s+(?=[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][\w.'’-]*\s+[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ])")
_NOBODY = re.compile(
    r"^(?:null|none|undefined|n/?a|admin(?:istrador)?|an[oó]nim[oa]|autor|author|user|usuario|web|webmaster|editor|cms\b.*|staff|sin firma|test)$|"
    r"https?:|www\.|\.com\b|\.html|@|[{}<>=_]",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"^(?:la\s+|da\s+)?(?:redacci[oó]n|redação|redacao|redaccion|equipo|equipe|mesa|agencias?|editorial|estadão conteúdo)\b",
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


def find_authors(tree: Element, said: Structured, site: str) -> tuple[str, ...]:
    """Names of people, else of agencies or desks; never the site itself, an address or a placeholder.

    JSON-LD is believed first, then meta tags, microdata and the byline of the page.
    """
    sources = [
        _from_json(said.article.get("author")),
        said.meta(*_METAS),
        said.items.get("author", []),
        _bylines(tree),
    ]
    desks: tuple[str, ...] = ()
    for source in sources:
        names = _names(source, site)
        people = tuple(name for name in names if not _DESK.match(name))
        if people:
            return people
        desks = desks or names
    return desks


def _from_json(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _from_json(value.get("name"))
    return [name for part in value for name in _from_json(part)] if isinstance(value, list) else []


def _bylines(tree: Element) -> list[str]:
    found = tree.xpath(
        ".//*[@rel='author' or contains(@class, 'author-name') or contains(@class, 'authorName') or contains(@class, 'author__name')"
        " or contains(@class, 'byline') or contains(@class, 'firma') or contains(@class, 'autor')]"
    )
    lines = (text_of(element) for element in found[:6])
    return [line for line in lines if 0 < len(line) <= _LONGEST + 20]


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
    return _key(name) != _key(site) and any(char.isupper() for char in name)


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold())).removesuffix("com")
