"""Small words and spellings that set our languages and their neighbours apart.

Written by hand from the grammars. A word that two languages share stands in both lists and so says nothing
between them.
"""

import re
from functools import cache
from importlib.resources import files

#: language → pattern of spellings that hardly occur in the others
SPELLINGS: dict[str, re.Pattern[str]] = {
    "es": re.compile(
        r"ñ|[¿¡]|(?:ci|si)ón\b|iones\b|\w{2}dad(?:es)?\b|ie(?:nd|nt|rr|st)|ue(?:rt|nt|rr|lv|st)"
        r"|ll[aeo]|\w{3}ó\b|é\b(?<=[^u]é)"
    ),
    "pt": re.compile(
        r"[ãõ]|[êôâ]|ção\b|ções\b|ões\b|\w{2}dades?\b|nh[aeo]|lh[aeo]|ç|\w{2}agem\b|\w{2}ou\b|ss"
    ),
    "en": re.compile(r"th|sh|w|k|ing\b|ed\b|ly\b|'s\b|tion\b|ck|oo|ee|y\b(?<=\w{3})"),
    "gl": re.compile(r"\bx|x[aeiou]|ción\b|ñ|unha\b|nh|\w{2}dade\b|\w{2}aba\b|éi|ei[rx]"),
    "ca": re.compile(r"l·l|ny|ç|\bd'|\bl'|[èòï]|ció\b|tat\b|\w{2}aven\b|\w{3}ment\b|ix|tz|tx"),
    "it": re.compile(r"zion[ei]\b|gli|cch|zz|tt|\w{2}tà\b|ò\b|ù\b|\bl'|dell'|gh|sc[ie]|cc|\w{3}mente\b"),
    "fr": re.compile(r"[èêùû]|eau|oi|\bl'|\bd'|\bqu'|eux\b|tion\b|aient\b|ée|ç|ou|œ"),
}


@cache
def small_words(language: str) -> frozenset[str]:
    """The small words of one language, lower case, from ``words/<language>.txt``."""
    lines = files(__package__).joinpath("words", f"{language}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
