"""Characters an engine's vocabulary lacks: normalised before, and words with them restored after.

The model drops what it does not know: *Peña* became *Pena*, *Núñez* became *Nú-ez*, an em dash wrecked
the sentence and curly quotes vanished (docs/decisions/0041-embedded-engine.md).
"""

import re
import string
import unicodedata

from monitor.text.fold import without_accents

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("«»“”„‟‹›″", '"'),
        **dict.fromkeys("‘’‚‛`´′", "'"),
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "
        ),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad¿¡", ""),
        **dict.fromkeys("−‐‑", "-"),
        "…": "...",
    }
)
_DASH_IN_FIGURES = re.compile(r"(\d) ?[–—] ?(\d)")
_DASH = re.compile(r"(?<!\s)\s?[–—]\s?|\s[–—]\s?|[–—]\s?")
_BLANK_AFTER_QUOTE = re.compile(r'"\s(?=[.,;:])')

_WORD = re.compile(r"[^\W\d_]+")
#: lower-case letters that came back unharmed inside invented names, and their capitals
_MARKED = "áàâãéêíóôõúç"
_KNOWN = frozenset(string.ascii_letters + _MARKED + _MARKED.upper())
_WITHOUT_BASE = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "ı": "i"}
    | {"ð": "d", "þ": "th", "œ": "oe", "Œ": "Oe"}
)
#: Cyrillic and Greek letters that look Latin; in a word with Latin letters they are meant to deceive filters
_LOOKALIKE = str.maketrans("аеорсухіјѕАВЕКМНОРСТХІЈЅοαΑΒΕΗΙΚΜΝΟΡΤΧ", "aeopcyxijsABEKMHOPCTXIJSoaABEHIKMNOPTX")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u04ff]")
_LATIN = re.compile(r"[a-zA-Zà-ÿÀ-Ý]")


def one_script(text: str) -> str:
    """The text with Latin letters for those of other scripts that stand in Latin words, looking like them."""
    return _WORD.sub(lambda match: _latin(match.group()), text) if _OTHER_SCRIPT.search(text) else text


def _latin(word: str) -> str:
    is_mixed = _OTHER_SCRIPT.search(word) and _LATIN.search(word)
    return word.translate(_LOOKALIKE) if is_mixed else word


def normalised(sentence: str) -> str:
    """The sentence with plain quotes, dashes and blanks, as the model's training text had them."""
    text = unicodedata.normalize("NFC", sentence).translate(_PLAIN)
    text = _DASH_IN_FIGURES.sub(r"\1-\2", text)
    text = _DASH.sub(" - ", text)
    text = _BLANK_AFTER_QUOTE.sub('"', text)
    return " ".join(text.split())


def folded(sentence: str) -> tuple[str, dict[str, str]]:
    """The sentence without unknown letters, and the capitalised words to restore (folded → original)."""
    changed: dict[str, str] = {}

    def fold(match: re.Match[str]) -> str:
        word = match.group()
        if _KNOWN.issuperset(word):
            return word
        plain = "".join(letter if letter in _KNOWN else _base(letter) for letter in word)
        if word[0].isupper():
            changed[plain] = word
        return plain

    return _WORD.sub(fold, sentence), changed


def restored(sentence: str, changed: dict[str, str]) -> str:
    """The sentence with the words that ``folded`` changed as they were."""
    return (
        _WORD.sub(lambda match: changed.get(match.group(), match.group()), sentence) if changed else sentence
    )


def _base(letter: str) -> str:
    return without_accents(letter.translate(_WITHOUT_BASE))
