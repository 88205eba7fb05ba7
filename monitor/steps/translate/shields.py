"""What no engine may touch: glossary terms, addresses, handles, emoji, other scripts, endless words."""

import re
from collections.abc import Callable

from monitor.model.glossary import Glossary, GlossaryEntry
from monitor.steps.translate.limits import LONGEST_WORD
from monitor.steps.translate.phrases import cased
from monitor.steps.translate.plurals import english_plural, plural
from monitor.steps.translate.tokens import Tokens

_ADDRESS = r"(?:https?://|www\.)\S+|\b[\w.+-]++@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@#]\w+"
_ENDLESS = rf"\S{{{LONGEST_WORD + 1},}}"
#: other scripts, emoji, control and private characters; what stays is Latin, common punctuation and money
_LATIN = r"\x20-\x7e\u00a0-\u024f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2122\u2212\ufeff\u0300-\u036f"
_FOREIGN = rf"[^{_LATIN}]+(?:\s+[^\x00-\u036f]+)*"
_RESERVED = r"[*^_~|\\<>{}]+"
_FIGURE = re.compile(r"(?<!\w)(?:\d[\d.,]*\d|\d)")
_ALIEN = re.compile(f"{_ADDRESS}|{_ENDLESS}|{_FOREIGN}|{_RESERVED}")


def shield_aliens(sentence: str, tokens: Tokens) -> str:
    """The sentence with tokens for what is no language."""
    return _ALIEN.sub(lambda match: tokens.put(match.group()), sentence)


def shield_figures(sentence: str, tokens: Tokens, write: Callable[[str], str]) -> str:
    """The sentence with tokens for its figures, each in the form that ``write`` gives it."""
    return _FIGURE.sub(lambda match: tokens.put(write(match.group())), sentence)


class Terms:
    """The glossary of one language."""

    def __init__(self, glossary: Glossary, language: str) -> None:
        entries = [entry for entry in glossary.entries if not entry.languages or language in entry.languages]
        self._english: dict[str, str] = {}
        for entry in entries:
            self._english |= _forms(entry, language)
        names = sorted(self._english, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])") if names else None
        )

    def shield(self, sentence: str, tokens: Tokens) -> str:
        """The sentence with a token for each term; ``tokens`` gives its English form back."""
        if self._pattern is None:
            return sentence
        return self._pattern.sub(lambda match: tokens.put(self._english[match.group()]), sentence)

    def wanted(self, sentence: str) -> list[str]:
        """The English form of each term in a sentence, in order."""
        return [self._english[found] for found in self._pattern.findall(sentence)] if self._pattern else []


def _forms(entry: GlossaryEntry, language: str) -> dict[str, str]:
    """Every way the term can be written → its English: capitals, and the plural of a common noun."""
    forms = {entry.term: entry.english or entry.term}
    if entry.term.islower():
        forms[plural(entry.term, language)] = (
            english_plural(entry.english) if entry.english else plural(entry.term, language)
        )
        forms |= {cased("A", term): cased("A", english) for term, english in forms.items()}
    else:
        forms = {cased("A", term): english for term, english in forms.items()} | forms
    return {term.upper(): english for term, english in forms.items() if len(term) > 3} | forms
