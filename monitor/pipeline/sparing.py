"""A translator that is spared the sentences it cannot read: paragraphs in none of its languages."""

from collections.abc import Iterable, Sequence

from monitor.model import Provenance
from monitor.ports import Translator
from monitor.text.sentences import split_sentences


class Sparing:
    """Gives the sentences of some paragraphs back as they are, all others to a translator.

    An English quotation or a Catalan statement within a Spanish article would come out of the Spanish engine
    as nonsense with nothing to show for it; unchanged it is marked as copied.

    :param paragraphs: those to leave in the original
    """

    def __init__(self, translator: Translator, paragraphs: Iterable[str]) -> None:
        self._translator = translator
        self._spared = {sentence for paragraph in paragraphs for sentence in split_sentences(paragraph)}

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        """As ``ports.Translator``."""
        asked = [sentence for sentence in sentences if sentence not in self._spared]
        english = iter(self._translator.translate(asked, language) if asked else ())
        return [sentence if sentence in self._spared else next(english) for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        """Of the engine."""
        return self._translator.provenance(language)

    def close(self) -> None:
        """Nothing of its own to end."""
