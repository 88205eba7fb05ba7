"""The text of an article, from a pruned tree: trafilatura's choice, then line by line.

Precision mode measured best of trafilatura's modes on the collected pages
(docs/decisions/0030-extraction.md).
"""

import logging
import re
from copy import deepcopy

from monitor.steps.extract.datelines import is_imprint
from monitor.steps.extract.phrases import is_credit, is_invitation, is_service
from monitor.steps.extract.tree import Element, leaves, link_share, squeeze, text_of

for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

#: a line this long, or one that ends as a sentence does, belongs to the running text
_LINE = 90
_ENDS = (".", "!", "?", "…", '."', ".”", ".»", ":", ";", "”", '"', "»", ")")
#: paragraphs that an element must have given before those beside them are taken too
_SIBLINGS = 3
#: lines at either end of a text among which its signature and date stand
_IMPRINT = 5
_BIOGRAPHY = re.compile(
    r"(?:(?:es|é)\s)?(?:(?:un|una|um|uma)\s)?(?:periodista|jornalista|reporter[oa]|repórter"
    r"|licenciad[oa]\se[nm]|graduad[oa]"
    r"|egresad[oa]|comunicador|formad[oa]\sem|columnista|colunista)\b",
    re.IGNORECASE,
)
#: what a post of a social network leaves behind when its words are quoted: addresses, and its signature
_POST_LINK = re.compile(r"\s*\b(?:pic\.(?:twitter|x)\.com/|(?:https?://)?t\.co/)\w+")
_SIGNATURE = re.compile(r"^[—–-]+\s?.{1,80}\(@\w+\).{0,40}$")
_RULE = re.compile(r"^[\s|:-]*$")


def body_of(tree: Element, title: str) -> str:
    """Paragraphs separated by one newline; the tree is left as it is."""
    lines = [line for line in _with_siblings(tree, _lines(tree)) if not _is_other(line, title)]
    return "\n".join(_distinct(_trimmed(_without_imprint(lines))))


def is_running(line: str) -> bool:
    """Whether a line is running text rather than a heading or a label."""
    return len(line) >= _LINE or line.endswith(_ENDS)


def _lines(tree: Element) -> list[str]:
    import trafilatura

    try:
        document = trafilatura.bare_extraction(deepcopy(tree), favor_precision=True, include_comments=False)
        text = str(getattr(document, "text", None) or "")
    except Exception:  # noqa: BLE001  whatever stops trafilatura on a hostile page, plain paragraphs are left
        text = ""
    lines = [_unmarked(squeeze(line)) for line in text.split("\n")]
    return [line for line in lines if line] or _plain(tree)


def _unmarked(line: str) -> str:
    """A line without trafilatura's marks for lists and tables."""
    if line.startswith("|"):
        return (
            "" if _RULE.match(line) else ", ".join(filter(None, map(str.strip, line.strip("|").split("|"))))
        )
    return "" if _SIGNATURE.match(line) else _POST_LINK.sub("", line.removeprefix("- "))


def _plain(tree: Element) -> list[str]:
    """The blocks of running text of a tree that are not mostly links."""
    lines = [text_of(leaf) for leaf in leaves(tree) if link_share(leaf) < 0.5]
    return [line for line in lines if len(line) >= _LINE]


def _with_siblings(tree: Element, lines: list[str]) -> list[str]:
    """What was chosen, and the paragraphs that stand among it in the same element but were lost."""
    chosen = {line: place for place, line in enumerate(lines)}
    found = [(leaf, text_of(leaf)) for leaf in leaves(tree) if leaf.tag == "p"]
    homes: dict[Element, int] = {}
    for leaf, line in found:
        homes[leaf.getparent()] = homes.get(leaf.getparent(), 0) + (line in chosen)
    lost: dict[int, list[str]] = {}
    place, text = -1, "\n".join(lines)
    for leaf, line in found:
        place = chosen.get(line, place)
        if homes[leaf.getparent()] >= _SIBLINGS and len(line) >= _LINE and line not in text:
            lost.setdefault(place, []).append(line)
    return [
        line
        for number in range(-1, len(lines))
        for line in [*lines[number : number + 1], *lost.get(number, [])]
    ]


def _is_other(line: str, title: str) -> bool:
    if not any(map(str.isalnum, line)):
        return True
    return is_invitation(line) or is_service(line) or is_credit(line) or _same(line, title)


def _same(line: str, title: str) -> bool:
    return bool(title) and line.casefold().strip(" .") == title.casefold().strip(" .")


def _trimmed(lines: list[str]) -> list[str]:
    """Without the labels before the first and after the last line of running text, and its author's life."""
    while lines and _BIOGRAPHY.match(lines[-1]):
        lines = lines[:-1]
    running = [number for number, line in enumerate(lines) if is_running(line)]
    return lines[running[0] : running[-1] + 1] if running else lines


def _without_imprint(lines: list[str]) -> list[str]:
    """Without signature and date among the first and last lines; elsewhere they may head a chronicle."""
    inner = range(_IMPRINT, len(lines) - _IMPRINT)
    return [line for place, line in enumerate(lines) if place in inner or not is_imprint(line)]


def _distinct(lines: list[str]) -> list[str]:
    """Without long lines that were there before: a page may hold its text twice, once for print."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        if len(line) < _LINE or line not in seen:
            kept.append(line)
        seen.add(line)
    return kept
