"""Caps that keep hostile text from stalling an engine: 5,000 letters without a blank took one 67 s.

Nothing is lost: what is too long to translate stands as it was in the English text.
"""

import re

#: words in one call of an engine; longer sentences are cut at a comma, a colon or a semicolon
MOST_WORDS = 100
#: characters in one call of an engine
MOST_CHARACTERS = 800
#: characters of one sentence that are translated, about 330 words
MOST_IN_SENTENCE = 2000
#: a longer run without a blank is no word
LONGEST_WORD = 40

_WORD = re.compile(r"\S++")


def pieces(sentence: str) -> tuple[list[str], str]:
    """A sentence cut into pieces an engine can take, and the rest that is left as it is.

    :returns: pieces in order, and the rest, "" nearly always; joined with blanks they are the sentence again.
    """
    words = [match.group() for match in _WORD.finditer(sentence)]
    found: list[str] = []
    used = start = 0
    while start < len(words) and used < MOST_IN_SENTENCE:
        end = _cut(words, start)
        found.append(" ".join(words[start:end]))
        used += len(found[-1])
        start = end
    return found, " ".join(words[start:])


def _cut(words: list[str], start: int) -> int:
    """Where the piece that begins at ``start`` ends: whole, else at the last mark in its second half."""
    end, length = start, 0
    while (
        end < len(words)
        and end - start < MOST_WORDS
        and (length := length + len(words[end]) + 1) <= MOST_CHARACTERS
    ):
        end += 1
    end = max(end, start + 1)
    if end == len(words):
        return end
    marks = (place for place in range(end, (start + end) // 2, -1) if words[place - 1][-1] in ",;:.)")
    return next(marks, end)
