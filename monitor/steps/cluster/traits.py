"""What an article is about, as weighted words: names and numbers of the original, words of the English."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from monitor.steps.cluster.countries import countries, country_of
from monitor.steps.cluster.items import StoryItem
from monitor.steps.cluster.measures import Measures, measures
from monitor.steps.cluster.rarity import weight
from monitor.steps.cluster.regions import Region, place_words, regions
from monitor.text.fold import fold_word, fold_words
from monitor.text.numerals import spelled_numbers

#: characters of the lead that say where it was and how much of what
SCENE = 600
#: characters of the English lead compared word by word
COMPARED = 600
#: a headline whose names weigh less is helped out by so many characters of the lead
NAMELESS, OPENER = 0.5, 150
#: what the further words of one name count for: Baltasar Garzón is one man, not two
FURTHER = 0.3
#: smallest weight of a name, and the weights of a number of two digits and of a longer one
NAME, TENS, NUMBER = 0.05, 0.3, 0.7
#: letters that the forms and translations of a word usually share
STEM = 5
_CAPITAL = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]\w{2,}")
_INSIDE_A_NAME = re.compile(r" (?:(?:de|del|da|do|dos|das|la|los|las|el|y|e) )*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")
_ENDS = frozenset('.!?:;"“”«»¿¡(\n')


@dataclass(frozen=True, slots=True)
class Traits:
    """Weighted words of one article."""

    #: folded word with a capital, or plain number → weight
    names: dict[str, float]
    #: those of them that stand for a country or a place in it
    places: frozenset[str]
    #: the certain names of the headline, or of the opening where the headline has none
    headline: dict[str, float]
    #: every folded word of either language, and its beginning
    words: frozenset[str]
    #: folded English word → share of a unit vector, empty where nothing is translated
    english: dict[str, float]
    #: the same of the original
    original: dict[str, float]
    #: ISO codes of the countries that it speaks of
    countries: frozenset[str]
    #: the same and that of its outlet, which needs no name where its readers live
    near: frozenset[str]
    #: where in those countries it takes place
    regions: frozenset[Region]
    #: amounts with their units
    measures: Measures


def traits(item: StoryItem) -> Traits:
    """What can be compared of an article; remembered, as every article meets many others."""
    return _traits(item.language, item.title, item.lead, item.title_en, item.lead_en, item.home)


@lru_cache(maxsize=10_000)
def _traits(language: str, title: str, lead: str, title_en: str, lead_en: str, home: str) -> Traits:
    original = f"{title}\n{lead}"
    scene = f"{title}\n{lead[:SCENE]}"
    named = countries(scene)
    near = named | frozenset([home] if home else [])
    words = fold_words(f"{original}\n{title_en}\n{lead_en}")
    called = names(original)
    return Traits(
        names=called | numbers(original),
        places=place_words(original) | frozenset(filter(country_of, called)),
        headline=_headline(title, lead),
        words=frozenset(words) | frozenset(map(beginning, words)),
        english=unit_words(f"{title_en} {lead_en[:COMPARED]}"),
        original=unit_words(original),
        countries=named,
        near=near,
        regions=regions(scene, near),
        measures=measures(scene, language),
    )


def _headline(title: str, lead: str) -> dict[str, float]:
    found = names(title, certain=True)
    return found if sum(found.values()) >= NAMELESS else names(f"{title}\n{lead[:OPENER]}", certain=True)


def beginning(word: str) -> str:
    """What *Nicarágua*, *nicaragüense* and *Nicaraguan* have in common; "" for a short word."""
    return f"{word[:STEM]}…" if len(word) >= STEM else ""


def names(text: str, *, certain: bool = False) -> dict[str, float]:
    """Words with a capital, folded; where one is certain: not at the start of a sentence.

    Both are of use: *Maduro* begins one outlet's sentence and stands inside another's, but only what grammar
    does not explain can prove that two articles name different people.
    """
    found: dict[str, float] = {}
    for run in _runs(text):
        best = max(range(len(run)), key=lambda at: run[at][1])
        for at, (word, telling, starts) in enumerate(run):
            if not (certain and starts):
                found[word] = max(found.get(word, 0.0), telling if at == best else telling * FURTHER)
    return found


def _runs(text: str) -> list[list[tuple[str, float, bool]]]:
    """Capitalised words by the name they are part of: (folded, weight, at the start of a sentence)."""
    runs: list[list[tuple[str, float, bool]]] = []
    end = 0
    for match in _CAPITAL.finditer(text):
        word, before = match.group(), text[: match.start()].rstrip(" ")[-1:]
        starts = not before or before in _ENDS
        telling = max(NAME, min(weight(word.lower()), weight(word)))
        one = (fold_word(word), telling, starts)
        goes_on = runs and not starts and not runs[-1][-1][2]
        if goes_on and _INSIDE_A_NAME.fullmatch(text, end, match.start()):
            runs[-1].append(one)
        else:
            runs.append([one])
        end = match.end()
    return runs


def numbers(text: str) -> dict[str, float]:
    """Numbers of two digits or more, in figures or words, plain; years are no mark of an event."""
    plain = [_THOUSANDS.sub("", match.group()) for match in _NUMBER.finditer(text)]
    plain += map(str, spelled_numbers(fold_words(text)))
    wanted = (number for number in plain if len(number) > 1 and not _is_year(number))
    return {number: NUMBER if len(number) > 2 else TENS for number in wanted}


def _is_year(number: str) -> bool:
    return number.isdigit() and 1900 <= int(number) <= 2100


def unit_words(text: str) -> dict[str, float]:
    """Words weighted by rarity and, slowly, by count; a unit vector, empty for no words."""
    counts = Counter(word for word in fold_words(text) if len(word) > 2 or word.isdigit())
    raw = {word: weight(word) * (1 + math.log(count)) for word, count in counts.items()}
    length = math.sqrt(sum(value * value for value in raw.values()))
    return {word: value / length for word, value in raw.items() if value} if length else {}
