"""Names that came out differently in different sentences: candidates for the glossary."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_CAPITAL = r"[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ][\w'’-]+"
_LINK = r"(?:de los|de las|de la|de|del|da|do|dos|das|y|e)"
_NAME = re.compile(
    rf"(?<=[\wáéíóúñãõç,;:\"«“(] )(?:(?:El|La|Los|Las) )?{_CAPITAL}(?: (?:{_LINK} )?{_CAPITAL})*"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One name and how often the English sentence held it unchanged or otherwise."""

    term: str
    kept: int
    changed: int


def suggestions(pairs: Iterable[tuple[str, str]], least: int = 2) -> list[Suggestion]:
    """Names of several words or with an article that were kept in some sentences and changed in others.

    :param pairs: source sentence and its English one.
    :param least: how often a name must stand in the sources.
    :returns: the most frequent first.
    """
    kept: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for source, target in pairs:
        for name in set(_NAME.findall(source)):
            seen[name] += 1
            kept[name] += name in target
    found = [
        Suggestion(name, kept[name], count - kept[name]) for name, count in seen.items() if count >= least
    ]
    mixed = [one for one in found if one.kept and one.changed]
    return sorted(mixed, key=lambda one: (-one.kept - one.changed, one.term))
