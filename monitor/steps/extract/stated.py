"""The article's text as JSON-LD states it (``articleBody``): often whole, often cut, seldom with paragraphs.

It is never believed alone. Where it agrees with most of what was read, what stands before and after it is
furniture; where little of it was read, the page's layout defeated the reading and it is taken instead.
"""

import html
import re

from monitor.steps.extract.fragment import html_to_text

_WORD = re.compile(r"\w+")
_GLUED = re.compile(r"(?<=[a-záéíóúâêôãõçñ)”\"»][.!?])(?=[A-ZÁÉÍÓÚÂÊÔÃÕÇ¿¡“«\"])")
_SIZE = 4
#: part of a line's word groups that must be in the stated text for the line to be in it
_SAME = 0.5
#: part of the text read that the stated text must confirm before it may cut
_AGREED = 0.8
#: part of the stated text that must have been read
_READ = 0.5
_LEAST = 600


def reconciled(text: str, stated: str) -> str:
    """The text read from a page, corrected by the text that its JSON-LD states.

    :param text: paragraphs, one a line
    :param stated: ``articleBody`` as it stands there, "" without one
    """
    body = _plain(stated)
    if len(body) < _LEAST:
        return text
    if _share(body, _groups(text)) < _READ:
        return body
    return _between(text.split("\n"), _groups(body))


def _plain(stated: str) -> str:
    return html_to_text(_GLUED.sub("\n", html.unescape(html.unescape(stated))))


def _groups(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[place : place + _SIZE]) for place in range(len(words) - _SIZE + 1)}


def _share(line: str, known: set[tuple[str, ...]]) -> float:
    groups = _groups(line)
    return len(groups & known) / len(groups) if groups else 0.0


def _between(lines: list[str], known: set[tuple[str, ...]]) -> str:
    """From the first to the last line that the stated text confirms, if it confirms most of them."""
    confirmed = [number for number, line in enumerate(lines) if _share(line, known) >= _SAME]
    if sum(len(lines[number]) for number in confirmed) < _AGREED * sum(map(len, lines)):
        return "\n".join(lines)
    return "\n".join(lines[confirmed[0] : confirmed[-1] + 1])


def is_contained(line: str, text: str) -> bool:
    """Whether a text already says a line, word for word or nearly."""
    return line in text or _share(line, _groups(text)) >= _AGREED
