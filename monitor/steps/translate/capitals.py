"""Headlines all in capitals become sentences: engines read small letters better, but need those of names."""

import re
from functools import cache
from itertools import pairwise

from babel import Locale

from monitor.steps.translate.phrases import Phrases, rows

#: fewer words in capitals may be names
_SHOUTED = 4
_WORD = re.compile(r"[^\W\d_]+")


def calmed(text: str, untouched: re.Pattern[str]) -> str:
    """A text all in capitals as a sentence: countries, given names and acronyms keep theirs.

    :param untouched: what stays as it is and tells nothing about the text's capitals, the tokens.
    """
    words = _WORD.findall(untouched.sub(" ", text))
    if len(words) < _SHOUTED or not all(word.isupper() for word in words):
        return text
    ends = [0, *(end for match in untouched.finditer(text) for end in match.span()), len(text)]
    parts = [text[start:end] for start, end in pairwise(ends)]
    small = "".join(part if index % 2 else _named(part.lower()) for index, part in enumerate(parts))
    return small[:1].upper() + small[1:]


def _named(small: str) -> str:
    return _names().replace(small, lambda _, name: name)


@cache
def _names() -> Phrases:
    """What keeps its capitals: countries in both languages, acronyms, names often in headlines."""
    countries = [
        name
        for language in ("es", "pt")
        for code, name in Locale(language).territories.items()
        if code.isalpha() and len(code) == 2
    ]
    listed = [name for name, _ in rows("headline_names.tsv")]
    return Phrases({name.lower(): name for name in [*countries, *listed]})
