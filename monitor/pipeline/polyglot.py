"""A translator for an article that holds several languages: each sentence goes to the engine of its own."""

from collections.abc import Mapping, Sequence

from monitor.model import Provenance
from monitor.ports import Translator
from monitor.text.sentences import split_sentences

#: languages that the engines turn into English
TRANSLATED = frozenset({"es", "pt"})


class Polyglot:
    """Gives sentences of some parts to another language's engine, or back as they are where there is none.

    An English quotation or a Catalan statement within a Spanish article would come out of the Spanish engine
    as nonsense with nothing to show for it; unchanged it is marked as copied.

    :param others: headline or paragraph → its language, for those that are not in the article's.
    """

    def __init__(self, translator: Translator, others: Mapping[str, str]) -> None:
        self._translator = translator
        self._others = {
            sentence: spoken for part, spoken in others.items() for sentence in split_sentences(part)
        }

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        """As ``ports.Translator``."""
        spoken: dict[str, list[str]] = {}
        for sentence in dict.fromkeys(sentences):
            spoken.setdefault(self._others.get(sentence, language), []).append(sentence)
        english: dict[str, str] = {}
        for one, asked in spoken.items():
            done = self._translator.translate(asked, one) if one in TRANSLATED else asked
            english |= zip(asked, done, strict=True)
        return [english[sentence] for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        """Of the engine for the article's language."""
        return self._translator.provenance(language)

    def close(self) -> None:
        """Nothing of its own to end."""
