"""What an article is about, as weighted words: names and numbers of the original, words of the English."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from monitor.steps.cluster.items import StoryItem
from monitor.steps.cluster.rarity import weight
from monitor.text.fold import fold_words

#: characters of the English lead compared word by word
COMPARED = 600
#: a capital at the start of a sentence proves a name only for words at least this telling
STARTS = 0.75
#: smallest weight of a name, and the weight of a number of three digits or more
NAME, NUMBER = 0.05, 0.4
_CAPITAL = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]\w{2,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")
_ENDS = frozenset('.!?:;"“”«»¿¡(\n')


@dataclass(frozen=True, slots=True)
class Traits:
    """Weighted words of one article."""

    #: folded name or plain number → weight
    names: dict[str, float]
    #: folded English word → share of a unit vector, empty where nothing is translated
    english: dict[str, float]
    #: the same of the original
    original: dict[str, float]


def traits(item: StoryItem) -> Traits:
    """What can be compared of an article; remembered, as every article meets many others."""
    return _traits(item.title, item.lead, item.title_en, item.lead_en)


@lru_cache(maxsize=50_000)
def _traits(title: str, lead: str, title_en: str, lead_en: str) -> Traits:
    original, english = f"{title}\n{lead}", f"{title_en} {lead_en[:COMPARED]}"
    return Traits(names(original) | numbers(original), unit_words(english), unit_words(original))


def names(text: str) -> dict[str, float]:
    """Words with a capital where grammar asks for none, folded."""
    lower = set(re.findall(r"\b\w+\b", text))
    found: dict[str, float] = {}
    for match in _CAPITAL.finditer(text):
        word = match.group()
        telling = min(weight(word.lower()), weight(word))
        before = text[: match.start()].rstrip(" ")[-1:]
        if (before and before not in _ENDS) or (telling >= STARTS and word.lower() not in lower):
            found["".join(fold_words(word))] = max(NAME, telling)
    return found


def numbers(text: str) -> dict[str, float]:
    """Numbers of three digits or more, without separators; years are no mark of an event."""
    plain = (_THOUSANDS.sub("", match.group()) for match in _NUMBER.finditer(text))
    return {number: NUMBER for number in plain if len(number) >= 3 and not _is_year(number)}


def _is_year(number: str) -> bool:
    return number.isdigit() and 1900 <= int(number) <= 2100


def unit_words(text: str) -> dict[str, float]:
    """Words weighted by rarity and, slowly, by count; a unit vector, empty for no words."""
    counts = Counter(word for word in fold_words(text) if len(word) > 2 or word.isdigit())
    raw = {word: weight(word) * (1 + math.log(count)) for word, count in counts.items()}
    length = math.sqrt(sum(value * value for value in raw.values()))
    return {word: value / length for word, value in raw.items() if value} if length else {}
