"""Spanish → Portuguese: Apertium with rules before and after it, each of which was measured (note 0041)."""

from collections.abc import Callable

from monitor.steps.translate.apertium import Apertium, Words
from monitor.steps.translate.conjugation import conjugated
from monitor.steps.translate.names import CountryArticles, Names
from monitor.steps.translate.nouns import ArticledNouns
from monitor.steps.translate.phrases import Patterns, Phrases, cased, rows
from monitor.steps.translate.respelt import Respelt
from monitor.steps.translate.tokens import Tokens
from monitor.steps.translate.unknown import Unknown

#: tables whose words stay as they are written
_HELD = ("spanish_phrases.tsv", "injected_phrases.tsv", "lexicon.tsv")


class SpanishToPortuguese:
    """The pivot's first half."""

    def __init__(self, apertium: Apertium, spanish: Words, portuguese: Words) -> None:
        self._apertium = apertium
        self._closing = (apertium, spanish, portuguese)
        self._names, self._unknown = Names(spanish), Unknown(portuguese)
        self._before = Patterns("spanish_patterns.tsv"), Phrases(dict(rows("spanish_phrases.tsv")))
        self._injected = Patterns("injected_patterns.tsv"), Phrases(dict(rows("injected_phrases.tsv")))
        self._nouns = ArticledNouns()
        self._lexicon = Phrases(_verbs() | dict(rows("lexicon.tsv")), exact_case=True)
        held = {word for table in _HELD for word, _ in rows(table)}
        self._respelt = Respelt(spanish, lambda word: word in held or self._unknown.settled(word))
        self._after = Patterns("portuguese_patterns.tsv"), Phrases(dict(rows("portuguese_phrases.tsv")))
        self._articles = CountryArticles()

    def translate(self, sentence: str) -> str:
        """One normalised Spanish sentence in Portuguese.

        :raises EngineError: when Apertium is missing, hangs or dies.
        """
        tokens = Tokens(sentence)
        text = sentence
        text = self._respelt.write(text)
        for table in self._before:
            text = table.replace(text)
        for carried in self._injected:
            text = carried.carry(text, tokens.put)
        text = self._nouns.carry(self._names.carry(text, tokens.put), tokens.put)
        text = at_the_beginning(text, lambda begun: self._lexicon.carry(begun, tokens.put))
        text = tokens.restored(self._unknown.resolve(self._apertium.translate(text)))
        for table in self._after:
            text = table.replace(text)
        return cased(sentence[:1], self._articles.write(text))

    def close(self) -> None:
        """End the processes."""
        for part in self._closing:
            part.close()


def _verbs() -> dict[str, str]:
    forms: dict[str, str] = {}
    for spanish, portuguese in rows("verbs.tsv"):
        forms |= conjugated(spanish, portuguese)
    return forms


def at_the_beginning(text: str, work: Callable[[str], str]) -> str:
    """``work`` with the first letter small, and the capital back: only within a sentence it tells a name."""
    done = work(text[:1].lower() + text[1:])
    return cased(text[:1], done)
