"""How sure it is that two articles tell one event: 0 to 1.

Three witnesses, each blind where another sees: the meaning of headline and lead (embedding; sees across
languages, but every seizure means the same), the English words by rarity (details, but translations differ),
and the names and numbers both originals hold (who, where, how much; few change from Spanish to Portuguese).
"""

import math
from operator import mul

from monitor.steps.cluster.items import StoryItem
from monitor.steps.cluster.traits import traits

MEANING, WORDS, NAMES = 0.3, 0.3, 0.4
#: cosine below which two texts are about different things, whatever names they share
RELATED = 0.4


def likeness(one: StoryItem, other: StoryItem) -> float:
    """The weighted witnesses; one that has nothing to say is left out.

    Untranslated articles of one language are compared in the words of that language.
    """
    mine, yours = traits(one), traits(other)
    witnesses, known = [(NAMES, shared_names(mine.names, yours.names))], RELATED
    if one.embedding and other.embedding:
        known = _dot(one.embedding, other.embedding)
        witnesses.append((MEANING, known))
    if mine.english and yours.english:
        witnesses.append((WORDS, shared_words(mine.english, yours.english)))
    elif one.language == other.language:
        witnesses.append((WORDS, shared_words(mine.original, yours.original)))
    sure = sum(share * value for share, value in witnesses) / sum(share for share, _ in witnesses)
    return sure * min(1.0, max(0.0, known) / RELATED)


def shared_names(mine: dict[str, float], yours: dict[str, float]) -> float:
    """Each further shared name adds less: 1 - e^(-sum of weights)."""
    return 1 - math.exp(-sum(min(value, yours[name]) for name, value in mine.items() if name in yours))


def shared_words(mine: dict[str, float], yours: dict[str, float]) -> float:
    """Cosine of two unit vectors."""
    return sum(value * yours.get(word, 0.0) for word, value in mine.items())


def _dot(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return float(sum(map(mul, one, other)))
