"""The headline of a page, without the site's name."""

import html
import re
from unicodedata import normalize

from monitor.steps.extract.structured import Structured
from monitor.steps.extract.tree import BLOCKS, Element, squeeze, text_of

_SEPARATOR = re.compile(r"\s+(?:[|·•»«–—―-]|::)\s+|\s*\|\s*")
_WORD = re.compile(r"\w{3,}")
_LONGEST = 400
#: characters of a stated title that are read: one whose end tag is missing holds the whole page
_LONGEST_STATED = 1000
#: a section beside the site's name has no more words
_SECTION_WORDS = 3


def find_title(tree: Element, said: Structured, site: str, host: str) -> str:
    """The headline as the reader sees it.

    The ``h1`` that shares most words with what the metadata give, or a smaller heading that says just that;
    without one, the metadata's own; without either, the first smaller heading.
    """
    stated = [squeeze(html.unescape(title))[:_LONGEST_STATED] for title in _stated(tree, said)]
    stated = [_without_site(title, site, host) for title in stated if title]
    heads = [head for head in _heads(tree, "h1") if not _names(head, site, host)]
    heads += [head for head in _heads(tree, "h2", "h3") if head in stated]
    best = max(heads, key=lambda head: _likeness(head, stated), default="")
    if best and (_likeness(best, stated) >= 0.34 or not stated):
        return _without_kicker(_without_site(best, site, host), stated)
    return next(iter([*stated, *_heads(tree, "h2")]), "")


def _heads(tree: Element, *tags: str) -> list[str]:
    """Headings of these kinds; boxes within one are told apart by a space."""
    heads = [squeeze(_spaced(head)) for head in tree.iter(*tags)]
    return [head for head in heads if 0 < len(head) <= _LONGEST]


def _spaced(head: Element) -> str:
    parts = [head.text or ""]
    for part in head:
        gap = " " if part.tag in BLOCKS else ""
        parts += [gap, text_of(part) if gap else "".join(part.itertext()), gap, part.tail or ""]
    return "".join(parts)


def _without_kicker(head: str, stated: list[str]) -> str:
    """A heading without the few words above it that no stated title has."""
    whole = [
        title
        for title in stated
        if head.endswith(f" {title}")
        and 2 * len(title) > len(head)
        and head.removesuffix(title).strip()[-1:].isalnum()
    ]
    return max(whole, key=len, default=head)


def _stated(tree: Element, said: Structured) -> list[str]:
    document = tree.find(".//head/title")
    titles = [
        said.said("headline"),
        *said.meta("og:title", "twitter:title", "title", "dc.title", "parsely-title")[:4],
    ]
    return [*titles, text_of(document) if document is not None else ""]


def _likeness(head: str, stated: list[str]) -> float:
    """Best overlap of words with one of the stated titles, 0 to 1."""
    words = _words(head)
    overlaps = [
        len(words & other) / max(1, min(len(words), len(other))) * _sizes(words, other)
        for other in map(_words, stated)
    ]
    return max(overlaps, default=0.0)


def _sizes(one: set[str], other: set[str]) -> float:
    """1 for titles of like length, less where a section's name meets a whole headline."""
    return min(1.0, 2 * min(len(one), len(other)) / max(1, len(one), len(other)))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _without_site(title: str, site: str, host: str) -> str:
    """Cut the site's name, and the sections beside it, from either end of a title."""
    marks = [match for match in _SEPARATOR.finditer(title) if match.start() > 0]
    for place, mark in enumerate(marks):
        part = _SEPARATOR.split(title[mark.end() :])[0]
        if _names(part, site, host):
            return title[: _before_sections(title, marks[: place + 1])].strip()
    first, colon, rest = title.partition(": ")
    if colon and _key(first) == _key(site):
        return rest.strip()
    if marks and _names(title[: marks[0].start()], site, host):
        return title[marks[0].end() :].strip()
    return title


def _before_sections(title: str, marks: list[re.Match[str]]) -> int:
    """Where a headline ends whose last mark stands before the site's name; short parts there are sections."""
    while len(marks) > 1:
        part = title[marks[-2].end() : marks[-1].start()]
        if len(part.split()) > _SECTION_WORDS or part.strip()[:1].islower():
            break
        marks = marks[:-1]
    return marks[-1].start()


def _names(part: str, site: str, host: str) -> bool:
    """Whether a part of a title is the outlet's name, as ``og:site_name`` or the host's name give it."""
    key = _key(part)
    known = [_key(site), _key(host.removeprefix("www.").split(".")[0]), _key(host.removeprefix("www."))]
    return len(key) > 2 and any(name and _is_name(key, name) for name in known)


def _is_name(key: str, name: str) -> bool:
    """The name, the name with a little more (*elfaro.com*), or the beginning of a longer one."""
    return (
        key == name
        or (len(name) > 3 and name in key and len(key) <= len(name) + 12)
        or (len(key) > 4 and name.startswith(key))
    )


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, normalize("NFD", text.lower())))
