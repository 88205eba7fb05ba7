"""What a page says of itself: JSON-LD, meta tags and microdata, read once."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.steps.extract.tree import Element, squeeze, text_of

_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|NewsItem)$")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING = re.compile(r",\s*(?=[}\]])")
#: a JSON-LD block longer than this is a listing, not an article
_MAX_JSON = 2_000_000
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Structured:
    """Metadata of a page, not yet weighed against each other."""

    #: the JSON-LD object of the article, or {}
    article: dict[str, object] = field(default_factory=dict)
    #: property, name or itemprop of meta tags, lower case → contents in order
    metas: dict[str, list[str]] = field(default_factory=dict)
    #: itemprop → values of elements inside the page
    items: dict[str, list[str]] = field(default_factory=dict)

    def meta(self, *names: str) -> list[str]:
        """All contents of these meta tags, in the order of the names."""
        return [value for name in names for value in self.metas.get(name, ())]

    def said(self, name: str) -> str:
        """One text property of the JSON-LD article on one line, "" where it is missing or no text."""
        return squeeze(self.as_written(name))

    def as_written(self, name: str) -> str:
        """The same with its line ends."""
        value = self.article.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        return value if isinstance(value, str) else ""


def read_structured(tree: Element) -> Structured:
    """Collect a page's metadata before it is pruned."""
    objects = [thing for block in _blocks(tree) for thing in _walk(block, 0)]
    metas = _metas(tree)
    heads = [text_of(h1) for h1 in tree.iter("h1")] + metas.get("og:title", [])
    return Structured(_resolved(_best(objects, heads), objects), metas, _items(tree))


def _blocks(tree: Element) -> Iterator[object]:
    for script in tree.iter("script"):
        text = (script.text or "").strip()
        if "ld+json" in (script.get("type") or "") and text and len(text) <= _MAX_JSON:
            yield _loaded(text)


def _loaded(text: str) -> object:
    """JSON as outlets write it: with line breaks in strings, trailing commas, comment marks around it."""
    text = (
        text.removeprefix("<!--")
        .removesuffix("-->")
        .removeprefix("//<![CDATA[")
        .removesuffix("//]]>")
        .strip()
        .rstrip(";")
    )
    for candidate in (text, _CONTROL.sub(" ", text), _TRAILING.sub("", _CONTROL.sub(" ", text))):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return _rescued(text)


def _rescued(text: str) -> dict[str, object]:
    """The plain properties of an article whose JSON cannot be read."""
    if not re.search(r'"@type"\s*:\s*\[?\s*"\w*Article"', text):
        return {}
    found = re.findall(
        r'"(headline|datePublished|dateModified|articleSection|description)"\s*:\s*"((?:[^"\\\n]'
        r'|\\.){1,1000})"',
        text,
    )
    author = re.search(r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"([^"\n]{1,100})"', text)
    rescued: dict[str, object] = {"@type": "NewsArticle"}
    for name, value in reversed(found):
        rescued[name] = _unescaped(value)
    if author:
        rescued["author"] = _unescaped(author[1])
    return rescued


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _walk(value: object, depth: int) -> Iterator[dict[str, object]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            yield from _walk(value.get(name), depth + 1)


def _best(objects: list[dict[str, object]], heads: list[str]) -> dict[str, object]:
    """The article among all that a page describes.

    The one whose headline the page shows, else the first with most of what an article needs.
    """
    shown = {_key(head) for head in heads}
    articles = [thing for thing in objects if any(map(_ARTICLE.search, _types(thing)))]
    return max(
        articles,
        key=lambda thing: (
            _key(str(thing.get("headline", ""))) in shown,
            sum(name in thing for name in ("headline", "datePublished", "author")),
        ),
        default={},
    )


def _key(headline: str) -> str:
    return "".join(filter(str.isalnum, html.unescape(headline).casefold()))


def _resolved(article: dict[str, object], objects: list[dict[str, object]]) -> dict[str, object]:
    """The article with its author and publisher in place of references to them (``{"@id": …}``)."""
    named = [thing for thing in objects if "name" in thing]
    known = {thing["@id"]: thing for thing in named if isinstance(thing.get("@id"), str)}

    def whole(value: object) -> object:
        if isinstance(value, list):
            return [whole(part) for part in value]
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return known.get(value["@id"], value)
        return value

    linked = [name for name in ("author", "publisher") if name in article]
    links: dict[str, object] = {name: whole(article[name]) for name in linked}
    return {**article, **links}


def _types(thing: dict[str, object]) -> list[str]:
    kinds = thing.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _metas(tree: Element) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = squeeze(meta.get("content") or "")
        names = {
            (meta.get(attribute) or "").strip().lower() for attribute in ("property", "name", "itemprop")
        } - {""}
        for name in names if content else ():
            metas.setdefault(name, []).append(content)
    return metas


def _items(tree: Element) -> dict[str, list[str]]:
    """Microdata outside of meta tags, such as ``<time itemprop="datePublished" datetime="…">``."""
    items: dict[str, list[str]] = {}
    for element in tree.iterfind(".//*[@itemprop]"):
        value = element.get("content") or element.get("datetime") or text_of(element)[:200]
        if value and element.tag != "meta":
            items.setdefault(element.get("itemprop"), []).append(squeeze(value))
    return items
