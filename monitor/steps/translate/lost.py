"""Names that an engine rewrote: *Cláudio Castro* as *Claudius Castro*, *empresa Doca* as *Dock company*.

Measured: docs/decisions/0036-names-that-were-lost.md.
"""

import re

from monitor.steps.translate.names import INSTITUTIONS
from monitor.steps.translate.phrases import rows
from monitor.text.fold import without_accents

_CAPITALISED = r"[^\W\d_a-zà-ÿ][^\W\d_]+"
#: nothing is linked by *de*: *Paula Radcliffe de Gran Bretaña* is no one name
_RUN = rf"{_CAPITALISED}(?: {_CAPITALISED})*(?!\w)"
_NAME = re.compile(rf"(?<![\w-]){_RUN}")
_WORD = re.compile(r"\w+")
#: kings and popes have English names
_NUMBERED = re.compile(r" [IVX]+$")
_GIVEN = frozenset(word for word, _ in rows("persons.tsv"))
#: what has a name of its own that no language translates
_BEARERS = "|".join(word for word, _ in rows("bearers.tsv"))
_TOLD = re.compile(rf"\b(?:{_BEARERS}) ({_RUN})")


def lost_names(source: str, english: str) -> list[str]:
    """Names of the source, longest first, that do not stand in its English; accents do not count."""
    there = _plain(english)
    words = frozenset(_WORD.findall(there))
    runs = {run for run in _NAME.findall(source) if _is_person(run) or _is_broken(run, words)}
    lost = {name for name in {*_TOLD.findall(source), *runs} if _plain(name) not in there}
    return sorted((name for name in lost if INSTITUTIONS.isdisjoint(name.split())), key=len, reverse=True)


def _is_person(run: str) -> bool:
    first, _, rest = run.partition(" ")
    return bool(rest) and first in _GIVEN and not _NUMBERED.search(run)


def _is_broken(run: str, english: frozenset[str]) -> bool:
    """Whether a name came through at both ends and not between them: *Coca Codo Sinclair*."""
    words = [_plain(word) for word in run.split()]
    inner = words[1:-1]
    return bool(inner) and english.issuperset((words[0], words[-1])) and not english.issuperset(inner)


def _plain(text: str) -> str:
    return without_accents(text).lower()
