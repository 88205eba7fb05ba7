"""What speaks for each language in one text: three independent witnesses, added up.

langdetect's profiles (every n-gram counted, so that nothing is drawn by lot), py3langid's model, and our
own small words and spellings. The weights are measured in docs/decisions/0031-language.md.
"""

import math
import os
import re
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

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
_WORD = re.compile(r"[^\W\d_]+")
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


def _profiled(text: str) -> dict[str, float]:
    """langdetect: the logarithms of all n-grams' frequencies in each language, below the best of them."""
    factory = _langdetect()
    detector = factory.create()
    detector.append(text)
    grams = detector._extract_ngrams()
    rows = [factory.word_lang_prob_map[gram] for gram in grams]
    sums = {
        language: sum(math.log(row[place] + _SMOOTHING) for row in rows)
        for place, language in enumerate(_PROFILES)
    }
    best = max(sums.values())
    return {
        **{language: value - best for language, value in sums.items()},
        "gl": (sums["es"] + sums["pt"]) / 2 - best,
    }


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


def _langdetect() -> Any:
    with _lock:
        return _load_langdetect()


@cache
def _load_langid() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


@cache
def _load_langdetect() -> Any:
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    profiles = []
    for language in _PROFILES:
        with open(os.path.join(PROFILES_DIRECTORY, language), encoding="utf-8") as file:
            profiles.append(file.read())
    factory.load_json_profile(profiles)
    factory.set_seed(0)
    return factory
