"""A feed's own HTML as text."""

import re

from lxml import etree
from lxml import html as lxml_html

from monitor.steps.extract.charset import without_controls
from monitor.steps.extract.phrases import is_credit, is_invitation, is_service
from monitor.steps.extract.prune import prune
from monitor.steps.extract.tree import MAX_BYTES, Element, bounded, paragraphs

_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#0-9]+;")
_ORIGIN = re.compile(
    r"\s*(?:The post .{1,400} (?:appeared first on|first appeared on) .{1,120}"
    r"|(?:La entrada|El cargo|El post|La publicación) .{1,400} (?:se publicó primero en"
    r"|apareció primero en|aparece primero en) .{1,120}"
    r"|O post .{1,400} (?:apareceu primeiro em|foi publicado primeiro em|apareceu primeiro no) .{1,120}"
    r"|(?:Seguir|Sigue|Continuar|Continúa|Continue) (?:leyendo|lendo|reading)\W*|(?:Leer|Ler|Read"
    r"|Leia|Lea) (?:más|mais|more)\W*"
    r"|\[(?:&hellip;|…|\.\.\.)\]|\[\+?\d* ?chars\])\s*$",
    re.IGNORECASE,
)


def html_to_text(html: str) -> str:
    """The text of an HTML fragment, as ``extract_page`` gives it: paragraphs separated by one newline.

    Plain text comes back with its lines kept. Links to the outlet's other articles, "appeared first on …" and
    "read more" at the end are left out. Any text gives a text.
    """
    html = without_controls(html[:MAX_BYTES])
    lines = _lines(html) if _MARKUP.search(html) else [" ".join(line.split()) for line in html.splitlines()]
    lines = [_ORIGIN.sub("", line) for line in lines]
    return "\n".join(line for line in lines if line and not _is_other(line))


def _lines(html: str) -> list[str]:
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree: Element = bounded(
            lxml_html.document_fromstring(f"<body>{html}</body>".encode("utf-8", "replace"), parser=parser)
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    prune(tree)
    return paragraphs(tree)


def _is_other(line: str) -> bool:
    return is_invitation(line) or is_service(line) or is_credit(line)
