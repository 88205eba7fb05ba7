"""Accents of names: *Óscar* stays *Óscar*, while *México* is *Mexico* in English."""

import re
import unicodedata
from functools import cache

from babel import Locale

_CAPITALISED = re.compile(r"(?<!\w)[^\W\d_a-zà-ÿ][^\W\d_]+")


def restored_accents(source: str, english: str) -> str:
    """The English sentence with the accents that its names have in the source.

    A name counts where the source capitalises it and English spells it without its accents; names of
    countries and continents keep their English spelling (Babel's CLDR data).
    """
    names = {_bare(name): name for name in _CAPITALISED.findall(source) if not name.isascii()}
    changed = {bare: name for bare, name in names.items() if bare not in _english_places()}
    return (
        _CAPITALISED.sub(lambda match: changed.get(match.group(), match.group()), english)
        if changed
        else english
    )


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def _english_places() -> frozenset[str]:
    territories: dict[str, str] = dict(Locale("en").territories)
    return frozenset(word for name in territories.values() for word in _CAPITALISED.findall(name))
