"""How alike two texts are by their words, and the MinHash bands by which copies are found among very many."""

from rensa import RMinHash

from monitor.text.fold import fold_words

#: words in a row that are compared; three tell a copied sentence from a common phrase
WORDS = 3
# 64 bands of 4 find texts that share half of their shingles with probability 0.98, and 0.6 with 0.9999
_PERMUTATIONS, _BANDS = 256, 64
_ROWS = _PERMUTATIONS // _BANDS
_SEED = 1
_LARGEST = 2**63


def shingles(text: str) -> frozenset[str]:
    """Every three words in a row, without regard to case and accents; the words of a shorter text."""
    words = fold_words(text)
    if len(words) < WORDS:
        return frozenset(words)
    return frozenset(" ".join(words[n : n + WORDS]) for n in range(len(words) - WORDS + 1))


def likeness(one: str, other: str) -> float:
    """Shingles in both by shingles in either (Jaccard), 0 to 1."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def containment(one: str, other: str) -> float:
    """How much of the shorter text stands in the longer one, 0 to 1."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def bands(text: str) -> list[int]:
    """64 numbers of 63 bits; two texts that are much alike have at least one in common.

    Method: MinHash of three-word shingles (rensa), 256 permutations in 64 bands.
    """
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    minhash.update(sorted(shingles(text)))
    digest: list[int] = minhash.digest()
    return [_number(band, digest[band * _ROWS : (band + 1) * _ROWS]) for band in range(_BANDS)]


def _number(band: int, rows: list[int]) -> int:
    number = band
    for row in rows:
        number = (number * 0x9E3779B97F4A7C15 + row + 1) % _LARGEST
    return number
