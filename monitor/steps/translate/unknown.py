"""Spanish words that Apertium does not know → Portuguese ones, by the sound laws between the two languages.

A candidate counts only where it is a Portuguese word. Measured: docs/decisions/0041-embedded-engine.md.
"""

import re
from collections.abc import Container, Iterator
from functools import cached_property

from monitor.steps.translate.phrases import cased, rows

_MARKED = re.compile(r"\*([^\W\d_][\w'’-]*)")


class Unknown:
    """Finds Portuguese for unknown Spanish words: our table, then cognates, then endings alone.

    :param portuguese: tells whether a word is Portuguese.
    """

    def __init__(self, portuguese: Container[str]) -> None:
        self._portuguese = portuguese
        self._table = dict(rows("unknown_words.tsv"))
        self._known: dict[str, str] = {}

    def resolve(self, marked: str) -> str:
        """Apertium's line with every ``*word`` made Portuguese; names (capitalised) stay as they are."""
        return _MARKED.sub(lambda match: self._word(match.group(1)), marked)

    def _word(self, word: str) -> str:
        small = word.lower()
        if small in self._table and (word[0].islower() or not self._is_name(word)):
            return cased(word, self._table[small])
        if word[0].isupper():
            return word
        if word not in self._known:
            self._known[word] = self._cognate(word) or self._by_ending(word)
        return self._known[word]

    def _is_name(self, word: str) -> bool:
        return word.isupper() and len(word) < 6

    def _cognate(self, word: str) -> str:
        endings = [word[: -len(old)] + new for old, new in self._endings if _ends(word, old)]
        for candidate in endings:
            if candidate in self._portuguese:
                return candidate
        if word in self._portuguese:
            return word
        return next(
            (x for base in (word, *endings) for x in self._respelt(base) if x in self._portuguese), ""
        )

    def _respelt(self, word: str) -> Iterator[str]:
        for old, new in self._spellings:
            for match in re.finditer(re.escape(old), word):
                yield word[: match.start()] + new + word[match.end() :]

    def _by_ending(self, word: str) -> str:
        longest = max((pair for pair in self._endings if _ends(word, pair[0])), key=_old_length, default=None)
        return word[: -len(longest[0])] + longest[1] if longest else word.replace("ñ", "nh")

    @cached_property
    def _endings(self) -> list[tuple[str, str]]:
        return rows("endings.tsv")

    @cached_property
    def _spellings(self) -> list[tuple[str, str]]:
        return rows("spellings.tsv")


def _ends(word: str, ending: str) -> bool:
    return word.endswith(ending) and len(word) > len(ending) + 1


def _old_length(pair: tuple[str, str]) -> int:
    return len(pair[0])
