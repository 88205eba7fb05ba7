"""In which region of a country an article takes place: *Uruapan* is in *Michoacán*, *Machala* in *El Oro*."""

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from monitor.steps.cluster.countries import NONE, folded_list, named_in, ordinary_places

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
    found: set[Region] = set()
    for plain, at, length, places in named_in(text, _places()):
        here = [one for one in places or () if one.country in within]
        if len(here) == 1 and not _is_surname(plain, at, length):
            found.add(here[0])
    return frozenset(found)


def place_words(text: str) -> frozenset[str]:
    """Folded words of the places of our countries that a text names, whichever country is meant."""
    return frozenset(
        word
        for plain, at, length, places in named_in(text, _places())
        if places and not _is_surname(plain, at, length)
        for word in plain[at : at + length]
    )


def apart(mine: Collection[Region], yours: Collection[Region]) -> bool:
    """Whether both name regions of one country, but none of them together."""
    one_country = {one.country for one in mine} & {one.country for one in yours}
    return bool(one_country) and not set(mine) & set(yours)


def _is_surname(plain: list[str], at: int, length: int) -> bool:
    name = " ".join(plain[at : at + length])
    return name in _ordinary() and not (at and plain[at - 1] in _BEFORE)


@cache
def _ordinary() -> frozenset[str]:
    """Folded names that are surnames or plain words as well."""
    return ordinary_places().union(*(folded_list(column) for code, column in _rows() if code == NONE))


@cache
def _places() -> dict[str, tuple[Region, ...]]:
    """Folded name → the regions that are called so or have a place of that name."""
    found: dict[str, list[Region]] = {}
    for code, column in _rows():
        for region, name in _names(code, column) if code != NONE else ():
            found.setdefault(name, []).append(region)
    return {name: tuple(dict.fromkeys(held)) for name, held in found.items()}


def _rows() -> list[tuple[str, str]]:
    """Country and what stands behind it."""
    lines = (files(__package__) / "regions.tsv").read_text(encoding="utf-8").splitlines()
    return [(code, column) for code, _, column in (line.partition("\t") for line in lines if line[0] != "#")]


def _names(country: str, column: str) -> list[tuple[Region, str]]:
    pairs = []
    for group in column.split("; "):
        own, _, places = group.partition(": ")
        called = folded_list(own) + folded_list(places)
        pairs += [(Region(country, called[0]), name) for name in called]
    return pairs
