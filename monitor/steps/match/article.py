"""One article while it is matched: its folded line, what the automaton found in it, and where."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from monitor.model import ArticleForMatch, Field
from monitor.steps.match.capitals import Proof, ordinary, proof, small
from monitor.steps.match.fields import FieldText, starts_with_capital
from monitor.steps.match.terms import Form, TermKey, same_characters
from monitor.text.fold import without_accents

FIELDS = (Field.TITLE, Field.TEXT, Field.TITLE_EN, Field.TEXT_EN)
#: stands between two fields in the stream; no pattern holds it
_WALL = "\n"
#: a sentence or a paragraph ends here, so no phrase goes across
_SENTENCE_END = frozenset("!?…;¿¡")

#: (pattern number, start, end) as the automaton gives it
RawHit = tuple[int, int, int]


class Place(NamedTuple):
    """One occurrence of something in an article; places sort in reading order."""

    #: number of the field in ``FIELDS``
    field: int
    #: number of its first and last word in the field
    first: int
    last: int
    #: characters in the field's text
    start: int
    end: int
    #: number of the term, -1 for a place made of several
    term: int = -1
    #: what it is made of
    parts: tuple["Place", ...] = ()


class Reading:
    """Everything known about one article; answers are worked out when first asked for."""

    def __init__(self, article: ArticleForMatch) -> None:
        english = article.language == "en"
        self.article = article
        self.fields = tuple(
            FieldText(text, english or number > 1, number % 2 == 0)
            for number, text in enumerate((article.title, article.text, article.title_en, article.text_en))
        )
        self.stream = _WALL.join(field.folded.stream for field in self.fields)
        self._places: dict[int, tuple[Place, ...]] = {}
        #: numbers of the patterns of which something was found
        self.present: set[int] = set()
        #: memories of the plan's nodes
        self.truth: dict[int, bool] = {}
        self.spans: dict[int, tuple[Place, ...]] = {}
        self.possible: dict[int, tuple[int, ...]] = {}

    def take(self, hits: Sequence[RawHit]) -> None:
        """Take in what the automaton found."""
        self._hits = hits
        self.present = {hit[0] for hit in hits}

    def wanted_fields(self, scope: tuple[bool, ...]) -> tuple[bool, ...]:
        """Which fields a scope asks for; an article in English is its own translation."""
        title, text, title_en, text_en, *_ = scope
        if self.article.language != "en":
            return title, text, title_en, text_en
        return (title or title_en, text or text_en) * 2

    @cached_property
    def _by_pattern(self) -> dict[int, list[int]]:
        """Where each pattern begins."""
        grouped: dict[int, list[int]] = defaultdict(list)
        for pattern, start, _ in self._hits:
            grouped[pattern].append(start)
        return grouped

    @cached_property
    def _bounds(self) -> list[int]:
        """Where each field's line begins in the joined stream."""
        lengths = [len(field.folded.stream) + 1 for field in self.fields]
        return [sum(lengths[:number]) for number in range(len(lengths))]

    def places(self, number: int, key: TermKey, forms: Sequence[tuple[int, Form]]) -> tuple[Place, ...]:
        """Where a term stands, in reading order.

        :param number: the term's; answers are remembered by it.
        :param forms: each with the number of its pattern.
        """
        if number not in self._places:
            self._places[number] = tuple(sorted(self._accepted(number, key, forms)))
        return self._places[number]

    def _accepted(self, number: int, key: TermKey, forms: Sequence[tuple[int, Form]]) -> set[Place]:
        judged = [
            judgement
            for pattern, form in forms
            for start in self._by_pattern.get(pattern, ())
            if (judgement := self._judge(number, key, form, start))
        ]
        proofs = {proved for proved, _ in judged}
        wanted = {Proof.SURE}
        if Proof.SURE in proofs:
            wanted |= {Proof.OPEN, Proof.WEAK}
        elif Proof.AGAINST not in proofs:
            wanted |= {Proof.OPEN}
        return {place for proved, place in judged if proved in wanted}

    def _judge(self, number: int, key: TermKey, form: Form, start: int) -> tuple[Proof, Place] | None:
        index = bisect_right(self._bounds, start) - 1
        field, local = self.fields[index], start - self._bounds[index]
        words = _word_places(field.folded.stream, local + 1, form)
        if words is None:
            return None
        origin = field.folded.origin
        spans = [(int(origin[left]), max(int(origin[right]), int(origin[left]) + 1)) for left, right in words]
        if not _in_one_sentence(field.text, spans, form):
            return None
        if key.exact and not same_characters(key.text, field.text[spans[0][0] : spans[-1][1]]):
            return None
        proved = Proof.SURE if key.exact else self._capitals(field, spans, form)
        first = field.word_number(local)
        place = Place(index, first, first + len(words) - 1, spans[0][0], spans[-1][1], number)
        return (proved, place) if proved else None

    def _capitals(self, field: FieldText, spans: list[tuple[int, int]], form: Form) -> Proof | None:
        needed = [number for number, capital in enumerate(form.capital) if capital]
        if not needed:
            return Proof.SURE
        raw = [field.text[spans[number][0] : spans[number][1]] for number in needed]
        if not all(map(starts_with_capital, raw)) or (form.initials and not all(map(str.isupper, raw))):
            small_letters = not any(map(starts_with_capital, raw))
            return Proof.AGAINST if small_letters else None
        if any(form.stopped):
            return Proof.SURE
        common = ordinary(field.english)
        known = [small(word) in common for word in raw]
        if any(
            is_known and _lost_accent(form.written[n], word)
            for n, word, is_known in zip(needed, raw, known, strict=True)
        ):
            return None  # Pará is not Para
        return proof(field, [spans[number] for number in needed]) if all(known) else Proof.SURE


def _word_places(stream: str, start: int, form: Form) -> list[tuple[int, int]] | None:
    """Places of the form's words in a folded line, the first one at ``start``; None where they do not fit."""
    places = []
    for word, opened in zip(form.words, form.open, strict=True):
        if not stream.startswith(word, start):
            return None
        end = stream.index(" ", start + len(word)) if opened else start + len(word)
        if stream[end] != " ":
            return None
        places.append((start, end))
        start = end + 1
    return places


def _in_one_sentence(text: str, spans: list[tuple[int, int]], form: Form) -> bool:
    return all(
        gap.strip() == "." if stopped else _is_joint(gap, left[1] - left[0], dotted)
        for left, right, dotted, stopped in zip(spans[:-1], spans[1:], form.dotted, form.stopped, strict=True)
        for gap in (text[left[1] : right[0]],)
    )


def _is_joint(gap: str, length: int, dotted: bool) -> bool:
    """Whether these characters between two words leave them in one phrase.

    A full stop does after a short word (an abbreviation), inside a name (``gob.mx``), or where the term has
    one itself.
    """
    if gap in (" ", "-"):
        return True
    if not _SENTENCE_END.isdisjoint(gap) or gap.count("\n") > 1:
        return False
    return "." not in gap or dotted or length <= 3 or gap == "."


def _lost_accent(written: str, seen: str) -> bool:
    """The term has accents and the text has none."""
    return written != without_accents(written) and seen == without_accents(seen)
