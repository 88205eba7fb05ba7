"""In which region of a country an article takes place: *Uruapan* is in *Michoacán*, *Machala* in *El Oro*."""

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from monitor.steps.cluster.countries import WORD, folded, name_at, ordinary_places
from monitor.text.fold import fold_word

#: what stands before a place that is also a surname: *en León*, not *el senador León*
_BEFORE = frozenset(("a", "ate", "da", "de", "desde", "do", "em", "en", "hacia", "hasta", "na", "no", "para"))


class Region(NamedTuple):
    """A first-level division of a country."""

    #: ISO code
    country: str
    #: its folded name
    name: str


def regions(text: str, within: Collection[str]) -> frozenset[Region]:
    """The regions of these countries that a text names, or places of which it names.

    :param within: ISO codes; the same name is a place of several countries (*Bolívar*, *Santa Cruz*).
    """
    words = WORD.findall(text)
    plain = [fold_word(word) for word in words]
    found: set[Region] = set()
    at = 0
    while at < len(words):
        length, places = name_at(words, plain, at, _places())
        here = [one for one in places or () if one.country in within]
        if len(here) == 1 and not _is_surname(plain, at, length):
            found.add(here[0])
        at += length
    return frozenset(found)


def apart(mine: Collection[Region], yours: Collection[Region]) -> bool:
    """Whether both name regions of one country, but none of them together."""
    one_country = {one.country for one in mine} & {one.country for one in yours}
    return bool(one_country) and not set(mine) & set(yours)


def _is_surname(plain: list[str], at: int, length: int) -> bool:
    name = " ".join(plain[at : at + length])
    return name in ordinary_places() and not (at and plain[at - 1] in _BEFORE)


@cache
def _places() -> dict[str, tuple[Region, ...]]:
    """Folded name → the regions that are called so or have a place of that name."""
    found: dict[str, list[Region]] = {}
    for line in (files(__package__) / "regions.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            for region, name in _names(*line.split("\t")):
                found.setdefault(name, []).append(region)
    return {name: tuple(dict.fromkeys(held)) for name, held in found.items()}


def _names(country: str, column: str) -> list[tuple[Region, str]]:
    pairs = []
    for group in column.split("; "):
        own, _, places = group.partition(": ")
        called = [folded(name) for name in [*own.split(", "), *places.split(", ")] if name]
        pairs += [(Region(country, called[0]), name) for name in called]
    return pairs
