"""Characters to an XML tree: hardened, and mended as far as a person could."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

# Every pattern below is written so that hostile text costs no more than its length
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))", re.S)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*", re.S)
_DOCTYPE = re.compile(
    r"(?>\s+|<!--(?>.*?-->)|<\?(?>.*?\?>))*+(?P<whole><!DOCTYPE[^\[>]*(?:\[(?P<inner>.*?)\]\s*)?>)",
    re.S | re.I,
)
_ENTITY = re.compile(r"""<!ENTITY\s+(%\s+)?([\w.:-]+)\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\b)""", re.S)
_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#\d+|#x[0-9A-Fa-f]+);)")
_LONE = re.compile(r"<(?![A-Za-z_/!?])")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"&#(?:0*(\d+)|[xX]0*([0-9a-fA-F]+));")
_START = re.compile(
    r"<\?xml|<!DOCTYPE|<(?:[\w-]+:)?(?:rss|feed|RDF|urlset|sitemapindex|channel|html)\b", re.I
)
_LAST = 0x10FFFF
# After its first error the parser drops named references, even XML's own; numbered ones it keeps
_NUMBERED = {"lt": "&#60;", "gt": "&#62;", "amp": "&#38;", "quot": "&#34;", "apos": "&#39;"}
# What a program prints before the document it was asked for: words, or a warning as a piece of HTML
_JUNK_BEGINS = re.compile(r"[^<]|<(?:br|b|p|div|script|table|font)\b", re.I)
#: an entity whose text is longer is no character but an attack
_LONGEST_ENTITY = 100
_LONGEST_SUBSET = 20_000
#: how far into a document junk before its first tag is looked through, in characters
_JUNK = 5_000


@dataclass(slots=True)
class Tree:
    """What could be made of a document."""

    root: Any = None
    #: one phrase for each thing that was wrong
    problems: list[str] = field(default_factory=list)
    #: the document's own text as it was finally read
    text: str = ""
    #: well-formed as it came
    clean: bool = False
    #: not well-formed even after mending, so that something may be missing
    recovered: bool = False
    #: declares entities that refer to others or to files
    hostile: bool = False


def tree_of(text: str, url: str) -> Tree:
    """Parse XML as it is, else mended, else what the parser recovers. Fetches and expands nothing."""
    tree = Tree()
    text = _DECLARATION.sub("", _without_junk(text, tree), count=1)
    text = _without_doctype(text, tree)
    if tree.hostile:
        return tree
    tree.text = text
    tree.root, error = _parsed(text, url, recover=False)
    tree.clean = tree.root is not None
    if tree.root is None:
        _mend(tree, url, error)
    return tree


def _mend(tree: Tree, url: str, error: str) -> None:
    mended = "".join(
        _repaired(part) if number % 2 == 0 else part for number, part in enumerate(_CDATA.split(tree.text))
    )
    # Also in what looks like CDATA: recovery may see it otherwise, and makes bad bytes of such numbers
    tree.text = _NUMBER.sub(_legal, _ILLEGAL.sub("", mended))
    tree.problems.append(f"ill-formed: {error}")
    tree.root, _ = _parsed(tree.text, url, recover=False)
    if tree.root is None:
        tree.root, _ = _parsed(tree.text, url, recover=True)
        tree.recovered = True
        tree.problems.append("read by recovery")


def _parsed(text: str, url: str, recover: bool) -> tuple[Any, str]:
    """The root or None, and the parser's complaint."""
    parser = etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser, base_url=_base(url)), ""
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, str(error)[:200]


def _base(url: str) -> str | None:
    return url if url.isascii() and url.isprintable() else None


def _without_junk(text: str, tree: Tree) -> str:
    """White space, marks and a program's warnings before the first tag taken off."""
    text = text.lstrip("\ufeff\u200b\x00 \t\r\n\x0b\x0c")
    start = _START.search(text[:_JUNK])
    if start is None or not _JUNK_BEGINS.match(text):
        return text
    tree.problems.append("text before the document")
    return text[start.start() :]


def _without_doctype(text: str, tree: Tree) -> str:
    """The document without its type; entities it declares are put in their places where they are plain."""
    found = _DOCTYPE.match(text)
    if not found:
        return text
    tree.hostile = len(found.group("inner") or "") > _LONGEST_SUBSET
    if tree.hostile:
        return text
    plain: dict[str, str] = {}
    for is_parameter, name, double, single, external in _ENTITY.findall(found.group("inner") or ""):
        value = double or single
        if is_parameter or external:
            continue  # never loaded; the names it would declare are HTML's own
        if len(value) > _LONGEST_ENTITY or _REFERENCE.search(value) or "%" in value or "<" in value:
            tree.hostile = True
        plain[name] = html.unescape(value)
    text = text[: found.start("whole")] + text[found.end("whole") :]
    if not plain:
        return text
    return _REFERENCE.sub(lambda one: html.escape(plain.get(one[1], "")) or one[0], text)


def _repaired(text: str) -> str:
    """Text outside CDATA with HTML's named characters, bare ampersands and lone brackets made XML."""
    text = _REFERENCE.sub(_character, text)
    return _LONE.sub("&#60;", _BARE.sub("&#38;", text))


def _legal(one: re.Match[str]) -> str:
    """A numbered character as it is; a blank for one that XML has not, lest its neighbours form another."""
    decimal, hexadecimal = one.groups()
    digits = decimal or hexadecimal
    if len(digits) > 7:
        return " "
    number = int(digits, 10 if decimal else 16)
    return " " if number > _LAST or _ILLEGAL.fullmatch(chr(number)) else one[0]


def _character(one: re.Match[str]) -> str:
    if one[1] in _NUMBERED:
        return _NUMBERED[one[1]]
    character = html.unescape(one[0])
    return f"&#38;{one[1]};" if character == one[0] else "".join(f"&#{ord(part)};" for part in character)
