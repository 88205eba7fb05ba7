"""Spanish words that es-pt does not know, written as ones it does: accents, pet forms, prefixes.

Counted over the Spanish texts and a list of frequent words: docs/decisions/0047-words-by-rule.md.
"""

import re
from collections.abc import Callable, Container, Iterator

_WORD = re.compile(r"(?<![\w*'’.@#/-])[a-záéíóúüñ]{5,}(?![\w'’@/-])")
_ACCENTED = dict(zip("aeiou", "áéíóú", strict=True)) | {"n": "ñ"}
#: where an accent would be against the rules of spelling, or makes a verb of a noun: *mórenos*, *cerró*
_WRONG = re.compile(
    r"[áéíóú](?:[^aeiou]+[aeiou])?(?:te|nos|sos)$|(?<!i)ó$|[áéó](?:[^aeiouáéíóú]+|u)(?:[aeo]|[iu]?[aeo])[ns]?$"
    r"|(?<![aeo])[íú][^aeiou]+[aeiou]{1,2}[ns]?$"
)
#: pet forms → the ending of the word itself
_PET = re.compile(r"(?:c?it|cill)(os?|as?)$")
#: what stands before a whole word; with a hyphen es-pt translates the word alone
_PREFIXES = (
    "super", "hiper", "ultra", "macro", "micro", "multi", "ciber", "narco", "mega", "mini", "anti", "auto",
    "semi", "vice", "ex",
)  # fmt: skip
_LEAST = 4
#: words that begin with *ex* without being former anything: *expedir*, *extinta*
_NO_FORMER = re.compile(r"ex(?:acc|cav|culp|hum|ped|pid|pli|plo|pon|pos|prim|ten|termin|tin|tint|ult)")


class Respelt:
    """Rewrites small words that no dictionary knows.

    :param spanish: tells whether es-pt knows a word.
    :param settled: tells of a word that it has its Portuguese already, and stays.
    """

    def __init__(self, spanish: Container[str], settled: Callable[[str], bool]) -> None:
        self._spanish, self._settled = spanish, settled
        self._known: dict[str, str] = {}

    def write(self, sentence: str) -> str:
        """The sentence with unknown words as known ones; names (capitals) stay."""
        return _WORD.sub(lambda match: self._word(match.group()), sentence)

    def _word(self, word: str) -> str:
        if word not in self._known:
            self._known[word] = self._found(word)
        return self._known[word]

    def _found(self, word: str) -> str:
        if word in self._spanish or self._settled(word):
            return word
        return next((known for known in _candidates(word) if self._is_known(known)), word)

    def _is_known(self, candidate: str) -> bool:
        """Of *ex-alcalde* the last part counts."""
        return candidate.rpartition("-")[2] in self._spanish


def _candidates(word: str) -> Iterator[str]:
    yield from _accented(word)
    pet = _PET.search(word)
    if pet and pet.start() >= _LEAST - 1:
        stem = word[: pet.start()]
        yield (stem[:-2] + "c" if stem.endswith("qu") else stem) + pet.group(1)
    for prefix in () if _NO_FORMER.match(word) else _PREFIXES:
        rest = word.removeprefix(prefix)
        if len(rest) >= _LEAST and rest != word:
            yield f"{prefix}-{rest}"


def _accented(word: str) -> Iterator[str]:
    """The word with one accent, from its end on; none where it bears one already."""
    if not set("áéíóúñ") & set(word):
        for at in reversed(range(len(word))):
            new = word[:at] + _ACCENTED.get(word[at], "") + word[at + 1 :]
            if word[at] in _ACCENTED and not _WRONG.search(new):
                yield new
