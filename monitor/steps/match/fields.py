"""One field of an article: its text, its folded line, its words and sentences, worked out when asked for."""

import re
from bisect import bisect_right
from functools import cached_property

import numpy as np
import numpy.typing as npt

from monitor.text.fold import BLANK, Folded, fold
from monitor.text.sentences import split_spans

#: signs that may open a sentence before its first word
_LONGEST_OPENING = 40


def starts_with_capital(word: str) -> bool:
    """Whether the first letter of a word, after figures and signs, is a capital."""
    return next((letter for letter in word if letter.isalpha()), "a").isupper()


class FieldText:
    """One field with its folded line."""

    def __init__(self, text: str, english: bool, headline: bool) -> None:
        self.text, self.english, self.headline = text, english, headline
        self.folded: Folded = fold(text)
        self._sentences: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def _sentences_of_line(self, start: int) -> list[tuple[int, int]]:
        """Spans of the sentences of the line that starts here; only lines asked for are ever split."""
        if start not in self._sentences:
            end = self.text.find("\n", start)
            line = self.text[start : len(self.text) if end < 0 else end]
            self._sentences[start] = [(start + left, start + right) for left, right in split_spans(line)]
        return self._sentences[start]

    @cached_property
    def _blanks(self) -> npt.NDArray[np.intp]:
        codes = np.frombuffer(self.folded.stream.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return np.flatnonzero(codes == BLANK)

    def word_number(self, blank: int) -> int:
        """Number of the word, from 0, that stands after this blank of the folded line."""
        return int(self._blanks.searchsorted(blank))

    def starts_sentence(self, offset: int) -> bool:
        """Whether the word at this offset is the first of its sentence."""
        start, _ = self.sentence_at(offset)
        before = self.text[start:offset]
        return len(before) <= _LONGEST_OPENING and not any(map(str.isalnum, before))

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """Span of the sentence around a word's offset."""
        line = self._line_starts[bisect_right(self._line_starts, offset) - 1]
        sentences = self._sentences_of_line(line)
        return sentences[max(bisect_right(sentences, (offset, len(self.text))) - 1, 0)]

    @cached_property
    def in_title_case(self) -> bool:
        """Nearly every longer word of this headline has a capital, so capitals mean nothing."""
        if not self.headline:
            return False
        words = [word for word in self.text.split() if sum(map(str.isalpha, word)) > 3]
        return len(words) >= 4 and sum(map(starts_with_capital, words)) >= 0.8 * len(words)

    def shouts_at(self, offset: int) -> bool:
        """Capitals prove nothing here: a headline in title case, or a sentence in capitals only."""
        if self.in_title_case:
            return True
        start, end = self.sentence_at(offset)
        sentence = self.text[max(start, offset - 200) : min(end, offset + 200)]
        return sentence.isupper() and len(sentence.split()) > 1
