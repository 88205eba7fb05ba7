"""Which countries an article speaks of: *Moscou*, *el Kremlin* and *los rusos* are one place to it.

Names come in both languages from Babel (CLDR: countries, and cities that have a time zone) and from
``countries.tsv``, which adds adjectives, seats of power and the places of the countries that we watch.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

from babel import Locale
from babel.core import get_global

from monitor.text.fold import fold_word, fold_words

#: languages of the texts
_LANGUAGES = ("es", "pt")
#: names of CLDR that are ordinary words in our languages; more stand in the table
_ORDINARY = frozenset(("reuniao", "center", "central", "jersey", "dominica"))
#: words of the longest name, letters of the shortest
_LONGEST, _SHORTEST = 5, 3
#: letters that may follow the beginning of an adjective
_ENDING = 4
#: stands in the table for no country
NONE = "--"
_WORD = re.compile(r"\w+")
Meant = TypeVar("Meant")


class _Row(NamedTuple):
    code: str
    adjectives: list[str]
    seats: list[str]
    places: list[str]


def countries(text: str) -> frozenset[str]:
    """ISO codes of the countries that a text names, or whose people, places or seats of power it names."""
    found = (code or _adjective(plain[at]) for plain, at, _, code in named_in(text, _names()))
    return frozenset(filter(None, found))


def country_of(word: str) -> str:
    """The country that a folded word is another name for: *pekin*, *chinos*; "" for a mere place of it."""
    return _states().get(word) or _adjective(word)


@cache
def ordinary_places() -> frozenset[str]:
    """Folded names of places that are surnames or plain words as well."""
    return frozenset(name for row in _rows() if row.code == NONE for name in row.places)


def named_in(text: str, known: Mapping[str, Meant]) -> Iterator[tuple[list[str], int, int, Meant | None]]:
    """The text's words one after the other, those of a known name together: all words folded, place of the
    first, their number, and what the name means (None for any other word).

    :param known: folded name → what it means; in the text a name begins and ends with a capital.
    """
    words = _WORD.findall(text)
    plain = [fold_word(word) for word in words]
    at = 0
    while at < len(words):
        length, meant = _name_at(words, plain, at, known)
        yield plain, at, length, meant
        at += length


def _name_at(
    words: list[str], plain: list[str], at: int, known: Mapping[str, Meant]
) -> tuple[int, Meant | None]:
    """Words of the longest known name that begins here, and what it means; else one word and None."""
    for length in range(_LONGEST, 0, -1):
        last = at + length - 1
        if last < len(words) and words[at][0].isupper() and words[last][0].isupper():
            meant = known.get(" ".join(plain[at : last + 1]))
            if meant:
                return length, meant
    return 1, None


def _adjective(word: str) -> str:
    beginnings = (word[:length] for length in range(len(word), max(len(word) - _ENDING, _SHORTEST) - 1, -1))
    return next((_adjectives()[one] for one in beginnings if one in _adjectives()), "")


@cache
def _adjectives() -> dict[str, str]:
    return {adjective: row.code for row in _rows() for adjective in row.adjectives}


@cache
def _names() -> dict[str, str]:
    """Folded name → country; what several countries have says nothing, but for the seat of one of them."""
    ours = Counter(name for row in _rows() for name in row.places)
    places = {
        name: row.code for row in _rows() for name in row.places if ours[name] == 1 and row.code != NONE
    }
    cities = {name: code for name, code in _cities() if name not in ours and name not in _ORDINARY}
    return cities | places | _states()


@cache
def _states() -> dict[str, str]:
    """Folded names of countries and of what stands for them."""
    found = {_folded(name): code for locale in _locales() for code, name in locale.territories.items()}
    # two letters are a country, the rest continents; what is also a place of ours is that
    places = {name for row in _rows() for name in row.places}
    named = {
        name: code
        for name, code in found.items()
        if len(code) == len("BR") and len(name) >= _SHORTEST and name not in places | _ORDINARY
    }
    return named | {name: row.code for row in _rows() for name in row.seats}


def _cities() -> Iterator[tuple[str, str]]:
    zones = get_global("zone_territories")
    for locale in _locales():
        for zone, names in locale.time_zones.items():
            if zone in zones and names.get("city"):
                yield _folded(names["city"]), zones[zone]


def _locales() -> list[Locale]:
    return [Locale.parse(language) for language in _LANGUAGES]


@cache
def _rows() -> list[_Row]:
    lines = (files(__package__) / "countries.tsv").read_text(encoding="utf-8").splitlines()
    return [_row(*line.split("\t")) for line in lines if not line.startswith("#")]


def _row(code: str, *columns: str) -> _Row:
    return _Row(code, *map(folded_list, columns))


def folded_list(column: str) -> list[str]:
    """Names of a table, split by ", ", as ``known`` of ``named_in`` wants them."""
    return [_folded(name) for name in column.split(", ") if name]


def _folded(name: str) -> str:
    return " ".join(fold_words(name))
