"""Which language a text is in."""

import math
import re
from collections.abc import Iterable

from monitor.model import LanguageGuess
from monitor.steps.detect.evidence import CANDIDATES, OURS, is_plainly, scores

#: what is read of one text; more changes no answer
_MAX_CHARS = 4_000
_MAX_PARAGRAPHS = 40
#: an unlikely neighbour must be better by this than a language of the project: four short words in
#: Galician are more often a Spanish or Portuguese headline
_RARE = 12.0
_LIKELY = (*OURS, "en")
#: how much a declaration weighs: as much as three telling words
_DECLARED = 18.0
#: a language that is no candidate must be better by this much a letter
_FOREIGN = 0.5
_FEW_LETTERS = 3
#: letters of a part of an article that is judged alone, and how sure that must be
_PART, _SURE = 20, 0.9
_GUESS = 0.1

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\d+")
_LETTER = re.compile(r"[^\W\d_]")


def detect_language(text: str, declared: str = "") -> LanguageGuess:
    """The language of one text: a headline, a paragraph, an article.

    :param declared: what the outlet or page declares (ISO 639-1, may carry a region); it decides where the
    text says little and never against a text that says much
    :returns: ISO 639-1 and a confidence from 0 to 1; "und" where neither text nor declaration says anything.
    """
    declared = declared.strip().lower().replace("_", "-").split("-")[0]
    cleaned = _cleaned(text)
    if len(_LETTER.findall(cleaned)) < _FEW_LETTERS:
        return LanguageGuess(declared, _GUESS) if declared else LanguageGuess("und", 0.0)
    ours, others = scores(cleaned)
    for language in CANDIDATES:
        ours[language] -= 0.0 if language in _LIKELY else _RARE
    if declared in ours:
        ours[declared] += _DECLARED + (_RARE if declared not in _LIKELY else 0.0)
    return _foreign(cleaned, ours, others) or _best(cleaned, ours)


def detect_article(title: str, text: str, declared: str = "") -> LanguageGuess:
    """The language of most of an article, paragraph by paragraph.

    :returns: the language that covers most letters, with the part that it covers times how sure each part is.
    """
    parts = [part for part in (title, *text.split("\n")) if len(_LETTER.findall(part)) >= _FEW_LETTERS]
    if not parts:
        return detect_language("", declared)
    weights: dict[str, float] = {}
    for part in parts[:_MAX_PARAGRAPHS]:
        guess = detect_language(part, declared)
        weights[guess.language] = (
            weights.get(guess.language, 0.0) + min(len(part), _MAX_CHARS) * guess.confidence
        )
    best = max(weights, key=lambda language: weights[language])
    total = sum(min(len(part), _MAX_CHARS) for part in parts[:_MAX_PARAGRAPHS])
    return LanguageGuess(best, min(1.0, weights[best] / total))


def other_languages(parts: Iterable[str], language: str) -> dict[str, str]:
    """Those parts of an article that are surely not in its language → their language.

    :param parts: headline and paragraphs
    :param language: "es" or "pt"; of another one nothing is told. A part must speak clearly against it.
    """
    if language not in OURS:
        return {}
    doubtful = [
        part for part in parts if len(_LETTER.findall(part)) >= _PART and not is_plainly(part, language)
    ]
    guesses = ((part, detect_language(part, language)) for part in doubtful)
    return {
        part: guess.language
        for part, guess in guesses
        if guess.language not in (language, "und") and guess.confidence >= _SURE
    }


def _cleaned(text: str) -> str:
    text = _NOISE.sub(" ", text[: 2 * _MAX_CHARS])[:_MAX_CHARS]
    text = " ".join(text.split())
    letters = _LETTER.findall(text)
    return text.lower() if sum(map(str.isupper, letters)) * 2 > len(letters) else text


def _foreign(text: str, ours: dict[str, float], others: dict[str, float]) -> LanguageGuess | None:
    """A language that is none of the candidates, where it is clearly better than all of them."""
    best = max(others, key=lambda language: others[language])
    margin = others[best] - max(ours.values())
    if margin < _FOREIGN * len(_LETTER.findall(text)) or margin < _DECLARED:
        return None
    return LanguageGuess(best, 1.0 - 1.0 / (1.0 + margin))


def _best(text: str, ours: dict[str, float]) -> LanguageGuess:
    """The likeliest candidate; scores grow with length faster than their worth, its root evens them out."""
    best = max(ours, key=lambda language: ours[language])
    spread = math.sqrt(len(text))
    total = sum(math.exp((score - ours[best]) / spread) for score in ours.values())
    return LanguageGuess(best, 1.0 / total)
