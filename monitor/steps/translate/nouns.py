"""Nouns that es-pt knows only as verbs: after *la*, *las* and *los* it makes a verb and a pronoun of them."""

import re
from collections.abc import Callable

from monitor.steps.translate.phrases import cased, rows

#: after these *la* is a pronoun: *no la compra*
_PRONOUNS = r"(?<!\bse )(?<!\bno )(?<!\bme )(?<!\bte )(?<!\ble )(?<!\bquien )"


class ArticledNouns:
    """Carries such nouns around es-pt with their article, in Portuguese."""

    def __init__(self) -> None:
        self._portuguese = dict(rows("articled_nouns.tsv"))
        self._pattern = re.compile(rf"{_PRONOUNS}\b(?:{'|'.join(self._portuguese)})\b", re.IGNORECASE)

    def carry(self, text: str, put: Callable[[str], str]) -> str:
        """The text with what ``put`` gives for the Portuguese of each noun."""
        return self._pattern.sub(
            lambda match: put(cased(match.group(), self._portuguese[match.group().lower()])), text
        )
