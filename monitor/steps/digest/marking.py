"""Where the term stands inside its sentence.

An evidence gives the span in the whole field and the sentence apart, so the term is found again: by its
position where the field is at hand, else as the query writes it without case and accents, else as the words
of the same length that begin like it (inflected and wildcard terms). Where none fits, nothing is marked: a
wrong mark explains less than none.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import takewhile

from monitor.model import Evidence, Field, StoredAlert
from monitor.steps.digest.clean import clean

Span = tuple[int, int]
_WORD = re.compile(r"\w+")
#: signs of the query language around a term's letters
_SIGNS = re.compile(r"^[\s\"'=~+\-/^]+|[\s\"'/$]+$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence that matched, in both languages where both are known."""

    original: tuple[Piece, ...]
    english: tuple[Piece, ...]


class _Folding(dict[int, str]):
    """One folded character for each character, so that positions stay."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = unicodedata.normalize("NFD", chr(code)).lower()[:1]
        return folded


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Lower case without accents, of the same length."""
    return text.translate(_FOLDING)


def spans_of(term: str, sentence: str, length: int = 0) -> list[Span]:
    """Where the term stands in the sentence; ``length``: characters it is known to take, 0 for unknown."""
    found = [match.span() for match in _pattern(term).finditer(folded(sentence))]
    exact = [span for span in found if span[1] - span[0] == length]
    if found and (exact or not length):
        return _as_written(term, sentence, exact or found)
    return _inflected(term, sentence, length) or found


def _pattern(term: str) -> re.Pattern[str]:
    words = [re.escape(word).replace(r"\*", r"\w*") for word in folded(_SIGNS.sub("", term)).split()]
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(words) + r"(?!\w)") if words else re.compile(r"(?!)")


def _as_written(term: str, sentence: str, spans: list[Span]) -> list[Span]:
    """Only those with the term's own case and accents, when there are any."""
    same = [span for span in spans if sentence[span[0] : span[1]] == _SIGNS.sub("", term)]
    return same or spans


def _inflected(term: str, sentence: str, length: int) -> list[Span]:
    """Whole words of that length in all that begin like the term, three letters and half of it at least."""
    stem = folded(_SIGNS.sub("", term)).replace("*", "")
    words = [match.span() for match in _WORD.finditer(sentence)]
    ends = {end for _, end in words}
    spans = [(start, start + length) for start, _ in words if start + length in ends] if length else []
    alike = [(_common(stem, folded(sentence[start:end])), (start, end)) for start, end in spans]
    best = max((score for score, _ in alike), default=0)
    return [span for score, span in alike if score == best] if best >= max(3, len(stem) / 2) else []


def _common(one: str, other: str) -> int:
    """Letters that both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def pieces(text: str, spans: list[Span]) -> tuple[Piece, ...]:
    """The text cut at the spans; spans that touch or overlap become one."""
    parts: list[Piece] = []
    at = 0
    for start, end in _merged(spans):
        parts += [Piece(text[at:start]), Piece(text[start:end], marked=True)]
        at = end
    return tuple(piece for piece in [*parts, Piece(text[at:])] if piece.text)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def headline(alert: StoredAlert, *, english: bool) -> tuple[Piece, ...]:
    """A headline with the terms marked that stand in it."""
    field = Field.TITLE_EN if english else Field.TITLE
    raw = alert.title_en if english else alert.title
    text = clean(raw)
    spans = [
        span
        for evidence in alert.evidence
        if evidence.field is field and not evidence.by_likeness
        for span in _in_headline(evidence, raw, text)
    ]
    return pieces(text, spans)


def _in_headline(evidence: Evidence, raw: str, text: str) -> list[Span]:
    """By position when cleaning moved nothing, else found again."""
    if raw == text and 0 <= evidence.start < evidence.end <= len(raw):
        return [(evidence.start, evidence.end)]
    return spans_of(evidence.term, text, evidence.end - evidence.start)


def quotes(alert: StoredAlert) -> tuple[Quote, ...]:
    """The sentences of the body that matched, each once, with all its terms marked on both sides."""
    pairs: list[tuple[str, str]] = []
    for evidence in alert.evidence:
        pair = _pair(evidence)
        if evidence.field in (Field.TEXT, Field.TEXT_EN):
            _join(pairs, pair)
    return tuple(_quote(alert, original, english) for original, english in pairs)


def _pair(evidence: Evidence) -> tuple[str, str]:
    """The sentence in the original and in English, "" where it is not known."""
    sentence = clean(evidence.sentence)
    if evidence.field is Field.TEXT_EN:
        return clean(evidence.sentence_original), sentence
    return sentence, clean(evidence.sentence_en)


def _join(pairs: list[tuple[str, str]], new: tuple[str, str]) -> None:
    """Add a pair, or complete the one that already holds one of its sentences."""
    for at, old in enumerate(pairs):
        if any(mine and mine == yours for mine, yours in zip(old, new, strict=True)):
            pairs[at] = (old[0] or new[0], old[1] or new[1])
            return
    pairs.append(new)


def _quote(alert: StoredAlert, original: str, english: str) -> Quote:
    """Mark a term on its own side by evidence, on the other side where it stands there as written."""
    sides: dict[bool, list[Span]] = {False: [], True: []}
    for evidence in alert.evidence:
        in_english = evidence.field in (Field.TEXT_EN, Field.TITLE_EN)
        for side, sentence in ((False, original), (True, english)):
            its_own = side is in_english and clean(evidence.sentence) == sentence
            if not evidence.by_likeness:
                sides[side] += _own(evidence, sentence) if its_own else _elsewhere(evidence.term, sentence)
    return Quote(pieces(original, sides[False]), pieces(english, sides[True]))


def _own(evidence: Evidence, sentence: str) -> list[Span]:
    return spans_of(evidence.term, sentence, evidence.end - evidence.start)


def _elsewhere(term: str, sentence: str) -> list[Span]:
    return [match.span() for match in _pattern(term).finditer(folded(sentence))]


def around(parts: tuple[Piece, ...], most: int) -> tuple[tuple[Piece, ...], int]:
    """A stretch of at most ``most`` characters around the first mark, and how many were left out."""
    length = sum(len(piece.text) for piece in parts)
    if length <= most:
        return parts, 0
    first = sum(len(piece.text) for piece in takewhile(lambda piece: not piece.marked, parts))
    first = 0 if first == length else first
    start = max(0, min(first - most // 3, length - most))
    return _clipped(parts, start, start + most), length - most


def _clipped(parts: tuple[Piece, ...], start: int, end: int) -> tuple[Piece, ...]:
    kept, at = [], 0
    for piece in parts:
        text = piece.text[max(0, start - at) : max(0, end - at)]
        at += len(piece.text)
        if text:
            kept.append(Piece(text, piece.marked))
    return tuple([Piece("…"), *kept] if start else kept)
