"""The text of an article, from a pruned tree: trafilatura's choice, then line by line.

Precision mode measured best of trafilatura's modes on the collected pages (docs/decisions/0030-extraction.md).
"""

import logging
from copy import deepcopy

from monitor.steps.extract.phrases import is_credit, is_invitation, is_service
from monitor.steps.extract.tree import Element, leaves, link_share, squeeze, text_of

for _name in ("trafilatura", "htmldate", "courlan", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

#: a line this long, or one that ends as a sentence does, belongs to the running text
_LINE = 90
_ENDS = (".", "!", "?", "…", '."', ".”", ".»", ":", ";", "”", '"', "»", ")")


def body_of(tree: Element, title: str) -> str:
    """Paragraphs separated by one newline; the tree is left as it is."""
    lines = [line for line in _lines(tree) if line and not _is_other(line, title)]
    return "\n".join(_distinct(_trimmed(lines)))


def _lines(tree: Element) -> list[str]:
    import trafilatura

    try:
        document = trafilatura.bare_extraction(
            deepcopy(tree),
            favor_precision=True,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
        )
    except Exception:  # noqa: BLE001  whatever stops trafilatura on a hostile page, plain paragraphs are left
        document = None
    text = (document.text if document is not None else "") or ""
    return [squeeze(line).removeprefix("- ").strip("| ") for line in text.split("\n")] or plain_lines(tree)


def plain_lines(tree: Element) -> list[str]:
    """The blocks of a tree that are not mostly links, one line each."""
    return [text_of(leaf) for leaf in leaves(tree) if link_share(leaf) < 0.5]


def _is_other(line: str, title: str) -> bool:
    return is_invitation(line) or is_service(line) or is_credit(line) or _same(line, title)


def _same(line: str, title: str) -> bool:
    return bool(title) and line.casefold().strip(" .") == title.casefold().strip(" .")


def _is_running(line: str) -> bool:
    return len(line) >= _LINE or line.endswith(_ENDS)


def _trimmed(lines: list[str]) -> list[str]:
    """Without the labels before the first and after the last line of running text."""
    running = [number for number, line in enumerate(lines) if _is_running(line)]
    return lines[running[0] : running[-1] + 1] if running else lines


def _distinct(lines: list[str]) -> list[str]:
    """Without long lines that were there before: a page may hold its text twice, once for print."""
    seen: set[str] = set()
    return [line for line in lines if len(line) < _LINE or not (line in seen or seen.add(line))]  # type: ignore[func-returns-value]
