"""Numbers written in words: *mil quinientos millones*, *trinta e dois*, *one and a half million*."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

_PIECE = re.compile(r"\d[\d.,]*|[^\W\d_]+|[^\s\w-]")
#: what may stand within a number; *dos a tres* are two numbers, *half a million* is one
_JOINTS, _ENGLISH_JOINTS = frozenset(("y", "e")), frozenset(("and", "a"))
_HALVES = frozenset(("medio", "media", "meio", "meia", "half"))
#: what counts no more exactly (*miles*) or by the dozen, and short forms that stand behind figures
_NO_NUMBERS = frozenset(
    ("miles", "milhar", "millions", "billions", "hundreds", "thousands", "docena", "dúzia", "dozen")
).union(("m", "k", "bn", "mill", "bi", "mi", "tri"))
_ARTICLES = frozenset(("un", "una", "um", "uma"))
_PERCENT = frozenset(("ciento", "cento", "cien"))
_HUNDRED, _THOUSAND = 100, 1000


class NumberWords:
    """The number words of one language, and what a text spells with them.

    :param words: number words of the language below a thousand, and *mil*.
    :param scales: words that multiply what stands before them, of all languages.
    """

    def __init__(self, words: dict[str, float], scales: dict[str, float]) -> None:
        self.words = words
        self._scales = {word: scale for word, scale in scales.items() if word not in _NO_NUMBERS}
        self._counting = (self._scales.keys() | words.keys() | _HALVES) - _NO_NUMBERS - {"a"}
        self._joints = _ENGLISH_JOINTS if "one" in words else _JOINTS

    def values(self, text: str) -> list[float]:
        """The value of every number that a text spells, compounds as one; a scale behind a figure is none."""
        found = _PIECE.findall(text.lower())
        if self._counting.isdisjoint(found):
            return []
        pieces = list(_unmeant(found, self._scales.keys()))
        runs = groupby(pieces, lambda piece: piece in self._counting or piece in self._joints)
        return [
            _value(run, self.words, self._scales)
            for is_number, part in runs
            if is_number and _is_exact(run := [word for word in part if word in self._counting], self._scales)
        ]


def _unmeant(pieces: list[str], scales: Iterable[str]) -> Iterator[str]:
    """The pieces with a bar for what looks like a number: *por ciento*, and the scale behind a figure."""
    behind = ""
    for piece in pieces:
        is_part = piece in scales and behind[:1].isdigit()
        yield "|" if is_part or (behind == "por" and piece in _PERCENT) else piece
        behind = behind if is_part else piece


def _is_exact(run: list[str], scales: Iterable[str]) -> bool:
    """Not *millones* alone, which is many."""
    return bool(run) and not (run[0] in scales and run[0].endswith("s"))


def _is_article(run: list[str], words: dict[str, float]) -> bool:
    """*Un veinte* is twenty, *un millón* one million."""
    return len(run) > 1 and run[0] in _ARTICLES and words.get(run[1], _HUNDRED) < _HUNDRED


def _value(run: list[str], words: dict[str, float], scales: dict[str, float]) -> float:
    total = group = unit = last = 0.0
    for word in run[_is_article(run, words) :]:
        scale = scales.get(word, 0.0)
        if word in _HALVES:
            unit += 0.5 * (last if last and not unit else 1)
        elif scale == _THOUSAND:
            group, unit, last = group + (unit or 1) * scale, 0.0, scale
        elif scale:
            total, group, unit, last = total + ((group + unit) or 1) * scale, 0.0, 0.0, scale
        elif word == "hundred":
            unit = (unit or 1) * _HUNDRED
        else:
            unit += words[word]
    return total + group + unit
