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


_RUN = re.compile(rf"{_CAPITAL}(?: (?:(?:of the|of|and|de|del|da|do|la|las|los) )?{_CAPITAL})*")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One name and how often the English sentence held it unchanged or otherwise."""

    term: str
    kept: int
    changed: int
    #: what may stand for it where it was changed, the most frequent first
    forms: tuple[str, ...] = ()


def suggestions(pairs: Iterable[tuple[str, str]], least: int = 2) -> list[Suggestion]:
    """Names that came out in more than one way, in one article or in several.

    A name was changed in different ways where no capitalised words are common to its English sentences.

    :param pairs: source sentence and its English one.
    :param least: how often a name must stand in the sources.
    :returns: the most frequent first.
    """
    seen: dict[str, list[frozenset[str]]] = {}
    for source, target in set(pairs):
        names = set(_NAME.findall(source))
        for name in names:
            seen.setdefault(name, []).append(_forms(name, names, target))
    found = [
        _suggestion(name, forms) for name, forms in seen.items() if len(forms) >= least and _differ(forms)
    ]
    return sorted(found, key=lambda one: (-one.kept - one.changed, one.term))


def _forms(name: str, names: set[str], target: str) -> frozenset[str]:
    """What may be the name in the English sentence: itself, or capitalised words that are no other name."""
    if name in target:
        return frozenset((name,))
    return frozenset(_RUN.findall(target)) - (names - {name})


def _differ(forms: list[frozenset[str]]) -> bool:
    return not frozenset.intersection(*forms)


def _suggestion(name: str, forms: list[frozenset[str]]) -> Suggestion:
    kept = sum(name in one for one in forms)
    others = Counter(form for one in forms for form in sorted(one) if form != name)
    likely = sorted(
        others, key=lambda form: (-others[form], -len(form), form)
    )  # a longer one is rather a name
    return Suggestion(name, kept, len(forms) - kept, tuple(likely[:3]))
