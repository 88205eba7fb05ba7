"""The right English word where the engine wrote another sense of the source's word.

Each row was found beside references or by asking for a word alone; docs/decisions/0046-choices-and-verbs.md.
"""

import re
from dataclasses import dataclass

from monitor.steps.translate.phrases import cased, rows

_WORD = re.compile(r"\w+")
_ACRONYM = re.compile(r"\b[A-Z]{2,6}s?\b")


@dataclass(frozen=True, slots=True)
class _Choice:
    #: words of the source, one of which must stand there
    source: re.Pattern[str]
    #: what the engine writes for them
    wrong: re.Pattern[str]
    right: str


class Choices:
    """Senses of Spanish words that no Portuguese word carries over, and acronyms."""

    def __init__(self) -> None:
        self._choices: list[_Choice] = []
        #: first word of a source's phrase → places of its choices
        self._places: dict[str, list[int]] = {}
        for place, (source, rest) in enumerate(rows("choices.tsv")):
            wrong, _, right = rest.partition("\t")
            self._choices.append(_Choice(_any_of(source), _any_of(wrong), right))
            for phrase in source.split("|"):
                self._places.setdefault(_WORD.findall(phrase)[0], []).append(place)

    def mended(self, source: str, english: str) -> str:
        """The English sentence with the senses of the source's words."""
        words = set(_WORD.findall(source.lower()))
        for place in sorted({place for word in words for place in self._places.get(word, ())}):
            choice = self._choices[place]
            if choice.wrong.search(english) and choice.source.search(source):
                english = _written(choice, english)
        return english


class Acronyms:
    """Acronyms of bodies and terms that have another form in English, for both languages."""

    def __init__(self) -> None:
        self._english = dict(rows("acronyms.tsv"))

    def mended(self, english: str) -> str:
        """The English sentence with English acronyms where the source's ones were left."""
        return _ACRONYM.sub(lambda match: self._english.get(match.group(), match.group()), english)


def _written(choice: _Choice, english: str) -> str:
    new = choice.wrong.sub(lambda match: cased(match.group()[:1], choice.right), english)
    return new + "." if english.endswith(".") and not new.endswith(".") else new  # of "the U.S."


def _any_of(words: str) -> re.Pattern[str]:
    """Any of the words or phrases between the bars, whole, in any case."""
    found = "|".join(re.escape(word) for word in words.split("|"))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)
