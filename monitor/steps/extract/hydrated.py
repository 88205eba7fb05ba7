"""The text of a page that its own program builds in the reader's browser, from the data it carries along.

Next.js keeps them in ``<script id="__NEXT_DATA__" type="application/json">``, others in scripts of that
type. Each tool names its fields as it likes: the longest running text is looked for, whatever its name.
"""

import json
import re
from collections.abc import Iterator

from monitor.steps.extract.fragment import html_to_text
from monitor.steps.extract.tree import PROSE, Element

#: letters below which what was read from the elements of a page is no article
TOO_LITTLE = 300
#: characters of data that are read, and how deep
_MOST, _DEEPEST = 4_000_000, 40
#: what the parts of a list of other stories have, and the paragraphs of a text have not
_OF_STORIES = frozenset(
    ["url", "slug", "link", "href", "permalink", "title", "headline", "headlines", "canonical_url"]
)
_WORD = re.compile(r"\w{4,}")


def carried_text(tree: Element, title: str) -> str:
    """The longest text under this headline that a page's JSON data hold, as paragraphs separated by newlines.

    A text is one string, or the strings that stand in the parts of one list. "" where none is long enough,
    and either says a third of the headline's words or stands in one object with the headline.
    """
    held = list(_data(tree))
    texts = [text for data in held for text in _texts(data, 0)]
    beside = [text for data in held for thing in _named(data, title, 0) for text in _texts(thing, 0)]
    fitting = [text for text in texts if len(text) >= 2 * TOO_LITTLE and _is_about(text, title)]
    fitting += [text for text in beside if len(text) >= TOO_LITTLE]
    return html_to_text(max(fitting, key=len, default=""))


def _is_about(text: str, title: str) -> bool:
    words, said = set(_WORD.findall(title.casefold())), set(_WORD.findall(text.casefold()))
    return 3 * len(words & said) >= len(words)


def _data(tree: Element) -> Iterator[object]:
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").strip().lower() == "application/json" and 0 < len(text) <= _MOST:
            try:
                yield json.loads(text)
            except (ValueError, RecursionError):
                continue


def _named(value: object, title: str, depth: int) -> Iterator[object]:
    """The objects that give this headline as one of their strings."""
    if depth > _DEEPEST or not title or not isinstance(value, dict | list):
        return
    parts = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, dict) and title in parts:
        yield value
    for part in parts:
        yield from _named(part, title, depth + 1)


def _texts(value: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part, depth + 1)
    elif isinstance(value, list):
        yield "\n".join(filter(None, map(_paragraph, value)))
        for part in value:
            yield from _texts(part, depth + 1)


def _paragraph(part: object) -> str:
    """A paragraph as one part of a list gives it: itself, or the longest of its strings that is prose."""
    if isinstance(part, dict) and not _OF_STORIES.isdisjoint(map(str.lower, part)):
        return ""
    strings = list(part.values()) if isinstance(part, dict) else [part]
    prose = [text for text in strings if isinstance(text, str) and " " in text.strip()]
    best = max(prose, key=len, default="")
    return best if len(best) >= PROSE or (best and not isinstance(part, dict)) else ""
