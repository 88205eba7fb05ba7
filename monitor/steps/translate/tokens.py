"""What an engine must not touch is carried around it as short opaque tokens and put back afterwards."""

import re

#: letter and number of a token in turn: two neighbours never look alike, or the model merges them
_LETTERS = "QXKZWJ"
#: ``K31``: the shape that survived the Portuguese model best of eight (230 of 232 in flores-dev)
TOKEN = re.compile(r"\b([QXKZWJ])([3-9][0-9])\b")
#: more in one sentence are left as they are
MOST_TOKENS = 60


class Tokens:
    """The tokens of one sentence.

    :param shift: another choice of letters and numbers, for a second try where the first was garbled.
    """

    def __init__(self, sentence: str, shift: int = 0) -> None:
        self._taken = {match.group() for match in TOKEN.finditer(sentence)}
        self._values: dict[str, str] = {}
        self._shift = shift

    def __bool__(self) -> bool:
        return bool(self._values)

    def put(self, value: str) -> str:
        """A token to write instead of ``value``; the value itself when there are too many."""
        for number in range(len(self._values), MOST_TOKENS):
            token = (
                f"{_LETTERS[(number + self._shift) % len(_LETTERS)]}{30 + (number + self._shift * 23) % 70}"
            )
            if token not in self._taken:
                self._taken.add(token)
                self._values[token] = value
                return token
        return value

    def restored(self, text: str) -> str:
        """The text with every token's value in its place, also of a value that held a token."""
        for _ in range(2):
            text = TOKEN.sub(lambda match: self._values.get(match.group(), match.group()), text)
        return text

    @staticmethod
    def stripped(text: str) -> str:
        """The text without anything that looks like a token."""
        return TOKEN.sub("", text)

    def intact(self, text: str) -> bool:
        """Whether every token stands in the text exactly once."""
        found = [match.group() for match in TOKEN.finditer(text) if match.group() in self._values]
        return sorted(found) == sorted(self._values)


def leaked(source: str, target: str) -> bool:
    """Whether a token stands in the target that the source did not hold."""
    return not set(TOKEN.findall(target)) <= set(TOKEN.findall(source))
