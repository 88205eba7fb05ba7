"""Tables of phrases and patterns, read from the package's data files."""

import re
from collections.abc import Callable, Mapping
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
#: letters and blanks at the beginning of a pattern, without the one that a quantifier makes optional
_LITERAL = re.compile(r"(?:[^\W\d_]| )+(?![?*{+])")
#: what a pattern asks of the text before it
_BEFORE = re.compile(r"^(?:\\b|\^|\(\?<[!=][^()]*\))+")
#: groups, within which a bar divides no pattern
_GROUPS = re.compile(r"\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)")


def rows(name: str) -> list[tuple[str, str]]:
    """The two columns of a data file; lines that begin with ``#`` are comments."""
    text = files("monitor.steps.translate").joinpath("data", name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(left, right) for left, _, right in (line.partition("\t") for line in lines)]


def cased(model: str, text: str) -> str:
    """``text`` with a capital first letter, or in capitals, where ``model`` has that."""
    if len(model) > 1 and model.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if model[:1].isupper() else text


class Phrases:
    """Phrases of whole words → what to write instead; the longest at a place wins, in linear time.

    :param table: phrases in small letters, words separated by one blank.
    """

    def __init__(self, table: Mapping[str, str], *, exact_case: bool = False) -> None:
        self._exact = exact_case
        self._table = dict(table)
        self._lengths: dict[str, list[int]] = {}
        for phrase in table:
            words = _WORD.findall(phrase)
            lengths = self._lengths.setdefault(words[0], [])
            lengths.append(len(words))
            lengths.sort(reverse=True)

    def carry(self, text: str, put: Callable[[str], str]) -> str:
        """The text with what ``put`` gives for each phrase's answer."""
        return self.replace(text, lambda found, new: put(cased(found, new)))

    def replace(self, text: str, write: Callable[[str, str], str] = cased) -> str:
        """The text with every phrase replaced.

        :param write: gives the new text from what stood there and the table's answer.
        """
        words = list(_WORD.finditer(text))
        pieces, at, index = [], 0, 0
        while index < len(words):
            count = self._longest(text, words, index)
            if count:
                start, end = words[index].start(), words[index + count - 1].end()
                found = text[start:end]
                pieces += [text[at:start], write(found, self._table[self._key(found)])]
                at = end
            index += max(count, 1)
        return "".join(pieces) + text[at:]

    def _longest(self, text: str, words: list[re.Match[str]], index: int) -> int:
        for length in self._lengths.get(self._key(words[index].group()), ()):
            if index + length <= len(words):
                found = text[words[index].start() : words[index + length - 1].end()]
                if self._key(found) in self._table:
                    return length
        return 0

    def _key(self, text: str) -> str:
        return text if self._exact else text.lower()


class Patterns:
    """Regular expressions → what to write instead, one after the other.

    A pattern that begins with a letter also matches with a capital one, which is then kept.
    """

    def __init__(self, name: str) -> None:
        self._rules = [
            (_beginning(pattern), _capitalisable(pattern), template) for pattern, template in rows(name)
        ]

    def replace(self, text: str) -> str:
        """The text after all rules."""
        return self.carry(text, str)

    def carry(self, text: str, put: Callable[[str], str]) -> str:
        """The text after all rules, with what ``put`` gives for each one's answer."""
        small = text.lower()
        for beginning, pattern, template in self._rules:
            if beginning in small:  # most are not, and a search costs ten times as much
                text = _applied(pattern, template, text, put)
                small = text.lower()
        return text


def _applied(pattern: re.Pattern[str], template: str, text: str, put: Callable[[str], str]) -> str:
    def write(match: re.Match[str]) -> str:
        new = _filled(match, template)
        return put(new.rstrip(" ")) + " " * (len(new) - len(new.rstrip(" ")))

    return pattern.sub(write, text)


def _beginning(pattern: str) -> str:
    """The letters that every match of a pattern begins with, in small letters; "" where there are none."""
    letters = _LITERAL.match(_BEFORE.sub("", pattern))
    return letters.group().lower() if letters and "|" not in _GROUPS.sub("", pattern) else ""


def _capitalisable(pattern: str) -> re.Pattern[str]:
    first = pattern[0]
    body = f"[{first}{first.upper()}]{pattern[1:]}" if first.isalpha() else pattern
    return re.compile(rf"\b{body}" if first.isalpha() else body)


def _filled(match: re.Match[str], template: str) -> str:
    new = match.expand(template)
    return new[:1].upper() + new[1:] if match.group()[:1].isupper() else new
