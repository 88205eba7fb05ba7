"""Text as a line of plain words, with the way back to every character.

``fold("¡EE. UU. e Irán!")`` has the stream ``" ee uu e iran "``: letters and digits only, in lower case and
without accents, one blank between words, one at either end. Folding works on arrays, so that a long article
costs microseconds, and on any text in any Unicode normal form.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

BLANK = 32
_DROP = 0
#: code points below this have a ready-made table; rarer ones are looked up one by one
_TABLE_SIZE = 0x2100
_EXPANDS = 0x110000
#: letters that Unicode does not decompose
_EXTRA = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t"}

Codes = npt.NDArray[np.uint32]
Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text."""

    #: words with one blank around each; a single blank for a text without words
    stream: str
    #: for each character of the stream its offset in the text; a blank stands where its word ends
    origin: Offsets


def fold(text: str) -> Folded:
    """Fold any text; see the module."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes, origin = _mapped(raw)
    codes = np.concatenate((_ONE_BLANK, codes, _ONE_BLANK))
    origin = np.concatenate((_ZERO, origin, np.array([len(text)])))
    keep = codes != BLANK
    keep[1:] |= codes[:-1] != BLANK
    keep[0] = True
    kept = codes[keep]
    return Folded(kept.tobytes().decode("utf-32-le", "surrogatepass"), origin[keep])


def fold_words(text: str) -> list[str]:
    """The words of a short text, folded."""
    return fold(text).stream.split()


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """One word folded, "" for a mere sign; remembered, as a text folds faster whole than word by word."""
    return "".join(fold_words(word))


def fold_tokens(tokens: Iterable[str]) -> list[str]:
    """Words folded; what folds to nothing (%) or falls apart (6,4) as it is.

    :param tokens: none of them empty.
    """
    return [one if one[0].isdecimal() or one == "%" else fold_word(one) for one in tokens]


def without_accents(text: str) -> str:
    """A text with its accents taken off, case and everything else kept."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_ONE_BLANK: Codes = np.array([BLANK], dtype=np.uint32)
_ZERO: Offsets = np.array([0])


def _mapped(raw: Codes) -> tuple[Codes, Offsets]:
    """Each character folded, dropped ones left out, longer ones spread."""
    table = _table()
    common = raw < _TABLE_SIZE
    codes = table[np.where(common, raw, 0)]
    if not common.all():
        codes[~common] = _rare(raw[~common])
    origin = np.flatnonzero(codes != _DROP)
    codes = codes[origin]
    return _spread(raw, codes, origin) if (codes == _EXPANDS).any() else (codes, origin)


def _rare(raw: Codes) -> Codes:
    distinct, where = np.unique(raw, return_inverse=True)
    return np.array([_code(int(code)) for code in distinct], dtype=np.uint32)[where]


def _spread(raw: Codes, codes: Codes, origin: Offsets) -> tuple[Codes, Offsets]:
    places = np.flatnonzero(codes == _EXPANDS)
    longer = [_folded_character(int(raw[origin[place]])) for place in places]
    lengths = np.ones(len(codes), dtype=np.int64)
    lengths[places] = [len(text) for text in longer]
    starts = np.cumsum(lengths) - lengths
    spread = np.repeat(codes, lengths)
    for place, text in zip(places, longer, strict=True):
        spread[starts[place] : starts[place] + len(text)] = [ord(character) for character in text]
    return spread, np.repeat(origin, lengths)


@cache
def _table() -> Codes:
    return np.array([_code(code) for code in range(_TABLE_SIZE)], dtype=np.uint32)


@cache
def _code(code: int) -> int:
    text = _folded_character(code)
    if len(text) > 1:
        return _EXPANDS
    return ord(text) if text else _DROP


@cache
def _folded_character(code: int) -> str:
    character = chr(code)
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join(_EXTRA.get(c, c) for c in plain if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    words = "".join(c if c.isalnum() or unicodedata.category(c) == "Mc" else " " for c in kept)
    return " ".join(words.split()) or " "
