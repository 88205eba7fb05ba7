"""A page as a bounded tree of elements."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from monitor.errors import InputError
from monitor.steps.extract.charset import decode

#: an lxml element; lxml ships no types
Element = Any

#: characters of a page that are read at all, and elements that are kept of it: an article has a hundredth of
#: either; trafilatura needs 1.4 s for a megabyte
MAX_BYTES = 8_000_000
MAX_ELEMENTS = 10_000
MAX_TEXT = 600_000
#: a chunk of text this long outside of links is prose, not furniture
PROSE = 60

_BLOCKS = """address article aside blockquote body caption dd details div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section table tbody td tfoot th thead
    tr ul"""
BLOCKS = frozenset(_BLOCKS.split())
_SILENT = (
    "style",
    "svg",
    "template",
    "iframe",
    "object",
    "canvas",
    "math",
    "audio",
    "video",
    "select",
    "button",
    "input",
)
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x01\x00",
)
#: attributes of one tag: the parser compares each with all before it, which takes quadratic time
MAX_ATTRIBUTES = 500
_LONG_TAG = re.compile(r"<([A-Za-z][\w:-]*)([^<>]{2000,})")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_NO_TEXT = re.compile("[\x00-\x08\n-\x1f\ufffe\uffff]")


def parse(html: bytes, content_type: str = "") -> Element:
    """The page's tree, without what holds no text, cut to a size that can be worked on.

    :raises InputError: when the bytes are empty or are no HTML.
    """
    if html.startswith(_BINARY):
        raise InputError("this is not HTML but a binary file; give the address of the article's page")
    text = _LONG_TAG.sub(_tamed, decode(html[:MAX_BYTES], content_type))
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise InputError(f"no HTML could be read here: {error}") from error
    return bounded(tree)


def _tamed(tag: re.Match[str]) -> str:
    """A long tag as it is, or without its attributes where they are too many."""
    attributes = _QUOTED.sub("", tag[2]).split()
    return tag[0] if len(attributes) <= MAX_ATTRIBUTES else f"<{tag[1]}"


def bounded(tree: Element) -> Element:
    """The tree without scripts (JSON-LD stays) and silent elements, cut at the limits above."""
    for element in list(tree.iter("script", "noscript", *_SILENT)):
        if element.tag != "script" or "json" not in (element.get("type") or ""):
            drop(element)
    for element in tree.iter():
        element.text, element.tail = _one_line(element.text), _one_line(element.tail)
    for rule in tree.iter("br"):
        rule.tail = f"\n{rule.tail or ''}"
    _cut(tree)
    return tree


def _cut(tree: Element) -> None:
    """Remove what lies beyond the limits, with the text after it: to keep that would take quadratic time."""
    room = MAX_TEXT
    for number, element in enumerate(list(tree.iter())):
        room -= len(element.tail or "") + (len(element.text or "") if element.tag != "script" else 0)
        parent = element.getparent()
        if (number >= MAX_ELEMENTS or room < 0) and parent is not None:
            parent.remove(element)


def _one_line(text: str | None) -> str | None:
    """On one line, without the control characters that the parser takes and no tree lets one write back."""
    return _NO_TEXT.sub(" ", text) if text else text


def drop(element: Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def text_of(element: Element) -> str:
    """All text below an element on one line."""
    return squeeze("".join(element.itertext()))


def squeeze(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())


def link_share(element: Element) -> float:
    """Part of an element's text that stands inside links, 0 to 1."""
    total = len(text_of(element))
    linked = sum(
        len(text_of(link)) for link in element.iter("a") if link is element or not _inside(link, element)
    )
    return min(1.0, linked / total) if total else 0.0


def _inside(link: Element, top: Element) -> bool:
    return any(parent.tag == "a" for parent in link.iterancestors() if parent is not top)


def leaves(tree: Element) -> Iterator[Element]:
    """Blocks of text that hold no other block, in the order of the page."""
    for element in list(tree.iter(*BLOCKS)):
        if not any(child.tag in BLOCKS for child in element.iterdescendants()):
            yield element


def paragraphs(tree: Element) -> list[str]:
    """All running text of a tree, one line a block; ``<br>`` ends a line."""
    lines: list[str] = []
    current: list[str] = []

    def close() -> None:
        lines.append(squeeze("".join(current)))
        current.clear()

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in BLOCKS or element.tag == "br":
            close()
        elif element.tag == "time":
            current.append(" ")
        text = element.text if event == "start" else element.tail
        if text and not (event == "start" and element.tag in {"script", "title"}):
            current.append(text)
    close()
    return [line for line in lines if line]


class Prose:
    """How much running text each element of a page holds."""

    def __init__(self, tree: Element) -> None:
        self._of: dict[Element, int] = {}
        for event, element in etree.iterwalk(tree, events=("end",)):
            assert event == "end"
            self._of[element] = self._own(element) + sum(self._of.get(child, 0) for child in element)
        self.total = max(1, self._of[tree])

    @staticmethod
    def _own(element: Element) -> int:
        if element.tag in {"a", "script", "head", "title"}:
            return 0
        chunks = [element.text, *(child.tail for child in element)]
        return sum(len(chunk) for chunk in map(squeeze, filter(None, chunks)) if len(chunk) >= PROSE)

    def share(self, element: Element) -> float:
        """Part of the page's running text below this element, 0 to 1."""
        return self._of.get(element, 0) / self.total
