"""How sure it is that two articles tell one event: 0 to 1.

The witnesses, each blind where another sees: the meaning of headline and lead (sees across languages, but
every seizure means the same), the two sentences that come closest (outlets write one fact alike and the rest
in their own way), the English words by rarity (details, but translations differ), the names and numbers both
originals hold (few change from Spanish to Portuguese), the countries they speak of (*Moscou*, *los rusos*),
and the amounts, which are the same or others. What speaks against: each headline names somebody or something
that the other article never mentions, or each article another country or region. Of mere notes, which say
too little, the time counts too: of one event most appear within a day and a half.
"""

import math
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from monitor.steps.cluster.countries import country_of
from monitor.steps.cluster.items import StoryItem, Vectors
from monitor.steps.cluster.measures import agreement
from monitor.steps.cluster.regions import apart
from monitor.steps.cluster.traits import Traits, beginning, traits


class Signs(NamedTuple):
    """What speaks for one event and against it: of two articles, as weights, or weighted."""

    #: cosine of headline and lead
    meaning: float
    #: cosine of the closest two sentences
    sentence: float
    words: float
    names: float
    #: how much of the countries of each the other has
    country: float
    #: 1 where each names a country that the other neither names nor comes from, or another region of one
    apart: float
    #: 1 for one amount, -1 for different ones, 0 where nothing can be compared
    amounts: float
    #: names in both headlines that the other article never mentions
    strangers: float
    #: one language, or both long: two texts are more alike then for no other reason
    alike: float
    #: 1 for the same moment, -1 for three days and more
    clock: float
    #: two lines have less in common than two paragraphs, whatever is compared
    terse: float


#: weights for two notes, fitted on pairs by logistic regression, and for two full reports (0084, 0088)
NOTES = Signs(0.28, 0.26, 0.14, 0.16, 0.14, -0.10, 0.055, -0.15, -0.05, 0.07, 0.07)
REPORTS = Signs(0.35, 0.30, 0.15, 0.20, 0.0, 0.0, 0.03, -0.10, -0.05, 0.0, 0.0)
#: characters of headline and lead of a text that is a mere note, and of a full one
NOTE, FULL = 300, 1200
#: characters of the shorter text at which it is as terse as can be, and from which it is not
BARE, ENOUGH = 140, 200
#: what a doubtful pair has in common in English words; stands in where there is no translation, and is the
#: least of two notes
SILENT = 0.2
#: what a text that names no country, of an outlet without one, has in common with any other
NOWHERE = 0.55
#: cosine of the words, and weight of strangers, that say two thirds of what they can
FULL_WORDS, FULL_STRANGERS = 0.3, 1.5
#: weight of shared names that says two thirds: of two notes, which name little, and of two full reports
NAMES_OF_NOTES, NAMES_OF_REPORTS = 1.5, 2.0
#: distance in time that speaks neither for one event nor against it, and that of texts without a time
NEUTRAL, UNKNOWN = timedelta(days=1.5), timedelta(days=1)
#: grades of fullness whose weights are remembered
_GRADES = 100


def likeness(one: StoryItem, other: StoryItem) -> float:
    """The sum of what ``reasons`` gives, 0 where more speaks against one event than for it."""
    return max(0.0, sum(reasons(one, other)))


def reasons(one: StoryItem, other: StoryItem) -> Signs:
    """What each sign adds to the likeness of two articles or takes from it.

    Without an encoder or a translation the other witnesses stand for the one that is missing.
    """
    full = _fullness(one, other)
    signs, weights = _signs(one, other, full), _weights(round(full * _GRADES))
    if not (_comparable(one.meaning, other.meaning) or _comparable(one.meaning_en, other.meaning_en)):
        deaf = sum(weights[:5]) / sum(weights[2:5])
        spoken = {name: getattr(weights, name) * deaf for name in ("words", "names", "country")}
        weights = weights._replace(meaning=0.0, sentence=0.0, **spoken)
    return Signs(*(sign * weight for sign, weight in zip(signs, weights, strict=True)))


@lru_cache
def _weights(grade: int) -> Signs:
    full = grade / _GRADES
    return Signs(*(note + full * (report - note) for note, report in zip(NOTES, REPORTS, strict=True)))


