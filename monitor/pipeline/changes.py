"""What an outlet changed in an article, sentence by sentence. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.text.fold import fold_words
from monitor.text.sentences import split_sentences

#: shorter sentences are furniture of the page: "Hace 3 horas", "12 comentarios"
FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Diff:
    """What stood there before and what stands there now, in the order of the text."""

    #: ("-" or "+", sentence); the headline first where it changed
    lines: tuple[tuple[str, str], ...]
    title_changed: bool

    @property
    def summary(self) -> str:
        """One phrase, "" where nothing of weight changed."""
        gone, new = (sum(sign == wanted for sign, _ in self.lines) - self.title_changed for wanted in "-+")
        parts = ["headline changed"] if self.title_changed else []
        parts += [f"{gone} {_sentences(gone)} taken out"] if gone else []
        parts += [f"{new} {_sentences(new)} added"] if new else []
        return ", ".join(parts)


def compare(old_title: str, old_text: str, title: str, text: str) -> Diff:
    """The sentences by which two versions differ; case, accents, spacing and short phrases do not count."""
    before, after = _weighty(old_text), _weighty(text)
    matcher = SequenceMatcher(None, [key for key, _ in before], [key for key, _ in after], autojunk=False)
    lines: list[tuple[str, str]] = []
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind != "equal":
            lines += [("-", sentence) for _, sentence in before[first:last]]
            lines += [("+", sentence) for _, sentence in after[new_first:new_last]]
    title_changed = fold_words(old_title) != fold_words(title)
    head = [("-", old_title), ("+", title)] if title_changed else []
    return Diff((*head, *lines), title_changed)


def _weighty(text: str) -> list[tuple[str, str]]:
    """(what is compared, sentence) of every sentence with weight."""
    sentences = [sentence for line in text.split("\n") for sentence in split_sentences(line)]
    found = [(fold_words(sentence), sentence) for sentence in sentences]
    return [(" ".join(words), sentence) for words, sentence in found if len(words) >= FEWEST_WORDS]


def _sentences(number: int) -> str:
    return "sentence" if number == 1 else "sentences"
