"""What speaks for each language in one text: three independent witnesses, added up.

langdetect's profiles (every n-gram counted, so that nothing is drawn by lot), py3langid's model, and our
own small words and spellings. The weights are measured in docs/decisions/0031-language.md.
"""

import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from itertools import compress
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.utils.ngram import NGram

from monitor.steps.detect.spelling import SPELLINGS, small_words

#: the project's languages, then those that must be told from them
OURS = ("es", "pt")
CANDIDATES = (*OURS, "en", "gl", "ca", "it", "fr")
_FOREIGN = """ar az be bg bn bs cs da de el et eu fa fi he hi hr ht hu id is ja kk ko lt lv mk nl no pl qu
ro ru sk sl sq sr sv ta th tr uk ur vi zh"""
#: what else may turn up in an outlet's feed; not the small neighbours (Extremaduran, Ligurian, Asturian …)
#: whose short texts look like misspelt Spanish
FOREIGN = frozenset(_FOREIGN.split())
#: langdetect has no profile of Galician; between its two neighbours it says nothing
_PROFILES = ("es", "pt", "en", "ca", "it", "fr")

_LANGDETECT_WEIGHT = 0.3
_WORD_WEIGHT = 6.0
_SPELLING_WEIGHT = 3.6
#: langdetect's own smoothing: alpha over its base frequency
_SMOOTHING = 0.5 / 10_000
_PLAIN_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(" +")
_lock = threading.Lock()


def scores(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """Log-likelihoods of a text, larger is likelier: of our candidates, and of the ``FOREIGN`` ones.

    :param text: cleaned text with at least a few letters
    """
    known = dict(_langid().rank(text))
    others = {language: score for language, score in known.items() if language in FOREIGN}
    total = {language: known[language] for language in CANDIDATES}
    for witness, weight in _WITNESSES:
        for language, value in witness(text).items():
            total[language] += weight * value
    return total, others


def is_plainly(text: str, language: str) -> bool:
    """Whether small words alone show that a text is in a language; forty times as fast as ``scores``.

    It holds two small words at least that only this language has, and twice as many as it holds of any other
    language that this one lacks. Told of 80 % of paragraphs, never of one that ``scores`` finds in another
    language (7,886 paragraphs, 4,985 sentences: docs/decisions/0035-parts-in-other-languages.md).
    """
    own, others = _telling_words(language)
    words = set(_WORD.findall(text.lower()))
    count = len(words & own)
    return count >= _PLAIN_WORDS and all(2 * len(words & other) <= count for other in others)


@cache
def _telling_words(language: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The small words that only this language has, and those of each other candidate that it lacks."""
    mine, others = small_words(language), [small_words(one) for one in CANDIDATES if one != language]
    return mine.difference(*others), tuple(other - mine for other in others)


def _profiled(text: str) -> dict[str, float]:
    """langdetect: the logarithms of all n-grams' frequencies in each language, below the best of them."""
    places, logarithms = _grams()
    found = logarithms[[places[gram] for gram in _ngrams(text) if gram in places]].sum(axis=0)
    sums = dict(zip(_PROFILES, found.tolist(), strict=True))
    best = max(sums.values())
    return {
        **{language: value - best for language, value in sums.items()},
        "gl": (sums["es"] + sums["pt"]) / 2 - best,
    }


def _ngrams(text: str) -> Iterator[str]:
    """One to three letters in a row, as langdetect takes them: none across words or ending in capitals."""
    plain = _SPACES.sub(" ", f" {NGram.normalize_vi(text).translate(_PLAIN)}")
    after = plain[1:]
    pairs = list(map(add, plain, after))
    telling = [not (one.isupper() and other.isupper()) for one, other in zip(plain, after, strict=False)]
    yield from compress(after, telling)
    yield from compress(pairs, telling)
    yield from compress(map(add, pairs, plain[2:]), telling[1:])


class _Plain(dict[int, str]):
    """A character → how langdetect writes it, worked out once each."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = str(NGram.normalize(chr(code)))
        return plain


_PLAIN = _Plain()


def _small_words(text: str) -> dict[str, float]:
    words = _WORD.findall(text.lower())
    return {language: float(sum(word in small_words(language) for word in words)) for language in CANDIDATES}


def _spelt(text: str) -> dict[str, float]:
    lowered = text.lower()
    return {language: float(len(pattern.findall(lowered))) for language, pattern in SPELLINGS.items()}


_WITNESSES: tuple[tuple[Callable[[str], dict[str, float]], float], ...] = (
    (_profiled, _LANGDETECT_WEIGHT),
    (_small_words, _WORD_WEIGHT),
    (_spelt, _SPELLING_WEIGHT),
)


def _langid() -> Any:
    with _lock:
        return _load_langid()


def _grams() -> tuple[dict[str, int], npt.NDArray[np.float64]]:
    """n-gram → its row in a table, and the table: the logarithm of its frequency in each language."""
    with _lock:
        return _load_grams()


@cache
def _load_grams() -> tuple[dict[str, int], npt.NDArray[np.float64]]:
    factory = DetectorFactory()
    folder = Path(PROFILES_DIRECTORY)
    factory.load_json_profile([(folder / language).read_text("utf-8") for language in _PROFILES])
    frequencies = {gram: row for gram, row in factory.word_lang_prob_map.items() if gram != " "}
    table = np.log(np.array(list(frequencies.values())) + _SMOOTHING)
    return {gram: row for row, gram in enumerate(frequencies)}, table


@cache
def _load_langid() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
