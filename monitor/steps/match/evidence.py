"""What is told about a match: its points, and the few places that speak loudest for it."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from monitor.model import Evidence, Field
from monitor.steps.match.article import FIELDS, Place, Reading
from monitor.steps.match.plan import LEAD_WORDS, Term, Weighted
from monitor.text.sentences import split_spans

#: a term in a headline counts twice, in the first words of the body one and a half times
TITLE_FACTOR, LEAD_FACTOR = 2.0, 1.5
#: points at which the score is one half
HALF = 4.0
MOST_EVIDENCE = 8
#: a "sentence" longer than this is no sentence; what is shown is cut around the term
LONGEST_SENTENCE = 800


def best_places(found: Iterable[Weighted], terms: Sequence[Term]) -> list[tuple[float, Place]]:
    """For each different term the place that counts most, with its points; the most telling first."""
    best: dict[str, tuple[float, Place]] = {}
    for place, weight in found:
        name = terms[place.term].forms[0][1].pattern
        points = weight * _factor(place)
        if name not in best or _order((points, place)) < _order(best[name]):
            best[name] = points, place
    return sorted(best.values(), key=_order)


def score_of(points: float) -> float:
    """Points → 0 to 1: 0.2 for one term in the body, one half for four points, towards 1 for many."""
    return round(points / (points + HALF), 3)


def _factor(place: Place) -> float:
    if FIELDS[place.field] in (Field.TITLE, Field.TITLE_EN):
        return TITLE_FACTOR
    return LEAD_FACTOR if place.first < LEAD_WORDS else 1.0


def _order(found: tuple[float, Place]) -> tuple[float, Place]:
    return -found[0], found[1]


class Witness:
    """Turns places of one article into evidence; what many topics share is worked out once."""

    def __init__(self, reading: Reading, terms: Sequence[Term]) -> None:
        self._reading, self._terms = reading, terms
        self._told: dict[Place, Evidence] = {}

    def evidence(self, place: Place) -> Evidence:
        """One place with the sentence around it and that sentence on the other side."""
        if place not in self._told:
            self._told[place] = self._tell(place)
        return self._told[place]

    def _tell(self, place: Place) -> Evidence:
        field, name = self._reading.fields[place.field], FIELDS[place.field]
        whole = (0, len(field.text)) if field.headline else field.sentence_at(place.start)
        start, end = _shortened(whole, place)
        key = self._terms[place.term].key
        other = self._other_side(name, place.start, whole)
        ours = name in (Field.TITLE, Field.TEXT)
        return Evidence(
            term=f"={key.text}" if key.exact else key.text,
            field=name,
            start=place.start,
            end=_with_stop(key.text, field.text, place.end),
            sentence=" ".join(field.text[start:end].split()),
            sentence_en=other if ours else "",
            sentence_original="" if ours else other,
        )

    def _other_side(self, name: Field, offset: int, sentence: tuple[int, int]) -> str:
        """The sentence that says the same in the other language; empty where it is not known."""
        article = self._reading.article
        if name is Field.TITLE:
            return article.title_en
        if name is Field.TITLE_EN:
            return article.title
        if article.pairs:
            pairs = self._sources if name is Field.TEXT else self._targets
            return next((other for start, end, other in pairs if start <= offset < end), "")
        return (self._aligned if name is Field.TEXT else self._aligned_back).get(sentence, "")

    @cached_property
    def _sources(self) -> list[tuple[int, int, str]]:
        article = self._reading.article
        return _found_in(article.text, [(pair.source, pair.target) for pair in article.pairs])

    @cached_property
    def _targets(self) -> list[tuple[int, int, str]]:
        article = self._reading.article
        return _found_in(article.text_en, [(pair.target, pair.source) for pair in article.pairs])

    @cached_property
    def _aligned(self) -> dict[tuple[int, int], str]:
        article = self._reading.article
        return _beside(article.text, article.text_en)

    @cached_property
    def _aligned_back(self) -> dict[tuple[int, int], str]:
        article = self._reading.article
        return _beside(article.text_en, article.text)


def _found_in(text: str, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where the first of each pair stands in a text, one after the other, with the second."""
    cursor, found = 0, []
    for own, other in pairs:
        start = text.find(own, cursor)
        if start >= 0 and own:
            cursor = start + len(own)
            found.append((start, cursor, other))
    return found


def _beside(text: str, other: str) -> dict[tuple[int, int], str]:
    """Without pairs: sentence beside sentence, where both texts have as many."""
    if not text or not other:
        return {}
    ours, theirs = split_spans(text), split_spans(other)
    if len(ours) != len(theirs):
        return {}
    return {own: other[start:end] for own, (start, end) in zip(ours, theirs, strict=True)}


def _with_stop(term: str, text: str, end: int) -> int:
    """The full stop of an abbreviation belongs to it."""
    return end + 1 if term.endswith(".") and text[end : end + 1] == "." else end


def _shortened(whole: tuple[int, int], place: Place) -> tuple[int, int]:
    start, end = whole
    if end - start <= LONGEST_SENTENCE:
        return whole
    half = LONGEST_SENTENCE // 2
    return max(start, place.start - half), min(end, place.start + half)
