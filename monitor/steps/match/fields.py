"""One field of an article: its text, its folded line, its words and sentences, worked out when asked for."""

from bisect import bisect_left, bisect_right
from functools import cached_property

import numpy as np

from monitor.text.fold import BLANK, Folded, fold
from monitor.text.sentences import split_spans


def starts_with_capital(word: str) -> bool:
    """Whether the first letter of a word, after figures and signs, is a capital."""
    return next((letter for letter in word if letter.isalpha()), "a").isupper()


class FieldText:
    """One field with its folded line."""

    def __init__(self, text: str, english: bool, headline: bool) -> None:
        self.text, self.english, self.headline = text, english, headline
        self.folded: Folded = fold(text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences."""
        return split_spans(self.text)

    @cached_property
    def _starts(self) -> frozenset[int]:
        """Offsets of the first word of each sentence."""
        words = self._word_offsets
        nearest = (bisect_left(words, start) for start, _ in self.sentences)
        return frozenset(words[number] for number in nearest if number < len(words)) | frozenset(words[:1])

    @cached_property
    def _word_offsets(self) -> list[int]:
        return self.folded.origin[np.array(self.blanks[:-1], dtype=np.int64) + 1].tolist()  # type: ignore[no-any-return]

    @cached_property
    def blanks(self) -> list[int]:
        """Places of the blanks in the folded line, in order: the n-th word stands after the n-th one."""
        codes = np.frombuffer(self.folded.stream.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return np.flatnonzero(codes == BLANK).tolist()

    def starts_sentence(self, offset: int) -> bool:
        """Whether the word at this offset is the first of its sentence."""
        return offset in self._starts

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """Span of the sentence around an offset; the nearest one before it where none is."""
        index = bisect_right(self.sentences, (offset, len(self.text))) - 1
        return self.sentences[max(index, 0)] if self.sentences else (0, len(self.text))

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
