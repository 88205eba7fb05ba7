"""A translator that does not ask again for what was translated before: copies, edits, second readings."""

from collections.abc import Sequence

from monitor.model import BilingualText, Provenance, UnsafeMark
from monitor.ports import Translator


class Remembering:
    """Takes the sentences of an earlier translation from there, all others from a translator.

    :param memory: translation of the same article before it changed, or of a copy of it.
    """

    def __init__(self, translator: Translator, memory: BilingualText) -> None:
        pairs = [memory.title, *memory.pairs()]
        self._known = {pair.source: pair.target for pair in pairs if UnsafeMark.FAILED not in pair.marks}
        self._translator, self._provenance = translator, memory.provenance
        self._asked = False

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        """As ``ports.Translator``."""
        unknown = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._known]
        if unknown:
            self._asked = True
            self._known |= zip(unknown, self._translator.translate(unknown, language), strict=True)
        return [self._known[sentence] for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        """Of the engine, or of the earlier translation where everything is from there."""
        return self._translator.provenance(language) if self._asked else self._provenance

    def close(self) -> None:
        """Nothing of its own to end."""
