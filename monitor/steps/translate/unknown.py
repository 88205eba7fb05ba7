"""Spanish words that Apertium does not know → Portuguese ones, by the sound laws between the two languages.

A candidate counts only where it is a Portuguese word. Measured: docs/decisions/0041-embedded-engine.md.
"""

import re
from collections.abc import Container, Iterator
from functools import cached_property

from monitor.steps.translate.phrases import cased, rows
from monitor.steps.translate.plurals import plural

#: shorter ones are foreign words and abbreviations
_SHORTEST = 4
_PLURALS = (("iones", "ión"), ("ones", "ón"), ("anes", "án"), ("ces", "z"), ("es", ""), ("s", ""))
_MARKED = re.compile(r"\*([^\W\d_][\w'’-]*)")


class Unknown:
    """Finds Portuguese for unknown Spanish words: our table, then cognates, then endings alone.

    :param portuguese: tells whether a word is Portuguese.
    """

    def __init__(self, portuguese: Container[str]) -> None:
        self._portuguese = portuguese
        self._table = dict(rows("unknown_words.tsv"))
        self._known: dict[str, str] = {}

    def settled(self, word: str) -> bool:
        """Whether a small Spanish word has its Portuguese by the table, an ending, or as it is."""
        return bool(self._table.get(word) or self._inflected(word) or self._by_known_ending(word))

    def resolve(self, marked: str) -> str:
        """Apertium's line with every ``*word`` made Portuguese; names (capitalised) stay as they are."""
        return _MARKED.sub(lambda match: self._word(match.group(1)), marked)

    def _word(self, word: str) -> str:
        small = word.lower()
        written = self._table.get(small) or (self._inflected(small) if word[0].islower() else "")
        if written and (word[0].islower() or not self._is_name(word)):
            return cased(word, written)
        if word[0].isupper() or len(word) < _SHORTEST:
            return word
        if word not in self._known:
            self._known[word] = self._cognate(word) or self._by_ending(word)
        return self._known[word]

    def _inflected(self, word: str) -> str:
        """From the other gender or the singular of a word of the table, "" where it holds neither."""
        for old, new in _PLURALS:
            single = word[: -len(old)] + new
            if word.endswith(old) and (found := self._table.get(single) or self._feminine(single)):
                return plural(found, "pt")
        return self._feminine(word)

    def _feminine(self, word: str) -> str:
        masculine = self._table.get(word[:-1] + "o", "") if word.endswith("a") else ""
        return masculine[:-1] + "a" if masculine.endswith("o") else ""

    def _is_name(self, word: str) -> bool:
        return word.isupper() and len(word) < 6

    def _cognate(self, word: str) -> str:
        bases = [word, *self._ended(word)]
        return self._by_known_ending(word) or next(
            (new for base in bases for new in self._respelt(base) if new in self._portuguese), ""
        )

    def _by_known_ending(self, word: str) -> str:
        return next((new for new in [*self._ended(word), word] if new in self._portuguese), "")

    def _ended(self, word: str) -> list[str]:
        return [word[: -len(old)] + new for old, new in self._endings if _ends(word, old)]

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
