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
    """Turns places of one article into evidence; sentences are looked up once."""

    def __init__(self, reading: Reading, terms: Sequence[Term]) -> None:
        self._reading, self._terms = reading, terms

    def evidence(self, place: Place) -> Evidence:
        """One place with the sentence around it and that sentence in English."""
        field, name = self._reading.fields[place.field], FIELDS[place.field]
        whole = (0, len(field.text)) if field.headline else field.sentence_at(place.start)
        start, end = _shortened(whole, place)
        key = self._terms[place.term].key
        return Evidence(
            term=f"={key.text}" if key.exact else key.text,
            field=name,
            start=place.start,
            end=_with_stop(key.text, field.text, place.end),
            sentence=" ".join(field.text[start:end].split()),
            sentence_en=self._english(name, place),
        )

    def _english(self, name: Field, place: Place) -> str:
        article = self._reading.article
        if name is Field.TITLE:
            return article.title_en
        if name is not Field.TEXT:
            return ""
        if article.pairs:
            return next((target for start, end, target in self._pairs if start <= place.start < end), "")
        return self._aligned.get(self._reading.fields[place.field].sentence_at(place.start), "")

    @cached_property
    def _pairs(self) -> list[tuple[int, int, str]]:
        text, cursor, found = self._reading.article.text, 0, []
        for pair in self._reading.article.pairs:
            start = text.find(pair.source, cursor)
            if start >= 0 and pair.source:
                cursor = start + len(pair.source)
                found.append((start, cursor, pair.target))
        return found

    @cached_property
    def _aligned(self) -> dict[tuple[int, int], str]:
        """Without pairs: sentence beside sentence, where both texts have as many."""
        english = self._reading.article.text_en
        if not english:
            return {}
        ours, theirs = split_spans(self._reading.article.text), split_spans(english)
        if len(ours) != len(theirs):
            return {}
        return {own: english[start:end] for own, (start, end) in zip(ours, theirs, strict=True)}


def _with_stop(term: str, text: str, end: int) -> int:
    """The full stop of an abbreviation belongs to it."""
    return end + 1 if term.endswith(".") and text[end : end + 1] == "." else end


def _shortened(whole: tuple[int, int], place: Place) -> tuple[int, int]:
    start, end = whole
    if end - start <= LONGEST_SENTENCE:
        return whole
    half = LONGEST_SENTENCE // 2
    return max(start, place.start - half), min(end, place.start + half)
