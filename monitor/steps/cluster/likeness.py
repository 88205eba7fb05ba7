"""How sure it is that two articles tell one event: 0 to 1.

Four witnesses, each blind where another sees: the meaning of headline and lead (sees across languages, but
every seizure means the same), the two sentences that come closest (outlets write one fact alike and the rest
in their own way), the English words by rarity (details, but translations differ), and the names and numbers
both originals hold (who, where, how much; few change from Spanish to Portuguese). What speaks against: each
headline names somebody or something that the other article never mentions. Of mere notes, which say too
little, the time counts too: of one event most appear within a day and a half.
"""

import math
from datetime import timedelta

from monitor.steps.cluster.items import StoryItem, Vectors
from monitor.steps.cluster.traits import Traits, beginning, traits

#: shares of the witnesses
MEANING, SENTENCE, WORDS, NAMES = 0.35, 0.30, 0.15, 0.20
#: how much strangers in both headlines take away at most
STRANGERS = 0.10
#: how much more alike two texts are for no other reason than that their language is the same, or that both
#: are long: two full reports of a day share its names, and much is said of each of them
DULL = 0.05
#: characters of headline and lead of a text that is a mere note, and of a full one
NOTE, FULL = 300, 1200
#: what is added at most, at so many characters of the shorter text, and from how many on nothing is: two
#: lines have less in common than two paragraphs, whatever is compared
TERSE, BARE, ENOUGH = 0.05, 140, 200
#: what a doubtful pair has in common in English words; stands in where there is no translation, and is the
#: least of two notes
SILENT = 0.2
#: cosine of the words, and weight of strangers, that say two thirds of what they can
FULL_WORDS, FULL_STRANGERS = 0.3, 1.5
#: weight of shared names that says two thirds: of two notes, which name little, and of two full reports
NAMES_OF_NOTES, NAMES_OF_REPORTS = 1.5, 2.0
#: what nearness in time adds at most to two notes, or distance takes away, and where neither does
CLOCK, NEUTRAL = 0.04, timedelta(days=1.5)


def likeness(one: StoryItem, other: StoryItem) -> float:
    """The weighted witnesses less the strangers; without an encoder words and names decide alone.

    Weights and threshold were fitted by logistic regression, each set of articles held out once (0084).
    """
    mine, yours = traits(one), traits(other)
    full, bare = _fullness(one, other), 1 - _share(one, other, BARE, ENOUGH)
    enough = NAMES_OF_NOTES + full * (NAMES_OF_REPORTS - NAMES_OF_NOTES)
    names = _grown(shared_names(mine.names, yours.names), enough)
    # two notes have few words, and a translation that chose others proves nothing
    words = _grown(max(_words(one, other), (1 - full) * SILENT), FULL_WORDS)
    sure, shares = NAMES * names + WORDS * words, NAMES + WORDS
    near = [_near(one.meaning, other.meaning), _near(one.meaning_en, other.meaning_en)]
    if any(near):
        # accounts in two languages are often closer once both are in English
        whole, sentence = map(max, zip(*filter(None, near), strict=True))
        sure += MEANING * whole + SENTENCE * sentence
        shares += MEANING + SENTENCE
    against = STRANGERS * _grown(strangers(mine, yours), FULL_STRANGERS)
    against += DULL * max(one.language == other.language, full)
    beside = (1 - full) * CLOCK * _nearness(one, other) + bare * TERSE
    return max(0.0, sure / shares + beside - against)


def _near(mine: Vectors, yours: Vectors) -> tuple[float, float] | None:
    """Cosines of the wholes and of the closest two sentences; None where one side has no vectors."""
    if not (len(mine) and len(yours)):
        return None
    near = mine @ yours.T
    whole = float(near[0, 0])
    return whole, float(near[1:, 1:].max(initial=whole))


def _nearness(one: StoryItem, other: StoryItem) -> float:
    """In time: 1 for the same moment, -1 for three days and more, 0 where one is not known."""
    if one.published_at is None or other.published_at is None:
        return 0.0
    return max(-1.0, 1 - abs(one.published_at - other.published_at) / NEUTRAL)


def _fullness(one: StoryItem, other: StoryItem) -> float:
    """Of the shorter of two texts: 0 for a note, 1 for a full report."""
    return _share(one, other, NOTE, FULL)


def _share(one: StoryItem, other: StoryItem, least: int, most: int) -> float:
    """How far the characters of the shorter text have come from the least to the most: 0 to 1."""
    shorter = min(len(item.title) + len(item.lead) for item in (one, other))
    return min(1.0, max(0.0, (shorter - least) / (most - least)))


def _words(one: StoryItem, other: StoryItem) -> float:
    """Untranslated articles of one language are compared in the words of that language."""
    mine, yours = traits(one), traits(other)
    if mine.english and yours.english:
        return shared_words(mine.english, yours.english)
    return shared_words(mine.original, yours.original) if one.language == other.language else SILENT


def _grown(weight: float, full: float) -> float:
    """0 to 1; each further bit adds less."""
    return 1 - math.exp(-weight / full)


def shared_names(mine: dict[str, float], yours: dict[str, float]) -> float:
    """Sum of the weights of what both name."""
    return sum(min(value, yours[name]) for name, value in mine.items() if name in yours)


def shared_words(mine: dict[str, float], yours: dict[str, float]) -> float:
    """Cosine of two unit vectors."""
    return sum(value * yours.get(word, 0.0) for word, value in mine.items())


def strangers(mine: Traits, yours: Traits) -> float:
    """Weight of the names in a headline that the other article lacks, of the two headlines the smaller."""
    return min(_lacking(mine.headline, yours.words), _lacking(yours.headline, mine.words))


def _lacking(names: dict[str, float], words: frozenset[str]) -> float:
    return sum(value for name, value in names.items() if name not in words and beginning(name) not in words)
