"""Names that Apertium would translate (countries, places, persons) are carried around it in Portuguese."""

import re
from collections.abc import Callable, Container

from babel import Locale

from monitor.steps.translate.phrases import Phrases, rows

#: countries that es-pt itself handles well, with the articles around them
_LEFT_TO_APERTIUM = frozenset(("Estados Unidos", "Brasil", "India", "México", "Perú", "Japón"))
_CAPITAL = r"[A-ZÁÉÍÓÚÑÜ][\wáéíóúñü'’-]*+"
_LINK = r"(?:(?:de|del|de la|de los|de las|von|van|da|do|dos) )?"
_RUN = re.compile(rf"(?<![\w-]){_CAPITAL}(?: {_LINK}{_CAPITAL})+")
#: O'Higgins, D'Elía: es-pt reads the letter alone
_LETTER_NAME = re.compile(r"(?<![\w-])[A-Z]['’][A-ZÁÉÍÓÚÑ][\wáéíóúñü]++")
_ARTICLE_NAME = re.compile(rf"(?<=[\wáéíóúñ,;] )(?:El|La|Los|Las) {_CAPITAL}(?: {_CAPITAL})*")
#: words of institutions, whose names are translated
INSTITUTIONS = frozenset(word for word, _ in rows("institutions.tsv"))
_GIVEN = frozenset(word for word, _ in rows("given_names.tsv"))
#: nouns and prepositions after which a capital word is a place or a person, also when it is an ordinary word
_BEFORE_NAMES = "|".join(word for word, _ in rows("before_names.tsv"))
_TOLD_NAME = re.compile(rf"(?<![\w-])((?:{_BEFORE_NAMES}) )({_CAPITAL}(?: {_LINK}{_CAPITAL})*)")
_CONTRACTED = {"de": "d", "em": "n", "por": "pel"}


def gazetteer() -> dict[str, str]:
    """Countries and a few other places, Spanish → Portuguese (Babel's CLDR names and our own additions)."""
    spanish: dict[str, str] = dict(Locale("es").territories)
    portuguese: dict[str, str] = dict(Locale("pt").territories)
    codes = [code for code in spanish if len(code) == 2 and code.isalpha() and code in portuguese]
    names = {spanish[code]: portuguese[code] for code in codes} | dict(rows("places.tsv"))
    return {name: names[name] for name in names if name not in _LEFT_TO_APERTIUM}


class Names:
    """Puts tokens in place of names.

    :param ordinary: tells whether a word is an ordinary Spanish word.
    """

    def __init__(self, ordinary: Container[str]) -> None:
        self._ordinary = ordinary
        self._places = gazetteer()
        self._phrases = Phrases(self._places, exact_case=True)

    def carry(self, sentence: str, put: Callable[[str], str]) -> str:
        """The sentence with names replaced by what ``put`` gives for their Portuguese form."""
        text = self._phrases.replace(sentence, lambda _, portuguese: put(portuguese))
        text = _LETTER_NAME.sub(lambda match: put(match.group()), text)
        text = _ARTICLE_NAME.sub(lambda match: put(match.group()), text)
        text = _TOLD_NAME.sub(lambda match: match.group(1) + self._told(match.group(2), put), text)
        return _RUN.sub(
            lambda match: put(match.group()) if self._is_name(match.group()) else match.group(), text
        )

    def _told(self, run: str, put: Callable[[str], str]) -> str:
        """The run as a name, unless it is an institution, a place of the tables, or no Spanish word."""
        words = run.split(" ")
        if any(word in self._places or word in INSTITUTIONS for word in words):
            return run
        return put(run) if words[0].lower() in self._ordinary else run

    def _is_name(self, run: str) -> bool:
        words = run.split(" ")
        if any(word in self._places or word in INSTITUTIONS for word in words):
            return False
        return words[0] in _GIVEN or words[0].lower() not in self._ordinary


class CountryArticles:
    """``de Argentina`` → ``da Argentina``: es-pt leaves out the articles that Portuguese wants."""

    def __init__(self) -> None:
        self._articles = dict(rows("country_articles.tsv"))
        names = sorted(map(re.escape, self._articles), key=len, reverse=True)
        self._pattern = re.compile(rf"\b(de|em|por) ({'|'.join(names)})\b")

    def write(self, portuguese: str) -> str:
        """The sentence with articles contracted into the prepositions before countries."""
        return self._pattern.sub(self._contracted, portuguese)

    def _contracted(self, match: re.Match[str]) -> str:
        preposition, country = match.groups()
        return f"{_CONTRACTED[preposition]}{self._articles[country]} {country}"
