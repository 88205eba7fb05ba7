"""Plurals of glossary terms that are common nouns: *estado de excepción* → *estados de excepción*."""

import re

#: only the words before the first of these take the plural
_LINK = re.compile(r"\s(?:de|del|da|do|das|dos|en|em|para|por|contra|con|com|of|for|in|against|on|to)\s")
_SPANISH = (("ión", "iones"), ("én", "enes"), ("és", "eses"), ("ón", "ones"), ("án", "anes"), ("z", "ces"))
_PORTUGUESE = (("ão", "ões"), ("al", "ais"), ("el", "éis"), ("ol", "óis"), ("m", "ns"))
_ENGLISH = (
    ("sis", "ses"),
    ("man", "men"),
    ("y", "ies"),
    ("s", "ses"),
    ("x", "xes"),
    ("ch", "ches"),
    ("sh", "shes"),
)
_IRREGULAR = {"régimen": "regímenes", "joven": "jóvenes", "crimen": "crímenes", "orden": "órdenes"}


def plural(term: str, language: str) -> str:
    """The plural of a Spanish or Portuguese noun with its adjectives, the rest unchanged."""
    head, rest = _head(term)
    endings = _SPANISH if language == "es" else _PORTUGUESE
    return " ".join(_word(word, endings, language) for word in head.split()) + rest


def english_plural(term: str) -> str:
    """The plural of an English noun: the last word before *of* and its like."""
    head, rest = _head(term)
    before, blank, last = head.rpartition(" ")
    if is_plural(last):
        return term
    if last.endswith("y") and last[-2:-1] in "aeiou":
        return f"{before}{blank}{last}s{rest}"
    return before + blank + _word(last, _ENGLISH, "en") + rest


def is_plural(word: str) -> bool:
    """Whether a noun already ends as a plural does: *earths*, *gases*, but not *gas*, *crisis*, *process*."""
    return word.endswith("s") and len(word) > len("news") and not word.endswith(("ss", "us", "is"))


def _head(term: str) -> tuple[str, str]:
    link = _LINK.search(term)
    return (term[: link.start()], term[link.start() :]) if link else (term, "")


def _word(word: str, endings: tuple[tuple[str, str], ...], language: str) -> str:
    if word in _IRREGULAR and language == "es":
        return _IRREGULAR[word]
    for ending, replacement in endings:
        if word.endswith(ending):
            return word[: -len(ending)] + replacement
    if word.endswith("s"):
        return word
    return word + ("s" if word[-1] in "aeiouáéíóúã" or language == "en" else "es")
