"""Marks on sentence pairs that should be read with care."""

import re

from monitor.model import UnsafeMark
from monitor.steps.translate import limits, numbers
from monitor.steps.translate.tokens import leaked
from monitor.text.sentences import split_sentences

_WORD = re.compile(r"[^\W\d_]{4,}")
#: one to six words that follow themselves three times or more
_LOOP = re.compile(r"\b(\w+(?:\W+\w+){0,5}?)(?:\W+\1\b){3,}", re.IGNORECASE)
_ANY_WORD = re.compile(r"\w+")
#: how many words of a loop stood there before
_REPEATED = 3
#: shares of copied words above this are no translation; related words (*general*, *normal*) stay well below
_COPIED = 0.6
#: characters of the English sentence for one of the source; short sentences vary too much
_LENGTHS = (0.45, 2.2)
_SHORT = 25
#: characters in which a loop is looked for
_LOOK = 3000


def marks(source: str, target: str, language: str) -> tuple[UnsafeMark, ...]:
    """What looks unsafe about an English sentence, in the order of ``UnsafeMark``.

    :param language: of the source, "es" or "pt".
    """
    found = {
        UnsafeMark.NUMBERS: numbers.changed(source, target, language),
        UnsafeMark.TOKEN: leaked(source, target),
        UnsafeMark.LENGTH: _is_odd_length(source, target),
        UnsafeMark.COPIED: _is_copied(source, target) or _is_beyond_the_cap(source),
        UnsafeMark.LOOP: _is_loop(target[:_LOOK]) and not _is_loop(source[:_LOOK]),
    }
    return tuple(mark for mark, is_so in found.items() if is_so)


def _is_odd_length(source: str, target: str) -> bool:
    least, most = _LENGTHS
    return len(source) > _SHORT and not least <= len(target) / len(source) <= most


def _is_copied(source: str, target: str) -> bool:
    """Much of the source's small words stand in the target; names are meant to."""
    words = [word for word in _WORD.findall(source) if word.islower()]
    there = set(_WORD.findall(target))
    return len(words) > 2 and sum(word in there for word in words) > _COPIED * len(words)


def _is_beyond_the_cap(source: str) -> bool:
    """The end of the source was left as it is, however little that is beside the rest."""
    return len(source) >= limits.MOST_IN_SENTENCE and any(
        limits.pieces(sentence)[1] for sentence in split_sentences(source)
    )


def _is_loop(text: str) -> bool:
    """Asked in two steps: in a loop a word stands four times, which is soon seen."""
    words = _ANY_WORD.findall(text.lower())
    return len(words) - len(set(words)) >= _REPEATED and bool(_LOOP.search(text))