def _signs(one: StoryItem, other: StoryItem, full: float) -> Signs:
    mine, yours = traits(one), traits(other)
    # accounts in two languages are often closer once both are in English
    meaning, sentence = map(
        max, zip(_near(one.meaning, other.meaning), _near(one.meaning_en, other.meaning_en), strict=True)
    )
    enough = NAMES_OF_NOTES + full * (NAMES_OF_REPORTS - NAMES_OF_NOTES)
    return Signs(
        meaning=meaning,
        sentence=sentence,
        # two notes have few words, and a translation that chose others proves nothing
        words=_grown(
            max(_words(mine, yours, one.language == other.language), (1 - full) * SILENT), FULL_WORDS
        ),
        names=_grown(shared_names(mine, yours, full), enough),
        country=_shared(mine, yours),
        apart=float(_elsewhere(mine, yours) or apart(mine.regions, yours.regions)),
        amounts=agreement(mine.measures, yours.measures),
        strangers=_grown(strangers(mine, yours), FULL_STRANGERS),
        alike=max(one.language == other.language, full),
        clock=_nearness(one, other),
        terse=1 - _share(one, other, BARE, ENOUGH),
    )


def _shared(mine: Traits, yours: Traits) -> float:
    """The share of the countries of each that the other names or comes from, on the mean of both."""
    if not (mine.near and yours.near):
        return NOWHERE
    return (_held(mine, yours) + _held(yours, mine)) / 2


def _held(mine: Traits, yours: Traits) -> float:
    named = mine.countries or mine.near
    return len(named & yours.near) / len(named)


def _elsewhere(mine: Traits, yours: Traits) -> bool:
    return bool(mine.countries - yours.near and yours.countries - mine.near)


def _comparable(mine: Vectors, yours: Vectors) -> bool:
    return len(mine) > 0 and len(yours) > 0


def _near(mine: Vectors, yours: Vectors) -> tuple[float, float]:
    """Cosines of the wholes and of the closest two sentences; nothing where one side has no vectors."""
    if not _comparable(mine, yours):
        return 0.0, 0.0
    near = mine @ yours.T
    whole = float(near[0, 0])
    return whole, float(near[1:, 1:].max(initial=whole))


def _nearness(one: StoryItem, other: StoryItem) -> float:
    """In time: 1 for the same moment, -1 for three days and more."""
    apart = UNKNOWN
    if one.published_at is not None and other.published_at is not None:
        apart = abs(one.published_at - other.published_at)
    return max(-1.0, 1 - apart / NEUTRAL)


def _fullness(one: StoryItem, other: StoryItem) -> float:
    """Of the shorter of two texts: 0 for a note, 1 for a full report."""
    return _share(one, other, NOTE, FULL)


def _share(one: StoryItem, other: StoryItem, least: int, most: int) -> float:
    """How far the characters of the shorter text have come from the least to the most: 0 to 1."""
    shorter = min(len(item.title) + len(item.lead) for item in (one, other))
    return min(1.0, max(0.0, (shorter - least) / (most - least)))


def _words(mine: Traits, yours: Traits, one_language: bool) -> float:
    """Untranslated articles of one language are compared in the words of that language."""
    if mine.english and yours.english:
        return _dot(mine.english, yours.english)
    return _dot(mine.original, yours.original) if one_language else SILENT


def _grown(weight: float, full: float) -> float:
    """0 to 1; each further bit adds less."""
    return 1 - math.exp(-weight / full)


def shared_names(mine: Traits, yours: Traits, full: float = 1.0) -> float:
    """Sum of the weights of what both name; of two notes places say where, which counts elsewhere."""
    return sum(
        min(value, yours.names[name]) * (full if name in mine.places else 1.0)
        for name, value in mine.names.items()
        if name in yours.names
    )


def _dot(mine: dict[str, float], yours: dict[str, float]) -> float:
    """Cosine of two unit vectors."""
    return sum(value * yours.get(word, 0.0) for word, value in mine.items())


def strangers(mine: Traits, yours: Traits) -> float:
    """Weight of the names in a headline that the other article lacks, of the two headlines the smaller."""
    return min(_lacking(mine.headline, yours), _lacking(yours.headline, mine))


def _lacking(names: dict[str, float], other: Traits) -> float:
    return sum(value for name, value in names.items() if not _mentions(other, name))


def _mentions(article: Traits, name: str) -> bool:
    """By that name, a form of it, or another one of the same country: *Pekín* and *China*."""
    in_words = name in article.words or beginning(name) in article.words
    return in_words or country_of(name) in article.countries
